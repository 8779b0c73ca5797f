"""The ledger and the obligations of a shop, listed as of one instant: what waits by its deadline, then newest first."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain.ledger import Entry, Verdict
from core.domain.obligations import OWED, ObligationKind, ObligationState
from core.domain.policies import Maturity
from core.services.deps import Deps
from core.store import ledger as store
from core.store.ledger import Line, Page, Spot
from core.store.rates import Ledger
from core.store.shops import KnownShop

MOST_LOOKED_AT = 5_000  # obligations for one answer; a rare state is found over several


class Part(StrEnum):
    """A listing goes through these in turn."""

    COMING = "coming"  # settled, and still to enter the rate
    OWED = "owed"
    ENTERED = "entered"  # the rate, or what it leaves out


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a listing goes on. `as_of` is when it began: all is told as it was then, and nothing that came later."""

    as_of: int
    part: Part
    spot: Spot | None = None

    def __str__(self) -> str:
        score, id = self.spot or ("", "")
        return f"{self.as_of}.{self.part}.{score}.{id}"


_CURSOR = re.compile(r"(\d{13})\.(coming|owed|entered)\.(?:(\d{1,13}|inf)\.(\d\do[a-z2-7]{20})|\.)")


def read_cursor(text: str) -> Cursor | None:
    """None for what no listing ever gave out."""
    found = _CURSOR.fullmatch(text)
    if found is None or (found[2] == Part.ENTERED and found[3] == "inf"):
        return None
    return Cursor(int(found[1]), Part(found[2]), (found[3], found[4]) if found[3] else None)


@dataclass(frozen=True, slots=True)
class Listing:
    """`cursor` is None where nothing comes after; an empty listing may go on."""

    as_of: int
    lines: Sequence[Line]
    cursor: Cursor | None

    @property
    def entries(self) -> list[Entry]:
        return [line.entry(self.as_of) for line in self.lines]


async def list_ledger(
    deps: Deps,
    shop: KnownShop,
    kinds: Sequence[ObligationKind] = tuple(ObligationKind),
    *,
    since: int = 0,
    until: int | None = None,
    cursor: Cursor | None = None,
    limit: int = store.PAGE,
) -> Listing:
    """Every obligation that counts from `since` on and before `until`, each with its verdict and why."""
    as_of, ledgers = _begun(deps, shop, kinds, cursor)
    # Under such a rule what was never answered never enters, and waits for ever.
    waits = any(rule.maturity is Maturity.ANSWERED_ONLY for each in shop.policies.values() for rule in each.rules)

    def within(line: Line) -> bool:
        return since <= line.obligation.counted_from and (until is None or line.obligation.counted_from < until)

    def is_pending(line: Line) -> bool:
        return line.entry(as_of).verdict is Verdict.PENDING

    parts = [
        _coming(deps, ledgers, as_of, lambda line: within(line) and is_pending(line)),
        _owed(deps, ledgers, lambda line: within(line) and is_pending(line), above=None if waits else as_of),
        _entered(deps, ledgers, lambda line: not is_pending(line), since=since, until=until),
    ]
    return await _walk(parts, as_of, cursor, limit)


async def every_entry(
    deps: Deps,
    shop: KnownShop,
    kinds: Sequence[ObligationKind] = tuple(ObligationKind),
    *,
    since: int = 0,
    until: int | None = None,
) -> AsyncIterator[Listing]:
    """The same whole, page by page."""
    cursor: Cursor | None = None
    while True:
        page = await list_ledger(deps, shop, kinds, since=since, until=until, cursor=cursor)
        yield page
        cursor = page.cursor
        if cursor is None:
            return


async def length(deps: Deps, shop: KnownShop, kinds: Sequence[ObligationKind] = tuple(ObligationKind)) -> int:
    """About how many entries the whole has: those that wait are not counted."""
    return await store.length(deps.store, [(shop.shop.id, kind) for kind in kinds])


async def list_obligations(
    deps: Deps,
    shop: KnownShop,
    kinds: Sequence[ObligationKind] = tuple(ObligationKind),
    *,
    state: ObligationState | None = None,
    cursor: Cursor | None = None,
    limit: int = store.PAGE,
) -> Listing:
    """All of a shop, or those in one state; whether they count or not."""
    as_of, ledgers = _begun(deps, shop, kinds, cursor)

    def is_in(line: Line) -> bool:
        return state in (None, line.state(as_of))

    def was_settled(line: Line) -> bool:
        settled_at = line.obligation.settled_at
        return is_in(line) and settled_at is not None and settled_at <= as_of

    parts: list[_Part] = []
    if state not in OWED:
        parts.append(_coming(deps, ledgers, as_of, was_settled))
    if state in OWED or state is None:
        above = as_of if state is ObligationState.OPEN else None
        until = as_of if state is ObligationState.BREACHED else None
        parts.append(_owed(deps, ledgers, is_in, above=above, until=until))
    if state not in OWED:
        parts.append(_entered(deps, ledgers, was_settled))
    return await _walk(parts, as_of, cursor, limit)


@dataclass(frozen=True, slots=True)
class _Part:
    name: Part
    read: Callable[[Spot | None, int], Awaitable[Page]]
    keeps: Callable[[Line], bool]


def _coming(deps: Deps, ledgers: Sequence[Ledger], as_of: int, keeps: Callable[[Line], bool]) -> _Part:
    return _Part(
        Part.COMING,
        lambda spot, page: store.read_coming(deps.store, ledgers, above=as_of, spot=spot, page=page),
        keeps,
    )


def _owed(
    deps: Deps,
    ledgers: Sequence[Ledger],
    keeps: Callable[[Line], bool],
    *,
    above: int | None = None,
    until: int | None = None,
) -> _Part:
    return _Part(
        Part.OWED,
        lambda spot, page: store.read_owed(deps.store, ledgers, above=above, until=until, spot=spot, page=page),
        keeps,
    )


def _entered(
    deps: Deps,
    ledgers: Sequence[Ledger],
    keeps: Callable[[Line], bool],
    *,
    since: int = 0,
    until: int | None = None,
) -> _Part:
    first = None if until is None else (str(until), "")
    return _Part(
        Part.ENTERED,
        lambda spot, page: store.read_ledger(
            deps.store, ledgers, deps.clock.now(), since=since, spot=spot or first, page=page
        ),
        keeps,
    )


def _begun(
    deps: Deps, shop: KnownShop, kinds: Sequence[ObligationKind], cursor: Cursor | None
) -> tuple[int, list[Ledger]]:
    return (cursor.as_of if cursor else deps.clock.now()), [(shop.shop.id, kind) for kind in kinds]


async def _walk(parts: Sequence[_Part], as_of: int, cursor: Cursor | None, limit: int) -> Listing:
    """Through the parts from the cursor on, until there is enough, or enough was looked at."""
    lines: list[Line] = []
    names = [part.name for part in parts]
    at = names.index(cursor.part) if cursor and cursor.part in names else 0
    spot = cursor.spot if cursor else None
    looked = 0
    while at < len(parts):
        size = min(limit - len(lines), store.PAGE)
        if size == 0 or looked >= MOST_LOOKED_AT:
            return Listing(as_of, lines, Cursor(as_of, parts[at].name, spot))
        page = await parts[at].read(spot, size)
        lines += [line for line in page.lines if parts[at].keeps(line) and line.obligation.opened_at <= as_of]
        looked += size
        spot = page.spot
        if spot is None:
            at += 1
    return Listing(as_of, lines, None)
