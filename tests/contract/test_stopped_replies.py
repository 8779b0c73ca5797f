"""A held reply stops and asks when the buyer writes or somebody answers; a stopped one waits for a word."""

import asyncio

from core.domain.cards import CardState, Note, NoteKind, Verb
from core.domain.texts import plain
from tests.fixtures.core import Stage
from tests.fixtures.holds import asked, card, press, stops, submit, the_hold_passes, verbs


async def stopped(stage: Stage) -> Note:
    """What the room is told of a reply that stopped."""
    await stage.wait(lambda: stops(stage) and stops(stage, "attic"), "both rooms to ask")
    return stops(stage)[-1]


async def test_edit_stops_it_and_sends_the_new_words_alone(stage: Stage) -> None:
    """However long the form stays open the old ones do not leave."""
    await asked(stage)
    answer = await submit(stage, "Yes, sky bleu.")

    opened = (await press(stage, Verb.EDIT, answer)).form
    await the_hold_passes(stage)
    await stage.wait(lambda: "being changed" in plain(card(stage).warning), "the card to say so")
    assert opened is not None
    changed = await submit(stage, "Yes, sky blue.", verb=opened.verb, target=opened.target)
    await the_hold_passes(stage)
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    assert opened.fields[0].value == "Yes, sky bleu."
    assert plain(changed.text) == "Changed. Sending to Ann in 8 s."
    assert stage.bazaar.texts() == ["Yes, sky blue."]


async def test_a_form_that_was_opened_to_edit_and_left_can_still_be_decided(stage: Stage) -> None:
    """The card has the three buttons."""
    await asked(stage)
    await press(stage, Verb.EDIT, await submit(stage, "Yes."))
    await stage.wait(lambda: Verb.ANYWAY in verbs(card(stage)), "the card to ask")

    sent = await press(stage, Verb.ANYWAY, card(stage), choice="card")
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    assert plain(sent.text).startswith("On its way to Ann")
    assert not sent.replaces
    assert stage.bazaar.texts() == ["Yes."]


async def test_it_stops_and_asks_when_the_buyer_writes_again(stage: Stage) -> None:
    """In every room, calling whoever wrote it; sent anyway, it answers what the buyer wrote last."""
    await asked(stage)
    await submit(stage, "Yes.")

    await stage.buyer_writes("Or rather green?", message="m-2")
    note = await stopped(stage)
    await the_hold_passes(stage)
    before = stage.bazaar.texts()
    both = await asyncio.gather(press(stage, Verb.ANYWAY, note), press(stage, Verb.ANYWAY, note, "kim"))
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    assert note.kind is NoteKind.REMINDER
    assert plain(note.text).startswith("Ann wrote again before this reply of Sam left. It has not been sent.")
    assert note.quote is not None
    assert note.quote.text == "Yes."
    assert [who.user for who in note.calls] == ["sam"]
    assert note.loud
    assert verbs(note) == [Verb.ANYWAY, Verb.EDIT, Verb.UNDO]
    assert before == []
    said = [plain(each.text) for each in both]
    assert any(each.startswith("On its way to Ann") for each in said)
    assert all("n its way to Ann" in each or "Already sent" in each for each in said)
    (reply,) = stage.bazaar.replies.values()
    assert (reply.text, reply.in_reply_to) == ("Yes.", "m-2")


async def test_it_stops_and_asks_when_the_answer_was_given_on_the_site(stage: Stage) -> None:
    """Do not send: nothing leaves."""
    await asked(stage)
    await submit(stage, "Yes.")

    await stage.answered_on_site("It is blue.")
    note = await stopped(stage)
    dropped = await press(stage, Verb.UNDO, note)
    await the_hold_passes(stage)
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the card")

    assert plain(note.text).startswith("Ann was answered on the site before this reply of Sam left.")
    assert plain(dropped.text).startswith("Taken back: nothing was sent to Ann.")
    assert stage.bazaar.tries == []


async def test_a_stopped_reply_does_not_hold_up_the_next(stage: Stage) -> None:
    """Its author writes another one; the first waits for a word all the same."""
    await asked(stage)
    await submit(stage, "Yes.")
    await stage.buyer_writes("Or rather green?")
    note = await stopped(stage)

    await submit(stage, "Green it is.")
    await the_hold_passes(stage)
    await stage.wait(lambda: stage.bazaar.texts() == ["Green it is."], "the second reply")
    await press(stage, Verb.ANYWAY, note)
    await stage.wait(lambda: len(stage.bazaar.texts()) == 2, "the first one")

    assert stage.bazaar.texts() == ["Green it is.", "Yes."]
