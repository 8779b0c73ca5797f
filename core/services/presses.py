"""What each button does, and the right that it takes."""

from collections.abc import Awaitable, Callable

from core.domain.actions import Command, Press, operation
from core.domain.cards import Answer, Verb
from core.domain.members import Right
from core.domain.rooms import Room
from core.ids import is_id
from core.services import (
    availability_answers,
    availability_forms,
    claims,
    holds,
    inbox,
    links,
    overviews,
    persons,
    quick_response_lists,
    quick_responses,
    rate_answers,
    regards,
    replies,
    selections,
    settings,
    shortcuts,
    spam_reports,
    waivers,
)
from core.services.commands import command, prefix
from core.services.deps import Deps
from core.services.hold_answers import AS_WELL
from core.services.members import member_of, require
from core.services.more import more
from core.store import refs

Handler = Callable[[Deps, Room, Press], Awaitable[Answer]]


async def press(deps: Deps, room: Room, pressed: Press) -> Answer:
    right, handler = PRESSES[pressed.verb]
    await require(deps, room, pressed.by, right)
    return await handler(deps, room, pressed)


async def adopt(deps: Deps, room: Room, pressed: Press) -> None:
    """A card whose ref was lost is not mute: its own button says where it stands.

    The same button elsewhere has no version: it stood on no card.
    """
    if not pressed.version or pressed.ref is None:
        return
    if await refs.about(deps.store, room.id, pressed.ref.message) is None:
        await refs.adopt_card(deps.store, pressed.target, room.id, pressed.ref.message)


async def _reply(deps: Deps, room: Room, pressed: Press) -> Answer:
    answer = await quick_responses.reply_form(deps, room, pressed.target, pressed.by)
    await adopt(deps, room, pressed)
    return answer


async def _send(deps: Deps, room: Room, pressed: Press) -> Answer:
    as_well = pressed.choice == AS_WELL
    return await replies.send_draft(deps, room, pressed.target, pressed.by, as_well=as_well)


async def _undo(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await holds.undo(deps, room, pressed.target, pressed.choice, key=operation(pressed))


async def _edit(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await holds.edit(deps, room, pressed.target, pressed.choice, key=operation(pressed))


async def _anyway(deps: Deps, room: Room, pressed: Press) -> Answer:
    key = operation(pressed)
    return await holds.send_anyway(deps, room, pressed.target, pressed.choice, pressed.by, key=key)


async def _correct(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await holds.ask_correction(deps, room, pressed.target)


async def _keep(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await replies.keep_as_note(deps, room, pressed.target)


async def _pick(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await replies.pick(deps, room, pressed.target, pressed.choice)


async def _done(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await replies.done_on_site(deps, room, pressed.target, pressed.by)


async def _claim(deps: Deps, room: Room, pressed: Press) -> Answer:
    answer = await claims.claim(deps, room, pressed.target, pressed.choice, pressed.by)
    await adopt(deps, room, pressed)
    return answer


async def _ring(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await links.set_ring(deps, room, pressed.by, pressed.choice)


async def _answerers(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await links.set_answerers(deps, room, pressed.choice)


async def _unlink(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await links.unlink(deps, room, pressed.target, pressed.choice)


async def _inbox(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await inbox.turn(deps, room, pressed.target, pressed.choice, prefix(deps, pressed.place))


async def _open(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await inbox.open_conversation(deps, room, pressed.target, pressed.choice)


async def _select(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await selections.pressed(deps, room, pressed, prefix(deps, pressed.place))


async def _settings(deps: Deps, room: Room, pressed: Press) -> Answer:
    member = await require(deps, room, pressed.by, Right.READ)
    return await settings.pressed(deps, room, member, pressed.target, pressed.choice)


async def _away(deps: Deps, room: Room, pressed: Press) -> Answer:
    """One's own absence is decided by whoever typed it, a shop's by every manager."""
    if pressed.choice == availability_forms.FORM:
        await require(deps, room, pressed.by, Right.MANAGE)
        return await availability_forms.ask(deps, room, pressed.by)
    draft = await availability_answers.find_draft(deps, room, pressed.target)
    if not (draft.own and draft.by.key == pressed.by.key):
        await require(deps, room, pressed.by, Right.MANAGE)
    before, key = prefix(deps, pressed.place), operation(pressed)
    return await availability_answers.pressed(deps, room, draft, pressed.choice, pressed.by, before, key=key)


async def _availability(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await availability_answers.shop_pressed(deps, room, pressed.target, pressed.choice, pressed.by)


async def _reword(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await replies.ask_rewording(deps, room, pressed.target)


async def _quick(deps: Deps, room: Room, pressed: Press) -> Answer:
    page = _page(pressed)
    answer = await quick_responses.offer(deps, room, pressed.target, page, pressed.by)
    await adopt(deps, room, pressed)
    return answer


async def _use(deps: Deps, room: Room, pressed: Press) -> Answer:
    if is_id(pressed.target, "draft"):
        return await quick_responses.ask(deps, room, pressed)
    return await quick_responses.use(deps, room, pressed)


async def _insert(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await quick_responses.insert(deps, room, pressed)


async def _thank(deps: Deps, room: Room, pressed: Press) -> Answer:
    answer = await quick_responses.thank(deps, room, pressed)
    await adopt(deps, room, pressed)
    return answer


async def _quick_list(deps: Deps, room: Room, pressed: Press) -> Answer:
    if pressed.target:
        return await quick_response_lists.show(deps, room, pressed.by, pressed.target)
    return await quick_response_lists.listed(deps, room, pressed.by, _page(pressed), replaces=True)


async def _quick_edit(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await quick_response_lists.ask(deps, room, pressed.target)


async def _quick_change(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await quick_response_lists.change(deps, room, pressed)


def _page(pressed: Press) -> int:
    """`p.2`; whatever else was forged is the first page."""
    number = pressed.choice.removeprefix("p.")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0


async def _command(deps: Deps, room: Room, pressed: Press) -> Answer:
    """The command's own right is asked for there."""
    return await command(deps, room, Command(pressed.key, pressed.by, pressed.place, pressed.choice))


async def _overview(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await overviews.turn(deps, room, pressed.by, pressed.choice)


async def _shortcut(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await shortcuts.pressed(deps, room, pressed)


async def _members(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await persons.pressed(deps, room, pressed)


async def _rates(deps: Deps, room: Room, pressed: Press) -> Answer:
    stating = rate_answers.stating(pressed.choice)
    if stating is None:
        return await rate_answers.pressed(deps, room, pressed.target, pressed.choice)
    await require(deps, room, pressed.by, Right.REPLY, to=rate_answers.STATE)
    return await rate_answers.state(deps, room, pressed.target, *stating)


async def _more(deps: Deps, room: Room, pressed: Press) -> Answer:
    answer = await more(deps, room, pressed.target, await member_of(deps, room, pressed.by))
    await adopt(deps, room, pressed)
    return answer


async def _spam(deps: Deps, room: Room, pressed: Press) -> Answer:
    by, key = pressed.by, operation(pressed)
    return await spam_reports.pressed(deps, room, pressed.target, pressed.choice, by, operation=key)


async def _waive(deps: Deps, room: Room, pressed: Press) -> Answer:
    return await waivers.waive(deps, room, pressed.target, pressed.choice, pressed.by)


async def _not_buyer(deps: Deps, room: Room, pressed: Press) -> Answer:
    by, key = pressed.by, operation(pressed)
    return await waivers.not_a_buyer(deps, room, pressed.target, pressed.choice, by, operation=key)


async def _block(deps: Deps, room: Room, pressed: Press) -> Answer:
    by, key = pressed.by, operation(pressed)
    return await regards.block(deps, room, pressed.target, pressed.choice, by, operation=key)


PRESSES: dict[Verb, tuple[Right, Handler]] = {
    Verb.REPLY: (Right.REPLY, _reply),
    Verb.SEND: (Right.REPLY, _send),
    Verb.UNDO: (Right.REPLY, _undo),
    Verb.EDIT: (Right.REPLY, _edit),
    Verb.ANYWAY: (Right.REPLY, _anyway),
    Verb.CORRECT: (Right.REPLY, _correct),
    Verb.KEEP: (Right.REPLY, _keep),
    Verb.PICK: (Right.REPLY, _pick),
    Verb.CLAIM: (Right.REPLY, _claim),
    Verb.DONE: (Right.REPLY, _done),
    Verb.MORE: (Right.SPAM, _more),
    Verb.SPAM: (Right.SPAM, _spam),
    Verb.WAIVE: (Right.SPAM, _waive),
    Verb.NOT_BUYER: (Right.SPAM, _not_buyer),
    Verb.BLOCK: (Right.MANAGE, _block),
    Verb.RING: (Right.READ, _ring),
    Verb.ANSWERERS: (Right.LINK, _answerers),
    Verb.UNLINK: (Right.LINK, _unlink),
    Verb.INBOX: (Right.READ, _inbox),
    Verb.OPEN: (Right.READ, _open),
    Verb.SELECT: (Right.READ, _select),  # what is done about them takes a right of its own
    Verb.SETTINGS: (Right.READ, _settings),
    Verb.AWAY: (Right.REPLY, _away),
    Verb.AVAILABILITY: (Right.MANAGE, _availability),
    Verb.REWORD: (Right.REPLY, _reword),
    Verb.QUICK: (Right.REPLY, _quick),
    Verb.USE: (Right.REPLY, _use),
    Verb.INSERT: (Right.REPLY, _insert),
    Verb.THANK: (Right.REPLY, _thank),
    Verb.QUICK_LIST: (Right.READ, _quick_list),
    Verb.QUICK_EDIT: (Right.MANAGE, _quick_edit),
    Verb.QUICK_CHANGE: (Right.MANAGE, _quick_change),
    Verb.MEMBERS: (Right.READ, _members),
    Verb.COMMAND: (Right.READ, _command),
    Verb.OVERVIEW: (Right.READ, _overview),
    Verb.SHORTCUT: (Right.READ, _shortcut),  # each takes a right of its own
    Verb.RATES: (Right.READ, _rates),
}
