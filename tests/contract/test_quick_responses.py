"""Quick responses on a third platform: written, chosen for a buyer, shown back, sent; and a new order greeted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bots.playground.slack.block_check import complaints_about_blocks, complaints_about_view
from bots.playground.telegram.html import parse
from bots.slack.blocks import answer_message
from bots.slack.modals import Origin, modal
from bots.telegram.messages import LIMIT, draw_answer
from bots.telegram.prompts import to_prompt
from core.domain.absences import Absence
from core.domain.actions import Command, Press, Submit
from core.domain.cards import Answer, Button, Card, CardState, Note, Verb
from core.domain.conversations import Buyer, Order
from core.domain.events import AvailabilityChanged, OrderChanged
from core.domain.holds import DEFAULT_HOLD
from core.domain.policies import AnswerKind
from core.domain.quick_responses import MOST, Used
from core.domain.texts import plain
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id
from core.store.histories import read_history
from core.store.quick_responses import keep_quick_response, new_quick_response, quick_responses_of
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.rates import market, ruled

HELLO = "Hi {{ buyer.name }}, this is {{ shop.name }}."


async def command(stage: Stage, rest: str = "", user: str = "sam") -> Answer:
    return await stage.act(Command(f"k-{next(stage.counter)}", person(user), place("sales"), "quick", rest))


async def press(stage: Stage, where: Card | Note | Answer, label: str, user: str = "sam") -> Answer:
    found = labelled(where, label)
    assert found.verb is not None
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person(user), place("sales"), found.verb, found.target, found.choice))


async def send(stage: Stage, answer: Answer, user: str = "sam", **values: str) -> Answer:
    """Fill in the form of an answer."""
    form = answer.form
    assert form is not None
    typed = {name.replace("_", "."): value for name, value in values.items()}
    return await stage.act(
        Submit(f"s-{next(stage.counter)}", person(user), place("sales"), form.verb, form.target, typed)
    )


def labelled(where: Card | Note | Answer, label: str) -> Button:
    return next(each for each in where.buttons if plain(each.label) == label)


def labels(where: Card | Note | Answer) -> list[str]:
    return [plain(each.label) for each in where.buttons]


async def asked(stage: Stage, text: str = "Is it blue?", **more: object) -> Card:
    """A member's room, and a buyer who waits."""
    await stage.link("sales")
    await stage.buyer_writes(text, **more)  # type: ignore[arg-type]
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    return stage.board.cards("sales")[0]


async def answered(stage: Stage, text: str) -> None:
    await stage.wait(lambda: text in stage.bazaar.texts(), f"{text!r} at the marketplace")
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")


def quoted(answer: Answer) -> str:
    assert answer.quote is not None
    return answer.quote.text


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


async def test_whoever_has_none_is_offered_the_starter_pack(stage: Stage) -> None:
    """Taken twice it is there once, and it leads back to the buyer."""
    card = await asked(stage)

    none = await press(stage, card, "Quick response")
    await press(stage, none, "Take these 6")
    offered = await press(stage, none, "Take these 6")
    question = await press(stage, offered, "Could you tell me more?")

    assert plain(none.text).startswith("There is no quick response yet.")
    assert len(await quick_responses_of(stage.deps.store, stage.seller)) == 6
    assert offered.replaces
    assert quoted(question).startswith("Hi Ann,")


async def test_the_starter_pack_can_be_taken_again_after_it_was_deleted(stage: Stage) -> None:
    """All of it, the same day."""
    await stage.link("sales")
    await press(stage, await command(stage), "Take these 6")
    for each in await quick_responses_of(stage.deps.store, stage.seller):
        await command(stage, f"delete {each.title}")

    again = await press(stage, await command(stage), "Take these 6")

    assert len(again.buttons) == 7
    assert len(await quick_responses_of(stage.deps.store, stage.seller)) == 6


async def test_all_are_looked_through_page_by_page(stage: Stage) -> None:
    """Each with its text, where it is offered and how often it was sent."""
    await stage.link("sales")
    for number in range(9):
        await command(stage, f"add Number {number}: {HELLO}")

    first = await command(stage)
    second = await press(stage, first, "More ›")
    one = await press(stage, second, "Number 8")
    back = await press(stage, one, "‹ All")

    assert plain(first.text) == "9 quick responses, the most used first. Page 1 of 2. Press one to see it."
    assert labels(second) == ["Number 8", "‹ Back", "More ›", "Write one"]
    assert (plain(one.text), quoted(one)) == ("Number 8 · all shops · not sent yet", HELLO)
    assert labels(one) == ["Change", "Greet new orders", "Delete", "‹ All"]
    assert labels(back) == labels(first)


async def test_one_is_written_and_changed_by_a_form(stage: Stage) -> None:
    """What is left empty in a change stays as it was."""
    await stage.link("sales")

    form = await command(stage, "add")
    made = await send(stage, form, title="  Hello \n there ", text=HELLO)
    change = await command(stage, "edit hello")
    changed = await send(stage, change, title="", text="Hi!")
    shown = await command(stage, "show Hello there")

    assert plain(made.text) == "Hello there · all shops · not sent yet"
    assert change.form is not None
    assert [field.value for field in change.form.fields] == ["Hello there", HELLO]
    assert all(field.optional for field in change.form.fields)
    assert quoted(changed) == quoted(shown) == "Hi!"
    assert len(await quick_responses_of(stage.deps.store, stage.seller)) == 1


async def test_one_with_a_fault_is_handed_back_with_where_it_is_and_what_was_meant(stage: Stage) -> None:
    """The text is kept in the form, and can be copied; nothing is kept of it."""
    await stage.link("sales")
    source = "Hi,\nthis is {{ buyer.nmae }}"

    answer = await send(stage, await command(stage, "add"), title="Hello", text=source)

    assert plain(answer.text).startswith(
        "Not kept: line 2 names buyer.nmae, which Shopbell does not know. Did you mean buyer.name? There are: "
    )
    assert answer.copy == source
    assert answer.form is not None
    assert [field.value for field in answer.form.fields] == ["Hello", source]
    assert await quick_responses_of(stage.deps.store, stage.seller) == []


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        (" ", "Hi", "Not kept: it needs a title."),
        ("T" * 51, "Hi", "Not kept: the title has 51 characters, and 50 fit."),
        ("T", "x" * 2501, "Not kept: the text has 2,501 characters, and 2,500 fit."),
        ("T", "{% if x %}{% endif %}", "Not kept: line 1 has an instruction."),
        ("T", "{{ 1 + 1 }}", "Not kept: line 1 has a calculation between its braces."),
        ("T", "{{ buyer.name", "Not kept: line 1 has braces that open or close nothing."),
        ("T", "{{ buyer.name|upper(1) }}", "Not kept: in line 1, upper takes nothing in brackets."),
        ("T", "{{ buyer.name|default(1) }}", "Not kept: in line 1, default takes one text in quotation marks"),
        ("T", "{{ buyer.name|titel }}", "Not kept: line 1 asks for titel, which Shopbell does not know. Did you mean"),
        ("T", "{{ buyer.name }}" * 31, "Not kept: there are too many placeholders in it."),
        ("T", "{{ buyer.name|trim|trim|trim|trim|trim }}", "Not kept: line 1 changes one placeholder too often."),
        ("T", "{# note #}", "Not kept: there would be nothing to send."),
        ("T", "\x07", "Not kept: there are characters in it that no chat can show."),
        ("taken", "Hi", "Not kept: another quick response is called taken already."),
    ],
)
async def test_each_fault_is_said_in_words(still: Stage, title: str, text: str, words: str) -> None:
    """By the marketplace's own limits, where it names some."""
    await still.link("sales")
    await command(still, "add Taken: Hi")

    answer = await send(still, await command(still, "add"), title=title, text=text)

    assert plain(answer.text).startswith(words)
    assert answer.form is not None


async def test_a_hundred_fit(still: Stage) -> None:
    """And the next is told so, with its text to copy."""
    await still.link("sales")
    for number in range(100):
        await command(still, f"add Number {number}: Hi")

    answer = await command(still, "add One more: Hello")

    assert plain(answer.text) == "Not kept: there are 100 already, and no more fit. Delete one first."
    assert answer.copy == "Hello"


async def test_one_that_no_longer_fits_is_not_brought_back(still: Stage) -> None:
    """A seller has a hundred: when its place was taken meanwhile, that is said."""
    await still.link("sales")
    for number in range(MOST):
        each = new_quick_response(still.seller, str(number), f"Number {number}", "Hi")
        assert await keep_quick_response(still.deps.store, still.seller, each, anew=True) == "done"
    dropped = await command(still, "delete number 7")
    another = new_quick_response(still.seller, "another", "Another", "Hi")
    await keep_quick_response(still.deps.store, still.seller, another, anew=True)

    refused = await press(still, dropped, "Undo")

    assert plain(refused.text).startswith("There are 100 quick responses already, and no more fit.")
    assert len(await quick_responses_of(still.deps.store, still.seller)) == MOST


async def test_one_is_deleted_and_brought_back_with_its_uses(stage: Stage) -> None:
    """Undo stands beside it; a title that was taken meanwhile is said."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")
    question = await press(stage, await press(stage, card, "Quick response"), "Hello")
    await press(stage, question, "Send to Ann")
    await answered(stage, "Hi Ann, this is Example Market.")

    dropped = await command(stage, "delete hello")
    gone = await command(stage, "show hello")
    await command(stage, "add Hello: Other")
    refused = await press(stage, dropped, "Undo")
    await command(stage, "delete hello")
    back = await press(stage, dropped, "Undo")

    assert plain(dropped.text) == "Deleted. For a day that can be undone."
    assert plain(gone.text) == "No quick response is called hello."
    assert plain(refused.text).startswith("Another quick response bears that title already.")
    assert plain(back.text) == "Hello · all shops · sent once"


async def test_with_several_shops_it_is_asked_where_it_is_offered(stage: Stage) -> None:
    """One for one shop is not offered to another's buyers."""
    card = await asked(stage)
    await market(stage, name="Second")
    await command(stage, "add Everywhere: Hi")

    which = await command(stage, "add")
    made = await send(stage, await press(stage, which, "Second"), title="Second only", text="Hi there")
    offered = await press(stage, card, "Quick response")
    elsewhere = labelled(await command(stage), "Second only").target
    forged = await stage.act(
        Press("p-f", person("sam"), place("sales"), Verb.USE, offered.buttons[0].target, elsewhere)
    )

    assert labels(which)[0] == "all shops"
    assert plain(made.text) == "Second only · Second · not sent yet"
    assert labels(offered) == ["Everywhere"]
    assert plain(forged.text).startswith("Shopbell does not find that quick response any more")


async def test_an_answer_that_was_sent_becomes_a_quick_response(stage: Stage) -> None:
    """By a button on its receipt, with the buyer's name as a placeholder."""
    card = await asked(stage)
    reply = labelled(card, "Reply to Ann")
    values = {"text": "Yes Ann, it is blue."}
    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, reply.target, values))
    await answered(stage, "Yes Ann, it is blue.")
    await stage.wait(lambda: stage.board.notes("sales"), "the receipt")

    form = await press(stage, stage.board.notes("sales")[0], "Save as quick response")
    made = await send(stage, form, title="Blue", text=form.form.fields[1].value if form.form else "")

    assert form.form is not None
    assert form.form.fields[0].value == "Yes Ann, it is blue."
    assert quoted(made) == "Yes {{ buyer.name }}, it is blue."


async def test_a_new_order_is_greeted_only_when_somebody_sends_it(stage: Stage) -> None:
    """The card says whose it is; the greeting that comes with Shopbell is shown first, and settles what was owed."""
    await stage.link("sales")
    await start(stage)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    card = stage.board.cards("sales")[0]

    question = await press(stage, card, "Send thank-you")
    before = stage.bazaar.texts()
    await press(stage, question, "Send to Ann")
    await answered(stage, quoted(question))

    assert plain(card.title) == "New order from Ann · Example Market"
    assert plain(card.fallback).startswith("Open · New order from Ann")
    assert quoted(question).startswith("Hi Ann,\n\nthank you for your order!")
    assert (before, question.replaces) == ([], False)
    assert [each.used for each in stage.bazaar.replies.values()] == [Used("", "Thank you for your order")]


async def start(stage: Stage, shop: str = "") -> None:
    """Ann orders a poster."""
    ann, poster = Buyer("b-9", "Ann"), Order("o-5", "Poster")
    number = next(stage.counter)
    told = OrderChanged(f"evt-start-{number}", stage.clock.now(), "c-1", ann, poster, started=True)
    await stage.door.accept(shop or stage.shop, f"wh-{number}", [told])


async def test_a_seller_says_what_greets_new_orders(stage: Stage) -> None:
    """By a button on the quick response, and takes it back by the same."""
    await stage.link("sales")
    await start(stage)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    card = stage.board.cards("sales")[0]
    await command(stage, "add Welcome: Welcome {{ buyer.name }}, {{ order.title }} is a good choice!")

    greets = await press(stage, await command(stage, "show welcome"), "Greet new orders")
    own = await press(stage, card, "Send thank-you")
    await press(stage, greets, "Greet no orders")
    ours = await press(stage, card, "Send thank-you")

    assert plain(greets.text) == "Welcome · all shops · not sent yet · greets new orders"
    assert quoted(own) == "Welcome Ann, Poster is a good choice!"
    assert quoted(ours).startswith("Hi Ann,\n\nthank you for your order!")


async def test_a_new_order_that_asks_for_no_answer_is_news_in_every_room(stage: Stage) -> None:
    """Where the marketplace does not count it: a card that owes nothing, and a quiet note with the thank-you."""
    await stage.link("sales")
    shop = await market(stage, ruled())

    await start(stage, shop.shop)
    await stage.wait(lambda: stage.board.notes("sales"), "the note")
    [note], [card] = stage.board.notes("sales"), stage.board.cards("sales")
    question = await press(stage, note, "Send thank-you")

    assert (plain(note.text), note.loud) == ("New order from Ann.", False)
    assert (card.state, card.silent) == (CardState.QUIET, True)
    assert plain(card.title).startswith("New order from Ann")
    assert labels(question) == ["Send to Ann", "Edit first", "Keep as note"]


async def test_in_a_known_conversation_a_new_order_is_news_once(stage: Stage) -> None:
    """Beside the card that is there; an import tells nobody."""
    await stage.link("sales")
    shop = await market(stage, ruled())
    await shop.asked(-10, "c-1")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    told = OrderChanged("e-start", stage.clock.now(), "c-1", order=Order("o-5"), started=True)

    await stage.door.accept(shop.shop, "wh-1", [replace(told, id="e-import", history=True)])
    await stage.door.accept(shop.shop, "wh-2", [told])
    await stage.door.accept(shop.shop, "wh-3", [told])
    await stage.wait(lambda: stage.board.notes("sales"), "the note")

    assert stage.board.said("sales") == ["New order from Ann."]
    assert len(stage.board.cards("sales")) == 1


async def test_a_new_order_is_news_where_orders_are_shown(stage: Stage) -> None:
    """A room for inquiries hears nothing of it."""
    await stage.link("sales")
    await stage.link("orders")
    for board, kind in (("sales", "kind.inbox"), ("orders", "kind.order")):
        await stage.act(Press(f"p-{board}", person("sam"), place(board), Verb.SETTINGS, "", kind))

    await start(stage, (await market(stage, ruled())).shop)
    await stage.wait(lambda: stage.board.notes("orders"), "the note")
    await start(stage)
    await stage.wait(lambda: len(stage.board.cards("orders")) == 2, "the card of the next")

    assert stage.board.said("orders") == ["New order from Ann."]
    assert (stage.board.cards("sales"), stage.board.notes("sales")) == ([], [])


async def test_whoever_may_only_look_changes_and_sends_none(stage: Stage) -> None:
    """A viewer looks through them; an agent uses them; a manager changes them. A forged button is the same."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")
    offered = await press(stage, card, "Quick response")
    shown = await command(stage, "show hello")

    async def refusals(user: str, outsider: bool) -> dict[str, str]:
        who = replace(person(user), outsider=outsider)
        said = {}
        for where, label in ((card, "Quick response"), (offered, "Hello"), (shown, "Change"), (shown, "Delete")):
            button = labelled(where, label)
            assert button.verb is not None
            key = f"p-{next(stage.counter)}"
            told = await stage.act(Press(key, who, place("sales"), button.verb, button.target, button.choice))
            said[label] = plain(told.text)
        typed = Command(f"k-{next(stage.counter)}", who, place("sales"), "quick", "add More: Hi")
        said["add"] = plain((await stage.act(typed)).text)
        looked = Command(f"k-{next(stage.counter)}", who, place("sales"), "quick", "hello")
        said["look"] = plain((await stage.act(looked)).text)
        return said

    viewer, agent = await refusals("zoe", outsider=True), await refusals("kim", outsider=False)

    assert all(viewer[label].startswith("You may not") for label in viewer if label != "look")
    assert all(agent[label].startswith("You may not") for label in ("Change", "Delete", "add"))
    assert agent["Quick response"].startswith("Which one for Ann?")
    assert agent["Hello"] == "To Ann:"
    assert viewer["look"] == agent["look"] == "Hello · all shops · not sent yet"
    assert len(await quick_responses_of(stage.deps.store, stage.seller)) == 1


async def test_what_is_another_sellers_or_forged_is_not_there(stage: Stage) -> None:
    """Ids of other kinds, of other sellers, and choices that no button bears."""
    card = await asked(stage)
    await command(stage, f"add Hello: {HELLO}")
    conversation = labelled(card, "Quick response").target
    strange = "01q" + "a" * 20
    presses = [
        (Verb.USE, conversation, strange),
        (Verb.USE, "01d" + "a" * 20, ""),
        (Verb.USE, "", ""),
        (Verb.QUICK, "01c" + "a" * 20, ""),
        (Verb.THANK, strange, ""),
        (Verb.QUICK_LIST, strange, ""),
        (Verb.QUICK_EDIT, strange, ""),
        (Verb.QUICK_EDIT, "01p" + "a" * 20, ""),
        (Verb.QUICK_EDIT, "01m" + "a" * 20, ""),
        (Verb.QUICK_EDIT, "nonsense", ""),
        (Verb.QUICK_CHANGE, strange, "drop"),
        (Verb.QUICK_CHANGE, strange, "undo"),
        (Verb.QUICK_CHANGE, strange, "greet"),
        (Verb.QUICK_CHANGE, strange, "explode"),
        (Verb.REWORD, "01d" + "a" * 20, ""),
    ]

    said = [
        plain((await stage.act(Press(f"p-{n}", person("sam"), place("sales"), *pressed))).text)
        for n, pressed in enumerate(presses)
    ]

    assert all(text.startswith(("Shopbell does not find", "That text is no longer kept")) for text in said), said
    assert stage.bazaar.replies == {}
    assert len(await quick_responses_of(stage.deps.store, stage.seller)) == 1


async def test_a_title_that_nobody_knows_is_answered_with_those_there_are(still: Stage) -> None:
    """And a word without its title with how it is written."""
    await still.link("sales")
    await command(still, "add Hello: Hi")
    await command(still, "add Help: Hi")

    unknown, unclear, usage = await command(still, "bye"), await command(still, "hel"), await command(still, "show")

    assert plain(unknown.text) == "No quick response is called bye."
    assert labels(unknown)[:2] == labels(unclear)[:2] == ["Hello", "Help"]
    assert plain(usage.text).startswith("Write /quick, then one of: add, show TITLE, edit TITLE, delete TITLE.")


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
        for drawn in draw_answer(answer):
            assert 0 < len(parse(drawn.html)[0]) <= LIMIT
        assert complaints_about_blocks(answer_message(answer).get("blocks", []), "message") == []
        if answer.form:
            assert complaints_about_view(modal(answer.form, Origin("C1", "1.2", "1.2"))) == []
            prompt = to_prompt(answer.form, person("sam"), alone=True)
            assert all(len(parse(question.html)[0]) <= LIMIT for question in prompt.questions)
