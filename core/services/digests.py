"""Digests: in the evening what will fall due while a seller sleeps, on Monday how the week went."""

import asyncio
from dataclasses import dataclass

from core.domain.cards import Note, NoteKind
from core.domain.deliveries import Delivery
from core.domain.digests import BEFORE_SLEEP, Digest, digest, digest_at, monday_at
from core.domain.ledger import Counts, response_times
from core.domain.moments import MomentKind
from core.domain.policies import Scope
from core.domain.rates import Rate
from core.domain.rooms import Room
from core.domain.sellers import Seller
from core.domain.texts import Instant, Quote, Text, Words
from core.domain.zones import HOUR
from core.rendering import say
from core.services import times
from core.services.deps import Deps
from core.services.rates import Measured, measured_of_seller, rate_of
from core.services.reminders import Reminder
from core.store import digests, ledger, rates
from core.store.deliveries import drop
from core.store.sellers import read_seller

WEEK = 7 * 24 * HOUR
MOST_TIMED = 2_000  # answers of a week that the median is taken of


def moments_of(seller: Seller, now: int) -> dict[str, int | None]:
    """When it is told next; None where it is not told of that."""
    evening = digest_at(seller.quiet, now) if seller.digest and seller.quiet else None
    week = monday_at(seller.zone, now) if seller.digest else None
    return {_moment(MomentKind.DIGEST, seller.id): evening, _moment(MomentKind.MONDAY, seller.id): week}


async def tell_evening(deps: Deps, seller_id: str) -> bool:
    """Told while it is still evening; False for an unknown seller."""
    moment = _moment(MomentKind.DIGEST, seller_id)
    seller, now = await read_seller(deps.store, seller_id), deps.clock.now()
    if seller is None:
        return False
    found = digest([], seller.quiet, now) if seller.quiet and seller.digest else None
    fields = (
        {"which": MomentKind.DIGEST, "at": str(found.sleeps_at)}
        if found and _is_evening(found.sleeps_at, now)
        else None
    )
    because = f"{moment}/{found.sleeps_at if found else ''}"
    await digests.tell_digest(deps.store, seller.id, moment, moments_of(seller, now)[moment], fields, because=because)
    return True


async def tell_week(deps: Deps, seller_id: str) -> bool:
    """Of the seven days until the Monday that is passed; False for an unknown seller."""
    moment = _moment(MomentKind.MONDAY, seller_id)
    seller, now = await read_seller(deps.store, seller_id), deps.clock.now()
    if seller is None:
        return False
    monday = monday_at(seller.zone, now - WEEK)
    fields = {"which": MomentKind.MONDAY, "at": str(monday)} if seller.digest else None
    next_at = moments_of(seller, now)[moment]
    await digests.tell_digest(deps.store, seller.id, moment, next_at, fields, because=f"{moment}/{monday}")
    return True


async def prepare_digest(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """What the room is told, from the state of now. None where that is no news any more: dropped."""
    seller, now, at = await read_seller(deps.store, room.seller), deps.clock.now(), int(delivery.facts["at"])
    note = None
    if seller and delivery.facts["which"] == MomentKind.MONDAY:
        note = await _week(deps, seller, at)
    elif seller and seller.quiet and now < at + _night(seller, at):
        note = _evening(seller, digest(await digests.deadlines_ahead(deps.store, seller.id, now), seller.quiet, now))
    if note is None:
        await drop(deps.store, delivery)
        return None
    return Reminder(note)


def _moment(kind: MomentKind, seller: str) -> str:
    return f"{kind}/{seller}"


def _is_evening(sleeps_at: int, now: int) -> bool:
    """Until the morning: after a downtime it may be too late for what was to be told."""
    return now >= sleeps_at - BEFORE_SLEEP


def _night(seller: Seller, sleeps_at: int) -> int:
    found = digest([], seller.quiet, sleeps_at) if seller.quiet else None
    return found.wakes_at - sleeps_at if found else 0


def _evening(seller: Seller, found: Digest) -> Note:
    def at(instant: int | None) -> Instant | None:
        return None if instant is None else Instant(instant, seller.zone)

    text = say(
        "notes/digest#evening",
        asleep=len(found.asleep),
        first=at(found.asleep[0] if found.asleep else None),
        sooner=len(found.sooner),
        sleeps=at(found.sleeps_at),
        wakes=at(found.wakes_at),
        next=at(found.first_after),
    )
    return Note(kind=NoteKind.NOTICE, conversation="", text=text, loud=bool(found.asleep))


@dataclass(frozen=True, slots=True)
class _Week:
    """One rate: what it counted in the week, the median of its answers, and the rate as it stands."""

    measured: Measured
    counts: Counts
    median: int | None
    rate: Rate


async def _week(deps: Deps, seller: Seller, until: int) -> Note:
    since = until - WEEK
    found = await asyncio.gather(
        *(_week_of(deps, measured, since) for measured in await measured_of_seller(deps, seller.id))
    )
    head = say("notes/digest#week", since=Instant(since, seller.zone))
    lines = [part for each in found for part in (Words("\n• "), *_line(each))]
    text: Text = (*head, *lines) if found else say("notes/digest#week_empty")
    return Note(kind=NoteKind.NOTICE, conversation="", text=text)


async def _week_of(deps: Deps, measured: Measured, since: int) -> _Week:
    now = deps.clock.now()
    counted, rate = await asyncio.gather(
        rates.count_rate(deps.store, measured.ledgers, now, start=since), rate_of(deps, measured)
    )
    entries: list[ledger.Line] = []
    spot = None
    while len(entries) < MOST_TIMED:
        page = await ledger.read_ledger(
            deps.store, measured.ledgers, now, verdicts=ledger.COUNTING, since=since, spot=spot
        )
        entries += page.lines
        spot = page.spot
        if spot is None:
            break
    return _Week(measured, counted.counts, response_times(line.entry(now) for line in entries).median, rate)


def _line(week: _Week) -> Text:
    names = Quote(", ".join(shop.name for shop in week.measured.shops))
    median = None if week.median is None else times.span(week.median)
    which = {Scope.INBOX: "inbox", Scope.ORDER: "order", Scope.ALL: "all"}[week.measured.rule.scope]
    percent = Words(f"{week.rate.shown} %") if week.rate.shown is not None else None
    return say(
        "notes/digest#line",
        rate=say(f"notes/digest#{which}"),
        shops=names,
        met=week.counts.met,
        missed=week.counts.missed,
        median=median,
        percent=percent,
        of=week.rate.of,
    )
