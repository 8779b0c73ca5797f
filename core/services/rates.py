"""The rates of a shop, or of a seller's shops that share their rules: what they are, what they cost, what will come."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from core.domain.deadlines import day_there, on_the_wall
from core.domain.ledger import Counts, Entry, ResponseTimes, Verdict, response_times
from core.domain.obligations import ObligationKind
from core.domain.policies import Maturity, Policy, Rule, Scope, Source
from core.domain.policy_variants import Difference as Reading
from core.domain.policy_variants import stricter
from core.domain.rates import (
    DAY,
    Difference,
    Rate,
    Tally,
    affordable,
    answers_to_recover,
    difference,
    is_small,
    rate_by,
    size_of_newest,
)
from core.domain.shops import Shop
from core.errors import UnknownShop
from core.services.deps import Deps
from core.store import ledger, rates, shops
from core.store.ledger import COUNTING, Line
from core.store.rates import EVER, EVERY, Assumed, Ledger, Stated
from core.store.shops import KnownShop

MOST_MISSES = 100
MOST_PENDING = 100
MOST_TIMED = 2_000  # response times are of as many of the newest answers
MOST_DAYS_AHEAD = 400
MOST_TRIED = 50  # steps of a forecast that no formula gives


@dataclass(frozen=True, slots=True)
class Measured:
    """What one rate is taken of: a kind of messages or both, in a shop or in several under the same rules."""

    shops: tuple[Shop, ...]
    policy: Policy
    rule: Rule

    @property
    def kinds(self) -> tuple[ObligationKind, ...]:
        return tuple(ObligationKind) if self.rule.scope is Scope.ALL else (ObligationKind(self.rule.scope),)

    @property
    def ledgers(self) -> list[Ledger]:
        return [(shop.id, kind) for shop in self.shops for kind in self.kinds]

    @property
    def known_from(self) -> int:
        return max(shop.known_from for shop in self.shops)

    @property
    def is_plain(self) -> bool:
        """Whether two numbers say all: neither a fallback nor a part that weighs more."""
        return not self.rule.window.has_fallback and self.rule.weighting is None


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What is pending, and the rate if it is missed: `alone`, or `together` with all that fall due before it."""

    line: Line
    alone: Fraction | None
    together: Fraction | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A rate with all that can be said of it.

    `misses` are the newest, of `rate.missed`; `at_risk` the next by deadline, `more_at_risk` that there are others.
    `affordable` and `to_recover` are None where no number is enough, or none of up to `MOST_TRIED` was.
    `readings`: where another reading of the same rules is stricter; `doubts`: what no marketplace has confirmed.
    """

    measured: Measured
    at: int
    rate: Rate
    misses: Sequence[Line]
    at_risk: Sequence[AtRisk]
    more_at_risk: bool
    affordable: int | None
    to_recover: int | None
    times: ResponseTimes
    readings: Sequence[Reading]
    doubts: Sequence[tuple[str, Source]]
    stated: Stated | None
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class OnDay:
    """The rate at a coming instant if nothing new comes: with what is pending left out, answered in time, or missed."""

    at: int
    as_it_is: Rate
    if_answered: Rate
    if_missed: Rate


async def know(deps: Deps, shop: str) -> KnownShop:
    """Raises UnknownShop."""
    known = await shops.know_shop(deps.store, shop) if shops.is_shop(deps.store, shop) else None
    if known is None:
        raise UnknownShop
    return known


def measured_of(deps: Deps, known: KnownShop, kind: ObligationKind | None = None) -> list[Measured]:
    """One for each rate that the shop's policy of now takes; of both kinds where it takes one of both."""
    return _measured((known.shop,), known.governs(deps.clock.now())[1], kind)


async def measured_of_seller(deps: Deps, seller: str) -> list[Measured]:
    """Shops under the same rules are one sum, as one marketplace would count; all others by themselves."""
    ids = await shops.shops_of(deps.store, seller)
    found = [known for known in await asyncio.gather(*(shops.know_shop(deps.store, id) for id in ids)) if known]
    together: dict[str, tuple[Policy, list[Shop]]] = {}
    for known in sorted(found, key=lambda each: (each.shop.name, each.shop.id)):
        digest, policy = known.governs(deps.clock.now())
        together.setdefault(digest, (policy, []))[1].append(known.shop)
    return [each for policy, own in together.values() for each in _measured(tuple(own), policy, None)]


def _measured(own: tuple[Shop, ...], policy: Policy, kind: ObligationKind | None) -> list[Measured]:
    wanted = [rule for rule in policy.rules if kind is None or rule.scope in (kind.value, Scope.ALL)]
    return [Measured(own, policy, rule) for rule in wanted if rule.measured]


async def rate_of(deps: Deps, measured: Measured) -> Rate:
    """Exact to the millisecond."""
    return _rate(measured, await _tally(deps, measured, deps.clock.now()))


async def standing_of(deps: Deps, measured: Measured) -> Standing:
    now = deps.clock.now()
    counted = await _tally(deps, measured, now)
    rate = _rate(measured, counted)
    since = rate.since if counted.whole else (counted.start or EVER) + 1
    misses, entries, (pending, more), stated = await asyncio.gather(
        _newest(deps, measured, now, since, ("missed",), MOST_MISSES),
        _newest(deps, measured, now, since, COUNTING, MOST_TIMED),
        _pending(deps, measured, now, MOST_PENDING),
        _stated(deps, measured),
    )
    return Standing(
        measured=measured,
        at=now,
        rate=rate,
        misses=misses[: rate.missed],
        at_risk=await _at_risk(deps, measured, rate, pending, now),
        more_at_risk=more,
        affordable=await _affordable(deps, measured, rate, now),
        to_recover=await _to_recover(deps, measured, rate, now),
        times=response_times(line.entry(now) for line in entries[: rate.of]),
        readings=_readings(deps, measured),
        doubts=_doubts(measured),
        stated=stated,
        difference=difference(rate, stated.percent, stated.step) if stated else None,
    )


async def on_day(deps: Deps, measured: Measured, at: int) -> OnDay:
    """`at` is an instant to come; all that is pending is looked at, however much it is."""
    now = deps.clock.now()
    pending, _ = await _pending(deps, measured, now, EVERY, at_risk=False)

    async def then(unanswered: Verdict | None) -> Rate:
        outcomes = [_outcome(line, line.entry(now), at, unanswered) for line in pending]
        assumed = [each for each in outcomes if each is not None]
        return _rate(measured, await _tally(deps, measured, now, at=at, assumed=assumed))

    return OnDay(at, await then(None), await then(Verdict.IN_TIME), await then(Verdict.MISSED))


def start_of_day(known: KnownShop, day: date, now: int) -> int | None:
    """When a coming day begins where the seller is; None for one that has begun, or lies too far ahead."""
    today = day_there(known.seller.zone, now)
    if not 0 < (day - today).days <= MOST_DAYS_AHEAD:
        return None
    return on_the_wall(known.seller.zone, day, 0)


async def state(deps: Deps, measured: Measured, percent: Fraction, step: Fraction) -> Difference | None:
    """Keep what the marketplace shows; how it differs from ours, None where we have no rate."""
    (shop,) = measured.shops
    stated = Stated(percent, step, deps.clock.now())
    await rates.keep_stated(deps.store, shop.id, measured.rule.scope, stated)
    return difference(await rate_of(deps, measured), percent, step)


# -- counting


async def _tally(
    deps: Deps, measured: Measured, now: int, *, at: int | None = None, assumed: Sequence[Assumed] = ()
) -> Tally:
    """At `now`, or of what is known now and assumed beside in the window of another instant."""
    window, weighting = measured.rule.window, measured.rule.weighting
    then = now if at is None else at
    start, most = window.start(then), EVERY

    async def count(most: int, *, dated: bool = False) -> rates.Counted:
        return await rates.count_rate(
            deps.store, measured.ledgers, now, start=start, most=most, assumed=assumed, dated=dated
        )

    counted = await count(most)
    tally = Tally(counted.counts, start)
    if window.has_fallback and is_small(counted.counts, window):
        start = EVER if window.fallback_days is None else then - window.fallback_days * DAY
        most = EVERY if window.fallback_last_n is None else window.fallback_last_n
        counted = await count(most, dated=True)
        tally = Tally(
            counted.counts,
            None if window.fallback_days is None else start,
            counted.oldest or 0,
            fallback=True,
            whole=counted.counts.of == window.fallback_last_n,
        )
    if weighting is None:
        return tally
    newest = await count(size_of_newest(tally.counts.of, weighting))
    return replace(tally, newest=newest.counts)


def _rate(measured: Measured, counted: Tally) -> Rate:
    rule = measured.rule
    return rate_by(
        counted,
        rule.window,
        weighting=rule.weighting,
        bands=rule.bands,
        empty_value=rule.empty_value,
        known_from=measured.known_from,
    )


async def _newest(
    deps: Deps, measured: Measured, now: int, since: int, verdicts: Sequence[str], most: int
) -> list[Line]:
    """The newest of the sample."""
    found: list[Line] = []
    spot = None
    while len(found) < most:
        size = min(most - len(found), ledger.PAGE)
        page = await ledger.read_ledger(
            deps.store, measured.ledgers, now, verdicts=verdicts, since=max(since, 0), spot=spot, page=size
        )
        found += page.lines
        spot = page.spot
        if spot is None:
            break
    return found


async def _pending(
    deps: Deps, measured: Measured, now: int, most: int, *, at_risk: bool = True
) -> tuple[list[Line], bool]:
    """What has not entered the rate, by its deadline; `at_risk`: only what can be missed. And whether there is more."""
    found: list[Line] = []
    for read in (ledger.read_coming, ledger.read_owed):
        spot = None
        while len(found) <= most:
            page = await read(deps.store, measured.ledgers, above=now, spot=spot)
            found += [line for line in page.lines if _is_pending(line, now, at_risk=at_risk)]
            spot = page.spot
            if spot is None:
                break
    found.sort(key=lambda line: (line.obligation.deadline or EVERY, line.obligation.id))
    return found[:most], len(found) > most


def _is_pending(line: Line, now: int, *, at_risk: bool) -> bool:
    if line.entry(now).verdict is not Verdict.PENDING:
        return False
    may_be_missed = line.obligation.answered_at is None and line.rule.maturity is not Maturity.ANSWERED_ONLY
    return not at_risk or (line.obligation.deadline is not None and may_be_missed)


def _outcome(line: Line, entry: Entry, at: int, unanswered: Verdict | None) -> Assumed | None:
    """What has become of something pending `at` an instant; None: it is still pending, or left out."""
    it, maturity = line.obligation, line.rule.maturity
    passed = it.deadline is not None and it.deadline <= at
    if it.answered_at is not None:
        met: bool | None = True if passed else None
    elif it.is_owed and unanswered is Verdict.IN_TIME:
        met = True if passed or maturity is not Maturity.DUE else None
    elif unanswered is None and it.is_owed:
        met = None
    else:
        met = False if passed and maturity is not Maturity.ANSWERED_ONLY else None
    return None if met is None else Assumed(entry.counted_from, entry.obligation, met)


# -- what will come


async def _at_risk(deps: Deps, measured: Measured, rate: Rate, pending: Sequence[Line], now: int) -> list[AtRisk]:
    if measured.is_plain:
        of = Counts(rate.met, rate.missed)
        return [AtRisk(line, _after(of, 1), _after(of, number)) for number, line in enumerate(pending, start=1)]
    found: list[AtRisk] = []
    missed: list[Assumed] = []
    for line in pending[:MOST_TRIED]:
        miss = Assumed(line.obligation.counted_from, line.obligation.id, met=False)
        missed.append(miss)
        alone, together = [
            _rate(measured, await _tally(deps, measured, now, assumed=assumed)).percent for assumed in ([miss], missed)
        ]
        found.append(AtRisk(line, alone, together))
    return found


def _after(counts: Counts, misses: int) -> Fraction:
    return Fraction(100 * counts.met, counts.of + misses)


async def _affordable(deps: Deps, measured: Measured, rate: Rate, now: int) -> int | None:
    threshold = measured.rule.threshold
    if threshold is None:
        return None
    if measured.is_plain:
        return affordable(rate.met, rate.missed, threshold)
    first = await _first(deps, measured, now, met=False, stops=lambda percent: percent < threshold)
    return None if first is None else max(0, first - 1)


async def _to_recover(deps: Deps, measured: Measured, rate: Rate, now: int) -> int | None:
    threshold = measured.rule.threshold
    if threshold is None:
        return None
    if measured.is_plain:
        return answers_to_recover(rate.met, rate.missed, threshold)
    return await _first(deps, measured, now, met=True, stops=lambda percent: percent >= threshold)


async def _first(
    deps: Deps, measured: Measured, now: int, *, met: bool, stops: Callable[[Fraction], bool]
) -> int | None:
    """After how many more of a kind, one after the other, the rate is where it `stops`."""
    for number in range(MOST_TRIED + 1):
        more = [Assumed(now + place, "", met) for place in range(1, number + 1)]
        percent = _rate(measured, await _tally(deps, measured, now, assumed=more)).percent
        if stops(100 * Fraction(1) if percent is None else percent):
            return number
    return None


# -- whose rules, and whose word


def _readings(deps: Deps, measured: Measured) -> list[Reading]:
    kinds = measured.kinds
    return [each for each in stricter(measured.policy, deps.policies.values()) if each.kind in kinds]


def _doubts(measured: Measured) -> list[tuple[str, Source]]:
    return [(part, source) for part, source in measured.rule.sources if not source.verified]


async def _stated(deps: Deps, measured: Measured) -> Stated | None:
    """Of one shop only: a marketplace shows no sum."""
    if len(measured.shops) > 1:
        return None
    return (await rates.read_stated(deps.store, measured.shops[0].id)).get(measured.rule.scope)
