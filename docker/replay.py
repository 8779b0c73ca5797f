"""Replay docker/Dockerfile without an engine: its steps in a temporary folder, then the container's life in small.

Each stage gets a folder in place of `/`, and ENV, WORKDIR, COPY and RUN are carried out there. Then the entry starts,
the health check is asked until it is well, and the stop signal must end it with code 0. What only an engine does (the
base image, users, volumes, ports) is not replayed: docker/README.md says so.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
OUR_FOLDERS = re.compile(r"(?<![\w./:-])/(?=(?:app|builder|data|src)\b)")
WELL_WITHIN = 40.0
STOPPED_WITHIN = 20.0


@dataclass
class Stage:
    """One FROM and what follows it."""

    root: Path
    env: dict[str, str]
    workdir: str = "/"
    health: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    stop_signal: int = signal.SIGTERM

    def here(self, path: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.root / os.path.normpath(os.path.join("/", self.workdir, path)).lstrip("/")

    def rewritten(self, text: str) -> str:
        return OUR_FOLDERS.sub(f"{self.root}/", text)

    def run(self, words: list[str], **named: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [self.rewritten(word) for word in words], cwd=self.here("."), env=self.env | named, check=False
        )


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Each instruction with its argument, continued lines joined."""
    lines = [line for line in dockerfile.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


def build(folder: Path) -> Stage:
    root = folder / "root"
    stage = Stage(root, {})
    name = ""
    for word, rest in instructions((PROJECT / "docker" / "Dockerfile").read_text()):
        if word == "FROM":
            # Every stage is built at the same place, so that a path that only the first one has is found out.
            if root.exists():
                root.rename(folder / name)
            root.mkdir()
            name = rest.partition(" AS ")[2]
            stage = Stage(root, {"PATH": os.environ["PATH"], "HOME": str(folder), **_of_this_machine()})
        else:
            step(stage, folder, word, rest)
    return stage


def _of_this_machine() -> dict[str, str]:
    """What pip and TLS need to reach an index from here; nothing of the project's."""
    wanted = ("PIP_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
    return {name: value for name, value in os.environ.items() if name.startswith(wanted)}


def step(stage: Stage, folder: Path, word: str, rest: str) -> None:
    match word:
        case "ENV":
            for pair in shlex.split(rest):
                name, _, value = pair.partition("=")
                stage.env[name] = stage.rewritten(value.replace("$PATH", stage.env["PATH"]))
        case "WORKDIR":
            stage.workdir = rest
            stage.here(".").mkdir(parents=True, exist_ok=True)
        case "COPY":
            copy(stage, folder, shlex.split(rest))
        case "RUN":
            if code := stage.run(["sh", "-euc", rest]).returncode:
                sys.exit(f"RUN {rest}\nfailed with code {code}")
        case "USER" | "VOLUME" | "EXPOSE" | "LABEL":
            pass  # an engine's part
        case _:
            describe(stage, word, rest)


def describe(stage: Stage, word: str, rest: str) -> None:
    """What an image says about the containers made of it."""
    match word:
        case "HEALTHCHECK":
            stage.health = json.loads(rest.partition("CMD ")[2])
        case "ENTRYPOINT":
            stage.entrypoint = json.loads(rest)
        case "CMD":
            stage.command = json.loads(rest)
        case "STOPSIGNAL":
            stage.stop_signal = signal.Signals[rest]
        case _:
            sys.exit(f"docker/replay.py does not know {word}; teach it, or use a plainer step.")


def copy(stage: Stage, folder: Path, words: list[str]) -> None:
    source = PROJECT
    if words[0].startswith("--from="):
        source = folder / words.pop(0).removeprefix("--from=")
    *sources, target = words
    for each in sources:
        taken, place = source / each.lstrip("/"), stage.here(target)
        if taken.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", "*.pyc") if source == PROJECT else None
            shutil.copytree(taken, place, symlinks=True, dirs_exist_ok=True, ignore=unwanted)
        else:
            into = place / taken.name if target.endswith("/") or place.is_dir() else place
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(taken, into)


def live(stage: Stage) -> None:
    """The command's own help, then a start, being well, and a stop when told."""
    if stage.run([*stage.entrypoint, "--help"]).returncode:
        sys.exit("the entry point cannot say how it is used")
    listen = {"SHOPBELL_LISTEN": f"127.0.0.1:{_free_port()}"}
    words = [stage.rewritten(word) for word in [*stage.entrypoint, *stage.command]]
    running = subprocess.Popen(words, cwd=stage.here("."), env=stage.env | listen)
    try:
        until = time.monotonic() + WELL_WITHIN
        while stage.run(stage.health, **listen).returncode:
            if running.poll() is not None or time.monotonic() > until:
                sys.exit(f"not well within {WELL_WITHIN:.0f} s (exit code {running.poll()})")
            time.sleep(0.5)
        running.send_signal(stage.stop_signal)
        if code := running.wait(STOPPED_WITHIN):
            sys.exit(f"stopped with code {code} after {signal.Signals(stage.stop_signal).name}")
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="shopbell-image-") as folder:
        live(build(Path(folder)))
    print("built, started, well, stopped")


if __name__ == "__main__":
    main()
