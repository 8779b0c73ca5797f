"""What members are told of their rates: short, with what happens next, and within every chat's limits."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.cards import Answer, Button, Verb
from core.domain.deadlines import day_there
from core.domain.obligations import ObligationKind
from core.domain.policies import Rule
from core.domain.policy_variants import Difference as Reading
from core.domain.rates import Rate, ages_out, shown
from core.domain.rooms import Room
from core.domain.texts import Anchor, Instant, Quote, Text, Words, joined, lines, strong
from core.domain.zones import HOUR
from core.errors import NoSuchShop, UnknownShop
from core.rendering import ENGLISH
from core.services import rates, times
from core.services.deps import Deps
from core.services.rate_words import cut, name_of, percent_of, say_line
from core.services.rates import Measured, OnDay, Standing
from core.services.until import Read, Unread, Why, read_until
from core.store.ledger import Line
from core.store.sellers import read_seller
from core.store.shops import KnownShop, shops_of

MOST_LINES = 6  # of a list: a chat takes some 2,000 characters, and a name may need five for each of its own
MOST_SHOPS = 8
LONGEST_LINK = 120
MOST_READINGS = 1
STATE = "state"  # what entering a number is called where it is refused
NAMED = {"inbox": ObligationKind.INBOX, "inquiries": ObligationKind.INBOX}
NAMED |= {"order": ObligationKind.ORDER, "orders": ObligationKind.ORDER}

_SAID = re.compile(r"(?P<number>\d{1,3}(?:[.,](?P<decimals>\d{1,2}))?)\s?%?")
_CHOICE = re.compile(r"said\.(?P<kind>inbox|order)\.(?P<number>\d{1,3}(?:\.\d{1,2})?)")


@dataclass(frozen=True, slots=True)
class Said:
    """The marketplace's own number, as it was typed; `step` is what it was rounded to."""

    percent: Fraction
    step: Fraction

    def __str__(self) -> str:
        """As `read_said` reads it."""
        digits = len(str(self.step.denominator)) - 1
        return f"{float(self.percent):.{digits}f}"


def read_said(text: str) -> Said | None:
    """`92`, `92.5` or `88%`; None for anything else."""
    found = _SAID.fullmatch(text)
    if found is None:
        return None
    percent = Fraction(found["number"].replace(",", "."))
    return Said(percent, Fraction(1, 10 ** len(found["decimals"] or ""))) if percent <= 100 else None


async def answer(deps: Deps, room: Room, rest: str, prefix: str) -> Answer:
    """`rates`, `rates order`, `rates 92`, `rates order 88%`, `rates 15 dec`."""
    kind, typed = _read(rest)
    if not typed:
        return await _overview(deps, room, kind)
    said = read_said(typed)
    if said is not None:
        return await _stated(deps, room, kind or ObligationKind.INBOX, said)
    seller = await read_seller(deps.store, room.seller)
    zone, language = (seller.zone, seller.language) if seller else ("UTC", ENGLISH)
    match read_until(typed, deps.clock.now(), zone, language):
        case Read(start=None, end=int(end), rest=""):
            # Today is until its end, where the next day begins.
            return await _coming(deps, room, kind, day_there(zone, end - 1))
        case Unread(Why.PAST | Why.LONG):
            return Answer(say_line("no_day"))
    usages = {"number": "rates 92", "order": "rates order 88%", "day": "rates 15 dec"}
    return Answer(say_line("unread", **{name: Words(prefix + usage, strong=True) for name, usage in usages.items()}))


def states(rest: str) -> bool:
    """Whether what was typed is the marketplace's own number, to be kept."""
    return read_said(_read(rest)[1]) is not None


def _read(rest: str) -> tuple[ObligationKind | None, str]:
    first, _, further = rest.strip().casefold().partition(" ")
    kind = NAMED.get(first)
    return kind, (further if kind else rest).strip()


async def pressed(deps: Deps, room: Room, shop: str, choice: str) -> Answer:
    """Raises NoSuchShop. A choice of another version shows the rates."""
    known = await _known(deps, room, shop)
    if choice == "cost":
        return await _cost(deps, known)
    if choice == "risk":
        return await _at_risk(deps, known)
    return await _shop(deps, known, None)


def stating(choice: str) -> tuple[ObligationKind, Said] | None:
    """The number that a choice of a shop is for."""
    found = _CHOICE.fullmatch(choice)
    said = read_said(found["number"]) if found else None
    return (ObligationKind(found["kind"]), said) if found and said else None


async def state(deps: Deps, room: Room, shop: str, kind: ObligationKind, said: Said) -> Answer:
    """Keep the marketplace's own number, and say how far it is from ours. Raises NoSuchShop."""
    known = await _known(deps, room, shop)
    name = name_of(known.shop.name)
    found = rates.measured_of(deps, known, kind)
    if not found:
        return Answer(_no_rate(known))
    difference = await rates.state(deps, found[0], said.percent, said.step)
    text = say_line(
        "said",
        percent=percent_of(said.percent),
        shop=name,
        known=difference is not None,
        **(_difference(difference.points, difference.misses) if difference else {}),
        agrees=bool(difference and difference.agrees),
        ours=percent_of(difference.ours) if difference else None,
    )
    return Answer(text, buttons=_buttons(known.shop.id, cost=difference is not None, risk=False))


async def _known(deps: Deps, room: Room, shop: str) -> KnownShop:
    try:
        known = await rates.know(deps, shop)
    except (UnknownShop, ValueError):
        raise NoSuchShop from None
    if known.shop.seller != room.seller:
        raise NoSuchShop
    return known


async def _stated(deps: Deps, room: Room, kind: ObligationKind, said: Said) -> Answer:
    own = await shops_of(deps.store, room.seller)
    if len(own) == 1:
        return await state(deps, room, own[0], kind, said)
    known = await asyncio.gather(*(rates.know(deps, shop) for shop in own))
    buttons = [_shop_button(each, f"said.{kind}.{said}") for each in known[:MOST_SHOPS]]
    return Answer(say_line("which") if known else say_line("no_shop"), buttons=tuple(buttons))


async def _overview(deps: Deps, room: Room, kind: ObligationKind | None) -> Answer:
    """One shop in full; of several each with its numbers, those under the same rules as one sum too."""
    own = await shops_of(deps.store, room.seller)
    if not own:
        return Answer(say_line("no_shop"))
    if len(own) == 1:
        return await _shop(deps, await rates.know(deps, own[0]), kind)
    seller = await read_seller(deps.store, room.seller)
    zone = seller.zone if seller else "UTC"
    known = await asyncio.gather(*(rates.know(deps, shop) for shop in own))
    found = [each for each in await rates.measured_of_seller(deps, room.seller) if kind is None or kind in each.kinds]
    told: list[Text] = []
    for place, measured in enumerate(found[:MOST_SHOPS]):
        if place == 0 or found[place - 1].shops != measured.shops:
            told.append(_head(measured))
        told.append(_rate(measured, await rates.rate_of(deps, measured), zone))
    if len(found) > MOST_SHOPS:
        told.append(say_line("more", count=len(found) - MOST_SHOPS, others=False))
    return Answer(lines(told), buttons=tuple(_shop_button(each, "") for each in known[:MOST_SHOPS]))


async def _coming(deps: Deps, room: Room, kind: ObligationKind | None, day: date) -> Answer:
    """What each rate will be as a day begins, if nothing new comes."""
    told: list[Text] = []
    for shop in (await shops_of(deps.store, room.seller))[:MOST_SHOPS]:
        known = await rates.know(deps, shop)
        at = rates.start_of_day(known, day, deps.clock.now())
        if at is None:
            return Answer(say_line("no_day"))
        found = rates.measured_of(deps, known, kind)
        told += [_head(each) for each in found[:1]] or [_no_rate(known)]
        told += [_on_day(each, await rates.on_day(deps, each, at), known.seller.zone) for each in found]
    return Answer(lines(told) if told else say_line("no_shop"))


def _on_day(measured: Measured, then: OnDay, zone: str) -> Text:
    answered, missed = percent_of(then.if_answered.percent), percent_of(then.if_missed.percent)
    waits = then.if_answered != then.if_missed
    return say_line(
        "on_day", kind=_kind(measured), day=times.day(then.at, zone), answered=answered, missed=missed, waits=waits
    )


async def _shop(deps: Deps, known: KnownShop, kind: ObligationKind | None) -> Answer:
    found = await asyncio.gather(*(rates.standing_of(deps, each) for each in rates.measured_of(deps, known, kind)))
    zone = known.seller.zone
    if not found:
        return Answer(_no_rate(known))
    told = [_head(found[0].measured)]
    told += [lines(_standing(standing, zone)) for standing in found]
    text = joined(told, (Words("\n\n"),))
    cost, risk = any(each.misses for each in found), any(each.at_risk for each in found)
    return Answer(text, buttons=_buttons(known.shop.id, cost=cost, risk=risk))


async def _cost(deps: Deps, known: KnownShop) -> Answer:
    found = await asyncio.gather(*(rates.standing_of(deps, each) for each in rates.measured_of(deps, known)))
    misses = [(line, each) for each in found for line in each.misses]
    misses.sort(key=lambda each: each[0].obligation.counted_from, reverse=True)
    if not misses:
        return Answer(say_line("cost_none"))
    told = [say_line("cost"), *(_miss(line, standing, known.seller.zone) for line, standing in misses[:MOST_LINES])]
    return Answer(lines([*told, *_more(sum(each.rate.missed for each in found) - MOST_LINES)]))


async def _at_risk(deps: Deps, known: KnownShop) -> Answer:
    found = await asyncio.gather(*(rates.standing_of(deps, each) for each in rates.measured_of(deps, known)))
    told: list[Text] = []
    for standing in filter(lambda each: each.at_risk, found):
        told.append(say_line("risk", kind=_kind(standing.measured)))
        shown_now = standing.at_risk[: MOST_LINES // len(found)]
        for each in shown_now:
            it = each.line.obligation
            due = Instant(it.deadline or 0, known.seller.zone, relative=True)
            percent = percent_of(each.together)
            told.append(
                say_line("risk_line", buyer=name_of(each.line.buyer), due=due, hidden=not it.is_owed, percent=percent)
            )
        left = len(standing.at_risk) - len(shown_now)
        told += _more(left, others=standing.more_at_risk)
    return Answer(lines(told) if told else say_line("risk_none"))


def _standing(standing: Standing, zone: str) -> list[Text]:
    measured, rate, rule = standing.measured, standing.rate, standing.measured.rule
    told = [_rate(measured, rate, zone)]
    if not rate.enough and not rate.fallback:
        told.append(say_line("few", enough=rule.window.min_sample))
    if rule.threshold is not None and rate.percent is not None:
        told.append(_room(standing, rule.threshold, rate))
    if standing.at_risk:
        last = standing.at_risk[-1]
        told.append(
            say_line(
                "pending",
                count=len(standing.at_risk),
                more=standing.more_at_risk,
                percent=percent_of(last.together),
            )
        )
    told += _times(standing, rule)
    if standing.stated and standing.difference:
        stated, found = standing.stated, standing.difference
        day, percent = times.day(stated.at, zone), percent_of(stated.percent)
        gap = _difference(found.points, found.misses)
        told.append(say_line("stated", percent=percent, day=day, agrees=found.agrees, **gap))
    return [*told, *_stricter(standing.readings), *_doubts(standing)]


def _rate(measured: Measured, rate: Rate, zone: str) -> Text:
    return say_line(
        "rate" if rate.of else "rate_empty",
        kind=_kind(measured),
        percent=None if rate.percent is None else Words(f"{rate.shown} %", strong=True),
        of=rate.of,
        fallback=rate.fallback,
        covered=rate.covered,
        since=times.day(rate.since, zone),
        days=measured.rule.window.days,
        band=Words(rate.band) if rate.band else None,
    )


def _kind(measured: Measured) -> Text:
    return strong(say_line(f"kind_{measured.rule.scope}"))


def _room(standing: Standing, threshold: Fraction, rate: Rate) -> Text:
    at_least = percent_of(threshold)
    if rate.percent is not None and rate.percent < threshold:
        return say_line("below", threshold=at_least, answers=standing.to_recover)
    return say_line("above", threshold=at_least, misses=standing.affordable)


def _times(standing: Standing, rule: Rule) -> list[Text]:
    took = standing.times
    if took.average is None or took.median is None:
        return []
    soft = took.soft_percent if rule.soft else None
    told = [
        say_line(
            "times",
            average=times.span(took.average),
            median=times.span(took.median),
            soft=None if soft is None else percent_of(soft),
            target=times.span(rule.soft[0]) if rule.soft else None,
        )
    ]
    own = dict(rule.sources).get("soft")
    return [*told, say_line("soft_note", note=cut(own.note))] if own and own.note and soft is not None else told


def _stricter(readings: Sequence[Reading]) -> list[Text]:
    told: list[Text] = []
    for name in list(dict.fromkeys(each.policy.name for each in readings))[:MOST_READINGS]:
        own = [each for each in readings if each.policy.name == name]
        parts = joined([_linked(each) for each in own], (Words(", "),))
        told.append(say_line("stricter", policy=Quote(name), parts=parts))
    return told


def _linked(reading: Reading) -> Text:
    """What is stricter, with a way to where it was read."""
    label, where = _reading(reading), reading.source.where
    if where.startswith("https://") and len(where) <= LONGEST_LINK:
        return (Anchor(where, label),)
    return (Words(f"{label} ("), cut(where), Words(")"))


def _reading(reading: Reading) -> str:
    theirs = reading.theirs
    match reading.part:
        case "window":
            text = say_line("stricter_window", days=theirs.window.days)
        case "spam":
            text = say_line("stricter_spam", hours=None if theirs.spam.within is None else theirs.spam.within // HOUR)
        case "away":
            text = say_line("stricter_away", allowed="allowed" in theirs.away.rule)
        case part:
            text = say_line(f"part_{part}")
    return "".join(part.text for part in text if isinstance(part, Words))


def _doubts(standing: Standing) -> list[Text]:
    whole = next((source for part, source in standing.doubts if not part), None)
    if whole and whole.note:
        return [say_line("unverified_all", note=cut(whole.note))]
    parts = joined([say_line(f"part_{part}") for part, _ in standing.doubts if part], (Words(", "),))
    return [say_line("unverified", parts=parts)] if parts else []


def _miss(line: Line, standing: Standing, zone: str) -> Text:
    it = line.obligation
    late = None if it.answered_at is None or it.deadline is None else times.span(it.answered_at - it.deadline)
    out = times.day(ages_out(line.entry(standing.at), standing.measured.rule.window), zone)
    return say_line("cost_line", buyer=name_of(line.buyer), received=Instant(it.opened_at, zone), late=late, out=out)


def _more(count: int, *, others: bool = False) -> list[Text]:
    return [say_line("more", count=count, others=others)] if count > 0 else []


def _difference(points: Fraction, misses: int) -> dict[str, object]:
    gap = say_line("points", points=Words(shown(abs(points))))
    return {"points": gap, "lower": points < 0, "misses": abs(misses), "fewer": misses < 0}


def _head(measured: Measured) -> Text:
    policy = Quote(measured.policy.title)
    if len(measured.shops) > 1:
        return say_line("head_together", shops=len(measured.shops), policy=policy)
    return say_line("head", shop=name_of(measured.shops[0].name), policy=policy)


def _buttons(shop: str, *, cost: bool, risk: bool) -> tuple[Button, ...]:
    wanted = [name for name, is_wanted in (("cost", cost), ("risk", risk)) if is_wanted]
    return tuple(Button(say_line(f"button_{name}"), Verb.RATES, shop, choice=name) for name in wanted)


def _shop_button(known: KnownShop, choice: str) -> Button:
    return Button(say_line("button_shop", shop=name_of(known.shop.name)), Verb.RATES, known.shop.id, choice=choice)


def _no_rate(known: KnownShop) -> Text:
    return say_line("no_rate", shop=name_of(known.shop.name), policy=Quote(known.shop.policy))
