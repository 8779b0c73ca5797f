"""Quick responses are looked through, written, changed, deleted and brought back, from chat alone."""

from dataclasses import replace

import pytest

from core.domain.actions import Command, Press, Submit
from core.domain.cards import Verb
from core.domain.quick_responses import MOST
from core.domain.texts import plain
from core.store.quick_responses import keep_quick_response, new_quick_response, quick_responses_of
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.quick_responses import HELLO, answered, asked, command, labelled, labels, press, quoted, send
from tests.fixtures.rates import market


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
    assert labels(one) == ["Change", "Greet new orders", "Send while away", "Delete", "‹ All"]
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
        ("\u200b", "Hi", "Not kept: it needs a title."),
        ("T", "\u200b", "Not kept: there would be nothing to send."),
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
