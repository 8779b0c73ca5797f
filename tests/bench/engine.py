"""The engine of a bench: the Valkey that Shopbell brings along, with its own settings, on a processor of its own."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.store.client import Engine, connect
from core.store.embedded import EmbeddedServer
from tests.bench.machine import ENGINE_CPU, pin

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
        url = await server.start()
        try:
            engine = await connect(url)
            pid = server.server_pid or 0
            pin(ENGINE_CPU, pid)
            await engine.call("CONFIG", "SET", "auto-aof-rewrite-percentage", "0")
            yield Server(url, pid, engine)
            await engine.aclose()
        finally:
            await server.stop()
