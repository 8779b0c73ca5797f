"""What a delivery is drawn from: read by the script that claimed it, or anew where that was too long ago."""

from dataclasses import dataclass
from typing import Any

from core.domain.deliveries import Delivery
from core.domain.rooms import Room
from core.domain.shops import Shop, ShopSecrets
from core.store.availability import Kept, to_kept
from core.store.conversations import Sight, read_conversation, to_sight
from core.store.rooms import read_room, to_linked_room
from core.store.shops import KnownShop, read_shop, to_known_shop, to_secrets, to_shop
from core.store.store import Store, fields_of


@dataclass(frozen=True, slots=True)
class Look:
    """Of a delivery to a room that room, if it is linked still; of one to a marketplace the shop with its secrets.

    Where it is about a conversation, that as it is seen there; else where it is about a shop, all that is known of it.
    """

    room: Room | None = None
    sight: Sight | None = None
    shop: tuple[Shop, ShopSecrets] | None = None
    known: tuple[KnownShop, Kept] | None = None


def to_look(store: Store, delivery: Delivery, reply: Any) -> Look:
    """As `claim.lua` read it."""
    if delivery.conversation:
        sight = to_sight(delivery.room, reply)
        return Look(sight.room, sight) if delivery.room else Look(None, sight, _to_shop(store, delivery.shop, reply[1]))
    room, shop = reply
    known = None
    if shop and shop[0]:
        known = to_known_shop(store, delivery.shop, shop[0]), to_kept(delivery.shop, shop[1])
    own = (known[0].shop, known[0].secrets) if known else None
    return Look(to_linked_room(delivery.room, *room) if room else None, shop=own, known=known)


async def look(store: Store, delivery: Delivery) -> Look:
    """As it is now."""
    about, room = delivery.conversation, delivery.room
    sight = await read_conversation(store, about, room, delivery.message) if about else None
    if not room:
        return Look(None, sight, await read_shop(store, delivery.shop))
    return Look(sight.room if sight else await read_room(store, room), sight)


def _to_shop(store: Store, shop: str, reply: Any) -> tuple[Shop, ShopSecrets] | None:
    found = fields_of(reply)
    return (to_shop(shop, found), to_secrets(store, found)) if found else None
