"""The marketplace's door: what is taken, what is refused, and that each refusal says why."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.api.events import SINGLE_CAP
from core.domain.absences import Absence
from core.domain.events import (
    AvailabilityChanged,
    ConversationRemoved,
    Ignored,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    MessageSent,
    OrderChanged,
    SpamTold,
)
from core.domain.policies import AnswerKind
from core.domain.signatures import new_secret, sign
from tests.core.api.conftest import NOW, PATH, SECRET, SHOP, Caller, MemoryDoor, received, signed

AT = "2026-11-23T10:00:00Z"
CONSTANT_401 = b'{"type":"urn:shopbell:problem:bad-signature","title":"The signature does not match","status":401}'


async def test_a_buyers_message_is_taken(caller: Caller, door: MemoryDoor) -> None:
    """A signed message is answered 202 with its result, and reaches the core with all that was said of it."""
    said = await caller.tell(
        {
            "id": "evt_1",
            "type": "message.received",
            "at": "2026-11-23T09:59:59.5Z",
            "data": {
                "conversation": "c-77",
                "message": {
                    "id": "m-1",
                    "text": "Is it <b>blue</b>?",
                    "sent_at": "2026-11-23T11:00:00+01:00",
                    "attachments": [
                        {"url": "https://files.example/a.png", "name": "a.png", "type": "image/png", "size": 1234}
                    ],
                },
                "buyer": {"id": "b-9", "name": "Ann", "language": "en", "time_zone": "Europe/Paris"},
                "order": {"id": "o-5", "title": "Logo design", "status": "active"},
                "url": "https://market.example/inbox/c-77",
                "something_new": {"is": ["fine"]},
            },
        }
    )

    assert (said.status, said.json) == (202, {"results": [{"id": "evt_1", "result": "accepted"}]})
    event = door.events["evt_1"]
    assert isinstance(event, MessageReceived)
    assert (event.at, event.sent_at, event.conversation, event.message) == (NOW - 500, NOW, "c-77", "m-1")
    assert event.text == "Is it <b>blue</b>?"
    assert event.buyer
    assert (event.buyer.id, event.buyer.name, event.buyer.language, event.buyer.zone) == (
        "b-9",
        "Ann",
        "en",
        "Europe/Paris",
    )
    assert event.order
    assert (event.order.id, event.order.title, event.order.status) == ("o-5", "Logo design", "active")
    assert event.url == "https://market.example/inbox/c-77"
    assert [(a.url, a.name, a.type, a.size) for a in event.attachments] == [
        ("https://files.example/a.png", "a.png", "image/png", 1234)
    ]
    assert not event.history


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("message.sent", {"message": {"id": "m", "sent_at": "2026-11-23T10:00:00Z"}, "reply": "07r1"}, MessageSent),
        ("message.edited", {"message": {"id": "m", "text": ""}}, MessageEdited),
        ("message.deleted", {"message": {"id": "m"}}, MessageDeleted),
        ("order.started", {"order": {"id": "o-5"}}, OrderChanged),
        ("order.updated", {"order": {"id": "o-5", "status": "delivered"}}, OrderChanged),
        ("spam.reported", {"message": {"id": "m"}}, SpamTold),
        ("spam.withdrawn", {"message": {"id": "m"}}, SpamTold),
        ("conversation.removed", {}, ConversationRemoved),
        ("availability.changed", {"available": True}, AvailabilityChanged),
    ],
)
async def test_every_kind_of_event_is_taken(
    caller: Caller, door: MemoryDoor, kind: str, data: dict[str, Any], expected: type
) -> None:
    """Each type of the API becomes its own event; what is optional may be absent."""
    said = await caller.tell(
        {"id": "e", "type": kind, "at": "2026-11-23T10:00:00Z", "data": {"conversation": "c"} | data}
    )

    assert said.status == 202
    assert type(door.events["e"]) is expected


async def test_an_echo_carries_our_id(caller: Caller, door: MemoryDoor) -> None:
    """The echo of our own reply says which reply it is."""
    data = {"conversation": "c", "message": {"id": "m", "sent_at": "2026-11-23T10:00:00Z"}, "reply": "07m-our-id"}
    await caller.tell({"id": "e", "type": "message.sent", "at": "2026-11-23T10:00:00Z", "data": data})

    event = door.events["e"]
    assert isinstance(event, MessageSent)
    assert event.reply == "07m-our-id"


@pytest.mark.parametrize(("kind", "reported"), [("spam.reported", True), ("spam.withdrawn", False)])
async def test_a_spam_report_names_its_message(caller: Caller, door: MemoryDoor, kind: str, reported: bool) -> None:
    """And says whether it is made or taken back."""
    data = {"conversation": "c-77", "message": {"id": "m-1"}}
    await caller.tell({"id": "e", "type": kind, "at": AT, "data": data})

    told = door.events["e"]
    assert isinstance(told, SpamTold)
    assert (told.conversation, told.message, told.reported) == ("c-77", "m-1", reported)


@pytest.mark.parametrize(
    ("data", "absence"),
    [
        ({"available": True, "until": AT}, None),
        ({"available": False}, Absence(NOW, None)),
        ({"available": False, "accept_messages": False}, Absence(NOW, None, contact_allowed=False)),
        (
            {"available": False, "from": "2026-12-24T00:00:00Z", "until": "2026-12-24T00:00:01Z"},
            Absence(1_798_070_400_000, 1_798_070_401_000),
        ),
    ],
)
async def test_an_absence_may_be_planned(
    caller: Caller, door: MemoryDoor, data: dict[str, Any], absence: Absence | None
) -> None:
    """From the event's own time where nothing else is said, with an end or without one."""
    await caller.tell({"id": "e", "type": "availability.changed", "at": AT, "data": data})

    told = door.events["e"]
    assert isinstance(told, AvailabilityChanged)
    assert told.absence == absence


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "data.available"),
        ({"available": "no"}, "data.available"),
        ({"available": False, "until": AT}, "data.until"),
        ({"available": False, "from": AT, "until": "2026-11-23T09:59:59Z"}, "data.until"),
        ({"available": False, "from": "2099-01-01T00:00:00Z"}, "data.from"),
        ({"available": False, "until": "2099-01-01T00:00:00Z"}, "data.until"),
        ({"available": False, "until": "Monday"}, "data.until"),
    ],
)
async def test_an_absence_that_cannot_be_is_refused(caller: Caller, data: dict[str, Any], field: str) -> None:
    """The field is named."""
    said = await caller.tell({"id": "e", "type": "availability.changed", "at": AT, "data": data})

    assert (said.status, said.json["field"]) == (422, field)


async def test_an_answer_says_of_what_kind_it_is(caller: Caller, door: MemoryDoor) -> None:
    """An automatic answer is not one everywhere; a kind that nobody knows is refused."""
    data = {"conversation": "c", "message": {"id": "m", "sent_at": AT, "text": "Away"}, "kind": "automatic"}
    await caller.tell({"id": "e", "type": "message.sent", "at": AT, "data": data})
    refused = await caller.tell({"id": "f", "type": "message.sent", "at": AT, "data": {**data, "kind": "psychic"}})

    told = door.events["e"]
    assert isinstance(told, MessageSent)
    assert told.kind is AnswerKind.AUTOMATIC
    assert (refused.status, refused.json["field"]) == (422, "data.kind")


@pytest.mark.parametrize("kind", ["rating.received", "order.exploded"])
async def test_an_unknown_type_is_kept(caller: Caller, door: MemoryDoor, kind: str) -> None:
    """A type from tomorrow breaks no old install: it is accepted, kept as it came, and answered as ignored."""
    told = {"id": "evt_9", "type": kind, "at": "2026-11-23T10:00:00Z", "data": {"a": [1, "é"]}}
    said = await caller.tell(told)

    assert said.json == {"results": [{"id": "evt_9", "result": "ignored"}]}
    event = door.events["evt_9"]
    assert isinstance(event, Ignored)
    assert event.type == kind
    assert json.loads(event.body) == told


@pytest.mark.parametrize("place", ["batch", "event", "data"])
async def test_history_is_heard_wherever_it_is_said(caller: Caller, door: MemoryDoor, place: str) -> None:
    """An import rings nobody, whether it says so of the batch, the event or its data."""
    event = received(**({"history": True} if place == "data" else {})) | ({"history": True} if place == "event" else {})
    await caller.tell({"events": [event], "history": place == "batch"})

    told = door.events["evt_1"]
    assert isinstance(told, MessageReceived)
    assert told.history


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


def without(path: str) -> dict[str, Any]:
    event = received()
    *parents, last = path.split(".")
    holder = event
    for parent in parents:
        holder = holder[parent]
    del holder[last]
    return event


@pytest.mark.parametrize(
    "path",
    ["id", "at", "data", "data.conversation", "data.message", "data.message.id", "data.message.sent_at", "data.buyer"],
)
async def test_a_missing_field_is_named(caller: Caller, door: MemoryDoor, path: str) -> None:
    """A problem names the field that is missing, and nothing is kept."""
    said = await caller.tell(without(path))

    assert (said.status, said.headers["content-type"]) == (422, "application/problem+json")
    assert (said.json["field"], said.json["status"]) == (path, 422)
    assert "is missing" in said.json["detail"]
    assert door.events == {}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"conversation": ""}, "data.conversation"),
        ({"conversation": "x" * 201}, "data.conversation"),
        ({"conversation": "a\nb"}, "data.conversation"),
        ({"conversation": "a\n"}, "data.conversation"),
        ({"conversation": " "}, "data.conversation"),
        ({"conversation": "a\u202eb"}, "data.conversation"),
        ({"conversation": 77}, "data.conversation"),
        ({"message": {"id": "m", "sent_at": AT}}, "data.message.text"),
        ({"message": {"id": "m", "sent_at": AT, "text": " \n "}}, "data.message.text"),
        ({"message": {"id": "m", "sent_at": AT, "text": "x" * 50_001}}, "data.message.text"),
        ({"message": {"id": "m", "sent_at": AT, "text": ["x"]}}, "data.message.text"),
        ({"message": {"id": "m\x00", "sent_at": AT, "text": "x"}}, "data.message.id"),
        ({"message": {"id": "m", "sent_at": "2026-11-23T10:00:00", "text": "x"}}, "data.message.sent_at"),
        ({"message": {"id": "m", "sent_at": "yesterday", "text": "x"}}, "data.message.sent_at"),
        ({"message": {"id": "m", "sent_at": 1795428000, "text": "x"}}, "data.message.sent_at"),
        ({"message": {"id": "m", "sent_at": "1999-12-31T23:59:59Z", "text": "x"}}, "data.message.sent_at"),
        ({"message": {"id": "m", "sent_at": "2026-11-23T10:05:01Z", "text": "x"}}, "data.message.sent_at"),
        (
            {"message": {"id": "m", "sent_at": AT, "attachments": [{"url": "https://a"}] * 21}},
            "data.message.attachments",
        ),
        (
            {"message": {"id": "m", "sent_at": AT, "attachments": [{"url": "https://a"}, {"url": "http://a"}]}},
            "data.message.attachments[1].url",
        ),
        (
            {"message": {"id": "m", "sent_at": AT, "attachments": [{"url": "https://a", "size": -1}]}},
            "data.message.attachments[0].size",
        ),
        ({"buyer": {"id": "", "name": "x"}}, "data.buyer.id"),
        ({"buyer": {"id": "b", "name": "x" * 201}}, "data.buyer.name"),
        ({"order": "o-5"}, "data.order"),
        ({"order": {}}, "data.order.id"),
        ({"url": "javascript:alert(1)"}, "data.url"),
        ({"history": "yes"}, "data.history"),
    ],
)
async def test_a_wrong_field_is_named(caller: Caller, door: MemoryDoor, data: dict[str, Any], field: str) -> None:
    """Each limit has a problem that names the field by its path."""
    said = await caller.tell(received(**data))

    assert (said.status, said.json["field"]) == (422, field)
    assert said.json["detail"].endswith(".")
    assert "regex" not in said.json["detail"]
    assert door.events == {}


@pytest.mark.parametrize(
    "url",
    [
        "https:/a",
        "https://",
        "https://user@evil.example/",
        "https://a b",
        "https://a\\b",
        "https://a/\u202e",
        "https://a:port/",
        "https://a|b",
        'https://a/">',
        "ftp://a",
        "https://" + "a" * 2_000,
    ],
)
async def test_a_link_is_plain(caller: Caller, url: str) -> None:
    """An attachment's link hides no host and ends in no chat before it ends."""
    message = {"id": "m", "sent_at": AT, "attachments": [{"url": url}]}
    said = await caller.tell(received(message=message))

    assert (said.status, said.json["field"]) == (422, "data.message.attachments[0].url")


async def test_hostile_words_are_kept_as_they_came(caller: Caller, door: MemoryDoor) -> None:
    """What a buyer writes is no reason to refuse it, and nothing of it is changed."""
    text = "<!channel> @everyone <b>{{ 7*7 }}</b> \u202e\u0000\ufeff 🧵\u200d " + "x" * 49_900
    said = await caller.tell(received(message={"id": "m-1", "text": text, "sent_at": AT}))

    event = door.events["evt_1"]
    assert said.status == 202
    assert isinstance(event, MessageReceived)
    assert event.text == text


async def test_a_buyer_is_named_by_the_id_where_the_name_is_missing(caller: Caller, door: MemoryDoor) -> None:
    """A card always has somebody on it; a time zone that nobody knows is left out."""
    await caller.tell(received(buyer={"id": "b-9", "time_zone": "Mars/Olympus"}))

    event = door.events["evt_1"]
    assert isinstance(event, MessageReceived)
    assert event.buyer
    assert (event.buyer.name, event.buyer.zone) == ("b-9", None)


async def test_a_picture_without_words_is_a_message(caller: Caller) -> None:
    """An empty text is fine where there is an attachment."""
    message = {"id": "m", "text": "", "sent_at": AT, "attachments": [{"url": "https://files.example/a.png"}]}

    assert (await caller.tell(received(message=message))).status == 202


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"hello", "malformed"),
        (b'{"id": NaN}', "malformed"),
        (b'{"id": 1e999}', "out of range"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "out of range"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'{"a": {"b" :1, "\\u0062": 2}}', "twice"),
        (b'{"a": "\\ud800\\u0041"}', "surrogate"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, "deeply"),
        (b"\xef\xbb\xbf{}", "malformed"),
    ],
)
async def test_malformed_json_is_a_clear_error(caller: Caller, body: bytes, says: str) -> None:
    """What is no JSON, or could be read in two ways, is 400 and says so."""
    said = await caller.tell(body)

    assert (said.status, said.json["title"]) == (400, "The body is not the JSON we read")
    assert says in said.json["detail"]


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"7"])
async def test_a_body_that_is_no_event_is_a_clear_error(caller: Caller, body: bytes) -> None:
    """JSON that is neither an event nor a batch is 422."""
    assert (await caller.tell(body)).status == 422


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
    """Whatever is wrong with a signature, the answer is the same 401, and nothing is kept."""
    good = signed(b"{}") if headers else {}
    said = await caller("POST", PATH, b"{}", good | headers)

    assert (said.status, said.body) == (401, CONSTANT_401)
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
