"""The engine of a bench: the Valkey that Shopbell brings along, with its own settings, on a processor of its own.

With jemalloc where it is installed (Debian: libjemalloc2), as the Valkey of docker/ has it.
"""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.store.client import Engine, connect
from core.store.embedded import EmbeddedServer
from tests.bench.machine import ENGINE_CPU, pin

ALLOCATOR = find_library("jemalloc") if sys.platform == "linux" else None
Fsync = Literal["always", "everysec", "no"]


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    pid: int
    engine: Engine

    async def sync(self, how: Fsync) -> None:
        await self.engine.call("CONFIG", "SET", "appendfsync", how)


@asynccontextmanager
async def own_valkey() -> AsyncIterator[Server]:
    """Empty, with `appendfsync always`. A rewrite of its file, a second process, would fall into some runs only."""
    with tempfile.TemporaryDirectory(prefix="shopbell-bench-") as folder:
        server = EmbeddedServer(Path(folder), keep=True)
        with _preloaded():
            url = await server.start()
        try:
            engine = await connect(url)
            pid = server.server_pid or 0
            _check(pid)
            pin(ENGINE_CPU, pid)
            await engine.call("CONFIG", "SET", "auto-aof-rewrite-percentage", "0")
            yield Server(url, pid, engine)
            await engine.aclose()
        finally:
            await server.stop()


@contextmanager
def _preloaded() -> Iterator[None]:
    """What is started now has the allocator; we ourselves do not."""
    if ALLOCATOR is None or "LD_PRELOAD" in os.environ:
        yield
        return
    os.environ["LD_PRELOAD"] = ALLOCATOR
    try:
        yield
    finally:
        del os.environ["LD_PRELOAD"]


def _check(pid: int) -> None:
    """AssertionError where the engine runs without the allocator that the table names."""
    if ALLOCATOR and ALLOCATOR not in Path(f"/proc/{pid}/maps").read_text():
        raise AssertionError(f"the engine does not run with {ALLOCATOR}")
