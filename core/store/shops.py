"""Shops and their sealed secrets, kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from core.domain.absences import Absence, AvailabilityTold, absences
from core.domain.files import NO_FILES, FileLimits
from core.domain.policies import Policy
from core.domain.sellers import Seller
from core.domain.shops import Shop, ShopSecrets
from core.ids import is_id, shard_of
from core.store import keys
from core.store.absences import to_told
from core.store.policies import governed_text, packed, to_governed, unpacked
from core.store.scripts import word
from core.store.sellers import to_seller
from core.store.store import Fields, Store, fields_of, flat, pack, unpack

WIDTH = 8  # replies of one shop that may be on their way at once


@dataclass(frozen=True, slots=True)
class KnownShop:
    """A shop with all that an event of it is taken by. `policies` by their digest."""

    shop: Shop
    secrets: ShopSecrets
    seller: Seller
    policies: Mapping[str, Policy]
    absences: tuple[Absence, ...]
    told: tuple[AvailabilityTold, ...]  # what the absences follow from

    def governs(self, at: int) -> tuple[str, Policy]:
        """What governs a message written at an instant, and its digest."""
        return governing(self.shop, self.policies, at)


def governing(shop: Shop, policies: Mapping[str, Policy], at: int) -> tuple[str, Policy]:
    digest = next((digest for since, digest in reversed(shop.governed) if since <= at), shop.governed[0][1])
    return digest, policies[digest]


async def add_shop(store: Store, shop: Shop, secrets: ShopSecrets, policy: Policy) -> bool:
    """False when there is no such seller. `policy` governs it from the beginning of time."""
    digest, text = packed(policy)
    fields = {
        "name": shop.name,
        "policy": policy.name,
        "governed": governed_text([(0, digest)]),
        "rules": "0",
        "known_from": str(store.clock.now()),
        "marketplace": shop.marketplace,
        "callback_url": shop.callback_url or "",
        "reply_limit": str(shop.reply_limit),
        "files": pack(shop.files),
        "inward": seal(store, shop, secrets.inward),
        "outward": seal(store, shop, secrets.outward),
    }
    reply = await store.scripts.run(
        "add_shop",
        keys.tag_of(shop.id),
        seller=shop.seller,
        shop=shop.id,
        fields=flat(fields),
        width=WIDTH,
        digest=digest,
        policy=text,
    )
    return word(reply) == "done"


def is_shop(store: Store, shop: str) -> bool:
    """Whether a stranger's text can be the id of a shop here."""
    return is_id(shop, "shop") and shard_of(shop) < store.shards


async def read_shop(store: Store, shop: str) -> tuple[Shop, ShopSecrets] | None:
    found = fields_of(await store.engine.call("HGETALL", keys.shop(keys.tag(shard_of(shop)), shop)))
    return (to_shop(shop, found), to_secrets(store, found)) if found else None


async def know_shop(store: Store, shop: str) -> KnownShop | None:
    """In one round trip; None for an unknown one."""
    reply = await store.scripts.run("read_shop", keys.tag(shard_of(shop)), shop=shop)
    return to_known_shop(store, shop, reply) if reply else None


def to_known_shop(store: Store, shop: str, reply: Sequence[Any]) -> KnownShop:
    """As `lib/shops.lua` reads it."""
    fields, seller, packed, policies = reply
    own = fields_of(fields)
    found, told = to_shop(shop, own), tuple(to_told(fields_of(packed)))
    return KnownShop(
        found,
        to_secrets(store, own),
        to_seller(found.seller, fields_of(seller)),
        {digest.decode(): unpacked(text.decode()) for digest, text in policies},
        absences(told),
        told,
    )


async def govern_shop(store: Store, shop: Shop, policy: Policy, since: int, *, recount: bool) -> str:
    """`policy` governs what buyers write from `since` on: done, repeated or missing.

    `recount`: it governs all there ever was, and the ledger is counted anew.
    """
    digest, text = packed(policy)
    governed = [(0, digest)] if recount else [*shop.governed, (since, digest)]
    reply = await store.scripts.run(
        "govern_shop",
        keys.tag_of(shop.id),
        now=store.clock.now(),
        shop=shop.id,
        digest=digest,
        policy=text,
        name=policy.name,
        governed=governed_text(governed),
        recount="0" if recount else "",
    )
    return word(reply)


async def set_files(store: Store, shop: Shop, files: FileLimits) -> None:
    """What the marketplace takes with a reply; one field, which nothing else hangs on."""
    await store.engine.call("HSET", keys.shop(keys.tag_of(shop.id), shop.id), "files", pack(files))


async def shops_of(store: Store, seller: str) -> list[str]:
    """The ids of a seller's shops."""
    reply = await store.engine.call("SMEMBERS", keys.shops(keys.tag_of(seller), seller))
    return sorted(shop.decode() for shop in reply)


def to_shop(shop: str, fields: Fields) -> Shop:
    return Shop(
        id=shop,
        seller=fields["seller"],
        name=fields["name"],
        policy=fields["policy"],
        marketplace=fields["marketplace"],
        callback_url=fields["callback_url"] or None,
        reply_limit=int(fields["reply_limit"]),
        governed=to_governed(fields["governed"]),
        rules=int(fields["rules"]),
        terms=int(fields["terms"]),
        known_from=int(fields["known_from"]),
        files=msgspec.convert(unpack(fields["files"]), FileLimits) if "files" in fields else NO_FILES,
    )


def to_secrets(store: Store, fields: Fields) -> ShopSecrets:
    owner = fields["seller"]
    return ShopSecrets(
        inward=tuple(unpack(store.vault.open(owner, fields["inward"]))),
        outward=tuple(unpack(store.vault.open(owner, fields["outward"]))),
    )


def seal(store: Store, shop: Shop, secrets: Sequence[str]) -> str:
    return store.vault.seal(shop.seller, pack(list(secrets)))
