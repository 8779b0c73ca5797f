"""A body → events of the domain, each valid or with the problem that names its field."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, assert_never
from zoneinfo import available_timezones

import msgspec

from core.api import wire
from core.api.json_text import read_json
from core.api.problems import Problem, invalid
from core.domain import conversations as domain
from core.domain import events as told
from core.domain.absences import Absence
from core.domain.events import Event
from core.domain.policies import AnswerKind

SINGLE_CAP = 256 * 1024
EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1000)
AHEAD = 5 * 60_000  # milliseconds by which the marketplace's clock may be ahead of ours
LONGEST_PLAN = 10 * 366 * 86_400_000  # milliseconds for which an absence may be planned

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$")
_PRINTABLE = "Expected printable characters, the first of them no space"
_LINK = "Expected an absolute https address"

_Message = tuple[str, str, int, tuple[domain.Attachment, ...]]


class Invalid(Exception):
    """One event, or the whole batch, cannot be taken as it is."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(field, detail)
        self.problem = invalid(field, detail)


@dataclass(frozen=True, slots=True)
class Faulty:
    """An event that is not valid, with its own id where that could be read."""

    id: str | None
    problem: Problem


@dataclass(frozen=True, slots=True)
class Told:
    """What a body told: one event, or a batch of them."""

    batch: bool
    events: list[Event | Faulty]


def read_events(body: bytes, now: int) -> Told:
    """Raises Malformed for what is no JSON and Invalid for what is neither an event nor a batch of at most 500."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise Invalid("", "The body is a JSON object: one event, or a batch with `events`.")
    if "events" not in value:
        return Told(False, [_event(value, now, history=False)])
    events, history = value["events"], value.get("history") is True
    if not isinstance(events, list):
        raise Invalid("events", "`events` is a list of events.")
    if len(events) > wire.MOST_EVENTS:
        raise Invalid("events", f"A batch holds at most {wire.MOST_EVENTS} events; this one has {len(events):,}.")
    return Told(True, [_event(value, now, history) for value in events])


def _event(value: object, now: int, history: bool) -> Event | Faulty:
    try:
        if not isinstance(value, dict):
            raise Invalid("", "An event is a JSON object.")
        return _read(value, now, history)
    except Invalid as error:
        id = value.get("id") if isinstance(value, dict) else None
        return Faulty(id[:200] if isinstance(id, str) else None, error.problem)


def _read(value: dict[str, Any], now: int, history: bool) -> Event:
    kind = value.get("type")
    known = wire.KNOWN.get(kind) if isinstance(kind, str) else None
    try:
        if known is None:
            return _kept(msgspec.convert(value, wire.AnyEvent), value, now)
        return _known(msgspec.convert(value, known), now, history)
    except msgspec.ValidationError as error:
        raise _explained(error) from None


def _known(event: wire.KnownEvent, now: int, history: bool) -> Event:
    if isinstance(event, wire.AvailabilityChanged):
        return _availability(event, now)
    data = event.data
    about = (
        event.id,
        _milliseconds(event.at, "at", now),
        data.conversation,
        _buyer(data.buyer) if data.buyer else None,
        _order(data.order) if data.order else None,
        data.url,
        history or event.history or data.history,
    )
    match event:
        case wire.MessageReceived():
            return told.MessageReceived(*about, *_incoming(event.data.message, now))
        case wire.MessageSent():
            kind = AnswerKind(event.data.kind)
            return told.MessageSent(*about, *_message(event.data.message, now), event.data.reply, kind)
        case wire.MessageEdited():
            return told.MessageEdited(*about, event.data.message.id, event.data.message.text)
        case wire.MessageDeleted():
            return told.MessageDeleted(*about, event.data.message.id)
        case wire.SpamReported() | wire.SpamWithdrawn():
            reported = isinstance(event, wire.SpamReported)
            return told.SpamTold(*about, event.data.message.id, reported)
        case wire.ConversationRemoved():
            return told.ConversationRemoved(*about)
        case wire.BuyerBlocked():
            return told.BuyerBlocked(*about)
        case wire.OrderStarted() | wire.OrderUpdated():
            return told.OrderChanged(*about, isinstance(event, wire.OrderStarted))
        case _:
            assert_never(event)


def _availability(event: wire.AvailabilityChanged, now: int) -> told.AvailabilityChanged:
    at, data = _milliseconds(event.at, "at", now), event.data
    if data.available:
        return told.AvailabilityChanged(event.id, at, None)
    start = at if data.since is None else _milliseconds(data.since, "data.from", now, ahead=LONGEST_PLAN)
    end = None if data.until is None else _milliseconds(data.until, "data.until", now, ahead=LONGEST_PLAN)
    if end is not None and end <= start:
        raise Invalid("data.until", "An absence ends after it begins.")
    return told.AvailabilityChanged(event.id, at, Absence(start, end, data.accept_messages))


def _kept(event: wire.AnyEvent, value: dict[str, Any], now: int) -> told.Ignored:
    try:
        body = msgspec.json.encode(value)
    except RecursionError:
        raise Invalid("data", "It is nested too deeply.") from None
    if len(body) > SINGLE_CAP:
        raise Invalid("data", f"An event may have {SINGLE_CAP:,} bytes.")
    return told.Ignored(event.id, _milliseconds(event.at, "at", now), event.type, body.decode())


def _incoming(message: wire.IncomingMessage, now: int) -> _Message:
    if not (message.text and message.text.strip()) and not message.attachments:
        raise Invalid("data.message.text", "A message has a text or at least one attachment.")
    return _message(message, now)


def _message(message: wire.IncomingMessage | wire.OutgoingMessage, now: int) -> _Message:
    sent_at = _milliseconds(message.sent_at, "data.message.sent_at", now)
    attachments = tuple(map(_attachment, message.attachments)) if message.attachments else ()
    return message.id, message.text or "", sent_at, attachments


def _attachment(attachment: wire.Attachment) -> domain.Attachment:
    return domain.Attachment(attachment.url, attachment.name or "", attachment.type or "", attachment.size)


def _buyer(buyer: wire.Buyer) -> domain.Buyer:
    zone = buyer.time_zone or None
    if zone not in _zones():
        raise Invalid(
            "data.buyer.time_zone", f"{zone} is no time zone; expected an IANA name, as Europe/Paris, or none."
        )
    return domain.Buyer(buyer.id, buyer.name or buyer.id, buyer.language or None, zone, buyer.staff)


def _order(order: wire.Order) -> domain.Order:
    return domain.Order(order.id, order.title or "", order.status or "active")


def _milliseconds(time: datetime, field: str, now: int, ahead: int = AHEAD) -> int:
    at = (time - _EPOCH) // _MILLISECOND
    if at < EARLIEST:
        raise Invalid(field, "A time before the year 2000 is surely a mistake.")
    if at > now + ahead:
        if ahead != AHEAD:
            raise Invalid(field, "A time more than ten years ahead is surely a mistake.")
        raise Invalid(
            field, f"It is {(at - now) // 1000:,} s in the future; our clocks may differ by {ahead // 1000} s."
        )
    return at


@cache
def _zones() -> frozenset[str | None]:
    return frozenset({None, *available_timezones()})


def _explained(error: msgspec.ValidationError) -> Invalid:
    """`Expected … - at `$.data.message.text`` → the field `data.message.text` and what it expected."""
    found = _WHERE.match(str(error))
    what, where = (found["what"], found["where"] or "") if found else (str(error), "")
    if missing := _MISSING.match(what):
        where = f"{where}.{missing['name']}".lstrip(".")
        return Invalid(where, f"`{missing['name']}` is missing.")
    if "matching regex" in what:
        what = _LINK if where.endswith("url") else _PRINTABLE
    return Invalid(where, what.replace("`str`", "text").replace("`datetime`", "time") + ".")
