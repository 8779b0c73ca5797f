"""The ledger, read page by page: what entered a rate, newest first, and what waits, by deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.entries import entry_of
from core.domain.ledger import Entry
from core.domain.obligations import Obligation, ObligationState, state_at
from core.domain.policies import Rule
from core.store import keys
from core.store.histories import to_obligation
from core.store.policies import unpacked
from core.store.rates import AHEAD, Ledger
from core.store.rooms import to_identity
from core.store.store import Store, fields_of, unpack

ALL_VERDICTS = ("met", "missed", "excluded")
COUNTING = ("met", "missed")
PAGE = 200  # obligations: about a millisecond in Redis

Spot = tuple[str, str]
"""Where a listing goes on: the score and the id of the last one that was looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """An obligation as it is listed. `conversation` is the marketplace's id; `by` who answered, empty on the site."""

    obligation: Obligation
    rule: Rule
    shop: str
    conversation: str
    buyer: str
    url: str
    by: str

    def entry(self, now: int) -> Entry:
        return entry_of(self.obligation, self.rule, now, conversation=self.conversation, by=self.by or None)

    def state(self, now: int) -> ObligationState:
        return state_at(self.obligation, now)


@dataclass(frozen=True, slots=True)
class Page:
    """`spot` is None on the last page; one without lines may have others after it."""

    lines: Sequence[Line]
    spot: Spot | None


async def read_ledger(
    store: Store,
    ledgers: Sequence[Ledger],
    now: int,
    *,
    verdicts: Sequence[str] = ALL_VERDICTS,
    since: int = 0,
    spot: Spot | None = None,
    page: int = PAGE,
) -> Page:
    """What counts from `since` on, newest first; to begin before an instant, its spot is that instant with no id."""
    below, below_id = spot or (str(2**53), "")
    reply = await store.scripts.run(
        "read_ledger",
        keys.tag_of(ledgers[0][0]),
        now=now,
        soon=now + AHEAD,
        ledgers=ledgers,
        verdicts=verdicts,
        **{"from": since},
        below=int(below),
        below_id=below_id,
        page=page,
    )
    return _page(reply)


async def read_owed(
    store: Store,
    ledgers: Sequence[Ledger],
    *,
    above: int | None = None,
    until: int | None = None,
    spot: Spot | None = None,
    page: int = PAGE,
) -> Page:
    """What is owed, by deadline: those after `above`, up to `until`. A page looks at others of the seller's too."""
    return await _read_waiting(store, ledgers, coming=False, above=above, until=until, spot=spot, page=page)


async def read_coming(
    store: Store, ledgers: Sequence[Ledger], *, above: int | None = None, spot: Spot | None = None, page: int = PAGE
) -> Page:
    """What is settled and has not entered the rate yet, by when it does."""
    return await _read_waiting(store, ledgers, coming=True, above=above, until=None, spot=spot, page=page)


async def _read_waiting(
    store: Store,
    ledgers: Sequence[Ledger],
    *,
    coming: bool,
    above: int | None,
    until: int | None,
    spot: Spot | None,
    page: int,
) -> Page:
    low, low_id = spot or ("-inf" if above is None else str(above + 1), "")
    reply = await store.scripts.run(
        "read_waiting",
        keys.tag_of(ledgers[0][0]),
        ledgers=ledgers,
        coming=coming,
        above=low,
        above_id=low_id,
        bound="+inf" if until is None else str(until),
        page=page,
    )
    return _page(reply)


async def length(store: Store, ledgers: Sequence[Ledger]) -> int:
    """How many entries the ledgers hold, all verdicts together."""
    tag = keys.tag_of(ledgers[0][0])
    names = [keys.ledger(tag, shop, kind, verdict) for shop, kind in ledgers for verdict in ALL_VERDICTS]
    return sum([await store.engine.call("ZCARD", name) for name in names])


def _page(reply: Any) -> Page:
    (score, last), (rows, told) = reply
    policies = dict(told)
    lines = [_line(row, policies) for row in rows]
    return Page(lines, (str(score if isinstance(score, int) else score.decode()), last.decode()) if last else None)


def _line(row: list[Any], policies: Mapping[bytes, bytes]) -> Line:
    id, fields, *about = row
    shop, conversation, buyer, url, author = (each.decode() for each in about)
    obligation = to_obligation(id.decode(), fields_of(fields))
    policy = unpacked(policies[obligation.policy.encode()].decode())
    return Line(
        obligation=obligation,
        rule=policy.rule(obligation.kind),
        shop=shop,
        conversation=conversation,
        buyer=_name(buyer) or conversation,
        url=url,
        by=_writer(author),
    )


def _name(packed: str) -> str:
    buyer = unpack(packed) if packed else {}
    return str(buyer.get("name") or buyer.get("id") or "")


def _writer(packed: str) -> str:
    if not packed:
        return ""
    who = to_identity(*unpack(packed))
    return who.name or who.user
