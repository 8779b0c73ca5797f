"""A policy → the data of its file: for `policy show --json`, and for a shop that carries its own."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from core.domain.deadlines import WEEKDAYS, BusinessHours, Hours, NoLimit, SameDay, TimeLimit, Weekend
from core.domain.policies import Away, Mark, Policy, Rule, Source, Unit
from core.domain.rates import Weighting, Window
from core.domain.zones import HOUR

Data = dict[str, Any]


def as_data(policy: Policy) -> Data:
    """Of plain values only, so that it may go out as JSON; `core.policies.load_data` reads it."""
    data: Data = {"title": policy.title, "version": policy.version}
    data |= _said({"marketplace": policy.marketplace, "note": policy.note})
    data |= {rule.scope.value: _rule(rule) for rule in policy.rules}
    if policy.texts_source:
        texts = policy.texts
        limits = {"reply": texts.reply, "quick_title": texts.quick_title, "quick_body": texts.quick_body}
        data["texts"] = {**_given(limits), **_source(policy.texts_source)}
    return data


def _rule(rule: Rule) -> Data:
    data: Data = {"measured": rule.measured, "unit": rule.unit.value, "maturity": rule.maturity.value}
    if rule.unit is Unit.FIRST_AFTER_SILENCE:
        data["silence_hours"] = rule.silence / HOUR
    if rule.unit is Unit.FIRST_PER_DAY:
        data["day_zone"] = rule.day_zone
    sources = dict(rule.sources)
    data |= _source(sources.pop(""))
    for name, part in _parts(rule).items():
        if part is not None:
            data[name] = {**part, **_source(sources[name])} if name in sources else part
    return data


def _parts(rule: Rule) -> Mapping[str, Data | None]:
    marks = ("waived", "blocked", "withdrawn", "order_closed", "gone")
    return {
        "limit": _limit(rule.limit),
        "weekend": _weekend(rule.weekend),
        "soft": {"hours": [after / HOUR for after in rule.soft]},
        "window": _window(rule.window),
        "weighting": _weighting(rule.weighting),
        "answers": {"count": sorted(kind.value for kind in rule.answers)},
        "spam": {**_mark(rule.spam), "unspam_restarts_clock": rule.unspam_restarts_clock},
        **{name: _mark(getattr(rule, name)) for name in marks},
        "away": _away(rule.away),
        "holidays": {"zone": rule.holidays.zone, "days": _days(rule.holidays.days)},
        "seller_started": {"counts": rule.seller_started_counts},
        "staff": {"counts": rule.staff_counts},
        "order_start": {"counts": rule.order_start_counts},
        "holding_reply": {"allowed": rule.holding_reply_allowed},
        "threshold": _percent(rule.threshold),
        "bands": {band.name: _number(band.minimum) for band in rule.bands},
        "empty": _percent(rule.empty_value),
    }


def _limit(limit: TimeLimit) -> Data:
    match limit:
        case Hours(hours):
            return {"kind": "hours", "hours": hours}
        case BusinessHours(hours, calendar):
            return {
                "kind": "business_hours",
                "hours": hours,
                "zone": calendar.zone,
                "days": [WEEKDAYS[day] for day in calendar.days],
                "opens": clock(calendar.opens),
                "closes": clock(calendar.closes),
                "holidays": _days(calendar.holidays),
            }
        case SameDay(cut_off, answer_by, zone):
            return {"kind": "same_day", "cut_off": clock(cut_off), "answer_by": clock(answer_by), "zone": zone}
        case NoLimit():
            return {"kind": "none"}
        case _:
            assert_never(limit)


def _weekend(weekend: Weekend | None) -> Data | None:
    if weekend is None:
        return None
    days = [WEEKDAYS[day] for day in weekend.days]
    return {"days": days, "weekday": WEEKDAYS[weekend.weekday], "until": clock(weekend.until), "zone": weekend.zone}


def _window(window: Window) -> Data:
    fallback = {"fallback_last": window.fallback_last_n, "fallback_days": window.fallback_days}
    return {"days": window.days, "min_sample": window.min_sample, **_given(fallback)}


def _weighting(weighting: Weighting | None) -> Data | None:
    if weighting is None:
        return None
    return {"newest_fraction": float(weighting.newest_fraction), "weight": float(weighting.weight)}


def _mark(mark: Mark) -> Data:
    within = None if mark.within is None else mark.within / HOUR
    return {"excludes": mark.excludes, **_given({"within_hours": within}), "retroactive": mark.retroactive}


def _away(away: Away) -> Data:
    longest = None if away.longest is None else away.longest / HOUR
    return {"rule": away.rule.value, **_given({"longest_hours": longest})}


def _percent(percent: Fraction | None) -> Data | None:
    return None if percent is None else {"percent": _number(percent)}


def _number(number: Fraction | int) -> float:
    return int(number) if number == int(number) else float(number)


def _source(source: Source) -> Data:
    told = {"source": source.where, "checked": source.checked.isoformat(), "verified": source.verified}
    return {**told, **_said({"note": source.note})}


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(days: tuple[date, ...]) -> list[str]:
    return [day.isoformat() for day in days]


def _given(data: Data) -> Data:
    return {key: value for key, value in data.items() if value is not None}


def _said(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}
