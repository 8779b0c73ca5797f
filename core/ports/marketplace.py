"""The port to a marketplace: it takes replies and spam reports, and by connector pushes or is polled."""

from dataclasses import dataclass
from typing import Protocol

from core.domain.conversations import Attachment
from core.domain.files import NO_FILES, FileLimits
from core.domain.members import Identity
from core.domain.quick_responses import Used
from core.domain.shops import Shop, ShopSecrets


@dataclass(frozen=True, slots=True)
class OutgoingReply:
    """A reply on its way out. `id` stays the same over all tries: the marketplace drops what it had already."""

    id: str
    conversation: str  # the marketplace's own id
    text: str
    author: Identity | None  # None: nobody wrote it, it is a holding reply
    in_reply_to: str | None  # the marketplace's own id of the newest buyer's message
    written_at: int
    attachments: tuple[Attachment, ...] = ()
    used: Used | None = None  # the quick response that it was made from


@dataclass(frozen=True, slots=True)
class OutgoingUnreachable:
    """None of the seller's rooms works; `problem` says why, in English. `owed` is what waits: conversations by its own
    ids, and deadlines.
    """

    id: str
    problem: str
    owed: tuple[tuple[str, int | None], ...]
    at: int


@dataclass(frozen=True, slots=True)
class OutgoingAvailability:
    """Away from `start` until `end`, or available where both are None. `at`: when a member said so; the newest holds.

    `note` is for buyers. `accept_messages`: they may write meanwhile.
    """

    id: str
    start: int | None
    end: int | None
    note: str
    accept_messages: bool
    at: int


@dataclass(frozen=True, slots=True)
class OutgoingSpamReport:
    """A spam report, or its taking back, on its way out; `id` as in `OutgoingReply`. The others are the marketplace's
    own ids. `at`: when the member did it.
    """

    id: str
    conversation: str
    message: str
    reason: str
    reporter: Identity
    at: int
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The marketplace has it. `accepted_at` in milliseconds: its own word where plausible, else when it answered."""

    accepted_at: int
    message_key: str | None = None
    repeated: bool = False  # it said that it had it already


@dataclass(frozen=True, slots=True)
class MarketplaceCapabilities:
    """`sends`: takes replies from us; `takes_reports`: spam reports too."""

    sends: bool
    takes_reports: bool = False
    files: FileLimits = NO_FILES


class Marketplace(Protocol):
    """Raises `core.errors.OutsideError`: Rejected, TryLater, AccessLost (the shop is paused), Unknown.

    Whose answer was lost is called again with the same id: a connector to a marketplace that knows no ids looks for
    what arrived before it sends anew.
    """

    name: str

    def capabilities(self, shop: Shop) -> MarketplaceCapabilities: ...
    async def send(self, shop: Shop, secrets: ShopSecrets, reply: OutgoingReply) -> Receipt: ...
    async def set_availability(self, shop: Shop, secrets: ShopSecrets, told: OutgoingAvailability) -> Receipt: ...
    async def tell_unreachable(self, shop: Shop, secrets: ShopSecrets, told: OutgoingUnreachable) -> Receipt: ...
    async def report_spam(self, shop: Shop, secrets: ShopSecrets, report: OutgoingSpamReport) -> Receipt: ...
    async def check(self, shop: Shop, secrets: ShopSecrets) -> None:
        """A signed ping; raises what went wrong."""

    async def aclose(self) -> None: ...
