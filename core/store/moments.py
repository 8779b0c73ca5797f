"""The agenda: what falls due, claimed in time order."""

from dataclasses import dataclass

from core.domain.obligations import MOVES, OWED
from core.store.keys import Tag
from core.store.scripts import text
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Due:
    """`next_at`: the instant, by `now`, of the shard's next moment; None when there is none."""

    moments: tuple[str, ...]
    next_at: int | None


async def claim_due(store: Store, tag: Tag, *, lease: int, most: int, patience: int) -> Due:
    """Fire what obligations are due: reminders and breaches become deliveries without leaving Redis.

    Other moments are handed out, each put off by `lease` milliseconds: whoever carries one out removes it. With a reply
    on its way a breach waits up to `patience` milliseconds for its outcome.
    """
    breach, now = MOVES["breach"], store.clock.now()
    reply = text(
        await store.scripts.run(
            "claim_due",
            tag,
            now=now,
            wall=store.clock.wall(),
            lease=lease,
            limit=most,
            patience=patience,
            owed=dict.fromkeys(OWED, True),
            **{"from": dict.fromkeys(breach.sources, True), "to": breach.target},
        )
    )
    if reply[2] and float(reply[2]) <= now:
        store.metrics.note_lateness(now - int(float(reply[2])))
    return Due(tuple(reply[1]), int(float(reply[0])) if reply[0] else None)


async def finish_moment(store: Store, tag: Tag, moment: str) -> None:
    """It was carried out, by something that writes no step of its own."""
    await store.scripts.run("finish_moment", tag, moment=moment)


async def keep_moment(store: Store, tag: Tag, moment: str, *, lease: int) -> None:
    """It is still being carried out: nobody else begins it for `lease` milliseconds."""
    await store.scripts.run("keep_moment", tag, moment=moment, until_at=store.clock.now() + lease)
