"""The one connection: what it promises when servers die, callers give up and replies fail to come."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from core.errors import StoreDown
from core.store import coalescer
from core.store.client import Engine, connect
from core.store.coalescer import Coalescer
from core.store.embedded import EmbeddedServer, embedded
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.any_keys


async def _coalescer(url: str) -> Coalescer:
    engine = await connect(url)
    assert isinstance(engine, Coalescer)
    return engine


async def test_kill_under_load(tmp_path: Path) -> None:
    """A server killed five times under load loses no acknowledged write, and no caller hears of it."""
    server = EmbeddedServer(tmp_path, keep=True)
    engine = await _coalescer(await server.start())
    acknowledged: list[str] = []
    stop = asyncio.Event()

    async def write(writer: int) -> None:
        count = 0
        while not stop.is_set():
            name = f"{writer}:{count}"
            await engine.call("SADD", "{sb:00}:written", name)
            acknowledged.append(name)
            count += 1

    async def kill() -> None:
        for _ in range(5):
            before, pid = len(acknowledged), server.server_pid
            await wait_until(lambda: len(acknowledged) > before + 500, "the writers go on", 10)  # noqa: B023
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await wait_until(lambda: server.server_pid != pid, "another server starts")  # noqa: B023
        stop.set()

    await asyncio.gather(kill(), *(write(writer) for writer in range(20)))

    kept = {name.decode() for name in await engine.call("SMEMBERS", "{sb:00}:written")}
    assert len(acknowledged) > 2_500
    assert set(acknowledged) <= kept
    await engine.aclose()
    await server.stop()


async def test_cancelled_callers(engine: Engine) -> None:
    """A caller that gives up, before or after its call was sent, never shifts another's reply."""

    async def echo(number: int) -> None:
        assert await engine.call("ECHO", str(number)) == str(number).encode()

    for turns in range(3):
        calls = [asyncio.create_task(echo(number)) for number in range(60)]
        for _ in range(turns):
            await asyncio.sleep(0)
        for call in calls[::2]:
            call.cancel()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)

        assert [outcome for outcome in outcomes[1::2] if outcome is not None] == []
        await echo(-1)


async def test_more_calls_than_places(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls beyond the limit wait for a place, and those that give up meanwhile block nobody."""
    monkeypatch.setattr(coalescer, "CALLS_AT_ONCE", 10)
    calls = [asyncio.create_task(engine.call("ECHO", str(number))) for number in range(300)]
    await asyncio.sleep(0)
    for call in calls[::3]:
        call.cancel()

    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    answered = [outcome for number, outcome in enumerate(outcomes) if number % 3]
    assert answered == [str(number).encode() for number in range(300) if number % 3]


async def test_an_error_reaches_its_caller_alone(engine: Engine) -> None:
    """A refused command raises where it was called; those written with it are answered."""
    await engine.call("SET", "{sb:00}:text", "words")

    outcomes = await asyncio.gather(
        engine.call("LPUSH", "{sb:00}:text", "x"), engine.call("GET", "{sb:00}:text"), return_exceptions=True
    )

    assert isinstance(outcomes[0], ResponseError)
    assert outcomes[1] == b"words"


async def test_no_reply_in_time(tmp_path: Path) -> None:
    """A server that hangs costs a caller its timeout and no more, and the next call gets its own reply."""
    async with embedded(tmp_path, keep=True) as url:
        first = await _coalescer(url)
        engine = Coalescer(first._pool, "test", timeout=0.3)
        await engine.open()
        pid = (await first.call("INFO", "server")).decode().split("process_id:")[1].split()[0]
        os.kill(int(pid), signal.SIGSTOP)
        with pytest.raises(StoreDown, match=r"no reply in 0\.3 s"):
            await engine.call("ECHO", "lost")
        os.kill(int(pid), signal.SIGCONT)

        assert await engine.call("ECHO", "found") == b"found"
        await engine.aclose()
        await first.aclose()


async def test_nobody_answers(tmp_path: Path) -> None:
    """Where no server is, connecting says so at once; a server that went away fails calls after their timeout."""
    with pytest.raises(StoreDown, match="does not answer"):
        await connect(f"unix://{tmp_path}/nobody.sock", patience=0)

    async with embedded(tmp_path, keep=False) as url:
        first = await _coalescer(url)
        engine = Coalescer(first._pool, "test", timeout=0.2)
        await engine.open()
    with pytest.raises(StoreDown):
        await engine.call("PING")
    await engine.aclose()
    await first.aclose()


async def test_closed(engine_url: str) -> None:
    """Closing ends what is under way in StoreDown, and later calls too."""
    engine = await connect(engine_url)
    under_way = asyncio.create_task(engine.call("ECHO", "x"))
    await asyncio.sleep(0)
    await engine.aclose()

    if isinstance(engine, Coalescer):
        with pytest.raises(StoreDown):
            await under_way
        with pytest.raises(StoreDown):
            await engine.call("PING")
    else:
        await under_way


@pytest.mark.parametrize("message", ["LOADING dataset", "READONLY You can't write", "MASTERDOWN Link"])
def test_turned_away_is_tried_again(message: str) -> None:
    """A server that loads, or was demoted, has done nothing: the call goes elsewhere."""
    assert isinstance(coalescer.to_error(message), coalescer.TurnedAway)


@pytest.mark.parametrize("message", ["OOM command not allowed", "MISCONF Errors writing", "NOREPLICAS Not enough"])
def test_unfit_server(message: str) -> None:
    """A server that is full or cannot write to its disk is as good as down."""
    assert isinstance(coalescer.to_error(message), StoreDown)


async def test_a_full_server_refuses(engine: Engine) -> None:
    """When memory is full a write raises StoreDown, and nothing else is disturbed."""
    await engine.call("CONFIG", "SET", "maxmemory", 1)
    try:
        with pytest.raises(StoreDown, match="maxmemory"):
            await engine.call("SET", "{sb:00}:text", "words")
    finally:
        await engine.call("CONFIG", "SET", "maxmemory", 0)

    assert await engine.call("GET", "{sb:00}:text") is None


async def test_demoted_server(tmp_path: Path) -> None:
    """A write to a server that became a replica waits until there is a primary again."""
    async with embedded(tmp_path, keep=True) as url:
        engine, operator = await _coalescer(url), await _coalescer(url)
        await operator.call("REPLICAOF", "127.0.0.1", 1)
        write = asyncio.create_task(engine.call("SET", "{sb:00}:text", "words"))
        await asyncio.sleep(0.1)
        assert not write.done()
        await operator.call("REPLICAOF", "NO", "ONE")

        assert await write == b"OK"
        await engine.aclose()
        await operator.aclose()
