"""The Redis that Shopbell brings along: started as its child, shared by all processes on one data directory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import structlog

from core.errors import ShopbellError, StoreDown
from core.store import leash
from core.store.binary import Binary, find_binary
from core.store.directory import Directory, Owner

POLL = 0.05  # seconds between looks at the server, or at the lock of another's
LOCK_PATIENCE = 5.0  # a killed server's rewrite child holds the lock a moment
STOP_PATIENCE = 5.0
BACK_OFF = (0.05, 5.0)  # seconds before a crashed server is started again: the first time, and at most

_LOG_LIMIT = 1_000_000
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "always",
    "aof-use-rdb-preamble": "no",  # so that any Redis or Valkey from 7.0 on can open the files later
    "maxmemory-policy": "noeviction",
    "hash-max-listpack-value": "512",  # a hash with a buyer's words in it takes half the memory then
    "zset-max-listpack-entries": "256",  # what a seller owes: seldom more, and a third of the memory then
    "save": "",
    "daemonize": "no",
}
# glibc's allocator keeps seven freed pieces of a size at hand; a script's garbage comes by the thousand, and searching
# the heap for each took a fifth of the server's time. Any other allocator takes no notice.
_ALLOCATOR = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000"}
_log = structlog.get_logger(__name__)

State = Literal["ready", "loading", "silent"]


class EmbeddedServer:
    """Whoever comes first owns the server; others attach, and one of them takes over when the owner is gone.

    `keep` is for services: a command does not keep the server, so a service waits for its end instead of attaching.
    Start it from the main thread: the kernel ends the server with the thread that started it.
    """

    def __init__(self, data: Path, *, keep: bool, binary: Path | None = None) -> None:
        self._directory = Directory(data)
        self._keep = keep
        self._given = binary
        self._binary: Binary | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._leash: int | None = None
        self._watching: asyncio.Task[None] | None = None
        self.trouble: str | None = None
        """Why there is no server at the moment, while it is being started again."""

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._directory.socket()))}"

    @property
    def server_pid(self) -> int | None:
        """The server's process if it is ours, None while we are attached to another's."""
        return self._process.pid if self._process else None

    async def start(self) -> str:
        """Own or attach; the URL to connect to. Raises Misconfigured, and StoreDown when the server does not start."""
        loop = asyncio.get_running_loop()
        until, told = loop.time() + LOCK_PATIENCE, False
        while not self._directory.try_lock():
            owner, state = self._directory.owner(), await _state(self._directory.socket())
            if owner and state == "ready" and (owner.keep or not self._keep):
                _log.info("redis_attached", pid=owner.server, owner=owner.pid, socket=str(self._directory.socket()))
                self._watching = loop.create_task(self._watch())
                return self.url
            if state != "silent":
                until = loop.time() + LOCK_PATIENCE
                if not told:
                    _log.info("redis_waits", path=str(self._directory.path), state=state, owner=owner and owner.pid)
                    told = True
            elif loop.time() > until:
                raise StoreDown(f"{self._directory.path} is locked by another process, but no server answers there")
            await asyncio.sleep(POLL)
        try:
            await self._launch()
        except BaseException:
            await self._give_up()
            raise
        self._watching = loop.create_task(self._watch())
        return self.url

    async def stop(self) -> None:
        """Stop the server if it is ours, cleanly; otherwise only let go."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        if self._directory.held:
            await self._give_up()

    async def _launch(self) -> None:
        directory = self._directory
        self._binary = self._binary or find_binary(self._given)
        directory.admit(self._binary)
        directory.sign(Owner(os.getpid(), 0, self._keep))
        self._process = self._spawn(self._binary)
        directory.sign(Owner(os.getpid(), self._process.pid, self._keep))
        while await _state(directory.socket()) != "ready":
            if self._process.poll() is not None:
                raise StoreDown(f"the embedded Redis did not start: {self._last_words()}")
            await asyncio.sleep(0.01)
        self.trouble = None
        _log.info(
            "redis_started",
            engine=self._binary.engine,
            version=self._binary.version,
            origin=self._binary.origin,
            program=str(self._binary.path),
            pid=self._process.pid,
            socket=str(directory.socket()),
        )

    def _spawn(self, binary: Binary) -> subprocess.Popen[bytes]:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the embedded Redis must be started from the main thread: it dies with its starter")
        directory = self._directory
        if directory.log.exists() and directory.log.stat().st_size > _LOG_LIMIT:
            directory.log.replace(directory.log.with_suffix(".log.1"))
        settings = {**SETTINGS, "dir": str(directory.path), "unixsocket": str(directory.socket())}
        arguments = [word for name, value in settings.items() for word in (f"--{name}", value)]
        pipe, inherited = -1, [directory.lock]
        if sys.platform != "linux":
            pipe = self._tie()
            inherited.append(pipe)
        command = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), str(pipe), str(directory.lock)]
        with directory.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [*command, str(binary.path), *arguments],
                env=_ALLOCATOR | os.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=inherited,
                start_new_session=True,  # so that Ctrl-C does not reach the server before us
            )
        if pipe >= 0:
            os.close(pipe)
        return process

    def _tie(self) -> int:
        """A pipe that breaks when this process ends; its reading end is for the leash."""
        if self._leash is not None:
            os.close(self._leash)
        reading, self._leash = os.pipe()
        return reading

    async def _watch(self) -> None:
        delay = BACK_OFF[0]
        while True:
            await asyncio.sleep(POLL)
            try:
                if self._process is None:
                    if self._directory.held or self._directory.try_lock():
                        _log.warning("redis_takes_over", path=str(self._directory.path))
                        await self._launch()
                elif self._process.poll() is None:
                    delay = BACK_OFF[0]
                else:
                    self.trouble = self._last_words()
                    _log.error("redis_ended", status=self._process.returncode, last_words=self.trouble, again_in=delay)
                    await asyncio.sleep(delay)
                    delay = min(delay * 2, BACK_OFF[1])
                    await self._launch()
            except (ShopbellError, OSError) as error:
                self.trouble = str(error)

    def _last_words(self) -> str:
        lines = self._directory.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[-1] if lines else "it said nothing"

    async def _give_up(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_PATIENCE):
                    while process.poll() is None:  # noqa: ASYNC110  (a child has no event)
                        await asyncio.sleep(0.01)
            process.kill()
            process.wait()
            self._directory.socket().unlink(missing_ok=True)
        if self._leash is not None:
            os.close(self._leash)
            self._leash = None
        self._directory.unlock()


@contextlib.asynccontextmanager
async def embedded(data: Path, *, keep: bool, binary: Path | None = None) -> AsyncIterator[str]:
    """The URL of the embedded Redis, for as long as the block lasts."""
    server = EmbeddedServer(data, keep=keep, binary=binary)
    url = await server.start()
    try:
        yield url
    finally:
        await server.stop()


async def _state(socket: Path) -> State:
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                writer.write(b"PING\r\n")
                reply = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return "silent"
    return "ready" if reply.startswith(b"+PONG") else "loading" if reply else "silent"
