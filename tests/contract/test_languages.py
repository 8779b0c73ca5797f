"""A seller is spoken to in its language, on cards and in answers alike."""

import pytest

from core.domain.actions import Command, Press, Reach, Submit
from core.domain.cards import CardState, Verb
from core.domain.texts import Quote, plain
from core.errors import AccessLost, Rejected, TryLater, ours, to_keep
from core.rendering import in_english, speaking
from core.services.parked import list_parked
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


async def test_a_lost_room_is_told_of_with_its_reason_in_the_same_language(stage: Stage) -> None:
    """Whoever is to mend it reads what mends it."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")
    await stage.link("phone")
    stage.board.troubles["sales"] = [AccessLost(ours("slack/problems#is_archived"))]

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card at last")
    await stage.wait(lambda: any("archiv" in said for said in stage.board.said("phone")), "the notice")

    assert stage.board.said("phone")[0] == (
        "Chalkboard board sales ist nicht erreichbar: Der Slack-Kanal ist archiviert. Holen Sie ihn zurück, oder "
        "verbinden Sie einen anderen. Neue Nachrichten warten darauf und stehen solange hier."
    )


async def test_what_is_parked_is_told_of_in_german_and_listed_in_english(stage: Stage) -> None:
    """The room reads its own language, the operator's list English."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")
    await stage.link("phone")
    stage.board.troubles["sales"] = [Rejected(ours("telegram/problems#other", said="Bad Request: <b>new</b>"))]

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.said("phone"), "the notice")
    (shelved,) = await list_parked(stage.deps)

    assert (
        "war in Chalkboard board sales nicht zu zeigen: Telegram: Bad Request: <b>new</b>"
        in (stage.board.said("phone")[0])
    )
    assert Quote("Bad Request: <b>new</b>") in stage.board.notes("phone")[0].text
    assert in_english(shelved.parked.problem) == "Telegram: Bad Request: <b>new</b>"


FORGED = to_keep(ours("slack/problems#token_revoked"))


@pytest.mark.parametrize("detail", ["Keine Telefonnummern, bitte.", FORGED, to_keep(FORGED), "\x1f", '\x1f["x", 1]'])
async def test_a_marketplaces_own_words_stay_its_own(stage: Stage, detail: str) -> None:
    """Also where they look like what is kept of words of ours: on the card, in the note and after it was read again."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    stage.bazaar.troubles["c-1"] = [Rejected(detail)]

    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Call 555"}))
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.NOT_SENT, "the card not sent")
    await stage.wait(lambda: stage.board.notes("sales"), "a note to the writer")

    assert Quote(detail) in stage.board.cards("sales")[0].warning
    assert plain(stage.board.cards("sales")[0].warning).startswith("Nicht gesendet.")
    assert Quote(detail) in stage.board.notes("sales")[0].text


async def test_a_marketplace_that_does_not_answer_is_told_of_in_the_same_language(stage: Stage) -> None:
    """The card says why a reply is not there yet."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    stage.bazaar.troubles["c-1"] = [TryLater(ours("marketplaces/problems#broken", status=503), after=600.0)]

    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "It is."}))
    await stage.wait(lambda: "Störung" in plain(stage.board.cards("sales")[0].warning), "the card to say so")

    assert plain(stage.board.cards("sales")[0].warning) == (
        "Noch nicht angekommen: die Gegenseite hat selbst eine Störung (503). Shopbell versucht es von selbst wieder."
    )


async def test_a_marketplace_is_told_in_english_that_a_seller_is_out_of_reach(stage: Stage) -> None:
    """Its support reads it; the owner reads their own language."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")

    lost = ours("slack/problems#channel_deleted")
    await stage.act(Reach("r-1", person("sam"), place("sales"), reachable=False, problem=lost))
    await stage.wait(lambda: stage.bazaar.unreachable, "the marketplace to be told")
    await stage.wait(lambda: stage.board.notes("@sam"), "the owner to be told")

    assert stage.bazaar.unreachable[0].problem == "The channel was deleted."
    assert "erreichbar: Der Kanal wurde gelöscht." in plain(stage.board.notes("@sam")[0].text)
