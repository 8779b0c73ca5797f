"""A stand-in for Telegram with a bot, two people, and python-telegram-bot pointed at it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bots.playground.faults import Faults
from bots.playground.telegram import TelegramStandIn, User
from bots.playground.wire import Wire

TOKEN = "7001:shopbell-playground-token-0000000000"


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def telegram(wire: Wire, faults: Faults, clock: Clock) -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn(wire, faults, clock=clock) as stand_in:
        stand_in.world.new_bot(TOKEN)
        yield stand_in


@pytest.fixture
def ann(telegram: TelegramStandIn) -> User:
    return telegram.world.new_user("Ann", "ann_sells")


@pytest.fixture
def bob(telegram: TelegramStandIn) -> User:
    return telegram.world.new_user("Bob", "bob_helps")


@pytest.fixture
async def bot(telegram: TelegramStandIn) -> AsyncIterator[Bot]:
    requests = [HTTPXRequest(read_timeout=5), HTTPXRequest(read_timeout=5)]
    async with Bot(
        TOKEN,
        base_url=f"{telegram.url}/bot",
        base_file_url=f"{telegram.url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    ) as real:
        yield real
