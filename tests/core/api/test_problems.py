"""Problems: each event that is not taken says why, and names the field."""

from typing import Any

import pytest

from tests.core.api.conftest import Caller, MemoryDoor, received

AT = "2026-11-23T10:00:00Z"


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
