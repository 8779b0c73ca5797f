"""The agenda: carry out the moments that fall due."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from core.domain.moments import MomentKind
from core.observability import log
from core.services.availability import look
from core.services.claims import lapse, quiet
from core.services.deps import Deps
from core.services.digests import tell_evening, tell_week
from core.services.histories import fold, recount
from core.services.holding_replies import answer_buyer
from core.services.links import finish_link
from core.services.report_notes import remind
from core.services.retention import forget_text
from core.services.terms import replan
from core.store import rooms
from core.store.keys import Tag
from core.store.moments import Due, claim_due, finish_moment, keep_moment
from core.workers.loop import Crew, Visit

LEASE = 30_000
BATCH = 250
BATCHES = 100  # in one visit, as long as there is more that is due: the next visit is not at once
Step = Callable[[Deps, str], Awaitable[bool]]
# Each removes its moment by the step that it writes; or answers False, where what it is about is no more.
STEPS: Mapping[str, Step] = {
    MomentKind.AVAILABILITY: look,
    MomentKind.FOLD: fold,
    MomentKind.HOLDING: answer_buyer,
    MomentKind.LAPSE: lapse,
    MomentKind.WRITING: quiet,
    MomentKind.REPORT: remind,
    MomentKind.DIGEST: tell_evening,
    MomentKind.MONDAY: tell_week,
}
PATIENCE = 60_000  # milliseconds; a breach waits as long for a reply on its way


def agenda_visit(deps: Deps, crew: Crew) -> Visit:
    """A visit fires what obligations are due, and starts carrying out each other moment that is.

    A moment is removed by the script that carries it out; one that fails comes again when its lease has passed.
    """

    async def claim(tag: Tag) -> Due:
        due = await claim_due(deps.store, tag, lease=LEASE, most=BATCH, patience=PATIENCE)
        for moment in due.moments:
            crew.start(partial(_carry_out, deps, tag, moment), moment=moment)
        return due

    async def visit(tag: Tag) -> int | None:
        due, batches = await claim(tag), 1
        while batches < BATCHES and due.next_at is not None and due.next_at <= deps.clock.now():
            due, batches = await claim(tag), batches + 1
        # `now` may run ahead of `wall` where it is moved by hand.
        return None if due.next_at is None else due.next_at - deps.clock.now() + deps.clock.wall()

    return visit


async def _carry_out(deps: Deps, tag: Tag, moment: str) -> None:
    kind, _, subject = moment.partition("/")
    match kind:
        case MomentKind.LINKING:
            await _resume_link(deps, subject)
        case MomentKind.TEXT:
            await forget_text(deps, subject, lease=LEASE)
        case MomentKind.RECOUNT:
            await _recount(deps, tag, moment, subject)
        case MomentKind.REPLAN:
            await _replan(deps, tag, moment, subject)
        case _ if step := STEPS.get(kind):
            if not await step(deps, subject):
                await finish_moment(deps.store, tag, moment)
        case _:
            log().warning("unknown_moment", kind=kind)


async def _recount(deps: Deps, tag: Tag, moment: str, subject: str) -> None:
    shop, _, since = subject.partition("/")

    async def still() -> None:
        await keep_moment(deps.store, tag, moment, lease=LEASE)

    await recount(deps, shop, int(since), still)
    await finish_moment(deps.store, tag, moment)


async def _replan(deps: Deps, tag: Tag, moment: str, seller: str) -> None:
    async def still() -> None:
        await keep_moment(deps.store, tag, moment, lease=LEASE)

    await replan(deps, seller, still)
    await finish_moment(deps.store, tag, moment)


async def _resume_link(deps: Deps, room_id: str) -> None:
    """A link that was cut short between its two slots is finished, or taken back."""
    room = await rooms.promised_room(deps.store, room_id)
    if room is None:
        await rooms.abandon_room(deps.store, room_id)
    else:
        await finish_link(deps, room)
