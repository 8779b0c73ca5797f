"""A platform says that a chat can be reached no more, or again: all that is linked in it rests, or goes on at once."""

from core.domain.actions import Reach
from core.errors import AccessLost
from core.store.sellers import add_seller
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage

LOST = "The bot was removed from the chat."


def reach(key: str, board: str, *, reachable: bool) -> Reach:
    return Reach(key, person("sam"), place(board), reachable, "" if reachable else LOST)


async def test_a_group_that_is_linked_by_its_topics_alone_is_found_again_at_once(stage: Stage) -> None:
    """Removed, both topics rest and the other room is told once; added again, both show what waited, without a wait."""
    for thread in ("prints", "mugs"):
        await stage.link("hall", thread=thread)
    await stage.link("phone")

    await stage.act(reach("r-1", "hall", reachable=False))
    stage.board.troubles["hall"] = [AccessLost(LOST)] * 2
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("phone"), "the card elsewhere")
    told, tried = list(stage.board.said("phone")), 2 - len(stage.board.troubles["hall"])
    stage.board.troubles.clear()
    await stage.act(reach("r-2", "hall", reachable=True))
    await stage.wait(lambda: len(stage.board.cards("hall")) == 2, "a card in each topic")

    assert tried == 0
    assert [LOST in said for said in told] == [True]


async def test_a_group_whose_topics_belong_to_two_sellers_is_lost_to_both(stage: Stage) -> None:
    """Each seller reads it in a room of its own elsewhere, also where one of them has linked the whole group."""
    await stage.link("hall")
    await stage.link("phone")
    stage.seller = (await add_seller(stage.deps.store, "Other & Co", 1)).id
    await stage.link("hall", "kim", thread="mugs")
    await stage.link("desk", "kim")

    await stage.act(reach("r-1", "hall", reachable=False))
    await stage.wait(lambda: stage.board.said("phone") and stage.board.said("desk"), "both notices")

    assert [len(stage.board.said(board)) for board in ("phone", "desk")] == [1, 1]
