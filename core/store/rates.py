"""Rates, counted where the ledger is kept; and the numbers that the marketplaces themselves show."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from core.domain.ledger import Counts
from core.domain.obligations import ObligationKind
from core.domain.policies import Scope
from core.domain.rates import Percent
from core.store import keys
from core.store.store import Store, fields_of, pack, unpack

AHEAD = 60_000  # milliseconds: no moment is put off for longer
EVERY = 2**53
EVER = -1  # before any instant

Ledger = tuple[str, ObligationKind]
"""The ledger of a shop and kind; those that are counted together belong to one seller."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is counted as if it stood in the ledger."""

    counted_from: int
    obligation: str
    met: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """`oldest` is when the oldest of them counts from; None where there are none, or nobody asked."""

    counts: Counts
    oldest: int | None


async def count_rate(
    store: Store,
    ledgers: Sequence[Ledger],
    now: int,
    *,
    start: int = EVER,
    most: int = EVERY,
    assumed: Sequence[Assumed] = (),
    dated: bool = False,
) -> Counted:
    """What counts from after `start` on, in one round trip; of the `most` newest where there are more.

    Exact to the millisecond: what is due counts as missed also before a worker has said so.
    """
    met, missed, oldest = await store.scripts.run(
        "count_rate",
        keys.tag_of(ledgers[0][0]),
        now=now,
        soon=now + AHEAD,
        ledgers=ledgers,
        start=start,
        most=most,
        dated=dated,
        assumed=_packed(assumed) if assumed else b"",
    )
    return Counted(Counts(met, missed), None if oldest == b"" else int(oldest))


def _packed(assumed: Sequence[Assumed]) -> bytes:
    return msgspec.msgpack.encode([(each.counted_from, each.obligation, each.met) for each in assumed])


@dataclass(frozen=True, slots=True)
class Stated:
    """What a member read on the marketplace's own page, `at`; `step` is what it is rounded to."""

    percent: Fraction
    step: Percent
    at: int


async def keep_stated(store: Store, shop: str, scope: Scope, stated: Stated) -> None:
    """The last one entered holds."""
    said = pack([str(stated.percent), str(stated.step), stated.at])
    await store.engine.call("HSET", keys.stated(keys.tag_of(shop), shop), scope, said)


async def read_stated(store: Store, shop: str) -> dict[Scope, Stated]:
    found = fields_of(await store.engine.call("HGETALL", keys.stated(keys.tag_of(shop), shop)))
    told = {Scope(scope): unpack(said) for scope, said in found.items()}
    return {scope: Stated(Fraction(percent), Fraction(step), at) for scope, (percent, step, at) in told.items()}
