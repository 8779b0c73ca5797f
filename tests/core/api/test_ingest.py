"""The marketplace's door: what is taken, what is refused, and that each refusal says why."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from core.api.events import SINGLE_CAP
from core.domain.signatures import new_secret, sign
from tests.core.api.conftest import NOW, PATH, SECRET, SHOP, Caller, MemoryDoor, received, signed

AT = "2026-11-23T10:00:00Z"
CONSTANT_401 = (
    b'{"type":"urn:shopbell:problem:bad-signature","title":"The signature does not match","status":401,'
    b'"detail":"Either a header is missing or malformed, or the signature is of another secret, id or content, or '
    b"webhook-timestamp is more than 300 s from our clock. Shopbell's log says which.\"}"
)


async def test_a_replay_is_a_duplicate(caller: Caller, door: MemoryDoor) -> None:
    """The same request again is answered 202 and has one effect."""
    body = json.dumps(received()).encode()
    await caller("POST", PATH, body, signed(body))
    said = await caller("POST", PATH, body, signed(body))

    assert (said.status, said.json) == (202, {"results": [{"id": "evt_1", "result": "duplicate"}]})
    assert len(door.events) == 1


async def test_a_batch_has_a_result_for_each_event(caller: Caller, door: MemoryDoor) -> None:
    """In a batch the good are taken, and each of the bad has its own problem."""
    said = await caller.tell({"events": [received(), {"id": "evt_2", "type": "message.received"}, 7, received()]})

    assert said.status == 202
    results = said.json["results"]
    assert [(result["id"], result["result"]) for result in results] == [
        ("evt_1", "accepted"),
        ("evt_2", "invalid"),
        (None, "invalid"),
        ("evt_1", "duplicate"),
    ]
    assert results[1]["problem"]["field"] == "at"
    assert results[2]["problem"]["detail"] == "An event is a JSON object."


async def test_an_empty_batch_does_nothing(caller: Caller, door: MemoryDoor) -> None:
    """A batch of nothing is fine, and the store is not asked."""
    said = await caller.tell({"events": []})

    assert (said.status, said.json) == (202, {"results": []})
    assert door.deliveries == []


async def test_a_batch_may_hold_500(caller: Caller, door: MemoryDoor) -> None:
    """500 events are taken, 501 are refused whole."""
    events = [received() | {"id": f"evt_{number}"} for number in range(501)]
    fits = await caller.tell({"events": events[:500]})
    too_many = await caller.tell({"events": events})

    assert (fits.status, len(door.events)) == (202, 500)
    assert (too_many.status, too_many.json["field"]) == (422, "events")


async def test_a_large_batch_is_taken_and_a_large_event_is_not(caller: Caller, door: MemoryDoor) -> None:
    """A batch may have 5 MB, a single event 256 KB, wherever `events` stands in it."""
    events = [received(filling="x" * 20_000) | {"id": f"evt_{number}"} for number in range(200)]
    large = await caller.tell({"from": "an import", "events": events})
    single = await caller.tell(received(filling="x" * SINGLE_CAP))
    disguised = await caller.tell(received(filling=["events", "x" * SINGLE_CAP]))

    assert (large.status, len(door.events)) == (202, 200)
    assert (single.status, single.json["title"]) == (413, "The body is too large")
    assert disguised.status == 413


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "a.b"},
        {"webhook-timestamp": str(NOW // 1000 - 301)},
        {"webhook-timestamp": "abc"},
        {"webhook-signature": "v1,ünïcode"},
        {"webhook-signature": sign(new_secret(), "msg_1", NOW // 1000, b"{}")},
    ],
)
async def test_a_bad_signature_is_told_nothing(caller: Caller, door: MemoryDoor, headers: dict[str, str]) -> None:
    """Whatever is wrong with a signature, the answer is the same 401 and nothing is kept; the log says what it was."""
    good = signed(b"{}") if headers else {}
    with capture_logs() as lines:
        said = await caller("POST", PATH, b"{}", good | headers)

    assert (said.status, said.body) == (401, CONSTANT_401)
    assert [(line["event"], line["log_level"], bool(line["why"])) for line in lines] == [
        ("events_refused", "info", True)
    ]
    assert door.deliveries == []


async def test_both_secrets_are_good_while_one_is_replaced(caller: Caller, door: MemoryDoor) -> None:
    """During a rotation the old and the new secret both open."""
    new = new_secret()
    door.known = (new, SECRET)

    assert (await caller.tell(received(), secret=SECRET)).status == 202
    assert (await caller.tell(received(), secret=new)).status == 202


async def test_an_unknown_shop_is_a_clear_error(caller: Caller) -> None:
    """A shop that is not there is 404, and says where the address comes from."""
    body = json.dumps(received()).encode()
    for shop in ("07pnobody", "x" * 300, "%00"):
        said = await caller("POST", f"/v1/shops/{shop}/events", body, signed(body))
        assert (said.status, said.json["title"]) == (404, "No such shop")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
async def test_only_post_is_allowed(caller: Caller, method: str) -> None:
    """Every other method is 405 and says which is allowed."""
    said = await caller(method, PATH)

    assert (said.status, said.headers["allow"]) == (405, "POST")


async def test_a_store_that_is_down_is_said_so(caller: Caller, door: MemoryDoor) -> None:
    """Nothing is answered 202 that was not stored: 503, and when to come again."""
    door.down = True
    said = await caller.tell(received())

    assert (said.status, said.headers["retry-after"]) == (503, "5")


async def test_a_clock_a_little_ahead_is_fine(caller: Caller) -> None:
    """A marketplace's clock may be five minutes ahead of ours."""
    at = (datetime.fromtimestamp(NOW / 1000, tz=UTC) + timedelta(minutes=5)).isoformat()
    said = await caller.tell(received(message={"id": "m", "text": "x", "sent_at": at}) | {"at": at})

    assert said.status == 202


async def test_a_shops_path_is_exact(caller: Caller) -> None:
    """Only the path of the API is the door."""
    for path in (PATH + "/", f"/v1/shops/{SHOP}/a/events", "/v1/shops//events", "/v1/shops/events"):
        assert (await caller("POST", path)).status == 404
