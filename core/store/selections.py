"""Selections, kept for a day."""

from core.domain.members import Identity
from core.domain.selections import MOST, Selection
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.replies import author_field
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.store import Store, fields_of, flat, unpack

LIFETIME = 86_400


async def keep_selection(store: Store, seller: str, by: Identity, words: str, *, key: str) -> Selection:
    """The same `key` told twice is one selection."""
    selection = Selection(derived_id("selection", shard_of(seller), seller, key), seller, by, words)
    fields = {"seller": seller, "by": author_field(by), "words": words}
    await store.scripts.run(
        "keep_selection", keys.tag_of(seller), selection=selection.id, seconds=LIFETIME, fields=flat(fields)
    )
    return selection


async def read_selection(store: Store, selection: str) -> Selection | None:
    found = fields_of(await store.engine.call("HGETALL", keys.selection(keys.tag_of(selection), selection)))
    if not found:
        return None
    return Selection(
        selection,
        found["seller"],
        to_identity(*unpack(found["by"])),
        found["words"],
        tuple(found["chosen"].split()),
        int(found.get("page", "0")),
        found.get("deed", ""),
        tuple(found.get("listed", "").split()),
        tuple(found.get("done", "").split()),
    )


async def choose(store: Store, selection: str, conversation: str, *, chosen: bool) -> str:
    """done, repeated, full or missing."""
    reply = await store.scripts.run(
        "choose", keys.tag_of(selection), selection=selection, conversation=conversation, chosen=chosen, most=MOST
    )
    return word(reply)


async def note(store: Store, selection: Selection) -> None:
    """All but what was chosen, as it is now."""
    fields = {
        "page": str(selection.page),
        "deed": selection.deed,
        "listed": " ".join(selection.listed),
        "done": " ".join(selection.done),
    }
    tag = keys.tag_of(selection.id)
    await store.scripts.run("note_selection", tag, selection=selection.id, fields=flat(fields))
