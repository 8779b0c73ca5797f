"""Rates: what one query costs in the engine itself, however many obligations the window holds."""

import random

from core.clock import SystemClock
from core.domain.obligations import ObligationKind
from core.ids import new_id
from core.store import keys
from core.store.client import Engine
from core.store.rates import count_rate
from core.store.scripts import Scripts
from core.store.store import Store
from core.store.vault import Vault
from tests.bench.engine import own_valkey
from tests.bench.figures import Figure, Table
from tests.bench.plan import Plan

QUERIES = 1_000
WINDOW = 60 * 86_400_000
OLDER = 4  # for so many obligations in the window one lies before it
MISSED = 16  # one of so many
BATCH = 1_000
KIND = ObligationKind.INBOX
VERDICTS = ("met", "missed")


async def bench(plan: Plan) -> Table:
    async with own_valkey() as server:
        took = {size: [await _query(server.engine, size) for _ in plan.rounds("rates")] for size in plan.ledgers}
    return Table(
        "rates",
        "one query of a rate over 60 days, time in the engine itself",
        [Figure(f"{size:,} in the window", runs, "µs", goal=10, ceiling=True) for size, runs in took.items()],
        [
            "One script: two ZCOUNTs, of what was met and of what was missed, and a look at what is not written yet.",
            f"The engine's own count over {QUERIES:,} queries.",
        ],
    )


async def _query(engine: Engine, size: int) -> float:
    """Microseconds in the engine for one query; each starts its window at another instant."""
    await engine.call("FLUSHALL", "SYNC")
    clock = SystemClock()
    clock.follow(await engine.now_ms())
    store = Store(engine, Scripts(engine), Vault(["m" * 40]), clock, 1)
    now, shop = clock.now(), new_id("shop", 0)
    await _fill(engine, shop, size, now)
    await count_rate(store, [(shop, KIND)], now)  # loads the script
    await engine.call("CONFIG", "RESETSTAT")
    for number in range(QUERIES):
        counted = await count_rate(store, [(shop, KIND)], now, start=now - WINDOW + number)
        if not 0.9 * size < counted.counts.of <= size:
            raise AssertionError(f"{counted.counts.of} were counted in a window of {size}")
    stats = (await engine.call("INFO", "commandstats")).decode()
    return int(stats.partition("cmdstat_evalsha:")[2].partition("usec=")[2].partition(",")[0]) / QUERIES


async def _fill(engine: Engine, shop: str, size: int, now: int) -> None:
    """The ledgers of one shop, as the scripts keep them: obligations by when the buyer wrote."""
    chance = random.Random(1)
    ledgers = [keys.ledger(keys.tag_of(shop), shop, KIND, verdict) for verdict in VERDICTS]
    entries: dict[str, list[str | int]] = {name: [] for name in ledgers}
    for number in range(size + size // OLDER):
        age = chance.randrange(WINDOW - QUERIES) if number < size else WINDOW + chance.randrange(WINDOW)
        entries[ledgers[number % MISSED == 0]] += [now - age, new_id("obligation", 0)]
    for name, each in entries.items():
        for at in range(0, len(each), 2 * BATCH):
            await engine.call("ZADD", name, *each[at : at + 2 * BATCH])
