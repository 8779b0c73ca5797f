"""Modals that stand at once and say more when there is something to say: within three seconds is only time to open."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field
from typing import Any

from bots.slack.client import Client
from bots.slack.errors import said
from bots.slack.modals import waiting_view
from core.errors import Gone, OutsideError
from core.ports.chat import Voice

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds, while Slack or another process may still be opening it

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Windows:
    """Each is known by what it was opened for. `opening`: those that this process is about to open."""

    client: Client
    voice: Voice
    opening: dict[str, "asyncio.Event"] = field(default_factory=dict)

    async def open(self, key: str, trigger: str) -> None:
        """Best effort: what it would have shown is then said directly."""
        name = _name(key)
        done = self.opening.setdefault(name, asyncio.Event())
        try:
            await self.client.call(self.client.web.views_open, trigger_id=trigger, view=waiting(key, self.voice))
        except OutsideError as error:
            log.warning("A window could not be opened: %s", error)
        finally:
            done.set()
            self.opening.pop(name, None)

    async def fill(self, key: str, view: dict[str, Any]) -> None:
        """Raises Gone where it was closed, or never stood."""
        name = _name(key)
        if here := self.opening.get(name):
            await here.wait()
        for pause in PAUSES:
            try:
                await self._update({**view, "external_id": name}, external_id=name)
            except Gone:
                await asyncio.sleep(pause)
            else:
                return
        raise Gone(said("window_closed"))

    async def put(self, view_id: str, view: dict[str, Any]) -> None:
        """In place of what the window showed; raises Gone where it was closed."""
        await self._update(view, view_id=view_id)

    async def _update(self, view: dict[str, Any], **which: Any) -> None:
        await self.client.call(self.client.web.views_update, view=view, **which)


def waiting(key: str, voice: Voice) -> dict[str, Any]:
    """What stands there until it is known what to show; by its name it is found, and not before it stands."""
    return {**waiting_view(voice), "external_id": _name(key)}


def _name(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
