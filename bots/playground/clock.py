"""The playground's clock: the machine's, set forward by hand, so that a day of waiting is a press."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

from bots.playground.hand_door import check, json_object, refused

LONGEST_MOVE = 90 * 86_400  # seconds


class HandSetClock:
    """Calling it tells the seconds since 1970. `followers` are told by how many seconds it is ahead of the machine's.

    It is never set back: what was said already would then lie in the future. So whoever keeps what was said gives the
    next one the same `ahead`.
    """

    def __init__(self, ahead: float = 0.0) -> None:
        """Raises ValueError for what is no step forward."""
        if not 0 <= float(ahead) < float("inf"):
            raise ValueError(f"{ahead} is no number of seconds to be ahead.")
        self.ahead = float(ahead)
        self.followers: list[Callable[[float], None]] = []
        self.watchers: list[Callable[[], None]] = []  # only told that it was set

    def __call__(self) -> float:
        return time.time() + self.ahead

    def move(self, seconds: float) -> None:
        """Raises ValueError for what is no step forward of at most 90 days, and where no Shopbell comes along."""
        if not self.followers:
            raise ValueError("No Shopbell lives by this clock: `shopbell play` starts one that does.")
        if not 0 < seconds <= LONGEST_MOVE:
            raise ValueError(f"The clock is set forward, by at most {LONGEST_MOVE // 86_400} days at once.")
        self.ahead += seconds
        for follow in self.followers:
            follow(self.ahead)
        for watch in self.watchers:
            watch()

    def text(self) -> str:
        """RFC 3339, in UTC."""
        return datetime.fromtimestamp(self(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def read(self) -> dict[str, object]:
        """As the page shows it."""
        return {"now": self.text(), "ahead": self.ahead, "movable": bool(self.followers)}

    def routes(self) -> list[web.RouteDef]:
        """POST /clock/move with `{"seconds": 3600}`."""
        return [web.post("/clock/move", self._move)]

    async def _move(self, request: web.Request) -> web.Response:
        try:
            asked = await json_object(request)
            check(asked, {"seconds": (float, True)}, "The clock")
            self.move(asked["seconds"])
        except ValueError as error:
            return refused(400, str(error))
        return web.json_response({"now": self.text()})
