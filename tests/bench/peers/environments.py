"""The peers' environments: each needs a Redis client of another version, so each has its own, from its own lock."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / ".venv-peers"  # known to .gitignore and to `make clean`


def python_of(peer: str) -> Path:
    """The Python that has this peer, made anew if its lock has changed. Takes seconds, and the network, once."""
    home, lock = FOLDER / peer, HERE / f"{peer}.lock"
    python, installed = home / "bin" / "python", home / "installed.lock"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        _run("-m", "venv", "--clear", str(home))
        _install(python, lock)
        installed.write_bytes(lock.read_bytes())
    return python


def _install(python: Path, lock: Path) -> None:
    """As `make setup` does: with uv, and with pip where uv cannot run."""
    wanted = ("--quiet", "--require-hashes", "-r", str(lock))
    try:
        _run("-m", "uv", "pip", "install", "--python", str(python), *wanted)
    except subprocess.CalledProcessError:
        _run("-m", "pip", "--python", str(python), "install", "--disable-pip-version-check", *wanted)


def _run(*words: str) -> None:
    subprocess.run((sys.executable, *words), check=True)
