"""What was kept of Slack's telling is carried out, and what came of it is shown where it was asked for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.slack import actions, files, modals
from bots.slack.actions import Payload, Pressed, Spot, Surface
from bots.slack.answers import Answers, is_empty
from bots.slack.client import Client
from bots.slack.errors import LOST, said
from bots.slack.home import Home
from bots.slack.modals import Filled, Origin
from bots.slack.people import PLATFORM, People
from bots.slack.texts import emoji_in, mentioned, to_plain
from bots.slack.windows import Windows
from core.domain import commands
from core.domain.actions import Command, Press, Reach, Shortcut, Submit, Visit, Write
from core.domain.cards import Answer, CardRef, Form
from core.domain.members import Identity
from core.domain.rooms import Address, Place, RoomKind
from core.errors import Gone
from core.ports.chat import Act, Voice


@dataclass(frozen=True, slots=True)
class Reader:
    client: Client
    people: People
    answers: Answers
    windows: Windows
    home: Home
    act: Act
    voice: Voice

    async def carry_out(self, key: str, payload: Payload) -> None:
        if "command" in payload:
            await self._command(key, payload)
        elif pressed := actions.pressed_in(payload):
            await self.press(pressed, payload)
        elif payload.get("type") in (actions.ANYWHERE, actions.ON_MESSAGE):
            await self._shortcut(key, payload)
        elif sent := actions.submitted(payload):
            await self._submission(key, sent, payload)
        elif payload["event"]["type"] == "app_mention":
            await self._mention(key, payload)
        elif payload["event"]["type"] == actions.HOME_OPENED:
            await self._visit(key, payload)
        else:
            await self._reach(key, payload)

    async def press(self, pressed: Pressed, payload: Payload) -> None:
        spot, named = pressed.spot, str((payload.get("channel") or {}).get("name") or "")
        by, place = await self.people.both(*_user(payload), pressed.room, named, apart=pressed.apart)
        on_card = pressed.surface is Surface.MESSAGE and not pressed.apart
        ref = actions.ref_of(place.address, spot) if on_card else None
        answer = await self.act(
            Press(pressed.key, by, place, pressed.verb, pressed.target, pressed.choice, pressed.version, ref)
        )
        if is_empty(answer):
            return
        match pressed.surface:
            case Surface.HOME:
                await self._at_home(answer, pressed, payload)
            case Surface.WINDOW:
                await self._in_window(answer, pressed, payload)
            case Surface.FORM if answer.form is not None:
                await self.windows.put(pressed.view, await self._modal(answer.form, pressed, again=True))
            case Surface.FORM:
                await self.answers.to_submission(answer, spot, by.user)
            case _ if answer.form is not None and pressed.opens:
                await self._open(await self._modal(answer.form, pressed), payload)
            case _:
                await self.answers.to_press(answer, spot, str(payload.get("response_url") or ""), by.user)

    async def _modal(self, form: Form, pressed: Pressed, *, again: bool = False) -> dict[str, Any]:
        return modals.modal(form, _origin(pressed), self.voice, again=again, files=await self._attaches(form))

    async def _view(self, answer: Answer, origin: Origin) -> dict[str, Any]:
        attaches = answer.form is not None and await self._attaches(answer.form)
        return modals.answer_view(answer, origin, self.voice, files=attaches)

    async def _attaches(self, form: Form) -> bool:
        return form.files > 0 and await self.people.may(files.READ)

    async def _at_home(self, answer: Answer, pressed: Pressed, payload: Payload) -> None:
        view = await self._view(answer, _origin(pressed))
        if pressed.opens:
            await self._open(view, payload)
        else:
            await self._fill(pressed.key, view, answer, _user(payload)[0], pressed.room)

    async def _in_window(self, answer: Answer, pressed: Pressed, payload: Payload) -> None:
        """A form stands above the window, so that one comes back to it; words take the place of its own."""
        room = answer.room.chat if answer.room else pressed.room
        view = await self._view(answer, _origin(pressed, room))
        try:
            if answer.form is not None and pressed.opens:
                trigger = payload.get("trigger_id")
                await self.client.call(self.client.web.views_push, trigger_id=trigger, view=view)
            else:
                await self.windows.put(pressed.view, view)
        except Gone:
            await self.answers.to_person(answer, _user(payload)[0], room)

    async def _open(self, view: Mapping[str, Any], payload: Payload) -> None:
        trigger = payload.get("trigger_id")
        await self.client.call(self.client.web.views_open, trigger_id=trigger, view=view)

    async def _fill(self, key: str, view: dict[str, Any], answer: Answer, user: str, room: str) -> None:
        """The window that was put there on arrival; who closed it is told directly."""
        try:
            await self.windows.fill(key, view)
        except Gone:
            await self.answers.to_person(answer, user, room)

    async def _submission(self, key: str, sent: Filled, payload: Payload) -> None:
        origin, user = sent.origin, _user(payload)
        by, place = await self.people.both(*user, origin.channel, apart=origin.apart)
        told = Submit(key, by, place, sent.verb, sent.target, sent.values)
        answer = await self._with_files(told, sent.files)
        if is_empty(answer):
            return
        if sent.stays:
            await self._fill(key, await self._view(answer, origin), answer, by.user, origin.channel)
        elif origin.apart:
            await self.answers.to_person(answer, by.user, origin.channel)
        else:
            await self.answers.to_submission(answer, Spot(origin.channel, origin.message, origin.thread), by.user)

    async def _with_files(self, told: Submit | Write, shown: Sequence[Mapping[str, Any]]) -> Answer:
        """Nothing is done where a file of it cannot be taken."""
        try:
            brought = await files.attached(self.client, self.people, shown)
        except files.NotTaken as why:
            await self.voice.speak_to(told.place.address)
            facts = {**why.facts, "detail": self.voice.explain(why.problem)} if why.problem else why.facts
            return Answer(self.voice.say(f"slack/phrases#{why.name}", **facts))
        return await self.act(replace(told, files=brought))

    async def _shortcut(self, key: str, payload: Payload) -> None:
        """In the window that was opened for it on arrival."""
        channel = payload.get("channel") or {}
        where, name = str(channel.get("id") or ""), str(payload.get("callback_id") or "")
        by, place = await self.people.both(*_user(payload), where, str(channel.get("name") or ""))
        message = payload.get("message") or {}
        posted = str(message.get("ts") or "")
        thread = str(message.get("thread_ts") or "")
        at = CardRef(place.address, thread or posted) if posted else None
        ours = message.get("user") == (await self.people.home()).user
        text = "" if ours else await self._plain(str(message.get("text") or ""), message.get("blocks"))
        about = ((message.get("metadata") or {}).get("event_payload") or {}).get("conversation") if ours else None
        answer = await self.act(Shortcut(key, by, place, name, at, str(about) if about else None, text))
        room = answer.room.chat if answer.room else where
        origin = Origin(room, posted, thread, apart=not where)
        await self._fill(key, await self._view(answer, origin), answer, by.user, room)

    async def _visit(self, key: str, payload: Payload) -> None:
        event = payload["event"]
        user = str(event.get("user") or "")
        await self.home.note(user, event.get("view") or {})
        by, place = await self.people.both(user, "", "")
        await self.act(Visit(key, by, place))

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
            answer = Answer(
                self.voice.say("slack/phrases#not_here")
            )  # a code would be spent on a channel that we cannot post in
        else:
            answer = await self.act(Command(key, by, place, word, rest))
        if not is_empty(answer):
            await self.answers.to_command(answer, str(payload.get("response_url") or ""), channel, user)

    async def _words(self, text: str) -> tuple[str, str]:
        """The word and the rest of a command; nothing at all asks for help."""
        word, _, rest = (await self._plain(text)).partition(" ")
        return word or "help", rest.strip()

    async def _mention(self, key: str, payload: Payload) -> None:
        event = payload["event"]
        channel, thread = actions.channel_of(event), str(event.get("thread_ts") or "")
        by, place = await self.people.both(str(event["user"]), str(event.get("team") or ""), channel)
        at = CardRef(place.address, thread) if thread and thread != event["ts"] else None
        text = await self._said(event, actions.our_user(payload))
        told = Write(key, by, place, text, at, alone=place.kind is RoomKind.DIRECT)
        answer = await self._with_files(told, event.get("files") or ())
        if not is_empty(answer):
            await self.answers.to_mention(answer, channel, thread or str(event["ts"]))

    async def _said(self, event: Mapping[str, Any], us: str) -> str:
        """What was typed besides our own name, as a buyer should read it."""
        name = us or (await self.people.home()).user
        typed = str(event.get("text") or "")
        for called in (f"<@{name}>", *(found for found in typed.split() if found.startswith(f"<@{name}|"))):
            typed = typed.replace(called, " ")
        return await self._plain(typed.strip(), event.get("blocks"))

    async def _plain(self, typed: str, blocks: object = None) -> str:
        return to_plain(typed, await self.people.names(mentioned(typed)), emoji_in(blocks))

    async def _reach(self, key: str, payload: Payload) -> None:
        """Nothing is asked of Slack here: a revoked token could not ask."""
        event, team = payload["event"], str(payload.get("team_id"))
        channel, type = actions.channel_of(event), str(event["type"])
        if channel:
            await self.people.moved(channel)
        by = Identity(PLATFORM, team, str(event.get("user") or ""))
        place = Place(Address(PLATFORM, team, channel), RoomKind.PRIVATE)
        await self.act(Reach(key, by, place, type in actions.FOUND, said(type) if type in LOST else ""))


def _origin(pressed: Pressed, room: str = "") -> Origin:
    """Where the answer to what is opened here goes: a press that acts on another channel is answered in none."""
    spot = pressed.spot
    if pressed.apart:
        return Origin(room or pressed.room, apart=True)
    return Origin(spot.channel, "" if spot.ephemeral else spot.message, spot.thread)


def _user(payload: Payload) -> tuple[str, str]:
    """Who, and the workspace the payload says they are of."""
    user = payload.get("user") or {}
    return str(user.get("id") or ""), str(user.get("team_id") or "")
