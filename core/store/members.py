"""Members and their roles, kept; and by which identities a person is known."""

import asyncio

from core.domain.members import Identity, Role
from core.domain.persons import Person, sorted_persons
from core.domain.zones import MINUTE
from core.store import keys
from core.store.replies import OPERATION_TTL, operation_digest
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.store import Store, fields_of, pack, unpack

SEEN_EVERY = MINUTE  # it is not written down more often when a member did something


async def read_role(store: Store, seller: str, who: Identity) -> Role | None:
    """The role that was given to this person; None for one who has none of their own."""
    reply = await store.engine.call("HGET", keys.members(keys.tag_of(seller), seller), who.key)
    return Role(reply.decode()) if reply else None


async def meet_member(store: Store, seller: str, who: Identity) -> Role | None:
    """The same of somebody who does something right now, which is noted."""
    now = store.clock.now()
    reply = await store.scripts.run(
        "meet_member",
        keys.tag_of(seller),
        seller=seller,
        who=who.key,
        seen=pack([who.name, now]),
        now=now,
        every=SEEN_EVERY,
    )
    said = word(reply)
    return Role(said) if said else None


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


async def set_role(store: Store, seller: str, who: str, role: Role | None, *, operation: str) -> str:
    """None: removed. done, repeated, last (a seller keeps an owner), or missing."""
    reply = await store.scripts.run(
        "set_role",
        keys.tag_of(seller),
        seller=seller,
        who=who,
        role=role or "",
        operation=operation_digest(operation),
        operation_ttl=OPERATION_TTL,
    )
    return word(reply)


def _person(first: str, theirs: list[str], roles: dict[str, str], seen: dict[str, str]) -> Person:
    ordered = sorted(theirs, key=lambda who: (who != first, who))
    known = {who: unpack(seen[who]) for who in ordered if who in seen}
    role = next((roles[who] for who in ordered if who in roles), None)
    return Person(
        tuple(to_identity(who, known[who][0] if who in known else "") for who in ordered),
        Role(role) if role else None,
        max((at for _, at in known.values()), default=None),
    )
