"""Obligations: opening, firing what falls due, settling, and what they cost, beside job queues with the same jobs."""

import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.store import keys
from tests.bench.engine import Server, own_valkey
from tests.bench.figures import Figure, Table, compare
from tests.bench.memory import RELAYED, bytes_each, worker_memory
from tests.bench.peers.course import HEADROOM
from tests.bench.plan import Plan, progress, say
from tests.bench.race import FIRING, PATIENCE, Cost, Lateness, Score, lateness, race, step, used_memory, used_processor
from tests.bench.street import Span, Street, street

SECONDS = 2_400.0  # at most: a million pending on a busy machine; a third of it on a quiet one
MB = 1_000_000
AT_ONCE = 10_000  # up to so many due in one instant the goal is that of 100,000 pending
OPEN = {"arq": 3.0, "saq": 1.5, "streaq": 1.5}
SETTLE = {"arq": 3.0, "saq": 8.0}
FIRE = {"arq": 25.0}
SECOND = 1_000
TOGETHER = 100  # events in one request of a marketplace


@dataclass(frozen=True, slots=True)
class Ours:
    """`opened` and `settled`: in batches, as a marketplace sends them; the score has them one by one.

    `weights`: bytes by kind of key; `left`: of all that one buyer's message leaves; `worker`: of a whole one.
    `headroom`: milliseconds that the process which fires had to start in.
    """

    score: Score
    opened: Span
    settled: Span
    weights: Mapping[str, float]
    left: float
    worker: float
    headroom: int


async def bench(plan: Plan) -> Table:
    async with own_valkey() as server:
        await server.sync("everysec")
        ours = await _run(server, plan)
    return _table(plan, ours, [await race(peer, plan) for peer in plan.peers])


async def _run(server: Server, plan: Plan) -> Ours:
    """Everything through the functions of the product, as its door and its worker call them."""
    town = await street(server, plan.sellers)
    soon = plan.pending // 10
    far = range(plan.pending - soon)
    before = await used_memory(server.engine)
    empty = await bytes_each(server.engine, len(far))
    singly, together = far[: len(far) // 2], far[len(far) // 2 :]
    opened, _ = await _open(town, singly, 1)
    many, pace = await _open(town, together, TOGETHER)
    left = (await used_memory(server.engine) - before) / len(far)
    weights = await bytes_each(server.engine, len(far))
    weights = {kind: size - empty.get(kind, 0) for kind, size in weights.items()}
    worker = await worker_memory(server.url)
    trickle, _, headroom = await _open_due(town, plan.pending, plan.trickle, plan.trickle_ms, pace)
    trickled, _, memory = await _fire(town, trickle, trickle + plan.trickle_ms)
    chosen = random.Random(2).sample(far, min(len(far), plan.settled))
    settled = await _settle(town, chosen[::2], 1)
    ended = await _settle(town, chosen[1::2], TOGETHER)
    due, _, other = await _open_due(town, far.stop, soon, 0, pace)
    late, fire, again = await _fire(town, due, due)
    score = Score(
        name="Shopbell",
        scheduled=opened.rate,
        cancelled=settled.rate,
        schedule=opened.cost,
        fire=fire,
        cancel=settled.cost,
        late=late,
        trickled=trickled,
        bytes_each=sum(size for kind, size in weights.items() if kind not in RELAYED),
        producer=0,
        worker=max(memory, again),
    )
    return Ours(score, many, ended, weights, left, worker, min(headroom, other))


async def _open(town: Street, numbers: Sequence[int], at_once: int) -> tuple[Span, float]:
    """And how many milliseconds one takes until its card is posted."""
    since = time.perf_counter()
    with progress(f"obligations: opening, {at_once} at once", len(numbers)) as told:
        opened = await town.ask(numbers, told=told, at_once=at_once)
    with progress("obligations: posting cards", len(numbers)) as told:
        await town.post_cards(told=told)
    return opened, (time.perf_counter() - since) / len(numbers) * 1000


async def _settle(town: Street, numbers: Sequence[int], at_once: int) -> Span:
    with progress(f"obligations: settling, {at_once} at once", len(numbers)) as told:
        settled = await town.answer(numbers, told=told, at_once=at_once)
    with progress("obligations: posting receipts", 2 * len(numbers)) as told:
        await town.post_cards(told=told)
    return settled


async def _open_due(town: Street, first: int, count: int, spread: int, pace: float) -> tuple[int, Span, int]:
    """So many that fall due in one instant, or over `spread` milliseconds of it.

    When that is, what opening them took, and how many milliseconds were left to start a worker in.
    """
    clock = town.scene.deps.clock
    due = -(-int(clock.now() + PATIENCE + 1.5 * pace * count) // SECOND) * SECOND
    with progress("obligations: opening what falls due", count) as told:
        opened = await town.ask_due(range(first, first + count), due, spread, told=told)
    with progress("obligations: posting cards", count) as told:
        await town.post_cards(told=told)
    return due, opened, due - clock.now()


async def _fire(town: Street, due: int, last: int) -> tuple[Lateness, Cost, float]:
    """By a process of its own: how late each reminder stood on its lane, what one cost, that process's memory."""
    server = town.server
    seconds = (last - town.scene.deps.clock.now()) / 1000 + FIRING
    say(f"obligations: firing {len(town.due):,}")
    used = await used_processor(server.engine)
    fired = await step(sys.executable, "tests.bench.firing", url=server.url, due=due, last=last, seconds=seconds)
    used = await used_processor(server.engine) - used
    stood = {(tag, now): at for tag, now, at in fired["replied"]}
    with progress("obligations: looking at the rooms", len(town.due)) as told:
        reminders = await town.fired(told=told)
    late = [stood[keys.tag_of(each), now] - town.due[each] for each, now in reminders.items()]
    if len(late) != len(town.due):
        raise AssertionError(f"{len(late)} reminders stand on their lanes; {len(town.due)} fell due")
    return lateness(late), Cost(fired["used"] / len(late) * 1e6, used / len(late) * 1e6), fired["memory"]


def _table(plan: Plan, ours: Ours, peers: Sequence[Score]) -> Table:
    score = ours.score
    at_most = 150 if score.late.count <= AT_ONCE else 1_200
    scheduled = {peer.name: peer.scheduled for peer in peers}
    cancelled = {peer.name: peer.cancelled for peer in peers}
    figures = [
        *_rates("open, one at a time", score.scheduled, scheduled, OPEN),
        *_rates(f"open, {TOGETHER} at a time", ours.opened.rate, scheduled, OPEN),
        *_rates("settle, one at a time", score.cancelled, cancelled, SETTLE),
        *_rates(f"settle, {TOGETHER} at a time", ours.settled.rate, cancelled, SETTLE),
        *_rates("fire onto the lanes", score.fired, {peer.name: peer.fired for peer in peers}, FIRE),
        *_lateness(f"{score.late.count:,} due at once: late", score.late, at_most),
        *_lateness(f"{score.trickled.count:,} one by one: late", score.trickled, 5),
        Figure("Redis, an open obligation and its reminders", [score.bytes_each], "B", goal=400, ceiling=True),
        Figure("Redis, all that a message leaves", [ours.left], "B"),
        Figure("memory of a worker, with both chats", [ours.worker / MB], "MB", goal=80, ceiling=True),
        Figure("memory of a process that only fires", [score.worker / MB], "MB"),
        *_costs("open, one at a time", score.schedule),
        *_costs(f"open, {TOGETHER} at a time", ours.opened.cost),
        *_costs("settle, one at a time", score.cancel),
        *_costs(f"settle, {TOGETHER} at a time", ours.settled.cost),
        *_costs("fire", score.fire),
    ]
    for peer in peers:
        figures += _peer(peer)
    return Table(
        "obligations",
        f"{plan.pending:,} pending, a tenth due at once; appendfsync everysec",
        figures,
        _notes(plan, ours, peers),
    )


def _rates(what: str, rate: float, others: Mapping[str, float], goals: Mapping[str, float]) -> list[Figure]:
    if not others:
        return [Figure(what, [rate])]
    return [compare(what, [rate], name, [other], goal=goals.get(name)) for name, other in others.items()]


def _lateness(what: str, late: Lateness, at_most: float | None = None) -> list[Figure]:
    return [
        Figure(f"{what}, p50", [late.p50], "ms"),
        Figure(f"{what}, p99", [late.p99], "ms", goal=at_most, ceiling=True),
        Figure(f"{what}, at most", [late.most], "ms"),
    ]


def _costs(what: str, cost: Cost) -> list[Figure]:
    return [
        Figure(f"{what}: processor time of the caller for one", [cost.own], "µs"),
        Figure(f"{what}: processor time of the engine for one", [cost.engine], "µs"),
    ]


def _peer(peer: Score) -> list[Figure]:
    name = peer.name
    return [
        Figure(f"{name}: schedule", [peer.scheduled]),
        Figure(f"{name}: cancel", [peer.cancelled]),
        Figure(f"{name}: fire", [peer.fired]),
        *_lateness(f"{name}: {peer.late.count:,} due at once: late", peer.late),
        *_lateness(f"{name}: {peer.trickled.count:,} one by one: late", peer.trickled),
        Figure(f"{name}: Redis, a job", [peer.bytes_each], "B"),
        Figure(f"{name}: memory of the producer", [peer.producer / MB], "MB"),
        Figure(f"{name}: memory of the worker", [peer.worker / MB], "MB"),
        *_costs(f"{name}: schedule", peer.schedule),
        *_costs(f"{name}: cancel", peer.cancel),
        *_costs(f"{name}: fire", peer.fire),
    ]


def _notes(plan: Plan, ours: Ours, peers: Sequence[Score]) -> list[str]:
    kinds = sorted(ours.weights.items(), key=lambda kind: -kind[1])
    notes = [
        f"{plan.sellers} sellers over {keys.SHARDS} shards, a room each; `EventDoor.accept` called by 50 at once.",
        f"Each has one event at a time, or {TOGETHER} of a shop as in one request; arq and SAQ take one job a call.",
        "To open is to keep message and conversation, plan all reminders and put a card on the room's lane as well.",
        "To settle is to keep the answer, enter the ledger and put a receipt and a repaint on that lane as well.",
        "Ours is fired when it stands before its room with a note on the room's lane, a peer's when the job begins.",
        "Settled and cancelled in random order"
        + (f", {plan.settled:,} of them." if plan.pending * 9 // 10 > plan.settled else "."),
        "Bytes by kind of key: " + ", ".join(f"{kind} {size:.0f}" for kind, size in kinds) + ".",
    ]
    if ours.headroom < HEADROOM:
        notes.append(f"What fires had {ours.headroom} ms to start in: a part of the lateness may be that.")
    soon = plan.pending // 10
    notes += [
        f"{peer.name}: {peer.late.count:,} of {soon:,} had begun after {FIRING} s; the rest would be later still."
        for peer in peers
        if peer.late.count < soon
    ]
    return notes
