"""`shopbell play`: the whole of it on this machine, with a marketplace, a Slack and a Telegram to try it in."""

import asyncio
import json
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.output import AsJson, Report, busy, carry_out, show
from bots.cli.run import until_told
from bots.playground.app import Playground
from bots.playground.clock import HandSetClock
from bots.playground.people import SHOP, SHOP_NAME
from bots.playground.slack import plain as in_slack
from bots.playground.telegram import plain as in_telegram
from bots.wiring import PARTS, Opened, Shopbell, opened
from core.clock import SystemClock
from core.config import load
from core.domain.files import FileLimits
from core.domain.members import Role
from core.errors import Misconfigured, ShopbellError
from core.garbage import settle
from core.observability import set_up_logging
from core.services.sellers import add_seller
from core.services.shops import add_shop
from core.store.links import make_link

PORT = 8090
PATIENCE = 20.0  # seconds for each step; a second is usual
CALM_SECONDS = 0.2
LINK_MS = 600_000
CLOCK = "clock.json"  # in the folder that is kept
BUYER, FIRST_MESSAGE = "Ann", "Hello! Is the poster also available in blue, and could it be here by Friday?"


class Unseen(ShopbellError):
    """Something that should have happened in the playground did not, in time."""


def add_to(app: typer.Typer) -> None:
    app.command("play")(play)


def play(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of the page; 0 takes a free one.")] = PORT,
    host: Annotated[str, typer.Option(help="Loopback only: the playground has no locks.")] = "127.0.0.1",
    data: Annotated[Path | None, typer.Option(help="Keep what happened in this folder; else it is forgotten.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End after the first card, with the times as JSON.")] = False,
    as_json: AsJson = False,
) -> int:
    """Play here: stand-ins for a marketplace, Slack and Telegram, and Shopbell between them. No accounts, no tokens."""
    as_json = as_json or once
    return carry_out(lambda: until_told(_play(port, host, data, once=once, as_json=as_json)), as_json=as_json)


@dataclass(slots=True)
class Stopwatch:
    """Seconds since the command began, by what had happened then."""

    began: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def note(self, what: str) -> None:
        self.seconds.setdefault(what, round(time.monotonic() - self.began, 3))


async def _play(port: int, host: str, data: Path | None, *, once: bool, as_json: bool) -> None:
    watch = Stopwatch()
    set_up_logging(as_json=False, level=logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="shopbell-play-", ignore_cleanup_errors=True) as passing:
        async with (
            _playground(host, port, clock_of(data)) as playground,
            _shopbell(playground, data or Path(passing)) as running,
        ):
            with busy("Starting…"):
                watch.note("ready")
                seller = await _open_shop(playground, running)
                await _link(playground, running.opened, seller)
                watch.note("linked")
                await _first_card(playground, watch)
            show(_started(playground, running, watch, kept=data), as_json=as_json)
            if once:
                await _calm(playground)
            else:
                await _link_the_others(playground, running.opened, seller)
                await asyncio.Event().wait()


@asynccontextmanager
async def _playground(host: str, port: int, clock: HandSetClock) -> AsyncIterator[Playground]:
    try:
        playground = await Playground(host=host, port=port, clock=clock).__aenter__()
    except ValueError as error:
        raise Misconfigured([str(error)]) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise Misconfigured([f"Port {port} cannot be had ({reason}): shopbell play --port {port + 1}"]) from error
    try:
        yield playground
    finally:
        await playground.__aexit__(None, None, None)


@asynccontextmanager
async def _shopbell(playground: Playground, data: Path) -> AsyncIterator[Shopbell]:
    """All of Shopbell, with settings of its own: none of the environment, so that nothing real is touched."""
    own = {"SHOPBELL_DATA": str(data), "SHOPBELL_LISTEN": "127.0.0.1:0"}
    settings, named = load({**playground.settings(), **own}, data)
    async with opened(settings, named, keep=True, chats=True) as inside, asyncio.TaskGroup() as tasks:
        settle()
        running = Shopbell(inside, PARTS)
        _follow(inside.clock, playground.clock.ahead)
        playground.clock.followers.append(partial(_follow, inside.clock))
        task = tasks.create_task(running.run())
        await running.ready.wait()
        try:
            yield running
        finally:
            task.cancel()


def clock_of(data: Path | None) -> HandSetClock:
    """As far ahead as it was left in this folder: by a clock set back, all that is kept would lie in the future."""
    if data is None:
        return HandSetClock()
    kept = data / CLOCK
    try:
        clock = HandSetClock(json.loads(kept.read_text())["ahead"] if kept.exists() else 0.0)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured([f"{kept} does not say how far ahead the clock is: {error}"]) from error
    clock.followers.append(partial(_keep, kept))
    return clock


def _keep(kept: Path, ahead: float) -> None:
    fresh = kept.with_suffix(".new")
    fresh.write_text(json.dumps({"ahead": ahead}))
    fresh.replace(kept)


def _follow(clock: SystemClock, ahead: float) -> None:
    clock.shift = round(ahead * 1000)


async def _open_shop(playground: Playground, running: Shopbell) -> str:
    """A seller of this play, with a shop that the marketplace knows; the seller's id."""
    deps = running.opened.deps
    seller = await add_seller(deps, "Bell & Daughters")
    shop, fresh = await add_shop(
        deps,
        seller.id,
        SHOP_NAME,
        policy=deps.policies["fiverr"],
        callback_url=playground.callback_url,
        reply_limit=2_000,
        files=FileLimits(5),
    )
    playground.marketplace.connect(
        SHOP,
        events_url=f"{running.url}/v1/shops/{shop.id}/events",
        secret_in=fresh.inward[0],
        secret_out=fresh.outward[0],
    )
    return seller.id


async def _link(playground: Playground, inside: Opened, seller: str) -> None:
    """By the hands of Sam and Eve, with real codes."""
    slack, telegram, wire = playground.slack.world, playground.telegram.world, playground.wire
    await _until(playground, lambda: len(slack.sockets) > 0, "Shopbell to connect to Slack")
    code, _ = await make_link(inside.deps.store, seller, Role.OWNER, LINK_MS)
    await slack.command(playground.sam, playground.channel, "/shopbell", f"link {code}")
    code, _ = await make_link(inside.deps.store, seller, Role.OWNER, LINK_MS)
    await playground.telegram.hands.start(playground.eve, code)
    wire.touch()

    def linked() -> bool:
        chats = [*slack.messages(playground.channel), *slack.ephemerals(playground.sam)]
        told = [in_slack(message) for message in chats]
        answered = [in_telegram(message) for message in telegram.messages(playground.eve)]
        return all(any("Linked" in said for said in sayings) for sayings in (told, answered))

    await _until(playground, linked, "both chats to be linked")


async def _link_the_others(playground: Playground, inside: Opened, seller: str) -> None:
    """Max alone, and the team's forum with its topics. Kim is in the channel, where everyone may answer."""
    world, hands = playground.telegram.world, playground.telegram.hands
    code, _ = await make_link(inside.deps.store, seller, Role.AGENT, LINK_MS)
    await hands.start(playground.max, code)
    code, _ = await make_link(inside.deps.store, seller, Role.AGENT, LINK_MS)
    await hands.add_bot(playground.team, playground.eve, payload=code, admin=True)

    def linked() -> bool:
        rooms = [world.messages(place) for place in (playground.max, playground.team)]
        return all(any("Linked" in in_telegram(message) for message in room) for room in rooms)

    await _until(playground, linked, "Max and the team to be linked")


async def _first_card(playground: Playground, watch: Stopwatch) -> None:
    answered = await playground.marketplace.write(SHOP, BUYER, FIRST_MESSAGE)
    if answered.status != 202:
        raise Unseen(f"The first message was answered with {answered.status}: {answered.body}")
    watch.note("message")

    def shown() -> bool:
        if any(FIRST_MESSAGE in in_slack(post) for post in playground.slack.world.messages(playground.channel)):
            watch.note("slack_card")
        if any(FIRST_MESSAGE in in_telegram(post) for post in playground.telegram.world.messages(playground.eve)):
            watch.note("telegram_card")
        return {"slack_card", "telegram_card"} <= watch.seconds.keys()

    await _until(playground, shown, "the first card to stand in both chats")
    watch.note("first_card")


async def _calm(playground: Playground) -> None:
    """Let the last acknowledgements arrive: a connection that is closed under one complains."""
    calls = playground.wire.subscribe()
    with suppress(TimeoutError):
        async with asyncio.timeout(CALM_SECONDS * 10):
            while True:
                async with asyncio.timeout(CALM_SECONDS):
                    await anext(calls)
    calls.close()


async def _until(playground: Playground, condition: Callable[[], bool], description: str) -> None:
    try:
        await playground.wire.wait(condition, description, PATIENCE)
    except AssertionError as error:
        raise Unseen(str(error)) from error


def _started(playground: Playground, running: Shopbell, watch: Stopwatch, *, kept: Path | None) -> Report:
    total = watch.seconds["first_card"]
    took = watch.seconds["first_card"] - watch.seconds["message"]
    data = {
        "page": f"{playground.url}/",
        "api": running.url,
        "first_card_after_message": round(took, 3),
        "seconds": watch.seconds,
    }
    words = [
        f"Look at {playground.url}/ in a browser: a marketplace, a Slack and a Telegram, with Shopbell between them.",
        f"{BUYER} wrote, and {took:.2f} s later her card stood in both chats ({total:.1f} s after the start).",
        "Set the page's clock forward to see reminders, breaches and rates come.",
        f"Shopbell's own API: {running.url}/docs",
        f"Ctrl-C ends it. What happened {f'stays in {kept}' if kept else 'is forgotten; --data FOLDER keeps it'}.",
    ]
    return Report(data, words)
