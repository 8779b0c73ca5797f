"""Sixty-one days pass in one press while very much is owed: the rates are right, and nobody is flooded."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from bots.slack.adapter import SlackPlatform
from bots.telegram.adapter import TelegramPlatform
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import new_secret
from core.ids import new_id, shard_of
from core.ports.chat import Pace
from core.services.deps import Patience
from core.store import keys
from core.store.conversations import conversation_id
from core.store.rooms import read_room, rooms_of
from core.store.shops import add_shop
from tests.fixtures.house import House, a_street
from tests.fixtures.waiting import wait_until

MOVE = timedelta(days=61)
WINDOWS = {"fiverr": 60, "fiverr-2025": 90}  # days, of both policies
BATCH = 500
QUESTION = "Is it blue?"
HISTORY = 59  # days
ANY_TIME = Pace(refill_ms=1, burst=10_000)


# A worker that is slow today is not dead: Telegram would be sent the same twice.
PATIENT = Patience()
NOTICE = re.compile(r"wait for an answer:|is over since")
NAMED = re.compile(r"(?:• |answer )(\S+) \(")


@dataclass(frozen=True, slots=True)
class Market:
    """A shop by the name that the marketplace has for it, and how many days its rate looks back."""

    house: House
    shop: str
    name: str
    days: int

    async def tell(self, events: Iterable[dict[str, Any]]) -> None:
        """All of them, as a marketplace posts many."""
        told = list(events)
        for start in range(0, len(told), BATCH):
            answered = await self.house.town.market.post_batch(self.name, told[start : start + BATCH])
            assert (answered.status, set(answered.results)) == (202, {"accepted"})

    async def rate(self) -> tuple[int, int]:
        """Met and missed, as Shopbell says when the marketplace asks."""
        said = await self.house.town.market.read(self.name, "rates")
        inbox = next(rate["rate"] for rate in said.body["rates"] if rate["of"] == "inbox")
        return inbox["met"], inbox["missed"]


async def shop_of(house: House, policy: str) -> Market:
    town, name = house.town, f"{house.name}-{policy}"
    inward, outward = new_secret(), new_secret()
    shop = Shop(new_id("shop", shard_of(house.seller)), house.seller, policy.title(), policy, reply_limit=2_000)
    await add_shop(house.deps.store, shop, ShopSecrets((inward,), (outward,)), house.deps.policies[policy])
    events = f"{town.url}/v1/shops/{shop.id}/events"
    town.market.connect(name, events_url=events, secret_in=inward, secret_out=outward)
    return Market(house, shop.id, name, WINDOWS[policy])


def past(now: datetime) -> Iterator[dict[str, Any]]:
    """A conversation a day: answered in an hour, but every third after two days."""
    for day in range(1, HISTORY + 1):
        asked = now - timedelta(days=day, hours=6)
        answered = asked + (timedelta(hours=48) if late(day) else timedelta(hours=1))
        yield received(f"past-{day}", asked, history=True)
        said = {"id": f"s-past-{day}", "text": "Yes", "sent_at": written(answered)}
        data = {"conversation": f"past-{day}", "message": said, "history": True}
        yield {"id": f"evt-s-past-{day}", "type": "message.sent", "at": written(answered), "data": data}


def late(day: int) -> bool:
    return day % 3 == 0 and day > 2


def waiting(now: datetime, count: int, shop: str) -> Iterator[dict[str, Any]]:
    """First messages of as many buyers within the last hours."""
    for number in range(count):
        yield received(f"{shop}-{number}", now - timedelta(seconds=number))


def received(conversation: str, at: datetime, **more: object) -> dict[str, Any]:
    message = {"id": f"m-{conversation}", "text": QUESTION, "sent_at": written(at)}
    data = {"conversation": conversation, "message": message, "buyer": {"id": conversation, "name": conversation}}
    return {"id": f"evt-{conversation}", "type": "message.received", "at": written(at), "data": data | more}


def written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def counted(days: int, moved: timedelta, missed: int) -> tuple[int, int]:
    """A plain count of what lies in a window of so many days once that time has passed."""
    seen = [day for day in range(1, HISTORY + 1) if timedelta(days=day, hours=6) + moved < timedelta(days=days)]
    new = missed if moved and moved < timedelta(days=days) else 0
    return sum(not late(day) for day in seen), sum(late(day) for day in seen) + new


async def tell_all(house: House, count: int) -> list[Market]:
    """Two shops with a past, and so many obligations open in both together."""
    now = datetime.now(tz=UTC)
    markets = [await shop_of(house, policy) for policy in WINDOWS]
    for market in markets:
        await market.tell(past(now))
        await market.tell(waiting(now, count // len(markets), market.name))
    return markets


# In one step: what is taken from the one to the other meanwhile would be read twice.
WAITING = f"""
{keys.lua_prelude(["nudges", "obligation", "delivery"])}
local nudges, lines = {{}}, {{}}
for _, room in ipairs(ARGV) do
  for _, obligation in ipairs(redis.call('ZRANGE', key.nudges(room), 0, -1)) do
    nudges[#nudges + 1] = {{ room, redis.call('HGET', key.obligation(obligation), 'of') }}
  end
end
for _, delivery in ipairs(redis.call('KEYS', key.delivery('*'))) do
  local it = redis.call('HMGET', delivery, 'kind', 'room', 'lines')
  if it[1] == 'reminder' and it[3] then
    lines[#lines + 1] = {{ it[2], it[3] }}
  end
end
return {{ nudges, lines }}
"""


@dataclass(frozen=True, slots=True)
class TwoMonths:
    house: House
    markets: list[Market]
    count: int

    @property
    def rooms(self) -> dict[str, list[str]]:
        """All that was said, by chat."""
        return {"slack": self.house.told(self.house.town.sam), "telegram": self.house.said()}

    def notices(self) -> Counter[tuple[str, str]]:
        """How often each conversation's deadline was told of, by chat and conversation."""
        told = [(chat, text) for chat, said in self.rooms.items() for text in said if NOTICE.search(text)]
        return Counter((chat, name) for chat, text in told for name in NAMED.findall(text))

    async def assert_rates(self) -> None:
        """Those of a plain count."""
        each = self.count // len(self.markets)
        rates = [await market.rate() for market in self.markets]

        assert rates == [counted(market.days, MOVE, each) for market in self.markets]
        assert rates[1][1] > each  # the longer window still has the misses, and some of the past


@asynccontextmanager
async def two_months_later(engine_url: str, count: int) -> AsyncIterator[TwoMonths]:
    """`count` obligations are open in two shops of one seller; then the clock is moved, as `shopbell play` moves it."""
    async with a_street(engine_url, "socket", "polling", PATIENT) as street:
        house = await street.build()
        markets = await tell_all(house, count)
        wanted = [counted(market.days, timedelta(0), 0) for market in markets]

        async def past_is_known() -> bool:
            return [await market.rate() for market in markets] == wanted

        await wait_until(past_is_known, f"the rates to be {wanted}", 20)
        house.inside.clock.shift = int(MOVE.total_seconds() * 1000)
        agenda, engine = keys.agenda(keys.tag_of(house.seller)), house.inside.engine

        async def nothing_is_due() -> bool:
            return not await engine.call("ZCOUNT", agenda, 0, house.inside.clock.now())

        await wait_until(nothing_is_due, "all that fell due to be fired", 60)
        yield TwoMonths(house, markets, count)


async def test_at_most_one_notice_a_conversation(engine_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is carried to its end: a card and a notice for each in both chats, and next to nothing besides."""
    for adapter in (SlackPlatform, TelegramPlatform):
        monkeypatch.setattr(adapter, "pace", lambda self, room: ANY_TIME)
        monkeypatch.setattr(adapter, "budgets", lambda self, address, kind: ())
    async with two_months_later(engine_url, 100) as later:
        await later.assert_rates()
        await wait_until(lambda: len(later.notices()) == 2 * later.count, "a notice of each in both chats", 20)
        other = [
            text for said in later.rooms.values() for text in said if QUESTION not in text and not NOTICE.search(text)
        ]

        assert set(later.notices().values()) == {1}
        assert len(other) <= 6  # linked, and how many wrote for the first time


@pytest.mark.long
async def test_five_thousand_at_the_chats_own_pace(patient: TwoMonths) -> None:
    """Of each conversation at most one notice was posted, or waits to be; rates are exact meanwhile."""
    await patient.assert_rates()
    told = patient.notices()
    told.update([each async for each in waits(patient)])

    assert set(told.values()) == {1}
    assert len(set(told) | set(patient.notices())) == 2 * patient.count


@pytest_asyncio.fixture
async def patient(engine_url: str) -> AsyncIterator[TwoMonths]:
    """Made before the test, which has half a minute."""
    async with two_months_later(engine_url, 5_000) as later:
        yield later


async def waits(later: TwoMonths) -> AsyncIterator[tuple[str, str]]:
    """Chat and conversation of every notice that is still to be posted, alone or in a list."""
    house, engine, tag = later.house, later.house.inside.engine, keys.tag_of(later.house.seller)
    names = {
        conversation_id(market.shop, f"{market.name}-{number}"): f"{market.name}-{number}"
        for market in later.markets
        for number in range(later.count // len(later.markets))
    }
    chats = {}
    for room in await rooms_of(house.deps.store, house.seller):
        found = await read_room(house.deps.store, room)
        assert found is not None
        chats[room] = found.address.platform
    nudges, lines = await engine.call("EVAL", WAITING, 1, tag, *chats)
    for room, of in nudges:
        yield chats[room.decode()], names[of.decode()]
    for room, packed in lines:
        for line in json.loads(packed):
            yield chats[room.decode()], names[line[1]]
