"""The webhook connector: a marketplace, or a shop's own site, that speaks Standard Webhooks both ways."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, Literal
from uuid import uuid4

import msgspec

from core.clock import Clock
from core.domain.files import NO_FILES
from core.domain.members import Identity
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from core.domain.spam_reports import Reason
from core.errors import AccessLost, OutsideError, Problem, Rejected, TryLater
from core.marketplaces import wire
from core.marketplaces.egress import Egress, ForbiddenTarget, Reply, said
from core.ports.marketplace import (
    MarketplaceCapabilities,
    OutgoingAvailability,
    OutgoingReply,
    OutgoingSpamReport,
    OutgoingUnreachable,
    Receipt,
)

LONGEST_WAIT = 86_400.0  # seconds of a Retry-After that are obeyed
DETAIL = 300  # characters of the other side's words that a member is shown

_LOST = {
    401: "signature_refused",
    403: "refuses_us",
    404: "nothing_there",
    405: "takes_no_post",
    410: "switched_off",
}


class Webhook:
    """Standard Webhooks 1.0 out: one `webhook-id` over all tries, a new timestamp for each."""

    name = "webhook"

    def __init__(self, clock: Clock, *, allow_local: bool) -> None:
        self._clock = clock
        self._egress = Egress(allow_local=allow_local)
        self._agent = f"Shopbell/{version('shopbell')}"

    def capabilities(self, shop: Shop) -> MarketplaceCapabilities:
        reachable = shop.callback_url is not None
        return MarketplaceCapabilities(
            sends=reachable,
            takes_reports=reachable,
            files=shop.files if reachable else NO_FILES,
        )

    async def send(self, shop: Shop, secrets: ShopSecrets, reply: OutgoingReply) -> Receipt:
        event = wire.ReplyCreated(reply.id, "reply.created", _iso(reply.written_at), _reply_data(reply))
        return await self._hand_over(shop, secrets, event, written=reply.written_at)

    async def set_availability(self, shop: Shop, secrets: ShopSecrets, told: OutgoingAvailability) -> Receipt:
        event = wire.AvailabilityTold(told.id, "availability.changed", _iso(told.at), _availability_data(told))
        return await self._hand_over(shop, secrets, event, written=told.at)

    async def tell_unreachable(self, shop: Shop, secrets: ShopSecrets, told: OutgoingUnreachable) -> Receipt:
        event = wire.SellerUnreachable(told.id, "seller.unreachable", _iso(told.at), _unreachable_data(told))
        return await self._hand_over(shop, secrets, event, written=told.at)

    async def report_spam(self, shop: Shop, secrets: ShopSecrets, report: OutgoingSpamReport) -> Receipt:
        type: Literal["spam.withdrawn", "spam.reported"] = "spam.withdrawn" if report.withdrawn else "spam.reported"
        event = wire.ReportTold(report.id, type, _iso(report.at), _report_data(report))
        return await self._hand_over(shop, secrets, event, written=report.at)

    async def check(self, shop: Shop, secrets: ShopSecrets) -> None:
        at = self._clock.now()
        event = wire.Ping(f"ping-{uuid4().hex}", "ping", _iso(at), wire.PingData(shop.id))
        await self._hand_over(shop, secrets, event, written=at)

    async def aclose(self) -> None:
        await self._egress.aclose()

    async def _hand_over(self, shop: Shop, secrets: ShopSecrets, event: wire.Told, *, written: int) -> Receipt:
        """The same bytes on every try, as the id promises. Raises what an answer means that is no yes."""
        answer = await self._post(shop, secrets, event.id, msgspec.json.encode(event))
        _judge(answer, self._clock.wall())
        return _receipt(answer, written, self._clock.now())

    async def _post(self, shop: Shop, secrets: ShopSecrets, delivery: str, body: bytes) -> Reply:
        if shop.callback_url is None:
            raise AccessLost(said("no_callback"))
        seconds = self._clock.wall() // 1000
        headers = {
            "content-type": "application/json",
            "user-agent": self._agent,
            ID_HEADER: delivery,
            TIMESTAMP_HEADER: str(seconds),
            # During a rotation both secrets sign: the receiver needs to know only one of them.
            SIGNATURE_HEADER: " ".join(sign(secret, delivery, seconds, body) for secret in secrets.outward),
        }
        try:
            return await self._egress.post(shop.callback_url, body, headers)
        except ForbiddenTarget as error:
            raise AccessLost(error.problem) from error


def _reply_data(reply: OutgoingReply) -> wire.ReplyCreatedData:
    author, used = reply.author, reply.used
    told = wire.ReplyToBuyer(
        reply.id,
        reply.text,
        [wire.OfferedFile(each.url, each.name, each.type, each.size) for each in reply.attachments],
        _person(author) if author else None,
        wire.UsedQuickResponse(used.id or None, used.title) if used else None,
    )
    return wire.ReplyCreatedData(reply.conversation, told, reply.in_reply_to)


def _availability_data(told: OutgoingAvailability) -> wire.AvailabilityToldData:
    return wire.AvailabilityToldData(
        available=told.start is None,
        since=None if told.start is None else _iso(told.start),
        until=None if told.end is None else _iso(told.end),
        note=told.note or None,
        accept_messages=told.accept_messages,
    )


def _unreachable_data(told: OutgoingUnreachable) -> wire.SellerUnreachableData:
    owed = [wire.Owed(conversation, None if at is None else _iso(at)) for conversation, at in told.owed]
    return wire.SellerUnreachableData(told.problem, owed)


def _report_data(report: OutgoingSpamReport) -> wire.ReportToldData:
    reason, reporter = Reason(report.reason), _person(report.reporter)
    return wire.ReportToldData(report.conversation, report.message, reason, reporter)


def _person(who: Identity) -> wire.Person:
    return wire.Person(who.key, who.name)


def _judge(answer: Reply, at: int) -> None:
    """Raise what an answer means for the sender; nothing for one that says it is done."""
    status = answer.status
    if status < 300 or status == 409:  # 409: it had it already
        return
    if status in _LOST:
        raise AccessLost(said(_LOST[status]))
    if status < 400:
        raise AccessLost(said("redirected", status=status))
    if status in {408, 425, 429} or status >= 500:
        raise _later(answer, at)
    raise Rejected(_refusal(answer))


def _later(answer: Reply, at: int) -> OutsideError:
    slow = answer.status == 429
    problem = said("slow_down") if slow else said("broken", status=answer.status)
    return TryLater(problem, after=_retry_after(answer.headers.get("retry-after", ""), at), everything=slow)


def _retry_after(value: str, at: int) -> float | None:
    """Seconds from now, from seconds or an HTTP date; at most a day."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(0.0, aware.timestamp() - at / 1000), LONGEST_WAIT)


def _refusal(answer: Reply) -> Problem:
    """Its own words: `detail` or `title` of a problem, or the plain text; a member reads them as a quotation."""
    words = _read(answer.body)
    if words is None and "text/plain" in answer.headers.get("content-type", ""):
        words = answer.body.decode(errors="replace")
    if isinstance(words, dict):
        words = words.get("detail") or words.get("title")
    if isinstance(words, str) and words.strip():
        return words.strip()[:DETAIL]
    return said("refused", status=answer.status)


def _read(body: bytes) -> object:
    """The JSON of an answer, None for what is none: what it says is never a reason to fail."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _receipt(answer: Reply, written: int, arrived: int) -> Receipt:
    """Its own `accepted_at` counts if it lies between the writing and its answer; else when it answered.

    Not from this try on: an answer to a later try tells when an earlier one, whose answer was lost, was accepted.
    """
    body = _read(answer.body)
    said: dict[str, Any] = body if isinstance(body, dict) else {}
    key = said.get("message_id")
    return Receipt(
        accepted_at=_accepted_at(said.get("accepted_at"), written, arrived),
        message_key=key if isinstance(key, str) and 0 < len(key) <= 200 else None,
        repeated=answer.status == 409,
    )


def _accepted_at(said: object, written: int, arrived: int) -> int:
    if not isinstance(said, str):
        return arrived
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        return arrived
    at = round(when.timestamp() * 1000) if when.tzinfo else 0
    return at if written <= at <= arrived else arrived


def _iso(milliseconds: int) -> str:
    said = datetime.fromtimestamp(milliseconds / 1000, tz=UTC).isoformat(timespec="milliseconds")
    return said.replace("+00:00", "Z")
