"""The hands by HTTP: whatever is asked of them, the answer is what they did, or in words why they could not."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bots.playground.app import Playground
from bots.playground.marketplace import stand_in as marketplace
from bots.playground.people import SHOP
from bots.playground.slack import stand_in as slack
from bots.playground.telegram import stand_in as telegram

JUNK: tuple[Any, ...] = (None, True, 5, 1.5, "nix", [], [1], {}, {"a": 1})
CARD = [{"type": "actions", "elements": [{"type": "button", "action_id": "reply", "text": {"text": "Reply to Ann"}}]}]


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """With a message that has a button, and nobody at the other end."""
    async with Playground() as made:
        world = made.slack.world
        world.post(world.channels[made.channel], world.bot, "Ann", blocks=CARD, bot_id=world.workspace.bot_id)
        yield made


@pytest.fixture
async def http(playground: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(playground.url) as session:
        yield session


async def refusal(http: aiohttp.ClientSession, hand: str, given: Any) -> tuple[int, str]:
    async with http.post(hand, json=given) as answer:
        return answer.status, (await answer.json())["error"]


async def test_a_button_that_is_not_there(playground: Playground, http: aiohttp.ClientSession) -> None:
    """The refusal names what was asked for, and what there is."""
    card = playground.slack.world.messages(playground.channel)[-1]
    asked = {"user": playground.sam, "channel": playground.channel, "ts": card.ts, "action": "Answer Ann"}

    refused = await refusal(http, "/slack/hands/click", asked)

    assert refused == (409, "There is no 'Answer Ann' here, only ['Reply to Ann'].")


async def test_words_for_what_was_asked_wrongly(playground: Playground, http: aiohttp.ClientSession) -> None:
    """What is missing, too much, of another kind, of nobody, or no hand at all."""
    said = {"user": playground.eve.id, "chat": playground.eve.id, "text": "Hello"}

    words = [
        await refusal(http, "/telegram/hands/send", {"user": 1, "chat": 1}),
        await refusal(http, "/telegram/hands/send", said | {"shout": True}),
        await refusal(http, "/telegram/hands/send", said | {"user": "Eve"}),
        await refusal(http, "/telegram/hands/send", said | {"user": 1}),
        await refusal(http, "/telegram/hands/send", ["Hello"]),
        await refusal(http, "/marketplace/hands/write", {"shop": "nix", "buyer": "Ann", "text": "Hello"}),
    ]

    assert words == [
        (400, "'send' needs text."),
        (400, "'send' takes no 'shout', only user, chat, text, reply_to, thread."),
        (400, "'send' takes 'user' as a whole number, not 'Eve'."),
        (409, "There is no 1."),
        (400, "Send a JSON object, as application/json."),
        (409, "There is no shop 'nix', only bell."),
    ]
    assert list(playground.marketplace.shops) == [SHOP]
    assert (await refusal(http, "/slack/hands/steal", {}))[0] == 404


@pytest.mark.parametrize("side", ["slack", "telegram", "marketplace"])
async def test_no_hand_breaks(playground: Playground, http: aiohttp.ClientSession, side: str) -> None:
    """With one argument of every kind that JSON has, in place of each: it does something, or says why not."""
    hands: dict[str, tuple[object, Any]] = {
        "slack": (playground.slack.world, slack.HANDS),
        "telegram": (playground.telegram.hands, telegram.HANDS),
        "marketplace": (playground.marketplace, marketplace.HANDS),
    }
    whose, names = hands[side]
    fitting: dict[str, Any] = {
        "user": playground.sam if side == "slack" else playground.eve.id,
        "channel": playground.channel,
        "chat": playground.eve.id,
        "shop": SHOP,
        "message_id": 1,
        "seconds": 0.01,
    }
    broken = []
    for name in sorted(names):
        taken = list(inspect.signature(getattr(whose, name)).parameters)
        usual = {each: fitting.get(each, "x") for each in taken if each in fitting or each in ("text", "name", "ts")}
        for given in ({}, usual, *(usual | {each: junk} for each in taken for junk in JUNK)):
            async with http.post(f"/{side}/hands/{name}", json=given) as answer:
                if answer.status not in (200, 400, 409, 502):
                    broken.append((name, given, answer.status))

    assert broken == []


async def test_a_fault_of_no_kind_breaks_nothing(playground: Playground, http: aiohttp.ClientSession) -> None:
    """It is refused when it is asked for, not met by the next call."""
    refused = await refusal(http, "/faults", {"side": "slack", "times": "twice"})
    async with http.post(
        "/page/faults/slack-429/on", data=b"{", headers={"content-type": "application/json"}
    ) as answer:
        broken = answer.status

    assert refused == (400, "A fault takes 'times' as a whole number or null, not 'twice'.")
    assert broken == 400
    assert playground.faults.all() == {}
