"""A code that is redeemed where the chat is linked already: an invitation, whatever breaks meanwhile."""

import pytest

from core.domain.actions import Command
from core.domain.members import Role
from core.domain.rooms import RoomKind
from core.domain.texts import plain
from core.services.actions import act
from core.store.client import Engine
from core.store.keys import tag_of
from core.store.links import make_link, redeem_link
from core.store.members import read_role
from core.store.rooms import rooms_of
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import MINUTE, Stage, make_stage
from tests.fixtures.doubling import Doubling


async def invite(stage: Stage, role: Role) -> str:
    return (await make_link(stage.deps.store, stage.seller, role, 10 * MINUTE))[0]


def redeem(code: str, user: str = "kim") -> Command:
    return Command(f"link-{code}-{user}", person(user), place("sales", RoomKind.PUBLIC), "link", code)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.MANAGER, "You act for Bell & Co now, as manager. You may answer buyers here."),
        (Role.VIEWER, "You act for Bell & Co now, as viewer. You see what comes, and others answer."),
    ],
)
async def test_an_invitation_brings_its_role(still: Stage, role: Role, words: str) -> None:
    """Told again, it says the same; nobody else can use it; there is still one room."""
    await still.link("sales", kind=RoomKind.PUBLIC)
    code = await invite(still, role)

    first, again = await still.act(redeem(code)), await still.act(redeem(code))
    other = await still.act(Command("link-x", person("eve"), place("kitchen"), "link", code))

    assert [plain(first.text), plain(again.text)] == [words, words]
    assert plain(other.text).startswith("This code is not valid")
    assert await read_role(still.deps.store, still.seller, person("kim")) is role
    assert len(await rooms_of(still.deps.store, still.seller)) == 1


async def test_an_invitation_takes_nothing_away(still: Stage) -> None:
    """An owner who types a viewer's code stays the owner, and the code is good for somebody else."""
    await still.link("sales", kind=RoomKind.PUBLIC)
    code = await invite(still, Role.VIEWER)

    answer = await still.act(redeem(code, "sam"))
    await still.act(redeem(code, "kim"))

    assert plain(answer.text) == "This chat is already linked to Bell & Co. Nothing has changed."
    assert await read_role(still.deps.store, still.seller, person("sam")) is Role.OWNER
    assert await read_role(still.deps.store, still.seller, person("kim")) is Role.VIEWER


async def test_an_invitation_that_was_cut_short_is_finished(still: Stage) -> None:
    """We died after the code was spent: the role comes all the same."""
    await still.link("sales", kind=RoomKind.PUBLIC)
    await redeem_link(still.deps.store, await invite(still, Role.AGENT), redeem("x").place, person("kim"))

    still.pass_time(MINUTE)
    crew = Crew(1)
    await agenda_visit(still.deps, crew)(tag_of(still.seller))
    await crew.drain(2)

    assert await read_role(still.deps.store, still.seller, person("kim")) is Role.AGENT


async def test_an_invitation_is_one_though_everything_is_executed_twice(engine: Engine) -> None:
    """A broken connection repeats each step: one role, and the same answer."""
    stage = await make_stage(Doubling(engine))
    await stage.link("sales", kind=RoomKind.PUBLIC)

    answer = await act(stage.deps, redeem(await invite(stage, Role.AGENT)))

    assert plain(answer.text).startswith("You act for Bell & Co now, as agent.")
