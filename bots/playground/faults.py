"""Faults on demand: what a stand-in does wrong, to which calls, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from aiohttp import web

from bots.playground.hand_door import check, json_object, refused, taken_by
from bots.playground.wire import Side

Kind = Literal["status", "delay", "drop_before", "drop_after"]


@dataclass(frozen=True, slots=True)
class Fault:
    """`method` is a glob; `where` must equal request fields; `times` None means until removed.

    `status` answers with `status`, `headers` and `body` in place of processing; `delay` waits `seconds`, then goes on;
    `drop_before` closes the connection unprocessed; `drop_after` processes and closes it without an answer.
    """

    side: Side
    method: str = "*"
    where: dict[str, Any] = field(default_factory=dict)
    kind: Kind = "status"
    status: int = 500
    body: dict[str, Any] | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    times: int | None = None

    def hits(self, side: Side, method: str, request: Mapping[str, Any]) -> bool:
        # Compared as text: a form says "5" where JSON says 5.
        return (
            side == self.side
            and fnmatchcase(method, self.method)
            and all(name in request and str(request[name]) == str(value) for name, value in self.where.items())
        )

    def response(self) -> web.Response:
        """The answer of a `status` fault."""
        if isinstance(self.body, dict):
            return web.json_response(self.body, status=self.status, headers=self.headers)
        return web.Response(text=self.body or "", status=self.status, headers=self.headers)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, shape: Mapping[str, Any]) -> Fault:
        """Raises ValueError for an unknown field, and for a value that the field cannot have."""
        check(shape, taken_by(cls), "A fault")
        return cls(**shape)


def hang_up(request: web.Request) -> web.Response:
    """Closes the caller's connection with nothing said; return its result from the handler."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


class Faults:
    """The faults in force, oldest first; the first that matches a call is the one that happens."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._added = 0

    def add(self, fault: Fault) -> str:
        self._added += 1
        name = f"fault-{self._added}"
        self._faults[name] = fault
        return name

    def remove(self, name: str) -> None:
        self._faults.pop(name, None)

    def clear(self) -> None:
        self._faults.clear()

    def all(self) -> dict[str, Fault]:
        return dict(self._faults)

    async def match(self, side: Side, method: str, request: Mapping[str, Any]) -> Fault | None:
        """The fault for this call, if any, with one of its `times` used up."""
        for name, fault in self._faults.items():
            if fault.hits(side, method, request):
                self._use(name, fault)
                return fault
        return None

    def _use(self, name: str, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[name]
        else:
            self._faults[name] = replace(fault, times=fault.times - 1)

    def routes(self) -> list[web.RouteDef]:
        """GET lists, POST adds (JSON of a Fault), DELETE /faults/{id} removes, DELETE /faults clears."""
        return [
            web.get("/faults", self._list),
            web.post("/faults", self._add),
            web.delete("/faults", self._clear),
            web.delete("/faults/{id}", self._remove),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response({name: fault.as_json() for name, fault in self._faults.items()})

    async def _add(self, request: web.Request) -> web.Response:
        try:
            return web.json_response({"id": self.add(Fault.from_json(await json_object(request)))})
        except ValueError as error:
            return refused(400, str(error))

    async def _clear(self, request: web.Request) -> web.Response:
        self.clear()
        return web.json_response({})

    async def _remove(self, request: web.Request) -> web.Response:
        self.remove(request.match_info["id"])
        return web.json_response({})
