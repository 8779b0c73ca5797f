"""Rates: exact at every threshold, sliding to the millisecond, and their forecasts as a loop would find them."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ledger import Counts, Entry, Verdict, total
from core.domain.obligations import Exclusion, ObligationKind
from core.domain.rates import (
    DAY,
    Band,
    Weighting,
    Window,
    affordable,
    ages_out,
    answers_to_recover,
    band_of,
    difference,
    if_missed,
    is_small,
    on_day,
    rate,
    rate_of,
    reaches,
    sample,
    shown,
)

NOW = 1_795_428_000_000
BANDS = (Band("orange", 80), Band("green", 90), Band("red", 0))
MET, MISSED = st.integers(0, 300), st.integers(0, 300)
THRESHOLD = st.fractions(0, 100, max_denominator=20)


def entry(verdict: Verdict = Verdict.IN_TIME, days_ago: int = 0, name: str = "o") -> Entry:
    return at(NOW - days_ago * DAY, verdict, name)


def at(received: int, verdict: Verdict, name: str = "o") -> Entry:
    return Entry(
        obligation=f"{name}-{received}",
        conversation="c-1",
        kind=ObligationKind.INBOX,
        order=None,
        received=received,
        due=received + DAY,
        soft_due=None,
        answered=received if verdict is Verdict.IN_TIME else None,
        by=None,
        verdict=verdict,
        reason=Exclusion.AWAY if verdict is Verdict.EXCLUDED else None,
        counted_from=received,
    )


def many(met: int, missed: int, days_ago: int = 1) -> list[Entry]:
    every = [Verdict.IN_TIME] * met + [Verdict.MISSED] * missed
    return [entry(verdict, days_ago, f"o{number}") for number, verdict in enumerate(every)]


ENTRIES = st.lists(
    st.builds(at, st.integers(NOW - 10 * DAY, NOW), st.sampled_from(Verdict), st.text("abc", min_size=8, max_size=8)),
    max_size=25,
    unique_by=lambda each: each.obligation,  # an obligation stands in the ledger once
)
WINDOW = st.builds(
    Window,
    st.integers(1, 9),
    st.integers(0, 6),
    st.none() | st.integers(1, 8),
    st.none() | st.integers(1, 12),
)


def test_a_late_answer_repairs_nothing() -> None:
    """Fiverr's own example: of ten received nine are answered in time, and answering the tenth late leaves 90 %."""
    missed = rate([*many(9, 0), entry(Verdict.MISSED)], Window(60), NOW)
    late = rate([*many(9, 0), entry(Verdict.LATE)], Window(60), NOW)

    assert missed.shown == late.shown == "90"
    assert (late.met, late.missed, late.of) == (9, 1, 10)


@given(ENTRIES, st.integers(1, 9), st.integers(NOW - DAY, NOW + 12 * DAY))
def test_the_sliding_window_equals_a_loop(entries: list[Entry], days: int, now: int) -> None:
    """At any instant the rate is that of the entries younger than the window, counted one by one."""
    met = missed = 0
    for each in entries:
        if now - each.counted_from < days * DAY:
            met += each.verdict is Verdict.IN_TIME
            missed += each.verdict in {Verdict.LATE, Verdict.MISSED}

    found = rate(entries, Window(days), now)

    assert (found.met, found.missed) == (met, missed)
    assert found.percent == (Fraction(met * 100, met + missed) if met + missed else None)
    assert found == rate_of(Counts(met, missed), Window(days), now)


@given(ENTRIES, WINDOW, st.integers(NOW, NOW + 12 * DAY))
def test_the_sample_sums_to_the_number_shown(entries: list[Entry], window: Window, now: int) -> None:
    """Whatever the policy falls back to, the entries that the rate was taken from add up to it."""
    found = rate(entries, window, now)
    taken = sample(entries, window, now)

    assert total(taken.entries) == Counts(found.met, found.missed)
    assert found.enough == (found.of >= window.min_sample)
    assert found.fallback == taken.fallback


@given(ENTRIES, WINDOW, st.integers(NOW, NOW + 12 * DAY))
def test_the_fallback_equals_a_loop(entries: list[Entry], window: Window, now: int) -> None:
    """Too small a window makes way for the newest of a longer stretch, one by one from the newest."""
    counting = sorted((each for each in entries if each.counts), key=lambda each: (each.counted_from, each.obligation))
    within = [each for each in counting if each.counted_from > now - window.days * DAY]
    expected = list(reversed(within))
    if len(within) < window.min_sample and (window.fallback_last_n or window.fallback_days):
        expected = []
        while counting and (window.fallback_last_n is None or len(expected) < window.fallback_last_n):
            newest = counting.pop()
            if window.fallback_days is None or now - newest.counted_from < window.fallback_days * DAY:
                expected.append(newest)

    assert list(sample(entries, window, now).entries) == expected


def test_a_small_sample_takes_the_last_ten_of_ninety_days() -> None:
    """Airbnb's rule: with fewer than ten in 30 days, the last ten within 90 days."""
    window = Window(30, min_sample=10, fallback_last_n=10, fallback_days=90)
    old = [entry(Verdict.MISSED, 100)] + [entry(Verdict.MISSED, 40 + number) for number in range(9)]

    found = rate([*many(6, 0, days_ago=3), *old], window, NOW)

    assert (found.met, found.missed, found.fallback, found.enough) == (6, 4, True, True)
    assert (found.since, found.covered) == (NOW - 43 * DAY, True)


def test_too_few_for_the_policy_are_said_to_be_too_few() -> None:
    """Without a fallback a small sample still gives its number, and says that it is not enough."""
    found = rate(many(3, 0), Window(120, min_sample=4), NOW)

    assert (found.shown, found.of, found.enough, found.fallback) == ("100", 3, False, False)
    assert is_small(Counts(3, 0), Window(120, min_sample=4))


def test_a_window_not_yet_covered_says_since_when() -> None:
    """Until all of the window is known the rate says since when, and from that day on it no longer does."""
    entries, known_from = many(11, 1), NOW - 20 * DAY

    early = rate(entries, Window(60), NOW, known_from=known_from)
    covered = rate(entries, Window(60), known_from + 60 * DAY, known_from=known_from)

    assert (early.since, early.covered, early.of) == (known_from, False, 12)
    assert (covered.since, covered.covered) == (known_from, True)
    assert rate(entries, Window(60), NOW).since == NOW - 60 * DAY
    assert rate_of(total(entries), Window(60), NOW, known_from=known_from) == early


def test_an_empty_window_has_no_number_but_the_policys() -> None:
    """Nothing to divide is no data, unless the policy names a value."""
    none, given_value = rate([], Window(60), NOW, bands=BANDS), rate([], Window(60), NOW, bands=BANDS, empty_value=57)

    assert (none.percent, none.shown, none.band, none.of) == (None, None, None, 0)
    assert (given_value.percent, given_value.shown, given_value.band, given_value.of) == (Fraction(57), "57", "red", 0)


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        (Fraction(8996, 100), "89.9"),
        (Fraction(899999, 10000), "89.9"),
        (90, "90"),
        (Fraction(9004, 100), "90.0"),
        (Fraction(200, 3), "66.6"),
        (Fraction(99999, 1000), "99.9"),
        (100, "100"),
        (0, "0"),
        (Fraction(1, 100), "0.0"),
    ],
)
def test_a_rate_is_never_rounded_up_to_a_threshold(percent: Fraction | int, text: str) -> None:
    """89.96 % is shown as 89.9, and only what is exact stands without a decimal."""
    assert shown(percent) == text


@given(MET, MISSED, st.integers(0, 1000))
def test_what_is_shown_is_at_a_threshold_only_when_the_rate_is(met: int, missed: int, tenths: int) -> None:
    """No threshold of up to one decimal looks reached that is not, nor missed that is reached."""
    percent, threshold = Counts(met, missed).percent, Fraction(tenths, 10)

    if percent is not None:
        assert (Fraction(shown(percent)) >= threshold) == (percent >= threshold)
        assert reaches(Counts(met, missed), threshold) == (percent >= threshold)


@pytest.mark.parametrize(
    ("met", "missed", "band"),
    [(9, 1, "green"), (899, 100, "orange"), (8, 2, "orange"), (799, 201, "red"), (0, 1, "red")],
)
def test_bands_are_exact_at_their_edge(met: int, missed: int, band: str) -> None:
    """Ninety of a hundred are green, one in a thousand fewer are not; bands may come in any order."""
    assert rate(many(met, missed), Window(60), NOW, bands=BANDS).band == band
    assert rate_of(Counts(met, missed), Window(60), NOW, bands=reversed(BANDS)).band == band


def test_below_every_band_there_is_none() -> None:
    """A policy whose bands do not begin at 0 leaves the rest without a name."""
    assert band_of(10, [Band("badge", 75)]) is None


def test_the_newest_part_weighs_as_the_policy_says() -> None:
    """Shopee's rule: half of the rate is that of the newest quarter."""
    weighting = Weighting(Fraction(1, 4), Fraction(1, 2))
    entries = [entry(Verdict.MISSED, 1), *(entry(Verdict.IN_TIME, 2 + number) for number in range(7))]

    found = rate(entries, Window(60), NOW, weighting=weighting)

    assert found.newest == Counts(1, 1)
    assert found.percent == Fraction(1, 2) * Fraction(700, 8) + Fraction(1, 2) * 50


@given(ENTRIES, st.fractions(0, 1, max_denominator=9), st.fractions(0, 1, max_denominator=9))
def test_a_weighted_rate_lies_between_its_parts(entries: list[Entry], part: Fraction, weight: Fraction) -> None:
    """A weighted rate is between that of all and that of the newest, and no weight changes nothing."""
    found = rate(entries, Window(9), NOW, weighting=Weighting(part, weight))
    plain = rate(entries, Window(9), NOW)

    assert found.newest is not None
    parts = [each for each in (plain.percent, found.newest.percent) if each is not None]
    assert (found.percent is None) == (plain.percent is None)
    assert found.percent is None or min(parts) <= found.percent <= max(parts)
    assert rate(entries, Window(9), NOW, weighting=Weighting(part, Fraction(0))).percent == plain.percent


@given(MET, MISSED)
def test_an_answer_never_lowers_and_a_miss_never_raises_the_rate(met: int, missed: int) -> None:
    """The rate is monotone in both of its numbers."""
    now, better, worse = (Counts(met, missed).percent, Counts(met + 1, missed).percent, Counts(met, missed + 1).percent)

    assert now is None or (better is not None and worse is not None and worse <= now <= better)


# From one percent on: below, the loop would count to hundreds of thousands.
@given(MET, MISSED, THRESHOLD.filter(lambda percent: percent >= 1))
def test_affordable_misses_equal_a_loop(met: int, missed: int, threshold: Fraction) -> None:
    """As many may be missed as can be added one by one with the threshold still reached."""
    afforded = 0
    while reaches(Counts(met, missed + afforded + 1), threshold):
        afforded += 1

    assert affordable(met, missed, threshold) == afforded


@given(st.integers(0, 40), st.integers(0, 25), st.fractions(0, 99, max_denominator=20))
def test_answers_to_recover_equal_a_loop(met: int, missed: int, threshold: Fraction) -> None:
    """As many answers bring the threshold back as must be added one by one until it is reached."""
    answers = 0
    while not reaches(Counts(met + answers, missed), threshold):
        answers += 1

    assert answers_to_recover(met, missed, threshold) == answers


def test_eleven_answers_bring_back_the_threshold() -> None:
    """With 79 of 89 it takes eleven answers to be at 90 % again, and ten are not enough."""
    needed = answers_to_recover(79, 10, 90)

    assert needed == 11
    assert reaches(Counts(79 + 11, 10), 90)
    assert not reaches(Counts(79 + 10, 10), 90)


def test_nothing_brings_a_hundred_back_and_nothing_exhausts_zero() -> None:
    """After a miss only its ageing out gives 100 % again; a threshold of 0 affords any number of misses."""
    assert answers_to_recover(99, 1, 100) is None
    assert answers_to_recover(99, 0, 100) == 0
    assert affordable(5, 5, 0) is None
    assert affordable(99, 1, 100) == 0
    assert affordable(0, 0, 90) == 0


def test_each_pending_one_says_what_it_would_cost() -> None:
    """By deadline: the rate if it alone is missed, and with all that fall due before it."""
    pending = [entry(Verdict.PENDING, 0, "b"), entry(Verdict.PENDING, 1, "a"), entry(Verdict.EXCLUDED, 0, "c")]
    endless = replace(entry(Verdict.PENDING, 0, "d"), due=None)

    costs = if_missed(Counts(18, 0), [*pending, endless])

    assert [each.entry.obligation[0] for each in costs] == ["a", "b"]
    assert [each.alone for each in costs] == [Fraction(1800, 19)] * 2
    assert [each.together for each in costs] == [Fraction(1800, 19), Fraction(1800, 20)]


@given(ENTRIES, st.integers(1, 9))
def test_a_miss_ages_out_to_the_millisecond(entries: list[Entry], days: int) -> None:
    """An entry is in the window until the instant it ages out, and at that instant it is not."""
    window = Window(days)
    for each in entries:
        leaves = ages_out(each, window)
        before, after = (sample([each], window, moment).entries for moment in (leaves - 1, leaves))

        assert (len(before), len(after)) == (int(each.counts), 0)


@given(ENTRIES, st.integers(1, 9), st.integers(NOW, NOW + 12 * DAY))
def test_a_coming_day_is_todays_ledger_seen_from_there(entries: list[Entry], days: int, moment: int) -> None:
    """With nothing new, a coming rate lies between all pending missed and all answered, and is as if they were not."""
    window = Window(days)
    settled = [each for each in entries if each.verdict is not Verdict.PENDING]

    left_out = on_day(entries, window, moment)
    best, worst = (on_day(entries, window, moment, pending=each) for each in (Verdict.IN_TIME, Verdict.MISSED))

    assert left_out == rate(settled, window, moment)
    assert best.missed == left_out.missed
    assert worst.met == left_out.met
    assert best.of >= worst.of
    if left_out.percent is not None:
        assert worst.percent is not None
        assert best.percent is not None
        assert worst.percent <= left_out.percent <= best.percent


def test_a_pending_one_is_missed_only_when_it_is_due() -> None:
    """On a day before its deadline even an unanswered message has cost nothing."""
    pending = [entry(Verdict.PENDING), *many(9, 0)]

    before = on_day(pending, Window(60), NOW + DAY - 1, pending=Verdict.MISSED)
    after = on_day(pending, Window(60), NOW + DAY, pending=Verdict.MISSED)

    assert (before.shown, after.shown) == ("100", "90")


def test_the_rate_falls_with_nothing_new_when_good_ones_age_out() -> None:
    """The surprise of a rolling window is foreseen: old answers leave and the young miss stays."""
    entries = [*many(9, 0, days_ago=50), entry(Verdict.MISSED, 5)]

    assert on_day(entries, Window(60), NOW).shown == "90"
    assert on_day(entries, Window(60), NOW + 10 * DAY).shown == "0"
    assert on_day(entries, Window(60), NOW + 55 * DAY).shown is None


def test_the_marketplaces_own_number_is_set_beside_ours() -> None:
    """The difference is told in points and in messages, and a rounded number that may be ours agrees."""
    ours = rate(many(94, 6), Window(60), NOW)

    far, near = difference(ours, 91), difference(rate(many(17, 1), Window(60), NOW), 94)

    assert far is not None
    assert near is not None
    assert (far.points, far.misses, far.agrees) == (Fraction(-3), 3, False)
    assert (near.points, near.misses, near.agrees) == (94 - Fraction(1700, 18), 0, True)
    assert difference(rate([], Window(60), NOW), 91) is None


@given(MET, MISSED.filter(bool), st.integers(0, 100))
def test_the_misses_apart_explain_their_number_best(met: int, missed: int, theirs: int) -> None:
    """No other number of misses of as many messages comes nearer to the marketplace's."""
    found = difference(rate_of(Counts(met, missed), Window(60), NOW), theirs)
    of = met + missed

    assert found is not None
    distance = [abs(Fraction(100 * (of - misses), of) - theirs) for misses in range(of + 1)]
    assert distance[missed + found.misses] == min(distance)
