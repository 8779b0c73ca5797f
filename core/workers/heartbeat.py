"""The heartbeat: a watchdog outside hears from us after each healthy round, and raises the alarm when it does not."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from core.clock import Clock
from core.config import Section, is_on
from core.errors import OutsideError
from core.marketplaces.egress import Egress, ForbiddenTarget, check_url
from core.observability import log
from core.rendering import in_english

SETTING = "SHOPBELL_HEARTBEAT_URL"
EVERY = 60_000  # milliseconds between two, at least


def heartbeat_faults(named: Mapping[str, str]) -> Sequence[str]:
    """What is wrong with the address, by the rules for all addresses that somebody gave us."""
    url = named.get(SETTING, "")
    try:
        if url:
            check_url(url, allow_local=is_on(named.get("SHOPBELL_ALLOW_LOCAL_CALLBACKS", "")))
    except ForbiddenTarget as error:
        return [str(error).replace("The callback URL", SETTING)]
    return ()


SECTION = Section(names=(), faults=heartbeat_faults)


class Heartbeat:
    """The address is never logged: whoever knows it can speak for us."""

    def __init__(self, egress: Egress, url: str, clock: Clock) -> None:
        self._egress, self._url, self._clock = egress, url, clock
        self._last = 0
        self._failing = False
        self.host = urlsplit(url).hostname or ""

    async def beat(self) -> None:
        """Unless the last one is less than a minute ago. A failure is logged once, until one succeeds."""
        wall = self._clock.wall()
        if wall - self._last < EVERY:
            return
        self._last = wall
        problem = await self.try_once()
        if problem and not self._failing:
            log().warning("heartbeat_failed", host=self.host, why=problem)
        self._failing = bool(problem)

    async def try_once(self) -> str:
        """What went wrong; empty when it was taken."""
        try:
            reply = await self._egress.get(self._url)
        except ForbiddenTarget as error:
            return str(error)
        except OutsideError as error:
            return in_english(error.kept)
        return "" if reply.status < 300 else f"it answers {reply.status}."
