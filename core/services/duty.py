"""Whom a room calls now: for something new, and for a reminder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.domain import duty
from core.domain.habits import Habits
from core.domain.members import Identity
from core.domain.quiet_hours import QuietHours, is_quiet
from core.domain.reminders import Rung, RungKind, Urgency, comes_from, rings
from core.domain.rooms import Ring, Room
from core.domain.sellers import Seller
from core.store.conversations import Sight
from core.store.rosters import Roster


@dataclass(frozen=True, slots=True)
class Summons:
    """Who is called, and whether it makes a sound at all: also where nobody is to be named."""

    members: tuple[Identity, ...]
    loud: bool

    def by(self, room: Room | None, how: Ring) -> tuple[Identity, ...]:
        """Those of them whom the room calls in this way."""
        chosen = {who for who, ring in room.rings if ring is how} if room else set()
        return tuple(who for who in self.members if who in chosen)


SILENCE = Summons((), loud=False)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A rung as it is told: when the buyer wrote, the deadline, who claimed it, how many rungs nobody heeded."""

    rung: Rung
    opened_at: int
    deadline: int | None
    claimed_by: Identity | None = None
    unheeded: int = 0


def members_of(room: Room) -> tuple[Identity, ...]:
    return tuple(who for who, ring in room.rings if ring is not Ring.QUIET)


def on_duty(
    room: Room, seller: Seller, habits: Mapping[str, Habits], at: int, *, through: bool = False
) -> tuple[Identity, ...]:
    """The room's members who are neither absent nor in quiet hours: their own, or else those of the seller."""
    members = members_of(room)
    away = {who: habits[who.key].away for who in members if who.key in habits}
    return duty.on_duty(members, away, _quiet(members, seller, habits), at, through=through)


def for_news(sight: Sight, at: int) -> Summons:
    """Something new rings for who is on duty, and where nobody asked to be called, if the seller is awake.

    Of a blocked buyer, or of who is none, it makes no sound: reminders of what is owed do.
    """
    room, seller = sight.room, sight.seller
    if room is None or sight.regards:
        return SILENCE
    found = on_duty(room, seller, sight.habits, at)
    return Summons(found, loud=bool(found) if members_of(room) else not is_quiet(seller.quiet, at))


def for_reminder(room: Room, roster: Roster, occasion: Occasion, at: int) -> Summons | None:
    """None where the rung is a step of somebody's own who is not called here: the room is not told of it.

    Where whoever claimed the conversation is on duty elsewhere, this room keeps silent until they did not react.
    """
    here = _asked(room, roster, occasion, at)
    everywhere = {who for other in roster.rooms for who in _asked(other, roster, occasion, at)}
    if not here and not _is_sellers(roster.seller, occasion, at):
        return None
    claimant = _found(roster, occasion.claimed_by, here) or _found(roster, occasion.claimed_by, everywhere)
    if claimant is not None and claimant not in here:
        call = duty.calls(claimant, (claimant, *here), occasion.rung, occasion.unheeded)
        if not call.other_chat:
            return SILENCE
        return Summons(here, loud=bool(here) or _hears(room, roster, occasion, at))
    members = duty.calls(claimant, here, occasion.rung, occasion.unheeded).members
    urgent = not everywhere and occasion.rung.asks >= Urgency.LAST
    return Summons(members, loud=bool(members) or _hears(room, roster, occasion, at, urgent=urgent))


def for_lapse(room: Room, roster: Roster, was: Identity, at: int) -> Summons | None:
    """Who is next on duty after whose claim lapsed: in their own rooms, or else in the others. None: nobody here."""

    def next_in(other: Room) -> Identity | None:
        there = on_duty(other, roster.seller, roster.habits, at)
        return duty.heir(_found(roster, was, there) or was, there)

    home = [other for other in roster.rooms if _found(roster, was, members_of(other))]
    here = next_in(room)
    if here is None or (room not in home and any(next_in(other) for other in home)):
        return None
    return Summons((here,), loud=True)


def _found(roster: Roster, who: Identity | None, among: Iterable[Identity]) -> Identity | None:
    """The same person, as these know them: a claim in one chat is known in the other."""
    return next((each for each in among if who and roster.same(each, who)), None)


def _asked(room: Room, roster: Roster, occasion: Occasion, at: int) -> tuple[Identity, ...]:
    """Those on duty whose ladder, their own or the seller's, has this rung."""
    through = occasion.rung.kind is RungKind.THROUGH
    found = on_duty(room, roster.seller, roster.habits, at, through=through)
    return tuple(who for who in found if _asks(roster.habits.get(who.key, Habits()), roster.seller, occasion, at))


def _asks(habits: Habits, seller: Seller, occasion: Occasion, at: int) -> bool:
    ladder, quiet = habits.ladder or seller.ladder, habits.quiet or seller.quiet
    return comes_from(occasion.rung, occasion.opened_at, occasion.deadline, ladder, quiet, at)


def _is_sellers(seller: Seller, occasion: Occasion, at: int) -> bool:
    return _asks(Habits(), seller, occasion, at)


def _hears(room: Room, roster: Roster, occasion: Occasion, at: int, *, urgent: bool = False) -> bool:
    """Whether a room in which nobody is called makes a sound: one that calls nobody by name, while the seller is awake.

    With nobody on duty anywhere also one whose members are away but awake, if it is `urgent`.
    """
    members = members_of(room)
    if not members:
        return rings(occasion.rung.kind, roster.seller.quiet, at)
    quiet = _quiet(members, roster.seller, roster.habits)
    return urgent and bool(duty.on_duty(members, {}, quiet, at))


def _quiet(members: Iterable[Identity], seller: Seller, habits: Mapping[str, Habits]) -> dict[Identity, QuietHours]:
    chosen = ((who, (habits.get(who.key) or Habits()).quiet or seller.quiet) for who in members)
    return {who: quiet for who, quiet in chosen if quiet is not None}
