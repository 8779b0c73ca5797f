"""Holding replies, kept: one for each conversation and absence."""

from core.domain.absences import Absence
from core.domain.members import Identity
from core.domain.policies import AnswerKind
from core.domain.quick_responses import Used
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.replies import author_field
from core.store.scripts import word
from core.store.store import Store, flat, pack

NOBODY = Identity("shopbell", "", "", "Shopbell")


async def write_holding_reply(store: Store, conversation: str, absence: Absence, text: str, used: Used) -> str:
    """done, repeated (it was sent in this absence), or settled (nothing is owed any more: nothing was written)."""
    fields = {"text": text, "author": author_field(NOBODY), "key": "", "how": AnswerKind.AUTOMATIC, "used": pack(used)}
    reply = await store.scripts.run(
        "write_holding_reply",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        now=store.clock.now(),
        conversation=conversation,
        message=derived_id("message", shard_of(conversation), conversation, f"holding/{absence.start}"),
        fields=flat(fields),
        used=used.id,
    )
    return word(reply)
