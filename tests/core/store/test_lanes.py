"""Lanes and strands: one number for pacing, back-off, leases and pauses, and order within a conversation."""

from core.domain.deliveries import Delivery, DeliveryKind
from core.ports.chat import Budget, Pace
from core.store.budgets import take_budget
from core.store.deliveries import claim, finish_post, postpone
from core.store.keys import tag_of
from core.store.parked import park
from tests.fixtures.core import Stage


def kinds(deliveries: tuple[Delivery, ...]) -> list[DeliveryKind]:
    return [delivery.kind for delivery in deliveries]


async def test_one_delivery_of_a_conversation_is_on_its_way_at_a_time(still: Stage) -> None:
    """What was said first is shown first, whatever becomes of it."""
    await still.link("sales")
    await still.buyer_writes("One")
    await still.buyer_writes("Two")

    first = await still.claim()
    meanwhile = await still.claim()
    await finish_post(still.deps.store, first[0], "1")
    then = await still.claim()

    assert (kinds(first), kinds(meanwhile), kinds(then)) == ([DeliveryKind.CARD], [], [DeliveryKind.MESSAGE])


async def test_a_room_is_paced_and_the_lane_says_when_it_goes_on(still: Stage) -> None:
    """Two at once, then one a second: the next instant is the lane's score."""
    still.board.pace_of = Pace(1_000, 2)
    await still.link("sales")
    for number in range(4):
        await still.buyer_writes("Hi", conversation=f"c-{number}")
    tag = tag_of(still.seller)

    found = await claim(still.deps.store, tag, worker="w1", lease=60_000, most=50)
    still.pass_time(400)
    too_early = await still.claim()
    still.pass_time(601)
    then = await still.claim()

    assert len(found.deliveries) == 2
    assert found.next_at is not None
    assert 900 <= found.next_at - found.deliveries[0].intent <= 1_000
    assert (len(too_early), len(then)) == (0, 1)


async def test_a_worker_that_dies_loses_nothing(still: Stage) -> None:
    """Its lease passes, another takes over, and knows that it may have happened."""
    await still.link("sales")
    await still.buyer_writes("Hi")
    lost = await still.claim("dead")

    before = await still.claim("alive")
    still.pass_time(still.deps.patience.lease + 1)
    after = await still.claim("alive")

    assert before == ()
    assert [(d.id, d.was_unknown, d.tries) for d in after] == [(lost[0].id, True, 2)]


async def test_a_stale_worker_may_bring_a_receipt_but_not_a_failure(still: Stage) -> None:
    """A receipt is a fact whoever brings it; a failure counts only from who holds the lease."""
    await still.link("sales")
    await still.buyer_writes("Hi")
    (stale,) = await still.claim("slow")
    still.pass_time(still.deps.patience.lease + 1)
    (fresh,) = await still.claim("quick")

    parked = await park(still.deps.store, stale, "too late")
    await finish_post(still.deps.store, stale, "7")
    await finish_post(still.deps.store, fresh, "8")
    still.pass_time(still.deps.patience.lease + 1)

    assert parked is False
    assert await still.claim() == ()


async def test_a_conversation_that_fails_delays_no_other(still: Stage) -> None:
    """Its strand backs off alone."""
    await still.link("sales")
    await still.buyer_writes("Hi", conversation="c-bad")
    (bad,) = await still.claim()
    await postpone(still.deps.store, bad, still.clock.wall() + 600_000, "500")

    await still.buyer_writes("Hi", conversation="c-good")
    now = await still.claim()
    still.pass_time(600_001)
    later = [found for found in await still.claim() if found.id == bad.id]

    assert [found.conversation for found in now] != [bad.conversation]
    assert len(now) == len(later) == 1


async def test_three_conversations_that_fail_in_a_row_pause_the_room_for_one_probe(still: Stage) -> None:
    """Then it is the room; the first success wakes the others."""
    await still.link("sales")
    for number in range(4):
        await still.buyer_writes("Hi", conversation=f"c-{number}")
    claimed = await still.claim()
    wall = still.clock.wall()
    for delivery in claimed[:3]:
        await postpone(still.deps.store, delivery, wall + 5_000, "500")
    await postpone(still.deps.store, claimed[3], wall + 5_000, "500")

    paused = await still.claim()
    still.pass_time(5_001)
    probe = await still.claim()
    await finish_post(still.deps.store, probe[0], "1")
    rest = await still.claim()

    assert len(claimed) == 4
    assert (len(paused), len(probe), len(rest)) == (0, 1, 3)


async def test_a_429_pauses_the_whole_room_and_no_other(still: Stage) -> None:
    """Retry-After is the room's next instant."""
    await still.link("sales")
    await still.link("phone")
    await still.buyer_writes("Hi")
    limited = next(d for d in await still.claim() if d.lane.endswith("sales"))
    await postpone(still.deps.store, limited, still.clock.wall() + 30_000, "429", whole_lane=True)

    await still.buyer_writes("Hi", conversation="c-2")
    now = {found.lane.rpartition("/")[2] for found in await still.claim()}
    still.pass_time(30_001)
    later = {found.lane.rpartition("/")[2] for found in await still.claim("w2")}

    assert now == {"phone"}
    assert "sales" in later


async def test_a_budget_gives_its_burst_and_then_says_when(still: Stage) -> None:
    """Nothing is taken when it lies ahead."""
    budget = Budget("test/all", 1_000, 2)
    wall = still.clock.wall()

    instants = [await take_budget(still.deps.store, budget) for _ in range(3)]

    assert instants[0] - wall < 100
    assert instants[1] - wall < 100
    assert 800 <= instants[2] - still.clock.wall() <= 1_000


async def test_a_redraw_is_a_mark_and_not_a_queue(still: Stage) -> None:
    """Ten changes while a card cannot be redrawn are one redraw, of the newest state."""
    await still.link("sales")
    await still.buyer_writes("Hi", message="m-1")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    for number in range(10):
        await still.buyer_writes(f"And {number}")

    redraws = 0
    while claimed := await still.claim():
        for delivery in claimed:
            redraws += delivery.kind is DeliveryKind.REDRAW
            await finish_post(still.deps.store, delivery, "" if delivery.kind is DeliveryKind.REDRAW else delivery.id)

    assert redraws == 1


async def test_a_change_while_a_redraw_is_on_its_way_is_drawn_again(still: Stage) -> None:
    """The newest state wins."""
    await still.link("sales")
    await still.buyer_writes("Hi")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    await still.buyer_writes("More")
    note, redraw = await still.claim()
    await finish_post(still.deps.store, note, "2")

    await still.answered_on_site("Yes")
    await finish_post(still.deps.store, redraw, "")
    after = []
    while claimed := await still.claim():
        for delivery in claimed:
            after.append(delivery.kind)
            await finish_post(still.deps.store, delivery, "")

    assert redraw.kind is DeliveryKind.REDRAW
    assert after == [DeliveryKind.RECEIPT, DeliveryKind.REDRAW]


async def test_the_buyers_next_words_do_not_wait_for_a_repaint(still: Stage) -> None:
    """A redraw may wait for a budget of the whole workspace; what rings, and receipts, overtake it."""
    await still.link("sales")
    await still.buyer_writes("Hi", message="m-1")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    await still.answered_on_site("Yes")
    receipt, redraw = await still.claim()
    await finish_post(still.deps.store, receipt, "2")

    await still.buyer_writes("Is it blue?")  # while the repaint is being tried
    await postpone(still.deps.store, redraw, still.clock.wall() + 30_000, "")
    first, redraw = await still.claim()
    await finish_post(still.deps.store, first, "3")
    await postpone(still.deps.store, redraw, still.clock.wall() + 30_000, "")
    await still.buyer_writes("Or green?")  # while it waits
    then, last = await still.claim()

    assert redraw.kind is DeliveryKind.REDRAW
    assert kinds((first, then)) == [DeliveryKind.MESSAGE, DeliveryKind.MESSAGE]
    assert last.kind is DeliveryKind.REDRAW
