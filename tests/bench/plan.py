"""How much is measured: a run of some minutes, or a look of some seconds that only shows that it works."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

PEERS = ("arq", "saq", "streaq")


@dataclass(frozen=True, slots=True)
class Plan:
    runs: int = 3
    scripts: int = 12_000  # in a run of the store
    seconds: float = 1.5  # of a run that ends by time
    requests: int = 25_000  # at most, in one such run
    samples: int = 200  # of a latency, one after the other
    pending: int = 100_000  # obligations; a tenth of them falls due in one instant
    settled: int = 50_000  # of those that do not, at most
    trickle: int = 1_000  # more of them, one after the other
    trickle_ms: int = 10_000
    sellers: int = 640
    redis_seconds: float = 0.2  # that a slow Redis takes for a call
    rest: float = 4.0  # seconds: Telegram takes three things at once, then one a second
    ledgers: tuple[int, ...] = (10_000, 100_000)
    peers: tuple[str, ...] = PEERS

    def rounds(self, name: str) -> Iterator[int]:
        for number in range(self.runs):
            say(f"{name}: run {number + 1} of {self.runs}")
            yield number


QUICK = Plan(
    runs=1,
    scripts=200,
    seconds=0.05,
    requests=200,
    samples=2,
    pending=400,
    trickle=20,
    trickle_ms=500,
    sellers=32,
    redis_seconds=0.005,
    rest=0.0,
    ledgers=(100, 1_000),
    peers=(),
)


def say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar that is told how many more are done; where there is no terminal, one line."""
    console = Console(stderr=True)
    if not console.is_terminal:
        say(f"{what}: {total:,}")
        yield lambda _: None
        return
    with Progress(console=console, transient=True) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda done: bars.advance(bar, done)
