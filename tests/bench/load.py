"""Load over HTTP/1.1: callers that each send a request, wait for the answer and send the next.

As little Python as that takes; what it uses itself is told beside the rates.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

_LENGTH = b"content-length: "  # as uvicorn writes it


@dataclass(frozen=True, slots=True)
class Outcome:
    """`p50` and `p99` in milliseconds; `busy` is the part of a processor that the load itself took."""

    rate: float
    p50: float
    p99: float
    done: int
    busy: float


async def load(url: str, requests: Sequence[bytes], *, callers: int = 64, seconds: float = 60.0) -> Outcome:
    """Until the requests or the seconds are used up; AssertionError on an answer that is not 2xx."""
    loop = asyncio.get_running_loop()
    host, _, port = url.removeprefix("http://").rpartition(":")
    run = _Run(iter(requests), callers, loop.create_future())
    made = [await loop.create_connection(lambda: _Caller(run), host, int(port)) for _ in range(callers)]
    used, since = time.process_time(), time.perf_counter()
    run.until = since + seconds
    for _, caller in made:
        caller.ask()
    await run.ended
    elapsed, used = time.perf_counter() - since, time.process_time() - used
    for transport, _ in made:
        transport.close()
    took = sorted(run.took)
    return Outcome(
        len(took) / elapsed, percentile(took, 50) * 1000, percentile(took, 99) * 1000, len(took), used / elapsed
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class _Run:
    def __init__(self, requests: Iterator[bytes], callers: int, ended: "asyncio.Future[None]") -> None:
        self.requests = requests
        self.callers = callers
        self.ended = ended
        self.until = 0.0
        self.took: list[float] = []

    def left(self) -> None:
        self.callers -= 1
        if not self.callers and not self.ended.done():
            self.ended.set_result(None)

    def failed(self, why: str) -> None:
        if not self.ended.done():
            self.ended.set_exception(AssertionError(why))


class _Caller(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._transport: asyncio.WriteTransport | None = None
        self._begun = b""
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by name

    def ask(self) -> None:
        now = time.perf_counter()
        request = next(self._run.requests, None) if now < self._run.until else None
        if request is None:
            self._run.left()
            return
        assert self._transport is not None
        self._since = now
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        answer = self._begun + data
        head = answer.find(b"\r\n\r\n")
        at = answer.find(_LENGTH, 0, head) + len(_LENGTH)
        if head < 0 or len(answer) < head + 4 + int(answer[at : answer.index(b"\r", at)]):
            self._begun = answer
            return
        self._begun = b""
        if not answer.startswith(b"HTTP/1.1 2"):
            self._run.failed(answer.decode(errors="replace"))
            return
        self._run.took.append(time.perf_counter() - self._since)
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._run.failed(f"the server hung up: {error}")
