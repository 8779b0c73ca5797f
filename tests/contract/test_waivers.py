"""Waivers: no answer needed, not a buyer, and who is blocked; each with its own undo, open about what counts."""

import pytest

from core.domain.actions import Command, Press
from core.domain.cards import Answer, CardState, Verb
from core.domain.obligations import ObligationState
from core.domain.regards import Regard
from core.domain.texts import plain
from core.domain.zones import HOUR
from core.store import keys
from core.store.conversations import conversation_id, message_id
from core.store.regards import regards_of
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.spam_reports import asked, card, govern, labelled, labels, owed, press, state


async def counted(stage: Stage) -> dict[str, int]:
    engine, tag = stage.deps.store.engine, keys.tag_of(stage.shop)
    names = ("met", "missed", "excluded")
    return {name: await engine.call("ZCARD", keys.ledger(tag, stage.shop, "inbox", name)) for name in names}


async def more(stage: Stage, conversation: str = "c-1", user: str = "sam") -> Answer:
    return await press(stage, Verb.MORE, conversation_id(stage.shop, conversation), user=user)


async def test_no_answer_is_needed_where_the_rules_exclude_that(stage: Stage) -> None:
    """One press; it leaves the rate, both cards say who said so, and one press undoes it."""
    await govern(stage, "custom")
    message = await asked(stage, "Thanks!")

    button = labelled(await more(stage), "No answer needed")
    told = await press(stage, button.verb or Verb.WAIVE, button.target, button.choice)
    twice = await press(stage, button.verb or Verb.WAIVE, button.target, button.choice)
    other = await press(stage, button.verb or Verb.WAIVE, button.target, button.choice, user="lou")
    await state(stage, CardState.WAIVED)
    ledger = await counted(stage)
    status, undo = plain(card(stage, "attic").status), labelled(card(stage, "attic"), "Needs an answer")
    undone = await press(stage, undo.verb or Verb.WAIVE, undo.target, undo.choice, user="lou")
    await state(stage, CardState.OPEN)

    assert plain(told.text) == plain(twice.text) == "No answer is needed to Ann's message."
    assert plain(other.text) == "Nothing is owed for that message of Ann's any more."
    assert ledger == {"met": 0, "missed": 0, "excluded": 1}
    assert status.startswith("Sam says that no answer is needed, ")
    assert "counts" not in status
    assert plain(undone.text).startswith("Ann's message needs an answer after all. Answer by ")
    assert await owed(stage) == [ObligationState.OPEN]
    assert await counted(stage) == {"met": 0, "missed": 0, "excluded": 0}
    assert button.target == message


async def test_not_a_buyer_is_asked_about_by_its_own_words(stage: Stage) -> None:
    """Where the message counts all the same: what was pressed stands in the question and on its button."""
    await stage.link("sales")
    message = await asked(stage, "I recruit sellers.")

    asks = await press(stage, Verb.NOT_BUYER, message)

    assert "not answered by then, it is missed, whoever wrote it." in plain(asks.text)
    assert plain(asks.text).endswith("Mark Ann as not a buyer all the same?")
    assert labels(asks) == ["Not a buyer"]


async def test_where_it_still_counts_the_button_says_so_and_asks_once(stage: Stage) -> None:
    """Hidden, it is missed when its time is over; nobody is reminded of it."""
    message = await asked(stage, "Thanks!")

    hide = next(label for label in labels(await more(stage)) if label.startswith("Hide"))
    asks = await press(stage, Verb.WAIVE, message)
    before = card(stage).state
    told = await press(stage, Verb.WAIVE, message, labelled(asks, "Hide it").choice)
    await state(stage, CardState.WAIVED)
    stage.clock.shift = 24 * HOUR + 1000
    await stage.wait(lambda: missed(stage), "the miss in the ledger")

    assert hide.startswith("Hide: still counts at ")
    assert "By the rules of Fiverr Ann's message still counts at " in plain(asks.text)
    assert before is CardState.OPEN
    assert "It still counts at " in plain(told.text)
    assert "It still counts at " in plain(card(stage).status)
    assert [note for note in stage.board.notes("sales") if "still waits" in plain(note.text)] == []


async def missed(stage: Stage) -> bool:
    return (await counted(stage))["missed"] == 1


async def test_who_is_not_a_buyer_is_remembered(stage: Stage) -> None:
    """No answer is needed to this; the next conversation's card comes without a sound and says so; undo forgets it."""
    await govern(stage, "custom")
    message = await asked(stage, "Hi, I recruit sellers for our agency.")

    button = labelled(await more(stage), "Not a buyer")
    told = await press(stage, button.verb or Verb.NOT_BUYER, button.target, button.choice)
    await state(stage, CardState.WAIVED)
    await stage.buyer_writes("Did you see it?", conversation="c-2")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the next card")
    again = stage.board.cards("sales")[1]
    undo = labelled(card(stage), "A buyer after all")
    undone = await press(stage, undo.verb or Verb.NOT_BUYER, undo.target, undo.choice, user="lou")
    await state(stage, CardState.OPEN)

    assert plain(told.text).startswith("Ann is not a buyer: no answer is needed")
    assert plain(again.title) == "Ann · Example Market · not a buyer"
    assert (again.state, again.silent, again.calls) == (CardState.OPEN, True, ())
    assert plain(undone.text).startswith("Ann is a buyer after all. Answer by ")
    assert await regards_of(stage.deps.store, stage.seller, Regard.NOT_BUYER) == []
    assert plain(card(stage).title) == "Ann · Example Market"
    assert message == button.target


async def test_not_a_buyer_and_no_answer_are_undone_apart(stage: Stage) -> None:
    """Who is marked as no buyer after an answer stays so when another message needs none and then does."""
    await govern(stage, "custom")
    message = await asked(stage, "Hi there.")
    await stage.answered_on_site("Hello.")
    await state(stage, CardState.ANSWERED)

    marked = await press(stage, Verb.NOT_BUYER, message)
    await stage.buyer_writes("Join us!", message="m-next")
    await state(stage, CardState.OPEN)
    following = message_id(conversation_id(stage.shop, "c-1"), "m-next")
    await press(stage, Verb.WAIVE, following)
    await state(stage, CardState.WAIVED)
    await press(stage, Verb.WAIVE, following, "undo")
    await state(stage, CardState.OPEN)

    assert plain(marked.text).startswith("Ann is marked as not a buyer")
    assert [each.name for each in await regards_of(stage.deps.store, stage.seller, Regard.NOT_BUYER)] == ["Ann"]


async def test_a_late_press_waives_nothing_new(stage: Stage) -> None:
    """It is about the message that it stood by."""
    await govern(stage, "custom")
    message = await asked(stage)
    await stage.answered_on_site("No.")
    await state(stage, CardState.ANSWERED)
    await stage.buyer_writes("I want to buy your logo.", message="m-real")
    await state(stage, CardState.OPEN)

    late = await press(stage, Verb.WAIVE, message)

    assert plain(late.text) == "Nothing is owed for that message of Ann's any more."
    assert await owed(stage) == [ObligationState.OPEN]


async def test_a_blocked_buyer_is_quiet_and_marked_and_still_owed(stage: Stage) -> None:
    """In every conversation with this shop; the list names them, and unblocks them."""
    await asked(stage)

    block = labelled(await more(stage), "Block Ann")
    told = await press(stage, block.verb or Verb.BLOCK, block.target)
    await stage.wait(lambda: plain(card(stage, "attic").title).endswith("· blocked"), "the mark on the card")
    await stage.buyer_writes("And me?", conversation="c-2")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the next card")
    again = stage.board.cards("sales")[1]
    stage.clock.shift = 23 * HOUR + 1000
    await stage.wait(lambda: stage.board.notes("sales"), "the reminders, as ever")
    listed = await stage.act(Command("k-1", person("sam"), place("sales"), "spam", "blocked"))
    unblock = labelled(listed, "Unblock Ann")
    gone = await press(stage, Verb.BLOCK, unblock.target, unblock.choice)
    empty = await stage.act(Command("k-2", person("sam"), place("sales"), "spam", "blocked"))

    assert "What is owed stays owed" in plain(told.text)
    assert (again.state, again.silent, again.calls) == (CardState.OPEN, True, ())
    assert await owed(stage) == [ObligationState.OPEN]
    assert "• Ann (Example Market), by Sam, " in plain(listed.text)
    assert plain(gone.text) == "Ann is not blocked any more."
    assert plain(empty.text).startswith("Nobody is blocked.")


async def test_only_an_owner_or_a_manager_blocks(stage: Stage) -> None:
    """An agent is not shown the button, and a pressed one does nothing."""
    await asked(stage)

    shown = await more(stage, user="lou")
    refused = await press(stage, Verb.BLOCK, conversation_id(stage.shop, "c-1"), user="lou")

    assert "Block Ann" not in labels(shown)
    assert "takes an owner or a manager" in plain(refused.text)
    assert await regards_of(stage.deps.store, stage.seller, Regard.BLOCKED) == []


@pytest.mark.parametrize("verb", [Verb.WAIVE, Verb.NOT_BUYER])
async def test_a_guest_waives_nothing(stage: Stage, verb: Verb) -> None:
    """Nor does a word that no button says."""
    message = await asked(stage)

    guest = await stage.act(Press("g", person("guest", outsider=True), place("sales"), verb, message, "sure"))
    odd = await press(stage, verb, message, "maybe")

    assert "may not report or hide messages" in plain(guest.text)
    assert "does not find" in plain(odd.text)
    assert await owed(stage) == [ObligationState.OPEN]


async def test_what_is_owed_again_is_not_said_to_be_new(stage: Stage) -> None:
    """Taken back, it rings with its own words: the buyer has written nothing since."""
    await govern(stage, "custom")
    message = await asked(stage, "Thanks!")
    await press(stage, Verb.WAIVE, message)
    await state(stage, CardState.WAIVED)

    undo = labelled(card(stage), "Needs an answer")
    await press(stage, undo.verb or Verb.WAIVE, undo.target, undo.choice)
    await stage.wait(lambda: any(note.loud for note in stage.board.notes("sales")), "a note that rings")

    note = next(note for note in stage.board.notes("sales") if note.loud)
    assert plain(note.text).startswith("Ann's message waits for an answer. Answer by ")
    assert note.quote is not None
    assert note.quote.text == "Thanks!"
    assert not any("wrote again" in said for said in stage.board.said("sales"))
