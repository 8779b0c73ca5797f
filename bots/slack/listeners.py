"""What Slack tells us: kept before it is acknowledged, read later in order; only forms are opened on the spot.

All payloads come through one door, on HTTP and Socket Mode alike, and whatever is nobody's business is acknowledged
too. Bolt's own listeners are not used: they acknowledge events before anything is kept, wipe an acknowledgement when
what follows it fails within 10 ms (slack_bolt/listener/asyncio_runner.py, 1.30), and leave unknown payloads unanswered.
"""

import asyncio
import hashlib
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.response import BoltResponse

from bots.slack import actions, echoes, files, modals
from bots.slack.actions import Payload, Pressed, Spot
from bots.slack.answers import Answers, is_empty
from bots.slack.client import Client
from bots.slack.modals import Filled, Origin
from bots.slack.people import PLATFORM, People
from bots.slack.texts import emoji_in, mentioned, to_plain
from core.domain import commands
from core.domain.actions import Command, Press, Reach, Submit, Write
from core.domain.cards import Answer, CardRef, Form
from core.domain.members import Identity
from core.domain.rooms import Address, Place, RoomKind
from core.domain.texts import Words
from core.errors import OutsideError, StoreDown
from core.ports.chat import Act, Keep, Mail, Memory

OPEN_SECONDS = 2.5  # of the three that Slack gives, less the way back
SHOWN_SECONDS = 25 * 3600  # as long as mail is known

NOT_TAKEN = "Not taken: Shopbell's store does not answer. Please send it again."
NOT_PRESSED = "Not taken: Shopbell's store does not answer. Please press again in a minute."
TOO_SLOW = "That took too long. Please press again."
OLD_BUTTON = "This button is too old for this Shopbell. Please use a newer card."
NOT_HERE = "Shopbell is not in this channel yet. Type /invite @Shopbell here, then send the command again."


@dataclass(frozen=True, slots=True)
class Listeners:
    client: Client
    people: People
    answers: Answers
    memory: Memory
    act: Act
    keep: Keep
    beside: set["asyncio.Task[None]"] = field(default_factory=set)

    async def arrive(self, payload: Payload) -> BoltResponse:
        """What Slack is told: 200 once it is safe, 503 while it is not, so that Slack or the person tries again."""
        try:
            if payload.get("type") == "block_actions" and await self._at_once(payload):
                return BoltResponse(status=200)
            if payload.get("type") == "view_submission" and (wrong := modals.faults(payload.get("view") or {})):
                return BoltResponse(status=200, body={"response_action": "errors", "errors": wrong})
            if mail := actions.mail_of(payload):
                await self.keep(mail)
            elif echo := echoes.echo_in(payload):
                await echoes.remember(self.memory, echo)
        except StoreDown:
            return _not_taken(payload)
        return BoltResponse(status=200)

    async def aclose(self) -> None:
        """Forms that are being opened are; each has its time."""
        await asyncio.gather(*self.beside, return_exceptions=True)

    async def read(self, mail: Mail) -> None:
        """Does what one kept mail says and shows what came of it; once, as far as we can remember."""
        payload = json.loads(mail.body)
        mark = f"{PLATFORM}/shown/{hashlib.blake2b(actions.key_of(mail).encode(), digest_size=12).hexdigest()}"
        if await self.memory.get(mark):
            return
        await self._carry_out(actions.key_of(mail), payload)
        await self.memory.put(mark, "1", seconds=SHOWN_SECONDS)

    async def _carry_out(self, key: str, payload: Payload) -> None:
        if "command" in payload:
            await self._command(key, payload)
        elif pressed := actions.pressed_in(payload):
            await self._press(pressed, payload)
        elif sent := actions.submitted(payload):
            await self._submission(key, sent, payload)
        elif payload["event"]["type"] == "app_mention":
            await self._mention(key, payload)
        else:
            await self._reach(key, payload)

    async def _at_once(self, payload: Payload) -> bool:
        """Whether a press was one that cannot wait in the mailbox."""
        url = str(payload.get("response_url") or "")
        pressed = actions.pressed_in(payload)
        if pressed is None:
            # Plain links tell of their clicks too; what else we cannot read is a button of another version.
            if not str((payload.get("actions") or [{}])[0].get("action_id", "")).startswith("link:"):
                self._beside(self.answers.say(OLD_BUTTON, url))
            return True
        if pressed.opens:
            self._beside(self._open(pressed, payload, url))
        return pressed.opens

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Not before the acknowledgement: a slow store, or a slow Slack, must not make a button look dead."""
        task = asyncio.create_task(work)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    async def _open(self, pressed: Pressed, payload: Payload, url: str) -> None:
        """A form must stand within three seconds of the press."""
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await self._press(pressed, payload)
        except TimeoutError:
            await self._say(TOO_SLOW, url, pressed, payload)
        except OutsideError as error:
            await self._say(error.detail, url, pressed, payload)
        except StoreDown:
            await self._say(NOT_PRESSED, url, pressed, payload)

    async def _say(self, said: str, url: str, pressed: Pressed, payload: Payload) -> None:
        """A press within a form has no address to answer to: it is said where the form was asked for."""
        if url:
            await self.answers.say(said, url)
        else:
            await self.answers.to_submission(Answer((Words(said),)), pressed.spot, _user(payload)[0])

    async def _press(self, pressed: Pressed, payload: Payload) -> None:
        spot, named = pressed.spot, str((payload.get("channel") or {}).get("name") or "")
        by, place = await self.people.both(*_user(payload), spot.channel, named)
        ref = None if pressed.view else actions.ref_of(place.address, spot)
        answer = await self.act(
            Press(pressed.key, by, place, pressed.verb, pressed.target, pressed.choice, pressed.version, ref)
        )
        if answer.form is not None and pressed.opens:
            origin = Origin(spot.channel, "" if spot.ephemeral else spot.message, spot.thread)
            await self._show_form(answer.form, origin, pressed, payload)
        elif pressed.view and not is_empty(answer):
            await self.answers.to_submission(answer, spot, by.user)
        elif not is_empty(answer):
            await self.answers.to_press(answer, spot, str(payload.get("response_url") or ""), by.user)

    async def _show_form(self, form: Form, origin: Origin, pressed: Pressed, payload: Payload) -> None:
        """In place of the form that the button stood in, if it stood in one."""
        attaches = form.files > 0 and await self.people.may(files.READ)
        if pressed.view:
            view = modals.modal(form, origin, again=True, files=attaches)
            await self.client.call(self.client.web.views_update, view_id=pressed.view, view=view)
        else:
            trigger, view = payload.get("trigger_id"), modals.modal(form, origin, files=attaches)
            await self.client.call(self.client.web.views_open, trigger_id=trigger, view=view)

    async def _submission(self, key: str, sent: Filled, payload: Payload) -> None:
        by, place = await self.people.both(*_user(payload), sent.origin.channel)
        brought, why_not = await files.attached(self.client, self.people, sent.files)
        told = Submit(key, by, place, sent.verb, sent.target, sent.values, brought)
        answer = Answer((Words(why_not),)) if why_not else await self.act(told)
        if not is_empty(answer):
            spot = Spot(sent.origin.channel, sent.origin.message, sent.origin.thread)
            await self.answers.to_submission(answer, spot, by.user)

    async def _command(self, key: str, payload: Payload) -> None:
        channel, user = str(payload["channel_id"]), str(payload["user_id"])
        word, rest = await self._words(str(payload.get("text") or ""))
        by, (place, here) = await asyncio.gather(
            self.people.identity(user), self.people.place(channel, str(payload.get("channel_name") or ""))
        )
        known = commands.find(word)
        links = known is not None and known.word == "link" and bool(rest)
        if links and not here:
            await self.people.moved(channel)  # we may have been invited since we looked
            place, here = await self.people.place(channel, place.title)
        if links and not here:
            answer = Answer((Words(NOT_HERE),))  # a code would be spent on a channel that we cannot post in
        else:
            answer = await self.act(Command(key, by, place, word, rest))
        if not is_empty(answer):
            await self.answers.to_command(answer, str(payload.get("response_url") or ""), channel, user)

    async def _words(self, text: str) -> tuple[str, str]:
        """The word and the rest of a command; nothing at all asks for help."""
        said = to_plain(text, await self.people.names(mentioned(text)))
        word, _, rest = said.partition(" ")
        return word or "help", rest.strip()

    async def _mention(self, key: str, payload: Payload) -> None:
        event = payload["event"]
        channel, thread = actions.channel_of(event), str(event.get("thread_ts") or "")
        by, place = await self.people.both(str(event["user"]), str(event.get("team") or ""), channel)
        at = CardRef(place.address, thread) if thread and thread != event["ts"] else None
        text = await self._said(event, actions.our_user(payload))
        brought, why_not = await files.attached(self.client, self.people, event.get("files") or ())
        told = Write(key, by, place, text, at, alone=place.kind is RoomKind.DIRECT, files=brought)
        answer = Answer((Words(why_not),)) if why_not else await self.act(told)
        if not is_empty(answer):
            await self.answers.to_mention(answer, channel, thread or str(event["ts"]))

    async def _said(self, event: Mapping[str, Any], us: str) -> str:
        """What was typed besides our own name, as a buyer should read it."""
        name = us or (await self.people.home()).user
        typed = str(event.get("text") or "")
        for called in (f"<@{name}>", *(found for found in typed.split() if found.startswith(f"<@{name}|"))):
            typed = typed.replace(called, " ")
        names = await self.people.names(mentioned(typed))
        return to_plain(typed.strip(), names, emoji_in(event.get("blocks")))

    async def _reach(self, key: str, payload: Payload) -> None:
        """Nothing is asked of Slack here: a revoked token could not ask."""
        event, team = payload["event"], str(payload.get("team_id"))
        channel, type = actions.channel_of(event), str(event["type"])
        if channel:
            await self.people.moved(channel)
        by = Identity(PLATFORM, team, str(event.get("user") or ""))
        place = Place(Address(PLATFORM, team, channel), RoomKind.PRIVATE)
        await self.act(Reach(key, by, place, type in actions.FOUND, actions.LOST.get(type, "")))


def _user(payload: Payload) -> tuple[str, str]:
    """Who, and the workspace the payload says they are of."""
    user = payload.get("user") or {}
    return str(user.get("id") or ""), str(user.get("team_id") or "")


def _not_taken(payload: Payload) -> BoltResponse:
    """Slack repeats events, and marks a button or form that failed; of a command it would only say that it failed."""
    if "command" in payload:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": NOT_TAKEN})
    return BoltResponse(status=503, body="")
