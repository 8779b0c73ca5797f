"""Replies, kept from the press of Send to the marketplace's receipt."""

import hashlib

from core.domain.deliveries import DeliveryKind
from core.domain.members import Identity
from core.domain.obligations import MOVES
from core.ids import derived_id, shard_of
from core.ports.marketplace import Receipt
from core.store import keys
from core.store.conversations import message_id
from core.store.scripts import word
from core.store.store import Store, flat, pack

OPERATION_TTL = 7 * 86_400


def author_field(by: Identity) -> str:
    return pack([by.key, by.name])


async def write_reply(
    store: Store, seller: str, conversation: str, text: str, by: Identity, *, operation: str, sends: bool, draft: str
) -> tuple[str, str]:
    """(word, message id). Words: done, repeated, decided (the draft was, otherwise), missing (not this seller's).

    The same `operation` told twice is one reply. `sends` False: kept until somebody says it was typed by hand.
    """
    message = derived_id("message", shard_of(conversation), conversation, operation)
    reply = await store.scripts.run(
        "write_reply",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        operation=hashlib.blake2b(operation.encode(), digest_size=16).hexdigest(),
        operation_ttl=OPERATION_TTL,
        seller=seller,
        conversation=conversation,
        message=message,
        written_at=store.clock.now(),
        fields=flat({"text": text, "author": author_field(by), "key": ""}),
        sends=sends,
        draft=draft,
        by=by.key,
        forget_at=store.forget_at(),
    )
    return word(reply), message


async def done_by_hand(store: Store, seller: str, message: str, by: Identity) -> str:
    """By this member's word it stands on the site. done, fold (something is left), repeated, or missing."""
    move = MOVES["answer"]
    reply = await store.scripts.run(
        "done_by_hand",
        keys.tag_of(message),
        wall=store.clock.wall(),
        seller=seller,
        message=message,
        said_at=store.clock.now(),
        by=author_field(by),
        forget_at=store.forget_at(),
        **{"from": dict.fromkeys(move.sources, True), "to": move.target},
    )
    return word(reply)


async def finish_reply(store: Store, delivery: str, conversation: str, message: str, receipt: Receipt) -> str:
    """The marketplace has it: settle what it answers, tell every room. done, fold (something is left), or missing."""
    move = MOVES["answer"]
    reply = await store.scripts.run(
        "finish_reply",
        keys.tag_of(message),
        wall=store.clock.wall(),
        delivery=delivery,
        now=store.clock.now(),
        message=message,
        accepted_at=receipt.accepted_at,
        alias=message_id(conversation, receipt.message_key) if receipt.message_key else "",
        forget_at=store.forget_at(),
        **{"from": dict.fromkeys(move.sources, True), "to": move.target},
    )
    store.metrics.count_delivery(DeliveryKind.REPLY, "sent")
    return word(reply)
