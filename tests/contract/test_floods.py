"""Floods: when many buyers write for the first time at once, one list rings in place of each."""

import pytest

from core.domain.cards import Card, Note
from core.domain.texts import plain
from core.domain.zones import MINUTE, SECOND
from core.errors import TryLater, Unknown
from core.services.deliveries import carry
from core.store.conversations import conversation_id
from tests.contract.chalkboard.adapter import person
from tests.fixtures.core import Stage

SHORT = 31_000  # longer than a list waits for others


async def write(stage: Stage, *numbers: int) -> None:
    for number in numbers:
        await stage.buyer_writes("Hi", conversation=f"c-{number}")


async def bring(still: Stage) -> None:
    for _ in range(3):
        for delivery in await still.claim():
            await carry(still.deps, delivery)


def cards(stage: Stage) -> dict[str, Card]:
    return {card.conversation: card for card in stage.board.cards("sales")}


def card(stage: Stage, number: int) -> Card:
    return cards(stage)[conversation_id(stage.shop, f"c-{number}")]


def lists(stage: Stage) -> list[Note]:
    return [note for note in stage.board.notes("sales") if "for the first time" in plain(note.text)]


async def test_what_comes_after_the_tenth_is_one_list(still: Stage) -> None:
    """Each has its card, without a sound; the list rings, with a line and a button for each."""
    await still.link("sales")
    await write(still, *range(13))
    await bring(still)
    before = lists(still)

    still.pass_time(SHORT)
    await bring(still)

    assert [(card(still, n).silent, bool(card(still, n).calls)) for n in (0, 9, 10, 12)] == [
        (False, True),
        (False, True),
        (True, False),
        (True, False),
    ]
    assert before == []
    (note,) = lists(still)
    assert plain(note.text).startswith("3 more buyers write for the first time within minutes.")
    wanted = {conversation_id(still.shop, f"c-{number}") for number in (10, 11, 12)}
    assert {found.target for found in note.buttons} == wanted
    assert (note.loud, note.calls) == (True, (person("sam"),))


async def test_who_wrote_more_than_five_minutes_ago_is_in_no_flood(still: Stage) -> None:
    """Ten of before and one of now each ring by themselves; with ten of the last five minutes the eleventh does not."""
    await still.link("sales")
    await write(still, *range(10))
    still.clock.shift += 5 * MINUTE
    await write(still, *range(10, 20))
    still.clock.shift += 5 * MINUTE - 5 * SECOND
    await write(still, 20)
    await bring(still)

    assert [card(still, number).silent for number in (0, 10, 19, 20)] == [False, False, False, True]


async def test_a_list_of_many_names_the_first_and_counts_the_others(still: Stage) -> None:
    """It can be read at a glance; the cards of all stand in the room."""
    await still.link("sales")
    await write(still, *range(40))
    await bring(still)

    still.pass_time(SHORT)
    await bring(still)

    (note,) = lists(still)
    assert plain(note.text).startswith("30 more buyers write")
    assert len(note.buttons) == plain(note.text).count("•") == 10
    assert len(cards(still)) == 40


async def test_ten_in_five_minutes_ring_one_by_one(still: Stage) -> None:
    """Also when it goes on like this all day."""
    await still.link("sales")

    for number in range(30):
        still.clock.shift = number * (MINUTE // 2 + 1)
        await write(still, number)
        await bring(still)
    still.pass_time(SHORT)
    await bring(still)

    assert all(not shown.silent for shown in cards(still).values())
    assert lists(still) == []


async def test_what_was_answered_before_the_list_came_is_not_on_it(still: Stage) -> None:
    """With nothing left there is no list."""
    await still.link("sales")
    await write(still, *range(12))
    await bring(still)

    await still.answered_on_site("Yes.", conversation="c-10")
    await still.answered_on_site("Yes.", conversation="c-11")
    still.pass_time(SHORT)
    await bring(still)

    assert lists(still) == []


async def test_a_buyer_who_writes_again_and_an_import_are_no_flood(still: Stage) -> None:
    """Only new conversations are counted."""
    await still.link("sales")
    for number in range(12):
        await still.buyer_writes("Old", conversation=f"h-{number}", history=True)
    await write(still, *[1] * 12, 2)
    await bring(still)

    assert not card(still, 2).silent


@pytest.mark.parametrize("trouble", [TryLater("busy"), Unknown("lost")], ids=["refused", "lost"])
async def test_a_list_that_is_tried_again_says_the_same(still: Stage, trouble: TryLater | Unknown) -> None:
    """What comes meanwhile is on the next one."""
    await still.link("sales")
    await write(still, *range(12))
    await bring(still)
    still.board.troubles["sales"] = [trouble]

    still.pass_time(SHORT)
    await bring(still)
    await write(still, 12)
    for _ in range(2):
        still.pass_time(SHORT)
        await bring(still)

    assert [len(note.buttons) for note in lists(still)] == [2, 1]
