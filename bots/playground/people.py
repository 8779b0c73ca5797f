"""Who lives in the playground, and how they are called: a team in each chat, buyers of several tongues, a shop."""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.playground.marketplace import MarketplaceStandIn

SHOP = "bell"  # what the marketplace calls the shop
SHOP_NAME = "Playground Market"
BUYERS = (
    ("b-ann", "Ann", "en", "Europe/Paris"),
    ("b-kenji", "Kenji", "ja", "Asia/Tokyo"),
    ("b-zoe", "Zoë", "de", "Europe/Berlin"),
    ("b-omar", "Omar", "ar", "Africa/Cairo"),
)


@dataclass(slots=True)
class People:
    """What each person's role is by the link code they are given, by their id; and what shops are called."""

    in_slack: dict[str, str] = field(default_factory=dict)
    in_telegram: dict[int, str] = field(default_factory=dict)
    shops: dict[str, str] = field(default_factory=lambda: {SHOP: SHOP_NAME})


def let_in_buyers(marketplace: MarketplaceStandIn) -> None:
    buyers = marketplace.open(SHOP).buyers
    for id, name, language, zone in BUYERS:
        buyers[name] = {"id": id, "name": name, "language": language, "time_zone": zone}
