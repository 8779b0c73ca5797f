"""Carry reminders to a room: what is due there by now as one note, drawn from the state of now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.bursts import TOGETHER
from core.domain.cards import Note
from core.domain.deliveries import Delivery
from core.domain.members import Identity
from core.domain.obligations import Exclusion, Obligation
from core.domain.quiet_hours import is_quiet
from core.domain.rooms import Ring, Room
from core.services.deps import Deps
from core.services.duty import SILENCE, Occasion, Summons, for_reminder
from core.services.notes import draw_reminder, draw_reminders
from core.store import conversations, nudges, rosters
from core.store.conversations import Sight
from core.store.deliveries import drop
from core.store.nudges import Nudge
from core.store.rosters import Roster


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation that a room is reminded of, and whom it calls there."""

    sight: Sight
    obligation: Obligation
    nudge: Nudge
    summons: Summons


@dataclass(frozen=True, slots=True)
class Reminder:
    """`sight`: of the one conversation that it stands beside; None for several. `direct`: who gets it directly too."""

    note: Note
    sight: Sight | None = None
    direct: tuple[Identity, ...] = ()


async def prepare(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """What the delivery says. None where nobody here is to be reminded any more: then it is dropped."""
    roster = await rosters.read_roster(deps.store, room.id)
    now = deps.clock.now()
    # What is brought forward into quiet hours would lose its sound.
    together = 0 if roster is None or is_quiet(roster.seller.quiet, now) else TOGETHER
    found = await nudges.take_nudges(deps.store, delivery, together=together)
    if roster is None or found is None:
        return None
    lines = await _lines(deps, room, roster, found, now)
    if not lines:
        await drop(deps.store, delivery)
        return None
    if len(found) == 1:
        return _beside_card(room, lines[0], now)
    loud = any(line.summons.loud for line in lines)
    # A direct message leads to one card only: of several they are told in the room.
    calls = tuple(dict.fromkeys(who for line in lines for who in line.summons.members))
    about = [(line.sight, line.obligation, line.nudge.rung) for line in lines]
    return Reminder(draw_reminders(about, calls, loud=loud))


def _beside_card(room: Room, line: Line, now: int) -> Reminder:
    calls = line.summons.by(room, Ring.MENTION)
    note = draw_reminder(line.sight, line.obligation, line.nudge.rung, calls, now, loud=line.summons.loud)
    return Reminder(note, line.sight, line.summons.by(room, Ring.DIRECT))


async def _lines(deps: Deps, room: Room, roster: Roster, found: Sequence[Nudge], now: int) -> list[Line]:
    """Without what was settled since it was taken."""
    sights = await asyncio.gather(
        *(conversations.read_conversation(deps.store, each.conversation, room.id) for each in found)
    )
    lines = (_line(room, roster, nudge, sight, now) for nudge, sight in zip(found, sights, strict=True) if sight)
    return [line for line in lines if line is not None]


def _line(room: Room, roster: Roster, nudge: Nudge, sight: Sight, now: int) -> Line | None:
    obligation = next((each for each in sight.obligations if each.id == nudge.obligation), None)
    if obligation is None:
        return None
    unheeded = max(0, sight.unheeded[obligation.id] - 1)  # this one was counted when it was taken
    claim = sight.conversation.claim
    claimed_by = claim.by if claim and claim.holds(obligation.deadline, now) else None
    occasion = Occasion(nudge.rung, obligation.opened_at, obligation.deadline, claimed_by, unheeded)
    summons = for_reminder(room, roster, occasion, now)
    if summons and obligation.reason is Exclusion.AWAY:  # it costs nothing, and was to be silent
        summons = SILENCE
    return Line(sight, obligation, nudge, summons) if summons else None
