"""The scene of a bench: sellers with a shop and two rooms each, and buyers who write to them."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from bots.registry import open_platforms
from core.clock import SystemClock
from core.domain.actions import Command
from core.domain.conversations import Buyer, Order
from core.domain.events import MessageReceived
from core.domain.members import Identity, Role
from core.domain.rooms import Address, Place, RoomKind
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, new_secret, sign
from core.ids import new_id
from core.policies import load
from core.ports.chat import Tools
from core.services.actions import act
from core.services.deps import Deps
from core.services.events import accept
from core.services.voices import RoomVoice
from core.store import keys
from core.store.client import Engine
from core.store.links import make_link
from core.store.memory import StoredMemory
from core.store.meta import open_store
from core.store.roles import StoredLease
from core.store.scripts import Scripts
from core.store.sellers import add_seller
from core.store.shops import KnownShop, add_shop, know_shop
from core.store.store import Store
from core.store.vault import Vault

SECRET = "a-secret-of-the-bench-that-guards-nothing-0123456789"
BOT = "7001:bench-token-0000000000000000000000000"
SETTINGS = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": "bench", "TELEGRAM_BOT_TOKEN": BOT}
SELLERS = 8
TEXT = (
    "Hi! I saw your logo packages and wonder whether the middle one includes the source files, "
    "and if you could deliver by Friday evening? We open the café on Saturday — thanks, Ann 🙂"
)


@dataclass(slots=True)
class Scene:
    """A store with `shops`, one a seller. Events are numbered, so that none is told twice."""

    deps: Deps
    secret: str = field(default_factory=new_secret)
    shops: list[Shop] = field(default_factory=list)
    known: dict[str, KnownShop] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def fill(self, sellers: int = SELLERS) -> None:
        """Forget everything and begin anew."""
        await self.deps.store.engine.call("FLUSHALL", "SYNC")
        await open_store(self.deps.store)
        self.shops = [await self._open_shop(number) for number in range(sellers)]

    async def _open_shop(self, number: int) -> Shop:
        store = self.deps.store
        seller = await add_seller(store, f"Bell & Co {number}", number % store.shards, hold=0)
        shop = Shop(new_id("shop", number % store.shards), seller.id, "Example Market", "fiverr")
        await add_shop(store, shop, ShopSecrets((self.secret,), (new_secret(),)), self.deps.policies["fiverr"])
        for platform, workspace, chat, kind in _places(number):
            code, _ = await make_link(store, seller.id, Role.AGENT, 600_000)
            by, address = Identity(platform, workspace, "111", "Sam"), Address(platform, workspace, chat)
            await act(self.deps, Command(f"link-{chat}", by, Place(address, kind), "link", code))
        return shop

    def message(self, number: int) -> MessageReceived:
        """Each buyer writes twice; every third conversation is about an order."""
        now, conversation = self.deps.clock.now(), number // 2
        return MessageReceived(
            id=f"evt_{number:08d}",
            at=now,
            conversation=f"c-{conversation:08d}",
            buyer=Buyer(f"b-{conversation:08d}", "Ann", "en", "Europe/Paris"),
            order=Order(f"o-{conversation:08d}", "Logo design") if conversation % 3 == 0 else None,
            url=f"https://market.example/inbox/c-{conversation:08d}",
            message=f"m-{number:08d}",
            text=TEXT,
            sent_at=now - 1 + number % 2,  # nobody writes twice in a millisecond
        )

    async def accept(self, number: int, store: Store | None = None) -> None:
        """What the door does with an event once it is read: one script."""
        deps = self.deps if store is None else _with_store(self.deps, store)
        shop = self.shop(number)
        await accept(deps, await self.know(shop.id), [self.message(number)])

    async def know(self, shop: str) -> KnownShop:
        """The shop as the door remembers it."""
        if shop not in self.known:
            found = await know_shop(self.deps.store, shop)
            assert found is not None
            self.known[shop] = found
        return self.known[shop]

    def shop(self, number: int) -> Shop:
        return self.shops[number // 2 % len(self.shops)]

    def body(self, *numbers: int) -> bytes:
        """As a marketplace posts it: one event, or a batch."""
        told = [_told(self.message(number)) for number in numbers]
        return msgspec.json.encode(told[0] if len(told) == 1 else {"events": told})

    def request(self, shop: Shop, delivery: str, body: bytes) -> bytes:
        """Signed, as bytes for the socket."""
        at = self.deps.clock.wall() // 1000
        head = (
            f"POST /v1/shops/{shop.id}/events HTTP/1.1\r\n"
            "host: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n"
            f"{ID_HEADER}: {delivery}\r\n{TIMESTAMP_HEADER}: {at}\r\n"
            f"{SIGNATURE_HEADER}: {sign(self.secret, delivery, at, body)}\r\n\r\n"
        )
        return head.encode() + body

    def requests(self, count: int) -> list[bytes]:
        """So many single events."""
        numbers = itertools.islice(self.numbers, count)
        return [self.request(self.shop(n), f"wh_{n}", self.body(n)) for n in numbers]


async def set_scene(engine: Engine, settings: Mapping[str, str] | None = None) -> Scene:
    """On this engine, with the real adapters; nothing is stored yet."""
    clock = SystemClock()
    clock.follow(await engine.now_ms())
    store = Store(engine, Scripts(engine), Vault([SECRET]), clock, keys.SHARDS)

    def tools(name: str) -> Tools:
        return Tools(clock, StoredMemory(store, name), StoredLease(store, "bench"), RoomVoice(store))

    return Scene(Deps(store, clock, load(), open_platforms(settings or SETTINGS, tools), {}))


def _with_store(deps: Deps, store: Store) -> Deps:
    return Deps(store, deps.clock, deps.policies, deps.platforms, deps.marketplaces)


def _places(number: int) -> Iterator[tuple[str, str, str, RoomKind]]:
    """A workspace of its own in Slack for each seller, and a private chat with the one bot in Telegram."""
    yield "slack", f"T{number:08d}", f"C{number:08d}", RoomKind.PRIVATE
    yield "telegram", BOT.partition(":")[0], str(100_000 + number), RoomKind.DIRECT


def _told(event: MessageReceived) -> dict[str, Any]:
    at = datetime.fromtimestamp(event.sent_at / 1000, UTC).isoformat()
    buyer, order = event.buyer, event.order
    return {
        "id": event.id,
        "type": "message.received",
        "at": at,
        "data": {
            "conversation": event.conversation,
            "message": {"id": event.message, "text": event.text, "sent_at": at},
            "buyer": buyer
            and {"id": buyer.id, "name": buyer.name, "language": buyer.language, "time_zone": buyer.zone},
            "order": order and {"id": order.id, "title": order.title, "status": order.status},
            "url": event.url,
        },
    }
