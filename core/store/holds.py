"""Replies that can still be taken back, and those that stopped and wait for their author's word."""

from dataclasses import dataclass

from core.domain.members import Identity
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.replies import OPERATION_TTL, author_field, operation_digest
from core.store.scripts import text
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """`word` is what the script says of it; `conversation` is empty where there is no such reply."""

    word: str
    conversation: str


async def take_back(store: Store, seller: str, message: str, *, operation: str, pauses: bool = False) -> Outcome:
    """It never leaves; or, with `pauses`, it stops so that its text can be changed. Words: see `take_back.lua`."""
    reply = await store.scripts.run(
        "take_back",
        keys.tag_of(message),
        wall=store.clock.wall(),
        seller=seller,
        message=message,
        pauses=pauses,
        operation=operation_digest(operation),
        operation_ttl=OPERATION_TTL,
    )
    return Outcome(*text(reply))


async def set_out(
    store: Store, seller: str, message: str, by: Identity, *, operation: str, hold: int = 0, words: str | None = None
) -> Outcome:
    """A stopped reply sets out after all, and with `words` a held one too. Words: see `set_out.lua`."""
    wall = store.clock.wall()
    reply = await store.scripts.run(
        "set_out",
        keys.tag_of(message),
        wall=wall,
        operation=operation_digest(operation),
        operation_ttl=OPERATION_TTL,
        seller=seller,
        message=message,
        written_at=store.clock.now(),
        till=wall + hold,
        changes=words is not None,
        text=words or "",
        author="" if words is None else author_field(by),
        by=by.key,
    )
    return Outcome(*text(reply))


async def read_reply(store: Store, seller: str, message: str) -> Outcome:
    """Its state as the word, `dropped` for one that was taken back; missing for what is no reply of this seller."""
    tag = keys.tag_of(message)
    found = await store.engine.call("HMGET", keys.message(tag, message), "conversation", "incoming", "state")
    if found[0] is None:
        draft = await store.engine.call("HMGET", keys.draft(tag, message), "conversation", "seller")
        is_ours = draft[1] is not None and draft[1].decode() == seller
        return Outcome("dropped", draft[0].decode()) if is_ours else Outcome("missing", "")
    conversation = found[0].decode()
    owner = await store.engine.call("HGET", keys.conversation(tag, conversation), "seller")
    if found[1] != b"0" or owner is None or owner.decode() != seller:
        return Outcome("missing", "")
    return Outcome(found[2].decode(), conversation)


async def reply_of(store: Store, seller: str, operation: str) -> str:
    """The id of the reply that this operation wrote, also where a draft came between; empty if it wrote none."""
    tag = keys.tag_of(seller)
    for each in (operation, f"draft/{draft_of(seller, operation)}"):
        found = await store.engine.call("GET", keys.operation(tag, operation_digest(each)))
        if found:
            return str(found.decode())
    return ""


def draft_of(seller: str, key: str) -> str:
    """The draft that a text typed as this became, if it became one."""
    return derived_id("draft", shard_of(seller), seller, key)
