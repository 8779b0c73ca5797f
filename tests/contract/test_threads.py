"""A room where each card has a thread of its own: opened before the card, and opened anew when it is gone."""

import pytest

from core.domain.actions import Command, Write
from core.domain.cards import CardRef, CardState, NoteKind
from core.domain.texts import plain
from core.errors import AccessLost, Rejected, TryLater
from tests.contract.chalkboard.adapter import Line, person, place
from tests.fixtures.core import Stage


def lines(stage: Stage, column: str | None) -> list[Line]:
    return [line for line in stage.board.boards.get("sales", []) if line.column == column]


async def ask(stage: Stage, conversation: str = "c-1") -> None:
    cards = len(stage.board.cards("sales"))
    await stage.buyer_writes("Is it blue?", conversation=conversation)
    await stage.wait(lambda: len(stage.board.cards("sales")) > cards, "the card")


async def test_each_conversation_stands_in_a_thread_of_its_own(stage: Stage) -> None:
    """Named as its card is; what follows stands beside the card."""
    await stage.link("sales", threads=True)
    await ask(stage)
    await ask(stage, "c-2")
    await stage.buyer_writes("Hello?")
    await stage.wait(lambda: len(lines(stage, "sales-1")) == 2, "the second message")

    assert stage.board.columns == {"sales-1": "Ann · Example Market", "sales-2": "Ann · Example Market"}
    assert [type(line.shown).__name__ for line in lines(stage, "sales-1")] == ["Card", "Note"]
    assert len(lines(stage, "sales-2")) == 1


async def test_a_member_answers_and_commands_from_within_a_thread(stage: Stage) -> None:
    """Though it was the whole board that was linked."""
    await stage.link("sales", threads=True)
    await ask(stage)
    (card,) = lines(stage, "sales-1")
    where = place("sales", thread="sales-1")

    status = await stage.act(Command("s-1", person("sam"), where, "status"))
    await stage.act(Write("w-1", person("sam"), where, "Yes.", CardRef(where.address, card.number), alone=True))
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the answer")

    assert plain(status.text).startswith("Bell & Co: 1 shop, 1 waiting")
    assert stage.bazaar.texts() == ["Yes."]


async def test_a_thread_of_a_board_that_is_not_linked_as_a_whole_is_no_room(stage: Stage) -> None:
    """Only who links the whole has all its threads."""
    await stage.link("sales")

    answer = await stage.act(Command("s-1", person("sam"), place("sales", thread="7"), "status"))

    assert "not linked" in plain(answer.text)


async def test_a_thread_that_was_deleted_is_opened_anew_with_its_card(stage: Stage) -> None:
    """And what was to stand in it follows the card."""
    await stage.link("sales", threads=True)
    await ask(stage)
    stage.board.wiped.add("sales-1")
    await stage.buyer_writes("Hello?")
    await stage.wait(lambda: len(lines(stage, "sales-2")) == 2, "the card and the message in a new thread")

    assert [type(line.shown).__name__ for line in lines(stage, "sales-2")] == ["Card", "Note"]
    assert stage.board.cards("sales")[1].calls == ()


async def test_a_thread_deleted_before_its_card_stood_is_opened_anew(stage: Stage) -> None:
    """The card itself finds that out."""
    stage.board.wiped.add("sales-1")
    await stage.link("sales", threads=True)
    await ask(stage)

    assert [line.column for line in stage.board.boards["sales"]] == ["sales-2"]
    assert len(stage.board.cards("sales")[0].calls) == 1


async def test_where_no_thread_may_be_opened_the_card_stands_in_the_room(stage: Stage) -> None:
    """The room is told once what to allow."""
    await stage.link("sales", threads=True)
    stage.board.troubles["sales"] = [Rejected("The bot may not manage topics here."), None]
    await ask(stage)
    await stage.wait(lambda: len(stage.board.boards["sales"]) == 2, "the card and the notice")
    stage.board.troubles["sales"] = [Rejected("The bot may not manage topics here.")]
    await ask(stage, "c-2")

    said = [plain(note.text) for note in stage.board.notes("sales") if note.kind is NoteKind.NOTICE]
    assert [line.column for line in stage.board.boards["sales"]] == [None] * 3
    (told,) = said
    assert told.startswith("Cards stand in this chat itself, not each in a topic of its own: The bot may not manage")


@pytest.mark.parametrize("trouble", [TryLater("busy", after=0.05), AccessLost("kicked")])
async def test_a_thread_that_cannot_be_opened_now_is_opened_later(stage: Stage, trouble: TryLater | AccessLost) -> None:
    """Its card waits for it, and stands nowhere else."""
    await stage.link("sales", threads=True)
    stage.board.troubles["sales"] = [trouble]
    await ask(stage)

    assert [line.column for line in stage.board.boards["sales"]] == ["sales-1"]
