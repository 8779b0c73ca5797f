"""A chat that gets another address takes its room along: its cards, what waited, and how it rings."""

from dataclasses import replace

import pytest

from core.domain.actions import Move, Submit
from core.domain.cards import Verb
from core.domain.deliveries import DeliveryKind
from core.domain.rooms import Ring
from core.errors import Moved
from core.services.actions import act
from core.store import keys
from core.store.client import Engine
from core.store.deliveries import finish_post
from core.store.refs import about
from core.store.rooms import find_room, rooms_of, set_ring
from core.store.sellers import add_seller
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage, make_stage, working
from tests.fixtures.doubling import Doubling

MOVE = Move("moved-1", person("sam"), place("hall"), "barn")


def moved() -> Moved:
    return Moved("The hall has become a barn.", "barn")


async def test_a_room_follows_its_chat_when_the_platform_says_so(stage: Stage) -> None:
    """What is owed stands there anew without ringing again, can be answered, and the old address is free."""
    await stage.link("hall")
    await set_ring(stage.deps.store, await stage.room("hall"), person("kim"), Ring.QUIET)
    for number in (1, 2):
        await stage.buyer_writes(f"Question {number}", conversation=f"c-{number}")
    await stage.wait(lambda: len(stage.board.cards("hall")) == 2, "two cards")
    before = await stage.room("hall")

    await stage.act(MOVE)
    await stage.act(MOVE)
    await stage.wait(lambda: len(stage.board.cards("barn")) == 2, "the cards in the barn")
    after = await stage.room("barn")
    target = button(stage.board.cards("barn")[0], Verb.REPLY)
    await stage.act(Submit("s-1", person("sam"), place("barn"), Verb.REPLY, target, {"text": "Yes."}))
    await stage.wait(lambda: stage.bazaar.texts() == ["Yes."], "the reply")
    await stage.wait(lambda: stage.board.said("barn"), "the receipt")

    assert [card.calls for card in stage.board.cards("barn")] == [(), ()]
    assert (after.seller, after.title, after.rings) == (before.seller, before.title, before.rings)
    assert await rooms_of(stage.deps.store, stage.seller) == [after.id]
    assert await find_room(stage.deps.store, place("hall").address) is None
    assert len(stage.board.cards("hall")) == 2
    assert stage.board.notes("hall") == []


async def test_a_room_follows_its_chat_when_a_post_finds_it_gone(stage: Stage) -> None:
    """Nobody told us: the next card arrives in the new chat all the same, and rings."""
    await stage.link("hall")
    stage.board.troubles["hall"] = [moved(), moved()]

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("barn"), "the card in the barn")

    assert stage.board.cards("barn")[0].calls == (person("sam"),)
    assert stage.board.cards("hall") == []


async def test_what_waited_follows_in_its_order(still: Stage) -> None:
    """A new card before what the buyer wrote next; a repaint is not taken along, its card is drawn anew."""
    await still.link("hall")
    await still.buyer_writes("Is it blue?")
    (card,) = await still.claim()
    await finish_post(still.deps.store, card, "1")
    await still.buyer_writes("Or green?")
    await still.buyer_writes("Hello", conversation="c-2")
    await still.buyer_writes("Anybody?", conversation="c-2")

    await still.act(MOVE)
    told: dict[str, list[str]] = {}
    for _ in range(4):
        for claimed in await still.claim():
            told.setdefault(claimed.conversation, []).append(f"{claimed.kind} {'anew' in claimed.facts}")
            await finish_post(still.deps.store, claimed, claimed.id[-4:], drawn=99)

    assert told[card.conversation] == ["card True", "message False"]
    assert sorted(told.values()) == [["card False", "message False"], ["card True", "message False"]]


async def test_a_card_that_was_on_its_way_to_the_old_chat_is_shown_in_the_new_one(still: Stage) -> None:
    """Its late receipt names a message of the old chat, which means nothing in the new one."""
    await still.link("hall")
    await still.buyer_writes("Is it blue?")
    (late,) = await still.claim()

    await still.act(MOVE)
    await finish_post(still.deps.store, late, "17")
    (again,) = await still.claim()
    room = await still.room("barn")

    assert (again.kind, again.room, again.tries) == (DeliveryKind.CARD, room.id, 1)
    assert await still.deps.store.engine.call("EXISTS", keys.ref(keys.tag_of(room.id), room.id, "17")) == 0


async def test_a_number_of_the_old_chat_is_no_card_in_the_new_one(stage: Stage) -> None:
    """There it is some other message, and whoever answers that one writes to no buyer."""
    await stage.link("hall")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("hall"), "a card")
    old, hall = stage.board.boards["hall"][0].number, await stage.room("hall")
    before = await about(stage.deps.store, hall.id, old)

    await stage.act(MOVE)
    barn = await stage.room("barn")

    assert before is not None
    assert await about(stage.deps.store, barn.id, old) is None


async def make_stage_beside(stage: Stage) -> Stage:
    """Another seller in the same town."""
    seller = await add_seller(stage.deps.store, "Other & Co", 1)
    return replace(stage, seller=seller.id)


@pytest.mark.parametrize("same", [True, False])
async def test_a_new_address_that_was_linked_by_hand_stays_as_it_is(stage: Stage, same: bool) -> None:
    """To the same seller: the old room ends. To another one: the seller's other rooms are told besides."""
    other = stage if same else await make_stage_beside(stage)
    await stage.link("hall")
    await stage.link("phone")
    await other.link("barn")

    await stage.act(MOVE)
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("phone"), "a card")
    if not same:
        await stage.wait(lambda: stage.board.said("phone"), "the notice")

    assert len(await rooms_of(stage.deps.store, stage.seller)) == (2 if same else 1)
    assert (await stage.room("barn")).seller == other.seller
    assert any("linked to another seller" in said for said in stage.board.said("phone")) is not same


async def test_a_move_that_is_told_twice_at_once_is_one(engine: Engine) -> None:
    """Every step is executed twice, as after a broken connection: one room, one card."""
    stage = await make_stage(Doubling(engine))
    async with working(stage.deps, stage.board):
        await stage.link("hall")
        await stage.buyer_writes("Is it blue?")
        await stage.wait(lambda: stage.board.cards("hall"), "a card")

        await act(stage.deps, MOVE)
        await stage.wait(lambda: stage.board.cards("barn"), "the card in the barn")
        await stage.buyer_writes("Or green?")
        await stage.wait(lambda: stage.board.said("barn"), "what follows")

    assert len(stage.board.cards("barn")) == 1
    assert len(await rooms_of(stage.deps.store, stage.seller)) == 1
