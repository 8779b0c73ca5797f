"""Spam reports: out of the queue at once, settled when the marketplace accepts, and undone in either chat."""

from functools import partial

from core.domain.actions import Command, Press, Submit
from core.domain.cards import Card, CardRef, CardState, Verb
from core.domain.events import SpamTold
from core.domain.holds import LONGEST_HOLD
from core.domain.obligations import ObligationState
from core.domain.texts import plain
from core.domain.zones import MINUTE
from core.errors import Rejected, TryLater, Unknown
from core.services.terms import set_terms
from core.store.conversations import conversation_id, message_id, owed_conversations, read_conversation
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.spam_reports import (
    BOARDS,
    asked,
    card,
    carried,
    labelled,
    labels,
    notes,
    owed,
    press,
    report,
    state,
)


async def test_a_report_goes_by_three_presses_and_both_cards_say_so(stage: Stage) -> None:
    """More…, Report spam, the reason; the marketplace is told by whom and why, and nothing is owed any more."""
    message = await asked(stage)

    more = await press(stage, Verb.MORE, conversation_id(stage.shop, "c-1"))
    spam = labelled(more, "Report spam")
    why = await press(stage, Verb.SPAM, spam.target, spam.choice)
    scam = labelled(why, "Scam or phishing")
    told = await press(stage, Verb.SPAM, scam.target, scam.choice)
    await state(stage, CardState.SPAM)
    await stage.wait(lambda: notes(stage, "has the spam report", "attic"), "the other chat to be told")

    (brought,) = stage.bazaar.reports.values()
    assert (brought.conversation, brought.message, brought.reason) == ("c-1", "m-spam", "scam")
    assert brought.reporter.name == "Sam"
    assert not brought.withdrawn
    assert labels(card(stage))[-1] == "Open on the site"
    assert labels(more)[0] == "Report spam"
    assert "on its way to Example Market" in plain(told.text)
    assert "Reported as spam by Sam" in plain(card(stage, "attic").status)
    assert await owed(stage) == []
    assert scam.target == message


async def test_the_duty_stands_until_the_marketplace_accepts(stage: Stage) -> None:
    """The message is out of the queue at once; what is owed and its clock are not."""
    stage.bazaar.troubles["c-1/reported"] = [TryLater("busy.", after=0.3)]
    message = await asked(stage)

    await report(stage, message)
    await state(stage, CardState.REPORTING)
    await stage.wait(lambda: "Not accepted yet: busy." in plain(card(stage).warning), "why it is not there yet")
    queue, states = await owed_conversations(stage.deps.store, stage.seller, 10), await owed(stage)
    await state(stage, CardState.SPAM)

    assert queue == []
    assert states == [ObligationState.OPEN]
    assert await owed(stage) == []
    assert stage.bazaar.tries == ["c-1/reported"] * 2


async def test_a_refused_report_is_told_in_the_marketplaces_words(stage: Stage) -> None:
    """The card is open again, and may be reported once more."""
    stage.bazaar.troubles["c-1/reported"] = [Rejected("We see no spam there.")]
    message = await asked(stage)

    await report(stage, message)
    for board in BOARDS:
        await stage.wait(partial(notes, stage, "We see no spam there.", board), f"why in {board}")
    await state(stage, CardState.OPEN)
    warning = plain(card(stage).warning)
    again = await report(stage, message, user="lou")
    await state(stage, CardState.SPAM)

    assert "Not reported. Example Market said: We see no spam there." in warning
    assert "on its way" in plain(again.text)
    assert [note.calls[0].user for note in notes(stage, "We see no spam there.")] == ["sam"]


async def test_an_undone_report_is_owed_again(stage: Stage) -> None:
    """At once, in both rooms; the marketplace hears of it once it was told."""
    message = await asked(stage)
    await report(stage, message)
    await state(stage, CardState.SPAM)

    undone = await press(stage, Verb.SPAM, labelled(card(stage), "Not spam").target, "undo", user="lou")
    await state(stage, CardState.OPEN)
    await stage.wait(lambda: len(stage.bazaar.reports) == 2, "the marketplace to be told")
    await stage.wait(lambda: not card(stage).warning, "nothing to be waited for")

    assert plain(undone.text).startswith("Ann's message is no spam any more. Answer by")
    assert [each.withdrawn for each in stage.bazaar.reports.values()] == [False, True]
    assert await owed(stage) == [ObligationState.OPEN]


async def test_a_report_that_was_not_tried_is_taken_back_unheard(still: Stage) -> None:
    """The marketplace hears of neither."""
    await still.link("sales")
    await still.buyer_writes("Buy followers!", message="m-spam")
    message = message_id(conversation_id(still.shop, "c-1"), "m-spam")

    await report(still, message)
    undone = await press(still, Verb.SPAM, message, "undo")
    waiting = await still.claim()

    assert plain(undone.text) == "The report of Ann's message is taken back."
    assert [each.kind for each in waiting if each.shop] == []
    assert await owed(still) == [ObligationState.OPEN]


async def test_what_is_on_its_way_is_taken_back_behind_it(still: Stage) -> None:
    """A report that may arrive is followed by its taking back, and what was asked is owed throughout."""
    await still.link("sales")
    await still.buyer_writes("Buy followers!", message="m-spam")
    message = message_id(conversation_id(still.shop, "c-1"), "m-spam")

    await report(still, message)
    flying = [each for each in await still.claim() if each.shop]
    await press(still, Verb.SPAM, message, "undo")
    await carried(still, flying)
    between = await owed(still)
    await carried(still, [each for each in await still.claim() if each.shop])
    sight = await read_conversation(still.deps.store, conversation_id(still.shop, "c-1"))

    assert [each.withdrawn for each in still.bazaar.reports.values()] == [False, True]
    assert between == await owed(still) == [ObligationState.OPEN]
    assert sight is not None
    assert sight.messages[0].report is None


async def test_the_marketplace_may_keep_it_as_spam(stage: Stage) -> None:
    """Then it is spam here too, and the room has its words."""
    stage.bazaar.troubles["c-1/withdrawn"] = [Rejected("Too late.")]
    message = await asked(stage)
    await report(stage, message)
    await state(stage, CardState.SPAM)

    await press(stage, Verb.SPAM, message, "undo")
    await stage.wait(lambda: notes(stage, "did not take back the spam report"), "the marketplace's words")
    await state(stage, CardState.SPAM)

    assert await owed(stage) == []


async def test_two_who_report_at_once_are_one_report(stage: Stage) -> None:
    """The second is told who was first; a double click is nothing more."""
    message = await asked(stage)

    first = await report(stage, message, key="one")
    twice = await report(stage, message, key="one")
    second = await report(stage, message, user="lou")
    await state(stage, CardState.SPAM)

    assert plain(twice.text) == plain(first.text)
    assert plain(second.text) == "Sam reported Ann's message already."
    assert labels(second) == ["Not spam"]
    assert len(stage.bazaar.reports) == 1


async def test_a_reply_that_waits_is_dropped_and_given_back(stage: Stage) -> None:
    """Its author has the text below the card, and the marketplace has the report alone."""
    stage.bazaar.troubles["c-1"] = [TryLater("busy.", after=600.0)]
    message = await asked(stage)
    target = conversation_id(stage.shop, "c-1")
    await stage.act(Submit("s-1", person("lou"), place("attic"), Verb.REPLY, target, {"text": "No, thanks."}))
    await stage.wait(lambda: "busy." in plain(card(stage).warning), "the reply to wait")

    told = await report(stage, message)
    await state(stage, CardState.SPAM)
    await stage.wait(lambda: notes(stage, "Sam reported the message as spam. Lou, your text", "attic"), "the text")

    assert "The reply that waited was not sent." in plain(told.text)
    (note,) = notes(stage, "your text is below", "attic")
    assert note.quote is not None
    assert note.quote.text == "No, thanks."
    assert [who.user for who in note.calls] == ["lou"]
    assert stage.bazaar.texts() == []


async def test_a_held_reply_is_dropped_and_given_back(stage: Stage) -> None:
    """It was still to be taken back when the report came: it never leaves."""
    message = await asked(stage)
    await set_terms(stage.deps, stage.seller, hold=LONGEST_HOLD)
    target = conversation_id(stage.shop, "c-1")
    await stage.act(Submit("s-1", person("lou"), place("attic"), Verb.REPLY, target, {"text": "No, thanks."}))
    await state(stage, CardState.SENDING)

    told = await report(stage, message)
    await state(stage, CardState.SPAM)
    await stage.wait(lambda: notes(stage, "Lou, your text is below", "attic"), "the text")
    stage.pass_time(2 * LONGEST_HOLD)
    await stage.buyer_writes("A real one.", conversation="c-2")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the workers to have gone on")

    assert "The reply that waited was not sent." in plain(told.text)
    assert stage.bazaar.texts() == []
    assert stage.bazaar.tries == ["c-1/reported"]


async def test_a_report_whose_answer_was_lost_is_one_report(stage: Stage) -> None:
    """It is brought again under the same id."""
    stage.bazaar.troubles["c-1/reported"] = [Unknown("no answer"), TryLater("busy.", after=0.1)]
    message = await asked(stage)

    await report(stage, message)
    await stage.wait(lambda: stage.bazaar.tries, "a first try")
    stage.pass_time(10_000)
    await state(stage, CardState.SPAM)

    assert len(stage.bazaar.tries) == 3
    assert len(stage.bazaar.reports) == 1


async def test_a_reply_on_its_way_goes_on_and_both_are_told(still: Stage) -> None:
    """One outcome: whichever the marketplace takes first settles it."""
    await still.link("sales")
    await still.link("attic", user="lou")
    await still.buyer_writes("Buy followers!", message="m-spam")
    message = message_id(conversation_id(still.shop, "c-1"), "m-spam")
    await carried(still, await still.claim())
    target = conversation_id(still.shop, "c-1")
    await still.act(Submit("s-1", person("lou"), place("attic"), Verb.REPLY, target, {"text": "No, thanks."}))
    flying = await still.claim()

    told = await report(still, message)
    await carried(still, flying)
    while waiting := await still.claim():
        await carried(still, waiting)

    assert "A reply is on its way already, so both go on." in plain(told.text)
    assert len(notes(still, "while Lou's reply is on its way: both go on", "attic")) == 1
    assert still.bazaar.texts() == ["No, thanks."]
    assert len(still.bazaar.reports) == 1
    assert await owed(still) == []


async def test_while_a_report_waits_the_card_says_what_was_answered_meanwhile(stage: Stage) -> None:
    """Both, in either order; the report alone is still to come, and can still be taken back."""
    stage.bazaar.troubles["c-1/reported"] = [TryLater("busy.", after=600.0)]
    message = await asked(stage)
    await report(stage, message)
    await state(stage, CardState.REPORTING)
    before = plain(card(stage).status)

    await stage.answered_on_site("No.")
    await stage.wait(lambda: "nswered" in plain(card(stage).status), "the card to say both")

    status = plain(card(stage).status)
    assert "Not accepted yet, so the clock runs until" in before
    assert status.startswith("Reporting as spam, says Sam: on its way to Example Market.\nAnswered on the site, ")
    assert "the clock runs" not in status
    assert status in plain(card(stage).fallback)
    assert "Not spam" in labels(card(stage))


async def test_an_answered_message_that_is_reported_by_hand_is_not_said_to_be_unsettled(stage: Stage) -> None:
    """Who answered stays on the card while the report waits for a word."""
    stage.bazaar.sends = False
    message = await asked(stage)
    await stage.answered_on_site("No.")
    await state(stage, CardState.ANSWERED)

    told = await report(stage, message)
    await state(stage, CardState.REPORTING)

    status = plain(card(stage).status)
    assert plain(told.text).endswith("on the site, then press Done.")
    assert status.startswith("Sam reports it as spam on Example Market's site. Answered on the site, ")
    assert "Nothing is settled" not in status


async def test_while_a_report_waits_the_card_says_that_no_answer_is_needed(stage: Stage) -> None:
    """Somebody hid the message after it was reported: that holds whatever comes of the report."""
    stage.bazaar.troubles["c-1/reported"] = [TryLater("busy.", after=600.0)]
    message = await asked(stage)
    await report(stage, message)
    await state(stage, CardState.REPORTING)

    await press(stage, Verb.WAIVE, message, "sure", user="lou")
    await stage.wait(lambda: "Lou says that no answer is needed" in plain(card(stage).status), "the card to say both")

    assert plain(card(stage).status).startswith("Reporting as spam, says Sam: on its way to Example Market.\nLou says")


async def test_a_shop_without_callback_is_reported_by_hand(stage: Stage) -> None:
    """Nothing is settled before somebody says that it was done."""
    stage.bazaar.sends = False
    message = await asked(stage)

    told = await report(stage, message)
    await state(stage, CardState.REPORTING)
    states = await owed(stage)
    done = labelled(card(stage), "Done on the site")
    said = await press(stage, Verb.SPAM, done.target, done.choice, user="lou")
    await state(stage, CardState.SPAM)
    late = await press(stage, Verb.SPAM, done.target, done.choice)

    assert "takes no reports from here" in plain(told.text)
    assert labels(told) == ["Open on the site", "Done on the site"]
    assert states == [ObligationState.OPEN]
    assert plain(said.text) == "Noted: Ann's message is reported on the site."
    assert plain(late.text) == "That was said already: nothing is waited for."
    assert "Reported as spam by Lou" in plain(card(stage).status)
    assert stage.bazaar.reports == {}


async def test_what_the_marketplace_says_of_spam_is_on_the_cards(stage: Stage) -> None:
    """Reported and taken back on the site; a member may take it back here too."""
    message = await asked(stage)

    await tell(stage, reported=True)
    await state(stage, CardState.SPAM)
    again = await report(stage, message)
    await press(stage, Verb.SPAM, labelled(card(stage), "Not spam").target, "undo")
    await state(stage, CardState.OPEN)
    await stage.wait(lambda: stage.bazaar.reports, "the marketplace to be told")

    assert plain(again.text) == "Ann's message is reported already."
    assert [each.withdrawn for each in stage.bazaar.reports.values()] == [True]


async def test_the_command_asks_which_or_takes_what_it_answers(stage: Stage) -> None:
    """Typed on its own it offers who waits; as an answer to a card it asks why at once."""
    await asked(stage)
    await stage.buyer_writes("Is it blue?", conversation="c-2")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "two cards")
    line = next(each for each in stage.board.boards["sales"] if isinstance(each.shown, Card))

    alone = await stage.act(Command("k-1", person("sam"), place("sales"), "spam"))
    answer = Command("k-2", person("sam"), place("sales"), "spam", at=CardRef(place("sales").address, line.number))
    about = await stage.act(answer)
    picked = await press(stage, alone.buttons[0].verb or Verb.SPAM, alone.buttons[0].target, alone.buttons[0].choice)

    assert plain(alone.text) == "Which message is it?"
    assert labels(alone) == ["Ann", "Ann"]
    assert "Why is Ann's message spam?" in plain(about.text)
    assert plain(picked.text).startswith("Why is Ann's message spam?")
    assert len(labels(about)) == 5


async def test_a_late_press_is_about_the_message_it_stood_by(stage: Stage) -> None:
    """What a buyer wrote since, and is owed an answer, is not reported by it."""
    message = await asked(stage)
    await stage.answered_on_site("No.")
    await state(stage, CardState.ANSWERED)
    stage.clock.shift = MINUTE
    await stage.buyer_writes("I want to buy your logo.", message="m-real")
    await state(stage, CardState.OPEN)

    await report(stage, message)
    await stage.wait(lambda: stage.bazaar.reports, "the report")

    assert [each.message for each in stage.bazaar.reports.values()] == ["m-spam"]
    assert await owed(stage) == [ObligationState.OPEN]


async def test_who_may_not_report_reports_nothing(stage: Stage) -> None:
    """A guest, another seller's member by a forged id, and a word that is no reason."""
    message = await asked(stage)

    guest = await stage.act(Press("g", person("guest", outsider=True), place("sales"), Verb.SPAM, message, "scam"))
    forged = await report(stage, message[:-2] + "aa")
    odd = await press(stage, Verb.SPAM, message, "boring")
    listed = await stage.act(Command("k", person("lou"), place("attic"), "spam", "blocked"))

    assert "may not report or hide messages" in plain(guest.text)
    assert "does not find" in plain(forged.text)
    assert "does not find" in plain(odd.text)
    assert "takes an owner or a manager" in plain(listed.text)
    assert card(stage).state is CardState.OPEN
    assert stage.bazaar.reports == {}


async def tell(stage: Stage, *, reported: bool) -> None:
    number = next(stage.counter)
    told = SpamTold(f"e-{number}", stage.clock.now(), "c-1", message="m-spam", reported=reported)
    await stage.door.accept(stage.shop, f"wh-{number}", [told])
