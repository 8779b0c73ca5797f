"""The stream by which the page hears which panes to fetch again. It polls nothing."""

from __future__ import annotations

import asyncio
import json
import time

from aiohttp import web

from bots.playground.page.doors import HEADERS
from bots.playground.wire import Watch, Wire

PANES = ("marketplace", "slack", "telegram", "rates", "clock", "faults", "wire")
CALM_SECONDS = 0.1  # what happens in one breath is told once
BEAT_SECONDS = 15.0  # so that a stream nobody reads any more is noticed
# The rates are asked of Shopbell, and everything that it does may move them.
RATES_SECONDS = 1.0


class Changes:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """All panes at once, then each as it changes: at most ten events a second, with the rates in one of them."""
        response = web.StreamResponse(headers={**HEADERS, "content-type": "text/event-stream"})
        await response.prepare(request)
        watch = self._wire.watch()
        rates_at, rates_due = time.monotonic(), False
        try:
            await response.write(_event(set(PANES)))
            while True:
                rest = rates_at + RATES_SECONDS - time.monotonic() if rates_due else BEAT_SECONDS
                changed = await _changed_within(watch, max(0.0, rest))
                rates_due = rates_due or bool(changed - {"faults"})
                if rates_due and time.monotonic() - rates_at >= RATES_SECONDS:
                    changed, rates_at, rates_due = changed | {"rates"}, time.monotonic(), False
                await response.write(_event(changed) if changed else b": still here\n\n")
                await asyncio.sleep(CALM_SECONDS)
        except ConnectionError:
            return response  # the page was closed
        finally:
            watch.close()


async def _changed_within(watch: Watch, seconds: float) -> set[str]:
    try:
        async with asyncio.timeout(seconds):
            return await watch.changed()
    except TimeoutError:
        return set()


def _event(panes: set[str]) -> bytes:
    return f"data: {json.dumps({'panes': [name for name in PANES if name in panes]})}\n\n".encode()
