"""Shortcuts: from anywhere for the seller one acts for, or on a message; each answers, also where it cannot do it."""

from core.domain.actions import Press, Shortcut, Submit
from core.domain.cards import Answer, CardRef, Form, Verb
from core.domain.members import Identity, Role
from core.domain.rooms import Place, RoomKind
from core.domain.texts import plain
from core.store import keys
from core.store.conversations import conversation_id
from tests.contract.chalkboard.adapter import Line, person, place
from tests.contract.test_overviews import ANYWHERE, invite, say, second_seller
from tests.fixtures.core import Stage
from tests.fixtures.leave import second_shop, told, when


async def choose(
    stage: Stage,
    name: str,
    user: str = "sam",
    on: Line | None = None,
    text: str = "",
    *,
    board: str = "sales",
    anywhere: bool = False,
    by: Identity | None = None,
) -> Answer:
    where = ANYWHERE if anywhere else place(board)
    at = CardRef(where.address, on.number) if on else None
    return await stage.act(Shortcut(f"s-{next(stage.counter)}", by or person(user), where, name, at, text=text))


async def card(stage: Stage) -> Line:
    """Ann's, in `sales`."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")
    return stage.board.boards["sales"][0]


async def submit(
    stage: Stage, form: Form | None, user: str = "sam", where: Place | None = None, **values: str
) -> Answer:
    assert form is not None
    filled = {field.name: field.value for field in form.fields} | values
    here = where or place("sales")
    return await stage.act(Submit(f"f-{next(stage.counter)}", person(user), here, form.verb, form.target, filled))


def labels(answer: Answer) -> list[str]:
    return [plain(button.label) for button in answer.buttons]


async def test_the_inbox_opens_from_anywhere(stage: Stage) -> None:
    """For the one seller that the member acts for; its buttons act on a room of theirs."""
    await card(stage)

    shown = await choose(stage, "inbox", anywhere=True)
    assert shown.room is not None
    where = Place(shown.room, RoomKind.PRIVATE, apart=True)
    opened = await stage.act(Press("p-1", person("sam"), where, Verb.OPEN, shown.buttons[0].target))

    assert plain(shown.text).startswith("1 conversation waits for an answer.")
    assert "Reply to Ann" in labels(opened)


async def test_of_several_sellers_one_is_chosen_first(stage: Stage) -> None:
    """And what was asked for is done for that one, once it is chosen; a stranger chooses none."""
    await card(stage)
    await second_seller(stage, "attic")

    asked = await choose(stage, "inbox", anywhere=True)
    names = labels(asked)
    chosen = [
        await stage.act(Press(f"p-{number}", person("sam"), ANYWHERE, Verb.SHORTCUT, each.target, each.choice))
        for number, each in enumerate(asked.buttons)
    ]
    foreign = asked.buttons[0]
    stranger = await stage.act(Press("p-z", person("zed"), ANYWHERE, Verb.SHORTCUT, foreign.target, foreign.choice))
    forged = await stage.act(Press("p-f", person("sam"), ANYWHERE, Verb.SHORTCUT, "01rnonsense", "inbox"))

    assert plain(asked.text) == "For which of your sellers?"
    assert sorted(names) == ["Bell & Co", "Other & Sons"]
    by_name = dict(zip(names, chosen, strict=True))
    assert plain(by_name["Bell & Co"].text).startswith("1 conversation waits")
    assert plain(by_name["Other & Sons"].text).startswith("Nothing waits for an answer.")
    assert all(plain(each.text).startswith("You do not see that chat any more") for each in (stranger, forged))


async def test_who_acts_for_no_seller_is_told_how_to_connect(stage: Stage) -> None:
    """From anywhere, a guest too; and on a message of a chat that is not linked."""
    await stage.link("sales")
    nobody = await choose(stage, "inbox", "zed", anywhere=True)
    guest = await choose(stage, "away", anywhere=True, by=person("sam", outsider=True))
    unlinked = await choose(stage, "reply", board="elsewhere")

    assert plain(nobody.text).startswith("Shopbell shows here what waits for the sellers that you act for")
    assert plain(guest.text) == plain(nobody.text)
    assert plain(unlinked.text).startswith("This chat is not linked to a seller yet.")


async def test_a_reply_is_asked_for_on_a_card_and_below_it(stage: Stage) -> None:
    """The form of that card; on any other message it is asked whom they answer."""
    posted = await card(stage)
    on_card = await choose(stage, "reply", on=posted)
    await submit(stage, on_card.form, text="Yes.")
    await stage.wait(lambda: stage.bazaar.texts() == ["Yes."], "the reply")
    await stage.wait(lambda: len(stage.board.boards["sales"]) > 1, "the receipt below the card")
    below = await choose(stage, "reply", on=stage.board.boards["sales"][1])
    none_waits = await choose(stage, "reply")
    await stage.buyer_writes("And red?", conversation="c-2", buyer="Zoe")
    elsewhere = await choose(stage, "reply", text="Who does Zoe?")

    assert on_card.form is not None
    assert below.form is not None
    assert below.form.target == on_card.form.target == conversation_id(stage.shop, "c-1")
    assert plain(none_waits.text).endswith("and nobody waits for an answer.")
    assert plain(elsewhere.text).startswith("That message is no card, and stands below none.")
    assert labels(elsewhere) == ["Zoe"]
    assert elsewhere.buttons[0].opens


async def test_a_text_is_saved_as_a_quick_response(stage: Stage) -> None:
    """What a colleague wrote; on a card, what was answered last, without the buyer's name in it."""
    posted = await card(stage)
    nothing = await choose(stage, "save", on=posted)
    talk = await choose(stage, "save", text="It comes in {{ blue }} & red.")
    saved = await submit(stage, talk.form)
    await submit(stage, (await choose(stage, "reply", on=posted)).form, text="Yes, Ann, it is.")
    await stage.wait(stage.bazaar.texts, "the reply")
    answer = await choose(stage, "save", on=posted)
    kept = await submit(stage, answer.form)
    empty = await choose(stage, "save")

    assert plain(nothing.text).startswith("Nothing has been answered to Ann yet")
    assert saved.quote is not None
    assert "blue" in saved.quote.text
    assert kept.quote is not None
    assert kept.quote.text == "Yes, {{ buyer.name }}, it is."
    assert empty.form is not None
    assert [field.value for field in empty.form.fields] == ["", ""]


async def test_spam_is_reported_from_a_card_or_asked_about(stage: Stage) -> None:
    """With the reasons of the button; on a message that is none, which one is meant."""
    posted = await card(stage)
    reasons = await choose(stage, "spam", on=posted)
    which = await choose(stage, "spam", text="Is this spam?")
    found = reasons.buttons[0]
    assert found.verb is not None
    await stage.act(Press("p-1", person("sam"), place("sales"), found.verb, found.target, found.choice))
    await stage.wait(lambda: stage.bazaar.reports, "the report")

    assert [each.verb for each in reasons.buttons if each.choice] == [Verb.SPAM] * len(
        [each for each in reasons.buttons if each.choice]
    )
    assert "Ann" in labels(which)


async def test_what_a_member_may_not_do_they_may_not_by_a_shortcut_either(stage: Stage) -> None:
    """By the same rights; and a shortcut that is none is refused in words."""
    posted = await card(stage)
    await invite(stage, "vic", Role.VIEWER)
    await say(stage, "status", "kim")
    refused = [
        await choose(stage, "reply", "vic", on=posted),
        await choose(stage, "spam", "vic", on=posted),
        await choose(stage, "save", "kim", text="Yes."),
        await choose(stage, "away", "kim", anywhere=True),
    ]
    unknown = await choose(stage, "nonsense", on=posted)

    assert [plain(each.text).partition(" here")[0] for each in refused] == [
        "You may not answer buyers from",
        "You may not report or hide messages from",
        "You may not do that",
        "You may not do that",
    ]
    assert all(each.form is None for each in refused)
    assert unknown.text


async def test_an_absence_is_set_by_one_form_and_confirmed_as_it_was_shown(stage: Stage) -> None:
    """Until when, the note with its length, whether buyers may write; nothing goes out before Confirm."""
    await stage.link("sales")
    asked = await choose(stage, "away", anywhere=True)
    assert asked.form is not None
    assert asked.room is not None
    where = Place(asked.room, RoomKind.PRIVATE, apart=True)
    names = [field.name for field in asked.form.fields]

    shown = await submit(stage, asked.form, where=where, until="4h", note=" gone   fishing ", contact="closed")
    before = dict(stage.bazaar.availability)
    confirm = shown.buttons[0]
    assert confirm.verb is not None
    await stage.act(Press("p-1", person("sam"), where, confirm.verb, confirm.target, confirm.choice))
    await told(stage, "buyers may not write")

    [sent] = stage.bazaar.availability.values()
    assert names == ["end", "until", "note", "contact"]
    assert asked.form.stays
    assert before == {}
    assert labels(shown) == ["Confirm: they may not", "Another end", "Do not"]
    assert "It has 12 of 200 characters." in plain(shown.text)
    assert "Buyers may not write meanwhile" in plain(shown.text)
    assert shown.quote is not None
    assert sent.end is not None
    assert shown.quote.text == f"Away until {when(sent.end)}. gone fishing"
    assert (sent.note, sent.accept_messages) == ("gone fishing", False)


async def test_what_is_wrong_in_the_form_is_said_at_its_fields(stage: Stage) -> None:
    """And everything that was filled in stands there still; then it is put right."""
    await stage.link("sales")
    await second_shop(stage)
    asked = await choose(stage, "away", anywhere=True)
    nothing = await submit(stage, asked.form)
    wrong = await submit(stage, asked.form, until="whenever", note="x" * 201, shops="nonsense")
    rest = await submit(stage, asked.form, until="4h lunch")
    unclear = await submit(stage, asked.form, until="at 7")
    assert wrong.form is not None
    right = await submit(stage, wrong.form, until="", end="for.60", note="", shops=stage.shop)

    assert faults(nothing) == {"until": "Choose an end above, or write one here."}
    assert faults(wrong) == {
        "until": "No time could be read in “whenever”.",
        "note": "201 characters; at most 200 fit.",
        "shops": "Choose a shop.",
    }
    assert {field.name: field.value for field in wrong.form.fields}["until"] == "whenever"
    assert faults(unclear)["until"].startswith("“at 7” can mean two things.")
    assert ", 07:00 UTC" in faults(unclear)["until"]
    assert ", 19:00 UTC" in faults(unclear)["until"]
    assert faults(rest)["until"].startswith("Only a part of “4h lunch” is a time.")
    assert plain(right.text).startswith("Example Market: away from now until ")
    assert ", 1 h." in plain(right.text)


async def test_the_usual_ends_and_every_shop_are_offered(stage: Stage) -> None:
    """As options, in the member's own zone; all shops are chosen unless said otherwise."""
    await stage.link("sales")
    second = await second_shop(stage)
    asked = await choose(stage, "away", anywhere=True)
    assert asked.form is not None
    fields = {field.name: field for field in asked.form.fields}
    both = await submit(stage, asked.form, end="for.240")
    stale = await submit(stage, asked.form, end="till.1")

    offered = [plain(option.label) for option in fields["end"].options]
    usual = ["1 h", "4 h", "Tomorrow, 9:00", "Until I am back"]
    assert [label for label in offered if not label.startswith("Tonight")] == usual
    assert {option.value for option in fields["shops"].options} == {stage.shop, second}
    assert plain(both.text).startswith("All 2 shops: away from now until ")
    assert "until" in faults(stale)


async def test_without_a_shop_there_is_no_form(stage: Stage) -> None:
    """It is said what is missing."""
    await stage.link("sales")
    tag = keys.tag_of(stage.seller)
    asked = await choose(stage, "away", anywhere=True)
    await stage.deps.store.engine.call("DEL", keys.shops(tag, stage.seller))
    gone = await choose(stage, "away", anywhere=True)
    late = await submit(stage, asked.form, until="4h")

    assert plain(gone.text).startswith("There is no shop yet")
    assert plain(late.text) == plain(gone.text)


async def test_a_shortcut_is_told_twice_and_answered_alike(stage: Stage) -> None:
    """The platform may tell of it again: the form that comes of it is one."""
    await stage.link("sales")
    asked = await choose(stage, "away", anywhere=True)
    assert asked.form is not None
    values = {"until": "4h"}
    twice = [await stage.act(Submit("f-1", person("sam"), place("sales"), Verb.AWAY, "", values)) for _ in range(2)]

    assert twice[0].buttons == twice[1].buttons


def faults(answer: Answer) -> dict[str, str]:
    assert answer.form is not None
    return {field.name: plain(field.fault) for field in answer.form.fields if field.fault}
