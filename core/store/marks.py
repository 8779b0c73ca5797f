"""Marks: what was done about a conversation beside writing, kept by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.histories import Lane, OrderTold, Reported, Waived
from core.domain.obligations import ObligationKind
from core.store import keys
from core.store.scripts import word
from core.store.store import Fields, Store

GONE = "gone"
BLOCKED = "blocked"
REPORTED = "reported"
WITHDRAWN = "withdrawn"
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class NewMark:
    """What was done just now about a conversation beside writing."""

    name: str
    value: str


class Marks:
    """`spam/<stamp>/<message>`, `order/<stamp>/<order>`, `waive/<id>/<kind>/<order>`, `gone/…`, `blocked/<stamp>`."""

    def __init__(self, fields: Fields) -> None:
        self._by_kind: dict[str, list[tuple[str, str, str]]] = {}
        for name, value in fields.items():
            kind, _, rest = name.partition("/")
            first, _, about = rest.partition("/")
            self._by_kind.setdefault(kind, []).append((first, about, value))

    def reports(self, message: str) -> tuple[Reported, ...]:
        found = [(int(stamp[:13]), said) for stamp, about, said in self._of("spam") if about == message]
        return tuple(Reported(at, undone=said != REPORTED) for at, said in sorted(found))

    def orders(self) -> Iterator[OrderTold]:
        for stamp, order, state in self._of("order"):
            yield OrderTold(int(stamp[:13]), order, state == CLOSED)

    def waived(self) -> Iterator[Waived]:
        """A waiver that was taken back has no instant any more."""
        for _, lane, at in self._of("waive"):
            if at:
                kind, _, order = lane.partition("/")
                yield Waived(int(at), (ObligationKind(kind), order or None))

    def first(self, kind: str) -> int | None:
        return min((int(at) for _, _, at in self._of(kind)), default=None)

    def _of(self, kind: str) -> list[tuple[str, str, str]]:
        return self._by_kind.get(kind, [])


async def mark_conversation(
    store: Store,
    seller: str,
    conversation: str,
    mark: NewMark,
    *,
    message: str = "",
    waived_by: str = "",
    regard: str = "",
    regarded: str = "",
) -> str:
    """Something was done about a conversation beside writing. fold, repeated, or missing (not this seller's).

    `message` is told who waived it; a `regard` is set to `regarded`, or taken away where that is empty.
    """
    reply = await store.scripts.run(
        "mark_conversation",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        now=store.clock.now(),
        seller=seller,
        conversation=conversation,
        name=mark.name,
        value=mark.value,
        message=message,
        waived_by=waived_by,
        regard=regard,
        regarded=regarded,
    )
    return word(reply)


def spam_mark(at: int, suffix: str, message: str) -> str:
    """A report of a message, or its taking back; `suffix` tells apart what happened in one millisecond."""
    return f"spam/{at:013d}-{suffix}/{message}"


def waiver_mark(lane: Lane, id: str) -> str:
    kind, order = lane
    return f"waive/{id}/{kind}/{order or ''}"
