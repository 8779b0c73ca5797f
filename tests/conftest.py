"""What every test gets: the fixtures of tests/fixtures, and an end to a coroutine that hangs."""

import asyncio
import functools
import inspect
import os
from collections.abc import Awaitable, Callable

import pytest
import structlog
from hypothesis import settings

# How long an example takes says more of the machine than of the code; speed is measured by `make bench`.
settings.register_profile("shopbell", deadline=None, print_blob=True)
settings.load_profile("shopbell")

# By default a traceback is drawn with every local variable, which takes seconds.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

# One module of tests/fixtures for each thing that tests stand on.
pytest_plugins: list[str] = ["tests.fixtures.engine", "tests.fixtures.core", "tests.fixtures.surface"]

ASYNC_TEST_SECONDS = 60.0
WORKERS_A_CORE = 2  # half of what a test does is waiting: for a server to start, for a lease to pass


def pytest_xdist_auto_num_workers() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return WORKERS_A_CORE * cores + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.obj = _bounded(item.obj)


def _bounded(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def run(*args: object, **named: object) -> None:
        async with asyncio.timeout(ASYNC_TEST_SECONDS):
            await test(*args, **named)

    return run
