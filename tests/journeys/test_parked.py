"""What was refused is listed for whoever runs Shopbell, and sent again by one command."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bots.playground.faults import Fault
from tests.fixtures.command import Prompt
from tests.fixtures.house import House, Street
from tests.fixtures.town import SECRET

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = Fault("marketplace", "callback", status=422, body={"detail": "Closed\x1b[2J for stocktaking."})


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def mended(street: Street) -> AsyncIterator[None]:
    yield
    street.town.faults.clear()


@pytest.fixture
def operator(shopbell: Prompt, engine_url: str) -> Prompt:
    """A shell on the machine of this Shopbell."""
    shopbell.set(REDIS_URL=engine_url, SHOPBELL_SECRET=SECRET)
    return shopbell


async def refused(house: House, conversation: str) -> None:
    story = house.story(conversation)
    await house.buyer_writes("Is it blue?", conversation)
    card, _ = await story.both()
    await house.fill_in(house.town.kim, house.channel, card, "Yes")
    await story.both_say("for stocktaking.")


async def test_a_refused_reply_is_sent_again_by_one_command(house: House, operator: Prompt) -> None:
    """The marketplace has it once, under the same id, and both cards say so."""
    house.town.faults.add(REFUSED)
    await refused(house, "c-1")
    house.town.faults.clear()

    listed = await operator.beside("delivery", "list", "--seller", house.seller, "--json")
    seen = await operator.beside("delivery", "list")
    (parked,) = listed.data["parked"]
    done = await operator.beside("delivery", "replay", parked["delivery"])
    await house.story("c-1").both_say("Answered by Kim")
    again = await operator.beside("delivery", "replay", parked["delivery"], "--json")

    assert (parked["kind"], parked["to"]) == ("reply", "Example Market")
    assert parked["delivery"] in seen.out
    assert "Closed" in seen.out
    assert "\x1b[2J" not in seen.out
    assert (done.status, done.out) == (0, f"{parked['delivery']} is on its way again.\n")
    assert (again.status, again.data) == (1, {"outcomes": {parked["delivery"]: "missing"}})
    assert [(reply.id, reply.text) for reply in house.replies()] == [(parked["delivery"], "Yes")]


async def test_all_of_a_seller_are_replayed_at_once(street: Street, house: House, operator: Prompt) -> None:
    """And nobody else's."""
    other = await street.build()
    house.town.faults.add(REFUSED)
    for each in (house, other):
        await refused(each, "c-1")
    house.town.faults.clear()

    done = await operator.beside("delivery", "replay", "--all", "--seller", house.seller, "--json")
    left = await operator.beside("delivery", "list", "--json")
    looked = await operator.beside("doctor")

    assert list(done.data["outcomes"].values()) == ["done"]
    assert [each["seller"] for each in left.data["parked"]] == [other.seller]
    assert "1 delivery refused or given up in the last 30 days." in looked.out
    assert await house.story("c-1").replied() == ["Yes"]


async def test_what_is_no_delivery_is_named(operator: Prompt) -> None:
    """Nonsense, nothing, and a seller that is not here: status 2 and what to type."""
    nonsense = await operator.beside("delivery", "replay", "abc")
    nothing = await operator.beside("delivery", "replay", "--json")
    nobody = await operator.beside("delivery", "list", "--seller", "07x", "--json")

    assert [said.status for said in (nonsense, nothing, nobody)] == [2, 2, 2]
    assert "'abc' is no id of a delivery" in nonsense.err
    assert "--all" in nothing.data["error"]
    assert "There is no seller '07x' here" in nobody.data["error"]
