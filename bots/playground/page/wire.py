"""The wire as the page shows it: the newest calls, each body cut to what a person would read."""

from __future__ import annotations

import json
from typing import Any

from bots.playground.page.doors import Json, Query
from bots.playground.wire import Call, Wire

CALLS = 200
BODY = 4_096  # characters


class WirePane:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def read(self, query: Query) -> Json:
        """With `after`, only the calls with a greater number. A body that is too long comes as text, cut."""
        calls = self._wire.newest(CALLS, int(query.get("after") or 0))
        return {
            "calls": [_call(number, call) for number, call in calls],
            "last": self._wire.last,
            "problems": self._wire.wrong,
        }


def _call(number: int, call: Call) -> Json:
    request, request_cut = _short(call.request)
    response, response_cut = _short(call.response)
    return {
        "n": number,
        "at": call.at,
        "side": call.side,
        "direction": call.direction,
        "method": call.method,
        "request": request,
        "status": call.status,
        "response": response,
        "problems": list(call.problems),
        "cut": request_cut or response_cut,
    }


def _short(body: object) -> tuple[Any, bool]:
    written = json.dumps(body, default=str, ensure_ascii=False)
    return (body, False) if len(written) <= BODY else (written[:BODY], True)
