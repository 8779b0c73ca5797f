"""Deliveries: the duty to carry one thing out of Shopbell, and how it is tried again."""

from dataclasses import dataclass, field
from enum import StrEnum


class DeliveryKind(StrEnum):
    CARD = "card"  # a new card to a room: it rings
    THREAD = "thread"  # a thread of its own for a card, before that is posted
    MESSAGE = "message"  # the buyer wrote again: a line beside the card
    ORDER = "order"  # an order started, and no answer to that is owed
    CALL = "call"  # a direct message to one member
    PICTURE = "picture"  # what a buyer attached, shown beside the card
    RECEIPT = "receipt"  # what became of a reply
    STOPPED = "stopped"  # a held reply stopped: its author is asked
    REDRAW = "redraw"  # a mark that a card is out of date; drawn from the state at the time of sending
    OVERVIEW = "overview"  # the same of all that a member sees of their sellers
    REMINDER = "reminder"  # a deadline comes near, or has passed
    LIST = "list"  # many new conversations at once, in place of a ringing for each
    DIGEST = "digest"  # what a seller is told of an evening or a week
    REPORT_DUE = "report_due"  # a spam report is not accepted yet, and its time comes to an end
    LAPSE = "lapse"  # a claim lapsed: the next on duty is told
    ABSENCE = "absence"  # what a room is told of a shop's availability
    NOTICE = "notice"  # something a member must know about Shopbell itself
    REPLY = "reply"  # a reply to a marketplace
    AVAILABILITY = "availability"  # a shop's availability, to its marketplace
    UNREACHABLE = "unreachable"  # a marketplace is told that none of the seller's rooms works
    SPAM = "spam"  # a spam report to a marketplace, or its taking back


class DeliveryState(StrEnum):
    HELD = "held"  # it can be taken back until its time has come
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"  # it may have happened: found, or sent again where the other side honours our id
    PARKED = "parked"  # refused or given up; somebody was told, one command replays it
    DROPPED = "dropped"  # no longer needed


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed delivery. `token` fences its outcome: a stale worker may adopt a receipt, never send.

    `was_unknown`: the try before this one may have happened. `created` and `intent` in milliseconds by `wall`.
    """

    id: str
    kind: DeliveryKind
    lane: str
    strand: str
    token: str
    tries: int
    was_unknown: bool
    created: int
    intent: int
    room: str = ""
    shop: str = ""
    conversation: str = ""
    message: str = ""
    facts: dict[str, str] = field(default_factory=dict)


# Standard Webhooks 1.0, "Retry schedule": 75 h 35 min in all, in seconds.
RETRY_DELAYS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
# While an answer is owed: after each outage it is late by about as long as that took, and by five minutes at most.
OWED_DELAYS = (5, 10, 20, 40, 80, 160, 300)
CHAT_DELAYS = (1, 2, 4, 8, 16, 32, 60)


def reply_delay(tries: int, age: float, *, owed: bool, jitter: float) -> float | None:
    """Seconds until a reply is tried again after `tries` tries; None when it is to be given up.

    `age` is the reply's, in seconds. `jitter` lies in [0, 1) and spreads a delay over its last fifth.
    While the answer is owed, the schedule's length in time holds, not its number of tries.
    """
    if owed:
        if age > sum(RETRY_DELAYS):
            return None
        base: float = OWED_DELAYS[min(tries, len(OWED_DELAYS)) - 1]
    elif tries > len(RETRY_DELAYS):
        return None
    else:
        base = RETRY_DELAYS[tries - 1]
    return base * (0.8 + 0.2 * jitter)


def chat_delay(tries: int, *, jitter: float) -> float:
    """Seconds until a chat is tried again: 1, 2, 4 … 60, spread over the last fifth. It is never given up."""
    return CHAT_DELAYS[min(tries, len(CHAT_DELAYS)) - 1] * (0.8 + 0.2 * jitter)
