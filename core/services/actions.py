"""The single door for members: what they did comes in as an action, what they are shown goes out as an answer."""

import re
from collections.abc import Awaitable, Callable
from typing import assert_never

from core.domain import commands
from core.domain.actions import Action, Command, Move, Press, Reach, Submit, Write
from core.domain.cards import Answer, Verb
from core.domain.claims import Choice
from core.domain.members import Right
from core.domain.rooms import Place, Room
from core.domain.texts import Instant, Quote, Words
from core.errors import NotLinked, Refused, UnknownConversation
from core.rendering import say
from core.services import claims, links, rate_answers, replies
from core.services.cards import deadline_of
from core.services.deps import Deps
from core.services.members import require
from core.services.reach import move, reach
from core.store import conversations, rooms
from core.store.sellers import read_seller
from core.store.shops import shops_of

Handler = Callable[[Deps, Room, Press], Awaitable[Answer]]


async def act(deps: Deps, action: Action) -> Answer:
    """Carry out what a member did, once for each `action.key`. What is refused is answered with why."""
    try:
        match action:
            case Press():
                return await _press(deps, action)
            case Submit():
                return await _submit(deps, action)
            case Write():
                return await _write(deps, action)
            case Command():
                return await _command(deps, action)
            case Reach():
                await reach(deps, action, operation=_operation(action))
                return Answer()
            case Move():
                await move(deps, action)
                return Answer()
            case _:
                assert_never(action)
    except Refused as refused:
        return _refusal(deps, action, refused)


async def _room(deps: Deps, place: Place) -> Room:
    """Raises NotLinked."""
    room = await rooms.find_room(deps.store, place.address)
    if room is None:
        raise NotLinked
    return room


async def _press(deps: Deps, press: Press) -> Answer:
    room = await _room(deps, press.place)
    right, handler = _PRESSES[press.verb]
    await require(deps, room, press.by, right)
    return await handler(deps, room, press)


async def _press_reply(deps: Deps, room: Room, press: Press) -> Answer:
    answer = await replies.ask_reply(deps, room, press.target, press.by)
    await _adopt(deps, room, press)
    return answer


async def _adopt(deps: Deps, room: Room, press: Press) -> None:
    """A card whose ref was lost is not mute: its own button says where it stands."""
    if press.ref is None or await conversations.about(deps.store, room, press.ref.message) is not None:
        return
    await conversations.adopt_card(deps.store, press.target, room.id, press.ref.message)


async def _press_send(deps: Deps, room: Room, press: Press) -> Answer:
    return await replies.send_draft(deps, room, press.target, press.by)


async def _press_keep(deps: Deps, room: Room, press: Press) -> Answer:
    return await replies.keep_as_note(deps, room, press.target)


async def _press_pick(deps: Deps, room: Room, press: Press) -> Answer:
    return await replies.pick(deps, room, press.target, press.choice)


async def _press_done(deps: Deps, room: Room, press: Press) -> Answer:
    return await replies.done_on_site(deps, room, press.target, press.by)


async def _press_claim(deps: Deps, room: Room, press: Press) -> Answer:
    answer = await claims.claim(deps, room, press.target, press.choice, press.by)
    if press.choice in {Choice.CLAIM, Choice.DROP}:  # these stand on cards
        await _adopt(deps, room, press)
    return answer


async def _press_ring(deps: Deps, room: Room, press: Press) -> Answer:
    return await links.set_ring(deps, room, press.by, press.choice)


async def _press_answerers(deps: Deps, room: Room, press: Press) -> Answer:
    return await links.set_answerers(deps, room, press.choice)


async def _press_rates(deps: Deps, room: Room, press: Press) -> Answer:
    stating = rate_answers.stating(press.choice)
    if stating is None:
        return await rate_answers.pressed(deps, room, press.target, press.choice)
    await require(deps, room, press.by, Right.REPLY)
    return await rate_answers.state(deps, room, press.target, *stating)


_PRESSES: dict[Verb, tuple[Right, Handler]] = {
    Verb.REPLY: (Right.REPLY, _press_reply),
    Verb.SEND: (Right.REPLY, _press_send),
    Verb.KEEP: (Right.REPLY, _press_keep),
    Verb.PICK: (Right.REPLY, _press_pick),
    Verb.CLAIM: (Right.REPLY, _press_claim),
    Verb.DONE: (Right.REPLY, _press_done),
    Verb.RING: (Right.READ, _press_ring),
    Verb.ANSWERERS: (Right.LINK, _press_answerers),
    Verb.RATES: (Right.READ, _press_rates),
}


async def _submit(deps: Deps, submit: Submit) -> Answer:
    room = await _room(deps, submit.place)
    await require(deps, room, submit.by, Right.REPLY)
    if submit.verb is not Verb.REPLY:
        raise UnknownConversation
    return await replies.reply(
        deps, room, submit.target, submit.values.get("text", ""), submit.by, operation=_operation(submit)
    )


async def _write(deps: Deps, write: Write) -> Answer:
    """A text with a plain target is sent where nobody else reads, and shown back where others do."""
    room = await _room(deps, write.place)
    await require(deps, room, write.by, Right.REPLY)
    known = await conversations.about(deps.store, room, write.at.message) if write.at else None
    target = write.conversation if known is None else known
    if not target:
        return await replies.ask_whom(deps, room, write.text, write.by, key=_operation(write))
    if write.alone:
        return await replies.reply(deps, room, target, write.text, write.by, operation=_operation(write))
    return await replies.propose(deps, room, target, write.text, write.by, key=_operation(write))


async def _command(deps: Deps, command: Command) -> Answer:
    known = commands.find(command.word)
    if known and known.word == "link" and command.rest.strip():
        return await links.link(deps, command)
    room = await _room(deps, command.place)
    await require(deps, room, command.by, Right.READ)
    match known.word if known else None:
        case "status":
            return await _status(deps, room)
        case "rates":
            return await _rates(deps, room, command)
        case "ring":
            return Answer(say("answers/ring_question"), buttons=links.ring_buttons(room))
        case "unlink":
            await require(deps, room, command.by, Right.LINK)
            return await links.unlink(deps, room)
        case "help" | "link":
            return Answer(say("answers/help", commands=_commands(deps, command.place)))
        case _:
            typed = Quote(command.word)
            return Answer(say("answers/unknown_command", word=typed, commands=_commands(deps, command.place)))


async def _rates(deps: Deps, room: Room, command: Command) -> Answer:
    if any(character.isdecimal() for character in command.rest):  # the marketplace's own number is kept
        await require(deps, room, command.by, Right.REPLY)
    return await rate_answers.answer(deps, room, command.rest, _prefix(deps, command.place))


async def _status(deps: Deps, room: Room) -> Answer:
    seller = await read_seller(deps.store, room.seller)
    owed = await conversations.owed_conversations(deps.store, room.seller, 1000)
    deadline: Instant | None = None
    if owed:
        sight = await conversations.read_conversation(deps.store, owed[0], room.id)
        deadline = deadline_of(sight) if sight else None
    return Answer(
        say(
            "answers/status",
            seller=Quote(seller.name if seller else room.seller),
            shops=len(await shops_of(deps.store, room.seller)),
            owed=len(owed),
            deadline=deadline,
        )
    )


def _operation(action: Submit | Write | Reach) -> str:
    """What happened, told apart by platform: its own key says it once."""
    return f"{action.by.platform}/{action.key}"


def _refusal(deps: Deps, action: Action, refused: Refused) -> Answer:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refused).__name__).lower()
    link = Words(f"{_prefix(deps, action.place)}link CODE", strong=True)
    return Answer(say(f"answers/refused_{name}", link=link, **refused.facts))


def _commands(deps: Deps, place: Place) -> Words:
    prefix = _prefix(deps, place)
    return Words(", ".join(f"{prefix}{known.word} {known.usage}".strip() for known in commands.COMMANDS))


def _prefix(deps: Deps, place: Place) -> str:
    return deps.platforms[place.address.platform].capabilities.command_prefix
