"""A file of one's own: what is wrong with it is told at once, line by line."""

import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.deadlines import WEEKDAYS
from core.domain.policies import AnswerKind, AwayRule, Mark, Maturity, Policy, Unit
from core.domain.rates import Weighting, Window
from core.domain.zones import HOUR
from core.errors import Misconfigured
from core.policies import LARGEST, load_data, load_file, load_text
from core.policies.tables import line_of
from core.policies.writing import as_data

GOOD = """\
title = "Mine"
version = 1

[inbox]
unit = "first_in_conversation"
source = "my own choice"
checked = 2026-11-23

[inbox.limit]
kind = "hours"
hours = 24

[inbox.window]
days = 60

[order]
measured = false
source = "my own choice"
checked = 2026-11-23
"""


def faults(text: str, name: str = "mine") -> list[str]:
    with pytest.raises(Misconfigured) as refused:
        load_text(text, name)
    return list(refused.value.faults)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_short_file_is_enough() -> None:
    """A rule needs a unit, a time limit, a window and a source; all else has a mild or a cautious value."""
    policy = load_text(GOOD, "mine")

    assert policy.inbox.deadline(0) == 24 * HOUR
    assert not policy.order.measured
    assert policy.unverified() == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('source = "my own choice"\n', "", "line 4: inbox.source is missing"),
        ('source = "my own choice"', 'source = " "', "line 6: inbox.source is empty."),
        ("checked = 2026-11-23\n", "", "line 4: inbox.checked is missing"),
        ("2026-11-23", '"23.11.2026"', "line 7: inbox.checked is"),
        ("hours = 24", "hours = 0", "line 11: inbox.limit.hours is 0; it must be from"),
        ("hours = 24", "hours = -1", "line 11: inbox.limit.hours is -1"),
        ("hours = 24", "hours = nan", "line 11: inbox.limit.hours is nan"),
        ("hours = 24", "hours = inf", "line 11: inbox.limit.hours is inf"),
        ("hours = 24", "hours = true", "line 11: inbox.limit.hours is True; it must be a number"),
        ("hours = 24", 'hours = "24"', "line 11: inbox.limit.hours is '24'; it must be a number"),
        ("hours = 24", "hour = 24", 'line 11: inbox.limit.hour is not known here; did you mean "hours"?'),
        ("hours = 24\n", "", "line 9: inbox.limit.hours is missing"),
        ('kind = "hours"', 'kind = "bussiness_hours"', 'line 10: inbox.limit.kind is "bussiness_hours"; did you mean'),
        ("days = 60", "days = 60.5", "line 14: inbox.window.days is 60.5; it must be a whole number"),
        ("days = 60", "days = 0", "line 14: inbox.window.days is 0"),
        ("days = 60", "days = 60\nfallback_last = 10", "line 13: inbox.window.min_sample must say"),
        ("days = 60", "days = 60\nmin_sample = 2\nfallback_last = 2\nfallback_days = 59", "line 17: inbox.window.fall"),
        ("[inbox.window]\ndays = 60\n", "", "line 4: inbox.window is missing"),
        ("[inbox.window]\ndays = 60\n", "window = 60\n", "line 13: inbox.limit.window is not known"),
        ("version = 1", "version = 0", "line 2: version is 0"),
        ("version = 1", "version = 1\ntitel = 2", 'line 3: titel is not known here; did you mean "title"?'),
        ('title = "Mine"', 'title = "a\\u0000b"', "line 1: title must be up to 80 printable"),
        ("measured = false", 'measured = "no"', "line 17: order.measured is 'no'; it must be true or false"),
        ("[order]", "[orders]", 'line 16: orders is not known here; did you mean "order"?'),
        ("[order]", "[all]", "line 4: inbox cannot stand beside [all]"),
        ('"first_in_conversation"', '"first_after_silence"', "line 4: inbox.silence_hours is missing"),
        ('"first_in_conversation"', '"first_per_day"', "line 4: inbox.day_zone is missing"),
        ('"first_in_conversation"', '"first_per_day"\nday_zone = "Mars"', "line 6: inbox.day_zone is no time zone"),
        ("[order]", "[inbox.soft]\nhours = [48]\n[order]", "line 16: inbox.soft must not be later than the deadline"),
        ("[order]", "[inbox.soft]\nhours = [12, 6]\n[order]", "line 17: inbox.soft.hours must rise"),
        ("[order]", "[inbox.soft]\nhours = [true]\n[order]", "line 17: inbox.soft.hours holds True"),
        ("[order]", "[inbox.bands]\nred = 0\ngreen = 90\n[order]", "line 16: inbox.bands must fall"),
        ("[order]", "[inbox.bands]\n'a b' = 0\n[order]", "line 17: inbox.bands.a b must be a plain word"),
        ("[order]", "[inbox.threshold]\npercent = 101\n[order]", "line 17: inbox.threshold.percent is 101"),
        ("[order]", "[inbox.answers]\ncount = []\n[order]", "line 17: inbox.answers.count must name"),
        ("[order]", '[inbox.answers]\ncount = ["fax"]\n[order]', "line 17: inbox.answers.count holds 'fax'"),
        ("[order]", "[inbox.waived]\nexcludes = false\nwithin_hours = 2\n[order]", "line 17: inbox.waived.excludes is"),
        (
            "[order]",
            '[inbox.away]\nrule = "never_count"\n[order]',
            'line 17: inbox.away.rule is "never_count"; did you mean',
        ),
        ("[order]", "[texts]\nreply = 10\n[order]", "line 16: texts.source is missing"),
        ('kind = "hours"\nhours = 24', 'kind = "none"\nhours = 24', "line 11: inbox.limit.hours is not known here"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, fault: str) -> None:
    """What cannot be is refused with the line and the reason."""
    told = faults(changed(old, new))

    assert any(each.startswith(f"mine, {fault}") for each in told), told


def test_all_faults_come_at_once() -> None:
    """Every fault is told, in the order of the file."""
    text = changed("version = 1", "version = -1").replace("days = 60", "dayz = 60").replace("measured", "measure")

    lines = [int(each.removeprefix("mine, line ").split(":")[0]) for each in faults(text)]

    assert len(lines) >= 5
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title = 'x'\nversion = = 2", "mine, line 2: Invalid value (column 11)."),
        ("title = 'x'\nversion = [1,", "mine, line 2: Invalid value."),
        ("a = 1\na = 2", "mine, line 2: Cannot overwrite a value."),
        ("", "mine, line 1: title is missing"),
        ("a = " + "[" * 5_000, "mine"),
        ("a = " + "1" * 5_000, "mine"),
        ("#" * (LARGEST + 1), "mine has 50,001 characters; a policy has up to 50,000."),
    ],
)
def test_what_is_no_policy_at_all(text: str, fault: str) -> None:
    """A file that does not parse is refused with the parser's line, and none is too deep or too large to refuse."""
    assert faults(text)[0].startswith(fault)


@pytest.mark.parametrize("name", ["", "Mine", "a b", "../mine", "x" * 41])
def test_a_name_for_a_policy(name: str) -> None:
    """A policy is named so that shops and keys can carry it."""
    assert "is no name for a policy" in faults(GOOD, name)[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be read, or is no text, is refused by its name."""
    binary = tmp_path / "mine.toml"
    binary.write_bytes(b"\xff\xfe")

    for path, why in ((binary, "UTF-8"), (tmp_path / "none.toml", "No such file")):
        with pytest.raises(Misconfigured, match=why):
            load_file(path)


def test_a_line_is_found_where_its_key_is_given() -> None:
    """Also for values of many lines, for keys within braces, and after comments and strings that look like keys."""
    text = '# days = 1\nnote = """\n[a]\ndays = 2\n"""\n\n[a]\nlist = [\n 1,\n]\nb = { days = 3 }\n\n[[c]]\nd = 1\n'

    found = [line_of(text, path) for path in (("note",), ("a",), ("a", "list"), ("a", "b", "days"), ("a", "x"), ("c",))]

    assert found == [2, 7, 8, 11, 7, 13]


EVERYTHING = """\
title = "All of it"
version = 7
marketplace = "market"
note = "Stretches the engine."
[all]
unit = "first_per_day"
day_zone = "Asia/Shanghai"
maturity = "all"
source = "https://market.example/rules"
checked = "2026-11-23"
verified = false
note = "Says nothing."
[all.limit]
kind = "business_hours"
hours = 4.5
zone = "Europe/Paris"
days = ["mon", "fri"]
opens = "09:30"
closes = "24:00"
holidays = [2026-12-25]
verified = true
[all.weekend]
days = ["sat", "sun"]
weekday = "mon"
until = "12:00"
zone = "Europe/Paris"
[all.soft]
hours = [1, 2.5]
[all.window]
days = 30
min_sample = 10
fallback_last = 10
fallback_days = 90
[all.weighting]
newest_fraction = 0.25
weight = 0.5
[all.answers]
count = ["manual", "offer", "action"]
[all.spam]
within_hours = 24
unspam_restarts_clock = true
source = "https://market.example/spam"
checked = 2026-11-24
[all.waived]
within_hours = 24
[all.blocked]
retroactive = true
[all.withdrawn]
[all.order_closed]
[all.gone]
[all.away]
rule = "starts_at_return"
longest_hours = 12
[all.holidays]
zone = "Asia/Manila"
days = [2026-12-25, 2026-12-30]
[all.seller_started]
counts = false
[all.staff]
counts = false
[all.order_start]
counts = true
[all.threshold]
percent = 92.5
[all.bands]
green = 90
red = 0
[all.empty]
percent = 57
[texts]
reply = 2000
quick_title = 50
source = "https://market.example/texts"
checked = 2026-11-23
"""


def test_everything_that_a_policy_may_say() -> None:
    """Each key of the format is read into the rule it names, and written back to the same."""
    policy = load_text(EVERYTHING, "everything")
    rule = policy.inbox

    assert policy.order is rule
    assert (rule.unit, rule.day_zone, rule.maturity) == (Unit.FIRST_PER_DAY, "Asia/Shanghai", Maturity.ALL)
    assert rule.soft == (HOUR, 9 * HOUR // 4 + HOUR // 4)
    assert rule.window == Window(30, 10, 10, 90)
    assert rule.weighting == Weighting(Fraction(1, 4), Fraction(1, 2))
    assert rule.answers == {AnswerKind.MANUAL, AnswerKind.OFFER, AnswerKind.ACTION}
    assert rule.spam == Mark(True, 24 * HOUR)
    assert rule.blocked == Mark(True, None, True)
    assert (rule.away.rule, rule.away.longest) == (AwayRule.STARTS_AT_RETURN, 12 * HOUR)
    assert (rule.threshold, rule.empty_value) == (Fraction(185, 2), Fraction(57))
    assert (rule.seller_started_counts, rule.staff_counts, rule.order_start_counts) == (False, False, True)
    assert (policy.texts.reply, policy.texts.quick_title, policy.texts.quick_body) == (2_000, 50, None)
    assert [part for part, _ in policy.unverified()] == ["all"]
    assert load_data(json.loads(json.dumps(as_data(policy))), "everything") == policy


@settings(max_examples=60, deadline=timedelta(seconds=2))
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(WEEKDAYS)),
        lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3),
        max_leaves=5,
    ),
    st.lists(
        st.sampled_from(["inbox", "limit", "window", "days", "spam", "unit", "all", "bands", "texts"]), max_size=3
    ),
)
def test_no_value_is_a_surprise(value: object, path: list[str]) -> None:
    """Whatever stands in the data in whatever place, it is a policy or a list of faults."""
    data = as_data(load_text(GOOD, "mine"))
    table = data
    for key in path[:-1]:
        table = table.setdefault(key, {}) if isinstance(table.get(key, {}), dict) else {}
    table[path[-1] if path else "inbox"] = value

    try:
        outcome: Policy | tuple[str, ...] = load_data(data, "mine")
    except Misconfigured as refused:
        outcome = refused.faults

    assert outcome
