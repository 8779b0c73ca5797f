"""Conversations: a buyer, what was said, and the order a message may belong to. All times in milliseconds, UTC."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.claims import Claim
from core.domain.files import File
from core.domain.members import Identity
from core.domain.quick_responses import Used
from core.domain.spam_reports import SpamReport


@dataclass(frozen=True, slots=True)
class Buyer:
    """`staff`: no buyer, but the marketplace's own people."""

    id: str
    name: str
    language: str | None = None
    zone: str | None = None
    staff: bool = False


# In the marketplaces' words. What is merely delivered may still come back with a revision.
CLOSED_ORDERS = frozenset({"completed", "complete", "cancelled", "canceled", "closed", "refunded", "expired"})


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    title: str = ""
    status: str = "active"

    @property
    def is_closed(self) -> bool:
        return self.status.strip().casefold() in CLOSED_ORDERS


@dataclass(frozen=True, slots=True)
class Attachment:
    """A link; only pictures are fetched, as they are shown. `size` in bytes where the marketplace said so."""

    url: str
    name: str = ""
    type: str = ""
    size: int | None = None


class MessageState(StrEnum):
    """Where an outgoing message stands; an incoming one is always RECEIVED."""

    RECEIVED = "received"
    HELD = "held"  # it goes out in a few seconds, unless it is taken back
    STOPPED = "stopped"  # something came between: its author is asked
    SENDING = "sending"
    BY_HAND = "by_hand"  # to be typed on the marketplace's site by a member, and not yet said to be done
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"  # it waits no more: the message it answered was reported as spam


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the marketplace's own id; `author` is None for a buyer and for what was answered on the site.

    `forgotten`: its words are not kept any more; when it was said still is. `report`: what was done about it as spam;
    `waived_by`: who said that it needs no answer; `alike`: to how many of the seller's shops the same was written.
    """

    id: str
    key: str
    incoming: bool
    text: str
    sent_at: int
    state: MessageState = MessageState.RECEIVED
    attachments: tuple[Attachment, ...] = ()
    order: Order | None = None
    author: Identity | None = None
    edited: bool = False
    deleted: bool = False
    accepted_at: int | None = None
    problem: str = ""  # why it was refused, or why a try failed, as it is kept
    tries: int = 0
    starts_order: bool = False  # nothing was written: an order started, which asks for an answer
    by_word: bool = False  # sent by a member's word alone: the marketplace did not confirm it
    forgotten: bool = False
    why: str = ""  # what made it stop
    corrects: str = ""  # the reply that it puts right
    used: Used | None = None  # the quick response that it was made from
    automatic: bool = False  # nobody wrote it: a holding reply, or the marketplace's own
    report: SpamReport | None = None
    waived_by: Identity | None = None
    alike: int = 0
    files: tuple[File, ...] = ()  # what its author attached


@dataclass(frozen=True, slots=True)
class Conversation:
    """`key` is the marketplace's own id of it; `url` opens it on the site.

    `writing`: who opened its form and has not written yet.
    """

    id: str
    key: str
    seller: str
    shop: str
    buyer: Buyer
    version: int
    url: str | None = None
    order: Order | None = None
    claim: Claim | None = None
    writing: Identity | None = None
