"""A street of sellers over all shards, a room each, where buyers have written and wait for an answer."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.domain.actions import Command
from core.domain.conversations import Buyer
from core.domain.deliveries import Delivery, DeliveryKind
from core.domain.events import Event, MessageReceived, MessageSent
from core.domain.members import Identity, Role
from core.domain.rooms import Address, Place, RoomKind
from core.domain.shops import Shop, ShopSecrets
from core.ids import new_id
from core.services.actions import act
from core.services.events import EventDoor
from core.store import deliveries, keys
from core.store.conversations import conversation_id
from core.store.floods import take_list
from core.store.links import make_link
from core.store.meta import open_store
from core.store.sellers import add_seller
from core.store.shops import add_shop
from tests.bench.engine import Server
from tests.bench.firing import FIRST, HOUR, bench_policies
from tests.bench.machine import PRODUCT_CPU, pinned
from tests.bench.plan import progress
from tests.bench.race import Cost, used_processor
from tests.bench.scene import TEXT, Scene, set_scene

CALLERS = 50
BATCH = 500
LEASE = 600_000  # nothing that was claimed comes back while the bench lasts
DAY = 24 * HOUR

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Span:
    """What so many calls took: the rate of them, and processor time for one, of this process and of the engine."""

    count: int
    seconds: float
    used: float
    engine: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def cost(self) -> Cost:
        return Cost(self.used / self.count * 1e6, self.engine / self.count * 1e6)

    def __add__(self, other: "Span") -> "Span":
        return Span(
            self.count + other.count,
            self.seconds + other.seconds,
            self.used + other.used,
            self.engine + other.engine,
        )


@dataclass(slots=True)
class Street:
    """Buyers are numbered; each has a conversation of their own, with one shop after the other."""

    scene: Scene
    server: Server
    door: EventDoor
    due: dict[str, int] = field(default_factory=dict)
    """By conversation, the first moment of each obligation that falls due while the bench lasts."""

    async def ask(self, numbers: Sequence[int], *, told: Tell, at_once: int = 1) -> Span:
        """These buyers wrote some time in the last day: an obligation each, due in 24 to 48 hours."""
        now, chance = self.scene.deps.clock.now(), random.Random(1)
        return await self._tell(numbers, lambda n: self._question(n, now - chance.randrange(DAY)), told, at_once)

    async def ask_due(self, numbers: Sequence[int], due: int, spread: int, *, told: Tell) -> Span:
        """These wrote so long ago that they are due at that instant, or one after the other over `spread`."""
        count, first = len(numbers), numbers[0]
        at = {n: due + spread * (n - first) // count for n in numbers}
        self.due = {conversation_id(self._shop(n).id, _name(n)): at[n] for n in numbers}
        return await self._tell(numbers, lambda n: self._question(n, at[n] - FIRST), told, BATCH)

    async def answer(self, numbers: Sequence[int], *, told: Tell, at_once: int = 1) -> Span:
        """The seller answers these on the site: each obligation is settled, and its reminders are gone."""
        return await self._tell(numbers, self._answered, told, at_once)

    async def post_cards(self, *, told: Tell) -> None:
        """Bring what stands on the lanes, as if every chat took it at once."""
        await self._each_claimed(self._post, told)

    async def fired(self, *, told: Tell) -> dict[str, int]:
        """By conversation, when that which fell due was put before its room, for the next note of it to say."""
        found: dict[str, int] = {}
        due = list(self.due)
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            at = await asyncio.gather(*(self._fired_at(conversation) for conversation in batch))
            found |= {conversation: each for conversation, each in zip(batch, at, strict=True) if each is not None}
            told(len(batch))
        return found

    async def _fired_at(self, conversation: str) -> int | None:
        """None where nothing stands there, or nobody would carry it."""
        tag, engine = keys.tag_of(conversation), self.scene.deps.store.engine
        obligation = (await engine.call("HGET", keys.conversation(tag, conversation), "open")).decode()
        ((room, lane),) = (await self._rooms(conversation)).items()
        waits, carried, at = await asyncio.gather(
            engine.call("ZSCORE", keys.nudges(tag, room), obligation),
            engine.call("EXISTS", keys.strand(tag, lane, f"{room}-nudges")),
            engine.call("HGET", keys.obligation(tag, obligation), "told"),
        )
        return int(at) if waits and carried else None

    async def _rooms(self, conversation: str) -> dict[str, str]:
        tag, engine = keys.tag_of(conversation), self.scene.deps.store.engine
        seller = (await engine.call("HGET", keys.conversation(tag, conversation), "seller")).decode()
        return {
            room.decode(): lane.decode() for room, lane in _pairs(await engine.call("HGETALL", keys.rooms(tag, seller)))
        }

    async def _post(self, delivery: Delivery) -> None:
        if delivery.kind is DeliveryKind.LIST:
            await take_list(self.scene.deps.store, delivery)
        await deliveries.finish_post(self.scene.deps.store, delivery, f"1.{delivery.id}")

    async def _each_claimed(self, call: Callable[[Delivery], Awaitable[None]], told: Tell) -> None:
        store = self.scene.deps.store
        for shard in range(store.shards):
            tag = keys.tag(shard)
            while found := (await deliveries.claim(store, tag, worker="bench", lease=LEASE, most=BATCH)).deliveries:
                await asyncio.gather(*(call(delivery) for delivery in found))
                told(len(found))

    async def _tell(self, numbers: Sequence[int], event_of: Callable[[int], Event], tell: Tell, at_once: int) -> Span:
        """Through the marketplace's door, by fifty callers, each with so many events of a shop at a time."""
        left, count = self._requests(numbers, at_once), len(numbers)

        async def caller() -> None:
            for shop, some in left:
                events = [event_of(n) for n in some]
                await self.door.accept(shop, events[0].id, events)
                tell(len(events))

        with pinned(PRODUCT_CPU):
            engine = await used_processor(self.server.engine)
            used, since = time.process_time(), time.perf_counter()
            await asyncio.gather(*(caller() for _ in range(CALLERS)))
            seconds, used = time.perf_counter() - since, time.process_time() - used
            return Span(count, seconds, used, await used_processor(self.server.engine) - engine)

    def _requests(self, numbers: Sequence[int], at_once: int) -> Iterator[tuple[str, Sequence[int]]]:
        """Single ones in the order given, one shop after the other; several of one shop as it comes to so many."""
        gathered: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            shop = self._shop(number).id
            gathered[shop].append(number)
            if len(gathered[shop]) == at_once:
                yield shop, gathered.pop(shop)
        yield from gathered.items()

    def _question(self, number: int, sent_at: int) -> MessageReceived:
        name = _name(number)
        return MessageReceived(
            id=f"evt-{name}",
            at=sent_at,
            conversation=name,
            buyer=Buyer(f"b-{name}", "Ann", "en", "Europe/Paris"),
            url=f"https://market.example/inbox/{name}",
            message=f"q-{name}",
            text=TEXT,
            sent_at=sent_at,
        )

    def _answered(self, number: int) -> MessageSent:
        name, now = _name(number), self.scene.deps.clock.now()
        return MessageSent(
            id=f"evt-a-{name}", at=now, conversation=name, message=f"a-{name}", text="Yes, it does.", sent_at=now
        )

    def _shop(self, number: int) -> Shop:
        return self.scene.shops[number % len(self.scene.shops)]


async def street(server: Server, sellers: int) -> Street:
    """So many sellers and nothing else. Their rooms take any number at once: the chats' own pace is not measured."""
    scene = await set_scene(server.engine)
    scene.deps = replace(scene.deps, policies=bench_policies())
    await scene.deps.store.engine.call("FLUSHALL", "SYNC")
    await open_store(scene.deps.store)
    with progress("obligations: sellers", sellers) as told:
        for number in range(sellers):
            scene.shops.append(await _open_shop(scene, number))
            told(1)
    return Street(scene, server, EventDoor(scene.deps))


async def _open_shop(scene: Scene, number: int) -> Shop:
    store = scene.deps.store
    seller = await add_seller(store, f"Bell & Co {number}", number % store.shards, hold=0)
    shop = Shop(new_id("shop", number % store.shards), seller.id, "Example Market", "fiverr")
    await add_shop(store, shop, ShopSecrets((scene.secret,), (scene.secret,)), scene.deps.policies["fiverr"])
    code, _ = await make_link(store, seller.id, Role.AGENT, 600_000)
    address = Address("slack", f"T{number:08d}", f"C{number:08d}")
    by = Identity("slack", address.workspace, "111", "Sam")
    await act(scene.deps, Command(f"link-{number}", by, Place(address, RoomKind.PRIVATE), "link", code))
    tag = keys.tag_of(shop.id)
    for lane in await store.engine.call("HVALS", keys.rooms(tag, seller.id)):
        await store.engine.call("HDEL", keys.lane(tag, lane.decode()), "refill", "burst")
    return shop


def _pairs(reply: Any) -> Iterable[tuple[bytes, bytes]]:
    return reply.items() if isinstance(reply, dict) else zip(reply[::2], reply[1::2], strict=True)


def _name(number: int) -> str:
    return f"c-{number:08d}"
