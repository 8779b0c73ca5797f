"""Bad input gets a clear answer and loses nothing: what the door says, and what stands in the chats afterwards."""

import copy
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.playground.marketplace.signing import sign
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from core.store import keys
from core.store.coalescer import Coalescer
from core.store.conversations import conversation_id, read_conversation
from tests.fixtures.engine import _ask, _start, _until
from tests.fixtures.house import House, Street
from tests.fixtures.town import a_town, shopbell
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = "urn:shopbell:problem:"
UNSIGNED = {"type": f"{KINDS}bad-signature", "title": "The signature does not match", "status": 401}
SINGLE, BATCH = 256 * 1024, 5 * 1024 * 1024


def message(house: House, conversation: str, text: str = "Hi", **more: Any) -> dict[str, Any]:
    """An event as the marketplace posts it."""
    number = f"{conversation}-{len(text)}"
    said = {"id": f"m-{number}", "text": text, "sent_at": house.town.market.now()}
    data = {"conversation": conversation, "message": said, "buyer": {"id": "b-9", "name": "Ann"}, "order": None}
    return house.town.market.event("message.received", data, f"evt-{number}") | more


def ago(**past: float) -> str:
    return (datetime.now(tz=UTC) - timedelta(**past)).isoformat().replace("+00:00", "Z")


async def nothing_of(house: House, conversation: str) -> bool:
    """Nothing was kept, so that nothing can be shown later either."""
    return await house.story(conversation).sight() is None and not house.story(conversation).slack_cards()


def tampered(secret: str, body: bytes) -> dict[str, str]:
    return sign(secret, "wh-x", body + b" ")


def of_another_shop(secret: str, body: bytes) -> dict[str, str]:
    return sign("whsec_" + "QUJD" * 8, "wh-x", body)


def unsigned(secret: str, body: bytes) -> dict[str, str]:
    return {"content-type": "application/json"}


def too_old(secret: str, body: bytes) -> dict[str, str]:
    return sign(secret, "wh-x", body, time.time() - 301)


def too_early(secret: str, body: bytes) -> dict[str, str]:
    return sign(secret, "wh-x", body, time.time() + 302)


def of_another_event(secret: str, body: bytes) -> dict[str, str]:
    return sign(secret, "wh-x", body) | {"webhook-id": "wh-y"}


def not_a_time(secret: str, body: bytes) -> dict[str, str]:
    return sign(secret, "wh-x", body) | {"webhook-timestamp": "١٧٩٥٤٨٢١٩١"}


def another_version(secret: str, body: bytes) -> dict[str, str]:
    signed = sign(secret, "wh-x", body)
    return signed | {"webhook-signature": signed["webhook-signature"].replace("v1,", "v1a,")}


@pytest.mark.parametrize(
    "headers",
    [
        tampered,
        of_another_shop,
        unsigned,
        too_old,
        too_early,
        of_another_event,
        not_a_time,
        another_version,
    ],
)
async def test_what_is_not_signed_now_by_the_shop_is_turned_away(
    house: House, headers: Callable[[str, bytes], dict[str, str]]
) -> None:
    """401 with one constant answer, which tells a stranger nothing; nothing is kept."""
    body = json.dumps(message(house, "c-unsigned")).encode()
    secret = house.town.market.front(house.name).secret_in
    given = {name: value.encode().decode("latin-1") for name, value in headers(secret, body).items()}

    answered = await house.town.market.post_raw(house.name, body, headers=given, signed=False)

    assert (answered.status, answered.body) == (401, UNSIGNED)
    assert answered.headers["content-type"] == "application/problem+json"
    assert await nothing_of(house, "c-unsigned")


@pytest.mark.parametrize("shop", ["07sabcdefghijklmnopqrst", "nonsense", "99" + "a" * 21, "%7Bsb%7D"])
async def test_an_unknown_shop_is_named_as_such(house: House, shop: str) -> None:
    """404, whoever signed."""
    front = house.town.market.front(house.name)
    known, front.events_url = front.events_url, f"{house.town.url}/v1/shops/{shop}/events"

    answered = await house.town.market.post(house.name, message(house, "c-lost"))
    front.events_url = known

    assert answered.status == 404
    assert answered.body["type"] == f"{KINDS}unknown-shop"
    assert "shopbell shop add" in answered.body["detail"]
    assert await nothing_of(house, "c-lost")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "truncated"),
        (b'{"id": "evt-1",', "truncated"),
        (b'{"id": "evt-1", "id": "evt-2"}', "A key stands twice"),
        (b'{"id": NaN}', "invalid"),
        (b'{"id": "\xff"}', "UTF-8"),
        (b'{"id": "\\ud800"}', "truncated"),
        (b"[" * 20_000 + b"]" * 20_000, "nested too deeply"),
    ],
    ids=["empty", "cut off", "a key twice", "no number", "no text", "half a character", "too deep"],
)
async def test_what_is_no_json_is_explained(house: House, body: bytes, says: str) -> None:
    """400 and where it went wrong."""
    answered = await house.town.market.post_raw(house.name, body)

    assert (answered.status, answered.body["type"]) == (400, f"{KINDS}malformed-json")
    assert says in answered.body["detail"]


def without(path: str) -> Callable[[dict[str, Any]], None]:
    def change(event: dict[str, Any]) -> None:
        *folders, last = path.split(".")
        for folder in folders:
            event = event[folder]
        del event[last]

    return change


def with_(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(event: dict[str, Any]) -> None:
        *folders, last = path.split(".")
        for folder in folders:
            event = event[folder]
        event[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (without("id"), "id", "`id` is missing."),
        (without("at"), "at", "`at` is missing."),
        (without("data.message.id"), "data.message.id", "`id` is missing."),
        (without("data.message.sent_at"), "data.message.sent_at", "`sent_at` is missing."),
        (without("data.buyer"), "data.buyer", "`buyer` is missing."),
        (without("data.conversation"), "data.conversation", "`conversation` is missing."),
        (with_("data.message.text", 5), "data.message.text", "Expected `str | null`, got `int`"),
        (with_("data.message.text", " \n"), "data.message.text", "a text or at least one attachment"),
        (with_("data.message.text", "x" * 50_001), "data.message.text", "length <= 50000"),
        (with_("data.message.sent_at", "yesterday"), "data.message.sent_at", "Invalid RFC3339"),
        (with_("data.message.sent_at", "2026-11-23T10:00:00"), "data.message.sent_at", "timezone"),
        (with_("data.message.sent_at", "2199-01-01T00:00:00Z"), "data.message.sent_at", "in the future"),
        (with_("data.message.sent_at", "1999-01-01T00:00:00Z"), "data.message.sent_at", "2000"),
        (with_("data.buyer.id", "a\u202eb"), "data.buyer.id", "printable"),
        (with_("data.buyer.name", "n" * 201), "data.buyer.name", "length <= 200"),
        (with_("data.url", "javascript:alert(1)"), "data.url", "https address"),
        (with_("data.order", {"title": "Logo"}), "data.order.id", "`id` is missing."),
        (with_("data.message.attachments", [{"url": "file:///etc"}]), "data.message.attachments[0].url", "https"),
    ],
)
async def test_a_field_that_is_missing_or_wrong_is_named(
    house: House, change: Callable[[dict[str, Any]], None], field: str, says: str
) -> None:
    """422, the path of the field and what it wants."""
    event = message(house, "c-wrong")
    change(event)

    answered = await house.town.market.post(house.name, event)

    assert (answered.status, answered.body["field"]) == (422, field), answered.body
    assert says in answered.body["detail"]
    assert answered.body["type"] == f"{KINDS}invalid-event"
    assert await nothing_of(house, "c-wrong")


async def test_too_much_at_once_is_turned_away(house: House) -> None:
    """413 from 256 KB for one event and from 5 MB for a batch; nothing of it is kept."""
    single = json.dumps(message(house, "c-large") | {"padding": "x" * SINGLE}).encode()
    batch = json.dumps({"events": [message(house, "c-large")], "padding": "x" * BATCH}).encode()

    answers = [await house.town.market.post_raw(house.name, body) for body in (single, batch)]

    assert [answered.status for answered in answers] == [413, 413]
    assert {answered.body["type"] for answered in answers} == {f"{KINDS}too-large"}
    assert [answered.body["detail"] for answered in answers] == [
        f"A body may have {SINGLE:,} bytes.",
        f"A batch may have {BATCH:,} bytes.",
    ]
    assert await nothing_of(house, "c-large")


async def test_a_batch_may_have_five_megabytes(house: House) -> None:
    """The import of the first day: five hundred messages, in order, and nobody's phone rings."""
    words = "word " * 1_900
    events = [message(house, "c-import") for _ in range(500)]
    for number, event in enumerate(events):
        event["id"] = f"evt-import-{number}"
        event["history"] = True
        event["data"]["message"] |= {"id": f"m-import-{number:03}", "text": f"{number} {words}"}
        event["data"]["message"]["sent_at"] = ago(days=10, seconds=-number)

    answered = await house.town.market.post_batch(house.name, events)
    kept = await house.story("c-import").kept()

    assert answered.status == 202
    assert answered.results == ["accepted"] * 500
    assert [said.text.split()[0] for said in kept] == [str(number) for number in range(480, 500)]
    assert house.story("c-import").slack_cards() == []


async def test_more_than_five_hundred_events_are_too_many(house: House) -> None:
    """422 and how many there were."""
    answered = await house.town.market.post_batch(house.name, [message(house, "c-many")] * 501)

    assert (answered.status, answered.body["field"]) == (422, "events")
    assert "at most 500 events; this one has 501" in answered.body["detail"]
    assert await nothing_of(house, "c-many")


async def test_one_bad_event_spoils_no_batch(house: House) -> None:
    """Each has a result of its own, with the problem of the one that is invalid; the others are shown."""
    events = [message(house, f"c-batch-{number}") for number in range(3)]
    del events[1]["data"]["buyer"]

    answered = await house.town.market.post_batch(house.name, [*events, "nonsense", events[0]])  # type: ignore[list-item]
    await house.story("c-batch-0").both()
    await house.story("c-batch-2").both()

    assert answered.status == 202
    assert answered.results == ["accepted", "invalid", "accepted", "invalid", "duplicate"]
    assert [result.get("problem", {}).get("field") for result in answered.body["results"]] == [
        None,
        "data.buyer",
        None,
        "",
        None,
    ]
    assert [result["id"] for result in answered.body["results"]][1] == "evt-c-batch-1-2"
    assert await nothing_of(house, "c-batch-1")
    assert len(house.story("c-batch-0").slack_cards()) == 1


async def test_a_type_that_we_do_not_know_is_kept_and_ignored(house: House) -> None:
    """A marketplace may grow: 202 `ignored`, and a person can look at it later."""
    event = house.town.market.event("buyer.waved", {"conversation": "c-wave", "strength": 5}, "evt-wave")

    answered = [await house.town.market.post(house.name, copy.deepcopy(event)) for _ in range(2)]
    shard = keys.tag_of(house.shop)
    kept = await house.deps.store.engine.call("LRANGE", keys.ignored(shard, house.shop), 0, -1)

    assert [(one.status, one.results) for one in answered] == [(202, ["ignored"]), (202, ["duplicate"])]
    assert [json.loads(body) for body in kept] == [event]
    assert await nothing_of(house, "c-wave")


async def test_what_is_told_again_has_one_effect(house: House) -> None:
    """The same event, a replayed request, and the same message under another event: 202, one card, one message."""
    event, market = message(house, "c-again"), house.town.market
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
    event = message(house, "c-before", "Is it blue?")
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
        await market.post(house.name, message(house, conversation, "Is it blue?"))
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
    await house.town.market.post(house.name, message(house, "c-late", "Second"))
    story = house.story("c-late")
    await story.both()
    before = await story.sight()
    event = message(house, "c-late", "First!")
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
    event = message(house, "c-past")
    event["data"]["message"]["sent_at"] = ago(days=3)

    answered = await house.town.market.post(house.name, event)
    story = house.story("c-past")
    await story.both()
    await story.thread_says("is over", 8)
    await story.below_says("is over", 8)
    await house.buyer_writes("Hello?", "c-past")
    await story.thread_says("Hello?", 8)

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


async def test_while_the_store_is_down_the_marketplace_keeps_its_message(
    own_server: tuple[str, list["subprocess.Popen[bytes]"]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, nothing lost: told again when the store is back, the message is shown once."""
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
        servers.append(serve(Path(path).parent))
        await wait_until(inside.engine.now_ms, "the store to be back")
        taken = await house.buyer_writes("Meanwhile", "c-1", event_id="evt-1", message_id="m-1")
        await house.story("c-1").both()

        assert refused.status == 503
        assert refused.headers["retry-after"] == "5"
        assert refused.body["type"] == f"{KINDS}store-down"
        assert taken.status == 202
        assert len(house.story("c-1").slack_cards()) == len(house.story("c-0").slack_cards()) == 1
        assert await read_conversation(inside.deps.store, conversation_id(house.shop, "c-0")) is not None
    assert [str(call) for call in town.wire.problems()] == []
