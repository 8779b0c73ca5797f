"""What each command does, and the right that it takes; the words stand in `core.domain.commands`."""

from collections.abc import Awaitable, Callable

from core.domain import commands
from core.domain.actions import Command, operation
from core.domain.cards import Answer
from core.domain.members import Right
from core.domain.rooms import Place, Room
from core.domain.texts import Instant, Quote, lines
from core.rendering import say
from core.services import (
    availability_answers,
    inbox,
    links,
    persons,
    quick_response_lists,
    rate_answers,
    regards,
    settings,
    spam_reports,
)
from core.services.cards import deadline_of
from core.services.deps import Deps
from core.services.help import explain, explain_link, explain_unknown
from core.services.members import require
from core.store import conversations, refs
from core.store.sellers import read_seller
from core.store.shops import shops_of

Handler = Callable[[Deps, Room, Command], Awaitable[Answer]]


async def command(deps: Deps, room: Room, typed: Command) -> Answer:
    """An unknown word gets help."""
    known = commands.find(typed.word)
    if known is None:
        member = await require(deps, room, typed.by, Right.READ)
        return await explain_unknown(deps, room, member, typed.place, typed.word, rights())
    right, handler = HANDLERS[known.word]
    await require(deps, room, typed.by, right)
    return await handler(deps, room, typed)


def prefix(deps: Deps, place: Place) -> str:
    return deps.platforms[place.address.platform].capabilities.command_prefix


def rights() -> dict[str, Right]:
    """What each command takes."""
    return {word: right for word, (right, _) in HANDLERS.items()}


async def _inbox(deps: Deps, room: Room, typed: Command) -> Answer:
    return await inbox.show(deps, room, typed.rest, typed.by, prefix(deps, typed.place), key=operation(typed))


async def _status(deps: Deps, room: Room, typed: Command) -> Answer:
    seller = await read_seller(deps.store, room.seller)
    owed = await conversations.owed_conversations(deps.store, room.seller, 1000)
    deadline: Instant | None = None
    if owed:
        sight = await conversations.read_conversation(deps.store, owed[0], room.id)
        deadline = deadline_of(sight) if sight else None
    said = say(
        "answers/status",
        seller=Quote(seller.name if seller else room.seller),
        shops=len(await shops_of(deps.store, room.seller)),
        owed=len(owed),
        deadline=deadline,
        overdue=deadline is not None and deadline.at <= deps.clock.now(),
    )
    availability, buttons = await availability_answers.status(deps, room, typed.by, typed.rest)
    return Answer(lines([said, availability]), buttons=buttons)


async def _away(deps: Deps, room: Room, typed: Command) -> Answer:
    before = prefix(deps, typed.place)
    if not availability_answers.is_own(typed.rest):
        await require(deps, room, typed.by, Right.MANAGE, to=availability_answers.SHOPS)
    return await availability_answers.away(deps, room, typed.rest, typed.by, before, key=operation(typed))


async def _back(deps: Deps, room: Room, typed: Command) -> Answer:
    if not availability_answers.is_own(typed.rest):
        await require(deps, room, typed.by, Right.MANAGE, to=availability_answers.SHOPS)
    return await availability_answers.back(deps, room, typed.rest, typed.by)


async def _rates(deps: Deps, room: Room, typed: Command) -> Answer:
    if rate_answers.states(typed.rest):
        await require(deps, room, typed.by, Right.REPLY, to=rate_answers.STATE)
    return await rate_answers.answer(deps, room, typed.rest, prefix(deps, typed.place))


async def _settings(deps: Deps, room: Room, typed: Command) -> Answer:
    return await settings.show(deps, room, await require(deps, room, typed.by, Right.READ))


async def _quick(deps: Deps, room: Room, typed: Command) -> Answer:
    """`quick`, `quick TITLE`, `quick show|edit|delete TITLE`, `quick add`, `quick add TITLE: TEXT`."""
    if typed.rest.strip().partition(" ")[0].casefold() in quick_response_lists.CHANGES:
        await require(deps, room, typed.by, Right.MANAGE)
    return await quick_response_lists.typed(deps, room, typed, prefix(deps, typed.place))


async def _members(deps: Deps, room: Room, typed: Command) -> Answer:
    return await persons.show(deps, room, typed.by)


async def _spam(deps: Deps, room: Room, typed: Command) -> Answer:
    """About what it was typed as an answer to, or else by buttons; `blocked` is the block list."""
    if typed.rest.strip().casefold() == "blocked":
        await require(deps, room, typed.by, Right.MANAGE)
        return await regards.list_blocked(deps, room)
    known = await refs.about(deps.store, room.id, typed.at.message) if typed.at else None
    target = typed.conversation if known is None else known
    if target:
        return await spam_reports.ask_why_of(deps, room, target)
    return await spam_reports.ask_which(deps, room)


async def _ring(deps: Deps, room: Room, typed: Command) -> Answer:
    return Answer(say("answers/ring_question"), buttons=links.ring_buttons(room))


async def _unlink(deps: Deps, room: Room, typed: Command) -> Answer:
    return await links.ask_unlink(deps, room)


async def _help(deps: Deps, room: Room, typed: Command) -> Answer:
    member = await require(deps, room, typed.by, Right.READ)
    return await explain(deps, room, member, typed.place, rights())


async def _link(deps: Deps, room: Room, typed: Command) -> Answer:
    """Telegram's Start button types `start` in a chat that is linked already: nobody has forgotten a code."""
    if typed.word.casefold() == "start":
        return await _help(deps, room, typed)
    member = await require(deps, room, typed.by, Right.READ)
    return await explain_link(deps, room, member, typed.place, rights())


HANDLERS: dict[str, tuple[Right, Handler]] = {
    "link": (Right.READ, _link),  # with a code it never comes here: see `core.services.actions`
    "inbox": (Right.READ, _inbox),
    "away": (Right.REPLY, _away),  # a shop's takes more than the member's own
    "back": (Right.REPLY, _back),
    "status": (Right.READ, _status),
    "rates": (Right.READ, _rates),
    "spam": (Right.SPAM, _spam),
    "settings": (Right.READ, _settings),
    "quick": (Right.READ, _quick),
    "members": (Right.READ, _members),
    "ring": (Right.READ, _ring),
    "unlink": (Right.LINK, _unlink),
    "help": (Right.READ, _help),
}
