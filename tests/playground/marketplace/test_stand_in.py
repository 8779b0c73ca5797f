"""The marketplace that stands in for real ones: what its buyers do, and what it takes from Shopbell."""

import asyncio

import aiohttp
import pytest

from bots.playground.faults import Fault, Faults, Kind
from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.wire import Wire
from core.domain.signatures import new_secret
from tests.playground.marketplace.conftest import Courier, Door


async def test_a_buyers_message_is_posted_signed(market: MarketplaceStandIn, door: Door) -> None:
    """What a buyer writes arrives whole, signed so that the reference library believes it."""
    answer = await market.write("bell", "Ann", "Is it blue?", conversation="c-7", order={"id": "o-5", "title": "Logo"})

    event = door.heard[0]
    assert (answer.status, answer.results) == (202, ["accepted"])
    assert (event["type"], event["data"]["conversation"]) == ("message.received", "c-7")
    assert event["data"]["message"]["text"] == "Is it blue?"
    assert event["data"]["buyer"]["name"] == "Ann"
    assert event["data"]["order"]["id"] == "o-5"
    assert "history" not in event


async def test_what_happens_on_the_site_is_told(market: MarketplaceStandIn, door: Door) -> None:
    """An answer there, an edit, a deletion, an order and an import each become their event, and the buyer sees them."""
    await market.write("bell", "Ann", "Is it blue?", message_id="m-1", history=True)
    await market.edit("bell", "m-1", "Is it red?")
    await market.answer_on_site("bell", "It is.")
    await market.delete("bell", "m-1")
    await market.order_started("bell", "Ann", {"id": "o-5"})

    assert [event["type"] for event in door.heard] == [
        "message.received",
        "message.edited",
        "message.sent",
        "message.deleted",
        "order.started",
    ]
    assert door.heard[0]["history"] is True
    seen = market.conversation("bell", "c-1")
    assert [(said.by, said.text, said.edited, said.deleted) for said in seen] == [
        ("buyer", "Is it red?", True, True),
        ("seller", "It is.", False, False),
    ]


async def test_the_same_message_again_is_one_message(market: MarketplaceStandIn, door: Door) -> None:
    """A repeated event has its ids again, and the buyer wrote once."""
    for _ in range(2):
        await market.write("bell", "Ann", "Hi", event_id="evt-9", message_id="m-9")

    assert [event["id"] for event in door.heard] == ["evt-9", "evt-9"]
    assert len(market.conversation("bell", "c-1")) == 1


async def test_bad_input_can_be_posted(market: MarketplaceStandIn, door: Door) -> None:
    """Bytes of any kind, unsigned or signed by somebody else, and the answer is handed back."""
    unsigned = await market.post_raw("bell", b"{}", signed=False)
    stale = await market.post_raw("bell", b"{}", headers={"webhook-timestamp": "1"})
    batch = await market.post_batch("bell", [market.event("message.received", {})] * 2)

    assert (unsigned.status, stale.status, batch.status) == (401, 401, 202)
    assert len(door.heard[0]["events"]) == 2


async def test_a_reply_is_taken_once(market: MarketplaceStandIn, courier: Courier) -> None:
    """The same id again is 409 with what was said the first time, and the buyer has one message."""
    status, said = await courier.bring("07m-1")
    again, repeated = await courier.bring("07m-1")

    assert (status, again) == (200, 409)
    assert said == repeated
    assert said["message_id"] == "r-07m-1"
    replies = market.replies("bell")
    assert [(reply.id, reply.text, reply.author, reply.tries) for reply in replies] == [
        ("07m-1", "Yes, it is.", "Sam", 2)
    ]
    assert [said.text for said in market.conversation("bell", "c-1")] == ["Yes, it is."]


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-id": "another"},
        {"webhook-id": "with.dot"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "soon"},
    ],
)
async def test_a_reply_of_a_stranger_is_refused(
    market: MarketplaceStandIn, wire: Wire, courier: Courier, headers: dict[str, str]
) -> None:
    """What is not signed by our secret, or not now, is 401 and stands on the wire as a problem."""
    status, _ = await courier.bring("07m-1", headers=headers)

    assert status == 401
    assert market.replies("bell") == []
    assert wire.problems()


@pytest.mark.parametrize("event", [{"more": 1}, {"data": {}}, {"data": {"conversation": "c", "reply": "x"}}, {"at": 5}])
async def test_a_reply_of_another_shape_is_refused(
    market: MarketplaceStandIn, courier: Courier, event: dict[str, object]
) -> None:
    """Fields that the API does not have, or of another kind, are 400: so that what we send stays what is written."""
    status, said = await courier.bring("07m-1", event=event)

    assert (status, said["title"]) == (400, "bad event")
    assert market.replies("bell") == []


async def test_the_old_secret_holds_while_it_is_replaced(market: MarketplaceStandIn, courier: Courier) -> None:
    """After one new secret the one before is still believed, after two it is not."""
    for status in (200, 401):
        front = market.front("bell")
        market.connect("bell", events_url=front.events_url, secret_in=front.secret_in, secret_out=new_secret())
        assert (await courier.bring(f"07m-{status}"))[0] == status


async def test_one_conversation_can_be_made_to_fail(
    market: MarketplaceStandIn, courier: Courier, faults: Faults
) -> None:
    """A fault hits the conversation it names, as often as it says, and no other."""
    other = Fault("marketplace", "callback", {"conversation": "c-2"}, status=500)
    refused = Fault(
        "marketplace", "callback", {"conversation": "c-1"}, status=422, body={"detail": "No links."}, times=1
    )
    faults.add(other)
    faults.add(refused)

    assert await courier.bring("07m-1") == (422, {"detail": "No links."})
    assert (await courier.bring("07m-1"))[0] == 200


@pytest.mark.parametrize(("kind", "taken"), [("drop_before", 0), ("drop_after", 1)])
async def test_an_answer_can_be_lost(
    market: MarketplaceStandIn, courier: Courier, faults: Faults, kind: Kind, taken: int
) -> None:
    """The connection breaks before the reply is taken, or after: only the marketplace knows which."""
    faults.add(Fault("marketplace", "callback", kind=kind, times=1))

    with pytest.raises(aiohttp.ClientError):
        await courier.bring("07m-1")

    assert len(market.replies("bell")) == taken
    assert (await courier.bring("07m-1"))[0] == (409 if taken else 200)


async def test_a_slow_marketplace_takes_it_in_the_end(
    market: MarketplaceStandIn, courier: Courier, faults: Faults
) -> None:
    """A delay is waited out before the reply is taken."""
    faults.add(Fault("marketplace", "callback", kind="delay", seconds=0.1, times=1))
    bringing = asyncio.create_task(courier.bring("07m-1"))
    await asyncio.sleep(0.03)
    early = len(market.replies("bell"))

    assert (await bringing)[0] == 200
    assert (early, len(market.replies("bell"))) == (0, 1)


@pytest.mark.parametrize("echo", ["before", "after"])
async def test_our_own_reply_comes_back_as_an_event(
    market: MarketplaceStandIn, door: Door, courier: Courier, echo: str
) -> None:
    """A marketplace may tell of our reply as of any other, also before it answers us."""
    market.front("bell").echo = "before" if echo == "before" else "after"
    _, said = await courier.bring("07m-1")

    await market.wait(lambda: door.heard, "the echo")
    message = door.heard[0]["data"]["message"]
    assert door.heard[0]["type"] == "message.sent"
    assert (message["id"], message["text"]) == (said["message_id"], "Yes, it is.")


async def test_hands_work_over_http(market: MarketplaceStandIn, door: Door) -> None:
    """What tests do in the process, a page does over HTTP; an unknown hand is said so."""
    async with aiohttp.ClientSession() as session:
        written = {"shop": "bell", "buyer": "Ann", "text": "Hi"}
        async with session.post(f"{market.url}/marketplace/hands/write", json=written) as answer:
            assert (await answer.json())["status"] == 202
        async with session.post(f"{market.url}/marketplace/hands/write", json={"buyer": "Ann"}) as answer:
            assert answer.status == 400
        async with session.post(f"{market.url}/marketplace/hands/steal", json={}) as answer:
            assert answer.status == 404
        async with session.get(f"{market.url}/marketplace/world") as answer:
            world = await answer.json()

    assert [said["text"] for said in world["bell"]["c-1"]] == ["Hi"]


async def test_every_exchange_is_on_the_wire(
    market: MarketplaceStandIn, wire: Wire, door: Door, courier: Courier
) -> None:
    """Both directions can be read afterwards, in order, with what was wrong."""
    await market.write("bell", "Ann", "Hi")
    await courier.bring("07m-1")
    await courier.bring("07m-2", headers={"webhook-id": "x"})

    calls = wire.calls("marketplace")
    assert [(call.direction, call.method, call.status) for call in calls] == [
        ("from", "message.received", 202),
        ("to", "callback", 200),
        ("to", "callback", 401),
    ]
    assert calls[2].problems == ("webhook-signature is not ours",)


def report(type: str = "spam.reported", **changes: object) -> dict[str, object]:
    reporter = {"id": "slack/T1/U1", "name": "Sam"}
    return {
        "id": "07m-reported-1",
        "type": type,
        "at": "2026-11-23T10:00:00Z",
        "data": {"conversation": "c-1", "message": "m-1", "reason": "scam", "reporter": reporter, **changes},
    }


async def test_a_spam_report_is_taken_once_and_seen_on_the_site(
    market: MarketplaceStandIn, door: Door, courier: Courier
) -> None:
    """The same id again is answered with 409; its taking back is another one."""
    await market.write("bell", "Ann", "Buy followers!", message_id="m-1")

    first = await courier.bring("r-1", event=report())
    seen = market.conversation("bell", "c-1")[0].spam
    again = await courier.bring("r-1", event=report())
    back = await courier.bring("r-2", event=report("spam.withdrawn"))

    assert [first[0], again[0], back[0]] == [200, 409, 200]
    assert seen
    assert not market.conversation("bell", "c-1")[0].spam
    assert [(each.reason, each.reporter, each.withdrawn) for each in market.reports("bell")] == [
        ("scam", "Sam", False),
        ("scam", "Sam", True),
    ]


async def test_a_report_of_what_was_never_said_is_refused(
    market: MarketplaceStandIn, door: Door, courier: Courier
) -> None:
    """And so is one with a field too many."""
    unknown = await courier.bring("r-1", event=report())
    odd = await courier.bring("r-2", event=report(mood="bad"))

    assert (unknown[0], odd[0]) == (422, 400)
    assert market.reports("bell") == []


async def test_what_is_reported_on_the_site_is_told(market: MarketplaceStandIn, door: Door) -> None:
    """And that it is no spam after all."""
    await market.write("bell", "Ann", "Buy followers!", message_id="m-1")
    await market.report_on_site("bell", "m-1")
    await market.unreport_on_site("bell", "m-1")

    assert [event["type"] for event in door.heard[1:]] == ["spam.reported", "spam.withdrawn"]
    assert door.heard[1]["data"] == {"conversation": "c-1", "message": {"id": "m-1"}}
