"""Sellers, kept."""

import asyncio
from collections.abc import Mapping

import msgspec

from core.domain.habits import Habits
from core.domain.holds import DEFAULT_HOLD
from core.domain.quiet_hours import QuietHours
from core.domain.reminders import DEFAULT_LADDER, Ladder
from core.domain.sellers import Seller
from core.ids import is_id, new_id, shard_of
from core.store import keys
from core.store.store import Fields, Store, fields_of, flat, pack, unpack


async def add_seller(store: Store, name: str, shard: int, *, hold: int = DEFAULT_HOLD) -> Seller:
    """One that nothing falls due for yet."""
    seller = Seller(new_id("seller", shard), name, hold=hold)
    await keep_seller(store, seller, {})
    return seller


async def keep_seller(store: Store, seller: Seller, moments: Mapping[str, int]) -> None:
    """A new one, with its first moments in the agenda."""
    fields = {"name": seller.name, "zone": seller.zone, "language": seller.language, "hold": str(seller.hold)}
    first = [[moment, at] for moment, at in moments.items()]
    await store.scripts.run("add_seller", keys.tag_of(seller.id), seller=seller.id, fields=flat(fields), moments=first)


def is_seller(store: Store, seller: str) -> bool:
    """Whether a stranger's text can be the id of a seller here."""
    return is_id(seller, "seller") and shard_of(seller) < store.shards


async def read_seller(store: Store, seller: str) -> Seller | None:
    found = fields_of(await store.engine.call("HGETALL", keys.seller(keys.tag(shard_of(seller)), seller)))
    return to_seller(seller, found) if found else None


async def read_language(store: Store, seller: str) -> str:
    """What its members are spoken to in."""
    found = await store.engine.call("HGET", keys.seller(keys.tag_of(seller), seller), "language")
    return found.decode() if found else "en"


async def all_sellers(store: Store) -> list[str]:
    """The ids of all sellers, shard by shard."""
    found = await asyncio.gather(*(sellers_in(store, shard) for shard in range(store.shards)))
    return [seller for sellers in found for seller in sellers]


async def sellers_in(store: Store, shard: int) -> list[str]:
    """The ids of the sellers of one shard."""
    return sorted(seller.decode() for seller in await store.engine.call("SMEMBERS", keys.sellers(keys.tag(shard))))


def to_seller(seller: str, fields: Fields) -> Seller:
    return Seller(
        seller,
        fields["name"],
        fields["zone"],
        fields["language"],
        msgspec.convert(unpack(fields["ladder"]), Ladder) if "ladder" in fields else DEFAULT_LADDER,
        msgspec.convert(unpack(fields["quiet"]), QuietHours) if fields.get("quiet") else None,
        int(fields.get("terms", "0")),
        tuple(msgspec.convert(unpack(fields["apart"]), list[Habits])) if fields.get("apart") else (),
        digest=fields.get("digest") != "0",
        wakes=fields.get("wakes") != "0",
        success_manager=fields.get("success_manager", ""),
        hold=int(fields.get("hold", DEFAULT_HOLD)),
    )


def terms_fields(seller: Seller) -> Fields:
    """Its settings: all of them, so that what comes by default can be gone back to."""
    return {
        "zone": seller.zone,
        "language": seller.language,
        "ladder": pack(seller.ladder),
        "quiet": pack(seller.quiet) if seller.quiet else "",
        "apart": pack(list(seller.apart)) if seller.apart else "",
        "digest": "1" if seller.digest else "0",
        "wakes": "1" if seller.wakes else "0",
        "success_manager": seller.success_manager,
        "hold": str(seller.hold),
    }
