"""The single door for members: what they did comes in as an action, what they are shown goes out as an answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar, assert_never

from core.domain import commands
from core.domain.actions import (
    Action,
    Amend,
    Command,
    Find,
    Move,
    Press,
    Reach,
    Shortcut,
    Submit,
    Visit,
    Write,
    operation,
)
from core.domain.cards import Answer, Verb
from core.domain.members import Right
from core.domain.rooms import Room
from core.domain.texts import Words
from core.errors import NotInRoom, NotLinked, Refused
from core.rendering import ENGLISH, say, speak
from core.services import holds, links, quick_response_offers, replies, shortcuts
from core.services.commands import command, prefix
from core.services.deps import Deps
from core.services.files import clean
from core.services.glances import enter
from core.services.members import admit, require
from core.services.overviews import visit
from core.services.presses import press
from core.services.reach import move, reach
from core.services.submissions import submit

Entry = TypeVar("Entry", Press, Submit, Write | Find, Amend, Command, Shortcut)


async def act(deps: Deps, action: Action) -> Answer:
    """Carry out what a member did, once for each `action.key`. What is refused is answered with why.

    The room's language goes on to be spoken afterwards: the platform puts words of its own around the answer.
    """
    speak(ENGLISH)
    try:
        match action:
            case Press():
                return await _press(deps, action)
            case Submit():
                return await _in_room(deps, action, submit)
            case Write() | Find():
                return await _in_room(deps, action, _write)
            case Amend():
                return await _in_room(deps, action, _amend)
            case Command():
                return await _command(deps, action)
            case Shortcut():
                return await _shortcut(deps, action)
            case Visit():
                return await visit(deps, action)
            case Reach() | Move():
                return await _follow(deps, action)
            case _:
                assert_never(action)
    except Refused as refused:
        return _refusal(deps, action, refused)


async def _in_room(deps: Deps, action: Entry, do: Callable[[Deps, Room, Entry], Awaitable[Answer]]) -> Answer:
    """In the linked room; from now on it is spoken to in its seller's language. Raises NotLinked, NotInRoom."""
    entered = await enter(deps.store, action)
    if entered is None:
        raise NotLinked
    room, glance = entered
    if action.place.apart and await admit(deps, room, action.by) is None:
        raise NotInRoom
    speak(room.language)
    doing = do(replace(deps, glance=glance), room, action)
    if glance.note is None:
        return await doing
    noting = asyncio.ensure_future(glance.note())
    try:
        return await doing  # in this task: a language that it sets goes on to be spoken
    finally:
        await noting


async def _press(deps: Deps, pressed: Press) -> Answer:
    """Where a shortcut was asked for in no room, the button itself names one."""
    if pressed.verb is Verb.SHORTCUT:
        return await press(deps, await shortcuts.chosen_room(deps, pressed), pressed)
    return await _in_room(deps, pressed, press)


async def _shortcut(deps: Deps, chosen: Shortcut) -> Answer:
    if not chosen.place.address.chat:
        return await shortcuts.from_anywhere(deps, chosen)
    return await _in_room(deps, chosen, shortcuts.shortcut)


async def _write(deps: Deps, room: Room, write: Write | Find) -> Answer:
    """A text with a plain target is sent where nobody else reads, and shown back where others do."""
    await require(deps, room, write.by, Right.REPLY)
    if isinstance(write, Find):
        return await quick_response_offers.find(deps, room, write)
    known = await replies.about(deps, room, write.at.message) if write.at else None
    target = write.conversation if known is None else known
    key, files = operation(write), clean(write.files)
    if write.chosen:
        return await quick_response_offers.take(deps, room, write, target or "")
    if not target:
        return await replies.ask_whom(deps, room, write.text, write.by, key=key, files=files)
    if write.alone:
        return await replies.reply(deps, room, target, write.text, write.by, operation=key, files=files)
    return await replies.propose(deps, room, target, write.text, write.by, key=key, files=files)


async def _amend(deps: Deps, room: Room, changed: Amend) -> Answer:
    await require(deps, room, changed.by, Right.REPLY)
    return await holds.amend(deps, room, changed)


async def _command(deps: Deps, typed: Command) -> Answer:
    """All but one are typed in a room that is linked."""
    known = commands.find(typed.word)
    if known and known.word == "link" and typed.rest.strip():
        return await links.link(deps, typed)
    return await _in_room(deps, typed, command)


async def _follow(deps: Deps, told: Reach | Move) -> Answer:
    if isinstance(told, Move):
        await move(deps, told)
    else:
        await reach(deps, told, operation=operation(told))
    return Answer()


def _refusal(deps: Deps, action: Action, refused: Refused) -> Answer:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refused).__name__).lower()
    link = Words(f"{prefix(deps, action.place)}link CODE", strong=True)
    return Answer(say(f"answers/refused_{name}", link=link, **refused.facts))
