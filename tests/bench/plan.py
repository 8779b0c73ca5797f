"""How much is measured: a run of some minutes, or a look of some seconds that only shows that it works."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    runs: int = 3
    scripts: int = 12_000  # in a run of the store
    seconds: float = 1.5  # of a run that ends by time
    requests: int = 25_000  # at most, in one such run
    samples: int = 200  # of a latency, one after the other

    def rounds(self, name: str) -> Iterator[int]:
        for number in range(self.runs):
            say(f"{name}: run {number + 1} of {self.runs}")
            yield number


QUICK = Plan(runs=1, scripts=200, seconds=0.05, requests=200, samples=2)


def say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)
