"""Bad input gets a clear answer and loses nothing: what the door says, and what stands in the chats afterwards."""

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from bots.playground.marketplace.signing import sign
from core.store import keys
from tests.fixtures.house import House, ago

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = "urn:shopbell:problem:"
UNSIGNED = {
    "type": f"{KINDS}bad-signature",
    "title": "The signature does not match",
    "status": 401,
    "detail": "Either a header is missing or malformed, or the signature is of another secret, id or content, or "
    "webhook-timestamp is more than 300 s from our clock. Shopbell's log says which.",
}
SINGLE, BATCH = 256 * 1024, 5 * 1024 * 1024


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
    return sign(secret, "wh-x", body, time.time() + 330)  # half a minute too early, of which some passes on the way


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
    body = json.dumps(house.message("c-unsigned")).encode()
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

    answered = await house.town.market.post(house.name, house.message("c-lost"))
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
        (with_("data.buyer.time_zone", "Mars/Olympus"), "data.buyer.time_zone", "Mars/Olympus is no time zone"),
        (with_("data.url", "javascript:alert(1)"), "data.url", "https address"),
        (with_("data.order", {"title": "Logo"}), "data.order.id", "`id` is missing."),
        (with_("data.message.attachments", [{"url": "file:///etc"}]), "data.message.attachments[0].url", "https"),
    ],
)
async def test_a_field_that_is_missing_or_wrong_is_named(
    house: House, change: Callable[[dict[str, Any]], None], field: str, says: str
) -> None:
    """422, the path of the field and what it wants."""
    event = house.message("c-wrong")
    change(event)

    answered = await house.town.market.post(house.name, event)

    assert (answered.status, answered.body["field"]) == (422, field), answered.body
    assert says in answered.body["detail"]
    assert answered.body["type"] == f"{KINDS}invalid-event"
    assert await nothing_of(house, "c-wrong")


async def test_too_much_at_once_is_turned_away(house: House) -> None:
    """413 from 256 KB for one event and from 5 MB for a batch; nothing of it is kept."""
    single = json.dumps(house.message("c-large") | {"padding": "x" * SINGLE}).encode()
    batch = json.dumps({"events": [house.message("c-large")], "padding": "x" * BATCH}).encode()

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
    events = [house.message("c-import") for _ in range(500)]
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
    answered = await house.town.market.post_batch(house.name, [house.message("c-many")] * 501)

    assert (answered.status, answered.body["field"]) == (422, "events")
    assert "at most 500 events; this one has 501" in answered.body["detail"]
    assert await nothing_of(house, "c-many")


async def test_one_bad_event_spoils_no_batch(house: House) -> None:
    """Each has a result of its own, with the problem of the one that is invalid; the others are shown."""
    events = [house.message(f"c-batch-{number}") for number in range(3)]
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
