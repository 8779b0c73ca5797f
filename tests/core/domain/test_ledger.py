"""The ledger: verdicts, sums, response times, and a CSV that no spreadsheet runs."""

import csv
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ledger import (
    COLUMNS,
    Counts,
    Entry,
    ResponseTimes,
    Verdict,
    csv_cell,
    csv_lines,
    judge,
    response_times,
    rows,
    total,
)
from core.domain.obligations import Exclusion, ObligationKind

HOUR = 3_600_000
TEXT = st.text(max_size=20)


def entry(verdict: Verdict = Verdict.IN_TIME, received: int = 0, took: int | None = None, **changes: object) -> Entry:
    plain = Entry(
        obligation=f"o-{received}",
        conversation="c-1",
        kind=ObligationKind.INBOX,
        order=None,
        received=received,
        due=received + 24 * HOUR,
        soft_due=received + 12 * HOUR,
        answered=None if took is None else received + took,
        by=None,
        verdict=verdict,
        reason=Exclusion.SPAM if verdict is Verdict.EXCLUDED else None,
        counted_from=received,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


ENTRIES = st.lists(st.builds(entry, st.sampled_from(Verdict), st.integers(0, 10**13)), max_size=30)


@pytest.mark.parametrize(
    ("due", "answered", "now", "verdict"),
    [
        (100, None, 99, Verdict.PENDING),
        (100, None, 100, Verdict.MISSED),
        (100, 100, 100, Verdict.IN_TIME),
        (100, 101, 101, Verdict.LATE),
        (100, 99, 10**12, Verdict.IN_TIME),
        (None, None, 10**12, Verdict.PENDING),
        (None, 10**11, 10**12, Verdict.IN_TIME),
    ],
)
def test_the_deadline_is_still_in_time(due: int | None, answered: int | None, now: int, verdict: Verdict) -> None:
    """An answer at the deadline is in time, one millisecond later it is late, and no answer is missed from it on."""
    assert judge(due, answered, now) is verdict


@pytest.mark.parametrize("reason", Exclusion)
def test_a_reason_to_exclude_beats_every_verdict(reason: Exclusion) -> None:
    """What the policy excludes is excluded, answered or not."""
    assert {judge(100, answered, now, reason) for answered in (None, 1, 200) for now in (1, 300)} == {Verdict.EXCLUDED}


@given(ENTRIES)
def test_rows_sum_to_the_rate(entries: list[Entry]) -> None:
    """The columns of the ledger add up to what counts, and every entry stands in it once."""
    listed = rows(entries)
    met = sum(each.verdict is Verdict.IN_TIME for each in entries)
    missed = sum(each.verdict in {Verdict.LATE, Verdict.MISSED} for each in entries)

    assert (sum(row.met for row in listed), sum(row.missed for row in listed)) == (met, missed)
    assert total(entries) == Counts(met, missed)
    assert total(entries).of == sum(each.counts for each in entries)
    assert sorted(map(repr, entries)) == sorted(repr(row.entry) for row in listed)


def test_response_times_are_of_what_was_answered_and_counts() -> None:
    """Average and median leave out what is missed, pending or excluded; the soft target does not forgive a miss."""
    entries = [
        entry(Verdict.IN_TIME, 1, HOUR),
        entry(Verdict.IN_TIME, 2, 12 * HOUR),
        entry(Verdict.IN_TIME, 3, 14 * HOUR),
        entry(Verdict.LATE, 4, 33 * HOUR),
        entry(Verdict.MISSED, 5),
        entry(Verdict.PENDING, 6),
        entry(Verdict.EXCLUDED, 7, 900 * HOUR),
        entry(Verdict.IN_TIME, 8, 13 * HOUR, soft_due=None),
    ]

    times = response_times(entries)

    assert times == ResponseTimes(5, (1 + 12 + 14 + 33 + 13) * HOUR // 5, 13 * HOUR, soft_met=2, soft_of=5)
    assert times.soft_percent == 40


def test_there_are_no_response_times_without_answers() -> None:
    """With nothing answered there is no average, rather than one of zero."""
    assert response_times([entry(Verdict.PENDING)]) == ResponseTimes(0, None, None, 0, 0)
    assert response_times([]).soft_percent is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_the_median_lies_between_the_fastest_and_the_slowest(took: list[int]) -> None:
    """Half of the answers took no longer than the median, half no less."""
    times = response_times(entry(Verdict.IN_TIME, number, each) for number, each in enumerate(took))

    assert times.median is not None
    assert times.average is not None
    assert sum(each <= times.median + 1 for each in took) * 2 >= len(took)
    assert sum(each >= times.median for each in took) * 2 >= len(took)
    assert min(took) <= times.average <= max(took)


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_a_cell_survives_the_spreadsheet_unchanged_but_for_the_apostrophe(texts: list[str]) -> None:
    """Any text comes back as it was, or behind an apostrophe where a spreadsheet would have run it."""
    line = ",".join(csv_cell(text) for text in texts) + "\r\n"

    read = next(csv.reader([line], strict=True)) if texts != [""] else [""]

    assert [cell.removeprefix("'") for cell in read] == [text.removeprefix("'") for text in texts]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in read)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])
def test_a_formula_is_shown_and_not_run(text: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe."""
    assert csv_cell(text).strip('"').startswith("'")


def test_the_csv_lists_every_column_of_every_entry() -> None:
    """The CSV has a heading and a line for each entry, with times anybody's spreadsheet reads."""
    told = entry(Verdict.LATE, 1_795_428_000_000, 25 * HOUR, by='=cmd|"x"', order="-5")

    read = list(csv.DictReader(csv_lines([told, entry(Verdict.EXCLUDED)])))

    assert list(read[0]) == list(COLUMNS)
    assert read[0] == {
        "obligation": "o-1795428000000",
        "conversation": "c-1",
        "kind": "inbox",
        "order": "'-5",
        "received": "2026-11-23T10:00:00.000Z",
        "due": "2026-11-24T10:00:00.000Z",
        "soft_due": "2026-11-23T22:00:00.000Z",
        "answered": "2026-11-24T11:00:00.000Z",
        "by": '\'=cmd|"x"',
        "verdict": "late",
        "reason": "",
        "counted_from": "2026-11-23T10:00:00.000Z",
        "met": "0",
        "missed": "1",
    }
    assert (read[1]["verdict"], read[1]["reason"], read[1]["answered"], read[1]["met"]) == ("excluded", "spam", "", "0")
    assert all(line.endswith("\r\n") for line in csv_lines([told]))
