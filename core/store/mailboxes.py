"""Mailboxes: raw events of a platform, kept before they are acknowledged, read in order by chat."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from core.ids import pick_shard
from core.ports.chat import Mail
from core.store import keys
from core.store.keys import Tag
from core.store.scripts import word
from core.store.store import Store

SEEN_TTL = 25 * 3600  # Slack's delayed events come for 24 h
TRIES_TTL = 86_400
UNREAD_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """A box's first mail, under a lease that `token` fences.

    `strikes` counts the tries that did not end well, this one included until it does. `at` is when it was taken now,
    `since` when it was taken first, both by `wall`.
    """

    tag: Tag
    box: str
    token: str
    strikes: int
    since: int
    at: int
    mail: Mail


class Outcome(StrEnum):
    DONE = "done"
    LATER = "later"  # it failed, and is read again in its place
    WAITS = "waits"  # the same, by no fault of its own
    UNREAD = "unread"  # set aside; the box goes on


@dataclass(frozen=True, slots=True)
class Post:
    taken: tuple[Taken, ...]
    next_at: int | None


async def keep_mail(store: Store, mail: Mail) -> bool:
    """On disk when it returns; False when this happened before."""
    return (await keep_and_take(store, mail, lease=0))[0]


async def keep_and_take(store: Store, mail: Mail, *, lease: int) -> tuple[bool, Taken | None]:
    """The same; and where nothing of its chat comes before it, it is taken for so many milliseconds."""
    wall, telling = store.clock.wall(), secrets.token_hex(8)
    box = hashlib.blake2b(f"{mail.platform}\x1f{mail.box}".encode(), digest_size=12).hexdigest()
    happened = hashlib.blake2b(f"{mail.platform}\x1f{mail.key}".encode(), digest_size=16).hexdigest()
    tag = keys.mailbox_tag(pick_shard(box, store.shards))
    reply = await store.scripts.run(
        "keep_mail",
        tag,
        wall=wall,
        box=box,
        happened=happened,
        seen_ttl=SEEN_TTL,
        mail=msgspec.msgpack.encode(mail),
        telling=telling,
        tries_ttl=TRIES_TTL,
        lease=lease,
    )
    taken = Taken(tag, box, telling, 1, wall, wall, mail) if word(reply) == "taken" else None
    return word(reply) != "duplicate", taken


async def take_mail(store: Store, tag: Tag, *, lease: int, most: int) -> Post:
    wall, token = store.clock.wall(), secrets.token_hex(8)
    reply = await store.scripts.run(
        "take_mail", tag, wall=wall, lease=lease, limit=most, tries_ttl=TRIES_TTL, token=token
    )
    taken = tuple(
        Taken(tag, box.decode(), token, strikes, int(since), wall, _to_mail(mail, again=int(since) < wall))
        for box, strikes, since, mail in reply[1]
    )
    return Post(taken, int(float(reply[0])) if reply[0] else None)


def _to_mail(packed: bytes, *, again: bool) -> Mail:
    return replace(msgspec.msgpack.decode(packed, type=Mail), again=again)


async def finish_mail(store: Store, taken: Taken, outcome: Outcome, at: int = 0) -> None:
    """`at`: the wall instant from which it may be read again. A worker whose lease has passed changes nothing."""
    await store.scripts.run(
        "finish_mail",
        taken.tag,
        wall=store.clock.wall(),
        box=taken.box,
        token=taken.token,
        outcome=outcome,
        at=at,
        keep=UNREAD_KEPT,
    )
