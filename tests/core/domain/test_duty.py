"""Duty: the right people are called, more of them the longer nobody reacts, and none who are away."""

import pytest

from core.domain.duty import Call, calls, claim_lapses_at, heir, on_duty
from core.domain.members import Identity
from core.domain.quiet_hours import QuietHours, Stretch
from core.domain.reminders import Rung, RungKind
from core.domain.zones import HOUR, MINUTE

ANN, BEN, CEM = (Identity("slack", "T1", name, name) for name in ("ann", "ben", "cem"))
NIGHT = 23 * HOUR
NOON = 12 * HOUR
WARNING, LAST, BREACH = (Rung(0, kind) for kind in (RungKind.BEFORE, RungKind.LAST, RungKind.BREACH))


@pytest.mark.parametrize(
    ("at", "through", "expected"),
    [
        (NOON, False, (ANN, CEM)),  # Ben is absent from noon
        (NOON - 1, False, (ANN, BEN, CEM)),
        (NOON + HOUR, False, (ANN, BEN, CEM)),
        (NIGHT, False, (CEM,)),
        (NIGHT, True, (ANN, CEM)),  # Ben does not want to be woken
    ],
)
def test_on_duty_is_who_is_neither_absent_nor_asleep(at: int, through: bool, expected: tuple[Identity, ...]) -> None:
    """Each by their own absences and quiet hours; a last reminder wakes those who let it."""
    absences = {BEN: [Stretch(0, HOUR), Stretch(NOON, NOON + HOUR)]}
    quiet = {ANN: QuietHours(), BEN: QuietHours(rings_through=False), CEM: QuietHours("09:00", "10:00")}

    assert on_duty((ANN, BEN, CEM), absences, quiet, at, through=through) == expected


def test_nobody_is_called_out_of_an_absence() -> None:
    """Also not by what rings through, and also while no end of the absence is known."""
    assert on_duty((ANN,), {ANN: [Stretch(0)]}, {ANN: QuietHours()}, NIGHT, through=True) == ()


@pytest.mark.parametrize(
    ("claimed_by", "duty", "unheeded", "expected"),
    [
        (None, (ANN, BEN), 0, Call((ANN, BEN))),
        (None, (ANN, BEN), 1, Call((ANN, BEN), other_chat=True)),
        (BEN, (ANN, BEN, CEM), 0, Call((BEN,))),
        (BEN, (ANN, BEN, CEM), 1, Call((BEN, ANN))),
        (BEN, (ANN, BEN, CEM), 2, Call((BEN, ANN, CEM), other_chat=True)),
        (BEN, (BEN,), 1, Call((BEN,), other_chat=True)),  # nobody else is there: the other chat at once
        (BEN, (ANN, CEM), 0, Call((ANN, CEM))),  # whoever claimed it fell ill
        (None, (), 0, Call()),
        (None, (), 1, Call(other_chat=True)),
    ],
)
def test_a_warning_climbs_while_nobody_reacts(
    claimed_by: Identity | None, duty: tuple[Identity, ...], unheeded: int, expected: Call
) -> None:
    """First whoever claimed it or is on duty, then another member, then the other chat."""
    assert calls(claimed_by, duty, WARNING, unheeded) == expected


@pytest.mark.parametrize("rung", [LAST, BREACH])
def test_what_is_urgent_finds_somebody(rung: Rung) -> None:
    """With nobody on duty it goes to the other chat at once."""
    assert calls(ANN, (), rung, 0) == Call(other_chat=True)


def test_a_rung_without_a_sound_calls_nobody() -> None:
    """A breach noted at night mentions no one."""
    assert calls(ANN, (ANN, BEN), Rung(0, RungKind.BREACH, loud=False), 3) == Call()


@pytest.mark.parametrize(
    ("acted_at", "deadline", "expected"),
    [
        (0, 24 * HOUR, 20 * HOUR + 20 * MINUTE),  # the reminder at 4 h left calls them, then they have 20 min
        (20 * HOUR, 24 * HOUR, 20 * HOUR + 20 * MINUTE),
        (22 * HOUR, 24 * HOUR, 22 * HOUR + 20 * MINUTE),
        (22 * HOUR, 22 * HOUR + 20 * MINUTE, None),
        (25 * HOUR, 24 * HOUR, None),
        (0, None, None),
    ],
)
def test_a_claim_lapses_near_the_deadline(acted_at: int, deadline: int | None, expected: int | None) -> None:
    """After 20 min without action once less than 4 h are left; never while there is time, nor after the deadline."""
    assert claim_lapses_at(acted_at, deadline) == expected


@pytest.mark.parametrize(
    ("claimed_by", "duty", "expected"),
    [
        (ANN, (ANN, BEN, CEM), BEN),
        (CEM, (ANN, BEN, CEM), ANN),
        (BEN, (ANN, CEM), ANN),
        (ANN, (ANN,), None),
        (ANN, (), None),
    ],
)
def test_a_lapsed_claim_goes_to_the_next(
    claimed_by: Identity, duty: tuple[Identity, ...], expected: Identity | None
) -> None:
    """In the room's order and round again."""
    assert heir(claimed_by, duty) == expected
