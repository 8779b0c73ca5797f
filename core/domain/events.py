"""What a marketplace tells us: its events, in any order, as often as it likes. All times in milliseconds, UTC."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.absences import Absence
from core.domain.conversations import Attachment, Buyer, Order
from core.domain.policies import AnswerKind


@dataclass(frozen=True, slots=True)
class Told:
    """What every event about a conversation carries. `id` is the event's own; `conversation` the marketplace's id.

    `order` is None for an inquiry. `history`: fill conversation and ledger, ring nobody.
    """

    id: str
    at: int
    conversation: str
    buyer: Buyer | None = None
    order: Order | None = None
    url: str | None = None
    history: bool = False


@dataclass(frozen=True, slots=True)
class MessageReceived(Told):
    """A buyer wrote. `message` is the marketplace's id of it; `starts_order`: nothing was written, an order started."""

    message: str = ""
    text: str = ""
    sent_at: int = 0
    attachments: tuple[Attachment, ...] = ()
    starts_order: bool = False

    @property
    def by_staff(self) -> bool:
        return self.buyer is not None and self.buyer.staff


@dataclass(frozen=True, slots=True)
class MessageSent(Told):
    """The seller answered on the site, or this is the echo of our own reply (`reply` is then our id)."""

    message: str = ""
    text: str = ""
    sent_at: int = 0
    attachments: tuple[Attachment, ...] = ()
    reply: str | None = None
    kind: AnswerKind = AnswerKind.MANUAL


@dataclass(frozen=True, slots=True)
class MessageEdited(Told):
    message: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class MessageDeleted(Told):
    message: str = ""


@dataclass(frozen=True, slots=True)
class OrderChanged(Told):
    """An order started or was updated; `order` carries its state."""

    started: bool = False


@dataclass(frozen=True, slots=True)
class SpamTold(Told):
    """A message was reported as spam, or by `reported` False no longer is. `message` is the marketplace's id of it."""

    message: str = ""
    reported: bool = True


@dataclass(frozen=True, slots=True)
class ConversationRemoved(Told):
    """The marketplace removed it, as where it bans a buyer: nobody can answer there any more."""


@dataclass(frozen=True, slots=True)
class BuyerBlocked(Told):
    """The seller blocked the buyer on the marketplace's site."""


@dataclass(frozen=True, slots=True)
class AvailabilityChanged:
    """The shop is away for `absence`, or available where that is None; by the marketplace's own word."""

    id: str
    at: int
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event of a type we do not know: accepted and kept, so that new types break no old install."""

    id: str
    at: int
    type: str
    body: str


Event = (
    MessageReceived
    | MessageSent
    | MessageEdited
    | MessageDeleted
    | OrderChanged
    | SpamTold
    | ConversationRemoved
    | BuyerBlocked
    | AvailabilityChanged
    | Ignored
)


class EventResult(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
