"""Shopbell as a command opens it: the settings of here and now, and a store that answers."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bots.registry import sections
from bots.wiring import Opened, opened
from core.config import Settings, load
from core.observability import set_up_logging
from core.workers.heartbeat import SECTION as HEARTBEAT


def settings_here() -> tuple[Settings, dict[str, str]]:
    """From the environment and the `shopbell.toml` of this folder. Raises Misconfigured."""
    return load(os.environ, Path.cwd(), [*sections(), HEARTBEAT])


@asynccontextmanager
async def session(*, chats: bool = False) -> AsyncIterator[Opened]:
    """For a passing command: a Redis that had to be started for it ends with it, and only warnings are logged."""
    settings, named = settings_here()
    set_up_logging(as_json=settings.log_json, level=logging.WARNING)
    async with opened(settings, named, chats=chats) as shopbell:
        yield shopbell
