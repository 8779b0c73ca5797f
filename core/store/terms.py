"""The settings of sellers and the habits of their members, kept; what is owed follows by a moment."""

import asyncio
from collections.abc import Mapping

import msgspec

from core.domain.habits import Habits
from core.domain.members import Identity
from core.domain.sellers import Seller
from core.store import keys
from core.store.scripts import word
from core.store.sellers import terms_fields
from core.store.store import Fields, Store, fields_of, flat, pack, unpack

PAGE = 500


async def set_terms(
    store: Store, was: Seller, terms: Seller, moments: Mapping[str, int | None], *, replans: bool
) -> str:
    """`terms` in place of `was`: done, repeated, stale (it is `was` no more), or missing."""
    return await _write(store, was, terms, moments, replans=replans)


async def set_habits(store: Store, was: Seller, seller: Seller, who: Identity, habits: Habits, *, replans: bool) -> str:
    """Those of one member, with the seller whose plans then heed them. Words as above."""
    packed = pack(habits) if habits != Habits() else ""
    return await _write(store, was, seller, {}, replans=replans, who=who.key, habits=packed)


async def _write(
    store: Store,
    was: Seller,
    then: Seller,
    moments: Mapping[str, int | None],
    *,
    replans: bool,
    who: str = "",
    habits: str = "",
) -> str:
    known = terms_fields(was)
    changed = {name: value for name, value in terms_fields(then).items() if value != known[name]}
    reply = await store.scripts.run(
        "set_terms",
        keys.tag_of(was.id),
        now=store.clock.now(),
        seller=was.id,
        terms=was.terms,
        fields=flat(changed),
        who=who,
        habits=habits,
        replans=replans,
        moments=[[moment, "" if at is None else at] for moment, at in moments.items()],
    )
    return word(reply)


async def read_habits(store: Store, seller: str) -> dict[str, Habits]:
    """By the keys of the members who have any."""
    return to_habits(fields_of(await store.engine.call("HGETALL", keys.habits(keys.tag_of(seller), seller))))


def to_habits(fields: Fields) -> dict[str, Habits]:
    return {who: msgspec.convert(unpack(packed), Habits) for who, packed in fields.items()}


async def owed_page(store: Store, seller: str, cursor: str) -> tuple[str, list[str]]:
    """Some of the conversations with something owed, and the next cursor, `0` at the end.

    From cursor `0` on, each that is owed all the while is found at least once.
    """
    tag = keys.tag_of(seller)
    reply = await store.engine.call("ZSCAN", keys.owed(tag, seller), cursor, "COUNT", PAGE)
    obligations = [each.decode() for each in reply[1][::2]]
    found = await asyncio.gather(*(store.engine.call("HGET", keys.obligation(tag, each), "of") for each in obligations))
    return reply[0].decode(), list(dict.fromkeys(each.decode() for each in found if each))
