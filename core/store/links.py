"""Link codes: made once, spent once, kept only as a hash."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from core.domain.members import Identity, Role
from core.domain.rooms import Place
from core.ids import derived_id, pick_shard, shard_of
from core.store import keys
from core.store.rooms import linking_moment, room_fields
from core.store.scripts import text
from core.store.store import Store, flat

GUESSES = 5
GUESS_SECONDS = 600
RESUME_MS = 15_000  # a link that was cut short is taken up again by then


@dataclass(frozen=True, slots=True)
class Promise:
    """A code was spent for this room; it is the seller's once its address is set and it is confirmed."""

    room: str
    seller: str


async def make_link(store: Store, seller: str, role: Role, lifetime: int) -> tuple[str, int]:
    """A code of 128 bits and the wall instant until which it is good; `lifetime` in milliseconds."""
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
    )
    return code, expires_at


async def redeem_link(store: Store, code: str, place: Place, by: Identity) -> Promise | None:
    """Spend a code for a room. None for a code that never was, was spent elsewhere, or has expired."""
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
    return Promise(reply[1], reply[2]) if reply[0] == "done" else None


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
