"""Parked deliveries: kept apart, replayed once, and forgotten when nobody needs them."""

from core.domain.deliveries import DeliveryKind
from core.ports.marketplace import Receipt
from core.store.client import Engine
from core.store.conversations import read_conversation
from core.store.deliveries import finish_post
from core.store.parked import park, parked_of, replay
from core.store.replies import Written, finish_reply, write_reply
from core.store.rooms import unlink_room
from tests.contract.chalkboard.adapter import person
from tests.fixtures.core import Stage, make_stage
from tests.fixtures.doubling import Doubling


async def a_refused_reply(still: Stage, text: str = "Yes") -> tuple[str, str]:
    """Its conversation and its id; the card stands, and what the refusal has to say was said."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    message = await a_reply(still, card.conversation, text)
    await refuse(still, message)
    return card.conversation, message


async def a_reply(still: Stage, conversation: str, text: str) -> str:
    store = still.deps.store
    _, message = await write_reply(store, still.seller, conversation, Written(text, person("sam"), operation=text))
    return message


async def refuse(still: Stage, message: str) -> None:
    for claimed in await still.claim():
        if claimed.id == message:
            assert await park(still.deps.store, claimed, "No phone numbers, please.")
        else:
            await finish_post(still.deps.store, claimed, "2", drawn=99)


async def test_a_refused_reply_is_replayed_under_its_own_id(still: Stage) -> None:
    """It goes out again as if it had just been written, and is then parked no more."""
    store = still.deps.store
    conversation, message = await a_refused_reply(still)
    (parked,) = await parked_of(store, still.seller)
    still.pass_time(3_600_000)

    word = await replay(store, parked.id)
    again = await replay(store, parked.id)
    sight = await read_conversation(store, conversation)
    (claimed,) = [found for found in await still.claim() if found.kind is DeliveryKind.REPLY]
    await finish_reply(store, claimed.id, conversation, message, Receipt(still.clock.now()))

    assert (parked.kind, parked.problem, parked.shop) == (DeliveryKind.REPLY, "No phone numbers, please.", still.shop)
    assert (word, again) == ("done", "missing")
    assert sight is not None
    assert [found.state.value for found in sight.messages if not found.incoming] == ["sending"]
    assert (claimed.id, claimed.tries, claimed.was_unknown) == (message, 1, False)
    assert claimed.intent - claimed.created < 60_000
    assert await parked_of(store, still.seller) == []


async def test_a_replay_that_is_sent_twice_is_one(engine: Engine) -> None:
    """A connection that breaks repeats a script: one delivery, and the same answer."""
    doubled = await make_stage(Doubling(engine))
    _, message = await a_refused_reply(doubled)

    word = await replay(doubled.deps.store, message)
    claimed = [found.id for found in await doubled.claim() if found.kind is DeliveryKind.REPLY]

    assert (word, claimed) == ("done", [message])


async def test_a_reply_in_whose_place_another_was_written_is_needless(still: Stage) -> None:
    """Its writer mended it: the old words do not follow the new ones."""
    conversation, message = await a_refused_reply(still)
    still.pass_time(1)
    mended = await a_reply(still, conversation, "Yes, it is")

    listed = await parked_of(still.deps.store, still.seller)
    word = await replay(still.deps.store, message)

    assert (listed, word) == ([], "needless")
    assert [found.id for found in await still.claim() if found.kind is DeliveryKind.REPLY] == [mended]


async def test_a_reply_that_the_marketplace_turns_out_to_have_is_needless(still: Stage) -> None:
    """It refused the second try of what it had taken at the first."""
    _, message = await a_refused_reply(still)
    await still.answered_on_site("Yes", reply=message)

    assert await parked_of(still.deps.store, still.seller) == []
    assert await replay(still.deps.store, message) == "needless"


async def test_a_card_is_replayed_with_all_it_carried(still: Stage) -> None:
    """And one that may have been shown is looked for first."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    await still.claim("dies")
    still.pass_time(still.deps.patience.lease + 1)
    (card,) = await still.claim()
    await park(still.deps.store, card, "it has a block that is not known")

    (parked,) = await parked_of(still.deps.store, still.seller)
    word = await replay(still.deps.store, parked.id)
    (again,) = await still.claim()

    assert (parked.room, parked.conversation) == (card.room, card.conversation)
    assert word == "done"
    assert (again.id, again.was_unknown, again.facts.get("class")) == (card.id, True, card.facts.get("class"))


async def test_what_was_for_a_room_that_is_no_more_is_forgotten(still: Stage) -> None:
    """Said so once, and then nothing is known of it."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    (card,) = await still.claim()
    await park(still.deps.store, card, "refused")
    await unlink_room(still.deps.store, await still.room("sales"))

    first, second = await replay(still.deps.store, card.id), await replay(still.deps.store, card.id)

    assert (first, second) == ("gone", "missing")
    assert await parked_of(still.deps.store, still.seller) == []
