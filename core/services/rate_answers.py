"""What members are told of their rates: short, with what happens next, and within every chat's limits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.cards import Answer, Button, Verb
from core.domain.obligations import ObligationKind
from core.domain.policies import Rule
from core.domain.policy_variants import Difference as Reading
from core.domain.rates import Percent, Rate, ages_out, shown
from core.domain.rooms import Room
from core.domain.texts import Anchor, Instant, Part, Quote, Text, Words
from core.domain.zones import HOUR, MINUTE, local, zone_named
from core.errors import NoSuchShop, UnknownShop
from core.rendering import say
from core.services import rates
from core.services.deps import Deps
from core.services.rates import Measured, Standing
from core.store.ledger import Line
from core.store.sellers import read_seller
from core.store.shops import KnownShop, shops_of

MOST_LINES = 6  # of a list: a chat takes some 2,000 characters, and a name may need five for each of its own
MOST_SHOPS = 8
LONGEST_NAME = 24
LONGEST_NOTE = 120
LONGEST_LINK = 120
MOST_READINGS = 1
STATE = "state"  # what entering a number is called where it is refused
NAMED = {"inbox": ObligationKind.INBOX, "inquiries": ObligationKind.INBOX}
NAMED |= {"order": ObligationKind.ORDER, "orders": ObligationKind.ORDER}

_SAID = re.compile(r"(?P<number>\d{1,3}(?:[.,](?P<decimals>\d{1,2}))?)\s?%?")
_CHOICE = re.compile(r"said\.(?P<kind>inbox|order)\.(?P<number>\d{1,3}(?:\.\d{1,2})?)")
_GAP = (Words("\n"),)


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
    """`rates`, `rates order`, `rates 92`, `rates order 88%`."""
    first, _, number = rest.strip().casefold().partition(" ")
    kind = NAMED.get(first)
    typed = (number if kind else rest).strip()
    if not typed:
        return await _overview(deps, room, kind)
    said = read_said(typed)
    if said is None:
        example, other = Words(f"{prefix}rates 92", strong=True), Words(f"{prefix}rates order 88%", strong=True)
        return Answer(_say("unread", example=example, other=other))
    return await _stated(deps, room, kind or ObligationKind.INBOX, said)


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
    name = _name(known.shop.name)
    found = rates.measured_of(deps, known, kind)
    if not found:
        return Answer(_say("no_rate", shop=name, policy=_policy(known)))
    difference = await rates.state(deps, found[0], said.percent, said.step)
    text = _say(
        "said",
        percent=_percent(said.percent),
        shop=name,
        known=difference is not None,
        **(_difference(difference.points, difference.misses) if difference else {}),
        agrees=bool(difference and difference.agrees),
        ours=_percent(difference.ours) if difference else None,
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
    known = [await rates.know(deps, shop) for shop in own]
    buttons = [_shop_button(each, f"said.{kind}.{said}") for each in known[:MOST_SHOPS]]
    return Answer(_say("which") if known else _say("no_shop"), buttons=tuple(buttons))


async def _overview(deps: Deps, room: Room, kind: ObligationKind | None) -> Answer:
    """One shop in full; of several each with its numbers, those under the same rules as one sum too."""
    own = await shops_of(deps.store, room.seller)
    if not own:
        return Answer(_say("no_shop"))
    if len(own) == 1:
        return await _shop(deps, await rates.know(deps, own[0]), kind)
    seller = await read_seller(deps.store, room.seller)
    zone = seller.zone if seller else "UTC"
    known = [await rates.know(deps, shop) for shop in own]
    found = [each for each in await rates.measured_of_seller(deps, room.seller) if kind is None or kind in each.kinds]
    lines: list[Text] = []
    for place, measured in enumerate(found[:MOST_SHOPS]):
        if place == 0 or found[place - 1].shops != measured.shops:
            lines.append(_head(measured))
        lines.append(_rate(measured, await rates.rate_of(deps, measured), zone))
    if len(found) > MOST_SHOPS:
        lines.append(_say("more", count=len(found) - MOST_SHOPS, others=False))
    return Answer(_lines(lines), buttons=tuple(_shop_button(each, "") for each in known[:MOST_SHOPS]))


async def _shop(deps: Deps, known: KnownShop, kind: ObligationKind | None) -> Answer:
    found = [await rates.standing_of(deps, each) for each in rates.measured_of(deps, known, kind)]
    name, zone = _name(known.shop.name), known.seller.zone
    if not found:
        return Answer(_say("no_rate", shop=name, policy=_policy(known)))
    told = [_head(found[0].measured)]
    told += [_lines(_standing(standing, zone)) for standing in found]
    text = _joined(told, (Words("\n\n"),))
    cost, risk = any(each.misses for each in found), any(each.at_risk for each in found)
    return Answer(text, buttons=_buttons(known.shop.id, cost=cost, risk=risk))


async def _cost(deps: Deps, known: KnownShop) -> Answer:
    found = [await rates.standing_of(deps, each) for each in rates.measured_of(deps, known)]
    misses = [(line, each) for each in found for line in each.misses]
    misses.sort(key=lambda each: each[0].obligation.counted_from, reverse=True)
    if not misses:
        return Answer(_say("cost_none"))
    lines = [_say("cost"), *(_miss(line, standing, known.seller.zone) for line, standing in misses[:MOST_LINES])]
    return Answer(_lines([*lines, *_more(sum(each.rate.missed for each in found) - MOST_LINES)]))


async def _at_risk(deps: Deps, known: KnownShop) -> Answer:
    found = [await rates.standing_of(deps, each) for each in rates.measured_of(deps, known)]
    told: list[Text] = []
    for standing in filter(lambda each: each.at_risk, found):
        told.append(_say("risk", kind=_kind(standing.measured)))
        shown_now = standing.at_risk[: MOST_LINES // len(found)]
        for each in shown_now:
            it = each.line.obligation
            due = Instant(it.deadline or 0, known.seller.zone, relative=True)
            percent = _percent(each.together)
            told.append(
                _say("risk_line", buyer=_name(each.line.buyer), due=due, hidden=not it.is_owed, percent=percent)
            )
        left = len(standing.at_risk) - len(shown_now)
        told += _more(left, others=standing.more_at_risk)
    return Answer(_lines(told) if told else _say("risk_none"))


def _standing(standing: Standing, zone: str) -> list[Text]:
    measured, rate, rule = standing.measured, standing.rate, standing.measured.rule
    lines = [_rate(measured, rate, zone)]
    if not rate.enough and not rate.fallback:
        lines.append(_say("few", enough=rule.window.min_sample))
    if rule.threshold is not None and rate.percent is not None:
        lines.append(_room(standing, rule.threshold, rate))
    if standing.at_risk:
        last = standing.at_risk[-1]
        lines.append(
            _say(
                "pending",
                count=len(standing.at_risk),
                more=standing.more_at_risk,
                percent=_percent(last.together),
            )
        )
    lines += _times(standing, rule)
    if standing.stated and standing.difference:
        stated, found = standing.stated, standing.difference
        day, percent = _day(stated.at, zone), _percent(stated.percent)
        gap = _difference(found.points, found.misses)
        lines.append(_say("stated", percent=percent, day=day, agrees=found.agrees, **gap))
    return [*lines, *_stricter(standing.readings), *_doubts(standing)]


def _rate(measured: Measured, rate: Rate, zone: str) -> Text:
    return _say(
        "rate" if rate.of else "rate_empty",
        kind=_kind(measured),
        percent=None if rate.percent is None else Words(f"{rate.shown} %", strong=True),
        of=rate.of,
        fallback=rate.fallback,
        covered=rate.covered,
        since=_day(rate.since, zone),
        days=measured.rule.window.days,
        band=Words(rate.band) if rate.band else None,
    )


def _kind(measured: Measured) -> Text:
    return _strong(_say(f"kind_{measured.rule.scope}"))


def _room(standing: Standing, threshold: Fraction, rate: Rate) -> Text:
    at_least = _percent(threshold)
    if rate.percent is not None and rate.percent < threshold:
        return _say("below", threshold=at_least, answers=standing.to_recover)
    return _say("above", threshold=at_least, misses=standing.affordable)


def _times(standing: Standing, rule: Rule) -> list[Text]:
    times = standing.times
    if times.average is None or times.median is None:
        return []
    soft = times.soft_percent if rule.soft else None
    lines = [
        _say(
            "times",
            average=_span(times.average),
            median=_span(times.median),
            soft=None if soft is None else _percent(soft),
            target=_span(rule.soft[0]) if rule.soft else None,
        )
    ]
    own = dict(rule.sources).get("soft")
    return [*lines, _say("soft_note", note=_cut(own.note))] if own and own.note and soft is not None else lines


def _stricter(readings: Sequence[Reading]) -> list[Text]:
    told: list[Text] = []
    for name in list(dict.fromkeys(each.policy.name for each in readings))[:MOST_READINGS]:
        own = [each for each in readings if each.policy.name == name]
        parts = _joined([_linked(each) for each in own], (Words(", "),))
        told.append(_say("stricter", policy=Quote(name), parts=parts))
    return told


def _linked(reading: Reading) -> Text:
    """What is stricter, with a way to where it was read."""
    label, where = _reading(reading), reading.source.where
    if where.startswith("https://") and len(where) <= LONGEST_LINK:
        return (Anchor(where, label),)
    return (Words(f"{label} ("), _cut(where), Words(")"))


def _reading(reading: Reading) -> str:
    theirs = reading.theirs
    match reading.part:
        case "window":
            text = _say("stricter_window", days=theirs.window.days)
        case "spam":
            text = _say("stricter_spam", hours=None if theirs.spam.within is None else theirs.spam.within // HOUR)
        case "away":
            text = _say("stricter_away", allowed="allowed" in theirs.away.rule)
        case part:
            return part.replace("_", " ")
    return "".join(part.text for part in text if isinstance(part, Words))


def _doubts(standing: Standing) -> list[Text]:
    whole = next((source for part, source in standing.doubts if not part), None)
    if whole and whole.note:
        return [_say("unverified_all", note=_cut(whole.note))]
    parts = ", ".join(part.replace("_", " ") for part, _ in standing.doubts if part)
    return [_say("unverified", parts=Words(parts))] if parts else []


def _miss(line: Line, standing: Standing, zone: str) -> Text:
    it = line.obligation
    late = None if it.answered_at is None or it.deadline is None else _span(it.answered_at - it.deadline)
    out = _day(ages_out(line.entry(standing.at), standing.measured.rule.window), zone)
    return _say("cost_line", buyer=_name(line.buyer), received=Instant(it.opened_at, zone), late=late, out=out)


def _more(count: int, *, others: bool = False) -> list[Text]:
    return [_say("more", count=count, others=others)] if count > 0 else []


def _difference(points: Fraction, misses: int) -> dict[str, object]:
    gap = Words(f"{shown(abs(points))} points")
    return {"points": gap, "lower": points < 0, "misses": abs(misses), "fewer": misses < 0}


def _head(measured: Measured) -> Text:
    policy = Quote(measured.policy.title)
    if len(measured.shops) > 1:
        return _say("head_together", shops=len(measured.shops), policy=policy)
    return _say("head", shop=_name(measured.shops[0].name), policy=policy)


def _buttons(shop: str, *, cost: bool, risk: bool) -> tuple[Button, ...]:
    wanted = [name for name, is_wanted in (("cost", cost), ("risk", risk)) if is_wanted]
    return tuple(Button(_say(f"button_{name}"), Verb.RATES, shop, choice=name) for name in wanted)


def _shop_button(known: KnownShop, choice: str) -> Button:
    return Button(_say("button_shop", shop=_name(known.shop.name)), Verb.RATES, known.shop.id, choice=choice)


def _policy(known: KnownShop) -> Quote:
    return Quote(known.shop.policy)


def _name(name: str) -> Quote:
    """Short enough that a list of them fits into any chat's message."""
    return Quote(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")


def _cut(note: str) -> Quote:
    return Quote(note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…")


def _percent(percent: Percent | None) -> Words:
    return Words("no rate" if percent is None else f"{shown(percent)} %")


def _day(at: int, zone: str) -> Words:
    day = local(zone_named(zone), at)
    return Words(f"{day.day} {day:%b}")


def _span(milliseconds: int) -> Words:
    """`40 min`, `1 h 5 min`, `2 d 3 h`; less than a minute is `1 min`."""
    minutes = max(1, milliseconds // MINUTE)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else rest, "min")]
    return Words(" ".join(f"{count} {unit}" for count, unit in parts if count))


def _say(block: str, **values: object) -> Text:
    return say(f"answers/rates#{block}", **values)


def _strong(text: Text) -> Text:
    return tuple(Words(part.text, strong=True) if isinstance(part, Words) else part for part in text)


def _lines(lines: Iterable[Text]) -> Text:
    return _joined(lines, _GAP)


def _joined(texts: Iterable[Text], gap: Text) -> Text:
    parts: list[Part] = []
    for text in texts:
        parts += [*(gap if parts else ()), *text]
    return tuple(parts)
