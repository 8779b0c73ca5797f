"""The data directory of the embedded Redis: who holds it, where its socket is, and whose files lie there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import Misconfigured
from core.store.binary import Binary

# 107 bytes on Linux, 103 on macOS: the smaller, so that a directory may move between them.
SOCKET_PATH_LIMIT = 103
FORMAT = 1

_AOF = "appendonlydir"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the directory, as it wrote into the lock file. `keep`: a service, not a passing command."""

    pid: int
    server: int
    keep: bool


class Directory:
    def __init__(self, path: Path) -> None:
        # Resolved, so that all who come by another name agree on the socket.
        self.path = path.resolve()
        self._lock: int | None = None

    @property
    def log(self) -> Path:
        return self.path / "server.log"

    @property
    def lock(self) -> int:
        """The descriptor of the lock, for the server to inherit."""
        assert self._lock is not None, "the directory is not locked"  # noqa: S101
        return self._lock

    @property
    def held(self) -> bool:
        """Whether it is this process that holds it."""
        return self._lock is not None

    def try_lock(self) -> bool:
        """Take the directory, if nobody holds it: neither a process of ours nor a server that outlived one."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def unlock(self) -> None:
        """Let go of our part; the server's own holds until the server is gone."""
        os.ftruncate(self.lock, 0)
        os.close(self.lock)
        self._lock = None

    def sign(self, owner: Owner) -> None:
        text = json.dumps(asdict(owner)).encode()
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, text, 0)

    def owner(self) -> Owner | None:
        """Who signed last; None while nobody has, or is just writing."""
        try:
            return Owner(**json.loads((self.path / "server.lock").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def socket(self) -> Path:
        """Where the server listens: in the directory, or elsewhere if that path is too long for a socket.

        It depends on nothing but the directory, so that whoever takes over listens where the others look.
        """
        inside = self.path / "server.sock"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        name = "shopbell-" + hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if runtime and Path(runtime).is_dir():
            outside = Path(runtime) / f"{name}.sock"
        else:
            outside = _private(Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}") / "server.sock"
        if len(os.fsencode(outside)) > SOCKET_PATH_LIMIT:
            raise Misconfigured([f"{outside} is too long for a socket; set SHOPBELL_DATA to a shorter path."])
        return outside

    def admit(self, binary: Binary) -> None:
        """Check that this server can read what lies here, and stamp it; Misconfigured when it might find nothing."""
        stamp = self.path / "engine.json"
        if stamp.exists():
            self._check_stamp(stamp)
        else:
            self._check_unstamped()
        text = json.dumps({"format": FORMAT, "engine": binary.engine, "version": binary.version})
        fresh = stamp.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(stamp)

    def _check_stamp(self, stamp: Path) -> None:
        try:
            marked = json.loads(stamp.read_text(encoding="utf-8"))
            form, wrote = int(marked["format"]), f"{marked['engine']} {marked['version']}"
        except (ValueError, KeyError, TypeError) as error:
            raise Misconfigured([f"{stamp} cannot be read ({error}); put back the one of your backup."]) from error
        if form > FORMAT:
            raise Misconfigured([f"{self.path} was written by {wrote} for a newer Shopbell; start that one."])

    def _check_unstamped(self) -> None:
        # Files of a server that was not ours: only a plain append-only file is read the same by all from 7.0 on.
        if next((self.path / _AOF).glob("*.base.rdb"), None):
            fault = "has an append-only file with an RDB preamble, which not every server can read"
        elif (self.path / "dump.rdb").exists() and not (self.path / _AOF).exists():
            fault = "has a dump.rdb but no append-only file: it would be opened as empty"
        elif (self.path / "appendonly.aof").exists():
            fault = "has an append-only file from before Redis 7: it would be opened as empty"
        else:
            return
        raise Misconfigured([f"{self.path} {fault}. Start it with its own server and set REDIS_URL to that."])


def _private(folder: Path) -> Path:
    """A folder that only we can enter; somebody else may have made it first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Misconfigured([f"{folder} is not ours alone; set XDG_RUNTIME_DIR, or SHOPBELL_DATA to a shorter path."])
    return folder
