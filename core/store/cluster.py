"""The engine over a Redis Cluster: redis-py's client, with its traps fenced."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.connection import ConnectionPool
from redis.exceptions import (
    AskError,
    ClusterError,
    DataError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TryAgainError,
)

from core.errors import StoreDown
from core.store.coalescer import CALL_TIMEOUT, UNFIT, Program
from core.store.listening import listen

# redis-py opens a connection a call, 100 a node at most, and raises beyond instead of waiting.
CALLS_AT_ONCE = 64

# Nothing that another moment would mend.
_FINAL = (DataError, NoScriptError)
# A slot or its primary moves.
_MOVING = (AskError, ClusterError, ReadOnlyError, TryAgainError)
# Nobody answers as he should; the AttributeError is a slip of redis-py 8.1 while it closes connections.
_BROKEN = (AttributeError, OSError, RedisClusterException, RedisError)
_ON_EVERY_PRIMARY = frozenset({"FLUSHALL", "SCRIPT"})
_ON_ANY_PRIMARY = frozenset({"CLIENT", "CLUSTER", "CONFIG", "ECHO", "INFO", "PING", "PUBLISH", "TIME"})
# What redis-py needs for itself; every other reply comes as hiredis gives it, as from a single server.
_CALLBACKS_TO_KEEP = ("CLUSTER", "COMMAND", "SCAN")


class ClusterEngine:
    """Like `Coalescer`, but a call is a connection's own; a call may be executed more than once here, too."""

    def __init__(self, cluster: RedisCluster, where: str, *, timeout: float = CALL_TIMEOUT) -> None:
        self.where = where
        self.round_trips = 0
        self._cluster = cluster
        self._timeout = timeout
        self._places = asyncio.Semaphore(CALLS_AT_ONCE)
        self._under_way: set[asyncio.Task[Any]] = set()
        callbacks = cluster.response_callbacks
        for name in [name for name in callbacks if not name.startswith(_CALLBACKS_TO_KEEP)]:
            del callbacks[name]

    async def open(self, patience: float = 0.0) -> None:
        """Read the map of the cluster; StoreDown when no node gives it within `patience` seconds."""
        until = asyncio.get_running_loop().time() + patience
        while True:
            try:
                _ = await self._cluster.initialize()
                return
            except _BROKEN as error:
                if asyncio.get_running_loop().time() >= until:
                    raise StoreDown(f"the Redis Cluster at {self.where} does not answer: {error}") from error
            await asyncio.sleep(0.05)

    async def call(self, *args: str | bytes | float) -> Any:
        """One command whose first argument is its key, or one that has none; raises StoreDown, ResponseError."""
        # A caller that gives up must not take the call with it: redis-py 8.1 leaks a connection cancelled half made.
        task = asyncio.create_task(self._persist(args))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def script(self, program: Program, keys: Sequence[str], args: Iterable[str | bytes | int | float]) -> Any:
        """EVALSHA, or EVAL where the node does not know the script: a promoted replica never does."""
        tail = (len(keys), *keys, *args)
        try:
            return await self.call("EVALSHA", program.sha, *tail)
        except NoScriptError:
            return await self.call("EVAL", program.text, *tail)

    async def now_ms(self) -> int:
        """The clock of one node, in milliseconds since 1970."""
        seconds, micros = await self.call("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    async def scan(self, pattern: str = "*") -> AsyncIterator[str]:
        """Every key of every node that matches, some perhaps twice; for audits and tests, not for use cases."""
        async for name in self._cluster.scan_iter(match=pattern, count=500):
            yield name.decode()

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        """Payloads of a channel, which a cluster carries to all its nodes; see `listening.listen`."""
        return listen(self._any_node, channel)

    async def aclose(self) -> None:
        """Wait for what is under way, then close."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._cluster.aclose()

    async def _persist(self, args: Sequence[str | bytes | float]) -> Any:
        last: BaseException | None = None
        try:
            async with asyncio.timeout(self._timeout), self._places:
                delay = 0.05
                while True:
                    try:
                        return await self._once(args)
                    except _FINAL:
                        raise
                    except _MOVING as error:
                        last = error
                    except ResponseError as error:
                        _refuse(error)
                        raise
                    except _BROKEN as error:
                        last = error
                    await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311
                    delay = min(delay * 2, 1.0)
        except TimeoutError:
            why = f"no reply in {self._timeout:g} s ({last})"
            raise StoreDown(f"the Redis Cluster at {self.where} does not answer: {why}") from last

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also when its caller has given up

    async def _once(self, args: Sequence[str | bytes | float]) -> Any:
        self.round_trips += 1
        if args[0] in _ON_EVERY_PRIMARY:
            nodes = self._cluster.get_primaries()
            return (await asyncio.gather(*(node.execute_command(*args) for node in nodes)))[0]
        if args[0] in _ON_ANY_PRIMARY:
            return await random.choice(self._cluster.get_primaries()).execute_command(*args)  # noqa: S311
        return await self._cluster.execute_command(*args)

    def _any_node(self) -> Redis:
        node = self._cluster.get_random_node()
        return Redis.from_pool(ConnectionPool(node.connection_class, **node.connection_kwargs))


def _refuse(error: ResponseError) -> None:
    if isinstance(error, OutOfMemoryError) or str(error).partition(" ")[0] in UNFIT:
        raise StoreDown(f"Redis refuses: {error}") from error
