"""A Redis that takes its time: every call goes through a door that lets nothing pass before a delay is over."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

Watch = Callable[[bytes], None]


class Traffic(Protocol):
    """Told what is handed to the server on one connection, and what comes from it."""

    def asked(self, data: bytes) -> None: ...

    def answered(self, data: bytes) -> None: ...


class Nobody:
    def asked(self, data: bytes) -> None:
        pass

    answered = asked


@asynccontextmanager
async def slowly(url: str, seconds: float, watch: Callable[[], Traffic] = Nobody) -> AsyncIterator[str]:
    """The address of the door to the server at `url`, a unix socket; half of `seconds` each way."""
    with tempfile.TemporaryDirectory(prefix="shopbell-bench-") as folder:
        path = Path(folder) / "slow.sock"
        pipes: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            inner, outer = await asyncio.open_unix_connection(url.removeprefix("unix://"))
            traffic = watch()
            ways = ((reader, outer, _unheard, traffic.asked), (inner, writer, traffic.answered, _unheard))
            for source, target, read, written in ways:
                task = asyncio.create_task(_pipe(source, target, seconds / 2, read, written))
                pipes.add(task)
                task.add_done_callback(pipes.discard)

        server = await asyncio.start_unix_server(serve, path)
        try:
            yield f"unix://{path}"
        finally:
            server.close()
            for task in list(pipes):
                task.cancel()
            await asyncio.gather(*pipes, return_exceptions=True)


def _unheard(data: bytes) -> None:
    pass


async def _pipe(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, delay: float, read: Watch, written: Watch
) -> None:
    """What comes while something waits waits beside it, not behind it."""
    loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

    async def deliver() -> None:
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not data:
                target.close()
                return
            written(data)
            target.write(data)
            await target.drain()

    delivering = asyncio.create_task(deliver())
    try:
        while data := await source.read(65536):
            read(data)
            under_way.put_nowait((loop.time() + delay, data))
        under_way.put_nowait((loop.time() + delay, b""))
        await delivering
    except (ConnectionError, asyncio.CancelledError):
        delivering.cancel()
        target.close()
