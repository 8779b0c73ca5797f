"""None of a seller's rooms works: the owner is told by what is left, and the marketplace is told what waits."""

from core.domain.actions import Reach
from core.domain.texts import plain
from core.errors import AccessLost
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage


async def lose(stage: Stage, board: str, *, back: bool = False) -> None:
    number = next(stage.counter)
    await stage.act(Reach(f"reach-{number}", person("sam"), place(board), back, "" if back else "The board was sold."))


async def test_the_marketplace_is_told_what_waits(stage: Stage) -> None:
    """With the deadlines; the owner hears of it directly."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    await lose(stage, "sales")
    await stage.wait(lambda: stage.bazaar.unreachable, "the marketplace to be told")
    await stage.wait(lambda: stage.board.notes("@sam"), "the owner to be told")

    (told,) = stage.bazaar.unreachable
    assert told.problem == "The board was sold."
    assert [key for key, due in told.owed if due] == ["c-1"]
    assert plain(stage.board.notes("@sam")[0].text).startswith("None of your rooms for buyers' messages can be reached")


async def test_it_is_told_once_until_a_room_works_again(stage: Stage) -> None:
    """A room that is tried and still fails is no news."""
    await stage.link("sales")
    await stage.link("attic")
    await lose(stage, "sales")
    stage.board.troubles["attic"] = [AccessLost("The board fell down.")] * 3
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.bazaar.unreachable, "the marketplace to be told")
    await lose(stage, "sales")
    await stage.act(Reach("again", person("sam"), place("sales"), reachable=True))
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    assert [told.problem for told in stage.bazaar.unreachable] == ["The board fell down."]


async def test_while_another_room_works_only_that_one_is_told(stage: Stage) -> None:
    """The marketplace has nothing to do with it."""
    await stage.link("sales")
    await stage.link("attic")
    await lose(stage, "sales")
    await stage.wait(lambda: stage.board.said("attic"), "the other room to be told")

    assert "cannot be reached" in stage.board.said("attic")[0]
    assert stage.bazaar.unreachable == []
    assert stage.board.notes("@sam") == []


async def test_a_whole_workspace_that_is_lost_is_told_too(stage: Stage) -> None:
    """Its owner cannot be messaged there: the message is given up, and nothing goes round in circles."""
    await stage.link("sales")
    stage.board.troubles["@sam"] = [AccessLost("revoked")]

    await stage.act(Reach("gone", person("sam"), place(""), reachable=False, problem="The school was closed."))
    await stage.wait(lambda: stage.bazaar.unreachable, "the marketplace to be told")
    await stage.wait(lambda: not stage.board.troubles["@sam"], "the owner to be tried")

    assert [told.problem for told in stage.bazaar.unreachable] == ["The school was closed."]
    assert stage.board.notes("@sam") == []
