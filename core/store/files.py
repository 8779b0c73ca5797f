"""What members attached to a reply, as it is kept: where each file can be had, and never its bytes."""

from dataclasses import dataclass

from core.domain.conversations import MessageState
from core.domain.files import File
from core.domain.shops import Shop
from core.store import keys
from core.store.messages import to_files
from core.store.shops import read_shop
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of one reply, and how far it is."""

    shop: Shop
    files: tuple[File, ...]
    state: MessageState
    accepted_at: int | None


async def read_attached(store: Store, message: str) -> Attached | None:
    """None where there is no such reply, or nothing is attached to it any more."""
    tag = keys.tag_of(message)
    asked = ("conversation", "incoming", "state", "accepted_at", "files")
    found = await store.engine.call("HMGET", keys.message(tag, message), *asked)
    conversation, incoming, state, accepted_at, files = (each.decode() if each else "" for each in found)
    if incoming != "0" or not files:
        return None
    shop = await store.engine.call("HGET", keys.conversation(tag, conversation), "shop")
    known = await read_shop(store, shop.decode()) if shop else None
    if known is None:
        return None
    return Attached(known[0], to_files(files), MessageState(state), int(accepted_at) if accepted_at else None)
