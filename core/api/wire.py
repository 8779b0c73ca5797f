"""The wire format of events, as structs: what may stand in each field, for the door and for its description."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from core.api.problems import Problem

MOST_EVENTS = 500

# The patterns are read by Python and by whoever reads the schema: so no \Z, and "nothing follows" in its place.
_END = r"(?![\s\S])"
_HIDDEN = r"\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_ID = rf"^[^\s{_HIDDEN}][^{_HIDDEN}]*{_END}"
# A host, perhaps a port, and nothing that ends a link early in a chat; no user before an @, which hides the host.
_UNSAFE = rf"\s\\<>\"`{{}}|^{_HIDDEN}"
_ADDRESS = rf"://[^/?#@:{_UNSAFE}]+(:[0-9]{{1,5}})?([/?#][^{_UNSAFE}]*)?{_END}"

Id = Annotated[str, Meta(min_length=1, max_length=200, pattern=_ID, description="The marketplace's own, printable.")]
Name = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=50_000)]
Link = Annotated[str, Meta(max_length=2_000, pattern=rf"^https?{_ADDRESS}", description="Opens it on the site.")]
# Plain http on the marketplace's own machine is for development; elsewhere the guard of the way out fetches none of it.
_FILE = rf"^(https|http(?=://(127\.0\.0\.1|localhost)[:/])){_ADDRESS}"
FileLink = Annotated[str, Meta(max_length=2_000, pattern=_FILE)]
Language = Annotated[str, Meta(max_length=35, description="A BCP 47 tag: `en`, `pt-BR`.")]
Zone = Annotated[str, Meta(max_length=64, description="An IANA name: `Europe/Paris`.")]
Staff = Annotated[bool, Meta(description="The marketplace's own people: where its policy says so, they do not count.")]
Time = Annotated[datetime, Meta(tz=True, description="RFC 3339, with its zone: `2026-11-23T10:00:00Z`.")]
Size = Annotated[int, Meta(ge=0, le=2**53, description="In bytes.")]


class Attachment(Struct, frozen=True):
    """A link to a file. A picture of at most 10 MB is fetched and shown; of everything else the name is."""

    url: FileLink
    name: Name | None = None
    type: Name | None = None
    size: Size | None = None


class Buyer(Struct, frozen=True):
    id: Id
    name: Name | None = None
    language: Language | None = None
    time_zone: Zone | None = None
    staff: Staff = False


class Order(Struct, frozen=True):
    """`status` in the marketplace's words: `active`, `delivered`, `revision requested`, `completed`, `cancelled`."""

    id: Id
    title: Name | None = None
    status: Name | None = None


Attachments = Annotated[list[Attachment], Meta(max_length=20)]


class IncomingMessage(Struct, frozen=True):
    """A text, or at least one attachment."""

    id: Id
    sent_at: Time
    text: Text | None = None
    attachments: Attachments | None = None


class OutgoingMessage(Struct, frozen=True):
    id: Id
    sent_at: Time
    text: Text | None = None
    attachments: Attachments | None = None


class EditedMessage(Struct, frozen=True):
    id: Id
    text: Text


class DeletedMessage(Struct, frozen=True):
    id: Id


class _About(Struct, frozen=True, kw_only=True):
    """What every event says of its conversation. `order` is absent or null for an inquiry."""

    conversation: Id
    order: Order | None = None
    url: Link | None = None
    history: bool = False


class ReceivedData(_About, frozen=True, kw_only=True):
    message: IncomingMessage
    buyer: Buyer


AnswerWord = Literal["manual", "quick", "automatic", "assistant", "offer", "action"]


class SentData(_About, frozen=True, kw_only=True):
    """`reply` is our id where this is the echo of our own reply. `kind`: not every kind is an answer everywhere."""

    message: OutgoingMessage
    buyer: Buyer | None = None
    reply: Id | None = None
    kind: AnswerWord = "manual"


class EditedData(_About, frozen=True, kw_only=True):
    message: EditedMessage
    buyer: Buyer | None = None


class DeletedData(_About, frozen=True, kw_only=True):
    message: DeletedMessage
    buyer: Buyer | None = None


class ReportedMessage(Struct, frozen=True):
    id: Id


class ReportData(_About, frozen=True, kw_only=True):
    message: ReportedMessage
    buyer: Buyer | None = None


class BuyerData(_About, frozen=True, kw_only=True):
    buyer: Buyer | None = None


class AvailabilityData(Struct, frozen=True, kw_only=True):
    """Away from `from` (the event's `at` where it is absent) until `until` (null: nobody knows yet), or available.

    `accept_messages`: buyers may write meanwhile. `history` is taken and changes nothing: members are told of what
    holds by now.
    """

    available: bool
    since: Annotated[Time | None, Meta(title="from")] = field(default=None, name="from")
    until: Time | None = None
    accept_messages: bool = True
    note: Name | None = None
    history: bool = False


class OrderData(_About, frozen=True, kw_only=True):
    order: Order
    buyer: Buyer | None = None


class _Event(Struct, frozen=True, kw_only=True, tag_field="type"):
    """`history`: fill conversation and ledger, ring nobody."""

    id: Id
    at: Time
    history: bool = False


class MessageReceived(_Event, frozen=True, kw_only=True, tag="message.received"):
    """A buyer wrote."""

    data: ReceivedData


class MessageSent(_Event, frozen=True, kw_only=True, tag="message.sent"):
    """The seller answered on the site, or this is the echo of our own reply."""

    data: SentData


class MessageEdited(_Event, frozen=True, kw_only=True, tag="message.edited"):
    data: EditedData


class MessageDeleted(_Event, frozen=True, kw_only=True, tag="message.deleted"):
    data: DeletedData


class SpamReported(_Event, frozen=True, kw_only=True, tag="spam.reported"):
    """A message was reported as spam: it leaves the duty to answer, and the rate as the marketplace's rules say."""

    data: ReportData


class SpamWithdrawn(_Event, frozen=True, kw_only=True, tag="spam.withdrawn"):
    """It is no spam after all."""

    data: ReportData


class ConversationRemoved(_Event, frozen=True, kw_only=True, tag="conversation.removed"):
    """It is gone from the marketplace, as where a buyer is banned: nobody can answer there any more."""

    data: BuyerData


class BuyerBlocked(_Event, frozen=True, kw_only=True, tag="buyer.blocked"):
    """The seller blocked the buyer on the site; whether that ends the duty to answer is for the policy to say."""

    data: BuyerData


class AvailabilityChanged(_Event, frozen=True, kw_only=True, tag="availability.changed"):
    """What the marketplace shows buyers of the seller's availability; each telling replaces the one before."""

    data: AvailabilityData


class OrderStarted(_Event, frozen=True, kw_only=True, tag="order.started"):
    data: OrderData


class OrderUpdated(_Event, frozen=True, kw_only=True, tag="order.updated"):
    data: OrderData


class AnyEvent(Struct, frozen=True, kw_only=True):
    """An event of a type that is not known: accepted, kept, and answered as `ignored`."""

    id: Id
    type: Id
    at: Time
    data: Any = None


KnownEvent = (
    MessageReceived
    | MessageSent
    | MessageEdited
    | MessageDeleted
    | SpamReported
    | SpamWithdrawn
    | ConversationRemoved
    | BuyerBlocked
    | AvailabilityChanged
    | OrderStarted
    | OrderUpdated
)

KNOWN: dict[str, type[KnownEvent]] = {
    "message.received": MessageReceived,
    "message.sent": MessageSent,
    "message.edited": MessageEdited,
    "message.deleted": MessageDeleted,
    "spam.reported": SpamReported,
    "spam.withdrawn": SpamWithdrawn,
    "conversation.removed": ConversationRemoved,
    "buyer.blocked": BuyerBlocked,
    "availability.changed": AvailabilityChanged,
    "order.started": OrderStarted,
    "order.updated": OrderUpdated,
}


class Batch(Struct, frozen=True):
    """Up to 500 events in one body of at most 5 MB; each has a result of its own. `history` holds for all of them."""

    events: Annotated[list[KnownEvent], Meta(max_length=MOST_EVENTS)]
    history: bool = False


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of one event; `problem` where it is `invalid`. `id` is null where the event had none to read."""

    id: str | None
    result: Literal["accepted", "duplicate", "ignored", "invalid"]
    problem: Problem | None = None


class Results(Struct, frozen=True):
    """In the order of the events."""

    results: list[Result]
