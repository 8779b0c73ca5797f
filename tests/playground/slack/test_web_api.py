"""The Web API as the real SDK calls it: what it takes, what it refuses and how."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.playground.slack import APP_TOKEN, BOT_TOKEN, SlackStandIn, SlackWorld, plain
from bots.playground.wire import Wire

SECTION: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": "Maria asks"}}
METADATA = {"event_type": "shopbell_card", "event_payload": {"delivery": "d-1"}}


async def refused(call: Any) -> str:
    """The error code of a call that must fail."""
    with pytest.raises(SlackApiError) as raised:
        await call
    return str(raised.value.response["error"])


async def test_a_message_is_posted_updated_and_deleted(
    client: AsyncWebClient, world: SlackWorld, wire: Wire, channel: str
) -> None:
    """An update replaces text and blocks, keeps metadata unless given, and text alone takes the blocks away."""
    posted = await client.chat_postMessage(channel=channel, text="Maria asks", blocks=[SECTION], metadata=METADATA)
    card = world.message(channel, posted["ts"])

    await client.chat_update(channel=channel, ts=card.ts, text="New", blocks=[SECTION, {"type": "divider"}])
    assert (len(card.blocks), card.metadata, card.parse) == (2, METADATA, "client")
    await client.chat_update(channel=channel, ts=card.ts, text="Plain", parse="none", metadata={})
    assert (card.blocks, card.metadata, card.parse) == ([], None, "none")
    await client.chat_delete(channel=channel, ts=card.ts)
    assert world.messages(channel) == []
    assert await refused(client.chat_update(channel=channel, ts=card.ts, text="x")) == "message_not_found"
    assert wire.problems() == []


async def test_threads_have_a_parent(client: AsyncWebClient, world: SlackWorld, anna: str, channel: str) -> None:
    """A reply needs the parent's ts; a deleted parent leaves its thread standing."""
    parent = (await client.chat_postMessage(channel=channel, text="Maria asks"))["ts"]
    reply = (await client.chat_postMessage(channel=channel, text="More", thread_ts=parent, reply_broadcast=True))["ts"]

    assert await refused(client.chat_postMessage(channel=channel, text="x", thread_ts="1.000001")) == "thread_not_found"
    assert (
        await refused(client.chat_postMessage(channel=channel, text="x", thread_ts=reply)) == "cannot_reply_to_message"
    )
    assert [plain(message) for message in world.messages(channel)] == ["Maria asks", "More"]
    await world.delete_message(parent)
    replies = await client.conversations_replies(channel=channel, ts=parent)
    assert [message["text"] for message in replies["messages"]] == ["This message was deleted.", "More"]


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"text": ""}, "no_text", ""),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks", "/blocks/0"),
        ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks", "/blocks"),
        ({"text": "x", "blocks": "no json"}, "invalid_arguments", "/blocks"),
        ({"text": "x", "colour": "red"}, "invalid_arguments", "colour"),
        ({"text": "x", "username": "Maria"}, "invalid_arguments", "username"),
        ({"text": "x", "metadata": {"event_type": "Shop Bell", "event_payload": {}}}, "invalid_metadata_format", "/m"),
        ({"text": "x", "metadata": {"event_type": "a", "event_payload": {"x": "x" * 9000}}}, "metadata_too_large", ""),
        ({"text": "x", "channel": "C0NOWHERE"}, "channel_not_found", "/channel"),
    ],
)  # fmt: skip
async def test_a_wrong_post_is_refused_and_a_problem(
    client: AsyncWebClient, world: SlackWorld, wire: Wire, channel: str, more: dict[str, Any], code: str, pointer: str
) -> None:
    """Slack's own error code, the place, and a line in the problems; nothing is posted."""
    with pytest.raises(SlackApiError) as raised:
        await client.api_call("chat.postMessage", json={"channel": channel, **more})

    said = raised.value.response.data
    assert isinstance(said, dict)
    assert said["error"] == code
    assert pointer in str(said.get("response_metadata"))
    assert wire.problems()[0].problems[0].startswith(code)
    assert world.messages(channel) == []


async def test_too_long_is_cut_or_refused(client: AsyncWebClient, world: SlackWorld, channel: str) -> None:
    """A post is cut at 40,000, an update refused above 4,000, blocks refused above 13,200 together."""
    long = {**SECTION, "text": {"type": "mrkdwn", "text": "x" * 3000}}

    ts = (await client.chat_postMessage(channel=channel, text="x" * 40_001))["ts"]

    assert len(world.message(channel, ts).text) == 40_000
    assert await refused(client.chat_update(channel=channel, ts=ts, text="x" * 4001)) == "msg_too_long"
    assert await refused(client.chat_postMessage(channel=channel, text="x", blocks=[long] * 5)) == "msg_blocks_too_long"


async def test_what_a_person_changed_is_refused_but_no_problem(
    client: AsyncWebClient, world: SlackWorld, wire: Wire, anna: str, channel: str
) -> None:
    """Archived, removed, revoked: Shopbell could not know, so the wire does not blame it."""
    private = world.add_channel("bosses", anna, kind="private")
    ts = (await client.chat_postMessage(channel=channel, text="Maria asks"))["ts"]

    await world.archive(channel)
    assert await refused(client.chat_postMessage(channel=channel, text="x")) == "is_archived"
    assert await refused(client.chat_update(channel=channel, ts=ts, text="x")) == "is_inactive"
    world.channels[channel].archived = False
    await world.remove_bot(channel)
    assert await refused(client.chat_postMessage(channel=channel, text="x")) == "not_in_channel"
    await world.remove_bot(private)
    assert await refused(client.chat_postMessage(channel=private, text="x")) == "channel_not_found"
    await world.revoke_token()
    assert await refused(client.auth_test()) == "token_revoked"
    assert wire.problems() == []


async def test_a_message_of_a_person_is_not_ours(
    client: AsyncWebClient, world: SlackWorld, anna: str, channel: str
) -> None:
    """The app changes and deletes only what it posted."""
    ts = await world.say(anna, channel, "hello")

    assert await refused(client.chat_update(channel=channel, ts=ts, text="x")) == "cant_update_message"
    assert await refused(client.chat_delete(channel=channel, ts=ts)) == "cant_delete_message"


async def test_tokens_and_methods_are_checked(slack: SlackStandIn, wire: Wire, client: AsyncWebClient) -> None:
    """Tokens come in the header, a form or the query; an unknown method is a problem."""
    async with aiohttp.ClientSession() as session:

        async def error(method: str, **more: Any) -> str:
            async with session.post(slack.api_url + method, **more) as response:
                return str((await response.json()).get("error"))

        assert await error("auth.test") == "not_authed"
        assert await error("auth.test", data={"token": "xoxb-other"}) == "invalid_auth"
        assert await error("auth.test", data={"token": BOT_TOKEN}) == "None"
        assert await error("auth.test", params={"token": BOT_TOKEN}) == "None"
        assert await error("auth.test", data="{", headers={"Content-Type": "application/json"}) == "invalid_json"
        assert await error("apps.connections.open", data={"token": BOT_TOKEN}) == "not_allowed_token_type"
        assert await error("auth.test", data={"token": APP_TOKEN}) == "not_allowed_token_type"
        assert await error("chat.shout", data={"token": BOT_TOKEN}) == "unknown_method"
    assert wire.problems()[-1].method == "chat.shout"
    assert BOT_TOKEN not in json.dumps([call.as_json() for call in wire.calls()])


async def test_a_trigger_opens_one_view_within_seconds(
    client: AsyncWebClient, world: SlackWorld, anna: str, channel: str
) -> None:
    """A trigger works once and not late, and three views are the most."""
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "Reply"}, "blocks": []}
    trigger = world.new_trigger(anna, world.workspace.id)

    view = (await client.views_open(trigger_id=trigger, view=modal))["view"]
    assert await refused(client.views_open(trigger_id=trigger, view=modal)) == "exchanged_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.x", view=modal)) == "invalid_trigger_id"
    for _ in range(2):
        await client.views_push(trigger_id=world.new_trigger(anna, world.workspace.id, view["id"]), view=modal)
    full = world.new_trigger(anna, world.workspace.id, view["id"])
    assert await refused(client.views_push(trigger_id=full, view=modal)) == "push_limit_reached"
    world.trigger_seconds = 0.0
    late = world.new_trigger(anna, world.workspace.id)
    assert await refused(client.views_open(trigger_id=late, view=modal)) == "expired_trigger_id"


async def test_a_view_is_updated_by_hash_and_keeps_what_was_typed(
    client: AsyncWebClient, world: SlackWorld, wire: Wire, anna: str
) -> None:
    """An old hash is a conflict; fields of the same ids keep their words; a closed view is gone."""
    element = {"type": "plain_text_input", "action_id": "words", "initial_value": "Dear"}
    field = {"type": "input", "block_id": "text", "label": {"type": "plain_text", "text": "Text"}, "element": element}
    words = {"title": {"type": "plain_text", "text": "Reply"}, "submit": {"type": "plain_text", "text": "Send"}}
    modal = {"type": "modal", **words, "blocks": [field]}
    opened = (await client.views_open(trigger_id=world.new_trigger(anna, world.workspace.id), view=modal))["view"]

    assert opened["state"]["values"]["text"]["words"]["value"] == "Dear"
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal)
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal)
    assert await refused(stale) == "hash_conflict"
    view = world.view(anna)
    assert view is not None
    view.values["text"]["words"]["value"] = "Dear Maria"
    await client.views_update(view_id=view.id, view={**modal, "private_metadata": "x"})
    assert view.values["text"]["words"]["value"] == "Dear Maria"
    await client.views_update(view_id=view.id, view={**modal, "blocks": [{**field, "block_id": "other"}]})
    assert view.values["other"]["words"]["value"] == "Dear"
    await world.close(anna)
    assert await refused(client.views_update(view_id=view.id, view=modal)) == "not_found"
    assert wire.problems() == []


async def test_people_and_conversations_are_found(
    client: AsyncWebClient, world: SlackWorld, wire: Wire, anna: str, channel: str
) -> None:
    """What the adapter asks about rooms and members is answered."""
    gone = world.add_user("gone", deleted=True)

    dm = (await client.conversations_open(users=anna))["channel"]["id"]
    await client.chat_postMessage(channel=anna, text="Hello Anna")

    assert [plain(message) for message in world.messages(dm)] == ["Hello Anna"]
    assert (await client.conversations_info(channel=channel))["channel"]["is_member"] is True
    assert (await client.conversations_members(channel=channel))["members"] == [anna, world.bot]
    assert [c["id"] for c in (await client.conversations_list(types="public_channel,im", limit=1))["channels"]] == [
        channel
    ]
    assert (await client.users_info(user=anna))["user"]["tz"] == "Europe/Berlin"
    assert (await client.auth_test())["user_id"] == world.bot
    assert (await client.bots_info(bot=world.workspace.bot_id))["bot"]["user_id"] == world.bot
    assert (await client.team_info())["team"]["id"] == world.workspace.id
    assert await refused(client.conversations_open(users=gone)) == "user_disabled"
    assert wire.problems() == []


async def test_reactions_permalinks_and_history(
    client: AsyncWebClient, world: SlackWorld, anna: str, channel: str
) -> None:
    """Small things around a message work once and are refused twice."""
    first = await world.say(anna, channel, "one")
    ts = (await client.chat_postMessage(channel=channel, text="two"))["ts"]

    await client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert await refused(client.reactions_add(channel=channel, timestamp=ts, name="eyes")) == "already_reacted"
    assert world.message(channel, ts).reactions == {"eyes": [world.bot]}
    await client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    assert await refused(client.reactions_remove(channel=channel, timestamp=ts, name="eyes")) == "no_reaction"
    assert ts.replace(".", "") in (await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
    history = (await client.conversations_history(channel=channel))["messages"]
    assert [message["ts"] for message in history] == [ts, first]


async def test_a_file_is_uploaded_into_a_thread(
    client: AsyncWebClient, world: SlackWorld, wire: Wire, channel: str
) -> None:
    """The SDK's three steps end in a message with the file."""
    ts = (await client.chat_postMessage(channel=channel, text="Maria asks"))["ts"]

    await client.files_upload_v2(channel=channel, thread_ts=ts, content=b"\x89PNG", filename="shoe.png", title="Shoe")

    message = world.messages(channel, ts)[0]
    assert [file["title"] for file in message.files] == ["Shoe"]
    assert world.files[message.files[0]["id"]]["content"] == b"\x89PNG"
    assert wire.problems() == []


async def test_budgets_hold_when_switched_on(client: AsyncWebClient, world: SlackWorld, channel: str) -> None:
    """A fourth post at once in a channel must wait; another channel need not."""
    other = world.add_channel("other")
    world.limits = True
    for _ in range(3):
        await client.chat_postMessage(channel=channel, text="x")

    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=channel, text="x")

    assert (raised.value.response.status_code, raised.value.response["error"]) == (429, "ratelimited")
    assert raised.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=other, text="x")
