"""The fault menu: each does what it says and heals what it broke."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bots.playground.app import Playground
from bots.playground.page.faults import MENU

Look = Callable[..., Awaitable[Any]]

SWITCHES = [trouble.name for trouble in MENU if not (trouble.deed and trouble.deed.undo is None)]
CONTRACT = (
    "slack-429 slack-slow slack-lost-answer slack-revoked-token slack-archived-channel telegram-429 telegram-slow "
    "telegram-lost-answer telegram-revoked-token telegram-blocked-bot telegram-deleted-topic marketplace-down "
    "marketplace-refuses marketplace-lost-answer marketplace-slow"
).split()


async def switch(http: aiohttp.ClientSession, name: str, how: str, **where: object) -> tuple[int, Any]:
    async with http.post(f"/page/faults/{name}/{how}", json=where) as answer:
        return answer.status, await answer.json()


async def on(look: Look) -> list[str]:
    return [each["name"] for each in (await look("faults"))["menu"] if each["on"]]


async def test_the_menu(look: Look) -> None:
    """Everything that the page offers, each with what it does and how it is healed; nothing is on at first."""
    menu = (await look("faults"))["menu"]

    assert [each["name"] for each in menu] == CONTRACT
    assert all(each["title"] and each["what"] and each["healed_by"] and not each["on"] for each in menu)


@pytest.mark.parametrize("name", SWITCHES)
async def test_on_and_off(playground: Playground, http: aiohttp.ClientSession, look: Look, name: str) -> None:
    """On is on once, however often it is pressed; off leaves nothing behind."""
    await playground.telegram.hands.start(playground.eve)
    before = picture(playground)
    first, again = await switch(http, name, "on"), await switch(http, name, "on")
    while_on = await on(look)
    off = await switch(http, name, "off")

    assert [first[0], again[0], off[0]] == [200] * 3
    assert while_on == [name]
    assert await on(look) == []
    assert playground.faults.all() == {}
    assert picture(playground) == before


def picture(playground: Playground) -> object:
    slack, telegram = playground.slack.world, playground.telegram.world
    archived = [channel.archived for channel in slack.channels.values()]
    return slack.workspace.revoked, telegram.bot.revoked, archived, telegram.private(playground.eve).blocked


async def test_a_target(playground: Playground, http: aiohttp.ClientSession) -> None:
    """The person who is named blocks the bot, the topic that is named is deleted; without any there is none."""
    hands, team = playground.telegram.hands, playground.team
    missing = [(await switch(http, name, "on"))[0] for name in ("telegram-blocked-bot", "telegram-deleted-topic")]
    for person in (playground.eve, playground.max):
        await hands.start(person)
    kept, deleted = [await hands.open_topic(playground.eve, team, name) for name in ("Kept", "Deleted")]

    await switch(http, "telegram-blocked-bot", "on", user=playground.max.id)
    await switch(http, "telegram-deleted-topic", "on", chat=team.id, thread=deleted.id)

    blocked = [playground.telegram.world.private(person).blocked for person in (playground.eve, playground.max)]
    assert missing == [409, 409]
    assert blocked == [False, True]
    assert (bool(kept.deleted), bool(deleted.deleted)) == (False, True)


async def test_what_is_mended_by_hand_is_off(playground: Playground, http: aiohttp.ClientSession, look: Look) -> None:
    """The menu shows what is, not what was pressed."""
    await switch(http, "slack-archived-channel", "on", channel=playground.channel)
    await switch(http, "slack-slow", "on")
    await playground.slack.world.unarchive(playground.channel)
    playground.faults.clear()

    assert await on(look) == []


async def test_only_the_page_may(http: aiohttp.ClientSession) -> None:
    """An unknown fault is not found, and a form that a foreign page could send is not taken."""
    unknown = await switch(http, "slack-on-fire", "on")
    async with http.post("/page/faults/slack-429/on", data="{}") as answer:
        form = answer.status

    assert (unknown[0], form) == (404, 400)
