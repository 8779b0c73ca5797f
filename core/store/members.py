"""Members and their roles, kept; and by which identities a person is known."""

import asyncio
import hashlib

from core.domain.members import Identity, Role
from core.domain.persons import Person, sorted_persons
from core.store import keys
from core.store.replies import OPERATION_TTL, operation_digest
from core.store.rooms import SEEN_EVERY, to_identity
from core.store.scripts import word
from core.store.store import Fields, Store, fields_of, pack, unpack


async def read_role(store: Store, seller: str, who: Identity) -> Role | None:
    """The role that was given to this person; None for one who has none of their own."""
    reply = await store.engine.call("HGET", keys.members(keys.tag_of(seller), seller), who.key)
    return Role(reply.decode()) if reply else None


async def meet_member(store: Store, seller: str, who: Identity, room: str) -> Role | None:
    """The same of somebody who does something right now in a room, which is noted."""
    now = store.clock.now()
    role, written = await store.scripts.run(
        "meet_member",
        keys.tag_of(seller),
        seller=seller,
        who=who.key,
        seen=pack([who.name, now]),
        now=now,
        every=SEEN_EVERY,
    )
    if written:
        await note_seller(store, seller, who, room)
    return Role(role.decode()) if role else None


async def note_seller(store: Store, seller: str, who: Identity, room: str) -> None:
    """Where they did something last. Whoever dies before is made up for by what they do next."""
    await store.engine.call("HSET", keys.acts_for(_directory(who)), seller, room)


async def sellers_of(store: Store, who: Identity) -> Fields:
    """The sellers that an identity did something for: seller → the room where it last did. Not whether it still may."""
    return fields_of(await store.engine.call("HGETALL", keys.acts_for(_directory(who))))


async def read_standing(store: Store, seller: str, who: Identity) -> tuple[Role | None, bool]:
    """The role that was given to this person, and whether they are known here at all."""
    tag = keys.tag_of(seller)
    role, seen = await asyncio.gather(
        store.engine.call("HGET", keys.members(tag, seller), who.key),
        store.engine.call("HEXISTS", keys.seen_members(tag, seller), who.key),
    )
    return Role(role.decode()) if role else None, bool(role or seen)


async def read_persons(store: Store, seller: str) -> list[Person]:
    """Everybody who has a role or did something here."""
    tag = keys.tag_of(seller)
    hashes = (keys.members(tag, seller), keys.seen_members(tag, seller), keys.persons(tag, seller))
    roles, seen, joined = (
        fields_of(found) for found in await asyncio.gather(*(store.engine.call("HGETALL", name) for name in hashes))
    )
    identities: dict[str, list[str]] = {}
    for who in {**roles, **seen}:
        identities.setdefault(joined.get(who, who), []).append(who)
    return sorted_persons([_person(who, theirs, roles, seen) for who, theirs in identities.items()])


async def set_role(store: Store, seller: str, who: str, role: Role | None, *, operation: str, name: str = "") -> str:
    """None: removed. done, repeated, last (a seller keeps an owner), or missing. `name`: see `named_before`."""
    reply = await store.scripts.run(
        "set_role",
        keys.tag_of(seller),
        seller=seller,
        who=who,
        role=role or "",
        operation=operation_digest(operation),
        operation_ttl=OPERATION_TTL,
        name=name,
    )
    return word(reply)


async def named_before(store: Store, seller: str, operation: str) -> str | None:
    """The name of whoever this operation gave a role to, or removed; None where it did neither."""
    name = await store.engine.call("GET", keys.operation(keys.tag_of(seller), operation_digest(operation)))
    return None if name is None else name.decode()


def _directory(who: Identity) -> keys.Tag:
    return keys.directory_tag(hashlib.sha256(who.key.encode()).hexdigest()[:32])


def _person(first: str, theirs: list[str], roles: dict[str, str], seen: dict[str, str]) -> Person:
    ordered = sorted(theirs, key=lambda who: (who != first, who))
    known = {who: unpack(seen[who]) for who in ordered if who in seen}
    role = next((roles[who] for who in ordered if who in roles), None)
    return Person(
        tuple(to_identity(who, known[who][0] if who in known else "") for who in ordered),
        Role(role) if role else None,
        max((at for _, at in known.values()), default=None),
    )
