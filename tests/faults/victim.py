"""A Shopbell that kills itself at a named fault point, as `kill -9` would: `python -m tests.faults.victim POINT DATA`.

Settings come from the environment, as for `shopbell run`. An empty POINT never fires.
"""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from bots.wiring import PARTS, Shopbell, opened
from core.config import load
from core.observability import inject
from tests.fixtures.town import QUICK

HEIR = replace(QUICK, lease=2_000, mail_lease=2_000)  # what a killed one had in hand is waited for


def main(point: str) -> None:
    def die(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    if point:
        inject(die)
    asyncio.run(_run())


async def _run() -> None:
    settings, named = load(os.environ, Path("/nowhere"))
    async with opened(settings, named, keep=True, chats=True, patience=HEIR) as inside:
        await Shopbell(inside, PARTS).run()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
