"""Rates: what one query costs in the engine itself, however many obligations the window holds."""

import random

from core.ids import new_id
from core.store import keys
from core.store.client import Engine
from tests.bench.engine import own_valkey
from tests.bench.figures import Figure, Table
from tests.bench.plan import Plan

QUERIES = 1_000
WINDOW = 60 * 86_400_000
OLDER = 4  # for so many obligations in the window one lies before it
MISSED = 16  # one of so many
BATCH = 1_000
VERDICTS = ("met", "missed")


async def bench(plan: Plan) -> Table:
    async with own_valkey() as server:
        took = {size: [await _query(server.engine, size) for _ in plan.rounds("rates")] for size in plan.ledgers}
    return Table(
        "rates",
        "one query of a rate over 60 days, time in the engine itself",
        [Figure(f"{size:,} in the window", runs, "µs", goal=10, ceiling=True) for size, runs in took.items()],
        [f"Two ZCOUNTs, of what was met and what was missed; the engine's own count over {QUERIES:,} queries."],
    )


async def _query(engine: Engine, size: int) -> float:
    """Microseconds in the engine for one query; each starts its window at another instant."""
    await engine.call("FLUSHALL", "SYNC")
    now = await engine.now_ms()
    ledgers = await _fill(engine, size, now)
    await engine.call("CONFIG", "RESETSTAT")
    for number in range(QUERIES):
        counted = [await engine.call("ZCOUNT", name, f"({now - WINDOW + number}", "+inf") for name in ledgers]
        if not 0.9 * size < sum(counted) <= size:
            raise AssertionError(f"{sum(counted)} were counted in a window of {size}")
    stats = (await engine.call("INFO", "commandstats")).decode()
    return int(stats.partition("cmdstat_zcount:")[2].partition("usec=")[2].partition(",")[0]) / QUERIES


async def _fill(engine: Engine, size: int, now: int) -> list[str]:
    """The ledgers of one shop, as the scripts keep them: obligations by when the buyer wrote."""
    chance, shop = random.Random(1), new_id("shop", 0)
    ledgers = [keys.ledger(keys.tag_of(shop), shop, "inbox", verdict) for verdict in VERDICTS]
    entries: dict[str, list[str | int]] = {name: [] for name in ledgers}
    for number in range(size + size // OLDER):
        age = chance.randrange(WINDOW - QUERIES) if number < size else WINDOW + chance.randrange(WINDOW)
        entries[ledgers[number % MISSED == 0]] += [now - age, new_id("obligation", 0)]
    for name, each in entries.items():
        for at in range(0, len(each), 2 * BATCH):
            await engine.call("ZADD", name, *each[at : at + 2 * BATCH])
    return ledgers
