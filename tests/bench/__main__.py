"""`python -m tests.bench`: measure, each figure as a ratio within one run. Progress goes to stderr."""

import argparse
import asyncio
import json
import logging
import os
import platform
import sys
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from typing import Any

import uvloop

from core.observability import set_up_logging
from core.store.binary import find_binary
from tests.bench.engine import ALLOCATOR
from tests.bench.figures import Table
from tests.bench.machine import disk_milliseconds
from tests.bench.plan import PEERS, QUICK, Plan, say

BENCHES = ("store", "door", "batch", "sending", "ring", "acks", "rates", "obligations")
SECONDS = 90.0  # at most, for one bench that names no other limit


def main() -> int:
    given = _arguments()
    set_up_logging(as_json=False, level=logging.WARNING)
    plan = QUICK if given.quick else Plan()
    if given.peers:
        plan = replace(plan, peers=PEERS)
    plans = [replace(plan, pending=pending) for pending in given.pending] or [plan]
    runs = [(name, each) for name in given.only or BENCHES for each in (plans if name == "obligations" else plans[:1])]
    about = _about()
    if not given.json:
        print("\n".join(f"{name}: {value}" for name, value in about.items()))
    tables = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for name, each in runs:
            table = runner.run(_bounded(name, each))
            tables.append(table)
            if not given.json:
                print(f"\n{table.as_text()}", flush=True)
    if given.json:
        print(json.dumps({"machine": about, "benches": [table.as_json() for table in tables]}, indent=2))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--json", action="store_true", help="one object, in place of tables")
    parser.add_argument("--quick", action="store_true", help="a few seconds: shows that it works, measures nothing")
    parser.add_argument(
        "--pending", action="append", type=int, default=[], metavar="N", help="obligations; twice: two runs of them"
    )
    parser.add_argument("--peers", action="store_true", help="with --quick: the job queues beside them too")
    return parser.parse_args()


async def _bounded(name: str, plan: Plan) -> Table:
    say(f"{name}: starts")
    module = import_module(f"tests.bench.{name}")
    async with asyncio.timeout(getattr(module, "SECONDS", SECONDS)):
        table: Table = await module.bench(plan)
    return table


def _about() -> dict[str, Any]:
    engine = find_binary()
    return {
        "machine": f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "python": f"{platform.python_version()}, uvloop {version('uvloop')}",
        "engine": f"{engine.engine} {engine.version} ({engine.origin})",
        "its allocator": ALLOCATOR or "libc's, slower than docker/'s: libjemalloc2 is not installed",
        "fsync": f"{disk_milliseconds():.2f} ms",
    }


if __name__ == "__main__":
    sys.exit(main())
