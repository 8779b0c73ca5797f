"""Topics of a forum: one a card, closed while its card is settled, and opened again by what comes next."""

import logging
from collections.abc import Awaitable, Callable

from bots.telegram.app import App, Spot
from bots.telegram.errors import TopicClosed, said
from bots.telegram.messages import Drawn
from core.domain.cards import CardRef
from core.errors import Rejected, TryLater
from core.ports.chat import Memory

REMEMBERED = 30 * 24 * 3600  # seconds; forgotten, a topic is closed once more, which changes nothing

log = logging.getLogger(__name__)


class Topics:
    def __init__(self, app: App, memory: Memory) -> None:
        self._app = app
        self._memory = memory

    async def send(self, ref: CardRef, drawn: Drawn, *, silent: bool) -> str:
        """Beside the card, or where it will stand; the new message's id. A topic of ours that is closed is opened."""
        chat, topic = ref.address.chat, ref.address.thread
        spot = Spot(chat, topic, ref.message or None)
        try:
            return await self._app.send(spot, drawn, silent=silent)
        except TopicClosed:
            if topic is None or not ref.own_thread:
                raise
            await self._app.reopen_topic(chat, topic)
            return await self._app.send(spot, drawn, silent=silent)

    async def show(self, ref: CardRef, send: Callable[[Spot], Awaitable[str]]) -> str:
        """What `send` answers, there. What can be sent but once is asked for again where the topic was closed."""
        chat, topic = ref.address.chat, ref.address.thread
        try:
            return await send(Spot(chat, topic, ref.message or None))
        except TopicClosed as error:
            if topic is None or not ref.own_thread:
                raise
            await self._app.reopen_topic(chat, topic)
            raise TryLater(said("topic_was_closed"), after=0) from error

    async def settle(self, ref: CardRef, *, settled: bool) -> None:
        """As the card is. That the bot may not do it is no reason to hold the card back."""
        chat, topic = ref.address.chat, ref.address.thread
        if topic is None or not ref.own_thread:
            return
        key = f"telegram/closed/{chat}/{topic}"
        if (await self._memory.get(key) is not None) is settled:
            return
        try:
            await (self._app.close_topic if settled else self._app.reopen_topic)(chat, topic)
        except Rejected as error:
            log.info("A topic was not %s: %s", "closed" if settled else "opened", error)
            return
        if settled:
            await self._memory.put(key, "1", seconds=REMEMBERED)
        else:
            await self._memory.take(key)
