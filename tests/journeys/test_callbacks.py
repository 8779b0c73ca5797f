"""A shop's callback that is wrong: members are told, the reply waits, and one command brings it there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bots.playground.faults import Fault
from core.services.shops import find_shop
from tests.fixtures.command import Prompt
from tests.fixtures.house import House, Street
from tests.fixtures.town import SECRET

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def mended(street: Street) -> AsyncIterator[None]:
    yield
    street.town.faults.clear()


@pytest.fixture
def operator(shopbell: Prompt, engine_url: str) -> Prompt:
    """A shell on the machine of this Shopbell."""
    shopbell.set(REDIS_URL=engine_url, SHOPBELL_SECRET=SECRET, SHOPBELL_ALLOW_LOCAL_CALLBACKS="1")
    return shopbell


async def test_a_callback_that_leads_elsewhere_is_told_of_and_moved(house: House, operator: Prompt) -> None:
    """No redirect is followed; the reply waits and arrives once at the new address."""
    town, story = house.town, house.story("c-1")
    moved = Fault("marketplace", "callback", status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"})
    town.faults.add(moved)
    await house.buyer_writes("Is it blue?", "c-1")
    card, _ = await story.both()

    await house.fill_in(town.kim, house.channel, card, "Yes")
    await house.read("Example Market takes no replies now: the callback URL leads elsewhere (302)")
    await house.heard(town.sam, "takes no replies now")
    before = house.replies()
    town.faults.clear()
    done = await operator.beside("shop", "callback", house.shop, town.market.callback_url(house.name))
    await story.both_say("Answered by Kim")

    assert before == []
    assert (done.status, [reply.text for reply in house.replies()]) == (0, ["Yes"])


async def test_secrets_are_rotated_while_both_sides_go_on(house: House, operator: Prompt) -> None:
    """Old and new hold until both sides have the new ones; then only those."""
    town = house.town
    fresh = (await operator.beside("shop", "rotate", house.shop, "--json")).data
    again = await operator.beside("shop", "rotate", house.shop, "--json")
    _, both = await find_shop(house.deps, house.shop)
    with_old = await house.buyer_writes("One", "c-1")
    town.market.front(house.name).secret_in = fresh["secret_in"]
    with_new = await house.buyer_writes("Two", "c-1")
    await operator.beside("shop", "rotate", house.shop, "--done")
    _, last = await find_shop(house.deps, house.shop)

    assert (with_old.status, with_new.status) == (202, 202)
    assert (len(both.inward), len(both.outward)) == (2, 2)
    assert (last.inward, last.outward) == ((fresh["secret_in"],), (fresh["secret_out"],))
    assert again.status == 2
    assert "--done" in again.data["error"]


async def test_an_address_that_nobody_may_be_sent_to_is_refused(house: House, operator: Prompt) -> None:
    """As when a shop is opened: only plain global https."""
    said = await operator.beside("shop", "callback", house.shop, "http://10.0.0.1/in", "--json")

    assert said.status == 2
