"""What every use case is given. Nothing is opened at import, nothing is global."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.clock import Clock
from core.domain.policies import Policy
from core.domain.shops import Shop
from core.ports.chat import ChatPlatform
from core.ports.marketplace import Marketplace, MarketplaceCapabilities
from core.ports.pictures import OpenPicture
from core.services.glances import Glance
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things are waited for, in milliseconds, by `wall`."""

    lease: int = 60_000  # longer than the slowest call outside, so that a live worker is never doubled
    settle: int = 30_000  # until a call whose answer was lost has surely landed or not
    lost: int = 300_000  # until a destination that was out of reach is tried again
    mail_lease: int = 30_000
    breath: int = 1_000  # the longest sleep of a worker that was not woken


@dataclass(slots=True)
class Outside:
    """Where marketplaces reach us, without a slash; empty where nobody said so. On this machine alone it is known once
    we listen."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class Deps:
    store: Store
    clock: Clock
    policies: Mapping[str, Policy]
    platforms: Mapping[str, ChatPlatform]
    marketplaces: Mapping[str, Marketplace]
    patience: Patience = field(default_factory=Patience)
    outside: Outside = field(default_factory=Outside)
    open_picture: OpenPicture | None = None  # None: what buyers attach is named, and never fetched
    contact: str = ""  # of whoever runs Shopbell, as members are told it
    glance: Glance = field(default_factory=Glance)  # of the action that is being carried out

    def taken_by(self, shop: Shop) -> MarketplaceCapabilities:
        """What a shop's marketplace takes from us."""
        return self.marketplaces[shop.marketplace].capabilities(shop)
