"""What the auditor looks at, a bounded piece at a time, and what it mends."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from core.domain.auditor import LATE, Audit, Flaw, Found
from core.domain.obligations import OWED
from core.domain.zones import HOUR
from core.ids import is_id, shard_of
from core.store import keys
from core.store.rooms import SHOWN_AT_LINKING
from core.store.scripts import text, word
from core.store.sellers import sellers_in
from core.store.shops import shops_of
from core.store.store import Fields, Store, fields_of, flat

ROLE = "auditor"
PAGE = 50  # obligations take 30 µs each
LIST_PAGE = 500
AHEAD, BEHIND = 6 * HOUR, HOUR  # what falls due so soon, or did so lately, is looked at in every round
STRANDS = 100  # of each part of a lane
OVERDUE = 20  # of a shard: more of them say no more


Look = Callable[[Store, int, list[str]], Awaitable[list[Found]]]


@dataclass(frozen=True, slots=True)
class Glance:
    """What one piece showed. `late`: by how many milliseconds what is most overdue of a shard is."""

    found: Sequence[Found]
    paused: int = 0
    late: int = 0


async def glances(store: Store) -> AsyncIterator[Glance]:
    """Shard by shard, by the lists that there are: what is overdue, what is owed soon, and the lanes."""
    for shard in range(store.shards):
        yield await look_at_time(store, shard)
        for seller in await sellers_in(store, shard):
            async for page in _near(store, seller):
                yield Glance(await look_at_obligations(store, shard, page, seller))
            lanes = await _lanes(store, seller)
            for start in range(0, len(lanes), PAGE):
                yield await look_at_lanes(store, shard, lanes[start : start + PAGE])


async def sweep(store: Store) -> AsyncIterator[Glance]:
    """All lists of what is owed, and every obligation and delivery, whatever names it, in small steps of SCAN."""
    for shard in range(store.shards):
        for seller in await sellers_in(store, shard):
            async for page in _strays(store, seller):
                yield Glance(await look_at_obligations(store, shard, page, seller) if page else ())
    looks: dict[str, Look] = {keys.obligation.name: look_at_obligations, keys.delivery.name: look_at_deliveries}
    waiting: dict[tuple[str, int], list[str]] = defaultdict(list)
    async for name in store.engine.scan(keys.ANY_SHARD):
        for kind in (keys.obligation, keys.delivery):
            if parts := kind.parts_in(name):
                id = parts[0]
                some = waiting[kind.name, shard_of(id)]
                some.append(id)
                if len(some) >= PAGE:
                    yield Glance(await looks[kind.name](store, shard_of(id), some))
                    some.clear()
    for (kind_name, shard), some in waiting.items():
        if some:
            yield Glance(await looks[kind_name](store, shard, some))


async def look_again(store: Store, suspects: Sequence[Found]) -> list[Found]:
    """Those of the suspects that are found once more."""
    looks: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for each in suspects:
        looks[_LOOKS[each.flaw], each.shard, each.about if is_unknown(each) else ""].append(each.subject)
    found: set[Found] = set()
    for (look, shard, seller), subjects in looks.items():
        some = list(dict.fromkeys(subjects))
        match look:
            case "obligations":
                found |= {*await look_at_obligations(store, shard, some, seller)}
            case "deliveries":
                found |= {*await look_at_deliveries(store, shard, some)}
            case "lanes":
                found |= {*(await look_at_lanes(store, shard, some)).found}
            case _:
                found |= {*(await look_at_time(store, shard)).found}
    return [each for each in suspects if each in found]


_LOOKS = dict.fromkeys(Flaw, "obligations") | {
    Flaw.DELIVERY_STRAY: "deliveries",
    Flaw.STRAND_EMPTY: "lanes",
    Flaw.LANE_MISSING: "lanes",
    Flaw.LANE_LATE: "time",
    Flaw.MOMENT_LATE: "time",
}


def is_unknown(found: Found) -> bool:
    """Of what stands in a seller's list and is no obligation nobody knows the conversation."""
    return is_id(found.about, "seller")


async def look_at_time(store: Store, shard: int) -> Glance:
    tag = keys.tag(shard)
    found: list[Found] = []
    latest = 0
    for name, at, flaw in (
        (keys.agenda(tag), store.clock.now(), Flaw.MOMENT_LATE),
        (keys.lanes(tag), store.clock.wall(), Flaw.LANE_LATE),
    ):
        first = await store.engine.call("ZRANGE", name, 0, 0, "WITHSCORES")
        late = at - _score(first) if first else 0
        latest = max(latest, late)
        if late > LATE:
            overdue = await store.engine.call("ZRANGEBYSCORE", name, "-inf", at - LATE, "LIMIT", 0, OVERDUE)
            found += [Found(flaw, shard, subject.decode()) for subject in overdue]
    return Glance(found, late=latest)


async def look_at_obligations(store: Store, shard: int, obligations: list[str], seller: str = "") -> list[Found]:
    """`seller`: in whose list of what is owed they stand; empty for those that were found by themselves."""
    reply = await store.scripts.run(
        "audit_obligations",
        keys.tag(shard),
        obligations=obligations,
        seller=seller,
        now=store.clock.now(),
        late=LATE,
        most=SHOWN_AT_LINKING,
        owed_states=dict.fromkeys(OWED, True),
    )
    return [
        Found(Flaw(flaw), shard, subject, conversation or seller, room)
        for flaw, subject, conversation, room in text(reply)
    ]


async def look_at_lanes(store: Store, shard: int, lanes: list[str]) -> Glance:
    wall = store.clock.wall()
    reply = await store.scripts.run("audit_lanes", keys.tag(shard), lanes=lanes, wall=wall, late=LATE, most=STRANDS)
    paused, flaws = text(reply)
    return Glance([Found(Flaw(flaw), shard, lane, lane) for flaw, lane in flaws], paused)


async def look_at_deliveries(store: Store, shard: int, deliveries: list[str]) -> list[Found]:
    reply = await store.scripts.run("audit_deliveries", keys.tag(shard), deliveries=deliveries)
    return [Found(Flaw.DELIVERY_STRAY, shard, delivery, lane) for delivery, lane in text(reply)]


async def mend_lane(store: Store, found: Found) -> None:
    delivery = found.subject if found.flaw is Flaw.DELIVERY_STRAY else ""
    tag, wall = keys.tag(found.shard), store.clock.wall()
    await store.scripts.run("mend_lane", tag, lane=found.about, delivery=delivery, wall=wall)


async def mend_card(store: Store, found: Found) -> None:
    tag, wall = keys.tag(found.shard), store.clock.wall()
    await store.scripts.run("mend_card", tag, room=found.room, conversation=found.about, wall=wall)


async def mend_reminder(store: Store, found: Found) -> None:
    tag, wall = keys.tag(found.shard), store.clock.wall()
    await store.scripts.run("mend_reminder", tag, room=found.room, obligation=found.subject, wall=wall)


async def mend_owed(store: Store, found: Found) -> None:
    await store.scripts.run("mend_owed", keys.tag(found.shard), seller=found.about, obligation=found.subject)


async def keep_audit(store: Store, process: str, audit: Audit) -> bool:
    """For everybody to read, with the sums of all walks. False where another process holds the role."""
    fields = {
        "found": _packed(audit.found),
        "mended": _packed(audit.mended),
        "paused": str(audit.paused),
        "late": str(audit.late),
        **({"swept_at": str(audit.walked_at)} if audit.swept else {}),
    }
    totals = [
        [f"{word}/{flaw}", many]
        for word, counted in (("found", audit.found), ("mended", audit.mended))
        for flaw, many in counted.items()
    ]
    reply = await store.scripts.run(
        "keep_audit",
        keys.role_tag(ROLE),
        process=process,
        walked_at=audit.walked_at,
        fields=flat(fields),
        totals=totals,
    )
    return word(reply) != "stale"


@dataclass(frozen=True, slots=True)
class Audits:
    """The last walk, when the last whole one was (0: never), and the sums of all walks."""

    last: Audit
    swept_at: int
    found: Mapping[Flaw, int]
    mended: Mapping[Flaw, int]


async def read_audits(store: Store) -> Audits | None:
    """None while nobody has walked yet."""
    fields = fields_of(await store.engine.call("HGETALL", keys.audit(keys.role_tag(ROLE))))
    if not fields:
        return None
    last = Audit(
        walked_at=int(fields["walked_at"]),
        swept=fields["walked_at"] == fields.get("swept_at"),
        found=_counted(fields["found"]),
        mended=_counted(fields["mended"]),
        paused=int(fields["paused"]),
        late=int(fields["late"]),
    )
    totals = partial(_totals, fields)
    return Audits(last, int(fields.get("swept_at", "0")), totals("found"), totals("mended"))


def _totals(fields: Fields, word: str) -> dict[Flaw, int]:
    return {flaw: int(fields[name]) for flaw in Flaw if (name := f"{word}/{flaw}") in fields}


def _packed(counted: Mapping[Flaw, int]) -> str:
    return " ".join(f"{flaw}={many}" for flaw, many in counted.items() if many)


def _counted(packed: str) -> Counter[Flaw]:
    pairs = (each.partition("=") for each in packed.split())
    return Counter({Flaw(flaw): int(many) for flaw, _, many in pairs})


async def _near(store: Store, seller: str) -> AsyncIterator[list[str]]:
    """By their deadlines. What leaves the list meanwhile lets some slip by unseen, until the next round."""
    name, now = keys.owed(keys.tag_of(seller), seller), store.clock.now()
    first = 0
    while page := await store.engine.call("ZRANGEBYSCORE", name, now - BEHIND, now + AHEAD, "LIMIT", first, PAGE):
        yield [obligation.decode() for obligation in page]
        first += PAGE


async def _strays(store: Store, seller: str) -> AsyncIterator[list[str]]:
    first, looked_at = 0, LIST_PAGE
    while looked_at == LIST_PAGE:
        reply = await store.scripts.run(
            "audit_owed",
            keys.tag_of(seller),
            seller=seller,
            first=first,
            page=LIST_PAGE,
            owed_states=dict.fromkeys(OWED, True),
        )
        looked_at, strays = text(reply)
        yield strays
        first += LIST_PAGE


async def _lanes(store: Store, seller: str) -> list[str]:
    rooms = await store.engine.call("HVALS", keys.rooms(keys.tag_of(seller), seller))
    shops = [f"shop/{shop}" for shop in await shops_of(store, seller)]
    return sorted({*(lane.decode() for lane in rooms), *shops})


def _score(first: list[object]) -> int:
    """Of the first entry, as it comes with either protocol: flat, or as a pair."""
    entry = first[0]
    score = entry[1] if isinstance(entry, list) else first[1]
    return int(float(score))  # type: ignore[arg-type]
