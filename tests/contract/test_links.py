"""Ending the link of a chat: asked about once, with what goes with it, and never by a press that meant another link."""

from core.domain.actions import Command, Press
from core.domain.cards import Answer, Verb
from core.domain.texts import plain
from core.services.terms import set_terms
from core.store.rooms import rooms_of
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.spam_reports import labelled, labels


async def ask(stage: Stage, board: str = "sales", user: str = "sam") -> Answer:
    return await stage.act(Command(f"k-{next(stage.counter)}", person(user), place(board), "unlink"))


async def press(stage: Stage, shown: Answer, label: str, user: str = "sam") -> Answer:
    button = labelled(shown, label)
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person(user), place("sales"), Verb.UNLINK, button.target, button.choice))


async def test_a_chat_is_unlinked_by_the_one_button_that_says_so(stage: Stage) -> None:
    """Typed alone the command ends nothing; the last chat of a seller is said to be the last."""
    await stage.link("sales")
    await stage.link("attic")

    asked, kept = await ask(stage), await press(stage, await ask(stage), "Keep it")
    still_linked = await rooms_of(stage.deps.store, stage.seller)
    done = await press(stage, asked, "Unlink this chat")
    again = await press(stage, asked, "Unlink this chat")
    last = await ask(stage, "attic")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("attic"), "the other chat")

    assert plain(asked.text).startswith("Unlink this chat from Bell & Co? Nothing more is shown here then")
    assert labels(asked) == ["Unlink this chat", "Keep it"]
    assert "the last one" not in plain(asked.text)
    assert plain(kept.text) == "Still linked: nothing has changed."
    assert len(still_linked) == 2
    assert plain(done.text).startswith("Unlinked. Nothing more is shown here;")
    assert done.replaces
    assert plain(again.text).startswith("This chat is not linked to a seller yet.")
    assert "It is the last one: nobody will be told when a buyer writes." in plain(last.text)
    assert stage.board.cards("sales") == []


async def test_a_late_press_does_not_end_a_link_that_was_made_since(stage: Stage) -> None:
    """The chat was unlinked and linked anew: it is asked once more."""
    await stage.link("sales")
    asked = await ask(stage)
    await press(stage, asked, "Unlink this chat")
    await stage.link("sales")

    late = await press(stage, asked, "Unlink this chat")

    assert plain(late.text).startswith("Unlink this chat from Bell & Co?")
    assert len(await rooms_of(stage.deps.store, stage.seller)) == 1


async def test_who_may_not_unlink_does_not_by_anothers_button(stage: Stage) -> None:
    """The right is asked for at the press, in the seller's language."""
    await stage.link("sales")
    await stage.link("attic", user="lou")
    await set_terms(stage.deps, stage.seller, language="de")
    asked = await ask(stage)

    refused = await press(stage, asked, "Diesen Chat trennen", user="lou")

    assert plain(asked.text).startswith("Diesen Chat von Bell & Co trennen?")
    assert labels(asked) == ["Diesen Chat trennen", "Verbunden lassen"]
    assert plain(refused.text).startswith("Das dürfen Sie hier nicht: es braucht einen Eigentümer")
    assert len(await rooms_of(stage.deps.store, stage.seller)) == 2
