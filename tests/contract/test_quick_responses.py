"""Quick responses on a third platform: written, chosen for a buyer, shown back, sent; and a new order greeted."""

from datetime import UTC, datetime

from bots.playground.slack.block_check import complaints_about_blocks, complaints_about_view
from bots.playground.telegram.html import parse
from bots.slack.blocks import answer_message
from bots.slack.modals import Origin, modal
from bots.telegram.messages import LIMIT, draw_answer
from bots.telegram.prompts import to_prompt
from core.domain.absences import Absence
from core.domain.actions import Press, Submit
from core.domain.cards import CardState, Verb
from core.domain.events import AvailabilityChanged
from core.domain.holds import DEFAULT_HOLD
from core.domain.policies import AnswerKind
from core.domain.texts import plain
from core.rendering import say
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id
from core.store.histories import read_history
from core.store.quick_responses import quick_responses_of
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.ports import PlainVoice
from tests.fixtures.quick_responses import HELLO, answered, asked, command, labelled, labels, press, quoted, send


async def test_one_is_chosen_shown_back_and_sent(stage: Stage) -> None:
    """Two presses from the card to the question; nothing leaves before Send, and it counts as a quick response."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")

    offered = await press(stage, card, "Quick response")
    question = await press(stage, offered, "Hello")
    before = stage.bazaar.texts()
    sent = await press(stage, question, "Send to Ann")
    await answered(stage, "Hi Ann, this is Example Market.")

    assert plain(question.text) == "To Ann:"
    assert (quoted(question), question.replaces, before) == ("Hi Ann, this is Example Market.", True, [])
    assert labels(question) == ["Send to Ann", "Edit first", "Keep as note"]
    assert plain(sent.text).startswith("On its way to Ann.")
    [reply] = stage.bazaar.replies.values()
    [kept] = await quick_responses_of(stage.deps.store, stage.seller)
    assert reply.used is not None
    assert (reply.used.id, reply.used.title, kept.uses) == (kept.id, "Hello", 1)
    assert await kinds(stage) == [AnswerKind.QUICK]


async def kinds(stage: Stage) -> list[AnswerKind]:
    known = await read_history(stage.deps.store, conversation_id(stage.shop, "c-1"))
    assert known is not None
    return [each.kind for each in known.history.replied]


async def test_one_that_is_reworded_is_a_reply_like_any_other(stage: Stage) -> None:
    """The form holds the text; what comes back is sent as it was typed, and the use is counted all the same."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")
    question = await press(stage, await press(stage, card, "Quick response"), "Hello")

    form = await press(stage, question, "Edit first")
    await send(stage, form, text="Hi Ann, yes.")
    again = await press(stage, question, "Send to Ann")
    await answered(stage, "Hi Ann, yes.")

    assert form.form is not None
    assert form.form.fields[0].value == "Hi Ann, this is Example Market."
    assert plain(again.text) == "That text was already sent."
    assert [reply.used for reply in stage.bazaar.replies.values()] == [None]
    assert [each.uses for each in await quick_responses_of(stage.deps.store, stage.seller)] == [1]
    assert await kinds(stage) == [AnswerKind.MANUAL]


async def test_what_is_missing_is_asked_for_and_an_unfilled_one_cannot_be_sent(stage: Stage) -> None:
    """The button says that a form comes; left empty it comes back; filled in, the whole is shown before it goes."""
    card = await asked(stage)
    await command(stage, "add Ready: Hi {{ buyer.name }}, {{ order.title|title }} ({{ order.id }}) is ready.")
    offered = await press(stage, card, "Quick response")

    form = await press(stage, offered, "Ready")
    half = await send(stage, form, order_title="blue poster", order_id=" ")
    whole = await send(stage, half, order_id="o-5", order_title="blue poster")
    other = await send(stage, form, order_id="o-6", order_title="x")
    await press(stage, whole, "Send to Ann")
    await answered(stage, "Hi Ann, Blue Poster (o-5) is ready.")

    assert labelled(offered, "Ready").opens
    assert form.form is not None
    assert [field.name for field in form.form.fields] == ["order.title", "order.id"]
    assert plain(half.text) == "Something is still empty, and cannot be sent like that."
    assert half.form is not None
    assert [field.name for field in half.form.fields] == ["order.id"]
    assert quoted(other) == "Hi Ann, X (o-6) is ready."
    assert len(stage.bazaar.replies) == 1


async def test_a_form_that_was_closed_opens_once_more(stage: Stage) -> None:
    """And what is unfilled is not sent by a button that never stood beside it."""
    card = await asked(stage)
    await command(stage, "add Ready: {{ order.title }} is ready.")
    form = (await press(stage, await press(stage, card, "Quick response"), "Ready")).form
    assert form is not None

    again = await stage.act(Press("p-again", person("sam"), place("sales"), Verb.USE, form.target))
    forged = await stage.act(Press("p-forged", person("sam"), place("sales"), Verb.SEND, form.target))

    assert again.form is not None
    assert again.form.fields == form.fields
    assert plain(forged.text) == "There is nothing to send yet: the reply is empty."
    assert stage.bazaar.replies == {}


async def test_away_until_is_when_the_shop_is_back(stage: Stage) -> None:
    """In words; while it is not away that is asked for."""
    card = await asked(stage)
    await command(stage, "add Away: Back {{ away.until }}.")
    home = await press(stage, await press(stage, card, "Quick response"), "Away")
    end = datetime(2033, 5, 18, 9, 30, tzinfo=UTC)
    now = stage.clock.now()
    told = AvailabilityChanged("e-away", now, Absence(now, round(end.timestamp() * 1000)))
    await stage.door.accept(stage.shop, "wh", [told])

    away = await press(stage, await press(stage, card, "Quick response"), "Away")

    assert home.form is not None
    assert quoted(away) == "Back Wed 18 May, 09:30 UTC."


async def test_one_that_was_taken_back_was_not_used(stage: Stage) -> None:
    """Undo within the hold: the list counts what was sent."""
    card = await asked(stage)
    await set_terms(stage.deps, stage.seller, hold=DEFAULT_HOLD)
    await command(stage, f"add Hello: {HELLO}")
    shown = await press(stage, await press(stage, card, "Quick response"), "Hello")
    held = await press(stage, shown, "Send to Ann")
    [counted] = await quick_responses_of(stage.deps.store, stage.seller)
    await press(stage, held, "Undo")
    [left] = await quick_responses_of(stage.deps.store, stage.seller)

    assert (counted.uses, left.uses) == (1, 0)


async def test_ten_are_offered_at_once_the_most_used_first(stage: Stage) -> None:
    """More are a press away, and after the last come the first again."""
    card = await asked(stage)
    for number in range(12):
        await command(stage, f"add Number {number:02}: Number {number}.")
    used = await press(stage, await press(stage, card, "Quick response"), "Number 07")
    await press(stage, used, "Send to Ann")
    await answered(stage, "Number 7.")
    await stage.buyer_writes("And how big?", sent_at=stage.clock.now() + 5)
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.OPEN, "the card open again")

    first = await press(stage, stage.board.cards("sales")[0], "Quick response")
    second = await press(stage, first, "More ›")
    third = await press(stage, second, "More ›")

    assert labels(first)[:2] == ["Number 07", "Number 00"]
    assert labels(second) == ["Number 10", "Number 11", "More ›"]
    assert (len(first.buttons), labels(third)) == (11, labels(first))


async def test_a_text_too_long_for_the_marketplace_is_refused_before_anything_is_shown(stage: Stage) -> None:
    """By what it is for this buyer, not by what was written."""
    card = await asked(stage)
    await command(stage, "add Long: " + "{{ buyer.name }}" * 30)
    tag = keys.tag_of(stage.shop)
    await stage.deps.store.engine.call("HSET", keys.shop(tag, stage.shop), "reply_limit", 50)

    answer = await press(stage, await press(stage, card, "Quick response"), "Long")

    assert plain(answer.text).startswith("The reply has 90 characters; Example Market takes 50.")


async def test_the_reply_form_offers_the_most_used(stage: Stage) -> None:
    """Inserted it stands in the form; sent as it is it counts as a quick response, and a change makes it a reply."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")
    await command(stage, "add Ready: {{ order.title }} is ready.")

    form = (await press(stage, card, "Reply to Ann")).form
    assert form is not None
    hello, ready = form.buttons
    inserted, asks = [
        await stage.act(Press(f"p-{each.choice}", person("sam"), place("sales"), Verb.INSERT, each.target, each.choice))
        for each in (hello, ready)
    ]
    assert inserted.form is not None
    await send(stage, inserted, text=inserted.form.fields[0].value)
    await answered(stage, "Hi Ann, this is Example Market.")

    assert [plain(each.label) for each in form.buttons] == ["Insert Hello", "Insert Ready"]
    assert inserted.form.buttons == form.buttons
    assert asks.form is not None
    assert [field.name for field in asks.form.fields] == ["order.title"]
    assert await kinds(stage) == [AnswerKind.QUICK]


async def test_other_words_for_a_reply_that_is_held_make_it_one_like_any_other(stage: Stage) -> None:
    """Changed within its seconds, it does not travel as the quick response that it was."""
    card = await asked(stage)
    await set_terms(stage.deps, stage.seller, hold=DEFAULT_HOLD)
    await command(stage, f"add Hello: {HELLO}")
    question = await press(stage, await press(stage, card, "Quick response"), "Hello")

    sending = await press(stage, question, "Send to Ann")
    form = await press(stage, sending, "Edit")
    await send(stage, form, text="Hi Ann, yes.")
    stage.pass_time(DEFAULT_HOLD + 1000)
    await answered(stage, "Hi Ann, yes.")

    assert "Undo" in labels(sending)
    assert [reply.used for reply in stage.bazaar.replies.values()] == [None]


async def test_a_reworded_one_that_comes_second_keeps_its_new_words(stage: Stage) -> None:
    """Somebody else answered meanwhile: asked about, it is what was typed, not what was prepared."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")
    question = await press(stage, await press(stage, card, "Quick response"), "Hello")
    form = await press(stage, question, "Edit first")
    target = labelled(card, "Reply to Ann").target
    await stage.act(Submit("s-kim", person("kim"), place("sales"), Verb.REPLY, target, {"text": "Mine."}))

    second = await send(stage, form, text="Hi Ann, yes.")
    await press(stage, second, "Send as well")
    await stage.wait(lambda: stage.bazaar.texts() == ["Mine.", "Hi Ann, yes."], "both at the marketplace")

    assert quoted(second) == "Hi Ann, yes."


async def test_whatever_the_words_it_fits_into_both_chats(stage: Stage) -> None:
    """Titles and texts as long as may be, of signs that chats obey: no button, form or answer is too large."""
    card = await asked(stage)
    for number in range(12):
        title = ("<!here>*&_" * 5)[:48] + f"{number:02}"
        await send(stage, await command(stage, "add"), title=title, text=HELLO + "&" * 2_000 + "{{ order.id }}")
    offered = await press(stage, card, "Quick response")
    form = await press(stage, offered, labels(offered)[0])
    listed = await command(stage)
    shown = await press(stage, listed, labels(listed)[0])
    change = await press(stage, shown, "Change")
    answers = [
        offered,
        form,
        await send(stage, form, order_id="&" * 200),
        listed,
        shown,
        change,
        await send(stage, change, text="{{ " + "&" * 2_000),
        await press(stage, shown, "Delete"),
        await press(stage, card, "Reply to Ann"),
    ]

    for answer in answers:
        for drawn in draw_answer(answer, say):
            assert 0 < len(parse(drawn.html)[0]) <= LIMIT
        assert complaints_about_blocks(answer_message(answer, say).get("blocks", []), "message") == []
        if answer.form:
            assert complaints_about_view(modal(answer.form, Origin("C1", "1.2", "1.2"), PlainVoice())) == []
            prompt = to_prompt(answer.form, person("sam"), say, alone=True)
            assert all(len(parse(question.html)[0]) <= LIMIT for question in prompt.questions)
