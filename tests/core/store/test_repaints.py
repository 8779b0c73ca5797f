"""The repaint of a card goes with what is said beside it, and neither stands in the other's way."""

from core.domain.deliveries import Delivery, DeliveryKind
from core.ports.chat import Pace
from core.store.deliveries import finish_post, postpone, repost
from core.store.parked import park
from tests.fixtures.core import Stage

CARD, RECEIPT, REDRAW = DeliveryKind.CARD, DeliveryKind.RECEIPT, DeliveryKind.REDRAW


async def answered(still: Stage) -> tuple[Delivery, Delivery]:
    """A card that stands, and what is claimed once its buyer was answered."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    await still.answered_on_site("It is.")
    receipt, repaint = await still.claim()
    assert (receipt.kind, repaint.kind) == (RECEIPT, REDRAW)
    return receipt, repaint


async def kinds(still: Stage) -> list[DeliveryKind]:
    return [each.kind for each in await still.claim()]


async def test_whichever_of_both_is_done_first_nothing_is_tried_twice(still: Stage) -> None:
    """What is on its way is claimed by nobody else, though its strand goes on."""
    receipt, repaint = await answered(still)

    await finish_post(still.deps.store, receipt, "2")
    between = await kinds(still)
    await finish_post(still.deps.store, repaint, "")

    assert (between, await kinds(still)) == ([], [])


async def test_a_repaint_that_is_done_first_leaves_the_line_beside_it_on_its_way(still: Stage) -> None:
    """And once that is done nothing is left."""
    receipt, repaint = await answered(still)

    await finish_post(still.deps.store, repaint, "")
    between = await kinds(still)
    await finish_post(still.deps.store, receipt, "2")

    assert (between, await kinds(still)) == ([], [])


async def test_a_room_that_may_be_sent_one_thing_is_told_what_happened(still: Stage) -> None:
    """A repaint that the room's pace does not allow waits, and the receipt does not."""
    still.board.pace_of = Pace(1_000, 2)
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    await still.answered_on_site("It is.")

    (receipt,) = await still.claim()
    await finish_post(still.deps.store, receipt, "2")
    still.pass_time(1_000)

    assert receipt.kind is RECEIPT
    assert await kinds(still) == [REDRAW]


async def test_a_repaint_that_waits_for_a_budget_is_tried_once_the_line_is_said(still: Stage) -> None:
    """It asks again then, and waits by itself as long as it is told to."""
    receipt, repaint = await answered(still)

    await postpone(still.deps.store, repaint, still.clock.wall() + 30_000, "")
    beside = await kinds(still)
    await finish_post(still.deps.store, receipt, "2")
    (again,) = await still.claim()
    await postpone(still.deps.store, again, still.clock.wall() + 30_000, "")
    waits = await kinds(still)
    still.pass_time(30_001)

    assert (beside, again.kind, waits) == ([], REDRAW, [])
    assert await kinds(still) == [REDRAW]


async def test_a_line_that_is_put_off_is_not_put_behind_its_repaint(still: Stage) -> None:
    """Whatever becomes of the repaint meanwhile, the line keeps its place and its time."""
    receipt, repaint = await answered(still)

    await postpone(still.deps.store, receipt, still.clock.wall() + 5_000, "500")
    await postpone(still.deps.store, repaint, still.clock.wall() + 30_000, "500")
    early = await kinds(still)
    still.pass_time(5_001)

    assert early == []
    assert await kinds(still) == [RECEIPT, REDRAW]


async def test_a_worker_that_dies_with_both_loses_neither(still: Stage) -> None:
    """When the lease has passed the line may have been said; a repaint that was drawn may be drawn again."""
    await answered(still)

    still.pass_time(still.deps.patience.lease + 1)
    again = await still.claim("w2")

    assert [(each.kind, each.was_unknown) for each in again] == [(RECEIPT, True), (REDRAW, False)]


async def test_a_worker_that_dies_with_the_repaint_alone_leaves_it_to_another(still: Stage) -> None:
    """The lease of both goes on for the one that is left."""
    receipt, _ = await answered(still)

    await finish_post(still.deps.store, receipt, "2")
    before = await kinds(still)
    still.pass_time(still.deps.patience.lease + 1)

    assert (before, await kinds(still)) == ([], [REDRAW])


async def test_a_card_that_both_find_gone_is_posted_once(still: Stage) -> None:
    """The line waits behind the new card, which needs no repaint of its own."""
    receipt, repaint = await answered(still)

    await repost(still.deps.store, repaint, without_thread=False)
    await repost(still.deps.store, receipt, without_thread=False)
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "9")

    assert card.kind is CARD
    assert await kinds(still) == [RECEIPT, REDRAW]


async def test_a_repaint_that_is_refused_beside_a_line_goes_and_the_line_stays(still: Stage) -> None:
    """As it goes alone: it is only a mark."""
    receipt, repaint = await answered(still)

    await park(still.deps.store, repaint, "it cannot be edited")
    await finish_post(still.deps.store, receipt, "2")

    assert await kinds(still) == []
