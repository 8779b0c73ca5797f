"""Several conversations of the inbox: chosen, listed, one thing done about all of them, and undone at once."""

import pytest

from bots.slack.blocks import MOST_BUTTONS
from bots.telegram.callbacks import carry
from core.domain.actions import Command, Press
from core.domain.cards import Answer, CardState, Verb
from core.domain.rooms import RoomKind
from core.domain.selections import MOST
from core.domain.texts import plain
from core.errors import Rejected
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id, message_id
from core.store.quick_responses import keep_quick_response, new_quick_response
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import MINUTE, Stage


async def ask(stage: Stage, rest: str = "", user: str = "sam") -> Answer:
    return await stage.act(Command(f"k-{next(stage.counter)}", person(user), place("sales"), "inbox", rest))


async def press(stage: Stage, shown: Answer, label: str, user: str = "sam", key: str = "") -> Answer:
    found = next(each for each in shown.buttons if plain(each.label).startswith(label))
    assert found.verb is Verb.SELECT
    assert carry(found)
    action = Press(
        key or f"p-{next(stage.counter)}", person(user), place("sales"), found.verb, found.target, found.choice
    )
    return await stage.act(action)


async def chosen(stage: Stage, *numbers: int, rest: str = "") -> Answer:
    """The page on which these are chosen."""
    shown = await press(stage, await ask(stage, rest), "Select several")
    for number in numbers:
        shown = await press(stage, shown, f"☐ {number} ")
    return shown


async def owes(stage: Stage, *buyers: str) -> None:
    await stage.link("sales")
    for number, buyer in enumerate(buyers):
        at = stage.clock.now() - (len(buyers) - number) * MINUTE
        told, message = f"Hello from {buyer}", f"m-{buyer.casefold()}"
        await stage.buyer_writes(told, conversation=f"c-{number}", message=message, buyer=buyer, sent_at=at)
    await stage.wait(lambda: len(stage.board.cards("sales")) == len(buyers), "the cards")


async def prepared(stage: Stage, title: str, source: str) -> None:
    one = new_quick_response(stage.seller, title, title, source)
    assert await keep_quick_response(stage.deps.store, stage.seller, one, anew=True) == "done"


def states(stage: Stage) -> dict[str, CardState]:
    return {plain(card.title).split(" ")[0]: card.state for card in stage.board.cards("sales")}


async def stand(stage: Stage, **wanted: CardState) -> None:
    await stage.wait(lambda: states(stage) == wanted, f"the cards to be {wanted}")


def labels(answer: Answer) -> list[str]:
    return [plain(each.label) for each in answer.buttons]


async def test_who_wants_to_choose_none_goes_back_to_the_inbox(stage: Stage) -> None:
    """From any page of it, with nothing done."""
    await owes(stage, "Ann", "Bob")
    page = await chosen(stage, 1)
    leave = page.buttons[-1]
    assert leave.verb is not None
    back = await stage.act(Press("p-leave", person("sam"), place("sales"), leave.verb, leave.target, leave.choice))

    assert plain(leave.label) == "Back to the inbox"
    assert plain(back.text).startswith("2 conversations wait for an answer.")
    assert labels(back) == labels(await ask(stage))
    assert back.replaces
    assert states(stage) == {"Ann": CardState.OPEN, "Bob": CardState.OPEN}


async def test_several_are_waived_behind_one_confirmation_and_brought_back(stage: Stage) -> None:
    """They are listed with what still counts; nothing is done before; one undo brings all of them back."""
    await owes(stage, "Ann", "Bob", "Cy")
    page = await chosen(stage, 1, 3)

    listed = await press(stage, await press(stage, page, "Go on (2)"), "No answer needed")
    before = states(stage)
    done = await press(stage, listed, "Yes, all 2")
    await stand(stage, Ann=CardState.WAIVED, Bob=CardState.OPEN, Cy=CardState.WAIVED)
    undone = await press(stage, done, "Undo all")
    await stand(stage, Ann=CardState.OPEN, Bob=CardState.OPEN, Cy=CardState.OPEN)

    head, ann, cy = plain(listed.text).splitlines()
    assert head == "No answer is needed to 2:"
    assert ann.startswith("• Ann (Example Market): “Hello from Ann” Still counts at ")
    assert cy.startswith("• Cy (Example Market): “Hello from Cy”")
    assert set(before.values()) == {CardState.OPEN}
    assert plain(done.text) == "Hidden: 2 of 2. The cards say so."
    assert plain(undone.text) == "Taken back: 2 of 2."
    assert all(answer.replaces for answer in (page, listed, done, undone))


async def test_several_are_reported_with_one_reason_and_taken_back(stage: Stage) -> None:
    """The marketplace hears of each; who was reported before is left out and named."""
    await owes(stage, "Ann", "Bob")
    first = await press(stage, await press(stage, await chosen(stage, 1), "Go on"), "Report spam")
    await press(stage, await press(stage, first, "Scam"), "Yes, all 1")
    await stage.wait(lambda: states(stage)["Ann"] is not CardState.OPEN, "the first report")

    why = await press(stage, await press(stage, await chosen(stage, 1, 2, rest="hello"), "Go on"), "Report spam")
    listed = await press(stage, why, "Advertising")
    done = await press(stage, listed, "Yes, all 1")
    await stage.wait(lambda: CardState.OPEN not in states(stage).values(), "both to be reported")
    undone = await press(stage, done, "Undo all")
    await stage.wait(lambda: states(stage)["Bob"] is CardState.OPEN, "the second back")

    assert plain(listed.text).startswith("Report 1 as spam (Advertising):\n• Bob (Example Market): ")
    assert plain(listed.text).endswith("\nLeft out, as that cannot be done there: Ann.")
    assert plain(done.text).startswith("Reported: 1 of 1.")
    assert plain(undone.text) == "Taken back: 1 of 1."
    assert states(stage)["Ann"] is not CardState.OPEN


async def test_a_quick_response_goes_to_several_each_in_their_own_words(stage: Stage) -> None:
    """Shown as each will read it; who lacks a value is left out; within the hold one undo takes all back."""
    await owes(stage, "Ann", "Bob", "Cy")
    await prepared(stage, "Hello", "Hi {{ buyer.name }}!")
    await prepared(stage, "Order", "{{ order.id }}")
    which = await press(stage, await press(stage, await chosen(stage, 1, 2), "Go on"), "Quick response")

    listed = await press(stage, which, "Hello")
    done = await press(stage, listed, "Yes, all 2", key="twice")
    again = await press(stage, listed, "Yes, all 2", key="twice")
    await stage.wait(lambda: sorted(stage.bazaar.texts()) == ["Hi Ann!", "Hi Bob!"], "both at the marketplace")
    lacking = await press(stage, which, "Order")

    assert "• Ann (Example Market): “Hi Ann!”" in plain(listed.text)
    assert plain(done.text) == plain(again.text)
    assert plain(done.text).startswith("On the way: 2 of 2. The cards say when they have arrived.")
    assert plain(done.text).endswith(" Undo all takes back what has not left yet.")
    assert plain(lacking.text).startswith("It can be sent to none of them, as it lacks a value there, is too long, or")
    assert plain(lacking.text).endswith(": Ann, Bob.")


async def test_within_the_hold_all_replies_are_taken_back(stage: Stage) -> None:
    """Not one leaves; how long that can be done is said where it is pressed."""
    await owes(stage, "Ann", "Bob")
    await set_terms(stage.deps, stage.seller, hold=30_000)
    await prepared(stage, "Hello", "Hi {{ buyer.name }}!")
    which = await press(stage, await press(stage, await chosen(stage, 1, 2), "Go on"), "Quick response")
    done = await press(stage, await press(stage, which, "Hello"), "Yes, all 2")

    undone = await press(stage, done, "Undo all")

    assert "Undo all takes back what has not left yet: for 30 s nothing leaves, unless" in plain(done.text)
    assert plain(undone.text) == "Taken back: 2 of 2."
    await stand(stage, Ann=CardState.OPEN, Bob=CardState.OPEN)
    assert stage.bazaar.texts() == []


async def test_what_is_chosen_stays_chosen_over_pages(still: Stage) -> None:
    """Pressed again it is chosen no more; more than twenty are not taken; every button fits into both chats."""
    await still.link("sales")
    for number in range(24):
        await still.buyer_writes("Hi", conversation=f"c-{number}", sent_at=still.clock.now() - (24 - number) * MINUTE)
    page = await press(still, await ask(still), "Select several")
    for place_ in range(24):
        page = await press(still, page, f"☐ {place_ + 1} ")
        if place_ % 8 == 7 and place_ < 23:
            page = await press(still, page, "Next")
    full = plain(page.text).splitlines()[-1]
    dropped = await press(still, await press(still, await press(still, page, "Previous"), "Previous"), "☑ 1 ")

    assert full == f"No more than {MOST} can be chosen at once."
    assert labels(dropped)[:2] == ["☐ 1 Ann", "☑ 2 Ann"]
    assert "Go on (19)" in labels(dropped)
    assert all(len(each.buttons) <= MOST_BUTTONS for each in (page, dropped))


@pytest.mark.parametrize("step", ["No answer needed", "Report spam"])
async def test_who_only_looks_does_nothing_about_several(still: Stage, step: str) -> None:
    """They may look and choose, and are told what it takes."""
    await still.link("sales", kind=RoomKind.PUBLIC)
    for number in range(2):
        await still.buyer_writes("Hi", conversation=f"c-{number}")
    page = await press(still, await press(still, await ask(still), "Select several", "zoe"), "☐ 1", "zoe")
    answer = await press(still, await press(still, page, "Go on", "zoe"), step, "zoe")
    if step == "Report spam":
        answer = await press(still, answer, "Scam", "zoe")

    assert plain(answer.text).startswith("You may not report or hide messages from here.")


async def test_another_sellers_selection_is_not_there(still: Stage) -> None:
    """Nor a deed that there is not, nor a conversation that is none."""
    await still.link("sales")
    for number in range(2):
        await still.buyer_writes("Hi", conversation=f"c-{number}")
    page = await press(still, await ask(still), "Select several")
    target = page.buttons[0].target

    async def forged(target: str, choice: str) -> str:
        key = f"p-{next(still.counter)}"
        return plain((await still.act(Press(key, person("sam"), place("sales"), Verb.SELECT, target, choice))).text)

    assert (await forged("01l" + "a" * 20, "go")).startswith("That list is no longer kept")
    assert (await forged(target, "spam.dance")).startswith("That list is no longer kept")
    assert (await forged(target, "1.nonsense")).startswith("Shopbell does not find that conversation")
    assert await forged(target, "go") == "Nothing is chosen yet."
    await still.deps.store.engine.call("DEL", keys.selection(keys.tag_of(target), target))
    assert (await forged(target, "go")).startswith("That list is no longer kept")


async def test_what_a_colleague_reported_meanwhile_stays_reported(stage: Stage) -> None:
    """It is not counted as done by whoever came second, and their undo does not touch it."""
    await owes(stage, "Ann", "Bob")
    why = await press(stage, await press(stage, await chosen(stage, 1, 2), "Go on"), "Report spam")
    listed = await press(stage, why, "Scam")
    ann = message_id(conversation_id(stage.shop, "c-0"), "m-ann")
    await stage.act(Press("p-kim", person("kim"), place("sales"), Verb.SPAM, ann, "abuse"))

    done = await press(stage, listed, "Yes, all 2")
    await stand(stage, Ann=CardState.SPAM, Bob=CardState.SPAM)
    undone = await press(stage, done, "Undo all")
    await stand(stage, Ann=CardState.SPAM, Bob=CardState.OPEN)

    assert plain(done.text).startswith("Reported: 1 of 2.")
    assert plain(undone.text) == "Taken back: 1 of 1."
    assert sorted(each.reason for each in stage.bazaar.reports.values() if not each.withdrawn) == ["abuse", "scam"]


async def test_what_the_marketplace_refused_can_be_reported_again_among_several(stage: Stage) -> None:
    """As from its card."""
    stage.bazaar.troubles["c-0/reported"] = [Rejected("We see no spam there.")]
    await owes(stage, "Ann", "Bob")
    ann = message_id(conversation_id(stage.shop, "c-0"), "m-ann")
    await stage.act(Press("p-1", person("sam"), place("sales"), Verb.SPAM, ann, "scam"))
    cards = stage.board.cards  # which of two stands first is not promised
    await stage.wait(lambda: any("Not reported." in plain(card.warning) for card in cards("sales")), "the refusal")

    why = await press(stage, await press(stage, await chosen(stage, 1, 2), "Go on"), "Report spam")
    listed = await press(stage, why, "Scam")

    assert "• Ann (Example Market)" in plain(listed.text)
    assert "Left out" not in plain(listed.text)


async def test_what_is_to_be_reported_on_the_site_is_not_said_to_be_reported(stage: Stage) -> None:
    """A marketplace that takes no reports: each card has Done, and the answer says so."""
    stage.bazaar.sends = False
    await owes(stage, "Ann", "Bob")
    why = await press(stage, await press(stage, await chosen(stage, 1, 2), "Go on"), "Report spam")

    done = await press(stage, await press(stage, why, "Scam"), "Yes, all 2")
    await stand(stage, Ann=CardState.REPORTING, Bob=CardState.REPORTING)

    assert plain(done.text).endswith(
        " Nothing goes out for 2 of them: report each on the site, then press Done on the site on its card."
    )
    assert all("Done on the site" in [plain(b.label) for b in card.buttons] for card in stage.board.cards("sales"))
