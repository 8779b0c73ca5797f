"""One connection to one Redis: the calls of one turn of the event loop go out in one write."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Protocol, cast

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.sentinel import SentinelConnectionPool
from redis.exceptions import InvalidResponse, NoScriptError, RedisError, ResponseError

from core.errors import StoreDown
from core.store.listening import listen

CALL_TIMEOUT = 10.0  # seconds from the call to its reply, reconnecting included
CALLS_AT_ONCE = 5_000
BREAKS_AT_MOST = 2  # a script that brings the server down must not do so for ever
BACK_OFF = (0.02, 1.0)  # seconds: the first wait before connecting again, and the longest

# Redis' own first words: nothing was done, and another connection or a moment may mend it.
TURNED_AWAY = frozenset({"LOADING", "READONLY", "MASTERDOWN"})
# Nothing was done, and only a person or time can mend it.
UNFIT = frozenset({"OOM", "MISCONF", "NOREPLICAS", "BUSY", "UNKILLABLE", "CLUSTERDOWN"})

_MORE = object()


class Program(Protocol):
    """A script as the engine sees it."""

    @property
    def sha(self) -> str: ...
    @property
    def text(self) -> str: ...


class TurnedAway(Exception):
    """The server answers, but not for this: it loads its data, or is no longer the primary."""


class _Call:
    __slots__ = ("breaks", "deadline", "packed", "reply")

    def __init__(self, packed: bytes, reply: asyncio.Future[Any], deadline: float) -> None:
        self.packed = packed
        self.reply = reply
        self.deadline = deadline
        self.breaks = 0


class _Wire(asyncio.Protocol):
    """A connection after redis-py's handshake: bare hiredis, and the calls whose replies are to come, in order."""

    def __init__(self, owner: Coalescer, connection: AbstractConnection) -> None:
        self.in_flight: deque[_Call] = deque()
        self.writable = True
        self.since = asyncio.get_running_loop().time()
        self._owner = owner
        self._reader = hiredis.Reader(protocolError=InvalidResponse, replyError=to_error, notEnoughData=_MORE)
        # redis-py 8.1 has no public way to its transport; TLS, AUTH, HELLO and SELECT are behind us here.
        self._writer = cast(asyncio.StreamWriter, connection._writer)  # noqa: SLF001
        connection._reader = connection._writer = None  # noqa: SLF001
        self._transport: asyncio.WriteTransport = self._writer.transport
        self._transport.set_protocol(self)

    def send(self, calls: Sequence[_Call]) -> None:
        self.in_flight.extend(calls)
        self._transport.write(b"".join([call.packed for call in calls]))

    def cut(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        next_reply, in_flight, owner = self._reader.gets, self.in_flight, self._owner
        try:
            while (reply := next_reply()) is not _MORE:
                if isinstance(reply, hiredis.PushNotification):
                    continue
                if isinstance(reply, TurnedAway):
                    owner.lost(self, reply)
                    return
                owner.replied(in_flight.popleft(), reply)
        except (InvalidResponse, IndexError) as error:
            owner.lost(self, error)

    def pause_writing(self) -> None:
        self.writable = False

    def resume_writing(self) -> None:
        self.writable = True
        self._owner.flush()

    def connection_lost(self, error: Exception | None) -> None:
        self._owner.lost(self, error)


class Coalescer:
    """The engine over one connection: redis-py makes and remakes it, what is in flight when it breaks is sent again.

    So whatever is called must bear being executed twice: reads, idempotent commands, and scripts that know the id
    of their operation. Blocking commands have no place here: they would hold up everybody.
    """

    def __init__(self, pool: ConnectionPool, where: str, *, timeout: float = CALL_TIMEOUT) -> None:
        self.where = where
        self.round_trips = 0
        self._pool = pool
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._outbox: deque[_Call] = deque()
        self._open = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._wire: _Wire | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._flush_soon = False
        self._ticking = False
        self._closed = False
        self._delay = 0.0
        self._trouble: BaseException | None = None

    async def open(self, patience: float = 0.0) -> None:
        """Connect; StoreDown when that does not succeed within `patience` seconds (and at least one attempt)."""
        until = self._loop.time() + patience
        while True:
            try:
                self._wire = await self._make_wire()
                return
            except (RedisError, OSError) as error:
                if self._loop.time() >= until:
                    raise StoreDown(f"Redis at {self.where} does not answer: {error}") from error
            await asyncio.sleep(0.05)

    async def call(self, *args: str | bytes | float) -> Any:
        """One command; its reply is raw (bytes, int, list, dict, None). Raises StoreDown, ResponseError."""
        packed = hiredis.pack_command(args)  # type: ignore[arg-type]  # its stub forgets the ...
        deadline = self._loop.time() + self._timeout
        while self._open >= CALLS_AT_ONCE:
            await self._admission(deadline)
        if self._closed:
            raise StoreDown(f"the connection to Redis at {self.where} is closed")
        call = _Call(packed, self._loop.create_future(), deadline)
        self._open += 1
        self._outbox.append(call)
        if not self._flush_soon:
            self._flush_soon = True
            self._loop.call_soon(self.flush)
        return await call.reply

    async def script(self, program: Program, keys: Sequence[str], args: Iterable[str | bytes | float]) -> Any:
        """EVALSHA, or EVAL where the server does not know the script (a restart, a new primary, SCRIPT FLUSH)."""
        tail = (len(keys), *keys, *args)
        try:
            return await self.call("EVALSHA", program.sha, *tail)
        except NoScriptError:
            return await self.call("EVAL", program.text, *tail)

    async def now_ms(self) -> int:
        """The server's clock in milliseconds since 1970."""
        seconds, micros = await self.call("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    async def scan(self, pattern: str = "*") -> AsyncIterator[str]:
        """Every key that matches, some perhaps twice; for audits and tests, not for use cases."""
        cursor = b"0"
        while True:
            cursor, names = await self.call("SCAN", cursor, "MATCH", pattern, "COUNT", 500)
            for name in names:
                yield name.decode()
            if cursor == b"0":
                return

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        """Payloads of a channel, over a connection of its own; see `listening.listen`."""
        return listen(lambda: Redis(connection_pool=self._pool), channel)

    async def aclose(self) -> None:
        """Close; what is still in flight ends in StoreDown, its outcome unknown."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        pending = list(self._outbox)
        if (wire := self._wire) is not None:
            self._wire = None
            pending.extend(wire.in_flight)
            wire.in_flight.clear()
            wire.cut()
        self._outbox.clear()
        for call in pending:
            self._fail(call, "the connection was closed")
        await self._pool.disconnect()
        if isinstance(self._pool, SentinelConnectionPool):
            await self._pool.sentinel_manager.aclose()

    def flush(self) -> None:
        """Write what is waiting, in one piece."""
        self._flush_soon = False
        if not self._ticking and self._outbox:
            self._ticking = True
            self._loop.call_later(min(0.5, self._timeout / 4), self._tick)
        wire = self._wire
        if wire is None:
            self._reconnect()
        elif wire.writable and self._outbox:
            calls = [call for call in self._outbox if not call.reply.done()]
            self._open -= len(self._outbox) - len(calls)  # callers that were cancelled before anything was sent
            self._outbox.clear()
            self.round_trips += 1
            wire.send(calls)

    def replied(self, call: _Call, reply: Any) -> None:
        """Hand a reply to whoever called; a caller that was cancelled has still used up its place in the order."""
        self._done()
        if call.reply.done():
            return
        if isinstance(reply, Exception):
            call.reply.set_exception(reply)
        else:
            call.reply.set_result(reply)

    def lost(self, wire: _Wire, error: BaseException | None) -> None:
        """Take back what was in flight, to send it again over the next connection."""
        self._trouble = error or self._trouble
        if self._wire is wire:
            self._wire = None
            self._delay = 0.0 if self._loop.time() - wire.since > 1 else max(self._delay, BACK_OFF[0])
            wire.cut()
        again = list(wire.in_flight)
        wire.in_flight.clear()
        for call in reversed(again):
            call.breaks += not isinstance(error, TurnedAway)
            if call.breaks > BREAKS_AT_MOST:
                self._fail(call, f"the connection broke {call.breaks} times while it was under way")
            else:
                self._outbox.appendleft(call)
        self._reconnect()

    def _reconnect(self) -> None:
        if self._wire is None and self._connecting is None and not self._closed:
            self._connecting = self._loop.create_task(self._connect_again())

    async def _connect_again(self) -> None:
        try:
            while self._wire is None:
                await asyncio.sleep(self._delay * random.uniform(0.5, 1))  # noqa: S311
                self._delay = min(max(self._delay * 2, BACK_OFF[0]), BACK_OFF[1])
                try:
                    self._wire = await self._make_wire()
                except (RedisError, OSError) as error:
                    self._trouble = error
        finally:
            self._connecting = None
        self.flush()

    async def _make_wire(self) -> _Wire:
        connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            # HELLO is answered while the server still loads its data, PING is not.
            await connection.send_command("PING")
            await connection.read_response()
            return _Wire(self, connection)
        except BaseException:
            with contextlib.suppress(RedisError, OSError):
                await connection.disconnect(nowait=True)
            raise

    async def _admission(self, deadline: float) -> None:
        place: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout_at(deadline):
                await place
        except TimeoutError:
            raise StoreDown(self._explain(f"{CALLS_AT_ONCE} calls are waiting for it")) from self._trouble
        except asyncio.CancelledError:
            self._admit()
            raise

    def _admit(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return

    def _done(self) -> None:
        self._open -= 1
        if self._waiting:
            self._admit()

    def _fail(self, call: _Call, why: str) -> None:
        self._done()
        if not call.reply.done():
            call.reply.set_exception(StoreDown(self._explain(why)))

    def _explain(self, why: str) -> str:
        last = f" ({self._trouble})" if self._trouble and self._wire is None else ""
        return f"Redis at {self.where} does not answer: {why}{last}"

    def _tick(self) -> None:
        now = self._loop.time()
        why = f"no reply in {self._timeout:g} s"
        wire = self._wire
        if wire is not None and wire.in_flight and wire.in_flight[0].deadline < now:
            # Replies come in order: if the oldest is that late, the connection is dead or the server stuck.
            while wire.in_flight and wire.in_flight[0].deadline < now:
                self._fail(wire.in_flight.popleft(), why)
            self.lost(wire, None)
        while self._outbox and self._outbox[0].deadline < now:
            self._fail(self._outbox.popleft(), why)
        self._ticking = self._open > 0
        if self._ticking:
            self._loop.call_later(min(0.5, self._timeout / 4), self._tick)


def to_error(message: str) -> Exception:
    """An error reply, by what its caller should do."""
    word = message.partition(" ")[0]
    if word in TURNED_AWAY:
        return TurnedAway(message)
    if word in UNFIT:
        return StoreDown(f"Redis refuses: {message}")
    return NoScriptError(message) if word == "NOSCRIPT" else ResponseError(message)
