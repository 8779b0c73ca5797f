"""Shares: a room may be shown some shops, or one kind of messages; what no room would show is shown in all."""

from core.domain.actions import Press
from core.domain.cards import Answer, Verb
from core.domain.conversations import Order
from core.domain.obligations import ObligationKind
from core.domain.rooms import Share
from core.domain.shops import Shop, ShopSecrets
from core.domain.texts import plain
from core.domain.zones import HOUR
from core.ids import new_id
from core.policies import load
from core.services.reach import move_room
from core.store import keys
from core.store.moments import claim_due
from core.store.shops import add_shop
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.audits import walk
from tests.fixtures.core import Stage

ORDER = Order("o-1", "Logo")


async def press(stage: Stage, choice: str, board: str = "sales", target: str = "") -> Answer:
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person("sam"), place(board), Verb.SETTINGS, target, choice))


async def second_shop(stage: Stage) -> str:
    shop = Shop(new_id("shop", 1), stage.seller, "Second", "fiverr", callback_url="https://second.example/in")
    await add_shop(stage.deps.store, shop, ShopSecrets(("whsec_a",), ("whsec_b",)), load()["fiverr"])
    return shop.id


def quotes(stage: Stage, board: str) -> list[str]:
    return [card.quote.text for card in stage.board.cards(board)]


async def shows(stage: Stage, board: str, *words: str) -> None:
    await stage.wait(lambda: sorted(quotes(stage, board)) == sorted(words), f"{words} on {board}")


async def test_a_room_shows_the_kind_that_it_is_for(stage: Stage) -> None:
    """Orders in one, inquiries in the other; a conversation that a room shows already goes on there."""
    await stage.link("sales")
    await stage.link("orders")

    page = await press(stage, "kind.inbox")
    await press(stage, "kind.order", "orders")
    await stage.buyer_writes("Is it blue?", conversation="c-1")
    await stage.buyer_writes("Where is it?", conversation="c-2", order=ORDER)
    await shows(stage, "sales", "Is it blue?")
    await shows(stage, "orders", "Where is it?")
    await stage.buyer_writes("Now ordered", conversation="c-1", order=ORDER)
    await stage.wait(lambda: any("Now ordered" in said for said in stage.board.said("sales")), "it beside its card")
    await shows(stage, "orders", "Where is it?", "Now ordered")

    assert "• This chat is shown inquiries of every shop." in plain(page.text)
    assert "New conversations follow this from now on; what is here already stays." in plain(page.text)


async def test_a_room_shows_the_shops_that_it_is_for(stage: Stage) -> None:
    """Named in the settings by buttons; with all of them again, it is shown every shop."""
    other = await second_shop(stage)
    await stage.link("sales")
    await stage.link("attic")

    page = await press(stage, "room")
    without = await press(stage, "shop.off", target=other)
    await stage.buyer_writes("To the first", conversation="c-1")
    first, stage.shop = stage.shop, other
    await stage.buyer_writes("To the second", conversation="c-2")
    await shows(stage, "attic", "To the first", "To the second")
    await shows(stage, "sales", "To the first")
    everything = await press(stage, "shop.on", target=other)
    await shows(stage, "sales", "To the first", "To the second")
    strange = await press(stage, "shop.off", target="01p" + "a" * 20)

    assert {plain(button.label) for button in page.buttons} >= {"Without Second", "Without Example Market"}
    assert "of Example Market." in plain(without.text)
    assert "of every shop." in plain(everything.text)
    assert (await stage.room("sales")).share == Share()
    assert first != other
    assert plain(strange.text).startswith("Shopbell does not find that shop")


async def test_what_no_room_would_show_is_shown_in_all(stage: Stage) -> None:
    """Somebody has to see it."""
    await stage.link("sales")
    await stage.link("attic")
    await press(stage, "kind.order")
    await press(stage, "kind.order", "attic")

    await stage.buyer_writes("Is it blue?")

    await shows(stage, "sales", "Is it blue?")
    await shows(stage, "attic", "Is it blue?")


async def test_a_wider_share_shows_what_waits_without_a_sound(stage: Stage) -> None:
    """Its card follows at once; nobody is called for it a second time."""
    await stage.link("sales")
    await stage.link("attic")
    await press(stage, "kind.order", "attic")
    await stage.buyer_writes("Is it blue?")
    await shows(stage, "sales", "Is it blue?")
    before = quotes(stage, "attic")

    await press(stage, "kind.all", "attic")
    await shows(stage, "attic", "Is it blue?")

    assert before == []
    [card] = stage.board.cards("attic")
    assert (card.silent, card.calls) == (True, ())


async def test_neither_a_reminder_nor_the_auditor_nor_a_move_shows_what_is_not_its_share(stage: Stage) -> None:
    """What a room is spared at first it is spared later too."""
    await stage.link("sales")
    await stage.link("attic")
    await press(stage, "kind.order", "attic")
    await stage.buyer_writes("Is it blue?", sent_at=stage.clock.now() - 23 * HOUR + 5_000)
    await shows(stage, "sales", "Is it blue?")

    stage.clock.shift += 6_000
    await stage.wait(lambda: any("still waits" in said for said in stage.board.said("sales")), "the reminder")
    await move_room(stage.deps, await stage.room("attic"), "loft")
    found = (await walk(stage)).last.found
    await stage.buyer_writes("Where is it?", conversation="c-2", order=ORDER)
    await shows(stage, "loft", "Where is it?")

    assert not found
    assert quotes(stage, "attic") == []
    assert (await stage.room("loft")).share == Share(kind=ObligationKind.ORDER)


async def test_a_reminder_costs_a_room_that_it_is_not_for_no_turn(still: Stage) -> None:
    """Nothing is put before it."""
    await still.link("sales")
    await still.link("attic")
    await press(still, "kind.order", "attic")
    await still.buyer_writes("Is it blue?", sent_at=still.clock.now() - 23 * HOUR + 5_000)
    still.clock.shift = 6_000
    await claim_due(still.deps.store, keys.tag_of(still.seller), lease=30_000, most=100, patience=0)

    attic = (await still.room("attic")).id
    waiting = [name async for name in still.deps.store.engine.scan("*nudges*")]
    assert waiting
    assert [name for name in waiting if attic in name] == []
