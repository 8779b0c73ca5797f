"""Told twice, late, or in the wrong order, or while the store is down: the outcome is the same, once, in both chats."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bots.playground.marketplace.signing import sign
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from core.errors import StoreDown
from core.store.client import Engine
from core.store.coalescer import Coalescer
from tests.fixtures.engine import _ask, _start, _until
from tests.fixtures.house import House, Street, ago
from tests.fixtures.town import a_town, shopbell
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = "urn:shopbell:problem:"


async def test_what_is_told_again_has_one_effect(house: House) -> None:
    """The same event, a replayed request, and the same message under another event: 202, one card, one message."""
    event, market = house.message("c-again"), house.town.market
    body = json.dumps(event).encode()
    signed = sign(market.front(house.name).secret_in, "wh-again", body)

    first = await market.post_raw(house.name, body, headers=signed, signed=False)
    replay = await market.post_raw(house.name, body, headers=signed, signed=False)
    again = await market.post(house.name, event)
    renamed = await market.post(house.name, event | {"id": "evt-renamed"})
    await house.story("c-again").both()
    await house.buyer_writes("More", "c-again")
    await house.story("c-again").below_says("More")
    await house.story("c-again").thread_says("More")

    told = (first, replay, again, renamed)
    assert [(one.status, one.results) for one in told] == [(202, ["accepted"])] + [(202, ["duplicate"])] * 3
    assert [said.text for said in await house.story("c-again").kept()] == ["Hi", "More"]
    assert len(house.story("c-again").slack_cards()) == len(house.story("c-again").telegram_cards()) == 1
    assert len(house.story("c-again").thread()) == len(house.story("c-again").below()) == 1


async def test_an_answer_that_is_told_before_its_message_opens_nothing(house: House) -> None:
    """The seller answered on the site; the buyer's message that it answers comes late and is shown as answered."""
    event = house.message("c-before", "Is it blue?")
    event["data"]["message"]["sent_at"] = ago(minutes=2)

    sent = await house.town.market.answer_on_site(house.name, "Yes, on the site.", conversation="c-before")
    late = await house.town.market.post(house.name, event)
    story = house.story("c-before")
    slack, telegram = await story.both()

    assert (sent.results, late.results) == (["accepted"], ["accepted"])
    for shown in (slack_plain(slack), telegram_plain(telegram)):
        assert "Is it blue?" in shown
        assert "Answered on the site" in shown
    sight = await story.sight()
    assert sight is not None
    assert sight.obligations == ()


async def test_a_change_that_is_told_before_its_message_waits_for_it(house: House) -> None:
    """An edit and a deletion come early: the card shows the words as they are now, and none that were taken back."""
    market = house.town.market
    for conversation, kind, more in (("c-edit", "edited", {"text": "Is it green?"}), ("c-gone", "deleted", {})):
        said = {"id": f"m-{conversation}-11", **more}
        early = await market.post(
            house.name, market.event(f"message.{kind}", {"conversation": conversation, "message": said})
        )
        await market.post(house.name, house.message(conversation, "Is it blue?"))
        assert early.results == ["accepted"]
    edited, gone = await house.story("c-edit").both(), await house.story("c-gone").both()

    for shown in (slack_plain(edited[0]), telegram_plain(edited[1])):
        assert "Is it green?" in shown
        assert "blue" not in shown
    for shown in (slack_plain(gone[0]), telegram_plain(gone[1])):
        assert "deleted this message" in shown
        assert "blue" not in shown


async def test_an_older_message_that_comes_late_finds_its_place(house: House) -> None:
    """The clock counts from the first message the buyer wrote, whichever we heard of first."""
    await house.town.market.post(house.name, house.message("c-late", "Second"))
    story = house.story("c-late")
    await story.both()
    before = await story.sight()
    event = house.message("c-late", "First!")
    event["id"], event["data"]["message"] = "evt-older", event["data"]["message"] | {"id": "m-older"}
    event["data"]["message"]["sent_at"] = ago(hours=2)

    answered = await house.town.market.post(house.name, event)
    await story.both_say("First!")
    after = await story.sight()

    assert answered.results == ["accepted"]
    assert before is not None
    assert after is not None
    assert [said.text for said in after.messages] == ["First!", "Second"]
    assert len(after.obligations) == 1
    assert (before.obligations[0].deadline or 0) - (after.obligations[0].deadline or 0) > 7_000_000


async def test_a_deadline_that_has_passed_already_is_told_once(house: House) -> None:
    """The message is shown and still owed, and both chats say once that the time is over."""
    event = house.message("c-past")
    event["data"]["message"]["sent_at"] = ago(days=3)

    answered = await house.town.market.post(house.name, event)
    story = house.story("c-past")
    await story.both()
    await story.thread_says("is over")
    await story.below_says("is over")
    await house.buyer_writes("Hello?", "c-past")
    await story.thread_says("Hello?")

    assert answered.results == ["accepted"]
    assert sum("is over" in slack_plain(shown) for shown in story.thread()) == 1
    assert sum("is over" in telegram_plain(shown) for shown in story.below()) == 1


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A server that a test may take down; the list holds it, or the one started in its place."""
    servers = [serve(tmp_path)]
    yield str(tmp_path / "server.sock"), servers
    servers[-1].kill()
    servers[-1].wait()


def serve(folder: Path) -> "subprocess.Popen[bytes]":
    path = folder / "server.sock"
    path.unlink(missing_ok=True)
    server = _start(folder, "--port", "0", "--unixsocket", str(path), "--appendfsync", "always")
    _until(server, str(path), lambda: _ask(str(path), "PING").startswith("+PONG"))
    return server


async def answers(engine: Engine) -> bool:
    try:
        return await engine.now_ms() > 0
    except StoreDown:
        return False


async def test_while_the_store_is_down_the_marketplace_keeps_its_message(
    own_server: tuple[str, list["subprocess.Popen[bytes]"]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, nothing lost: told again when the store is back, the message is shown once.

    A probe hears of it, and not where the store is.
    """
    path, servers = own_server
    async with a_town() as town, shopbell(town, town.settings(REDIS_URL=f"unix://{path}")) as inside:
        assert isinstance(inside.engine, Coalescer)
        monkeypatch.setattr(inside.engine, "_timeout", 0.5)  # in place of ten seconds
        await town.receive()
        house = await Street(town, inside).build()
        await house.buyer_writes("Before", "c-0")
        await house.story("c-0").both()
        servers[0].kill()
        servers[0].wait()

        refused = await house.buyer_writes("Meanwhile", "c-1", event_id="evt-1", message_id="m-1")
        async with aiohttp.ClientSession() as http, http.get(f"{town.url}/health") as probe:
            health = probe.status, await probe.json()
        servers.append(serve(Path(path).parent))
        await wait_until(lambda: answers(inside.engine), "the store to be back")
        taken = await house.buyer_writes("Meanwhile", "c-1", event_id="evt-1", message_id="m-1")
        await house.story("c-1").both()

        assert refused.status == 503
        assert refused.headers["retry-after"] == "5"
        assert refused.body["type"] == f"{KINDS}store-down"
        assert health == (503, {"live": True, "ready": False, "checks": {"store": "does not answer"}})
        assert taken.status == 202
        assert len(house.story("c-1").slack_cards()) == len(house.story("c-0").slack_cards()) == 1
        assert await house.story("c-0").sight() is not None
    assert [str(call) for call in town.wire.problems()] == []
