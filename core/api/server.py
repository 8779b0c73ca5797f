"""Serve the web door over HTTP in the loop that is running; it ends itself what a reverse proxy would end for it."""

import asyncio
import contextlib
import socket
from asyncio import Task, TimerHandle
from collections.abc import Iterator
from typing import Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from core.api.problems import App
from core.errors import Misconfigured

HEAD_SECONDS = 10.0
HEAD_BYTES = 64 * 1024
MOST_HEADERS = 100
KEEP_ALIVE_SECONDS = 75  # longer than a proxy's, so that it never sends into a connection we just closed
DRAIN_SECONDS = 10
CONNECTIONS = 1_000
_BACKLOG = 2_048
_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Server:
    """`async with Server(app, "127.0.0.1:8080") as server:` answers at `server.url` until left, then drains 10 s."""

    def __init__(self, app: App, listen: str, *, connections: int = CONNECTIONS) -> None:
        self._listen = listen
        self._http = _Uvicorn(_configured(app, connections))
        self.url = ""
        self._serving: Task[None] | None = None

    async def start(self) -> None:
        """Raises Misconfigured where the address is malformed, taken or not ours."""
        bound = bind(self._listen)
        host, port = bound.getsockname()[:2]  # the port that was found where 0 was asked for
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._serving = asyncio.create_task(self._http.serve(sockets=[bound]), name="api")
        up = asyncio.create_task(self._http.up.wait())
        await asyncio.wait({up, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._serving.done():
            await self._serving

    async def wait(self) -> None:
        """Until it ends; raises what ended it."""
        if self._serving:
            await asyncio.shield(self._serving)

    async def stop(self) -> None:
        """No new connections; what is being answered gets 10 s to end."""
        self._http.should_exit = True
        if self._serving:
            await self._serving

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def bind(listen: str) -> socket.socket:
    """A socket bound to `host:port` or `[::1]:port`. Raises Misconfigured."""
    host, _, port = listen.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not bare or not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise Misconfigured([f'SHOPBELL_LISTEN is "{listen}"; write a host and a port, as in 127.0.0.1:8080.'])
    try:
        family, kind, _, _, address = socket.getaddrinfo(bare, int(port), type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
    except OSError as error:
        raise _cannot_listen(listen, error) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _cannot_listen(listen, error) from error
    bound.setblocking(False)
    return bound


def _cannot_listen(listen: str, error: OSError) -> Misconfigured:
    reason = error.strerror or str(error)
    return Misconfigured([f"SHOPBELL_LISTEN: nothing can listen on {listen} ({reason}). Free it, or choose another."])


def _configured(app: App, connections: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        loop="none",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=connections,
        backlog=_BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


class _Uvicorn(uvicorn.Server):
    """Says when it is up, and leaves the signals to whoever runs the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(HttpToolsProtocol):
    """uvicorn waits for ever for the rest of a head, and for a head of any size. This one does not."""

    _head_timer: TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and self._is_idle():
            self._expect_head()
        super().data_received(data)
        if self._head_timer is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.transport.write(_HEAD_TOO_LARGE)
                self.transport.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        # What is raised in a callback of the parser is answered as a malformed request.
        if len(self.headers) >= MOST_HEADERS:
            raise ValueError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head_is_here()
        super().on_headers_complete()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # None until a request

    def _expect_head(self) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_is_here(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
