"""The embedded Redis: one server a directory, gone with its owner, taken over by the next, nothing lost."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.errors import Misconfigured, StoreDown
from core.store import embedded as module
from core.store import leash
from core.store.binary import Binary, find_binary
from core.store.client import connect
from core.store.directory import SOCKET_PATH_LIMIT, Directory
from core.store.embedded import EmbeddedServer, embedded
from tests.fixtures.waiting import wait_until

OWNER = """
    import asyncio, sys
    from pathlib import Path
    from core.store.client import connect
    from core.store.embedded import EmbeddedServer

    async def main():
        server = EmbeddedServer(Path(sys.argv[1]), keep=sys.argv[2] == "keep")
        engine = await connect(await server.start())
        await engine.call("SET", "{sb:00}:from", "the owner")
        print("server", server.server_pid, flush=True)
        await asyncio.Event().wait()

    asyncio.run(main())
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_owner(tmp_path: Path) -> Iterator[Start]:
    """Start another process that owns the server of `tmp_path` until it is killed."""
    started = []

    def start(manner: str = "keep") -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", textwrap.dedent(OWNER), str(tmp_path), manner]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path, keep=True)
    yield server
    await server.stop()


async def _said(process: "subprocess.Popen[str]") -> int:
    """The server's process id, as its owner prints it when it is ready."""
    assert process.stdout is not None
    while not (line := await asyncio.to_thread(process.stdout.readline)).startswith("server "):
        assert line, "the owner ended"
    return int(line.split()[1])


async def _put(url: str, value: str) -> None:
    engine = await connect(url)
    await engine.call("SET", "{sb:00}:kept", value)
    await engine.aclose()


async def _kept(url: str, name: str = "kept") -> bytes | None:
    engine = await connect(url)
    value: bytes | None = await engine.call("GET", f"{{sb:00}}:{name}")
    await engine.aclose()
    return value


async def test_keeps_what_it_was_given(tmp_path: Path) -> None:
    """What one start wrote, the next one reads; at the end no server and no socket is left."""
    async with embedded(tmp_path, keep=False) as url:
        await _put(url, "words")
    assert not (tmp_path / "server.sock").exists()

    async with embedded(tmp_path, keep=False) as url:
        assert await _kept(url) == b"words"


async def test_settings(server: EmbeddedServer) -> None:
    """Every write is on disk before it is acknowledged, nothing is evicted, and any Redis can open the files later."""
    engine = await connect(await server.start())
    wanted = {
        b"appendonly": b"yes",
        b"appendfsync": b"always",
        b"aof-use-rdb-preamble": b"no",
        b"maxmemory-policy": b"noeviction",
        b"save": b"",
        b"port": b"0",
    }
    assert await engine.call("CONFIG", "GET", *wanted) == wanted
    await engine.aclose()


async def test_says_what_it_chose(server: EmbeddedServer) -> None:
    """One line at the start says which program runs, and where it came from."""
    with capture_logs() as lines:
        await server.start()

    (line,) = [line for line in lines if line["event"] == "redis_started"]
    assert (line["engine"], line["origin"], line["pid"]) == ("valkey", "bundled", server.server_pid)


async def test_dies_with_its_owner(start_owner: Start, tmp_path: Path) -> None:
    """A SIGKILL of the owner ends the server too, and with it its hold on the directory."""
    owner = start_owner()
    await _said(owner)
    assert not Directory(tmp_path).try_lock()
    owner.kill()

    directory = Directory(tmp_path)
    await wait_until(directory.try_lock, "the server is gone")
    directory.unlock()


async def test_ctrl_c_spares_the_server(server: EmbeddedServer) -> None:
    """The server is in a session of its own, so that Ctrl-C reaches us first."""
    await server.start()

    assert server.server_pid is not None
    assert os.getsid(server.server_pid) == server.server_pid != os.getsid(0)


async def test_attach_and_take_over(start_owner: Start, server: EmbeddedServer) -> None:
    """A second process uses the first one's server, and when that is killed has its own within a moment."""
    owner = start_owner()
    await _said(owner)
    url = await server.start()
    engine = await connect(url)
    attached = server.server_pid
    assert await engine.call("GET", "{sb:00}:from") == b"the owner"
    await engine.call("SET", "{sb:00}:kept", "words")

    killed = time.monotonic()
    owner.kill()
    await wait_until(lambda: server.server_pid is not None, "the server is taken over")
    assert await engine.call("GET", "{sb:00}:kept") == b"words"
    took = time.monotonic() - killed

    assert attached is None
    assert took < module.LOCK_PATIENCE, f"the take-over took {took:.2f} s: it waited for something to give up"
    await engine.aclose()


async def test_a_service_waits_for_a_command(start_owner: Start, server: EmbeddedServer) -> None:
    """A service does not attach to a command's server, which ends with the command; it waits for its turn."""
    command = start_owner("passing")
    await _said(command)
    starting = asyncio.create_task(server.start())
    await asyncio.sleep(0.2)
    assert not starting.done()
    command.kill()

    await starting
    assert server.server_pid is not None


async def test_a_command_attaches(start_owner: Start, tmp_path: Path) -> None:
    """A command uses the service's server, and leaves it running."""
    await _said(start_owner())
    for _ in range(2):
        async with embedded(tmp_path, keep=False) as url:
            assert await _kept(url, "from") == b"the owner"


async def test_two_at_once(tmp_path: Path) -> None:
    """Of two that start at the same moment, one owns the server and the other attaches."""
    first, second = EmbeddedServer(tmp_path, keep=True), EmbeddedServer(tmp_path, keep=True)
    await asyncio.gather(first.start(), second.start())

    owners = [server for server in (first, second) if server.server_pid is not None]
    assert len(owners) == 1
    await first.stop()
    await second.stop()


async def test_restarts_after_a_crash(server: EmbeddedServer) -> None:
    """A server that crashes is started again, with all it had acknowledged, and the trouble is told meanwhile."""
    url = await server.start()
    await _put(url, "words")
    pid = server.server_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    await wait_until(lambda: server.trouble is not None, "the trouble is told")
    await wait_until(lambda: server.trouble is None, "another server runs")
    assert server.server_pid != pid
    assert await _kept(url) == b"words"


async def test_long_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the directory's path is too long for a socket, the socket lies in the runtime directory instead."""
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    deep = tmp_path / ("d" * SOCKET_PATH_LIMIT)

    async with embedded(deep, keep=False) as url:
        await _put(url, "words")
        assert url.startswith(f"unix://{runtime}/shopbell-")


async def test_long_path_without_a_runtime_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, it lies in a temporary directory that only we can enter; one that others can is refused."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    directory = Directory(tmp_path / ("d" * SOCKET_PATH_LIMIT))

    folder = directory.socket().parent

    assert folder.parent == Path(tempfile.gettempdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    with pytest.raises(Misconfigured, match="XDG_RUNTIME_DIR"):
        directory.socket()
    folder.rmdir()


async def test_stale_socket(tmp_path: Path, server: EmbeddedServer) -> None:
    """A socket and a lock file left by a killed owner are in nobody's way."""
    (tmp_path / "server.sock").touch()
    (tmp_path / "server.lock").write_text(json.dumps({"pid": 1, "server": 1, "keep": True}))

    await _put(await server.start(), "words")


async def test_locked_without_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory that is locked while no server answers there is reported, not waited for for ever."""
    monkeypatch.setattr(module, "LOCK_PATIENCE", 0.2)
    holder = Directory(tmp_path)
    assert holder.try_lock()

    with pytest.raises(StoreDown, match="locked by another process"):
        await EmbeddedServer(tmp_path, keep=False).start()
    holder.unlock()


async def test_a_server_that_does_not_start(tmp_path: Path) -> None:
    """A server that ends at once is reported with its last words, and the directory is free again."""
    program = tmp_path / "valkey-server"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Valkey server v=9.0.0" || echo "no memory"\n')
    program.chmod(0o755)
    data = tmp_path / "data"

    with pytest.raises(StoreDown, match="no memory"):
        await EmbeddedServer(data, keep=False, binary=program).start()
    assert Directory(data).try_lock()


async def test_only_from_the_main_thread(tmp_path: Path) -> None:
    """Starting it in another thread raises: the server would die with that thread."""

    def start() -> None:
        asyncio.run(EmbeddedServer(tmp_path, keep=False).start())

    with pytest.raises(RuntimeError, match="main thread"):
        await asyncio.to_thread(start)


def test_the_leash_of_other_systems(tmp_path: Path) -> None:
    """Where the kernel holds no leash, a broken pipe does: the server ends, and nothing stays behind."""
    reading, writing = os.pipe()
    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    command = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), str(reading), str(lock)]
    server = subprocess.Popen([*command, "/bin/sleep", "30"], pass_fds=[reading, lock])
    os.close(reading)
    os.close(lock)
    assert server.poll() is None
    os.close(writing)

    assert server.wait(5) == -signal.SIGKILL


BINARY = Binary(Path("valkey-server"), "valkey", "9.1.2", "bundled")


def test_stamp(tmp_path: Path) -> None:
    """A directory bears the mark of the server that wrote it, and one of a newer Shopbell is refused."""
    directory = Directory(tmp_path)
    directory.admit(BINARY)
    stamp = tmp_path / "engine.json"
    assert json.loads(stamp.read_text()) == {"format": 1, "engine": "valkey", "version": "9.1.2"}
    directory.admit(BINARY)

    for text in ('{"format": 2, "engine": "valkey", "version": "11.0"}', "{}", "?"):
        stamp.write_text(text)
        with pytest.raises(Misconfigured):
            directory.admit(BINARY)


@pytest.mark.parametrize("name", ["dump.rdb", "appendonly.aof", "appendonlydir/appendonly.aof.1.base.rdb"])
def test_files_that_would_be_opened_as_empty(tmp_path: Path, name: str) -> None:
    """Files of another server, which ours might read as an empty database, are left alone and named."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()

    with pytest.raises(Misconfigured, match="REDIS_URL"):
        Directory(tmp_path).admit(BINARY)


def _program(folder: Path, name: str, version: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{version}"\n')
    path.chmod(0o755)
    return path


def test_bundled_first() -> None:
    """Without a wish, the server that came with Shopbell is taken."""
    assert find_binary().origin == "bundled"


@pytest.mark.parametrize("version", ["Redis server v=6.2.14 sha=0", "Redis server v=6.9 sha=0", "busybox"])
def test_an_old_server_is_refused(tmp_path: Path, version: str) -> None:
    """A server below 7.0, or none at all, is refused by the setting that named it, not replaced silently."""
    with pytest.raises(Misconfigured, match="SHOPBELL_REDIS_SERVER"):
        find_binary(_program(tmp_path, "redis-server", version))


def test_a_given_server(tmp_path: Path) -> None:
    """A named server of 7.0 or newer is taken before the bundled one."""
    found = find_binary(_program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=0"))

    assert (found.origin, found.engine, found.version) == ("SHOPBELL_REDIS_SERVER", "redis", "7.0.15")


def test_without_the_bundled_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none is bundled, one on PATH is taken if it is new enough; else all three ways out are named."""
    monkeypatch.setattr("core.store.binary.get_binary_path", lambda: tmp_path / "nothing")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _program(tmp_path / "bin", "valkey-server", "Redis server v=6.2.14 sha=0")
    with pytest.raises(Misconfigured) as caught:
        find_binary()
    _program(tmp_path / "bin", "redis-server", "Redis server v=7.2.4 sha=0")

    assert find_binary().origin == "PATH"
    assert all(way in str(caught.value) for way in ("REDIS_URL", "SHOPBELL_REDIS_SERVER", "PATH", "6.2.14"))
