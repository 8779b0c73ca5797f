"""Overview → Home tab, within its limits whatever anybody wrote; and its publishing."""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from bots.slack.blocks import Block, drawn_button, literal, marked
from bots.slack.client import Client
from bots.slack.people import PLATFORM, People
from bots.slack.texts import link, mrkdwn, plain_text
from core.domain.cards import Button, CardRef
from core.domain.overviews import Overview, Row, Section
from core.domain.texts import plain
from core.errors import TryLater
from core.ports.chat import Memory, Say, Voice

TITLE, SAID, ROW, FOOT = 150, 2500, 1500, 1000
IN_A_ROW = 12  # buttons; Slack takes 25
KEPT_SECONDS = 30 * 86_400


class Home:
    """Each drawing must follow the last that we know of: of two at once the older one is refused, and drawn anew."""

    def __init__(self, client: Client, people: People, memory: Memory, voice: Voice) -> None:
        self._client = client
        self._people = people
        self._memory = memory
        self._voice = voice

    async def publish(self, user: str, overview: Overview) -> None:
        """Raises TryLater where it changed meanwhile."""
        home = await self._people.home()
        view = home_view(overview, home.url, self._voice)
        known = await self._memory.get(_key(user))
        asked: dict[str, Any] = {"hash": known} if known else {}
        try:
            shown = await self._client.call(self._client.web.views_publish, user_id=user, view=view, **asked)
        except TryLater:
            # Whoever outran us wrote down theirs, or died before that: then no hash stands in the way next time.
            if known and await self._memory.get(_key(user)) == known:
                await self._memory.take(_key(user))
            raise
        await self.note(user, shown.get("view") or {})

    async def note(self, user: str, view: dict[str, Any]) -> None:
        """What stands there now, as Slack tells."""
        if stands := view.get("hash"):
            await self._memory.put(_key(user), str(stands), seconds=KEPT_SECONDS)


def home_view(overview: Overview, url: str, voice: Voice) -> dict[str, Any]:
    """`url` is the workspace's own, for links to cards."""
    numbers = itertools.count()
    blocks = list(_said("head", mrkdwn(overview.head, SAID)))
    for place, section in enumerate(overview.sections):
        blocks += _section(section, voice.say, url, str(place), numbers)
    blocks += _said("foot", mrkdwn(overview.foot, FOOT))
    return {"type": "home", "blocks": blocks, "private_metadata": json.dumps({"language": voice.language})}


def _section(shown: Section, say: Say, url: str, place: str, numbers: Iterator[int]) -> Iterator[Block]:
    room = shown.address.chat
    yield {"type": "header", "block_id": f"title:{place}", "text": literal(plain_text(shown.title, TITLE))}
    yield from _said(f"availability:{place}", mrkdwn(shown.availability, SAID))
    yield from _buttons(f"switch:{place}", shown.switch, room, numbers)
    yield from _said(f"waiting:{place}", mrkdwn(shown.waiting, SAID))
    for row, each in enumerate(shown.rows):
        yield from _row(f"row:{place}:{row}", each, say, room, url, numbers)
    yield from _buttons(f"turns:{place}", shown.turns, room, numbers)
    yield from _buttons(f"menu:{place}", shown.menu, room, numbers)
    yield {"type": "divider", "block_id": f"end:{place}"}


def _row(name: str, row: Row, say: Say, room: str, url: str, numbers: Iterator[int]) -> Iterator[Block]:
    way = f" {link(_permalink(url, row.card), plain(say('slack/phrases#open_card')))}" if row.card and url else ""
    for block in _said(name, mrkdwn(row.text, ROW) + way):
        drawn = [element for each in row.buttons[:1] if (element := drawn_button(next(numbers), each, room))]
        yield {**block, "accessory": drawn[0]} if drawn else block


def _said(name: str, text: str) -> Iterator[Block]:
    if text.strip():
        yield {"type": "section", "block_id": name, "text": marked(text)}


def _buttons(name: str, buttons: Sequence[Button], room: str, numbers: Iterator[int]) -> Iterator[Block]:
    shown = [element for each in buttons[:IN_A_ROW] if (element := drawn_button(next(numbers), each, room))]
    if shown:
        yield {"type": "actions", "block_id": name, "elements": shown}


def _permalink(url: str, card: CardRef) -> str:
    return f"{url}archives/{card.address.chat}/p{card.message.replace('.', '')}"


def _key(user: str) -> str:
    return f"{PLATFORM}/home/{user}"
