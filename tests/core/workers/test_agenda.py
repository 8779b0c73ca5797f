"""The agenda: what falls due is carried out, by whoever is alive."""

from dataclasses import replace

from core.domain.members import Role
from core.domain.rooms import Place
from core.store import keys
from core.store.links import make_link, redeem_link
from core.store.rooms import find_room
from core.workers.agenda import LEASE, agenda_visit
from core.workers.loop import Crew
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import MINUTE, Stage


async def cut_short(still: Stage, where: Place) -> None:
    """The code was spent, and the process died."""
    code, _ = await make_link(still.deps.store, still.seller, Role.AGENT, 10 * MINUTE)
    await redeem_link(still.deps.store, code, where, person("sam"))


async def test_a_link_that_was_cut_short_is_finished_when_its_moment_comes(still: Stage) -> None:
    """Not before, so that the process at work is not disturbed."""
    await cut_short(still, place("sales"))
    crew = Crew(5)
    visit = agenda_visit(still.deps, crew)

    await visit(keys.tag_of(still.seller))
    early = await find_room(still.deps.store, place("sales").address)
    still.pass_time(LEASE)
    await visit(keys.tag_of(still.seller))
    await crew.drain(5)
    later = await find_room(still.deps.store, place("sales").address)

    assert early is None
    assert later is not None
    assert later.seller == still.seller


async def test_a_moment_that_fails_does_not_hold_up_the_others(still: Stage) -> None:
    """One link belongs to a platform that is not set up any more; the other is finished all the same."""
    gone = place("sales")
    await cut_short(still, replace(gone, address=replace(gone.address, platform="telegraph")))
    await cut_short(still, place("sales"))
    still.pass_time(LEASE)

    crew = Crew(5)
    await agenda_visit(still.deps, crew)(keys.tag_of(still.seller))
    await crew.drain(5)

    assert await find_room(still.deps.store, place("sales").address) is not None
