"""Claims, kept on their conversations."""

from core.domain.claims import WRITING, Choice, Claim
from core.domain.members import Identity
from core.store import keys
from core.store.scripts import word
from core.store.store import Store


async def claim_conversation(
    store: Store, seller: str, conversation: str, who: Identity, choice: Choice, lapses_at: int | None
) -> str:
    """done, repeated (it is theirs), taken (somebody else's), free (nobody's), settled, or missing."""
    reply = await store.scripts.run(
        "claim_conversation",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        now=store.clock.now(),
        seller=seller,
        conversation=conversation,
        who=who.key,
        who_name=who.name,
        choice=choice,
        lapses_at="" if lapses_at is None else lapses_at,
    )
    return word(reply)


async def heed_conversation(store: Store, conversation: str, who: Identity) -> None:
    """This member opened its form."""
    await store.scripts.run(
        "heed_conversation",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        now=store.clock.now(),
        conversation=conversation,
        who=who.key,
        who_name=who.name,
        lifetime=keys.DAY,
        ends_at=store.clock.now() + WRITING,
    )


async def end_writing(store: Store, conversation: str) -> bool:
    """Its moment has come: nobody is writing, or they opened the form again. False: no such conversation."""
    reply = await store.scripts.run(
        "end_writing",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        now=store.clock.now(),
        conversation=conversation,
    )
    return word(reply) != "missing"


async def lapse_claim(
    store: Store, conversation: str, claim: Claim | None, *, lapses: bool, next_at: int | None
) -> str:
    """It lapses, and rooms are told; or it is looked at again at `next_at`. done, or stale (it is another by now)."""
    reply = await store.scripts.run(
        "lapse_claim",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        conversation=conversation,
        who=claim.by.key if claim else "",
        acted=claim.acted_at if claim else "",
        lapses=lapses,
        next_at="" if next_at is None else next_at,
    )
    return word(reply)
