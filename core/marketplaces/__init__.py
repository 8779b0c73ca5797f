"""Connectors: one module for each way to reach a marketplace."""

from core.clock import Clock
from core.marketplaces.webhook import Webhook
from core.ports.marketplace import Marketplace


def open_marketplaces(*, clock: Clock, allow_local: bool) -> dict[str, Marketplace]:
    """Every connector by its name. `allow_local` lets callbacks go to this machine: for development alone."""
    connectors: list[Marketplace] = [Webhook(clock, allow_local=allow_local)]
    return {connector.name: connector for connector in connectors}
