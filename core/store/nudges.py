"""What rooms are to be reminded of, kept until a delivery carries it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.deliveries import Delivery
from core.domain.reminders import KINDS, Rung
from core.store import keys
from core.store.scripts import text
from core.store.store import Store

LINES = 10  # reminders in one note; the next ten are another one, as the room's pace allows
LOOK = 50  # obligations of a seller, the nearest first, that are looked at for what would follow soon
BEHIND = 500  # reminders that are looked at for one note, where they come behind cards that are still to be posted


@dataclass(frozen=True, slots=True)
class Nudge:
    """A rung that is told. `loud` of the rung says nothing here."""

    obligation: str
    conversation: str
    rung: Rung


async def take_nudges(store: Store, delivery: Delivery, *, together: int) -> Sequence[Nudge] | None:
    """What this delivery says, the nearest deadline first: the same each time; without what was settled before.

    What would follow within `together` milliseconds comes along. None where another worker has the delivery.
    """
    reply = await store.scripts.run(
        "take_nudges",
        keys.tag_of(delivery.room),
        wall=store.clock.wall(),
        now=store.clock.now(),
        delivery=delivery.id,
        token=delivery.token,
        room=delivery.room,
        most=LINES,
        together=together,
        look=LOOK,
        behind=BEHIND,
    )
    if reply is None:
        return None
    return [
        Nudge(obligation, conversation, Rung(int(at), KINDS[letter]))
        for obligation, conversation, letter, at in text(reply)
    ]
