"""Where memory goes: the engine's by kind of key, for each of so many obligations, and that of a worker."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.store import keys
from core.store.client import Engine
from tests.bench.machine import peak_memory
from tests.bench.scene import SECRET, SETTINGS

SAMPLE = 40_000
RARE = 100  # kinds of which there is less than one key for so many obligations do not grow with them
RELAYED = frozenset({"conversation", "messages", "message", "ref", "event"})
"""Kinds of key that carry a message to its rooms, whether or not an answer is owed."""


async def bytes_each(engine: Engine, obligations: int) -> Mapping[str, float]:
    """By kind, what `MEMORY USAGE` says: of a sample of all keys, and of each of the few that hold very many."""
    large = await _large(engine)
    names = await _sample(engine, {name for some in large.values() for name in some})
    found = Counter(_kind(name) for name in names)
    share = await engine.call("DBSIZE") / len(names) / obligations
    total: dict[str, float] = defaultdict(float)
    for name, size in zip(names, await _sizes(engine, names), strict=True):
        if found[_kind(name)] * share > 1 / RARE:
            total[_kind(name)] += size * share
    for kind, some in large.items():
        total[kind] = sum(await _sizes(engine, some)) / obligations
    return total


async def worker_memory(url: str) -> int:
    """Of `shopbell run --only worker` with both chats, at most, once it has stopped growing."""
    reached = {"REDIS_URL": url, "SHOPBELL_SECRET": SECRET, "SHOPBELL_LISTEN": "127.0.0.1:0", **SETTINGS}
    with tempfile.TemporaryDirectory(prefix="shopbell-bench-") as folder:
        process = await asyncio.create_subprocess_exec(
            *(str(Path(sys.executable).with_name("shopbell")), "run", "--only", "worker"),
            env={**os.environ, **reached},
            cwd=folder,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        peak, before = 0, -1
        while peak > before:
            await asyncio.sleep(1)
            peak, before = peak_memory(process.pid), peak
        if process.returncode is not None:
            raise AssertionError(f"the worker ended with {process.returncode}")
        process.terminate()
        await process.wait()
    return peak


async def _large(engine: Engine) -> Mapping[str, Sequence[str]]:
    """Sorted sets of a shard or of a seller."""
    tags = [keys.tag(shard) for shard in range(keys.SHARDS)]
    sellers = [(tag, seller.decode()) for tag in tags for seller in await engine.call("SMEMBERS", keys.sellers(tag))]
    return {
        "agenda": [keys.agenda(tag) for tag in tags],
        "owed": [keys.owed(tag, seller) for tag, seller in sellers],
    }


async def _sample(engine: Engine, but: set[str]) -> list[str]:
    """Keys in the order of the engine's own table, which is one of chance."""
    names: list[str] = []
    cursor = b"0"
    while len(names) < SAMPLE:
        cursor, found = await engine.call("SCAN", cursor, "COUNT", 1_000)
        names += [name for name in map(bytes.decode, found) if name not in but]
        if cursor == b"0":
            break
    return names


async def _sizes(engine: Engine, names: Sequence[str]) -> list[int]:
    sizes = await asyncio.gather(*(engine.call("MEMORY", "USAGE", name, "SAMPLES", 100) for name in names))
    return [size or 0 for size in sizes]


def _kind(name: str) -> str:
    kind = keys.find(name)
    return kind.name if kind else name
