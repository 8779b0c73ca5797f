"""Events: each kind is taken with all that was said of it."""

import json
from typing import Any

import pytest

from core.domain.absences import Absence
from core.domain.events import (
    AvailabilityChanged,
    BuyerBlocked,
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
from tests.core.api.conftest import NOW, Caller, MemoryDoor, received

AT = "2026-11-23T10:00:00Z"


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
        ("buyer.blocked", {}, BuyerBlocked),
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


async def test_hostile_words_are_kept_as_they_came(caller: Caller, door: MemoryDoor) -> None:
    """What a buyer writes is no reason to refuse it, and nothing of it is changed."""
    text = "<!channel> @everyone <b>{{ 7*7 }}</b> \u202e\u0000\ufeff 🧵\u200d " + "x" * 49_900
    said = await caller.tell(received(message={"id": "m-1", "text": text, "sent_at": AT}))

    event = door.events["evt_1"]
    assert said.status == 202
    assert isinstance(event, MessageReceived)
    assert event.text == text


async def test_a_buyer_is_named_by_the_id_where_the_name_is_missing(caller: Caller, door: MemoryDoor) -> None:
    """A card always has somebody on it; where they are may stay unsaid."""
    await caller.tell(received(buyer={"id": "b-9", "time_zone": ""}))

    event = door.events["evt_1"]
    assert isinstance(event, MessageReceived)
    assert event.buyer
    assert (event.buyer.name, event.buyer.zone) == ("b-9", None)


async def test_the_marketplaces_own_people_are_no_buyers(caller: Caller, door: MemoryDoor) -> None:
    """It says so with who writes, and whoever is not said to be one of them is a buyer."""
    await caller.tell(received(buyer={"id": "etsy", "staff": True}))

    event = door.events["evt_1"]
    assert isinstance(event, MessageReceived)
    assert event.by_staff


async def test_a_picture_without_words_is_a_message(caller: Caller) -> None:
    """An empty text is fine where there is an attachment."""
    message = {"id": "m", "text": "", "sent_at": AT, "attachments": [{"url": "https://files.example/a.png"}]}

    assert (await caller.tell(received(message=message))).status == 202
