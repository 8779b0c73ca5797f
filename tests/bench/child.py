"""A server in a process of its own, on a processor of its own, for as long as a block lasts."""

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext

import uvloop

from core.observability import set_up_logging
from tests.bench.machine import pin

PATIENCE = 30.0  # seconds that a child has to start, and then to end

Serve = Callable[..., AbstractAsyncContextManager[str]]
"""Yields the URL it answers at. Found again by its name in the child, so it stands at the top of a module."""


@dataclass(frozen=True, slots=True)
class Child:
    url: str
    pid: int


@asynccontextmanager
async def child(serve: Serve, *given: object, cpu: int) -> AsyncIterator[Child]:
    """It ends with the block, and also when this process is killed."""
    ours, theirs = multiprocessing.Pipe()
    process = _nursery().Process(target=_main, args=(serve, given, cpu, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Child(await asyncio.to_thread(_hear, ours), process.pid or 0)
    finally:
        ours.close()
        await asyncio.to_thread(process.join, PATIENCE)
        process.kill()
        process.join()
        process.close()


@cache
def _nursery() -> ForkServerContext:
    """Children come from a process that has imported what they serve, and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bench.doors", "tests.bench.ring"])
    return context


def _hear(ours: Connection) -> str:
    if not ours.poll(PATIENCE):
        raise TimeoutError(f"a server of the bench did not start in {PATIENCE:g} s")
    return str(ours.recv())


def _main(serve: Serve, given: tuple[object, ...], cpu: int, theirs: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us in its own order
    set_up_logging(as_json=False, level=logging.WARNING)  # what is said on stdout is the parent's
    pin(cpu)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(serve, given, theirs))


async def _serve(serve: Serve, given: tuple[object, ...], theirs: Connection) -> None:
    parted = asyncio.Event()
    async with serve(*given) as url:
        theirs.send(url)
        # Nothing is ever said to us: what becomes readable is the end of the pipe, or of the parent.
        asyncio.get_running_loop().add_reader(theirs.fileno(), parted.set)
        await parted.wait()
        asyncio.get_running_loop().remove_reader(theirs.fileno())
