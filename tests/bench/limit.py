"""L, the limit: the product's own script through a bare hiredis client, one connection, a hundred at a time.

The same calls with the same arguments that the product would make, packed beforehand, so that the client costs next
to nothing: what `redis-benchmark -c 1 -P 100` would show, which need not be installed.
"""

import socket
import time
from collections.abc import Iterable, Sequence
from typing import Any, cast

import hiredis

from core.store.client import Engine
from core.store.coalescer import Program
from core.store.scripts import Scripts
from core.store.store import Store
from tests.bench.engine import Server
from tests.bench.machine import PRODUCT_CPU, pinned
from tests.bench.scene import Scene

PIPELINE = 100


class _Recorder:
    """An engine that keeps what it would send."""

    def __init__(self) -> None:
        self.packed: list[bytes] = []

    async def script(self, program: Program, keys: Sequence[str], args: Iterable[str | bytes | float]) -> Any:
        words = ("EVALSHA", program.sha, len(keys), *keys, *args)
        self.packed.append(hiredis.pack_command(words))  # type: ignore[arg-type]  # its stub forgets the ...
        return [b"accepted"]


async def measure_limit(server: Server, scene: Scene, count: int) -> float:
    """Scripts a second; the scene is filled anew, and the server knows the script."""
    await scene.fill()
    await scene.accept(next(scene.numbers))
    recorder = _Recorder()
    engine = cast(Engine, recorder)
    own = scene.deps.store
    store = Store(engine, Scripts(engine), own.vault, own.clock, own.shards)
    for _ in range(count):
        await scene.accept(next(scene.numbers), store)
    batches = [b"".join(recorder.packed[at : at + PIPELINE]) for at in range(0, count, PIPELINE)]
    with pinned(PRODUCT_CPU), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(server.url.removeprefix("unix://"))
        return count / _run(connection, batches, count)


def _run(connection: socket.socket, batches: Sequence[bytes], count: int) -> float:
    """Seconds. Blocking: nothing else is to happen meanwhile."""
    missing = object()
    reader = hiredis.Reader(notEnoughData=missing)
    since, replies = time.perf_counter(), 0
    for number, batch in enumerate(batches, 1):
        connection.sendall(batch)
        wanted = min(number * PIPELINE, count)
        while replies < wanted:
            reader.feed(connection.recv(65536))
            while (reply := reader.gets()) is not missing:
                if reply != [b"accepted"]:
                    raise AssertionError(f"the script answered {reply!r}")
                replies += 1
    return time.perf_counter() - since
