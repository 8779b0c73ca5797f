"""The agenda: carry out the moments that fall due."""

import asyncio

from core.domain.moments import MomentKind
from core.observability import log
from core.services.deps import Deps
from core.services.links import finish_link
from core.store import rooms
from core.store.keys import Tag
from core.store.moments import claim_due
from core.workers.loop import Visit

LEASE = 30_000
BATCH = 100
PATIENCE = 60_000  # a breach waits as long for a reply on its way


def agenda_visit(deps: Deps) -> Visit:
    """A visit claims a shard's due moments; each is removed by the script that carries it out."""

    async def visit(tag: Tag) -> int | None:
        due = await claim_due(deps.store, tag, lease=LEASE, most=BATCH, patience=PATIENCE)
        # One that fails is no reason to leave the others: it comes again when its lease has passed.
        results = await asyncio.gather(*(_carry_out(deps, moment) for moment in due.moments), return_exceptions=True)
        for failed in results:
            if isinstance(failed, BaseException):
                raise failed
        # `now` may run ahead of `wall` where it is moved by hand.
        return None if due.next_at is None else due.next_at - deps.clock.now() + deps.clock.wall()

    return visit


async def _carry_out(deps: Deps, moment: str) -> None:
    kind, _, subject = moment.partition("/")
    match kind:
        case MomentKind.LINKING:
            await _resume_link(deps, subject)
        case _:
            log().warning("unknown_moment", kind=kind)


async def _resume_link(deps: Deps, room_id: str) -> None:
    """A link that was cut short between its two slots is finished, or taken back."""
    room = await rooms.promised_room(deps.store, room_id)
    if room is None:
        await rooms.abandon_room(deps.store, room_id)
    else:
        await finish_link(deps, room)
