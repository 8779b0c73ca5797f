"""The availability of shops, kept: changed only if nothing came between, and with it what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from core.domain.absences import Absence, AvailabilityTold
from core.domain.availability import Availability, News, SiteWord, Telling
from core.domain.members import Identity
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.absences import to_word, told_row
from core.store.drafts import LIFETIME
from core.store.replies import author_field
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.shops import KnownShop, to_known_shop
from core.store.store import Fields, Store, fields_of, flat, pack, unpack


@dataclass(frozen=True, slots=True)
class Kept:
    """As it was read: `site` is the marketplace's own last word, which may not have been looked at yet."""

    shop: str
    availability: Availability
    site: SiteWord | None
    raw: str


@dataclass(frozen=True, slots=True)
class Told:
    """What holds from `at` on for what is received: the marketplace has taken it, in answer to `telling`."""

    telling: str
    at: int
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be kept of a shop in place of `was`.

    `tells`: its marketplace is told by a delivery under the telling's id. `news` with what it says. `looked`: the
    marketplace's word was looked at, and the next look is at `next_at`; else one follows at once.
    """

    was: Kept
    then: Availability
    tells: bool = False
    told: Told | None = None
    news: Mapping[News, Fields] | None = None
    looked: bool = False
    next_at: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An absence that waits for its member: `end` 0 while nobody said until when, None until they come back.

    `own`: the member's, not a shop's.

    `contact`: whether buyers may write meanwhile (open, closed), where that was said before the preview.
    """

    id: str
    seller: str
    shops: tuple[str, ...]
    start: int
    end: int | None
    note: str
    by: Identity
    own: bool = False
    outcome: str = ""
    contact: str = ""

    @property
    def is_said(self) -> bool:
        """Until when."""
        return self.end != 0

    def is_ahead(self, now: int) -> bool:
        return self.end is None or max(self.start, now) < self.end


async def read_availability(store: Store, shop: str) -> Kept:
    return to_kept(shop, await store.engine.call("HGETALL", keys.availability(keys.tag_of(shop), shop)))


async def read_shops(store: Store, *, seller: str = "", room: str = "") -> list[tuple[KnownShop, Kept]]:
    """All shops of a seller, or of the one that this room is linked to."""
    found = await store.scripts.run("read_shops", keys.tag_of(seller or room), seller=seller, room=room)
    return [(to_known_shop(store, shop.decode(), known), to_kept(shop.decode(), kept)) for shop, known, kept in found]


def to_kept(shop: str, reply: Any) -> Kept:
    found = fields_of(reply)
    kept = msgspec.convert(unpack(found["kept"]), Availability) if "kept" in found else Availability()
    raw = found.get("site", "")
    return Kept(
        shop,
        replace(kept, version=int(found.get("version", "0"))),
        SiteWord(*to_word(raw)) if raw else None,
        raw,
    )


async def commit_availability(
    store: Store, seller: str, changes: Sequence[Change], *, draft: str = "", outcome: str = "", delivery: str = ""
) -> str:
    """All of them at once: done, stale (something came between), missing, or the outcome that the draft has already.

    `delivery` is carried out by it.
    """
    now = store.clock.now()
    reply = await store.scripts.run(
        "commit_availability",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        now=now,
        seller=seller,
        draft=draft,
        outcome=outcome,
        delivery=delivery,
        changes=[_packed(change, now) for change in changes],
    )
    return word(reply)


def _packed(change: Change, now: int) -> dict[str, object]:
    was, then = change.was, change.then
    telling = was.availability.telling
    next_at = change.next_at if change.looked else now
    packed = {
        "shop": was.shop,
        "version": str(was.availability.version),
        "site": was.raw,
        "looked": change.looked,
        "kept": pack(then),
        "telling": then.telling.id if change.tells and then.telling else "",
        "instead": telling.id if telling and _is_over(telling, then.telling) else "",
        "news": [{"what": what, "facts": flat(facts)} for what, facts in (change.news or {}).items()],
        "next": "" if next_at is None else next_at,
    }
    if change.told is None:
        return packed
    row = told_row(was.shop, AvailabilityTold(change.told.at, change.told.absence), change.told.telling)
    return packed | {"told": {"name": row.name, "stamp": row.stamp, "value": row.value, "since": row.since}}


def _is_over(telling: Telling, then: Telling | None) -> bool:
    """Whether the marketplace need not be told this any more."""
    return then is None or then.id != telling.id or not then.is_open


async def keep_draft(store: Store, draft: Draft, *, key: str) -> Draft:
    """The same `key` told twice is one draft, whatever was decided of it."""
    named = replace(draft, id=derived_id("absence", shard_of(draft.seller), draft.seller, key))
    fields = {
        "seller": draft.seller,
        "shops": pack(draft.shops),
        "start": str(draft.start),
        "end": "" if draft.end is None else str(draft.end),
        "note": draft.note,
        "by": author_field(draft.by),
        "own": str(int(draft.own)),
        "contact": draft.contact,
    }
    tag = keys.tag_of(draft.seller)
    await store.scripts.run("keep_draft", tag, draft=named.id, seconds=LIFETIME, fields=flat(fields))
    return named


async def read_draft(store: Store, draft: str) -> Draft | None:
    found = fields_of(await store.engine.call("HGETALL", keys.draft(keys.tag_of(draft), draft)))
    if "seller" not in found:
        return None
    return Draft(
        draft,
        found["seller"],
        tuple(unpack(found["shops"])),
        int(found["start"]),
        int(found["end"]) if found["end"] else None,
        found["note"],
        to_identity(*unpack(found["by"])),
        found["own"] == "1",
        found["outcome"],
        found.get("contact", ""),
    )
