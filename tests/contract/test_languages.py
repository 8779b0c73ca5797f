"""A seller is spoken to in its language, on cards and in answers alike."""

import pytest

from core.domain.actions import Command, Press
from core.domain.cards import Verb
from core.domain.texts import plain
from core.rendering import speaking
from core.services.terms import set_terms
from core.services.voices import RoomVoice
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import MINUTE, Stage


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


async def test_what_a_platform_puts_around_an_answer_is_in_the_same_language(stage: Stage) -> None:
    """It is drawn after the action was carried out; what comes from the next chat is spoken to in that one's."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")
    spoken: list[str] = []
    for board in ("sales", "street", "sales"):
        await stage.board.hear(Command(f"c-{len(spoken)}", person("sam"), place(board), "help"))
        await stage.wait(lambda: stage.board.spoken, "the answer")
        spoken.append(stage.board.spoken.pop())

    assert spoken == ["de", "en", "de"]


@pytest.mark.parametrize("later", [0, 2 * MINUTE])
async def test_a_language_that_was_just_chosen_is_spoken_at_once(still: Stage, later: int) -> None:
    """Around the answer that says so too, also where it is noted meanwhile that this member was here."""
    await still.link("sales")
    still.pass_time(later)
    with speaking():
        answer = await still.act(Press("p-1", person("sam"), place("sales"), Verb.SETTINGS, "", "language.de"))

        assert RoomVoice(still.deps.store).language == "de"
    assert "Sprache: Deutsch" in plain(answer.text)


async def test_what_is_said_without_an_action_is_in_the_chats_language(still: Stage) -> None:
    """Looked up by the chat; English in one that nobody linked."""
    voice = RoomVoice(still.deps.store)
    await set_terms(still.deps, still.seller, language="de")
    await still.link("sales")

    said = []
    for board in ("sales", "street"):
        with voice.speaking(""):
            await voice.speak_to(place(board).address)
            said.append(plain(voice.say("slack/phrases#close")))

    assert said == ["Schließen", "Close"]
