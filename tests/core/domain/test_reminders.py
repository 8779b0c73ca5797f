"""Reminders: in time, once, and never at night without need."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quiet_hours import QuietHours, is_quiet
from core.domain.reminders import (
    DEFAULT_LADDER,
    Ladder,
    Plan,
    Rung,
    RungKind,
    Urgency,
    due_now,
    pack,
    plan,
    rings,
    unpack,
)
from core.domain.zones import HOUR, MINUTE, SECOND
from tests.fixtures.zones import instants, quiet_hours

DAY = 24 * HOUR
NIGHT = QuietHours()  # 22:00 to 07:00 UTC
SOFT, BEFORE, LAST, THROUGH, BREACH = RungKind


def at(said: str) -> int:
    """'23 10:00' is that day of November 2026, UTC; the 23rd is a Monday."""
    day, clock = said.split()
    return int(datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=UTC).timestamp()) * SECOND


def said(rungs: Plan) -> list[str]:
    """'24 09:00 last', and a comma behind what makes no sound."""
    return [
        f"{datetime.fromtimestamp(rung.at / SECOND, tz=UTC):%d %H:%M} {rung.kind}{'' if rung.loud else ','}"
        for rung in rungs
    ]


def fiverr(opened: str, quiet: QuietHours | None = None, now: str | None = None, told: str | None = None) -> list[str]:
    """The plan of a message under 24 h with a soft target at 12 h."""
    opened_at = at(opened)
    told_until = at(told) if told else None
    rungs = plan(
        opened_at,
        [opened_at + 12 * HOUR],
        opened_at + DAY,
        DEFAULT_LADDER,
        quiet,
        at(now) if now else opened_at,
        told_until=told_until,
    )
    return said(rungs)


def test_the_default_ladder() -> None:
    """A nudge at the soft target, then 4 h, 1 h and 15 min before the deadline, and word of the breach."""
    assert fiverr("23 10:00") == [
        "23 22:00 soft",
        "24 06:00 before",
        "24 09:00 before",
        "24 09:45 last",
        "24 10:00 breach",
    ]


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        # Due at 10: the soft target and the four-hour step would fall into the night and become one before it.
        ("23 10:00", ["23 21:59 before", "24 09:00 before", "24 09:45 last", "24 10:00 breach"]),
        # Due at 3: all that is left comes before the night, as urgent as the most urgent; the breach is noted.
        ("23 03:00", ["23 15:00 soft", "23 21:59 last", "24 03:00 breach,"]),
        # Written in the night, answered by day: nothing of it falls into the night it came in.
        ("23 23:00", ["24 11:00 soft", "24 19:00 before", "24 21:59 last", "24 23:00 breach,"]),
        # Only the soft target lies in the night.
        ("23 18:00", ["23 21:59 soft", "24 14:00 before", "24 17:00 before", "24 17:45 last", "24 18:00 breach"]),
    ],
)
def test_what_would_fall_into_quiet_hours_comes_earlier(opened: str, expected: list[str]) -> None:
    """Nobody is woken for what could be said before they went to bed."""
    assert fiverr(opened, NIGHT) == expected


@pytest.mark.parametrize(
    ("opened", "deadline", "expected"),
    [
        ("23 23:00", "24 05:00", ["24 04:45 through", "24 05:00 breach,"]),
        ("23 23:00", "23 23:10", ["23 23:00 through", "23 23:10 breach,"]),  # too near for the ladder
        ("23 23:00", "24 07:10", ["24 06:55 through", "24 07:10 breach"]),  # awake, but after the last reminder
        ("23 23:00", "24 08:00", ["24 07:00 before", "24 07:45 last", "24 08:00 breach"]),
        ("23 21:59", "24 05:00", ["23 21:59 last", "24 05:00 breach,"]),  # told as it came
        ("23 10:00", "23 10:10", ["23 10:10 breach"]),  # awake: the card itself rings
    ],
)
def test_the_last_reminder_rings_through_where_nothing_else_can(
    opened: str, deadline: str, expected: list[str]
) -> None:
    """Who sleeps from the message to its last reminder is woken, once, and only then."""
    rungs = plan(at(opened), [], at(deadline), DEFAULT_LADDER, NIGHT, at(opened))

    assert said(rungs) == expected
    assert all(rung.loud for rung in rungs if rung.kind is THROUGH)


def test_a_seller_may_sleep_through() -> None:
    """Who said no to being woken is not: the breach is noted, and nothing rings."""
    deaf = QuietHours(rings_through=False)

    rungs = plan(at("23 23:00"), [], at("24 05:00"), DEFAULT_LADDER, deaf, at("23 23:00"))

    assert said(rungs) == ["24 05:00 breach,"]


def test_rungs_that_coincide_are_one() -> None:
    """Within five minutes the more urgent speaks, as early as the first."""
    rungs = plan(
        0, [19 * HOUR + 57 * MINUTE, 23 * HOUR - 5 * MINUTE], DAY, DEFAULT_LADDER, None, 0
    )  # 3 min and 5 min before a step

    assert [(rung.at / MINUTE, rung.kind) for rung in rungs] == [
        (19 * 60 + 57, BEFORE),
        (22 * 60 + 55, SOFT),
        (23 * 60, BEFORE),
        (23 * 60 + 45, LAST),
        (24 * 60, BREACH),
    ]


@pytest.mark.parametrize("quiet", [None, NIGHT])
def test_a_deadline_already_past_is_breached_at_once(quiet: QuietHours | None) -> None:
    """One notice, and no reminder of what nobody can keep any more."""
    rungs = plan(at("23 08:00"), [at("23 09:00")], at("23 10:00"), DEFAULT_LADDER, quiet, at("25 10:00"))

    assert said(rungs) == ["23 10:00 breach"]
    assert due_now(rungs, at("25 10:00")) == rungs[0]


def test_a_breach_that_was_told_is_not_told_again() -> None:
    """Planning anew after the breach leaves nothing to say."""
    assert plan(0, [], DAY, DEFAULT_LADDER, None, 2 * DAY, told_until=DAY) == ()


def test_without_a_deadline_there_are_only_soft_targets() -> None:
    """Where a policy sets no deadline nothing is breached, and the night still is quiet."""
    rungs = plan(at("23 10:00"), [at("23 12:00"), at("24 02:00")], None, DEFAULT_LADDER, NIGHT, at("23 10:00"))

    assert said(rungs) == ["23 12:00 soft", "23 21:59 soft"]


def test_a_ladder_without_soft_targets_and_steps_tells_the_breach() -> None:
    """Who wants no reminders still hears what was missed."""
    assert said(plan(at("23 10:00"), [at("23 12:00")], at("24 10:00"), Ladder((), soft=False), NIGHT, 0)) == [
        "24 10:00 breach"
    ]


@pytest.mark.parametrize(
    ("now", "told", "expected"),
    [
        ("24 05:00", None, ["23 22:00 soft", "24 06:00 before", "24 09:00 before", "24 09:45 last", "24 10:00 breach"]),
        ("24 09:10", None, ["24 09:00 before", "24 09:45 last", "24 10:00 breach"]),
        ("24 09:10", "24 06:00", ["24 09:00 before", "24 09:45 last", "24 10:00 breach"]),
        ("24 09:10", "24 09:00", ["24 09:45 last", "24 10:00 breach"]),
        ("24 10:00", "24 09:45", ["24 10:00 breach"]),
    ],
)
def test_after_downtime_one_warning_is_left(now: str, told: str | None, expected: list[str]) -> None:
    """Of the rungs that passed the latest is still true; what was told already is not told again."""
    assert fiverr("23 10:00", None, now, told) == expected


@pytest.mark.parametrize(
    ("now", "told", "expected"),
    [
        # Down from 21:30 to 23:00: the warning before the night is shown without a sound, and the last one wakes them.
        ("23 23:00", "23 15:00", ["23 21:59 last", "24 02:45 through", "24 03:00 breach,"]),
        ("24 02:50", "23 15:00", ["24 02:50 through", "24 03:00 breach,"]),
        # Told before the night: they knew, and sleep.
        ("23 23:00", "23 21:59", ["24 03:00 breach,"]),
        # Back before the night: late, but in waking time.
        ("23 21:59", "23 15:00", ["23 21:59 last", "24 03:00 breach,"]),
    ],
)
def test_downtime_in_the_evening_still_warns(now: str, told: str, expected: list[str]) -> None:
    """Who would have been warned before bed and was not is woken by the last reminder."""
    assert fiverr("23 03:00", NIGHT, now, told) == expected


def test_a_ring_through_that_was_missed_keeps_its_instant() -> None:
    """Planned anew as often as you like, it is the same one reminder."""
    rungs = plan(at("23 23:00"), [], at("24 05:00"), DEFAULT_LADDER, NIGHT, at("24 04:50"))

    assert said(rungs) == ["24 04:45 through", "24 05:00 breach,"]


def test_one_warning_is_true_now() -> None:
    """What is fired after downtime is the latest rung that passed."""
    rungs = plan(0, [12 * HOUR], DAY, DEFAULT_LADDER, None, 0)

    assert due_now(rungs, 12 * HOUR - 1) is None
    assert due_now(rungs, 22 * HOUR) == Rung(20 * HOUR, BEFORE)
    assert due_now(rungs, 3 * DAY) == Rung(DAY, BREACH)


def test_a_rung_fired_late_minds_the_hour() -> None:
    """Only what rings through makes a sound at night; a breach of the night is loud when it is found by day."""
    assert not rings(LAST, NIGHT, at("23 23:00"))
    assert rings(THROUGH, NIGHT, at("23 23:00"))
    assert not rings(BREACH, NIGHT, at("23 23:00"))
    assert rings(BREACH, NIGHT, at("24 07:00"))
    assert rings(LAST, None, at("23 23:00"))


def test_each_rung_says_how_urgent_it_is() -> None:
    """A soft target asks least, the breach most."""
    asked = [Rung(0, kind).asks for kind in RungKind]

    assert asked == [Urgency.NUDGE, Urgency.WARNING, Urgency.LAST, Urgency.LAST, Urgency.BREACH]


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        (tuple(range(9 * HOUR, 0, -HOUR)), "at most 8"),
        ((HOUR, 4 * HOUR), "furthest"),
        ((HOUR, HOUR), "each once"),
        ((4 * MINUTE,), "4 min before"),
        ((31 * DAY,), "5 min to 30 days"),
        ((HOUR + SECOND,), "whole minutes"),
        ((-HOUR,), "5 min to 30 days"),
    ],
)
def test_a_ladder_has_limits(before: tuple[int, ...], problem: str) -> None:
    """A ladder that could not be kept is refused, and says why."""
    with pytest.raises(ValueError, match=problem):
        Ladder(before)


def test_a_packed_plan_is_short_and_plain() -> None:
    """A script reads it by one pattern, and it leaves room for the rest of an obligation."""
    opened_at = at("23 10:00")
    rungs = plan(opened_at, [opened_at + 12 * HOUR], opened_at + DAY, DEFAULT_LADDER, None, opened_at)

    packed = pack(rungs, opened_at)

    assert packed == "43200s,72000r,82800r,85500l,86400b"
    assert unpack(packed, opened_at) == rungs
    assert (pack((), opened_at), unpack("", opened_at)) == ("", ())


def test_a_packed_breach_is_never_early() -> None:
    """A deadline between two seconds is packed as the later, and is exact again beside the deadline itself."""
    rungs = plan(500, [], DAY + 1, DEFAULT_LADDER, None, 500)

    packed = pack(rungs, 500)

    assert unpack(packed, 500)[-1].at == DAY + 500
    assert unpack(packed, 500, DAY + 1) == rungs


@pytest.mark.parametrize("packed", ["86400", "86400x", "b", "1.5b", "86400b;"])
def test_what_was_not_packed_is_not_unpacked(packed: str) -> None:
    """A damaged plan is an error and not a guess."""
    with pytest.raises((KeyError, ValueError)):
        unpack(packed, 0)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    steps = draw(st.sets(st.integers(5, 3 * 24 * 60), max_size=6))
    return Ladder(tuple(minutes * MINUTE for minutes in sorted(steps, reverse=True)), soft=draw(st.booleans()))


@st.composite
def owed(draw: st.DrawFn) -> tuple[int, list[int], int, Ladder, QuietHours | None]:
    opened_at = draw(instants())
    deadline = opened_at + draw(st.one_of(st.integers(1, 4 * DAY), st.integers(1, 4 * 24 * 60).map(MINUTE.__mul__)))
    soft = [opened_at + each for each in draw(st.lists(st.integers(0, 3 * DAY), max_size=2))]
    return opened_at, soft, deadline, draw(ladders()), draw(st.none() | quiet_hours())


@given(owed())
def test_a_plan_keeps_its_promises(case: tuple[int, list[int], int, Ladder, QuietHours | None]) -> None:
    """In order, five minutes apart, none after the breach at the deadline, none later than wished or loud at night."""
    opened_at, soft, deadline, ladder, quiet = case
    wished = sorted([deadline - step for step in ladder.before] + (soft if ladder.soft else []))
    *reminders, breach = plan(opened_at, soft, deadline, ladder, quiet, opened_at - 1)

    assert breach == Rung(deadline, BREACH, loud=not is_quiet(quiet, deadline))
    assert all(opened_at <= rung.at < deadline for rung in reminders)
    assert all(second.at - first.at >= 5 * MINUTE for first, second in pairwise(reminders))
    assert all(rung.kind is THROUGH for rung in reminders if is_quiet(quiet, rung.at))
    assert sum(rung.kind is THROUGH for rung in reminders) <= 1
    # Each is as early as something wished for, so none is late: counted from the end, the latest first.
    ahead = [each for each in wished if opened_at < each < deadline]
    if not any(rung.kind is THROUGH for rung in reminders):
        assert len(reminders) <= len(ahead)
        assert all(rung.at <= each for rung, each in zip(reversed(reminders), reversed(ahead), strict=False))


@given(owed())
def test_a_member_is_warned_before_every_deadline(case: tuple[int, list[int], int, Ladder, QuietHours | None]) -> None:
    """No deadline passes unannounced: a reminder comes, or the card rang with nothing of the ladder left to come."""
    opened_at, soft, deadline, ladder, quiet = case
    *reminders, _ = plan(opened_at, soft, deadline, ladder, quiet, opened_at)

    wanted = any(opened_at < deadline - step for step in ladder.before)
    let = quiet is None or quiet.rings_through
    if ladder.before and let and (wanted or is_quiet(quiet, opened_at)):
        assert any(rung.loud for rung in reminders)


@given(owed(), st.integers(0, 5 * DAY))
def test_after_any_downtime_one_true_warning_is_due(
    case: tuple[int, list[int], int, Ladder, QuietHours | None], later: int
) -> None:
    """At most one rung of a new plan is due, it is the one the old plan holds true, and all others lie ahead."""
    opened_at, soft, deadline, ladder, quiet = case
    now = opened_at + later
    old = plan(opened_at, soft, deadline, ladder, quiet, opened_at - 1)
    new = plan(opened_at, soft, deadline, ladder, quiet, now)
    due, owed_before = due_now(new, now), due_now(old, now)

    assert [rung for rung in new if rung.at <= now] == ([due] if due else [])
    assert (due is None) == (owed_before is None)
    assert due == owed_before or (due is not None and due.kind is THROUGH)
    assert new[-1] == old[-1]
    assert {rung for rung in old if rung.at > now} <= set(new)


@given(owed(), st.integers(0, 5 * DAY))
def test_what_was_told_is_not_told_again(
    case: tuple[int, list[int], int, Ladder, QuietHours | None], later: int
) -> None:
    """Planned anew by the same settings, with all that passed told, only what lay ahead is left."""
    opened_at, soft, deadline, ladder, quiet = case
    now = opened_at + later
    old = plan(opened_at, soft, deadline, ladder, quiet, opened_at - 1)

    assert plan(opened_at, soft, deadline, ladder, quiet, now, told_until=now) == tuple(r for r in old if r.at > now)


@given(owed())
def test_packing_loses_nothing(case: tuple[int, list[int], int, Ladder, QuietHours | None]) -> None:
    """A plan comes back as it went, in few bytes."""
    opened_at, soft, deadline, ladder, quiet = case
    rungs = plan(opened_at, soft, deadline, ladder, quiet, opened_at)

    packed = pack(rungs, opened_at)

    assert unpack(packed, opened_at, deadline, quiet) == rungs
    assert len(packed) <= 8 * len(rungs)
