"""Sending: a card through each adapter beside the same message through the SDK as it comes, and what a claim costs."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot, InlineKeyboardMarkup

from bots.slack.answers import UNFURLED
from bots.slack.blocks import card_message
from bots.telegram.messages import draw_card
from core.domain.cards import Card
from core.domain.conversations import Buyer, Conversation, Message, Order
from core.domain.members import Identity
from core.domain.obligations import Obligation, ObligationKind
from core.domain.rooms import Address, Answerers, Ring, Room, RoomKind
from core.domain.sellers import Seller
from core.domain.shops import Shop
from core.garbage import settle
from core.services.cards import draw
from core.services.deps import Deps
from core.services.voices import RoomVoice
from core.store import deliveries, keys
from core.store.conversations import Sight
from tests.bench.chats import chats
from tests.bench.child import child
from tests.bench.engine import own_valkey
from tests.bench.figures import Figure, Table, compare
from tests.bench.machine import ENGINE_CPU, PRODUCT_CPU, pinned
from tests.bench.plan import Plan, say
from tests.bench.scene import BOT, SETTINGS, TEXT, Scene, set_scene

CALLERS = 50
TURNS = 3  # of each way in a run
BATCH = 50  # what a worker claims at once
HOUR = 3_600_000

Call = Callable[[int], Awaitable[object]]


async def bench(plan: Plan) -> Table:
    rates: dict[str, list[float]] = defaultdict(list)
    micros: dict[str, list[float]] = defaultdict(list)
    costs: list[float] = []
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(own_valkey())
        outside = await stack.enter_async_context(child(chats, cpu=ENGINE_CPU))
        settings = {**SETTINGS, "SLACK_API_URL": f"{outside.url}/api/", "TELEGRAM_API_URL": outside.url}
        scene = await set_scene(server.engine, settings)
        calls = await stack.enter_async_context(_calls(scene.deps, outside.url))
        settle()  # as `shopbell run` does, and for the SDKs as well
        for _ in plan.rounds("sending"):
            for name, (rate, cost) in (await _sent(calls, plan.seconds / 2)).items():
                rates[name].append(rate)
                micros[name].append(cost)
            costs.append(await _claimed(scene, plan.scripts // 6))
    return Table(
        "sending",
        "a card from 50 callers to a local server that answers at once",
        [
            compare("Slack", rates["slack"], "slack_sdk as it comes", rates["slack_sdk"], goal=2.5),
            compare("Telegram", rates["telegram"], "PTB as it comes", rates["ptb"], goal=5),
            Figure("slack_sdk as it comes", rates["slack_sdk"]),
            Figure("PTB as it comes", rates["ptb"]),
            *(Figure(f"processor time of one, {name}", found, "µs") for name, found in micros.items()),
            Figure("claim, lease and finish of one", costs, "µs", goal=60, ceiling=True),
        ],
        [
            "Ours draws each card; the SDKs are given the same message drawn beforehand. Plain HTTP.",
            f"Claim, lease and finish: processor time of our process, {BATCH} at a time, by store.deliveries.",
        ],
    )


@asynccontextmanager
async def _calls(deps: Deps, url: str) -> AsyncIterator[dict[str, Call]]:
    slack, telegram = deps.platforms["slack"], deps.platforms["telegram"]
    web = AsyncWebClient("xoxb-bench", base_url=f"{url}/api/")
    bot = Bot(BOT, base_url=f"{url}/bot")
    await bot.initialize()
    in_slack, in_telegram = a_room("slack", "T1", "C00000001"), a_room("telegram", "7001", "100001")
    card, voice = a_card(deps), RoomVoice(deps.store)
    blocks, drawn = card_message(card, voice.say), draw_card(card, voice.say)
    keyboard = InlineKeyboardMarkup.de_json(drawn.keyboard or {}, bot)
    marked = {"event_type": "shopbell_card", "event_payload": {"conversation": card.conversation, "delivery": "d"}}
    yield {
        "slack": lambda number: slack.post(in_slack, card, delivery=f"d-{number}"),
        "slack_sdk": lambda number: web.chat_postMessage(channel="C00000001", metadata=marked, **blocks, **UNFURLED),
        "telegram": lambda number: telegram.post(in_telegram, card, delivery=f"d-{number}"),
        "ptb": lambda number: bot.send_message(
            100001, drawn.html, parse_mode="HTML", reply_markup=keyboard, disable_web_page_preview=True
        ),
    }
    await bot.shutdown()
    for platform in (slack, telegram):
        await platform.aclose()


async def _sent(calls: dict[str, Call], seconds: float) -> dict[str, tuple[float, float]]:
    """Calls a second, and microseconds of processor time for each; in turns, so that all see the same machine."""
    done = dict.fromkeys(calls, 0)
    used = dict.fromkeys(calls, 0.0)
    elapsed = dict.fromkeys(calls, 0.0)
    for name, call in [*calls.items()] * TURNS:
        await asyncio.gather(*(call(-number) for number in range(CALLERS)))  # connections are made
        busy, since = time.process_time(), time.perf_counter()
        done[name] += await _turn(call, seconds / TURNS)
        used[name] += time.process_time() - busy
        elapsed[name] += time.perf_counter() - since
    return {name: (done[name] / elapsed[name], used[name] / done[name] * 1e6) for name in calls}


async def _turn(call: Call, seconds: float) -> int:
    done = 0

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await call(done)
            done += 1

    with pinned(PRODUCT_CPU):
        until = time.perf_counter() + seconds
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return done


async def _claimed(scene: Scene, events: int) -> float:
    """Microseconds of processor time for a delivery, from its lane to its end."""
    store, done = scene.deps.store, 0
    await scene.fill()
    await _unpaced(scene)
    await asyncio.gather(*(scene.accept(next(scene.numbers)) for _ in range(events)))
    with pinned(PRODUCT_CPU):
        since = time.process_time()
        for tag in [keys.tag_of(shop.id) for shop in scene.shops]:
            while found := (await deliveries.claim(store, tag, worker="w", lease=60_000, most=BATCH)).deliveries:
                await asyncio.gather(*(deliveries.finish_post(store, each, f"1.{each.id}") for each in found))
                done += len(found)
        used = time.process_time() - since
    if done < events:
        say(f"sending: only {done} deliveries of {events} events were claimed")
    return used / done * 1e6


async def _unpaced(scene: Scene) -> None:
    """The rooms take any number at once: else the chats' own pace would be measured."""
    engine = scene.deps.store.engine
    for tag, seller in [(keys.tag_of(shop.id), shop.seller) for shop in scene.shops]:
        for lane in await engine.call("HVALS", keys.rooms(tag, seller)):
            await engine.call("HDEL", keys.lane(tag, lane.decode()), "refill", "burst")


def a_room(platform: str, workspace: str, chat: str) -> Room:
    address = Address(platform, workspace, chat)
    sam = Identity(platform, workspace, "111", "Sam")
    return Room("00rbench", "00sbench", address, RoomKind.PRIVATE, "sales", Answerers.EVERYONE, ((sam, Ring.MENTION),))


def a_card(deps: Deps) -> Card:
    """As the core draws it for a buyer's question about an order."""
    now = deps.clock.now()
    order = Order("o-5", "Logo design")
    conversation = Conversation(
        "00cbench", "c-77", "00sbench", "00pbench", Buyer("b-9", "Ann"), 1, "https://market.example/inbox/c-77", order
    )
    message = Message("00mbench", "m-1", incoming=True, text=TEXT, sent_at=now, order=order)
    owed = Obligation("00obench", "00cbench", message.id, ObligationKind.ORDER, "o-5", now, now + 24 * HOUR)
    room = a_room("slack", "T1", "C00000001")
    shop = Shop("00pbench", "00sbench", "Example Market", "fiverr")
    seller = Seller("00sbench", "Bell & Co")
    sight = Sight(conversation, shop, seller, (message,), (owed,), message.id, "", "", room, {}, {})
    return draw(deps, sight)
