"""What each shortcut does, and the right that it takes; their names stand in `core.domain.shortcuts`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from core.domain.actions import Press, Shortcut, operation
from core.domain.cards import Answer, Button, Verb
from core.domain.conversations import MessageState
from core.domain.members import Right
from core.domain.rooms import Room
from core.domain.texts import Words, cut
from core.errors import NotInRoom, UnknownConversation
from core.ids import is_id, shard_of
from core.rendering import say, speak
from core.services import (
    availability_forms,
    inbox,
    overviews,
    quick_response_lists,
    quick_responses,
    replies,
    spam_reports,
)
from core.services.cards import buyer_of
from core.services.commands import prefix
from core.services.deps import Deps
from core.services.members import admit, require
from core.store import conversations, refs, rooms
from core.store.sellers import read_seller

Handler = Callable[[Deps, Room, Shortcut], Awaitable[Answer]]
LONGEST_NAME = 40


async def shortcut(deps: Deps, room: Room, chosen: Shortcut) -> Answer:
    """Raises UnknownConversation for one that no version of ours has."""
    if chosen.name not in SHORTCUTS:
        raise UnknownConversation
    right, handler = SHORTCUTS[chosen.name]
    await require(deps, room, chosen.by, right)
    return await handler(deps, room, chosen)


async def from_anywhere(deps: Deps, chosen: Shortcut) -> Answer:
    """In no chat: for the seller that the member acts for; of several they are asked for which."""
    found = await overviews.find_rooms(deps, chosen.by)
    if not found:
        return Answer(overviews.stranger(deps, chosen.place))
    if len(found) == 1:
        room, _ = found[0]
        speak(room.language)
        return replace(await shortcut(deps, room, chosen), room=room.address)
    sellers = [await read_seller(deps.store, room.seller) for room, _ in found]
    buttons = [
        Button((cut(seller.name, LONGEST_NAME),), Verb.SHORTCUT, room.id, choice=chosen.name)
        for (room, _), seller in zip(found, sellers, strict=True)
        if seller
    ]
    return Answer(say("answers/overview#which_seller"), buttons=tuple(buttons))


async def chosen_room(deps: Deps, pressed: Press) -> Room:
    """One of several sellers was chosen, by a room of theirs. Raises NotInRoom."""
    known = is_id(pressed.target, "room") and shard_of(pressed.target) < deps.store.shards
    room = await rooms.read_room(deps.store, pressed.target) if known else None
    if room is None or await admit(deps, room, pressed.by) is None:
        raise NotInRoom
    speak(room.language)
    return room


async def pressed(deps: Deps, room: Room, press: Press) -> Answer:
    """What was asked for, in the room that was chosen."""
    chosen = Shortcut(press.key, press.by, replace(press.place, address=room.address), press.choice)
    return replace(await shortcut(deps, room, chosen), room=room.address)


async def _inbox(deps: Deps, room: Room, chosen: Shortcut) -> Answer:
    return await inbox.show(deps, room, "", chosen.by, prefix(deps, chosen.place), key=operation(chosen))


async def _away(deps: Deps, room: Room, chosen: Shortcut) -> Answer:
    return await availability_forms.ask(deps, room, chosen.by)


async def _reply(deps: Deps, room: Room, chosen: Shortcut) -> Answer:
    """On a card, or on what stands below one; elsewhere it is asked whom they answer."""
    target = await _about(deps, room, chosen)
    if target:
        return await quick_responses.reply_form(deps, room, target, chosen.by)
    owed = await conversations.owed_conversations(deps.store, room.seller, replies.CHOICES)
    if not owed:
        return Answer(say("answers/overview#no_card_none"))
    sights = [await replies.see(deps, room, conversation) for conversation in owed]
    buttons = [
        Button(say("cards/buttons#pick", buyer=buyer_of(sight)), Verb.REPLY, sight.conversation.id, opens=True)
        for sight in sights
    ]
    return Answer(say("answers/overview#no_card"), buttons=tuple(buttons))


async def _save(deps: Deps, room: Room, chosen: Shortcut) -> Answer:
    """What a person wrote there; on a card and on what we say below it, the last that was answered to that buyer."""
    if chosen.text.strip():
        return await quick_response_lists.ask_saving(deps, room, chosen.text)
    target = await _about(deps, room, chosen)
    if not target:
        return await quick_response_lists.ask(deps, room, "")
    sight = await replies.see(deps, room, target)
    sent = [m for m in sight.messages if not m.incoming and m.text and m.state is not MessageState.HELD]
    if not sent:
        quick = Words(f"{prefix(deps, chosen.place)}quick add", strong=True)
        return Answer(say("answers/overview#nothing_sent", buyer=buyer_of(sight), quick=quick))
    return await quick_response_lists.ask_saving(deps, room, sent[-1].text, sight.conversation.buyer.name)


async def _spam(deps: Deps, room: Room, chosen: Shortcut) -> Answer:
    target = await _about(deps, room, chosen)
    if target:
        return await spam_reports.ask_why_of(deps, room, target)
    return await spam_reports.ask_which(deps, room)


async def _about(deps: Deps, room: Room, chosen: Shortcut) -> str:
    """The conversation of the message that it was chosen on; empty for one that is about none, or about several."""
    known = await refs.about(deps.store, room.id, chosen.at.message) if chosen.at else None
    return (chosen.conversation if known is None else known) or ""


SHORTCUTS: dict[str, tuple[Right, Handler]] = {
    "inbox": (Right.READ, _inbox),
    "away": (Right.MANAGE, _away),
    "reply": (Right.REPLY, _reply),
    "save": (Right.MANAGE, _save),
    "spam": (Right.SPAM, _spam),
}
