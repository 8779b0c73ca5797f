"""One conversation that fails for a long time delays no other, and arrives once the trouble is over."""

import itertools

from core.domain.actions import Submit
from core.domain.cards import Verb
from core.domain.zones import MINUTE
from core.errors import TryLater
from core.services.deliveries import carry
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage

STEP = MINUTE // 2
LONGEST = 5 * MINUTE  # between two tries while an answer is owed


async def carry_all(still: Stage) -> None:
    """Whatever may be carried now, and what follows from it."""
    while claimed := await still.claim():
        for delivery in claimed:
            await carry(still.deps, delivery)


async def ask_and_reply(still: Stage, conversation: str) -> None:
    await still.buyer_writes("Is it blue?", conversation=conversation)
    await carry_all(still)
    target = button(still.board.cards("sales")[-1], Verb.REPLY)
    await still.act(
        Submit(f"s-{conversation}", person("sam"), place("sales"), Verb.REPLY, target, {"text": conversation})
    )
    await carry_all(still)


async def test_a_conversation_answered_with_500_for_ten_minutes_delays_no_other(still: Stage) -> None:
    """In each half minute another one of the same shop is served at once; then it arrives too, and once."""
    await still.link("sales")
    still.bazaar.troubles["bad"] = [TryLater("500 Internal Server Error")] * 1_000
    await ask_and_reply(still, "bad")
    tried = [still.clock.wall()]

    served = []
    for number in range(20):
        still.pass_time(STEP)
        before = still.bazaar.tries.count("bad")
        await ask_and_reply(still, f"good-{number}")
        served.append(f"good-{number}" in still.bazaar.texts())
        if still.bazaar.tries.count("bad") > before:
            tried.append(still.clock.wall())
    still.bazaar.troubles.clear()
    lost = "bad" not in still.bazaar.texts()
    while "bad" not in still.bazaar.texts() and still.clock.wall() < tried[-1] + LONGEST:
        still.pass_time(STEP)
        await carry_all(still)

    assert lost
    assert served == [True] * 20
    assert len(tried) > 2
    assert max(later - earlier for earlier, later in itertools.pairwise(tried)) <= LONGEST + STEP
    assert still.bazaar.texts().count("bad") == 1
