"""The three worlds that the page looks into."""

from __future__ import annotations

from dataclasses import dataclass

from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.slack import SlackWorld
from bots.playground.telegram import TelegramStandIn


@dataclass(frozen=True, slots=True)
class Worlds:
    slack: SlackWorld
    telegram: TelegramStandIn
    marketplace: MarketplaceStandIn
