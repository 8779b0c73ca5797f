"""Socket Mode from Slack's side: connections, and envelopes that want an acknowledgement."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from bots.playground.slack.state import APP, Json


class Sockets:
    """Open connections; each envelope goes to one of them, in turn."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._open: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self._acks: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._open)

    def ticket(self) -> str:
        ticket = secrets.token_urlsafe(12)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="no such ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open[socket] = request.transport
        try:
            await socket.send_json(self._hello())
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._heard(frame.data)
        finally:
            self._forget(socket)
        return socket

    async def send(self, type: str, payload: Json, seconds: float, retry: tuple[int, str] | None = None) -> Any:
        """The payload of the acknowledgement, or None; raises TimeoutError or ConnectionError when there is none."""
        if not self._open:
            raise ConnectionError("no Socket Mode connection")
        self._turn += 1
        socket = list(self._open)[self._turn % len(self._open)]
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": type,
            "payload": payload,
            "accepts_response_payload": type != "events_api",
        }
        if retry:
            envelope |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
        ack: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._acks[envelope["envelope_id"]] = (socket, ack)
        try:
            await socket.send_json(envelope)
            return await asyncio.wait_for(ack, seconds)
        finally:
            del self._acks[envelope["envelope_id"]]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ends every connection as Slack does: a word of warning, then the close."""
        for socket in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}})
            self._forget(socket)
            await socket.close()

    def break_off(self) -> None:
        """Ends every connection with no warning and no close frame."""
        for socket, transport in list(self._open.items()):
            self._forget(socket)
            if transport is not None:
                transport.abort()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": APP},
            "debug_info": {"host": "stand-in", "approximate_connection_time": 3600},
        }

    def _heard(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        _, ack = self._acks.get(said.get("envelope_id", ""), (None, None))
        if ack is not None and not ack.done():
            ack.set_result(said.get("payload"))

    def _forget(self, socket: web.WebSocketResponse) -> None:
        """What this connection had not acknowledged will never be."""
        self._open.pop(socket, None)
        for carrier, ack in self._acks.values():
            if carrier is socket and not ack.done():
                ack.set_exception(ConnectionError("the Socket Mode connection ended"))
