"""What Slack tells us: kept before it is acknowledged, read later in order; only views are opened on the spot.

All payloads come through one door, on HTTP and Socket Mode alike, and whatever is nobody's business is acknowledged
too. Bolt's own listeners are not used: they acknowledge events before anything is kept, wipe an acknowledgement when
what follows it fails within 10 ms (slack_bolt/listener/asyncio_runner.py, 1.30), and leave unknown payloads unanswered.
"""

import asyncio
import hashlib
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.response import BoltResponse

from bots.slack import actions, echoes, fields
from bots.slack.actions import Payload, Pressed
from bots.slack.errors import TooLate
from bots.slack.modals import language_of
from bots.slack.people import PLATFORM
from bots.slack.reading import Reader
from bots.slack.windows import waiting
from core.domain.cards import Answer
from core.domain.rooms import Address
from core.domain.texts import Text, plain
from core.errors import OutsideError, StoreDown
from core.ports.chat import Keep, Mail, Memory, Voice

OPEN_SECONDS = 2.5  # of the three that Slack gives, less the way back
SHOWN_SECONDS = 25 * 3600  # as long as mail is known


@dataclass(frozen=True, slots=True)
class Listeners:
    reader: Reader
    memory: Memory
    keep: Keep
    voice: Voice
    beside: set["asyncio.Task[None]"] = field(default_factory=set)

    async def arrive(self, payload: Payload) -> BoltResponse:
        """What Slack is told: 200 once it is safe, 503 while it is not, so that Slack or the person tries again.

        What is said at once is in the language of the view that it came from.
        """
        with self.voice.speaking(language_of(payload.get("view") or {})):
            return await self._arrive(payload)

    async def _arrive(self, payload: Payload) -> BoltResponse:
        try:
            if payload.get("type") == "block_actions" and await self._at_once(payload):
                return BoltResponse(status=200)
            sends = payload.get("type") == "view_submission"
            if sends and (wrong := fields.faults(payload.get("view") or {}, self.voice.say)):
                return BoltResponse(status=200, body={"response_action": "errors", "errors": wrong})
            if mail := actions.mail_of(payload):
                if await self.keep(mail):
                    self._window_for(mail, payload)
                return self._taken(mail, payload)
            if echo := echoes.echo_in(payload):
                await echoes.remember(self.memory, echo)
        except StoreDown:
            return self._not_taken(payload)
        return BoltResponse(status=200)

    async def aclose(self) -> None:
        """Views that are being opened are; each has its time."""
        await asyncio.gather(*self.beside, return_exceptions=True)

    async def read(self, mail: Mail) -> None:
        """Does what one kept mail says and shows what came of it; once, as far as we can remember."""
        payload = json.loads(mail.body)
        mark = f"{PLATFORM}/shown/{hashlib.blake2b(actions.key_of(mail).encode(), digest_size=12).hexdigest()}"
        if mail.again and await self.memory.get(mark):
            return
        await self.reader.carry_out(actions.key_of(mail), payload)
        await self.memory.put(mark, "1", seconds=SHOWN_SECONDS)

    async def _at_once(self, payload: Payload) -> bool:
        """Whether a press was one that cannot wait in the mailbox."""
        url = str(payload.get("response_url") or "")
        pressed = actions.pressed_in(payload)
        if pressed is None:
            # Plain links tell of their clicks too; what else we cannot read is a button of another version.
            if not str((payload.get("actions") or [{}])[0].get("action_id", "")).startswith("link:"):
                self._beside(self._refuse_old(payload, url))
            return True
        if pressed.opens:
            self._beside(self._open(pressed, payload, url))
        return pressed.opens

    def _window_for(self, mail: Mail, payload: Payload) -> None:
        """What is asked for outside of all messages is answered in a window, which stands before there is an answer."""
        pressed = actions.pressed_in(payload)
        asked = payload.get("type") in (actions.ANYWHERE, actions.ON_MESSAGE)
        if asked or (pressed and pressed.wants_window):
            trigger = str(payload.get("trigger_id") or "")
            chat = mail.address if asked and mail.address and mail.address.chat else None
            self._beside(self._open_window(actions.key_of(mail), trigger, chat))

    async def _open_window(self, key: str, trigger: str, chat: Address | None) -> None:
        """A shortcut comes from no view of ours; where it comes from no chat either, English stands there meanwhile."""
        if chat is not None:
            await self.voice.speak_to(chat)
        await self.reader.windows.open(key, trigger)

    async def _refuse_old(self, payload: Payload, url: str) -> None:
        spot = actions.spot_of(payload)
        await self.voice.speak_to(Address(PLATFORM, actions.team_of(payload), spot.channel))
        await self.reader.answers.tell(self.voice.say("slack/phrases#old_button"), url)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Not before the acknowledgement: a slow store, or a slow Slack, must not make a button look dead."""
        task = asyncio.create_task(work)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    async def _open(self, pressed: Pressed, payload: Payload, url: str) -> None:
        """A form must stand within three seconds of the press."""
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await self.reader.press(pressed, payload)
        except (TimeoutError, TooLate):
            await self._tell(self.voice.say("slack/phrases#too_slow"), url, pressed, payload)
        except OutsideError as error:
            await self._tell(self.voice.explain(error.kept), url, pressed, payload)
        except StoreDown:
            await self._tell(self.voice.say("slack/phrases#not_pressed"), url, pressed, payload)

    async def _tell(self, said: Text, url: str, pressed: Pressed, payload: Payload) -> None:
        """A press within a view has no address to answer to: it is said where that was asked for."""
        user, answer = actions.user_of(payload), Answer(said)
        if url:
            await self.reader.answers.tell(said, url)
        elif pressed.apart:
            await self.reader.answers.to_person(answer, user, pressed.room)
        else:
            await self.reader.answers.to_submission(answer, pressed.spot, user)

    def _taken(self, mail: Mail, payload: Payload) -> BoltResponse:
        """A form whose answer takes its place stays: by its id it could be drawn over before Slack has heard this."""
        sent = actions.submitted(payload) if payload.get("type") == "view_submission" else None
        if sent is None or not sent.stays:
            return BoltResponse(status=200)
        view = waiting(actions.key_of(mail), self.voice)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})

    def _not_taken(self, payload: Payload) -> BoltResponse:
        """Slack repeats events, and marks a button or form that failed; of a command it would only say that it failed.

        In English: whose language it is stands in the store.
        """
        if "command" in payload:
            said = plain(self.voice.say("slack/phrases#not_taken"))
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": said})
        return BoltResponse(status=503, body="")
