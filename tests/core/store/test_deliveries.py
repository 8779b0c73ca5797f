"""Deliveries: what becomes of them when workers are late, destinations are slow, and things change on the way."""

from core.domain.deliveries import Delivery, DeliveryKind
from core.ports.chat import Pace
from core.ports.marketplace import Receipt
from core.store.conversations import read_conversation
from core.store.deliveries import claim, finish_post, postpone, reach_lane, tell_rooms
from core.store.keys import tag_of
from core.store.parked import park
from core.store.replies import Written, finish_reply, write_reply
from tests.contract.chalkboard.adapter import person
from tests.fixtures.core import MINUTE, Stage


async def a_card(still: Stage, conversation: str = "c-1") -> str:
    """A buyer's message, its card posted; the conversation's id."""
    await still.buyer_writes("Hi", conversation=conversation)
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, f"card-{conversation}")
    return card.conversation


async def a_reply(still: Stage, conversation: str, text: str) -> str:
    store = still.deps.store
    _, message = await write_reply(
        store, still.seller, conversation, Written(text, person("sam"), operation=conversation + text)
    )
    return message


async def of_kind(still: Stage, kind: DeliveryKind, worker: str = "w1") -> list[Delivery]:
    return [found for found in await still.claim(worker) if found.kind is kind]


async def test_a_late_receipt_for_a_reply_that_was_given_up_leaves_the_next_reply_alone(still: Stage) -> None:
    """The second reply is not swallowed by the first one's late receipt."""
    await still.link("sales")
    conversation = await a_card(still)
    first, second = await a_reply(still, conversation, "One"), await a_reply(still, conversation, "Two")
    (late,) = await of_kind(still, DeliveryKind.REPLY, "late")
    still.pass_time(still.deps.patience.lease + 1)
    (taken,) = await of_kind(still, DeliveryKind.REPLY, "quick")
    await park(still.deps.store, taken, "refused")

    receipt = Receipt(still.clock.now())
    await finish_reply(still.deps.store, late.id, conversation, first, receipt)
    then = await of_kind(still, DeliveryKind.REPLY)

    assert [found.message for found in then] == [second]


async def test_a_pause_that_the_room_asked_for_outlasts_what_was_on_its_way(still: Stage) -> None:
    """A post that succeeds just after a 429 does not wake the room before its time."""
    await still.link("sales")
    for number in range(3):
        await still.buyer_writes("Hi", conversation=f"c-{number}")
    limited, lucky, _ = await still.claim()
    await still.buyer_writes("Hi", conversation="c-9")
    await postpone(still.deps.store, limited, still.clock.wall() + 30_000, "429", whole_lane=True)

    await finish_post(still.deps.store, lucky, "1")
    early = await still.claim()
    still.pass_time(30_001)
    later = await still.claim()

    assert early == ()
    assert later != ()


async def test_three_replies_that_wait_for_hours_do_not_hold_up_a_shop_for_hours(still: Stage) -> None:
    """After a minute the shop is tried again with whatever else there is."""
    await still.link("sales")
    conversations = [await a_card(still, f"c-{number}") for number in range(4)]
    for conversation in conversations[:3]:
        await a_reply(still, conversation, "Yes")
    for failed in await of_kind(still, DeliveryKind.REPLY):
        await postpone(still.deps.store, failed, still.clock.wall() + 600 * MINUTE, "500")

    fresh = await a_reply(still, conversations[3], "Yes")
    still.pass_time(MINUTE + 1)
    then = await of_kind(still, DeliveryKind.REPLY)

    assert [found.message for found in then] == [fresh]


async def test_what_may_have_happened_stays_so_while_it_waits_for_a_budget(still: Stage) -> None:
    """Else the next try would not look for the first one's card, and there would be two."""
    await still.link("sales")
    await still.buyer_writes("Hi")
    (lost,) = await still.claim()
    await postpone(still.deps.store, lost, still.clock.wall(), "no answer", unknown=True)
    (again,) = await still.claim()
    await postpone(still.deps.store, again, still.clock.wall(), "")

    (third,) = await still.claim()

    assert (again.was_unknown, third.was_unknown) == (True, True)


async def test_a_failure_told_late_does_not_touch_the_next_delivery_of_the_same_name(still: Stage) -> None:
    """Two redraws of one card bear the same id; each claim has a token of its own."""
    await still.link("sales")
    await a_card(still)
    redraws = []
    for _ in range(2):
        await still.answered_on_site("Yes")
        while claimed := await still.claim():
            redraws += [found for found in claimed if found.kind is DeliveryKind.REDRAW]
            for found in claimed:
                await finish_post(still.deps.store, found, "")
        still.pass_time(1)

    first, second = redraws

    assert first.id == second.id
    assert first.token != second.token


async def test_a_card_that_changed_while_it_was_posted_is_drawn_again(still: Stage) -> None:
    """The seller answered on the site within that second: the card must not say Open for ever."""
    await still.link("sales")
    await still.buyer_writes("Hi")
    (card,) = await still.claim()
    sight = await read_conversation(still.deps.store, card.conversation)
    assert sight is not None

    await still.answered_on_site("Yes")
    await finish_post(still.deps.store, card, "1", drawn=sight.conversation.version)
    kinds = []
    while found := await still.claim():
        for delivery in found:
            kinds.append(delivery.kind)
            await finish_post(still.deps.store, delivery, "")

    assert DeliveryKind.REDRAW in kinds


async def test_a_card_that_did_not_change_is_not_drawn_twice(still: Stage) -> None:
    """A redraw costs a call; without news there is none."""
    await still.link("sales")
    await still.buyer_writes("Hi")
    (card,) = await still.claim()
    sight = await read_conversation(still.deps.store, card.conversation)
    assert sight is not None

    await finish_post(still.deps.store, card, "1", drawn=sight.conversation.version)

    assert await still.claim() == ()


async def test_a_redraw_that_was_refused_once_is_tried_at_the_next_change(still: Stage) -> None:
    """One refusal does not freeze a card."""
    await still.link("sales")
    await a_card(still)
    await still.answered_on_site("Yes")
    receipt, redraw = await still.claim()
    await finish_post(still.deps.store, receipt, "2")
    await park(still.deps.store, redraw, "it cannot be edited")

    await still.buyer_writes("More")
    claimed = await still.claim()

    assert [found.kind for found in claimed] == [DeliveryKind.MESSAGE, DeliveryKind.REDRAW]


async def test_a_topic_that_fails_delays_no_other_topic_of_its_group(still: Stage) -> None:
    """Two topics share a budget, not their troubles."""
    await still.link("group", thread="1")
    await still.link("group", thread="2")
    await still.buyer_writes("Hi")
    bad, good = await still.claim()
    await postpone(still.deps.store, bad, still.clock.wall() + 60_000, "500")
    await finish_post(still.deps.store, good, "1")

    await still.buyer_writes("More")
    then = await still.claim()

    assert [(found.kind, found.room) for found in then] == [
        (DeliveryKind.MESSAGE, good.room),
        (DeliveryKind.REDRAW, good.room),
    ]


async def test_a_paused_room_is_not_looked_at_before_its_time_though_a_worker_died(still: Stage) -> None:
    """The shard sleeps until the pause ends; a lease that passes meanwhile is not looked at over and over."""
    await still.link("sales")
    for number in range(2):
        await still.buyer_writes("Hi", conversation=f"c-{number}")
    limited, _dead = await still.claim()
    paused_until = still.clock.wall() + 60_000
    await postpone(still.deps.store, limited, paused_until, "429", whole_lane=True)
    still.pass_time(still.deps.patience.lease + 1)

    found = await claim(still.deps.store, tag_of(still.seller), worker="w1", lease=1_000, most=50)

    assert found.deliveries == ()
    assert found.next_at == paused_until


async def test_a_clock_that_was_set_back_does_not_stop_a_room(still: Stage) -> None:
    """Pacing goes on from the new time."""
    still.board.pace_of = Pace(1_000, 2)
    await still.link("sales")
    await still.buyer_writes("Hi", conversation="c-1")
    (first,) = await still.claim()
    await finish_post(still.deps.store, first, "1")
    still.pass_time(-10 * MINUTE)

    await still.buyer_writes("Hi", conversation="c-2")

    assert len(await still.claim()) == 1


async def test_a_notice_told_twice_stands_once_in_each_room(still: Stage) -> None:
    """Also when it was posted between the two tellings."""
    await still.link("sales")
    facts = {"about": "lost_shop", "shop_name": "X", "problem": "gone"}
    first = await tell_rooms(still.deps.store, still.seller, "", facts, because="one")
    (notice,) = await still.claim()
    await finish_post(still.deps.store, notice, "1")

    again = await tell_rooms(still.deps.store, still.seller, "", facts, because="one")

    assert (first, again) == (1, 1)
    assert await still.claim() == ()


async def test_that_a_room_is_lost_is_news_once_but_to_whom_it_was_told_again(still: Stage) -> None:
    """A crash between hearing of it and telling the others must not swallow the notice."""
    await still.link("sales")
    room = await still.room("sales")

    async def hear(operation: str) -> bool:
        retry_at = still.clock.wall() + 1_000
        return await reach_lane(
            still.deps.store,
            room.id,
            room.address.lane,
            reachable=False,
            problem="kicked",
            retry_at=retry_at,
            operation=operation,
        )

    assert [await hear("one"), await hear("one"), await hear("two")] == [True, True, False]
