"""Bursts: many reminders are one note, and many new conversations one list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.bursts import RoomReminder, is_flood, joins_note, merge_notes
from core.domain.reminders import Rung, RungKind
from core.domain.zones import MINUTE


def reminder(room: str, name: str, minute: int, kind: RungKind = RungKind.LAST, left: int = 15) -> RoomReminder:
    at = minute * MINUTE
    return RoomReminder(room, name, Rung(at, kind), at + left * MINUTE)


def told(reminders: list[RoomReminder]) -> list[list[str]]:
    return [[each.obligation for each in note] for note in merge_notes(reminders)]


def test_reminders_of_one_room_are_one_note() -> None:
    """Those within five minutes of the first share its note, the nearest deadline first; another room has its own."""
    waiting = [
        reminder("lobby", "d", 5),
        reminder("lobby", "a", 0, left=60),
        reminder("cellar", "c", 2),
        reminder("lobby", "b", 4),
    ]

    assert told(waiting) == [["b", "a"], ["c"], ["d"]]


def test_a_breach_is_never_told_early() -> None:
    """A reminder may come along with a note before its time, a breach waits for its own."""
    waiting = [
        reminder("lobby", "early", 0),
        reminder("lobby", "breached", 2, RungKind.BREACH, left=0),
        reminder("lobby", "with_it", 2, RungKind.BREACH, left=0),
    ]

    assert told(waiting) == [["early"], ["breached", "with_it"]]


@pytest.mark.parametrize(
    ("minute", "kind", "expected"),
    [
        (-1, RungKind.LAST, True),
        (0, RungKind.BREACH, True),
        (4, RungKind.SOFT, True),
        (5, RungKind.SOFT, False),
        (1, RungKind.BREACH, False),
    ],
)
def test_what_joins_a_note(minute: int, kind: RungKind, expected: bool) -> None:
    """What is due already, and reminders of the next five minutes."""
    assert joins_note(0, Rung(minute * MINUTE, kind)) == expected


@given(
    st.lists(
        st.builds(
            reminder,
            st.sampled_from("ab"),
            st.uuids().map(str),
            st.integers(0, 30),
            st.sampled_from(RungKind),
        ),
        max_size=12,
    )
)
def test_no_reminder_is_lost_or_late(reminders: list[RoomReminder]) -> None:
    """Each stands in exactly one note, of its own room, that goes out at the time of its first."""
    notes = merge_notes(reminders)

    assert sorted(each.obligation for note in notes for each in note) == sorted(each.obligation for each in reminders)
    for note in notes:
        at = min(each.rung.at for each in note)
        assert len({each.room for each in note}) == 1
        assert all(joins_note(at, each.rung) for each in note)


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ([0] * 10, False),
        ([0] * 11, True),
        ([0] * 10 + [-5 * MINUTE], False),  # the eleventh is older
        ([-4 * MINUTE] * 10 + [0], True),
        ([0] * 10 + [1], False),  # not yet
    ],
)
def test_more_than_ten_new_conversations_are_a_flood(opened: list[int], expected: bool) -> None:
    """Ten come as cards; with the eleventh within five minutes they come as one list."""
    assert is_flood(opened, 0) == expected
