"""Drafts: texts that were typed where it was not plain whom they are for, kept for a day until their writer says."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from core.domain.files import File
from core.domain.members import Identity
from core.domain.quick_responses import Used
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.messages import to_files
from core.store.replies import author_field
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.store import Store, fields_of, flat, pack, unpack

LIFETIME = 86_400


@dataclass(frozen=True, slots=True)
class Draft:
    """Kept since `at`. `conversation` is empty while nobody said which of the `candidates` it is for; `outcome` while
    nobody decided. `used`: the quick response that it is made from; `text` is empty where something is missing in that.
    """

    id: str
    seller: str
    conversation: str
    text: str
    by: Identity
    candidates: tuple[str, ...] = ()
    outcome: str = ""
    message: str = ""
    at: int = 0
    used: Used | None = None
    files: tuple[File, ...] = ()


async def keep_draft(  # noqa: PLR0913 - all that a draft holds
    store: Store,
    seller: str,
    conversation: str,
    text: str,
    by: Identity,
    *,
    key: str,
    candidates: Sequence[str] = (),
    used: Used | None = None,
    files: tuple[File, ...] = (),
) -> Draft:
    """The same `key` told twice is one draft, whatever was decided of it."""
    id = derived_id("draft", shard_of(seller), seller, key)
    draft = Draft(id, seller, conversation, text, by, tuple(candidates), used=used, files=files)
    fields = {
        "seller": seller,
        "conversation": conversation,
        "text": text,
        "by": author_field(by),
        "candidates": pack(draft.candidates),
        "at": str(store.clock.now()),
    }
    fields |= ({"used": pack(used)} if used else {}) | ({"files": pack(files)} if files else {})
    tag = keys.tag_of(seller)
    await store.scripts.run("keep_draft", tag, draft=draft.id, seconds=LIFETIME, fields=flat(fields))
    return draft


async def read_draft(store: Store, draft: str) -> Draft | None:
    found = fields_of(await store.engine.call("HGETALL", keys.draft(keys.tag_of(draft), draft)))
    if "seller" not in found:
        return None
    return Draft(
        draft,
        found["seller"],
        found["conversation"],
        found["text"],
        to_identity(*unpack(found["by"])),
        tuple(unpack(found["candidates"])),
        found["outcome"],
        found.get("message", ""),
        int(found.get("at", "0")),
        msgspec.convert(unpack(found["used"]), Used) if "used" in found else None,
        to_files(found.get("files", "")),
    )


async def address_draft(store: Store, draft: str, conversation: str) -> str:
    """Its writer picked the conversation: done, missing, or the outcome it had."""
    tag = keys.tag_of(draft)
    return word(await store.scripts.run("address_draft", tag, draft=draft, conversation=conversation))


async def spend_draft(store: Store, draft: str, outcome: str) -> str:
    """Decide it once: done, repeated, missing, or the outcome it had."""
    return word(await store.scripts.run("spend_draft", keys.tag_of(draft), draft=draft, outcome=outcome))
