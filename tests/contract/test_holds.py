"""Holds: for some seconds a reply can be taken back or changed; what comes between is asked about, never guessed."""

import asyncio

from core.domain.actions import Amend, Press, Write
from core.domain.cards import CardRef, CardState, Verb
from core.domain.deliveries import DeliveryKind
from core.domain.holds import DEFAULT_HOLD
from core.domain.texts import plain
from core.domain.zones import HOUR, SECOND
from core.errors import TryLater, Unknown
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id, message_id
from core.store.sellers import read_seller
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage
from tests.fixtures.holds import asked, card, press, stops, submit, the_hold_passes, verbs, write


async def test_a_reply_leaves_when_its_hold_has_passed(stage: Stage) -> None:
    """Until then the member and every card say so, with Undo and Edit."""
    await asked(stage)

    answer = await submit(stage, "Yes.")
    await stage.wait(lambda: card(stage, "attic").state is CardState.SENDING, "the other card to say so")
    held = card(stage, "attic")
    before = stage.bazaar.texts()
    await the_hold_passes(stage)
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    assert plain(answer.text) == "Sending to Ann in 8 s."
    assert verbs(answer) == [Verb.UNDO, Verb.EDIT]
    assert verbs(held)[:3] == [Verb.REPLY, Verb.UNDO, Verb.EDIT]
    assert plain(held.status).startswith("Sam is answering: it goes to Example Market in a few seconds")
    assert (before, stage.bazaar.texts()) == ([], ["Yes."])


async def test_undo_takes_it_back_and_keeps_the_text_at_hand(stage: Stage) -> None:
    """Nothing leaves, the card is open as before, and what is owed is owed."""
    await asked(stage)
    answer = await submit(stage, "Yes, you fool.")

    undone = await press(stage, Verb.UNDO, answer)
    await stage.wait(lambda: card(stage).state is CardState.OPEN, "the card to be open")
    again = await press(stage, Verb.UNDO, answer, "kim")
    anyway = await stage.act(
        Press("p", person("sam"), place("sales"), Verb.ANYWAY, button(answer, Verb.UNDO), choice="")
    )
    await the_hold_passes(stage)
    await submit(stage, "Yes.")
    await the_hold_passes(stage)
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    assert plain(undone.text) == "Taken back: nothing was sent to Ann. Your text:"
    assert undone.copy == again.copy == anyway.copy == "Yes, you fool."
    assert undone.replaces
    assert plain(again.text).startswith("It was taken back before: nothing was sent to Ann.")
    assert plain(anyway.text).startswith("It was taken back before: nothing was sent to Ann.")
    assert stage.bazaar.texts() == ["Yes."]


async def test_two_presses_of_undo_at_once_have_one_outcome(stage: Stage) -> None:
    """One takes it back; the other is told so."""
    await asked(stage)
    answer = await submit(stage, "Yes.")

    both = await asyncio.gather(press(stage, Verb.UNDO, answer), press(stage, Verb.UNDO, answer, "kim"))

    assert sorted(plain(each.text).split(":")[0] for each in both) == ["It was taken back before", "Taken back"]


async def test_undo_is_too_late_once_it_was_sent(stage: Stage) -> None:
    """It says so, and offers a correction."""
    await asked(stage)
    answer = await submit(stage, "Yes.")
    await the_hold_passes(stage)
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    undone, edited = await press(stage, Verb.UNDO, answer), await press(stage, Verb.EDIT, answer)

    assert plain(undone.text) == plain(edited.text) == "Already sent: Ann has it. You can send a correction."
    assert verbs(undone) == verbs(edited) == [Verb.CORRECT]
    assert stage.bazaar.texts() == ["Yes."]


async def test_a_typed_text_changed_in_the_chat_replaces_what_is_held(stage: Stage) -> None:
    """And once that has left, the change is too late and says so."""
    await asked(stage)
    await write(stage, "Yes, sky bleu.", "w-1")

    first = await stage.act(Amend("e-1", person("sam"), place("sales"), "Yes, sky blue.", "w-1"))
    again = await stage.act(Amend("e-1", person("sam"), place("sales"), "Yes, sky blue.", "w-1"))
    await the_hold_passes(stage)
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")
    late = await stage.act(Amend("e-2", person("sam"), place("sales"), "No.", "w-1"))
    nothing = await stage.act(Amend("e-3", person("sam"), place("sales"), "Hm.", "w-9"))

    assert plain(first.text) == plain(again.text) == "Changed. Sending to Ann in 8 s."
    assert plain(late.text).startswith("Already sent: Ann has it.")
    assert plain(nothing.text).startswith("Already taken as it was first written.")
    assert stage.bazaar.texts() == ["Yes, sky blue."]


async def test_a_text_changed_while_it_is_shown_back_is_shown_back_anew(stage: Stage) -> None:
    """What is sent is what was read above the button; the older question sends nothing."""
    await asked(stage)
    at = CardRef(place("sales").address, stage.board.boards["sales"][0].number)
    old = await stage.act(Write("w-1", person("sam"), place("sales"), "Yes, sky bleu.", at))

    new = await stage.act(Amend("e-1", person("sam"), place("sales"), "Yes, sky blue.", "w-1"))
    refused = await press(stage, Verb.SEND, old)
    await press(stage, Verb.SEND, new)
    await the_hold_passes(stage)
    await stage.wait(stage.bazaar.texts, "the reply")

    assert new.quote is not None
    assert new.quote.text == "Yes, sky blue."
    assert "was changed afterwards" in plain(refused.text)
    assert stage.bazaar.texts() == ["Yes, sky blue."]


async def test_a_reply_shown_back_and_sent_can_be_taken_back_too(stage: Stage) -> None:
    """The old button sends nothing afterwards."""
    await asked(stage)
    at = CardRef(place("sales").address, stage.board.boards["sales"][0].number)
    question = await stage.act(Write("w-1", person("sam"), place("sales"), "Yes.", at))

    held = await press(stage, Verb.SEND, question)
    await press(stage, Verb.UNDO, held)
    again = await press(stage, Verb.SEND, question)
    await the_hold_passes(stage)

    assert plain(held.text) == "Sending to Ann in 8 s."
    assert held.replaces
    assert plain(again.text) == "That text was taken back; nothing was sent."
    assert stage.bazaar.tries == []


async def test_two_replies_of_one_member_are_both_held_and_leave_in_order(stage: Stage) -> None:
    """People write in short lines."""
    await asked(stage)

    await submit(stage, "Yes.")
    await submit(stage, "Sky blue, to be exact.")
    await the_hold_passes(stage)
    await stage.wait(lambda: len(stage.bazaar.texts()) == 2, "both")

    assert stage.bazaar.texts() == ["Yes.", "Sky blue, to be exact."]
    assert stops(stage) == []


async def test_nothing_is_held_when_the_deadline_is_near(stage: Stage) -> None:
    """Nearer than the hold and a minute."""
    await set_terms(stage.deps, stage.seller, hold=DEFAULT_HOLD)
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?", sent_at=stage.clock.now() - 24 * HOUR + 65 * SECOND)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")

    answer = await submit(stage, "Yes.")
    await stage.wait(lambda: stage.bazaar.texts() == ["Yes."], "the reply at once")

    assert answer.buttons == ()


async def test_a_reply_that_was_surely_not_taken_can_be_cancelled(stage: Stage) -> None:
    """One that may have arrived cannot, and says so."""
    await asked(stage, hold=0)
    stage.bazaar.troubles["c-1"] = [TryLater("closed for an hour", after=3600)]
    await submit(stage, "Yes.")
    await stage.wait(lambda: "closed for an hour" in plain(card(stage).warning), "the reason")

    cancelled = await press(stage, Verb.UNDO, card(stage), choice="card")
    await stage.wait(lambda: card(stage).state is CardState.OPEN, "the card to be open")
    stage.bazaar.troubles["c-1"] = [Unknown("no answer")] * 50
    await submit(stage, "Yes indeed.")
    await stage.wait(lambda: "no answer" in plain(card(stage).warning), "the doubt")
    doubtful = await press(stage, Verb.UNDO, card(stage), choice="card")

    assert plain(cancelled.text).startswith("Taken back: nothing was sent to Ann.")
    assert not cancelled.replaces
    assert plain(doubtful.text).startswith("Too late")
    assert card(stage).state is CardState.SENDING


async def test_a_correction_is_a_new_reply_and_shown_as_one(stage: Stage) -> None:
    """The form begins with what was sent."""
    await asked(stage, hold=0)
    await submit(stage, "Yes, sky bleu.")
    await stage.wait(lambda: Verb.CORRECT in verbs(card(stage)), "the answer")

    opened = (await press(stage, Verb.CORRECT, card(stage))).form
    assert opened is not None
    await submit(stage, "Yes, sky blue.", verb=opened.verb, target=opened.target)
    await stage.wait(lambda: "Corrected by Sam" in plain(card(stage).status), "the correction")
    await stage.wait(
        lambda: any("A correction was sent to Ann by Sam" in said for said in stage.board.said("attic")), "a receipt"
    )

    assert opened.fields[0].value == "Yes, sky bleu."
    assert stage.bazaar.texts() == ["Yes, sky bleu.", "Yes, sky blue."]


async def test_a_spam_report_drops_what_is_held(stage: Stage) -> None:
    """Whoever wrote it is told, and its buttons say that nothing was sent."""
    await asked(stage)
    answer = await submit(stage, "Yes.")
    message = message_id(conversation_id(stage.shop, "c-1"), "m-1")

    await stage.act(Press("r", person("kim"), place("sales"), Verb.SPAM, message, choice="advertising"))
    told = [await press(stage, verb, answer) for verb in (Verb.UNDO, Verb.EDIT)]
    told.append(await stage.act(Press("a", person("sam"), place("sales"), Verb.ANYWAY, button(answer, Verb.UNDO))))
    await the_hold_passes(stage)
    await stage.wait(
        lambda: any("reported the message as spam" in said for said in stage.board.said("sales")), "the word to Sam"
    )

    assert {plain(each.text).split(":")[0] for each in told} == {"It was taken back before"}
    assert {each.copy for each in told} == {"Yes."}
    assert stage.bazaar.texts() == []


async def test_buttons_of_a_held_reply_are_refused_to_strangers_and_forgers(stage: Stage) -> None:
    """A guest, a made-up id, a buyer's message, a form that nobody asked."""
    await asked(stage)
    answer = await submit(stage, "Yes.")
    target = button(answer, Verb.UNDO)
    buyers = "01m" + target[3:]

    for verb in (Verb.UNDO, Verb.EDIT, Verb.ANYWAY, Verb.CORRECT):
        guest = await stage.act(Press("g", person("spy", outsider=True), place("sales"), verb, target))
        forged = await stage.act(Press("f", person("sam"), place("sales"), verb, buyers[:-3] + "aaa"))
        nonsense = await stage.act(Press("n", person("sam"), place("sales"), verb, "'; DROP TABLE"))
        assert "You may not answer buyers" in plain(guest.text)
        assert "does not find that conversation" in plain(forged.text)
        assert "does not find that conversation" in plain(nonsense.text)
    for verb in (Verb.EDIT, Verb.CORRECT):
        forged = await submit(stage, "Ha.", verb=verb, target=buyers[:-3] + "aaa")
        assert "does not find that conversation" in plain(forged.text)
    await the_hold_passes(stage)
    await stage.wait(lambda: stage.bazaar.texts() == ["Yes."], "the reply")


async def test_a_hold_waits_for_its_instant_and_nothing_polls(still: Stage) -> None:
    """The lane stands at the instant at which the hold ends; until then no worker is given anything."""
    await set_terms(still.deps, still.seller, hold=DEFAULT_HOLD)
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    await still.claim()  # the card, which stays with its worker
    written = still.clock.wall()
    await submit(still, "Yes.")

    lane, lanes = f"shop/{still.shop}", keys.lanes(keys.tag_of(still.seller))
    next_at = float(await still.deps.store.engine.call("ZSCORE", lanes, lane))
    before = await still.claim()
    still.pass_time(DEFAULT_HOLD)
    after = await still.claim()

    assert written + DEFAULT_HOLD <= next_at <= still.clock.wall()
    assert [each for each in before if each.kind is DeliveryKind.REPLY] == []
    assert [each.tries for each in after if each.kind is DeliveryKind.REPLY] == [1]


async def test_eight_seconds_are_the_default_and_thirty_the_most(stage: Stage) -> None:
    """A seller who never chose has the default."""
    other = await read_seller(stage.deps.store, stage.seller)
    await stage.deps.store.engine.call("HDEL", keys.seller(keys.tag_of(stage.seller), stage.seller), "hold")
    by_default = await read_seller(stage.deps.store, stage.seller)

    assert other is not None
    assert by_default is not None
    assert (other.hold, by_default.hold) == (0, 8 * SECOND)
