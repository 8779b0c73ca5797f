"""A Redis that takes its time: every call goes through a door that lets nothing pass before a delay is over."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def slowly(url: str, seconds: float) -> AsyncIterator[str]:
    """The address of the door to the server at `url`, a unix socket; half of `seconds` each way."""
    with tempfile.TemporaryDirectory(prefix="shopbell-bench-") as folder:
        path = Path(folder) / "slow.sock"
        pipes: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            inner, outer = await asyncio.open_unix_connection(url.removeprefix("unix://"))
            for source, target in ((reader, outer), (inner, writer)):
                task = asyncio.create_task(_pipe(source, target, seconds / 2))
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


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter, delay: float) -> None:
    """What comes while something waits waits beside it, not behind it."""
    loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

    async def deliver() -> None:
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not data:
                target.close()
                return
            target.write(data)
            await target.drain()

    delivering = asyncio.create_task(deliver())
    try:
        while data := await source.read(65536):
            under_way.put_nowait((loop.time() + delay, data))
        under_way.put_nowait((loop.time() + delay, b""))
        await delivering
    except (ConnectionError, asyncio.CancelledError):
        delivering.cancel()
        target.close()
