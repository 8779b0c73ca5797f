"""The inbox: what is owed over all shops by time left, searched, and opened."""

import pytest

from bots.slack.blocks import answer_message
from bots.telegram.messages import draw_answer
from core.domain.actions import Command, Press, Write
from core.domain.cards import Answer, CardRef, Verb
from core.domain.conversations import Attachment
from core.domain.rooms import RoomKind
from core.domain.shops import Shop, ShopSecrets
from core.domain.texts import plain
from core.ids import new_id
from core.policies import load
from core.rendering import say
from core.store.conversations import conversation_id
from core.store.shops import add_shop
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import MINUTE, Stage

HOUR = 60 * MINUTE
HOSTILE = "&*_~`<!channel> @everyone " * 20


async def ask(stage: Stage, rest: str = "", word: str = "inbox", user: str = "sam", key: str = "") -> Answer:
    key = key or f"k-{next(stage.counter)}"
    return await stage.act(Command(key, person(user), place("sales"), word, rest))


async def press(stage: Stage, shown: Answer, label: str, user: str = "sam", on: str = "") -> Answer:
    found = next(each for each in shown.buttons if plain(each.label) == label)
    assert found.verb is not None
    ref = CardRef(place("sales").address, on) if on else None
    key = f"p-{next(stage.counter)}"
    return await stage.act(
        Press(key, person(user), place("sales"), found.verb, found.target, found.choice, found.version, ref)
    )


async def owes(stage: Stage, count: int, buyer: str = "", **more: object) -> None:
    """So many buyers wait, the one with the smallest number the longest."""
    await stage.link("sales")
    for number in range(count):
        at = stage.clock.now() - (count - number) * HOUR // 10
        name = buyer or f"B{number}"
        await stage.buyer_writes(f"Text {number}", conversation=f"c-{number}", buyer=name, sent_at=at, **more)  # type: ignore[arg-type]


def labels(answer: Answer) -> list[str]:
    return [plain(each.label) for each in answer.buttons]


async def test_what_is_owed_stands_by_time_left_over_all_shops(still: Stage) -> None:
    """Each line with buyer, shop, first words, deadline and who is on it; each with a button that opens it."""
    await owes(still, 2)
    other = Shop(new_id("shop", 1), still.seller, "Second", "fiverr")
    await add_shop(still.deps.store, other, ShopSecrets(("whsec_a",), ("whsec_b",)), load()["fiverr"])
    first, still.shop = still.shop, other.id
    await still.buyer_writes("Mine?", buyer="Zoe", sent_at=still.clock.now() - 20 * HOUR)
    claimed = conversation_id(first, "c-1")
    await still.act(Press("p", person("lou"), place("sales"), Verb.CLAIM, claimed, choice="claim"))

    shown = await ask(still, word="OPEN")

    head, *listed = plain(shown.text).splitlines()
    assert head == "3 conversations wait for an answer. The nearest deadline first:"
    assert [line.partition(" Answer by ")[0] for line in listed] == [
        "1. Zoe (Second): “Mine?”.",
        "2. B0 (Example Market): “Text 0”.",
        "3. B1 (Example Market): “Text 1”.",
    ]
    assert listed[2].endswith("Lou is on it.")
    assert labels(shown) == ["1 Zoe", "2 B0", "3 B1", "Select several…"]
    assert shown.buttons[2].target == claimed


async def test_nothing_owed_says_so_and_what_else_can_be_done(still: Stage) -> None:
    """With an example of a search."""
    await still.link("sales")

    assert (
        plain((await ask(still)).text) == "Nothing waits for an answer. Look for a buyer or for words with /inbox ann."
    )


async def test_pages_are_turned_in_place(still: Stage) -> None:
    """Eight a page; a page that is no more is the last one there is."""
    await owes(still, 17)

    first = await ask(still)
    second = await press(still, first, "Next")
    third = await press(still, second, "Next")
    back = await press(still, second, "Previous")
    for number in range(10):
        await still.answered_on_site("Yes.", conversation=f"c-{number}")
    shrunk = await press(still, second, "Next")

    assert plain(first.text).startswith("17 conversations wait for an answer, page 1 of 3. ")
    assert labels(first) == [*(f"{number + 1} B{number}" for number in range(8)), "Next", "Select several…"]
    assert labels(second) == [
        *(f"{number + 1} B{number}" for number in range(8, 16)),
        "Previous",
        "Next",
        "Select several…",
    ]
    assert labels(third) == ["17 B16", "Previous", "Select several…"]
    assert plain(back.text) == plain(first.text)
    assert (second.replaces, third.replaces, first.replaces) == (True, True, False)
    assert labels(shrunk) == [*(f"{number} B{number + 9}" for number in range(1, 8)), "Select several…"]


async def test_a_search_looks_at_buyers_and_words_and_says_where(still: Stage) -> None:
    """Among what waits, and what was answered last; every word must be there."""
    await owes(still, 3)
    await still.buyer_writes("Do you sell BLUE lamps?", conversation="c-blue", buyer="Zoe")
    await still.answered_on_site("Yes, in navy.", conversation="c-blue")

    by_word, by_name, by_answer = await ask(still, "blue LAMPS"), await ask(still, "b1"), await ask(still, "navy")
    nothing = await ask(still, "red")

    head, line = plain(by_word.text).splitlines()
    assert head.startswith("Searched for “blue LAMPS” in the 3 that wait and the 1 answered or missed last, ")
    assert head.endswith(": 1 found.")
    assert line == "1. Zoe (Example Market): “Do you sell BLUE lamps?”. Nothing is owed."
    assert labels(by_word) == ["1 Zoe"]
    assert labels(by_name) == ["1 B1"]
    assert "“Yes, in navy.”" in plain(by_answer.text)
    assert plain(nothing.text).endswith("nothing found. What is older is on the marketplace's site.")


async def test_a_search_is_turned_page_by_page_and_kept_a_day(still: Stage) -> None:
    """Told twice it is one; another seller's, or one of last week, is no longer there."""
    await owes(still, 10, buyer="Ann")
    first = await ask(still, "ann", key="k")
    again = await ask(still, "ann", key="k")
    second = await press(still, first, "Next")
    selection = first.buttons[-1].target
    number = next(still.counter)
    strange = await still.act(
        Press(
            f"p-{number}",
            person("sam"),
            place("sales"),
            Verb.INBOX,
            selection[:-1] + ("3" if selection[-1] == "2" else "2"),
            "1",
        )
    )

    assert labels(first) == [*(f"{number} Ann" for number in range(1, 9)), "Next", "Select several…"]
    assert again == first
    assert labels(second) == ["9 Ann", "10 Ann", "Previous", "Select several…"]
    assert plain(strange.text) == "That list is no longer kept, so nothing was done. Ask for the inbox again."


async def test_an_opened_conversation_is_its_card_with_all_that_was_said(still: Stage) -> None:
    """With the card's own buttons, and the messages quoted, page by page, the newest last."""
    await still.link("sales")
    for number in range(12):
        at = still.clock.now() - (20 - number) * MINUTE
        await still.buyer_writes(f"Line {number}", sent_at=at, attachments=(Attachment("https://x/a.png", "a.png"),))
    await still.answered_on_site("My answer", at=still.clock.now() - MINUTE)
    await still.buyer_writes("And now?")

    opened = await press(still, await ask(still), "1 Ann")
    said = await press(still, opened, "What was said")
    earlier = await press(still, said, "Earlier")
    oldest = await press(still, earlier, "Earlier")
    back = await press(still, oldest, "Back")

    assert plain(opened.text).startswith("Ann · Example Market\nAnswer by ")
    assert opened.quote is not None
    assert opened.quote.text == "And now?"
    assert labels(opened) == ["Reply to Ann", "Quick response", "Claim", "More…", "Open on the site", "What was said"]
    head, *messages = plain(said.text).splitlines()
    assert head == "Ann, what was said, 1 to 5 of 14, the newest last:"
    assert [line.partition(": ")[2] for line in messages] == [
        "“Line 9”", "“Line 10”", "“Line 11”", "“My answer”", "“And now?”",
    ]  # fmt: skip
    assert " on the site: " in messages[3]
    assert " Ann: " in messages[4]
    assert (labels(said), labels(oldest)) == (
        ["Reply to Ann", "Earlier", "Back"],
        ["Reply to Ann", "Later", "Back"],
    )
    assert [line.partition(": ")[2] for line in plain(oldest.text).splitlines()[1:]] == [
        f"“Line {number}”" for number in range(4)
    ]
    assert plain(back.text) == plain(opened.text)


async def test_a_reply_from_an_opened_conversation_leaves_the_card_where_it_is(stage: Stage) -> None:
    """What was opened is no card: pressed or answered there, the card in the room goes on being it."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    opened = await press(stage, await ask(stage), "1 Ann")

    form = await press(stage, opened, "Reply to Ann", on="777")
    await press(stage, opened, "Claim", on="777")
    await stage.act(
        Write("w", person("sam"), place("sales", RoomKind.DIRECT), "Yes.", conversation=opened.conversation, alone=True)
    )
    await stage.wait(lambda: "Answered by" in plain(stage.board.cards("sales")[0].status), "the card to say so")

    assert form.form is not None
    assert stage.bazaar.texts() == ["Yes."]


async def test_another_sellers_conversation_is_not_there(still: Stage) -> None:
    """Neither its card nor what was said in it."""
    await still.link("sales")
    for choice in ("", "0"):
        number = next(still.counter)
        shown = await still.act(
            Press(f"p-{number}", person("sam"), place("sales"), Verb.OPEN, "01c" + "a" * 20, choice)
        )

        assert plain(shown.text).startswith("Shopbell does not find that conversation")


@pytest.mark.parametrize("words", ["", "everyone"])
async def test_whatever_the_words_every_line_fits_into_both_chats(still: Stage, words: str) -> None:
    """A page of hostile names, shops and words: nothing is cut off, and every line keeps its button."""
    await owes(still, 9, buyer=HOSTILE)
    for number in range(9):
        await still.buyer_writes(HOSTILE * 3, conversation=f"c-{number}", buyer=HOSTILE)

    shown = await ask(still, words)
    said = await press(still, await press(still, shown, labels(shown)[0]), "What was said")

    for answer, last in ((shown, "Answer by "), (said, "@everyone")):
        sections = [
            block["text"]["text"] for block in answer_message(answer, say)["blocks"] if block["type"] == "section"
        ]
        assert last in sections[-1].splitlines()[-1]
        assert sum(len(section.splitlines()) for section in sections) == len(plain(answer.text).splitlines())
        [drawn] = draw_answer(answer, say)
        assert last in drawn.plain.splitlines()[-1]
        assert drawn.keyboard is not None
        assert sum(len(row) for row in drawn.keyboard["inline_keyboard"]) == len(answer.buttons)
