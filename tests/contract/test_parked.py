"""What could not be carried out is said in a room that works, and can be sent again."""

from core.domain.cards import Verb
from core.domain.rooms import Ring
from core.errors import Rejected
from core.services.parked import list_parked, replay
from core.store.rooms import set_ring
from tests.contract.chalkboard.adapter import button, person
from tests.fixtures.core import Stage


async def test_a_card_that_a_room_does_not_take_is_told_of_elsewhere_and_replayed(stage: Stage) -> None:
    """The other room says what, where, why, and the command; afterwards the card stands and can be answered."""
    await stage.link("sales")
    await stage.link("phone")
    stage.board.troubles["sales"] = [Rejected("It has a block that is not known.")]

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.said("phone"), "the notice")
    (shelved,) = await list_parked(stage.deps)
    before = stage.board.cards("sales")
    word = await replay(stage.deps, shelved.parked.id)
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    (said,) = stage.board.said("phone")
    assert said.startswith("Something for Ann could not be shown in Chalkboard board sales: It has a block that is not")
    assert said.endswith(f"whoever runs Shopbell sends it again: shopbell delivery replay {shelved.parked.id}")
    assert (before, word, shelved.where) == ([], "done", "Chalkboard board sales")
    assert button(stage.board.cards("sales")[0], Verb.REPLY) == shelved.parked.conversation
    assert await list_parked(stage.deps) == []


async def test_a_call_that_reaches_nobody_is_told_of_elsewhere(stage: Stage) -> None:
    """Neither directly nor in the room could the member be called: the other room says so."""
    await stage.link("sales")
    await stage.link("phone")
    await set_ring(stage.deps.store, await stage.room("sales"), person("sam"), Ring.DIRECT)
    stage.board.unreachable.add("sam")
    stage.board.troubles["sales"] = [None, Rejected("The channel is read-only.")]  # the card stands; the call cannot

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.said("phone"), "the notice")

    assert "could not be shown in Chalkboard board sales: The channel is read-only." in stage.board.said("phone")[0]
