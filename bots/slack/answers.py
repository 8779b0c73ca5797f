"""Shows a member what came of what they did, where they did it."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bots.slack.actions import Spot
from bots.slack.blocks import TOP_TEXT, answer_message, answer_words
from bots.slack.client import Client
from bots.slack.errors import Unpresentable
from bots.slack.texts import mrkdwn
from core.domain.cards import Answer
from core.domain.texts import Text
from core.errors import AccessLost, Gone, OutsideError, Rejected
from core.ports.chat import Say

EVENT = "shopbell_answer"
# Slack looks for names, channels and addresses in what it is given unless it is told not to, each time.
PLAINLY: dict[str, Any] = {"parse": "none"}
UNFURLED: dict[str, Any] = {**PLAINLY, "unfurl_links": False, "unfurl_media": False}

log = logging.getLogger(__name__)
Way = Callable[[], Awaitable[None]]


def is_empty(answer: Answer) -> bool:
    return not (answer.text or answer.quote or answer.buttons or answer.form or answer.copy)


def metadata(event: str, conversation: str, delivery: str = "") -> dict[str, Any]:
    """Everybody in the workspace can read it, so it holds ids only."""
    return {"event_type": event, "event_payload": {"conversation": conversation, "delivery": delivery}}


class Answers:
    def __init__(self, client: Client, say: Say) -> None:
        self._client = client
        self._say = say

    async def to_command(self, answer: Answer, url: str, channel: str, user: str) -> None:
        """By the command's own address, which works in channels that we are not in."""
        await self._first_open(
            lambda: self._respond(answer, url),
            lambda: self._whisper(answer, Spot(channel), user),
            lambda: self._direct(answer, user, channel),
        )

    async def to_press(self, answer: Answer, spot: Spot, url: str, user: str) -> None:
        """In place of the message pressed, or for the presser alone beside it."""
        replace: list[Way] = []
        if answer.replaces:
            replace = [lambda: self._respond(answer, url, replace=True, room=spot.room)]
            if not spot.ephemeral:
                replace.insert(0, lambda: self._redraw(answer, spot))
        direct = lambda: self._direct(answer, user, spot.room or spot.channel)  # noqa: E731
        await self._first_open(*replace, lambda: self._beside(answer, spot, user), direct)

    async def to_mention(self, answer: Answer, channel: str, thread: str) -> None:
        """As a message of the thread: one that only one person sees is gone at the next reload, with its draft."""
        await self._first_open(lambda: self._post(answer, _at(channel, thread)))

    async def to_submission(self, answer: Answer, spot: Spot, user: str) -> None:
        await self._first_open(
            lambda: self._beside(answer, spot, user), lambda: self._direct(answer, user, spot.channel)
        )

    async def to_person(self, answer: Answer, user: str, room: str) -> None:
        """Where it was asked for in no channel; its buttons act on `room`."""
        await self._first_open(lambda: self._direct(answer, user, room))

    async def tell(self, said: Text, url: str) -> None:
        """What there is to say before an action, for this member alone; best effort."""
        text = mrkdwn(said, TOP_TEXT)
        try:
            await self._client.respond(url, {"response_type": "ephemeral", "replace_original": False, "text": text})
        except OutsideError as error:
            log.warning("A member could not be told: %s", error)

    async def _first_open(self, *ways: Way) -> None:
        """The first way that is not closed for good. What may pass later is raised, so that it is tried again."""
        for way in ways:
            try:
                await way()
            except (AccessLost, Gone, Rejected) as error:
                log.info("An answer goes another way: %s", error)
            else:
                return
        log.warning("An answer could not be shown to anybody.")

    async def _beside(self, answer: Answer, spot: Spot, user: str) -> None:
        if answer.public:
            await self._post(answer, _at(spot.channel, spot.thread or spot.message), spot.room)
        else:
            await self._whisper(answer, spot, user)

    async def _respond(self, answer: Answer, url: str, *, replace: bool = False, room: str = "") -> None:
        """`replace` puts it where the message stood whose button was pressed."""
        how = {"response_type": "in_channel" if answer.public else "ephemeral", "replace_original": replace, **PLAINLY}
        try:
            await self._client.respond(url, {**how, **answer_message(answer, self._say, room=room)})
        except Unpresentable:
            await self._client.respond(url, {**how, **answer_words(answer, self._say)})

    async def _whisper(self, answer: Answer, spot: Spot, user: str) -> None:
        """In a thread only if the member was in it: Slack shows it there to nobody who has it closed."""
        where = _at(spot.channel, spot.thread)
        await self._show(self._client.web.chat_postEphemeral, answer, where, spot.room, user=user)

    async def _post(self, answer: Answer, where: Mapping[str, Any], room: str = "") -> None:
        marked = metadata(EVENT, answer.conversation)
        await self._show(self._client.post, answer, where, room, metadata=marked, **UNFURLED)

    async def _direct(self, answer: Answer, user: str, room: str) -> None:
        """What stands there acts on the channel that it is about."""
        await self._post(answer, _at(user, ""), room)

    async def _redraw(self, answer: Answer, spot: Spot) -> None:
        await self._show(self._client.update, answer, {"channel": spot.channel, "ts": spot.message}, spot.room)

    async def _show(self, method: Any, answer: Answer, where: Mapping[str, Any], room: str, **more: Any) -> None:
        shown = answer_message(answer, self._say, room=room)
        await self._client.show(method, shown, lambda: answer_words(answer, self._say), **where, **{**PLAINLY, **more})


def _at(channel: str, thread: str) -> dict[str, Any]:
    return {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}
