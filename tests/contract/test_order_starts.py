"""A new order is told in every room that shows orders, and greeted when somebody sends the greeting."""

from dataclasses import replace

from core.domain.actions import Press
from core.domain.cards import CardState, Verb
from core.domain.conversations import Buyer, Order
from core.domain.events import OrderChanged
from core.domain.quick_responses import Used
from core.domain.texts import plain
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.quick_responses import answered, command, labels, press, quoted
from tests.fixtures.rates import market, ruled


async def test_a_new_order_is_greeted_only_when_somebody_sends_it(stage: Stage) -> None:
    """The card says whose it is; the greeting that comes with Shopbell is shown first, and settles what was owed."""
    await stage.link("sales")
    await start(stage)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    card = stage.board.cards("sales")[0]

    question = await press(stage, card, "Send thank-you")
    before = stage.bazaar.texts()
    await press(stage, question, "Send to Ann")
    await answered(stage, quoted(question))

    assert plain(card.title) == "New order from Ann · Example Market"
    assert plain(card.fallback).startswith("Open · New order from Ann")
    assert quoted(question).startswith("Hi Ann,\n\nthank you for your order!")
    assert (before, question.replaces) == ([], False)
    assert [each.used for each in stage.bazaar.replies.values()] == [Used("", "Thank you for your order")]


async def start(stage: Stage, shop: str = "") -> None:
    """Ann orders a poster."""
    ann, poster = Buyer("b-9", "Ann"), Order("o-5", "Poster")
    number = next(stage.counter)
    told = OrderChanged(f"evt-start-{number}", stage.clock.now(), "c-1", ann, poster, started=True)
    await stage.door.accept(shop or stage.shop, f"wh-{number}", [told])


async def test_a_seller_says_what_greets_new_orders(stage: Stage) -> None:
    """By a button on the quick response, and takes it back by the same."""
    await stage.link("sales")
    await start(stage)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    card = stage.board.cards("sales")[0]
    await command(stage, "add Welcome: Welcome {{ buyer.name }}, {{ order.title }} is a good choice!")

    greets = await press(stage, await command(stage, "show welcome"), "Greet new orders")
    own = await press(stage, card, "Send thank-you")
    await press(stage, greets, "Greet no orders")
    ours = await press(stage, card, "Send thank-you")

    assert plain(greets.text) == "Welcome · all shops · not sent yet · greets new orders"
    assert quoted(own) == "Welcome Ann, Poster is a good choice!"
    assert quoted(ours).startswith("Hi Ann,\n\nthank you for your order!")


async def test_a_new_order_that_asks_for_no_answer_is_news_in_every_room(stage: Stage) -> None:
    """Where the marketplace does not count it: a card that owes nothing, and a quiet note with the thank-you."""
    await stage.link("sales")
    shop = await market(stage, ruled())

    await start(stage, shop.shop)
    await stage.wait(lambda: stage.board.notes("sales"), "the note")
    [note], [card] = stage.board.notes("sales"), stage.board.cards("sales")
    question = await press(stage, note, "Send thank-you")

    assert (plain(note.text), note.loud) == ("New order from Ann.", False)
    assert (card.state, card.silent) == (CardState.QUIET, True)
    assert plain(card.title).startswith("New order from Ann")
    assert labels(question) == ["Send to Ann", "Edit first", "Keep as note"]


async def test_in_a_known_conversation_a_new_order_is_news_once(stage: Stage) -> None:
    """Beside the card that is there; an import tells nobody."""
    await stage.link("sales")
    shop = await market(stage, ruled())
    await shop.asked(-10, "c-1")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    told = OrderChanged("e-start", stage.clock.now(), "c-1", order=Order("o-5"), started=True)

    await stage.door.accept(shop.shop, "wh-1", [replace(told, id="e-import", history=True)])
    await stage.door.accept(shop.shop, "wh-2", [told])
    await stage.door.accept(shop.shop, "wh-3", [told])
    await stage.wait(lambda: stage.board.notes("sales"), "the note")

    assert stage.board.said("sales") == ["New order from Ann."]
    assert len(stage.board.cards("sales")) == 1


async def test_a_new_order_is_news_where_orders_are_shown(stage: Stage) -> None:
    """A room for inquiries hears nothing of it."""
    await stage.link("sales")
    await stage.link("orders")
    for board, kind in (("sales", "kind.inbox"), ("orders", "kind.order")):
        await stage.act(Press(f"p-{board}", person("sam"), place(board), Verb.SETTINGS, "", kind))

    await start(stage, (await market(stage, ruled())).shop)
    await stage.wait(lambda: stage.board.notes("orders"), "the note")
    await start(stage)
    await stage.wait(lambda: len(stage.board.cards("orders")) == 2, "the card of the next")

    assert stage.board.said("orders") == ["New order from Ann."]
    assert (stage.board.cards("sales"), stage.board.notes("sales")) == ([], [])
