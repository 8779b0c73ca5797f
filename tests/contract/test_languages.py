"""A seller is spoken to in its language, on cards and in answers alike."""

from core.domain.actions import Command, Press
from core.domain.cards import Verb
from core.domain.texts import plain
from core.services.terms import set_terms
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage


async def test_cards_notes_and_answers_are_in_the_sellers_language(stage: Stage) -> None:
    """From the change on; the buyer's own words stay as they are."""
    await set_terms(stage.deps, stage.seller, language="de")
    linked = await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")
    (card,) = stage.board.cards("sales")

    asked = Press("p-1", person("sam"), place("sales"), Verb.REPLY, button(card, Verb.REPLY))
    form = (await stage.act(asked)).form
    unknown = await stage.act(Command("c-1", person("sam"), place("sales"), "hilfe"))
    await stage.answered_on_site("It is.")
    await stage.wait(lambda: "Auf der Seite beantwortet" in "".join(stage.board.said("sales")), "the receipt")

    assert plain(linked.text).startswith("Verbunden.")
    assert plain(card.status).startswith("Antworten bis")
    assert ", am besten bis " in plain(card.status)
    assert card.quote.text == "Is it blue?"
    assert form is not None
    assert plain(form.submit) == "An Ann senden"
    assert plain(unknown.text).startswith("hilfe kennt Shopbell nicht.")


async def test_another_seller_is_spoken_to_in_its_own(stage: Stage) -> None:
    """What one chose says nothing of the next action, nor of a chat that is not linked."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")
    german = await stage.act(Command("c-1", person("sam"), place("sales"), "hilfe"))
    stranger = await stage.act(Command("c-2", person("sam"), place("street"), "help"))

    assert plain(german.text).startswith("hilfe kennt")
    assert plain(stranger.text).startswith("This chat is not linked")
