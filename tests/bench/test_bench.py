"""The benches run: what they measure is for `make bench`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
FIGURES = {"store": 6, "door": 8, "batch": 3, "sending": 9, "ring": 4, "acks": 10, "rates": 2, "obligations": 25}


@pytest.mark.parametrize("name", FIGURES)
def test_every_bench_comes_to_its_figures(name: str) -> None:
    """`python -m tests.bench --quick --json` measures each thing once and says so in one object."""
    command = [sys.executable, "-m", "tests.bench", "--quick", "--json", "--only", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=80, check=False)

    assert done.returncode == 0, done.stderr
    (bench,) = json.loads(done.stdout)["benches"]
    assert bench["name"] == name
    assert len(bench["figures"]) == FIGURES[name]
    assert all(figure["value"] > 0 for figure in bench["figures"])


def test_no_bench_is_left_out() -> None:
    """Those that are run here are all that `--only` knows."""
    command = [sys.executable, "-m", "tests.bench", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout

    assert ", ".join(FIGURES) in " ".join(told.split())
