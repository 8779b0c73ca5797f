"""Card refs: what a message that we posted is about, kept by where it stands."""

from core.domain.cards import CardRef
from core.domain.rooms import Room
from core.store import keys
from core.store.store import Store

REF_TTL = 180 * 86_400


async def about(store: Store, room: str, posted: str) -> str | None:
    """The conversation that a message of ours in this room is about; empty for one about none, or about several."""
    found = await store.engine.call("GET", keys.ref(keys.tag_of(room), room, posted))
    return None if found is None else found.decode()


async def card_in(store: Store, conversation: str, room: Room) -> CardRef | None:
    """Where a conversation's card stands in a room; None while it stands nowhere there."""
    posted = await store.engine.call("HGET", keys.conversation(keys.tag_of(conversation), conversation), room.id)
    return CardRef(room.address, posted.decode()) if posted else None


async def adopt_card(store: Store, conversation: str, room: str, posted: str) -> None:
    """A card whose ref was lost speaks for itself: the message a button stood on is the card, if there is no other."""
    tag = keys.tag_of(conversation)
    await store.engine.call("SET", keys.ref(tag, room, posted), conversation, "EX", REF_TTL)
    await store.engine.call("HSETNX", keys.conversation(tag, conversation), room, posted)
