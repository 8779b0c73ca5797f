"""Absences, kept as they were told: `<stamp> <start> <end> <contact>`, or the stamp alone for a return."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.absences import Absence, AvailabilityTold
from core.errors import UnknownShop
from core.store import keys
from core.store.scripts import word
from core.store.store import Fields, Store

EVENT_TTL = 7 * 86_400
_SITE = "site"
_OWN = "own"


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One telling as it is kept. `since`: from when on what was received may be touched by it."""

    name: str
    stamp: str
    value: str
    since: int


def told_row(shop: str, told: AvailabilityTold, event: str) -> ToldRow:
    stamp = f"{told.at:013d}-{_digest(shop, event)[:8]}"
    since = told.at if told.absence is None else min(told.at, told.absence.start)
    name = f"{_OWN}/{told.id}" if told.id else f"{_SITE}/{stamp}"
    return ToldRow(name, stamp, _packed(stamp, told.absence), since)


async def tell_availability(store: Store, shop: str, told: AvailabilityTold, *, event: str) -> bool:
    """Keep what was said, once for each `event`; False when it was known. Raises UnknownShop.

    What it may have touched is worked out anew by a moment that the same step writes; and where it is the
    marketplace's own word, it is held against what that was told.
    """
    row = told_row(shop, told, event)
    reply = await store.scripts.run(
        "accept_availability",
        keys.tag_of(shop),
        now=store.clock.now(),
        event=_digest(shop, event),
        event_ttl=EVENT_TTL,
        shop=shop,
        name=row.name,
        stamp=row.stamp,
        value=row.value,
        since=row.since,
        by_site=not told.id,
    )
    if word(reply) == "missing":
        raise UnknownShop
    return word(reply) == "accepted"


def to_told(fields: Fields) -> Iterator[AvailabilityTold]:
    for name, value in fields.items():
        stamp, *rest = value.split(" ")
        kind, _, id = name.partition("/")
        yield AvailabilityTold(int(stamp[:13]), _unpacked(rest), id if kind == _OWN else "")


def to_word(value: str) -> tuple[int, Absence | None]:
    """When something was said, and what."""
    stamp, *rest = value.split(" ")
    return int(stamp[:13]), _unpacked(rest)


def _digest(shop: str, event: str) -> str:
    return hashlib.blake2b(f"{shop}\x1f{event}".encode(), digest_size=16).hexdigest()


def _packed(stamp: str, absence: Absence | None) -> str:
    if absence is None:
        return stamp
    end = "" if absence.end is None else absence.end
    return f"{stamp} {absence.start} {end} {int(absence.contact_allowed)}"


def _unpacked(rest: list[str]) -> Absence | None:
    if not rest:
        return None
    start, end, contact = rest
    return Absence(int(start), int(end) if end else None, contact == "1")
