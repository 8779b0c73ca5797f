"""A policy file's tables → the rules of `core.domain.policies`: what each part may say, and what cannot be."""

from collections.abc import Callable
from enum import StrEnum
from itertools import pairwise
from typing import Any

from core.domain.deadlines import (
    WEEKDAYS,
    BusinessHours,
    Calendar,
    Hours,
    NoLimit,
    SameDay,
    TimeLimit,
    Weekend,
)
from core.domain.policies import (
    AnswerKind,
    Away,
    AwayRule,
    Holidays,
    Mark,
    Maturity,
    Rule,
    Scope,
    Source,
    TextLimits,
    Unit,
)
from core.domain.rates import Band, Weighting, Window
from core.domain.zones import HOUR
from core.policies.tables import Table, exact, read_date, read_weekday

YEAR_HOURS = 366 * 24
MOST_BUSINESS_HOURS = 500
MOST_DAYS = 3_660
LONGEST_TEXT = 50_000

_WEEKDAY_WORDS = "mon, tue, wed, thu, fri, sat, sun"
_DATES = "dates like 2026-12-25"


class LimitKind(StrEnum):
    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"
    SAME_DAY = "same_day"
    NONE = "none"


def read_source(table: Table, inherited: Source | None = None) -> Source:
    """What is not said here is as `inherited`; without that, `source` and `checked` must be said."""
    if inherited is None:
        return Source(table.text("source"), table.day("checked"), table.flag("verified", True), table.text("note", ""))
    says = table.has("source")
    table.asked |= {"source", "checked"}
    return Source(
        table.text("source") if says else inherited.where,
        table.day("checked") if says or table.has("checked") else inherited.checked,
        table.flag("verified", True if says else inherited.verified),
        table.text("note", "" if says or table.has("verified") else inherited.note),
    )


def read_rule(table: Table, scope: Scope) -> Rule:
    own = read_source(table)
    measured = table.flag("measured", True)
    parts = _Parts(table, own)
    unit = table.choice("unit", Unit, Unit.EVERY_TURN) if not measured else table.choice("unit", Unit)
    rule = Rule(
        scope=scope,
        measured=measured,
        unit=unit,
        silence=_silence(table, unit),
        day_zone=table.zone("day_zone") if unit is Unit.FIRST_PER_DAY else "UTC",
        limit=parts.read("limit", _limit, NoLimit(), required=measured),
        weekend=parts.read("weekend", _weekend, None),
        soft=parts.read("soft", _soft, ()),
        window=parts.read("window", _window, Window(30), required=measured),
        maturity=table.choice("maturity", Maturity, Maturity.DUE_OR_ANSWERED),
        weighting=parts.read("weighting", _weighting, None),
        answers=parts.read("answers", _answers, frozenset({AnswerKind.MANUAL, AnswerKind.QUICK})),
        spam=parts.read("spam", _spam, Mark()),
        unspam_restarts_clock=_unspam(table),
        waived=parts.read("waived", _mark, Mark()),
        blocked=parts.read("blocked", _mark, Mark()),
        withdrawn=parts.read("withdrawn", _mark, Mark()),
        order_closed=parts.read("order_closed", _mark, Mark()),
        gone=parts.read("gone", _mark, Mark()),
        away=parts.read("away", _away, Away()),
        holidays=parts.read("holidays", _holidays, Holidays()),
        seller_started_counts=parts.read("seller_started", _counts, True),
        staff_counts=parts.read("staff", _counts, True),
        order_start_counts=parts.read("order_start", _counts, False),
        holding_reply_allowed=parts.read("holding_reply", lambda part: part.flag("allowed", False), False),
        threshold=parts.read("threshold", lambda part: part.percent("percent"), None),
        bands=parts.read("bands", _bands, ()),
        empty_value=parts.read("empty", lambda part: part.percent("percent"), None),
        sources=tuple(parts.sources),
    )
    table.close()
    _look_over(table, rule)
    return rule


def read_texts(table: Table) -> tuple[TextLimits, Source]:
    limits = TextLimits(*(_length(table, key) for key in ("reply", "quick_title", "quick_body")))
    source = read_source(table)
    table.close()
    return limits, source


class _Parts:
    """The tables within a rule's table; each may carry a source of its own, which is kept under its name."""

    def __init__(self, table: Table, own: Source) -> None:
        self.table = table
        self.own = own
        self.sources = [("", own)]

    def read(self, name: str, reader: Callable[[Table], Any], default: Any, *, required: bool = False) -> Any:
        if not required and not self.table.has(name):
            self.table.asked.add(name)
            return default
        part = self.table.table(name)
        if part is None:
            if not self.table.has(name):
                self.table.fault(name, "is missing: a table.")
            return default
        source = read_source(part, self.own)
        if source != self.own:
            self.sources.append((name, source))
        found = reader(part)
        part.close()
        return found


def _silence(table: Table, unit: Unit) -> int:
    if unit is not Unit.FIRST_AFTER_SILENCE:
        return 0
    return round(table.number("silence_hours", 0.01, YEAR_HOURS) * HOUR)


def _limit(part: Table) -> TimeLimit:
    match part.choice("kind", LimitKind):
        case LimitKind.HOURS:
            return Hours(part.number("hours", 0.01, YEAR_HOURS))
        case LimitKind.BUSINESS_HOURS:
            calendar = Calendar(
                part.zone("zone"),
                part.items("days", read_weekday, _WEEKDAY_WORDS),
                part.clock("opens"),
                part.clock("closes"),
                part.items("holidays", read_date, _DATES, ()),
            )
            if calendar.opens >= calendar.closes:
                part.fault("closes", "must be later than opens, on the same day; 24:00 is its end.")
            if not calendar.days:
                part.fault("days", f"must name a day: {_WEEKDAY_WORDS}.")
            return BusinessHours(part.number("hours", 0.01, MOST_BUSINESS_HOURS), calendar)
        case LimitKind.SAME_DAY:
            same_day = SameDay(part.clock("cut_off"), part.clock("answer_by"), part.zone("zone"))
            if same_day.answer_by < same_day.cut_off:
                part.fault("answer_by", "must not be earlier than cut_off.")
            return same_day
        case LimitKind.NONE:
            return NoLimit()


def _weekend(part: Table) -> Weekend:
    found = part.items("days", read_weekday, _WEEKDAY_WORDS)
    if not found:
        part.fault("days", f"must name a day: {_WEEKDAY_WORDS}.")
    weekday = part.text("weekday")
    if weekday and weekday not in WEEKDAYS:
        part.fault("weekday", f'is "{weekday}"; it must be one of {_WEEKDAY_WORDS}.')
    day = WEEKDAYS.index(weekday) if weekday in WEEKDAYS else 0
    return Weekend(found, day, part.clock("until"), part.zone("zone"))


def _soft(part: Table) -> tuple[int, ...]:
    hours = part.items("hours", _positive, "hours, such as 12")
    if list(hours) != sorted(set(hours)):
        part.fault("hours", "must rise from one to the next.")
    return tuple(round(each * HOUR) for each in hours)


def _positive(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0.01 <= found <= YEAR_HOURS:
        raise ValueError
    return found


def _window(part: Table) -> Window:
    window = Window(
        part.whole("days", 1, MOST_DAYS),
        part.whole("min_sample", 0, 10_000, 0),
        part.whole("fallback_last", 1, 10_000) if part.has("fallback_last") else None,
        part.whole("fallback_days", 1, MOST_DAYS) if part.has("fallback_days") else None,
    )
    part.asked |= {"fallback_last", "fallback_days"}
    if window.has_fallback and not window.min_sample:
        part.fault("min_sample", "must say below how many messages the fallback is taken.")
    if window.fallback_days is not None and window.fallback_days < window.days:
        part.fault("fallback_days", f"is {window.fallback_days}; it must not be fewer than days, {window.days}.")
    return window


def _weighting(part: Table) -> Weighting:
    return Weighting(exact(part.number("newest_fraction", 0, 1)), exact(part.number("weight", 0, 1)))


def _answers(part: Table) -> frozenset[AnswerKind]:
    found = frozenset(part.items("count", AnswerKind, ", ".join(AnswerKind)))
    if not found:
        part.fault("count", "must name an answer that counts.")
    return found


def _mark(part: Table) -> Mark:
    within = round(part.number("within_hours", 0.01, YEAR_HOURS) * HOUR) if part.has("within_hours") else None
    part.asked.add("within_hours")
    mark = Mark(part.flag("excludes", True), within, part.flag("retroactive", False))
    if not mark.excludes and (within is not None or mark.retroactive):
        part.fault("excludes", "is false; then within_hours and retroactive say nothing.")
    return mark


def _spam(part: Table) -> Mark:
    part.asked.add("unspam_restarts_clock")
    return _mark(part)


def _unspam(table: Table) -> bool:
    found = table.data.get("spam")
    if not isinstance(found, dict):
        return False
    return Table(found, (*table.path, "spam"), table.faults).flag("unspam_restarts_clock", False)


def _away(part: Table) -> Away:
    rule = part.choice("rule", AwayRule)
    if rule is not AwayRule.STARTS_AT_RETURN or not part.has("longest_hours"):
        if rule is AwayRule.STARTS_AT_RETURN:
            part.asked.add("longest_hours")
        return Away(rule)
    return Away(rule, round(part.number("longest_hours", 0.01, YEAR_HOURS) * HOUR))


def _holidays(part: Table) -> Holidays:
    return Holidays(part.zone("zone"), part.items("days", read_date, _DATES))


def _counts(part: Table) -> bool:
    return part.flag("counts", True)


def _bands(part: Table) -> tuple[Band, ...]:
    told = {"source", "checked", "verified", "note"}
    bands = tuple(Band(name, part.percent(name)) for name in part.data if name not in told)
    for band in bands:
        if not band.name.isidentifier():
            part.fault(band.name, "must be a plain word, such as green.")
    if any(higher.minimum <= lower.minimum for higher, lower in pairwise(bands)):
        part.fault("", "must fall from one band to the next, the best first.")
    return bands


def _length(table: Table, key: str) -> int | None:
    table.asked.add(key)
    return table.whole(key, 1, LONGEST_TEXT) if table.has(key) else None


def _look_over(table: Table, rule: Rule) -> None:
    """What no part can see by itself."""
    if isinstance(rule.limit, NoLimit) and rule.weekend:
        table.fault("weekend", "says nothing where limit.kind is none.")
    if isinstance(rule.limit, Hours) and any(after > rule.limit.hours * HOUR for after in rule.soft):
        table.fault("soft", f"must not be later than the deadline, {rule.limit.hours:g} h.")
