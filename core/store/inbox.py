"""The inbox, read page by page, and searched; each in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.conversations import Message
from core.domain.inbox import PAGE, Line, Spoken
from core.store import keys
from core.store.messages import to_message
from core.store.store import Store, fields_of, unpack

COUNTED = 500  # obligations that are looked at to tell how much is owed
SEARCHED_OWED = 100  # with those below some five milliseconds of Redis
SEARCHED_SETTLED = 60
SEARCHED_MESSAGES = 3  # the newest of each conversation
SHOWN_BYTES = 400
SEARCHED_BYTES = 1_000
MESSAGES = 5  # of a page of what was said


@dataclass(frozen=True, slots=True)
class Owed:
    """A page of what is owed. `count`: conversations in all, or at least so many where there are `more`."""

    lines: Sequence[Line]
    count: int
    more: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Searched:
    """All that a search looked at: first the `owed`, then what was settled last."""

    lines: Sequence[Line]
    owed: int
    zone: str


@dataclass(frozen=True, slots=True)
class Told:
    """A page of what was said in a conversation, the newest first; `count` messages in all."""

    messages: Sequence[Message]
    count: int
    buyer: str
    zone: str


async def read_inbox(store: Store, seller: str, page: int) -> Owed:
    """What is owed, the nearest deadline first."""
    zone, count, more, lines = await store.scripts.run(
        "read_inbox",
        keys.tag_of(seller),
        seller=seller,
        skip=page * PAGE,
        count=PAGE,
        most=COUNTED,
        bytes=SHOWN_BYTES,
    )
    return Owed([_line(each) for each in lines], count, more == 1, zone.decode())


async def count_overdue(store: Store, seller: str) -> int:
    """The conversations whose deadline has passed, as far as they are counted."""
    count: int = await store.scripts.run(
        "count_overdue", keys.tag_of(seller), seller=seller, now=store.clock.now(), most=COUNTED
    )
    return count


async def search_inbox(store: Store, seller: str) -> Searched:
    """Where to look: as far back as a search goes, and no further."""
    zone, owed, lines = await store.scripts.run(
        "search_inbox",
        keys.tag_of(seller),
        seller=seller,
        most_owed=SEARCHED_OWED,
        most_settled=SEARCHED_SETTLED,
        count=SEARCHED_MESSAGES,
        bytes=SEARCHED_BYTES,
    )
    return Searched([_line(each) for each in lines], owed, zone.decode())


async def read_messages(store: Store, seller: str, conversation: str, page: int) -> Told | None:
    """None for a conversation that is not this seller's."""
    reply = await store.scripts.run(
        "read_messages", keys.tag_of(conversation), conversation=conversation, skip=page * MESSAGES, count=MESSAGES
    )
    if not reply or reply[0].decode() != seller:
        return None
    _, zone, key, buyer, count, messages = reply
    read = [to_message(name.decode(), fields_of(found)) for name, found in messages if found]
    return Told(read, count, _name(buyer.decode()) or key.decode(), zone.decode())


def _line(row: list[Any]) -> Line:
    conversation, shop, key, buyer, on_it, sending, owed, due, breached, asked, newest = row
    return Line(
        conversation=conversation.decode(),
        shop=shop.decode(),
        buyer=_name(buyer.decode()) or key.decode(),
        asked=_spoken(asked),
        owed=owed == 1,
        deadline=int(due) if due else None,
        breached=breached == 1,
        sending=bool(sending),
        on_it=on_it.decode(),
        said=tuple(_spoken(each) for each in newest),
    )


def _spoken(row: list[Any]) -> Spoken:
    """What was cut in the middle of a character loses that character."""
    if not row:
        return Spoken("", forgotten=True)
    text, deleted, starts_order, forgotten = row
    return Spoken(text.decode(errors="ignore"), deleted == 1, starts_order == 1, forgotten == 1)


def _name(packed: str) -> str:
    buyer = unpack(packed) if packed else {}
    return str(buyer.get("name") or buyer.get("id") or "")
