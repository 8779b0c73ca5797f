"""Regards: block a buyer, list who is blocked, unblock them."""

from core.domain.cards import Answer, Button, Verb
from core.domain.members import Identity
from core.domain.regards import Regard, Regarded
from core.domain.rooms import Room
from core.domain.texts import Instant, Quote, Text, Words
from core.errors import UnknownConversation
from core.rendering import say
from core.services.cards import buyer_of, named
from core.services.deps import Deps
from core.services.replies import see
from core.store import regards
from core.store.conversations import Sight
from core.store.sellers import read_seller
from core.store.shops import read_shop

SHOWN = 10


async def block(deps: Deps, room: Room, target: str, choice: str, by: Identity, *, operation: str) -> Answer:
    """Of a conversation's buyer; or, of one in the list, by the digest that its button carries."""
    if choice.startswith("n."):
        return await _unblock_listed(deps, room, choice, operation)
    if choice not in {"", "undo"}:
        raise UnknownConversation
    sight = await see(deps, room, target)
    value = "" if choice == "undo" else regards.regard_value(sight.conversation, by, deps.clock.now())
    field = regards.regard_field(Regard.BLOCKED, sight.conversation)
    word = await regards.regard_buyer(
        deps.store, room.seller, field, value, operation=operation, conversation=sight.conversation.id
    )
    name = ("unblocked" if choice == "undo" else "blocked") + ("" if word == "done" else "_already")
    answer = _say(name, buyer=buyer_of(sight))
    buttons = (button(sight, blocked=True),) if name == "blocked" else ()
    return Answer(answer, buttons=buttons, conversation=sight.conversation.id)


def button(sight: Sight, *, blocked: bool) -> Button:
    name, choice = ("unblock", "undo") if blocked else ("block", "")
    return Button(say(f"cards/buttons#{name}", buyer=buyer_of(sight)), Verb.BLOCK, sight.conversation.id, choice)


async def list_blocked(deps: Deps, room: Room) -> Answer:
    """Each with a button that unblocks it."""
    found = await regards.regards_of(deps.store, room.seller, Regard.BLOCKED)
    if not found:
        return Answer(_say("empty"))
    seller = await read_seller(deps.store, room.seller)
    zone = seller.zone if seller else "UTC"
    lines = [_say("list"), *[await _line(deps, each, zone) for each in found[:SHOWN]]]
    if more := len(found) - SHOWN:
        lines += [_say("more", count=more)] if more > 0 else []
    text = tuple(part for number, line in enumerate(lines) for part in ((Words("\n"), *line) if number else line))
    buttons = [
        Button(say("cards/buttons#unblock", buyer=Quote(each.name)), Verb.BLOCK, each.shop, choice=regards.ticket(each))
        for each in found[:SHOWN]
    ]
    return Answer(text, buttons=tuple(buttons))


async def _unblock_listed(deps: Deps, room: Room, choice: str, operation: str) -> Answer:
    found = await regards.regards_of(deps.store, room.seller, Regard.BLOCKED)
    each = next((one for one in found if regards.ticket(one) == choice), None)
    if each is None:
        return await list_blocked(deps, room)
    await regards.regard_buyer(deps.store, room.seller, regards.field_of(each), "", operation=operation)
    return Answer(_say("unblocked", buyer=Quote(each.name)))


async def _line(deps: Deps, each: Regarded, zone: str) -> Text:
    shop = await read_shop(deps.store, each.shop)
    name = Quote(shop[0].name if shop else each.shop)
    return _say("line", buyer=Quote(each.name), shop=name, who=named(each.by), at=Instant(each.at, zone))


def _say(name: str, **values: object) -> Text:
    return say(f"answers/regard#{name}", **values)
