"""The benches run: what they measure is for `make bench`."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIGURES = {"store": 6, "door": 8, "batch": 3, "sending": 9, "ring": 4, "rates": 2, "obligations": 19}


def test_every_bench_comes_to_its_figures() -> None:
    """`python -m tests.bench --quick --json` measures each thing once and says so in one object."""
    command = [sys.executable, "-m", "tests.bench", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=80, check=False)

    assert done.returncode == 0, done.stderr
    benches = {bench["name"]: bench["figures"] for bench in json.loads(done.stdout)["benches"]}
    assert {name: len(figures) for name, figures in benches.items()} == FIGURES
    assert all(figure["value"] > 0 for figures in benches.values() for figure in figures)
