"""The second answer: whoever may not know of the first is asked, keeps the text, and decides."""

import asyncio

from core.domain.actions import Press, Submit, Write
from core.domain.cards import Answer, CardRef, CardState, Verb
from core.domain.holds import DEFAULT_HOLD
from core.domain.texts import plain
from core.domain.zones import MINUTE, SECOND
from core.services.terms import set_terms
from core.store.conversations import conversation_id
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage


async def asked(stage: Stage) -> None:
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?", sent_at=stage.clock.now() - 10 * MINUTE)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")


def target(stage: Stage) -> str:
    return conversation_id(stage.shop, "c-1")


async def open_form(stage: Stage, user: str) -> None:
    key = f"p-{next(stage.counter)}"
    await stage.act(Press(key, person(user), place("sales"), Verb.REPLY, target(stage)))


async def submit(stage: Stage, user: str, text: str, key: str = "") -> Answer:
    key = key or f"s-{next(stage.counter)}"
    return await stage.act(Submit(key, person(user), place("sales"), Verb.REPLY, target(stage), {"text": text}))


async def swipe(stage: Stage, user: str, text: str, *, alone: bool = True) -> Answer:
    at = CardRef(place("sales").address, stage.board.boards["sales"][0].number)
    return await stage.act(Write(f"w-{next(stage.counter)}", person(user), place("sales"), text, at, alone=alone))


async def decide(stage: Stage, question: Answer, verb: Verb, user: str = "kim") -> Answer:
    found = next(each for each in question.buttons if each.verb is verb)
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person(user), place("sales"), verb, found.target, found.choice))


async def sent(stage: Stage, *texts: str) -> None:
    await stage.wait(lambda: stage.bazaar.texts() == list(texts), f"the replies to be {texts}")


async def test_who_opened_the_form_before_the_answer_is_asked_however_long_ago(stage: Stage) -> None:
    """And the text waits; told twice it is asked once."""
    await asked(stage)
    await open_form(stage, "kim")
    await submit(stage, "sam", "Yes.")
    await sent(stage, "Yes.")
    stage.clock.shift = 10 * MINUTE

    question = await submit(stage, "kim", "Sky blue.", "s-twice")
    again = await submit(stage, "kim", "Sky blue.", "s-twice")
    before = stage.bazaar.texts()
    await decide(stage, question, Verb.SEND)
    late = await decide(stage, again, Verb.KEEP)
    await sent(stage, "Yes.", "Sky blue.")

    assert plain(question.text) == "Sam answered 10 min ago: send Ann this as well?"
    assert question.quote is not None
    assert question.quote.text == "Sky blue."
    assert button(question, Verb.SEND) == button(again, Verb.SEND)
    assert before == ["Yes."]
    assert plain(late.text) == "That text was already sent."


async def test_who_opened_the_form_after_the_answer_has_seen_it(stage: Stage) -> None:
    """The card said so: nothing is asked."""
    await asked(stage)
    await submit(stage, "sam", "Yes.")
    await sent(stage, "Yes.")
    stage.clock.shift = 5 * SECOND

    await open_form(stage, "kim")
    answer = await submit(stage, "kim", "Sky blue.")
    await sent(stage, "Yes.", "Sky blue.")

    assert answer.text == ()


async def test_a_swipe_within_a_minute_is_asked_about_and_a_later_one_is_not(stage: Stage) -> None:
    """There is no form whose opening would tell."""
    await asked(stage)
    await submit(stage, "sam", "Yes.")

    soon = await swipe(stage, "kim", "Sky blue.")
    stage.clock.shift = 2 * MINUTE
    later = await swipe(stage, "kim", "Navy, even.")
    await sent(stage, "Yes.", "Navy, even.")

    assert plain(soon.text).startswith("Sam answered")
    assert later.text == ()


async def test_a_text_shown_back_is_asked_about_when_somebody_answered_meanwhile(stage: Stage) -> None:
    """The question takes the place of the first one."""
    await asked(stage)
    first = await swipe(stage, "kim", "Sky blue.", alone=False)
    await submit(stage, "sam", "Yes.")

    second = await decide(stage, first, Verb.SEND)
    before = stage.bazaar.texts()
    kept = await decide(stage, second, Verb.KEEP)
    await sent(stage, "Yes.")

    assert plain(second.text).startswith("Sam answered")
    assert second.replaces
    assert before in ([], ["Yes."])
    assert plain(kept.text) == "Kept as a note. Nothing was sent to Ann."


async def test_two_at_the_same_instant_are_one_answer_and_one_question(stage: Stage) -> None:
    """Whoever comes second in the store is asked."""
    await asked(stage)
    await open_form(stage, "sam")
    await open_form(stage, "kim")

    both = await asyncio.gather(submit(stage, "sam", "Yes."), submit(stage, "kim", "Sky blue."))
    await stage.wait(lambda: len(stage.bazaar.texts()) == 1, "one reply")
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the answer")

    assert sorted("as well?" in plain(each.text) for each in both) == [False, True]
    assert len(stage.bazaar.texts()) == 1


async def test_an_answer_on_the_site_is_asked_about_too(stage: Stage) -> None:
    """Nobody in chat gave it."""
    await asked(stage)
    await open_form(stage, "kim")
    await stage.answered_on_site("It is blue.")

    question = await submit(stage, "kim", "Sky blue.")

    assert plain(question.text).startswith("Answered on the site 0 s ago: send Ann this as well?")
    assert stage.bazaar.tries == []


async def test_what_the_buyer_said_since_is_answered_without_a_question(stage: Stage) -> None:
    """The first answer was to something else."""
    await asked(stage)
    await open_form(stage, "kim")
    await submit(stage, "sam", "Yes.")
    await sent(stage, "Yes.")
    await stage.buyer_writes("And how big?", sent_at=stage.clock.now() + 5)

    answer = await submit(stage, "kim", "Two metres.")
    await sent(stage, "Yes.", "Two metres.")

    assert answer.text == ()


async def test_an_answer_that_is_typed_on_the_site_counts_before_it_is_done(stage: Stage) -> None:
    """Somebody is at it: two would type it there."""
    await asked(stage)
    await open_form(stage, "kim")
    stage.bazaar.sends = False
    await submit(stage, "sam", "Yes.")

    question = await submit(stage, "kim", "Sky blue.")

    assert plain(question.text).startswith("Sam answered")


async def test_a_reply_that_was_taken_back_or_stopped_is_no_answer(stage: Stage) -> None:
    """Whoever comes next is the first."""
    await asked(stage)
    await set_terms(stage.deps, stage.seller, hold=DEFAULT_HOLD)
    await open_form(stage, "kim")
    held = await submit(stage, "sam", "Yes.")
    while_held = await submit(stage, "kim", "Sky blue.")
    await decide(stage, held, Verb.UNDO)

    after = await submit(stage, "kim", "Sky blue, then.")

    assert plain(while_held.text).startswith("Sam answered")
    assert plain(after.text) == "Sending to Ann in 8 s."
