"""Regards, kept by buyer: `<how>/<shop>/<buyer>` in one hash of the seller."""

import hashlib

from core.domain.conversations import Conversation
from core.domain.members import Identity
from core.domain.regards import Regard, Regarded
from core.store import keys
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.store import Store, fields_of, pack, unpack

OPERATION_TTL = 7 * keys.DAY


def regard_field(regard: Regard, conversation: Conversation) -> str:
    return f"{regard}/{conversation.shop}/{conversation.buyer.id or conversation.id}"


def regard_value(conversation: Conversation, by: Identity, at: int) -> str:
    return pack([conversation.buyer.name or conversation.buyer.id or conversation.key, by.key, by.name, at])


async def regard_buyer(
    store: Store, seller: str, field: str, value: str, *, operation: str, conversation: str = ""
) -> str:
    """An empty value: not any more. The conversation's card is drawn anew. done, repeated, or missing."""
    reply = await store.scripts.run(
        "regard_buyer",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        conversation=conversation,
        regard=field,
        regarded=value,
        operation=hashlib.blake2b(operation.encode(), digest_size=16).hexdigest(),
        operation_ttl=OPERATION_TTL,
    )
    return word(reply)


async def regards_of(store: Store, seller: str, regard: Regard) -> list[Regarded]:
    """Those held so, the newest first."""
    found = fields_of(await store.engine.call("HGETALL", keys.regards(keys.tag_of(seller), seller)))
    every = (_to_regarded(field, value) for field, value in found.items())
    return sorted((each for each in every if each.regard is regard), key=lambda each: (-each.at, each.buyer))


def _to_regarded(field: str, value: str) -> Regarded:
    regard, shop, buyer = field.split("/", 2)
    name, by, by_name, at = unpack(value)
    return Regarded(Regard(regard), shop, buyer, name, to_identity(by, by_name), at)


def field_of(each: Regarded) -> str:
    return f"{each.regard}/{each.shop}/{each.buyer}"


def ticket(each: Regarded) -> str:
    """Names an entry on a button, whatever signs the marketplace's id of the buyer has."""
    return "n." + hashlib.blake2b(field_of(each).encode(), digest_size=10).hexdigest()
