"""What a member is offered while they type the bot's name and some words: the seller's quick responses.

Telegram calls it inline mode; @BotFather switches it on. A query says who types and not where, and the message that
comes of it says by its text which one was taken.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions

from bots.telegram.app import App
from bots.telegram.texts import one_line
from core.domain.actions import Find
from core.domain.cards import Offer
from core.domain.members import Identity
from core.domain.rooms import Address, Place, RoomKind
from core.errors import OutsideError, StoreDown
from core.ports.chat import Act, Memory

PLATFORM = "telegram"
MOST = 50  # results, core.telegram.org/bots/api#answerinlinequery
TITLE_LIMIT, ABOUT_LIMIT = 64, 120  # what a phone shows in a line, and in two
HERE = (None, "sender", "group", "supergroup")  # not in a talk with somebody else, which the bot does not hear
SPOKE_SECONDS = 30 * 24 * 3600

log = logging.getLogger(__name__)


class Whereabouts:
    """In which group a person did something last: there they look for what its seller has."""

    def __init__(self, memory: Memory, bot_id: str) -> None:
        self._memory = memory
        self._bot_id = bot_id

    async def note(self, place: Place, by: Identity) -> None:
        if place.kind is not RoomKind.DIRECT and not by.outsider:
            said = f"{place.address.chat}/{place.address.thread or ''}"
            await self._memory.put(self._name(by.user), said, seconds=SPOKE_SECONDS)

    async def places(self, user: str) -> list[Place]:
        """The person's own chat with the bot, then that group."""
        own = Place(Address(PLATFORM, self._bot_id, user), RoomKind.DIRECT, "")
        chat, _, thread = (await self._memory.get(self._name(user)) or "").partition("/")
        group = Place(Address(PLATFORM, self._bot_id, chat, thread or None), RoomKind.PRIVATE, "")
        return [own, group] if chat else [own]

    def _name(self, user: str) -> str:
        return f"telegram/{self._bot_id}/spoke/{user}"


class Inline:
    """Nothing of a query is kept: the next key that is pressed makes it stale."""

    def __init__(self, app: App, act: Act, memory: Memory) -> None:
        self._app = app
        self._act = act
        self._whereabouts = Whereabouts(memory, app.bot_id)
        self._answering: dict[str, asyncio.Task[None]] = {}

    def take(self, query: Mapping[str, Any]) -> None:
        """Answers beside the way in; of one person only what they typed last."""
        match query:
            case {"id": str(id), "from": {"id": int(user), "first_name": str(name)}, "query": str(words)}:
                if query.get("chat_type") in HERE:
                    self._begin(id, Identity(PLATFORM, self._app.bot_id, str(user), name), words)

    def _begin(self, id: str, by: Identity, words: str) -> None:
        if before := self._answering.get(by.user):
            before.cancel()
        task = asyncio.create_task(self._answer(id, by, words))
        self._answering[by.user] = task
        task.add_done_callback(lambda done: self._end(by.user, done))

    def _end(self, user: str, done: asyncio.Task[None]) -> None:
        if self._answering.get(user) is done:
            del self._answering[user]

    async def _answer(self, id: str, by: Identity, words: str) -> None:
        try:
            await self._app.offer(id, [_result(offer) for offer in await self._find(id, by, words)])
        except (OutsideError, StoreDown) as error:
            log.info("What somebody looked for was not answered: %s", error)

    async def _find(self, id: str, by: Identity, words: str) -> list[Offer]:
        """Of the first place where they may answer."""
        for place in await self._whereabouts.places(by.user):
            answer = await self._act(Find(f"{self._app.bot_id}/inline_query/{id}", by, place, words))
            if answer.offers:
                return list(answer.offers[:MOST])
        return []

    async def aclose(self) -> None:
        tasks = list(self._answering.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _result(offer: Offer) -> InlineQueryResultArticle:
    text = InputTextMessageContent(offer.text.text, link_preview_options=LinkPreviewOptions(is_disabled=True))
    title, about = one_line(offer.title.text, TITLE_LIMIT), one_line(offer.text.text, ABOUT_LIMIT)
    return InlineQueryResultArticle(offer.id, title, text, description=about)
