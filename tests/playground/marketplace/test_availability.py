"""A marketplace shows buyers that a seller is away: by Shopbell's word, or by what was set on the site."""

from typing import Any

from bots.playground.marketplace import MarketplaceStandIn
from tests.playground.marketplace.conftest import Courier, Door


def absence(at: str = "2026-11-23T10:00:00Z", **changes: Any) -> dict[str, Any]:
    data = {
        "available": False,
        "from": "2026-11-23T10:00:00Z",
        "until": "2026-11-24T09:00:00Z",
        "note": "Back soon",
        "accept_messages": True,
    }
    return {"type": "availability.changed", "at": at, "data": data | changes}


async def test_what_shopbell_brings_is_shown_to_buyers(market: MarketplaceStandIn, courier: Courier) -> None:
    """Word for word; planned ones with their start; available shows nothing."""
    front = market.front("bell")

    seen = []
    for number, event in enumerate(
        (
            absence(),
            absence("2026-11-23T10:01:00Z", **{"from": "2026-11-23T20:00:00Z", "note": None}),
            absence("2026-11-23T10:02:00Z", available=True, until=None, note=None, **{"from": None}),
        )
    ):
        await courier.bring(f"a-{number}", event=event)
        seen.append(front.availability.shown)

    assert seen == [
        "Away until Tue 24 Nov, 09:00 UTC. You can still leave a message. Back soon",
        "Away from Mon 23 Nov, 20:00 UTC until Tue 24 Nov, 09:00 UTC. You can still leave a message.",
        "",
    ]


async def test_the_newest_word_holds_and_each_is_taken_once(market: MarketplaceStandIn, courier: Courier) -> None:
    """A second try is a 409; one that was overtaken on its way changes nothing."""
    first = await courier.bring("a-1", event=absence("2026-11-23T10:05:00Z"))
    again = await courier.bring("a-1", event=absence("2026-11-23T10:05:00Z"))
    older = await courier.bring("a-2", event=absence("2026-11-23T10:00:00Z", note="Older"))
    odd = await courier.bring("a-3", event=absence(reason="holidays"))

    assert [status for status, _ in (first, again, older, odd)] == [200, 409, 200, 400]
    assert market.front("bell").availability.note == "Back soon"


async def test_what_is_set_on_the_site_is_told(market: MarketplaceStandIn, door: Door) -> None:
    """Away until then, and back."""
    await market.set_availability("bell", until="2099-01-01T00:00:00Z", accept_messages=False)
    away = market.front("bell").availability
    await market.set_availability("bell")

    assert not away.accept_messages
    assert market.front("bell").availability.available
    assert [(event["type"], event["data"]["available"]) for event in door.heard] == [
        ("availability.changed", False),
        ("availability.changed", True),
    ]
