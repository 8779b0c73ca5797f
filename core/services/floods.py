"""List the conversations that came in a flood: one note in place of a ringing for each."""

import asyncio

from core.domain.deliveries import Delivery
from core.domain.rooms import Room
from core.services.deps import Deps
from core.services.duty import for_news
from core.services.notes import draw_list
from core.services.reminders import Reminder
from core.store import conversations, floods
from core.store.deliveries import drop


async def prepare_list(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """What is still owed of it. None where that is nothing: then it is dropped."""
    taken = await floods.take_list(deps.store, delivery)
    if taken is None:
        return None
    count, first = taken
    found = await asyncio.gather(
        *(conversations.read_conversation(deps.store, conversation, room.id) for conversation in first)
    )
    waiting = [sight for sight in found if sight and sight.obligations]
    if not waiting:
        await drop(deps.store, delivery)
        return None
    summons = for_news(waiting[0], deps.clock.now())
    return Reminder(draw_list(waiting, count - len(found), summons.members, loud=summons.loud))
