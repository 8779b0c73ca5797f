"""The Slack pane: what one person has in front of them, and nobody else's."""

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from bots import slack as adapter
from bots.playground.app import Playground
from bots.playground.slack.installed import COMMANDS, SHORTCUTS

Look = Callable[..., Awaitable[Any]]

PNG = base64.b64encode(b"\x89PNG\r\n").decode()
SECTION = {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "*Ann* asks &lt;!channel&gt;"}}


async def test_what_was_sent_is_what_is_drawn(playground: Playground, look: Look) -> None:
    """Blocks come as the app sent them; threads with their number of replies; whispers to their reader alone."""
    world = playground.slack.world
    channel = world.channels[playground.channel]
    card = world.post(channel, world.bot, "fallback", blocks=[SECTION])
    world.post(channel, world.bot, "for Sam", only_for=playground.sam)
    await world.say(playground.kim, channel.id, "I take it", card.ts)
    await world.say(playground.kim, channel.id, "@Sam look: a & b")

    sam, kim = await look("slack", thread=card.ts), await look("slack", user=playground.kim)

    shown, whisper, said = sam["messages"]
    assert (shown["blocks"], shown["reply_count"], shown["reply_users"]) == ([SECTION], 1, [playground.kim])
    assert (whisper["text"], whisper["only_for"]) == ("for Sam", playground.sam)
    assert said["text"] == f"<@{playground.sam}> look: a &amp; b"
    assert [each["text"] for each in sam["thread"]["messages"]] == ["fallback", "I take it"]
    assert [each["text"] for each in kim["messages"]] == ["fallback", said["text"]]
    assert (sam["user"], kim["user"], sam["older"]) == (playground.sam, playground.kim, False)
    assert [(each["name"], each["role"]) for each in sam["people"]] == [("Sam", "owner"), ("Kim", "agent")]


async def test_each_person_has_a_channel_with_the_app(playground: Playground, look: Look) -> None:
    """The team's channel and the direct one, each person's own; who asks for another's gets their first."""
    sam = await look("slack")
    direct = sam["channels"][1]
    kim = await look("slack", user=playground.kim, channel=direct["id"])

    assert [(each["kind"], each["archived"]) for each in sam["channels"]] == [("private", False), ("im", False)]
    assert kim["channel"] == playground.channel
    assert direct["id"] not in {each["id"] for each in kim["channels"]}


async def test_files_edits_and_deletions(playground: Playground, look: Look, http: aiohttp.ClientSession) -> None:
    """A picture comes back as one, an edited message says so, and a deleted parent leaves its place."""
    world, sam, channel = playground.slack.world, playground.sam, playground.channel
    file = {"name": "a.png", "mimetype": "image/png", "data": PNG}
    shared = await world.share(sam, channel, [file], "See")
    await world.edit_message(sam, channel, shared, "See here")
    parent = await world.say(sam, channel, "Parent")
    await world.say(sam, channel, "Reply", parent)
    await world.delete_message(parent)

    first, second = (await look("slack"))["messages"]
    async with http.get(first["files"][0]["url"]) as answer:
        got = answer.content_type, await answer.read()

    assert (first["text"], first["edited"], first["files"][0]["name"]) == ("See here", True, "a.png")
    assert (second["deleted"], second["reply_count"]) == (True, 1)
    assert got == ("image/png", b"\x89PNG\r\n")


async def test_a_press_within_a_form_carries_what_was_typed_there(
    playground: Playground, look: Look, http: aiohttp.ClientSession
) -> None:
    """So that the form that takes its place has it still, an uploaded picture too."""
    world, sam = playground.slack.world, playground.sam
    typed = {"type": "plain_text_input", "action_id": "typed"}
    files = {"type": "file_input", "action_id": "files", "max_files": 2}
    label = {"type": "plain_text", "text": "Label"}
    button = {"type": "button", "action_id": "more", "text": label}
    blocks = [
        {"type": "actions", "block_id": "a", "elements": [button]},
        *({"type": "input", "block_id": e["action_id"], "label": label, "element": e} for e in (typed, files)),
    ]
    form = {"type": "modal", "title": label, "submit": label, "blocks": blocks}
    view = world.open_view(sam, world.workspace.id, form)
    uploaded = {"user": sam, "name": "a.png", "mimetype": "image/png", "data": PNG}
    async with http.post("/slack/hands/upload", json=uploaded) as answer:
        picture = (await answer.json())["result"]

    values = {"typed/typed": "Yes", "files/files": [picture]}
    pressed = {"user": sam, "view": view.id, "action": "more", "values": values}
    async with http.post("/slack/hands/click_view", json=pressed) as answer:
        heard = (await answer.json())["result"]

    (shown,) = (await look("slack"))["views"]
    assert heard is False  # nobody listens here
    assert shown["state"]["values"]["typed"]["typed"]["value"] == "Yes"
    assert [each["name"] for each in shown["state"]["values"]["files"]["files"]["files"]] == ["a.png"]


async def test_an_older_page(playground: Playground, look: Look) -> None:
    """The newest hundred, then what was before, with the whispers of that time among them."""
    world = playground.slack.world
    channel = world.channels[playground.channel]
    for number in range(150):
        world.post(channel, world.bot, f"{number}")
        if number == 20:
            world.post(channel, world.bot, "whisper", only_for=playground.sam)

    newest = await look("slack")
    before = newest["messages"][0]["ts"]
    older = await look("slack/older", user=playground.sam, channel=channel.id, before=before)

    assert [each["text"] for each in newest["messages"]] == [f"{number}" for number in range(50, 150)]
    assert newest["older"] is True
    assert [each["text"] for each in older["messages"]] == [
        *(f"{number}" for number in range(21)),
        "whisper",
        *(f"{number}" for number in range(21, 50)),
    ]
    assert older["older"] is False


async def test_what_is_asked_wrongly_is_told(http: aiohttp.ClientSession) -> None:
    """A door says what is missing, and a channel that is not there is not there."""
    statuses = []
    for query in ("", "?user=U1&channel=C1&before=1"):
        async with http.get(f"/page/slack/older{query}") as answer:
            statuses.append((answer.status, bool((await answer.json())["error"])))

    assert statuses == [(400, True)] * 2


def test_the_app_is_installed_as_its_manifest_says() -> None:
    """Commands and shortcuts of the page are those of the real app."""
    manifest = (Path(adapter.__file__).parent / "manifest.yaml").read_text()

    assert all(f"command: {known['command']}\n" in manifest for known in COMMANDS)
    assert all(f'usage_hint: "{known["hint"]}"\n' in manifest for known in COMMANDS)
    assert all(f"description: {known['description']}\n" in manifest for known in COMMANDS)
    assert manifest.count("- command:") == len(COMMANDS)
    shortcuts = [
        f"- name: {known['name']}\n      type: {kind}\n      callback_id: {known['callback_id']}\n"
        for kind, all_known in SHORTCUTS.items()
        for known in all_known
    ]
    assert all(shortcut in manifest for shortcut in shortcuts)
    assert manifest.count("callback_id:") == len(shortcuts)
