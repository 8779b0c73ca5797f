"""The single door for members: what they did comes in as an action, what they are shown goes out as an answer."""

import re
from typing import assert_never

from core.domain import commands
from core.domain.actions import Action, Amend, Command, Move, Press, Reach, Submit, Write, operation
from core.domain.cards import Answer
from core.domain.members import Right
from core.domain.rooms import Place, Room
from core.domain.texts import Words
from core.errors import NotLinked, Refused
from core.rendering import say, speak, speaking
from core.services import holds, links, replies
from core.services.commands import command, prefix
from core.services.deps import Deps
from core.services.files import clean
from core.services.members import require
from core.services.presses import press
from core.services.reach import move, reach
from core.services.submissions import submit
from core.store import refs, rooms


async def act(deps: Deps, action: Action) -> Answer:
    """Carry out what a member did, once for each `action.key`. What is refused is answered with why."""
    with speaking():
        return await _act(deps, action)


async def _act(deps: Deps, action: Action) -> Answer:
    try:
        match action:
            case Press():
                return await press(deps, await _room(deps, action.place), action)
            case Submit():
                return await submit(deps, await _room(deps, action.place), action)
            case Write():
                return await _write(deps, await _room(deps, action.place), action)
            case Amend():
                return await _amend(deps, await _room(deps, action.place), action)
            case Command():
                return await _command(deps, action)
            case Reach():
                await reach(deps, action, operation=operation(action))
                return Answer()
            case Move():
                await move(deps, action)
                return Answer()
            case _:
                assert_never(action)
    except Refused as refused:
        return _refusal(deps, action, refused)


async def _room(deps: Deps, place: Place) -> Room:
    """The linked room; from now on it is spoken to in its seller's language. Raises NotLinked."""
    room = await rooms.find_room(deps.store, place.address)
    if room is None:
        raise NotLinked
    speak(room.language)
    return room


async def _write(deps: Deps, room: Room, write: Write) -> Answer:
    """A text with a plain target is sent where nobody else reads, and shown back where others do."""
    await require(deps, room, write.by, Right.REPLY)
    known = await refs.about(deps.store, room, write.at.message) if write.at else None
    target = write.conversation if known is None else known
    key, files = operation(write), clean(write.files)
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
    return await command(deps, await _room(deps, typed.place), typed)


def _refusal(deps: Deps, action: Action, refused: Refused) -> Answer:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refused).__name__).lower()
    link = Words(f"{prefix(deps, action.place)}link CODE", strong=True)
    return Answer(say(f"answers/refused_{name}", link=link, **refused.facts))
