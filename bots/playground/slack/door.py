"""The one door for calls from the app: what goes wrong on demand, and a line on the wire for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from bots.playground.faults import hang_up
from bots.playground.slack.state import Json, State
from bots.playground.wire import Call


@dataclass(frozen=True, slots=True)
class Outcome:
    body: Json | str
    status: int = 200
    problems: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        if isinstance(self.body, str):
            return web.Response(text=self.body, status=self.status, headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)


async def pass_through(
    state: State, request: web.Request, method: str, fields: Json, work: Callable[[], Awaitable[Outcome]]
) -> web.StreamResponse:
    """Does the work, unless a fault says otherwise."""

    def record(status: int | None, response: object, problems: tuple[str, ...] = ()) -> None:
        state.wire.record(Call(state.clock(), "slack", "to", method, fields, status, response, problems))

    fault = await state.faults.match("slack", method, fields)
    if fault and fault.kind == "drop_before":
        record(None, "dropped before it was processed")
        return hang_up(request)
    if fault and fault.kind == "status":
        record(fault.status, fault.body)
        return fault.response()
    if fault and fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    outcome = await work()
    if fault and fault.kind == "drop_after":
        record(None, {"processed": outcome.body}, outcome.problems)
        return hang_up(request)
    record(outcome.status, outcome.body, outcome.problems)
    return outcome.response()
