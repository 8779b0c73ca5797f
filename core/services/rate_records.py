"""Rates and ledgers as plain data: what the API answers and what commands print with `--json`. Times are RFC 3339."""

from dataclasses import dataclass
from fractions import Fraction

from core.domain.ledger import COUNTING, MISSES, Verdict, instant_text
from core.domain.obligations import Exclusion, ObligationKind, ObligationState
from core.domain.policies import Scope
from core.domain.rates import Rate, Window, ages_out, shown
from core.services.deps import Deps
from core.services.ledger import Listing
from core.services.rates import OnDay, Standing, measured_of, on_day, standing_of
from core.store.ledger import Line
from core.store.shops import KnownShop

Time = str


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """An obligation in the ledger; the columns `met` and `missed` of all of them in the window add up to the rate."""

    obligation: str
    conversation: str
    buyer: str
    kind: ObligationKind
    order: str | None
    received: Time
    due: Time | None
    soft_due: Time | None
    answered: Time | None
    by: str | None
    verdict: Verdict
    reason: Exclusion | None
    counted_from: Time
    met: int
    missed: int


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A page. What is pending comes first, the nearest deadline first; then the newest. `cursor` asks for the next."""

    as_of: Time
    entries: list[EntryRecord]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class ObligationRecord:
    """`counts`: for the rate; what does not is owed all the same, and has its `reason`."""

    obligation: str
    conversation: str
    buyer: str
    url: str | None
    kind: ObligationKind
    order: str | None
    state: ObligationState
    received: Time
    due: Time | None
    answered: Time | None
    by: str | None
    counts: bool
    reason: Exclusion | None


@dataclass(frozen=True, slots=True)
class ObligationsRecord:
    """A page, which may hold fewer than asked for, or none, and go on. `cursor` asks for the next."""

    as_of: Time
    obligations: list[ObligationRecord]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class RateRecord:
    """`percent` has one decimal, cut and not rounded; null is no data. `since`: from when on it knows."""

    percent: float | None
    met: int
    missed: int
    band: str | None
    since: Time
    covered: bool
    enough: bool
    fallback: bool


@dataclass(frozen=True, slots=True)
class WindowRecord:
    """How far back the policy looks, and how many it wants to see; with fewer, it takes the newest as it says here."""

    days: int
    min_sample: int
    fallback_last: int | None
    fallback_days: int | None


@dataclass(frozen=True, slots=True)
class MissRecord:
    """`ages_out`: the instant at which the window no longer holds it."""

    obligation: str
    conversation: str
    buyer: str
    received: Time
    due: Time | None
    answered: Time | None
    ages_out: Time


@dataclass(frozen=True, slots=True)
class AtRiskRecord:
    """The rate if it is missed, alone or together with all that fall due before it."""

    obligation: str
    conversation: str
    buyer: str
    due: Time | None
    percent_alone: float | None
    percent_together: float | None


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """Of the newest answers in the sample, at most 2,000. `within_soft_target` in percent, of misses too."""

    answers: int
    average_seconds: int | None
    median_seconds: int | None
    within_soft_target: float | None


@dataclass(frozen=True, slots=True)
class StricterRecord:
    """Where another reading of the same marketplace's rules asks for more."""

    part: str
    policy: str
    source: str


@dataclass(frozen=True, slots=True)
class UnverifiedRecord:
    """A number that no marketplace has confirmed; `part` is empty for all of the rule."""

    part: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class MarketplaceRecord:
    """What the marketplace itself shows, as a member entered it: `points` and `misses` more than ours."""

    percent: float
    at: Time
    points: float | None
    misses: int | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class OnDayRecord:
    """The rate at a coming instant if nothing new comes: what is pending left out, answered in time, or missed."""

    at: Time
    as_it_is: RateRecord
    if_answered: RateRecord
    if_missed: RateRecord


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """One rate of a shop. `affordable_misses` and `answers_to_recover` are null where the policy has no threshold, or
    no number would be enough. `misses` are the newest of them, `at_risk` the next by deadline.
    """

    of: Scope
    policy: str
    threshold: float | None
    window: WindowRecord
    rate: RateRecord
    affordable_misses: int | None
    answers_to_recover: int | None
    misses: list[MissRecord]
    at_risk: list[AtRiskRecord]
    more_at_risk: bool
    response: ResponseRecord
    stricter: list[StricterRecord]
    unverified: list[UnverifiedRecord]
    marketplace: MarketplaceRecord | None
    on_day: OnDayRecord | None


@dataclass(frozen=True, slots=True)
class RatesRecord:
    """Every rate that the shop's marketplace takes."""

    shop: str
    name: str
    as_of: Time
    known_since: Time
    rates: list[StandingRecord]


async def read_rates(
    deps: Deps, known: KnownShop, kind: ObligationKind | None = None, at: int | None = None
) -> RatesRecord:
    """All that is to be said of a shop's rates; `at` is an instant to come for which they are asked too."""
    found: list[StandingRecord] = []
    for measured in measured_of(deps, known, kind):
        forecast = None if at is None else await on_day(deps, measured, at)
        found.append(to_standing(await standing_of(deps, measured), forecast))
    shop = known.shop
    now, known_from = instant_text(deps.clock.now()), instant_text(shop.known_from)
    return RatesRecord(shop.id, shop.name, now, known_from, found)


def to_ledger(listing: Listing) -> LedgerRecord:
    entries = [_entry(line, listing.as_of) for line in listing.lines]
    return LedgerRecord(instant_text(listing.as_of), entries, _cursor(listing))


def to_obligations(listing: Listing) -> ObligationsRecord:
    found = [_obligation(line, listing.as_of) for line in listing.lines]
    return ObligationsRecord(instant_text(listing.as_of), found, _cursor(listing))


def to_standing(standing: Standing, day: OnDay | None = None) -> StandingRecord:
    rule, times = standing.measured.rule, standing.times
    return StandingRecord(
        of=rule.scope,
        policy=standing.measured.policy.name,
        threshold=None if rule.threshold is None else float(rule.threshold),
        window=_window(rule.window),
        rate=_rate(standing.rate),
        affordable_misses=standing.affordable,
        answers_to_recover=standing.to_recover,
        misses=[_miss(line, standing) for line in standing.misses],
        at_risk=[
            AtRiskRecord(
                each.line.obligation.id,
                each.line.conversation,
                each.line.buyer,
                _time(each.line.obligation.deadline),
                _percent(each.alone),
                _percent(each.together),
            )
            for each in standing.at_risk
        ],
        more_at_risk=standing.more_at_risk,
        response=ResponseRecord(
            times.answered, _seconds(times.average), _seconds(times.median), _percent(times.soft_percent)
        ),
        stricter=[StricterRecord(each.part, each.policy.name, each.source.where) for each in standing.readings],
        unverified=[UnverifiedRecord(part, source.where, source.note) for part, source in standing.doubts],
        marketplace=_marketplace(standing),
        on_day=_on_day(day) if day else None,
    )


def _entry(line: Line, as_of: int) -> EntryRecord:
    it = line.entry(as_of)
    return EntryRecord(
        obligation=it.obligation,
        conversation=it.conversation,
        buyer=line.buyer,
        kind=it.kind,
        order=it.order,
        received=instant_text(it.received),
        due=_time(it.due),
        soft_due=_time(it.soft_due),
        answered=_time(it.answered),
        by=it.by,
        verdict=it.verdict,
        reason=it.reason,
        counted_from=instant_text(it.counted_from),
        met=int(it.verdict in COUNTING - MISSES),
        missed=int(it.verdict in MISSES),
    )


def _obligation(line: Line, as_of: int) -> ObligationRecord:
    it = line.obligation
    return ObligationRecord(
        obligation=it.id,
        conversation=line.conversation,
        buyer=line.buyer,
        url=line.url or None,
        kind=it.kind,
        order=it.order,
        state=line.state(as_of),
        received=instant_text(it.opened_at),
        due=_time(it.deadline),
        answered=_time(it.answered_at),
        by=line.by or None,
        counts=it.counts,
        reason=it.reason,
    )


def _miss(line: Line, standing: Standing) -> MissRecord:
    it = line.obligation
    return MissRecord(
        it.id,
        line.conversation,
        line.buyer,
        instant_text(it.opened_at),
        _time(it.deadline),
        _time(it.answered_at),
        instant_text(ages_out(line.entry(standing.at), standing.measured.rule.window)),
    )


def _window(window: Window) -> WindowRecord:
    return WindowRecord(window.days, window.min_sample, window.fallback_last_n, window.fallback_days)


def _rate(rate: Rate) -> RateRecord:
    return RateRecord(
        _percent(rate.percent),
        rate.met,
        rate.missed,
        rate.band,
        instant_text(rate.since),
        rate.covered,
        rate.enough,
        rate.fallback,
    )


def _marketplace(standing: Standing) -> MarketplaceRecord | None:
    stated, found = standing.stated, standing.difference
    if stated is None:
        return None
    return MarketplaceRecord(
        percent=float(stated.percent),
        at=instant_text(stated.at),
        points=round(float(found.points), 1) if found else None,
        misses=found.misses if found else None,
        agrees=found.agrees if found else None,
    )


def _on_day(day: OnDay) -> OnDayRecord:
    return OnDayRecord(instant_text(day.at), _rate(day.as_it_is), _rate(day.if_answered), _rate(day.if_missed))


def _cursor(listing: Listing) -> str | None:
    return str(listing.cursor) if listing.cursor else None


def _time(at: int | None) -> Time | None:
    return None if at is None else instant_text(at)


def _percent(percent: Fraction | None) -> float | None:
    return None if percent is None else float(shown(percent))


def _seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000
