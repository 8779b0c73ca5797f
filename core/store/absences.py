"""Absences, kept as they were told: `<stamp> <start> <end> <contact>`, or the stamp alone for a return."""

import hashlib
from collections.abc import Iterator

from core.domain.absences import Absence, AvailabilityTold
from core.errors import UnknownShop
from core.store import keys
from core.store.scripts import word
from core.store.store import Fields, Store

EVENT_TTL = 7 * 86_400
_SITE = "site"
_OWN = "own"


async def tell_availability(store: Store, shop: str, told: AvailabilityTold, *, event: str) -> bool:
    """Keep what was said, once for each `event`; False when it was known. Raises UnknownShop.

    What it may have touched is worked out anew by a moment that the same step writes.
    """
    digest = hashlib.blake2b(f"{shop}\x1f{event}".encode(), digest_size=16).hexdigest()
    stamp = f"{told.at:013d}-{digest[:8]}"
    since = told.at if told.absence is None else min(told.at, told.absence.start)
    reply = await store.scripts.run(
        "accept_availability",
        keys.tag_of(shop),
        now=store.clock.now(),
        event=digest,
        event_ttl=EVENT_TTL,
        shop=shop,
        name=f"{_OWN}/{told.id}" if told.id else f"{_SITE}/{stamp}",
        stamp=stamp,
        value=_packed(stamp, told.absence),
        since=since,
    )
    if word(reply) == "missing":
        raise UnknownShop
    return word(reply) == "accepted"


def to_told(fields: Fields) -> Iterator[AvailabilityTold]:
    for name, value in fields.items():
        stamp, *rest = value.split(" ")
        kind, _, id = name.partition("/")
        yield AvailabilityTold(int(stamp[:13]), _unpacked(rest), id if kind == _OWN else "")


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
