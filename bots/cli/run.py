"""`shopbell run`: receive, keep, carry; until it is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

from bots.cli.output import AsJson, Report, carry_out, show
from bots.cli.session import settings_here
from bots.registry import PLATFORMS
from bots.wiring import PARTS, Opened, Shopbell, opened, parts_of
from core.errors import Misconfigured
from core.garbage import settle
from core.observability import log, set_up_logging

STOPS = (signal.SIGTERM, signal.SIGINT)


def add_to(app: typer.Typer) -> None:
    app.command("run")(run)


def run(
    only: Annotated[str | None, typer.Option(help=f"A part of it, of {', '.join(PARTS)}; several with commas.")] = None,
    as_json: AsJson = False,
) -> int:
    """Run Shopbell, all of it in one process; SIGTERM or Ctrl-C lets it finish what is under way."""
    return carry_out(lambda: until_told(_run(only, as_json)), as_json=as_json)


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do this until it ends or a signal asks for the end; a second signal does not wait."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work)
    told = asyncio.Event()

    def stop() -> None:
        told.set()
        log().info(
            "stopping", what="finishes what is under way, for ten seconds at most; a second signal does not wait"
        )
        for number in STOPS:
            loop.remove_signal_handler(number)
        task.cancel()

    for number in STOPS:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told.is_set():
            raise


async def _run(only: str | None, as_json: bool) -> None:
    settings, named = settings_here()
    set_up_logging(as_json=settings.log_json)
    parts = parts_of(only)
    async with opened(settings, named, keep=True, chats=True) as shopbell:
        _need_platforms(shopbell, parts if only else ())
        settle()
        running = Shopbell(shopbell, parts)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(running.run())
            await running.ready.wait()
            show(_started(running), as_json=as_json)


def _need_platforms(shopbell: Opened, asked: tuple[str, ...]) -> None:
    platforms = shopbell.deps.platforms
    if missing := [name for name in asked if name in PLATFORMS and name not in platforms]:
        raise Misconfigured([f"--only {name}, but {name.capitalize()} is not set up here." for name in missing])
    if not platforms:
        log().warning("no_chat_platform", cure="set SLACK_BOT_TOKEN or TELEGRAM_BOT_TOKEN, see README.md")


def _started(running: Shopbell) -> Report:
    where = running.opened.engine.where
    parts = [part for part in running.parts if part not in PLATFORMS or part in running.opened.deps.platforms]
    data = {"url": running.url or None, "redis": where, "parts": parts}
    listens = f"listens at {running.url}" if running.url else "runs"
    return Report(data, [f"Shopbell {listens} ({', '.join(parts)}), with Redis at {where}. Ctrl-C stops it."])
