"""Availability: what the marketplace is to know, what its word confirms, and what members are told of it, once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.absences import Absence
from core.domain.availability import (
    PATIENCE,
    Availability,
    News,
    Outcome,
    OwnAbsence,
    SiteWord,
    accept,
    agree,
    around,
    drifts,
    end_absence,
    follow_site,
    hear,
    in_force,
    is_told,
    next_look,
    refuse,
    review,
    set_absence,
    tell,
    wanted,
)
from core.domain.zones import HOUR, SECOND

NOW = 1_795_654_800_000
BACK, BACK_LATER = NOW + 4 * HOUR, NOW + 48 * HOUR
AWAY = OwnAbsence("a-1", NOW, BACK, note="lunch")
LATER = OwnAbsence("a-2", NOW + 24 * HOUR, BACK_LATER)
OPEN = OwnAbsence("a-9", NOW + HOUR, None)


def asked(absence: OwnAbsence = AWAY, at: int = NOW, *, sends: bool = True) -> Availability:
    return tell(set_absence(Availability(), absence, at), "t-1", at, sends=sends)


def accepted(absence: OwnAbsence = AWAY) -> Availability:
    return accept(asked(absence), "t-1", NOW + 10)


def test_the_marketplace_is_to_know_the_absence_under_way_or_the_next() -> None:
    """It is told one at a time; what is over is nothing to tell."""
    both = set_absence(set_absence(Availability(), LATER, NOW), AWAY, NOW)

    assert wanted(both, NOW) == AWAY
    assert wanted(both, BACK) == LATER
    assert wanted(both, BACK_LATER) is None
    assert (in_force(both, NOW), in_force(both, BACK)) == (AWAY, None)


def test_a_new_absence_takes_the_place_of_those_it_overlaps() -> None:
    """What is under way keeps its start: it is only given another end."""
    longer = replace(AWAY, id="a-3", start=NOW + HOUR, end=NOW + 30 * HOUR)

    kept = set_absence(set_absence(set_absence(Availability(), AWAY, NOW), LATER, NOW), longer, NOW + HOUR)

    assert kept.own == (replace(longer, start=NOW),)


def test_what_was_told_is_told_until_something_changes() -> None:
    """Another end, an early return and the next planned one are to be told; that one ends by itself is not."""
    kept = accepted()
    shorter = set_absence(kept, replace(AWAY, id="a-3", end=NOW + HOUR), NOW + 1)
    back = end_absence(kept, AWAY.id, NOW + HOUR)

    assert is_told(kept, NOW + HOUR)
    assert is_told(kept, BACK)
    assert not is_told(shorter, NOW + 1)
    assert not is_told(back, NOW + HOUR)
    assert not is_told(set_absence(kept, LATER, NOW), BACK)
    assert is_told(Availability(), NOW)


def test_an_answer_to_what_was_told_before_confirms_nothing_newer() -> None:
    """Nor refuses it."""
    newer = tell(set_absence(asked(), replace(AWAY, id="a-3", end=NOW + HOUR), NOW), "t-2", NOW, sends=True)

    assert accept(newer, "t-1", NOW) == newer
    assert refuse(newer, "t-1", "no") == newer
    assert accept(newer, "t-2", NOW + 5).telling.settled_at == NOW + 5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("site", "outcome"),
    [
        (SiteWord(NOW + 1, Absence(NOW, NOW + 4 * HOUR)), Outcome.ACCEPTED),
        (SiteWord(NOW + 1, Absence(NOW + 900, NOW + 4 * HOUR + 900)), Outcome.ACCEPTED),
        (SiteWord(NOW - 1, Absence(NOW, NOW + 4 * HOUR)), Outcome.ASKED),  # said before it was told
        (SiteWord(NOW + 1, Absence(NOW, NOW + 5 * HOUR)), Outcome.ASKED),
        (SiteWord(NOW + 1, Absence(NOW, NOW + 4 * HOUR, contact_allowed=False)), Outcome.ASKED),
        (SiteWord(NOW + 1, Absence(NOW, None)), Outcome.ASKED),
        (SiteWord(NOW + 1, None), Outcome.ASKED),
    ],
)
def test_the_marketplaces_own_word_confirms_what_it_agrees_with(site: SiteWord, outcome: Outcome) -> None:
    """To the minute, whether buyers may write included."""
    heard = hear(asked(), site)

    assert heard.telling is not None
    assert heard.telling.outcome is outcome
    assert heard.site == site


def test_another_word_after_the_acceptance_is_drift_until_it_is_over_or_given_up() -> None:
    """One from before it was accepted is not, nor is anything once the absence has ended."""
    other = SiteWord(NOW + 20, None)
    drifted = hear(accepted(), other)

    assert drifts(drifted, NOW + 30)
    assert not drifts(drifted, BACK)
    assert not drifts(hear(accepted(), SiteWord(NOW + 5, None)), NOW + 30)
    assert not drifts(follow_site(drifted, NOW + 30), NOW + 30)
    assert not drifts(tell(drifted, "t-2", NOW + 30, sends=True), NOW + 31)
    assert follow_site(drifted, NOW + 30).own == ()


def test_absences_without_a_gap_are_one() -> None:
    """So that nobody is greeted between two of them."""
    first, second = Absence(NOW, NOW + HOUR), Absence(NOW + HOUR, NOW + 3 * HOUR, contact_allowed=False)
    apart = Absence(NOW + 4 * HOUR, NOW + 5 * HOUR)

    assert around([apart, second, first], NOW) == Absence(NOW, NOW + 3 * HOUR)
    assert around([first, second], NOW + 3 * HOUR) is None
    assert around([first, Absence(NOW + HOUR, None)], NOW) == Absence(NOW, None)


def test_members_are_told_of_each_turn_once() -> None:
    """It begins, it ends; looked at again there is nothing new."""
    kept = accepted()
    begun, news = review(kept, [AWAY.absence], NOW + 20)
    again, nothing = review(begun, [AWAY.absence], NOW + 30)
    over, ended = review(again, [AWAY.absence], BACK)

    assert (news, nothing, ended) == ((News.BEGAN,), (), (News.RETURNED,))
    assert over.own == ()
    assert review(over, [AWAY.absence], BACK + 1)[1] == ()


def test_what_begins_later_is_said_to_be_planned_and_to_be_off() -> None:
    """When the marketplace has either."""
    planned, news = review(accepted(LATER), [LATER.absence], NOW + 20)
    off = accept(tell(end_absence(planned, LATER.id, NOW + 30), "t-2", NOW + 30, sends=True), "t-2", NOW + 40)

    assert news == (News.PLANNED,)
    assert review(off, [], NOW + 50)[1] == (News.CANCELLED,)


@pytest.mark.parametrize(("sends", "news"), [(True, News.UNCONFIRMED), (False, News.BY_HAND)])
def test_a_silence_is_spoken_of_after_some_seconds_and_once(sends: bool, news: News) -> None:
    """Not at once: mostly the answer is there before anybody has read that it is missing."""
    kept = asked(sends=sends)

    assert next_look(kept, [], NOW) == NOW + PATIENCE
    assert review(kept, [], NOW + PATIENCE - 1)[1] == ()
    spoken, told = review(kept, [], NOW + PATIENCE)
    assert told == (news,)
    assert review(spoken, [], NOW + PATIENCE + SECOND)[1] == ()
    assert next_look(spoken, [], NOW + PATIENCE) == BACK


def test_a_refusal_is_told_and_so_is_what_nobody_confirmed_until_it_was_over() -> None:
    """Buyers never saw either."""
    refused, news = review(refuse(asked(), "t-1", "No."), [], NOW + 1)
    expired, late = review(replace(asked(), own=(AWAY,)), [], BACK)

    assert (news, late) == ((News.REFUSED,), (News.REFUSED,))
    assert review(refused, [], NOW + 2)[1] == ()
    assert expired.telling is not None
    assert expired.telling.problem == ""


def test_drift_is_told_once_for_each_word_and_in_place_of_what_it_brings_about() -> None:
    """That the site says `available` is no return to be greeted."""
    away, _ = review(accepted(), [AWAY.absence], NOW + 20)
    drifted, news = review(hear(away, SiteWord(NOW + 30, None)), [Absence(NOW, NOW + 30)], NOW + 40)

    assert news == (News.DRIFT,)
    assert review(drifted, [Absence(NOW, NOW + 30)], NOW + 50)[1] == ()
    assert review(hear(drifted, SiteWord(NOW + 60, None)), [], NOW + 70)[1] == (News.DRIFT,)


def test_the_next_look_is_at_the_next_turn() -> None:
    """None where nothing is to come."""
    both = set_absence(accepted(), LATER, NOW)

    assert next_look(both, [AWAY.absence], NOW) == BACK
    assert next_look(both, [AWAY.absence], BACK) == LATER.start
    assert next_look(both, [AWAY.absence], BACK_LATER) is None


def test_an_ended_absence_agrees_with_an_available_site() -> None:
    """And one that the site still shows as ended does too."""
    assert agree(None, SiteWord(NOW, None))
    assert agree(AWAY, SiteWord(BACK, None))
    assert agree(None, SiteWord(NOW, Absence(NOW - HOUR, NOW - 1)))
    assert not agree(None, SiteWord(NOW, Absence(NOW - HOUR, None)))


def test_an_absence_without_an_end_lasts_until_somebody_comes_back() -> None:
    """It takes the place of all that was planned after it, is never over by itself, and is confirmed by its like."""
    planned = set_absence(Availability(), LATER, NOW)
    kept = set_absence(planned, OPEN, NOW)
    told = accept(tell(kept, "t-1", NOW, sends=True), "t-1", NOW + 10)
    years = NOW + 10_000 * HOUR

    assert kept.own == (OPEN,)
    assert in_force(kept, years) == OPEN
    assert is_told(told, years)
    assert next_look(told, [], years) is None
    assert end_absence(told, OPEN.id, years).own == ()
    assert agree(OPEN, SiteWord(NOW, Absence(OPEN.start, None)))
    assert not agree(OPEN, SiteWord(NOW, Absence(OPEN.start, years)))
    assert drifts(hear(told, SiteWord(years, None)), years)


def test_what_is_set_while_one_without_an_end_is_under_way_gives_it_one() -> None:
    """As with any other that is under way."""
    kept = set_absence(Availability(), replace(OPEN, start=NOW), NOW)

    assert set_absence(kept, OwnAbsence("a-3", NOW + HOUR, BACK), NOW + HOUR).own == (OwnAbsence("a-3", NOW, BACK),)


_hours = st.integers(0, 60)


@given(st.lists(st.tuples(_hours, st.integers(1, 20) | st.none()), max_size=8), _hours)
def test_whatever_is_set_never_overlaps_and_is_never_past(stretches: list[tuple[int, int | None]], later: int) -> None:
    """However many are set, one after the other, with an end or without."""
    kept = Availability()
    for number, (start, length) in enumerate(stretches):
        at = NOW + start * HOUR
        kept = set_absence(kept, OwnAbsence(f"a-{number}", at, None if length is None else at + length * HOUR), NOW)

    seen, _ = review(kept, [], NOW + later * HOUR)

    for one, other in zip(kept.own, kept.own[1:], strict=False):
        assert one.end is not None
        assert one.end <= other.start
    assert all(each.end is None or each.end > NOW + later * HOUR for each in seen.own)
