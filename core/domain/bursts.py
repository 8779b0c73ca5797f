"""Bursts: when many reminders become one note, and many new conversations one list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from core.domain.reminders import Rung, RungKind
from core.domain.zones import MINUTE

TOGETHER = 5 * MINUTE
FLOOD = 10  # new conversations within that time that are still shown one by one


@dataclass(frozen=True, slots=True)
class RoomReminder:
    """A rung that is to be told in a room."""

    room: str
    obligation: str
    rung: Rung
    deadline: int | None = None


def joins_note(note_at: int, rung: Rung) -> bool:
    """Whether a rung is told with a note of its room at `note_at`: a line and a button in it.

    A reminder that would follow within five minutes comes along early. A breach never does: it has not happened yet.
    """
    ahead = rung.at - note_at
    return ahead <= 0 if rung.kind is RungKind.BREACH else ahead < TOGETHER


def merge_notes(reminders: Iterable[RoomReminder]) -> tuple[tuple[RoomReminder, ...], ...]:
    """The notes that those reminders become, in order of time; in a note the nearest deadline stands first."""
    notes = [
        note
        for _, of_room in groupby(sorted(reminders, key=_by_room), attrgetter("room"))
        for note in _notes_of_room(list(of_room))
    ]
    return tuple(sorted(notes, key=lambda note: (min(each.rung.at for each in note), note[0].room)))


def _notes_of_room(waiting: Sequence[RoomReminder]) -> Iterable[tuple[RoomReminder, ...]]:
    while waiting:
        note_at = waiting[0].rung.at
        yield tuple(sorted((each for each in waiting if joins_note(note_at, each.rung)), key=_by_deadline))
        waiting = [each for each in waiting if not joins_note(note_at, each.rung)]


def _by_room(reminder: RoomReminder) -> tuple[str, int, str]:
    return reminder.room, reminder.rung.at, reminder.obligation


def _by_deadline(reminder: RoomReminder) -> tuple[bool, int, str]:
    return reminder.deadline is None, reminder.deadline or 0, reminder.obligation


def is_flood(opened: Iterable[int], now: int) -> bool:
    """Whether, with the one opened at `now`, more than ten conversations are new within five minutes.

    `opened` are the instants at which a seller's conversations were first heard of, the newest included.
    """
    return sum(now - TOGETHER < at <= now for at in opened) > FLOOD
