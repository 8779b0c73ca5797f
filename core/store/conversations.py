"""Conversations and their messages, kept: what a card is drawn from, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from core.domain.claims import Claim
from core.domain.conversations import Buyer, Conversation, Message, Order
from core.domain.habits import Habits
from core.domain.obligations import Obligation
from core.domain.policies import Policy
from core.domain.regards import Regard
from core.domain.rooms import Room
from core.domain.sellers import Seller
from core.domain.shops import Shop
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.histories import to_obligation, unheeded_of
from core.store.messages import to_message
from core.store.policies import unpacked
from core.store.rooms import to_identity, to_room
from core.store.scripts import text
from core.store.sellers import to_seller
from core.store.shops import to_shop
from core.store.store import Fields, Store, fields_of, unpack
from core.store.terms import to_habits

DAY = 86_400
MESSAGES_READ = 20
About = Literal["conversation", "message", "draft", "posted"]


def conversation_id(shop: str, key: str) -> str:
    """Ours, from the marketplace's: the same conversation told twice is one."""
    return derived_id("conversation", shard_of(shop), shop, key)


def message_id(conversation: str, key: str) -> str:
    return derived_id("message", shard_of(conversation), conversation, key)


@dataclass(frozen=True, slots=True)
class Sight:
    """A conversation with all that a card is drawn from. `messages` are the newest, oldest first; before them the one
    that asked and the reply on its way, however old.

    `obligations` are those that are owed; `latest` is the one that `asked` opened, however it stands. `unheeded`: by
    the id of what is owed, how many rungs were said since any member last did something about it.
    """

    conversation: Conversation
    shop: Shop
    seller: Seller
    messages: tuple[Message, ...]
    obligations: tuple[Obligation, ...]
    asked: str  # the message that opened the latest obligation, or the first there was
    posted: str  # where the card stands in the room that was asked for; empty where it does not yet
    thread: str  # the card's own thread there; empty where it has none
    room: Room | None
    habits: Mapping[str, Habits]  # of the seller's members, by their keys; none where no room was asked for
    policies: Mapping[str, Policy]  # that the obligations were opened under, by their digests
    latest: Obligation | None = None
    regards: frozenset[Regard] = frozenset()
    unheeded: Mapping[str, int] = field(default_factory=dict)


async def read_conversation(store: Store, conversation: str, room: str = "", also: str = "") -> Sight | None:
    """In one round trip; None for an unknown one. `also` is a message to read beside the newest ones."""
    return await read_about(store, "conversation", conversation, room, also)


async def read_about(store: Store, what: About, about: str, room: str, also: str = "") -> Sight | None:
    """The same of the conversation that something is about, such as what was posted in this room."""
    reply = await store.scripts.run(
        "read_conversation",
        keys.tag_of(room if what == "posted" else about),
        what=what,
        about=about,
        room=room,
        limit=MESSAGES_READ,
        also=also,
    )
    return to_sight(room, reply) if reply else None


async def owed_conversations(store: Store, seller: str, most: int) -> list[str]:
    """Conversations with an open obligation, the nearest deadline first; without those that are being reported."""
    reply = await store.scripts.run("owed_conversations", keys.tag_of(seller), seller=seller, most=most)
    found: list[str] = text(reply)
    return found


def to_sight(room: str, reply: list[Any]) -> Sight:
    """As `lib/sights.lua` reads it."""
    fields, shop, seller, messages, obligations, posted, in_room, habits, thread, policies, latest, regards, id = reply
    own, room_fields = fields_of(fields), fields_of(in_room)
    owed = {name.decode(): fields_of(found) for name, found in obligations}
    read = [to_message(name.decode(), fields_of(found)) for name, found in messages if found]
    known = to_seller(own["seller"], fields_of(seller))
    here = to_room(room, room_fields) if room_fields.get("state") == "linked" else None
    return Sight(
        conversation=_to_conversation(id.decode(), own),
        shop=to_shop(own["shop"], fields_of(shop)),
        seller=known,
        messages=tuple(sorted(read, key=lambda message: (message.sent_at, message.id))),
        obligations=tuple(to_obligation(name, found) for name, found in owed.items()),
        asked=own.get("asked", ""),
        posted=posted.decode(),
        thread=thread.decode(),
        room=replace(here, language=known.language) if here else None,
        habits=to_habits(fields_of(habits)),
        policies={digest.decode(): unpacked(text.decode()) for digest, text in policies},
        latest=to_obligation(latest[0].decode(), fields_of(latest[1])) if latest[1] else None,
        regards=frozenset(Regard(each.decode()) for each in regards),
        unheeded={name: unheeded_of(found) for name, found in owed.items()},
    )


def _to_conversation(conversation: str, fields: Fields) -> Conversation:
    return Conversation(
        id=conversation,
        key=fields["key"],
        seller=fields["seller"],
        shop=fields["shop"],
        buyer=msgspec.convert(unpack(fields["buyer"]), Buyer) if "buyer" in fields else Buyer("", ""),
        version=int(fields.get("version", "0")),
        url=fields.get("url"),
        order=msgspec.convert(unpack(fields["order"]), Order) if fields.get("order") else None,
        claim=_to_claim(fields) if "claimed" in fields else None,
        writing=to_identity(fields["writing"], fields["writing_name"]) if "writing" in fields else None,
    )


def _to_claim(fields: Fields) -> Claim:
    return Claim(
        to_identity(fields["claimed"], fields["claimed_name"]), int(fields["claimed_at"]), int(fields["acted"])
    )
