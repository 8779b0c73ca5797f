"""Duty: who is there to be called, whom a reminder calls, and when a claim lapses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.members import Identity
from core.domain.quiet_hours import QuietHours, Stretch, is_quiet
from core.domain.reminders import Rung, Urgency
from core.domain.zones import HOUR, MINUTE

IDLE = 20 * MINUTE  # a claim without action is kept this long
NEAR = 4 * HOUR  # once the deadline is nearer than this


@dataclass(frozen=True, slots=True)
class Call:
    """Whom a reminder mentions in the card's room; `other_chat`: it also goes to the seller's rooms elsewhere."""

    members: tuple[Identity, ...] = ()
    other_chat: bool = False


def on_duty(
    members: Iterable[Identity],
    absences: Mapping[Identity, Sequence[Stretch]],
    quiet: Mapping[Identity, QuietHours],
    at: int,
    *,
    through: bool = False,
) -> tuple[Identity, ...]:
    """The room's members who are neither absent nor in quiet hours, in the order given.

    `through`: those asleep too who let a last reminder wake them. Nobody is called out of an absence.
    """
    return tuple(
        member
        for member in members
        if not any(at in absence for absence in absences.get(member, ())) and _is_awake(quiet.get(member), at, through)
    )


def _is_awake(quiet: QuietHours | None, at: int, through: bool) -> bool:
    return not is_quiet(quiet, at) or (through and quiet is not None and quiet.rings_through)


def calls(claimed_by: Identity | None, duty: Sequence[Identity], rung: Rung, unheeded: int) -> Call:
    """Whom a rung calls. `unheeded`: the loud rungs of this obligation since any member last reacted to it.

    It climbs: whoever claimed it; the next on duty too; all on duty, and the other chat. Without a claim, or where
    whoever claimed it is not on duty, all on duty are called at once. With nobody on duty what is urgent goes to the
    other chat as well. A rung without a sound calls nobody.
    """
    if not rung.loud:
        return Call()
    claimant = tuple(member for member in duty if member == claimed_by)
    others = tuple(member for member in duty if member != claimed_by)
    if not duty:
        return Call(other_chat=unheeded > 0 or rung.asks >= Urgency.LAST)
    if not claimant:
        return Call(others, other_chat=unheeded > 0)
    if unheeded == 0:
        return Call(claimant)
    if unheeded == 1 and others:
        return Call(claimant + others[:1])
    return Call(claimant + others, other_chat=True)


def claim_lapses_at(acted_at: int, deadline: int | None) -> int | None:
    """20 min after the claim, or the last action of whoever claimed it, counted only within 4 h of the deadline.

    So that the reminder at 4 h calls them, and leaves them those minutes. None if the deadline comes first.
    """
    if deadline is None:
        return None
    lapses_at = max(acted_at, deadline - NEAR) + IDLE
    return lapses_at if lapses_at < deadline else None


def heir(claimed_by: Identity, duty: Sequence[Identity]) -> Identity | None:
    """The next on duty after whose claim lapsed, in the room's order and round again; None if there is nobody else."""
    if claimed_by not in duty:
        return duty[0] if duty else None
    place = duty.index(claimed_by)
    following = (*duty[place + 1 :], *duty[:place])
    return following[0] if following else None
