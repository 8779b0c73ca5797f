"""The Telegram pane: what one person's app shows."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bots.playground.app import Playground
from bots.playground.telegram.errors import ApiError

Look = Callable[..., Awaitable[Any]]


async def call(http: aiohttp.ClientSession, playground: Playground, method: str, **given: object) -> Any:
    async with http.post(f"/telegram/bot{playground.bot_token}/{method}", json=given) as answer:
        return await answer.json()


async def test_a_chat_as_its_person_sees_it(playground: Playground, look: Look, http: aiohttp.ClientSession) -> None:
    """Raw messages with what the API does not tell: whose they are, reactions, and whether a reply is asked for."""
    hands, eve = playground.telegram.hands, playground.eve
    before = (await look("telegram"))["chats"][0]["started"]
    started = await hands.start(eve, "code")
    asking = {"force_reply": True, "input_field_placeholder": "Your answer"}
    await call(http, playground, "sendMessage", chat_id=eve.id, text="What?", reply_markup=asking)
    below = {"keyboard": [[{"text": "Yes"}]]}
    await call(http, playground, "sendMessage", chat_id=eve.id, text="Or", reply_markup=below)
    await hands.react(eve, eve, started.id, "👍")
    await hands.send_photo(eve, eve, "Look", data=base64.b64encode(b"\x89PNG").decode())

    pane = await look("telegram")
    mine, asks, offers, photo = pane["messages"]
    async with http.get(f"/page/files/telegram/{photo['photo'][-1]['file_id']}") as answer:
        picture = answer.content_type, await answer.read()

    assert before is False
    assert (mine["text"], mine["mine"], mine["reactions"]) == ("/start code", True, ["👍"])
    assert (asks["mine"], asks["asks"], asks["placeholder"]) == (False, True, "Your answer")
    assert (asks["keyboard"], offers["keyboard"]) == (None, below)
    assert (photo["caption"], picture) == ("Look", ("image/png", b"\x89PNG"))
    assert [(each["first_name"], each["role"]) for each in pane["people"]] == [("Eve", "owner"), ("Max", "agent")]
    assert [(each["title"], each["forum"]) for each in pane["chats"]] == [("Shopbell", False), ("Bell team", True)]
    assert pane["bot"]["username"] == "shopbell_bot"


async def test_a_forum_is_read_by_topic(playground: Playground, look: Look) -> None:
    """No thread is the General topic; the topics come with the one spoken in last first."""
    hands, eve, team = playground.telegram.hands, playground.eve, playground.team
    first = await hands.open_topic(eve, team, "First")
    second = await hands.open_topic(eve, team, "Second")
    await hands.send(eve, team, "in the first", thread=first.id)
    await hands.send(eve, team, "beside all")
    await hands.close_topic(team, second.id)

    general = await look("telegram", user=playground.max.id, chat=team.id)
    topic = await look("telegram", user=playground.max.id, chat=team.id, thread=first.id)

    assert [each["manages"] for each in general["chats"]] == [False, False]
    assert [each["text"] for each in general["messages"] if "text" in each] == ["beside all"]
    assert [each.get("text") for each in topic["messages"]] == [None, "in the first"]
    assert [(each["name"], each["closed"], each["messages"]) for each in topic["topics"]] == [
        ("Second", True, 2),
        ("First", False, 2),
    ]
    assert (general["thread"], topic["thread"], topic["messages"][1]["mine"]) == (None, first.id, False)


async def test_older_messages_and_none_of_anothers(
    playground: Playground, look: Look, http: aiohttp.ClientSession
) -> None:
    """A page at a time; a person's chat with the bot is theirs alone."""
    hands, eve = playground.telegram.hands, playground.eve
    await hands.start(eve)
    for number in range(120):
        await hands.send(eve, eve, f"{number}")

    pane = await look("telegram")
    older = await look("telegram/older", user=eve.id, chat=eve.id, before=pane["messages"][0]["message_id"])
    asked = f"user={playground.max.id}&chat={eve.id}&before=5"
    async with http.get(f"/page/telegram/older?{asked}") as answer:
        foreign = answer.status

    assert [each["text"] for each in pane["messages"]] == [f"{number}" for number in range(20, 120)]
    assert [each["text"] for each in older["messages"]] == ["/start", *(f"{number}" for number in range(20))]
    assert (pane["older"], older["older"], foreign) == (True, False, 400)


@pytest.mark.parametrize(
    ("scope", "language", "private", "group"),
    [
        (None, "", True, True),
        (None, "en", True, True),
        (None, "de", False, False),
        ({"type": "all_private_chats"}, "", True, False),
        ({"type": "all_group_chats"}, "", False, True),
        ({"type": "all_chat_administrators"}, "", False, True),
        ({"type": "chat", "chat_id": "team"}, "", False, True),
        ({"type": "chat_member", "chat_id": "team", "user_id": "eve"}, "en", False, True),
        ({"type": "chat_member", "chat_id": "team", "user_id": "max"}, "en", False, False),
    ],
)
async def test_the_menu_is_that_of_the_scope(
    playground: Playground,
    look: Look,
    http: aiohttp.ClientSession,
    scope: dict[str, Any] | None,
    language: str,
    private: bool,
    group: bool,
) -> None:
    """As Telegram chooses it: by chat, by rights, by language."""
    ids = {"team": playground.team.id, "eve": playground.eve.id, "max": playground.max.id}
    await playground.telegram.hands.add_bot(playground.team, playground.eve)
    commands = [{"command": "inbox", "description": "What waits"}]
    given: dict[str, object] = {"commands": commands}
    given |= {"language_code": language} if language else {}
    given |= {"scope": {name: ids.get(value, value) for name, value in scope.items()}} if scope else {}
    assert (await call(http, playground, "setMyCommands", **given))["ok"]

    alone = await look("telegram", user=playground.eve.id)
    team = await look("telegram", user=playground.eve.id, chat=playground.team.id)

    assert alone["menu"] == (commands if private else [])
    assert team["menu"] == (commands if group else [])


async def test_a_token_that_was_taken_back(playground: Playground, http: aiohttp.ClientSession) -> None:
    """401 to everything, also to a poll that waits; and all is as before once it is valid again."""
    hands, world = playground.telegram.hands, playground.telegram.world
    polling = asyncio.create_task(call(http, playground, "getUpdates", timeout=20))
    await world.wait(lambda: world.bot.updates.polled, "a poll")
    await hands.revoke_token()
    refused = [await polling, await call(http, playground, "getMe")]
    await hands.restore_token()

    assert refused == [ApiError(401, "Unauthorized").body()] * 2
    assert (await call(http, playground, "getMe"))["ok"]
