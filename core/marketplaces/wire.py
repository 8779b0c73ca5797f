"""What a shop's callback is told, as structs: for the connector that sends it, and for /docs that describes it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from core.domain.spam_reports import Reason

At = Annotated[str, Meta(description="RFC 3339, in UTC.", extra_json_schema={"format": "date-time"})]
Key = Annotated[str, Meta(description="The marketplace's own id.")]
Delivery = Annotated[str, Meta(description="As `webhook-id`, the same on every try.")]


class Person(Struct, frozen=True):
    """A member, as their chat knows them."""

    id: str
    name: str


class OfferedFile(Struct, frozen=True):
    """`url` is an address of ours, signed for this one file, until 76 hours after the reply was accepted."""

    url: str
    name: str
    type: str
    size: int | None


class UsedQuickResponse(Struct, frozen=True):
    """One that comes with Shopbell has no id."""

    id: str | None
    title: str


class ReplyToBuyer(Struct, frozen=True):
    """`author` is null where nobody wrote it: a holding reply."""

    id: str
    text: str
    attachments: list[OfferedFile]
    author: Person | None
    quick_response: UsedQuickResponse | None


class ReplyCreatedData(Struct, frozen=True):
    conversation: Key
    reply: ReplyToBuyer
    in_reply_to: Key | None


class ReplyCreated(Struct, frozen=True):
    """A member answered."""

    id: Delivery
    type: Literal["reply.created"]
    at: At
    data: ReplyCreatedData


class ReportToldData(Struct, frozen=True):
    conversation: Key
    message: Key
    reason: Reason
    reporter: Person


class ReportTold(Struct, frozen=True):
    """A member reported a message as spam, or took that back."""

    id: Delivery
    type: Literal["spam.reported", "spam.withdrawn"]
    at: At
    data: ReportToldData


AwayFrom = Annotated[At | None, Meta(description="Null where it is available.")]
AwayUntil = Annotated[At | None, Meta(description="Null where it is available, or nobody knows yet.")]


class AvailabilityToldData(Struct, frozen=True, rename={"since": "from"}):
    available: bool
    since: AwayFrom
    until: AwayUntil
    note: Annotated[str | None, Meta(description="For buyers.")]
    accept_messages: Annotated[bool, Meta(description="Whether buyers may write meanwhile.")]


class AvailabilityTold(Struct, frozen=True):
    """A member said that the shop is away, or available again. Each replaces the one before; the newest `at` holds."""

    id: Delivery
    type: Literal["availability.changed"]
    at: At
    data: AvailabilityToldData


class Owed(Struct, frozen=True):
    conversation: Key
    deadline: At | None


class SellerUnreachableData(Struct, frozen=True):
    """`problem` says why, in English."""

    problem: str
    owed: list[Owed]


class SellerUnreachable(Struct, frozen=True):
    """None of the seller's rooms can be reached: somebody may want to call."""

    id: Delivery
    type: Literal["seller.unreachable"]
    at: At
    data: SellerUnreachableData


class PingData(Struct, frozen=True):
    shop: str


class Ping(Struct, frozen=True):
    """`shopbell shop test` and `shopbell doctor` try the way."""

    id: Delivery
    type: Literal["ping"]
    at: At
    data: PingData


Told = ReplyCreated | ReportTold | AvailabilityTold | SellerUnreachable | Ping
TOLD: tuple[type[Told], ...] = (ReplyCreated, ReportTold, AvailabilityTold, SellerUnreachable, Ping)
