"""Link codes: made once, spent once, kept only as a hash."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from core.domain.members import Identity, Role
from core.domain.rooms import Place
from core.ids import derived_id, pick_shard, shard_of
from core.store import keys
from core.store.rooms import RANK, linking_moment, room_fields, to_identity
from core.store.scripts import text, word
from core.store.store import Store, flat

GUESSES = 5
GUESS_SECONDS = 600
RESUME_MS = 15_000  # a link that was cut short is taken up again by then


@dataclass(frozen=True, slots=True)
class Promise:
    """A code was spent for this room; it is the seller's once its address is set and it is confirmed."""

    room: str
    seller: str


@dataclass(frozen=True, slots=True)
class Joining:
    """A code that joins two chats of one person was typed: it was made by `maker`, and is not spent yet."""

    seller: str
    maker: Identity
    digest: str


async def make_link(
    store: Store, seller: str, role: Role, lifetime: int, *, joins: Identity | None = None
) -> tuple[str, int]:
    """A code of 128 bits and the wall instant until which it is good; `lifetime` in milliseconds. With `joins` it links
    no room: whoever types it is that person in another chat."""
    shard = shard_of(seller)
    code = f"{shard:02d}{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"
    expires_at = store.clock.wall() + lifetime
    await store.scripts.run(
        "make_link",
        keys.tag(shard),
        code=_digest(code),
        seller=seller,
        role=role,
        expires_at=expires_at,
        lifetime=lifetime,
        person=joins.key if joins else "",
        name=joins.name if joins else "",
    )
    return code, expires_at


async def redeem_link(store: Store, code: str, place: Place, by: Identity) -> Promise | Joining | None:
    """Spend a code for a room; one that joins chats is spent when its typer says yes.

    None for a code that never was, was spent elsewhere, or has expired."""
    try:
        shard = shard_of(code)
    except ValueError:
        return None
    if shard >= store.shards:
        return None
    digest = _digest(code)
    room = derived_id("room", shard, place.address.key, digest)
    wall = store.clock.wall()
    reply = text(
        await store.scripts.run(
            "redeem_link",
            keys.tag(shard),
            wall=wall,
            code=digest,
            room=room,
            address=place.address.key,
            who=by.key,
            room_fields=flat(room_fields(place, by)),
            moment=linking_moment(room),
            moment_at=store.clock.now() + RESUME_MS,
        )
    )
    if reply[0] == "joins":
        return Joining(reply[2], to_identity(reply[3], reply[4]), digest)
    return Promise(reply[1], reply[2]) if reply[0] == "done" else None


async def join_persons(store: Store, seller: str, digest: str, by: Identity) -> str:
    """Whoever typed the code says that they made it: done, repeated (one person before), or missing."""
    reply = await store.scripts.run(
        "join_persons",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        code=digest,
        who=by.key,
        rank=RANK,
    )
    return word(reply)


async def count_guess(store: Store, place: Place, code: str) -> int:
    """Wrong codes from this chat in the last ten minutes, this one included."""
    tag = keys.mailbox_tag(pick_shard(place.address.lane, store.shards))
    guesses: int = await store.scripts.run(
        "guess_link", tag, chat=_digest(place.address.lane), seconds=GUESS_SECONDS, code=_digest(code)
    )
    return guesses


async def guesses_left(store: Store, place: Place) -> bool:
    tag = keys.mailbox_tag(pick_shard(place.address.lane, store.shards))
    guesses: int = await store.engine.call("SCARD", keys.guesses(tag, _digest(place.address.lane)))
    return guesses < GUESSES


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()[:32]
