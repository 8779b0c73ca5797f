"""Long polling by one process at a time; the offset moves only after an update is on disk."""

import asyncio
import logging
from contextlib import suppress

from bots.telegram.app import App
from bots.telegram.arrivals import Arrivals
from core.errors import AccessLost, OutsideError, StoreDown, TryLater
from core.ports.chat import Lease

RENEW_SECONDS = 5.0  # a lease lives 15 s
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


class Poller:
    def __init__(self, app: App, arrivals: Arrivals, lease: Lease, *, renew_seconds: float = RENEW_SECONDS) -> None:
        self._app = app
        self._arrivals = arrivals
        self._lease = lease
        self._role = f"telegram/{app.bot_id}/poll"
        self._renew_seconds = renew_seconds

    async def run(self) -> None:
        """Until cancelled; while another process polls this bot, waits for its lease to end."""
        try:
            while True:
                if await self._hold():
                    await self._poll_while_held()
                else:
                    await asyncio.sleep(self._renew_seconds)
        finally:
            with suppress(StoreDown):
                await self._lease.leave(self._role)

    async def _hold(self) -> bool:
        try:
            return await self._lease.hold(self._role)
        except StoreDown:
            # Nothing could be kept anyway, and another process may have the role by now.
            return False

    async def _poll_while_held(self) -> None:
        polling = asyncio.create_task(self._poll())
        try:
            while not polling.done():
                await asyncio.wait({polling}, timeout=self._renew_seconds)
                if not await self._hold():
                    return
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    async def _poll(self) -> None:
        await self._app.announce()
        offset = failures = 0
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:
                    await self._app.delete_webhook()
                    webhook_gone = True
                for update in await self._app.updates(offset):
                    await self._arrivals.take(update)
                    offset = update["update_id"] + 1
                failures = 0
            except (OutsideError, StoreDown) as error:
                failures += 1
                # Somebody may have set a webhook meanwhile; the same 409 says that another poll is still ending.
                webhook_gone = webhook_gone and "webhook" not in str(error).casefold()
                await self._rest(error, failures)

    async def _rest(self, error: OutsideError | StoreDown, failures: int) -> None:
        pause = min(2.0 ** min(failures - 1, 6), LONGEST_PAUSE)
        if isinstance(error, TryLater) and error.after is not None:
            pause = error.after
        elif isinstance(error, AccessLost):
            pause = LONGEST_PAUSE
        level = logging.INFO if isinstance(error, TryLater) and failures < 3 else logging.WARNING
        log.log(level, "Polling rests %.0f s: %s", pause, error)
        await asyncio.sleep(pause)
