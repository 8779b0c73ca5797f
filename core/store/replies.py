"""Replies, kept from the press of Send to the marketplace's receipt."""

import hashlib
from dataclasses import dataclass

from core.domain.deliveries import DeliveryKind
from core.domain.files import File
from core.domain.members import Identity
from core.domain.obligations import MOVES
from core.domain.policies import AnswerKind
from core.domain.quick_responses import Used
from core.ids import derived_id, shard_of
from core.ports.marketplace import Receipt
from core.store import keys
from core.store.conversations import message_id
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.store import Store, flat, pack, unpack

OPERATION_TTL = 7 * 86_400


def author_field(by: Identity) -> str:
    return pack([by.key, by.name])


def operation_digest(operation: str) -> str:
    return hashlib.blake2b(operation.encode(), digest_size=16).hexdigest()


def to_author(field: str) -> Identity:
    return to_identity(*unpack(field))


@dataclass(frozen=True, slots=True)
class Written:
    """A reply that a member asks for; the same `operation` told twice is one reply.

    `sends` False: kept until somebody says it was typed by hand. For `hold` milliseconds it can be taken back. If
    somebody else answered from `since` on, or by `formed` since this member opened the form, nothing is written.
    `draft` is what it was until now, `corrects` the reply that it puts right, `used` the quick response that it was
    made from; `reworded` since, it is a reply like any other, though one use.
    """

    text: str
    by: Identity
    operation: str
    sends: bool = True
    draft: str = ""
    hold: int = 0
    since: int | None = None
    formed: bool = False
    corrects: str = ""
    used: Used | None = None
    reworded: bool = False
    files: tuple[File, ...] = ()


async def write_reply(store: Store, seller: str, conversation: str, written: Written) -> tuple[str, str]:
    """(word, message id). Words: done, repeated, decided (the draft was, otherwise), second (somebody else answered),
    missing (not this seller's)."""
    message = derived_id("message", shard_of(conversation), conversation, written.operation)
    wall = store.clock.wall()
    fields = {"text": written.text, "author": author_field(written.by), "key": ""}
    if written.corrects:
        fields["corrects"] = written.corrects
    if written.files:
        fields["files"] = pack(written.files)
    used = written.used
    if used and not written.reworded:
        fields |= {"how": AnswerKind.QUICK, "used": pack(used)}
    reply = await store.scripts.run(
        "write_reply",
        keys.tag_of(conversation),
        wall=wall,
        operation=operation_digest(written.operation),
        operation_ttl=OPERATION_TTL,
        seller=seller,
        conversation=conversation,
        message=message,
        written_at=store.clock.now(),
        fields=flat(fields),
        sends=written.sends,
        draft=written.draft,
        by=written.by.key,
        till=wall + written.hold,
        since="" if written.since is None else written.since,
        formed=written.formed,
        used=used.id if used else "",
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
