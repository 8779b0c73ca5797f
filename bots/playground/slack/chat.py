"""chat.* and reactions.*: messages as the app posts, changes and deletes them."""

from __future__ import annotations

import copy
import json
import re

from bots.playground.slack.block_check import complaints_about_blocks, is_too_long
from bots.playground.slack.state import Channel, Json, Message, SlackError, Workspace
from bots.playground.slack.world import SlackWorld

MOST_TEXT = 40_000
MOST_UPDATE_TEXT = 4_000
MOST_METADATA = 8_000
EVENT_TYPE = re.compile(r"[a-z][a-z0-9_]*")


async def post_message(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    channel = reachable(world, workspace, given["channel"], to_post=True)
    blocks = checked_blocks(given)
    if not (given.get("text") or blocks or given.get("attachments")):
        raise SlackError("no_text")
    message = world.post(
        channel,
        workspace.bot,
        given.get("text", "")[:MOST_TEXT],
        blocks=blocks,
        bot_id=workspace.bot_id,
        thread_ts=_thread(world, channel, given.get("thread_ts")),
        broadcast=bool(given.get("reply_broadcast") and given.get("thread_ts")),
        metadata=_metadata(given.get("metadata")),
        parse=given.get("parse"),
        link_names=given.get("link_names", False),
    )
    await world.echo_metadata(workspace, message)
    world.emit_message(channel, {**message.as_json(), "event_ts": message.ts})
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}


async def update(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    """Text without blocks removes the blocks; metadata stays unless given; `parse` is "client" unless given."""
    channel = reachable(world, workspace, given["channel"])
    if channel.archived:
        raise SlackError("is_inactive", problem=False)
    message = _own(world, workspace, channel, given["ts"], "cant_update_message")
    text, blocks = given.get("text"), checked_blocks(given)
    if text is not None and len(text) > MOST_UPDATE_TEXT:
        raise SlackError("msg_too_long", _at("must be less than 4001 characters", "/text"))
    if not (text or blocks or given.get("attachments")):
        raise SlackError("no_text")
    if given.get("metadata") is not None:
        message.metadata = _metadata(given["metadata"] or None)
    message.parse, message.link_names = given.get("parse", "client"), given.get("link_names", False)
    world.edit(message, message.text if text is None else text, blocks)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_json()}


async def delete(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    channel = reachable(world, workspace, given["channel"])
    message = _own(world, workspace, channel, given["ts"], "cant_delete_message")
    world.erase(message)
    return {"channel": channel.id, "ts": message.ts}


async def post_ephemeral(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    channel = reachable(world, workspace, given["channel"], to_post=True)
    blocks = checked_blocks(given)
    if not (given.get("text") or blocks):
        raise SlackError("no_text")
    if given["user"] not in channel.members:
        raise SlackError("user_not_in_channel", problem=given["user"] not in channel.left)
    message = world.post(
        channel,
        workspace.bot,
        given.get("text", "")[:MOST_TEXT],
        blocks=blocks,
        bot_id=workspace.bot_id,
        thread_ts=_thread(world, channel, given.get("thread_ts")),
        only_for=given["user"],
        parse=given.get("parse"),
        link_names=given.get("link_names", False),
    )
    return {"message_ts": message.ts}


async def get_permalink(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    channel = reachable(world, workspace, given["channel"])
    message = existing(world, channel, given["message_ts"])
    link = f"https://{workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


async def add_reaction(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    message = existing(world, reachable(world, workspace, given["channel"]), given["timestamp"])
    users = message.reactions.setdefault(given["name"], [])
    if workspace.bot in users:
        raise SlackError("already_reacted", problem=False)
    users.append(workspace.bot)
    return {}


async def remove_reaction(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    message = existing(world, reachable(world, workspace, given["channel"]), given["timestamp"])
    users = message.reactions.get(given["name"], [])
    if workspace.bot not in users:
        raise SlackError("no_reaction", problem=False)
    users.remove(workspace.bot)
    if not users:
        del message.reactions[given["name"]]
    return {}


def reachable(
    world: SlackWorld, workspace: Workspace, id: str, *, to_post: bool = False, to_ask: bool = False
) -> Channel:
    """The channel as this bot may use it; a user id means the direct channel.

    `to_ask`: only what it is; commands come from private channels too that the bot cannot know it is not in.
    """
    if id in world.users and to_post:
        if world.users[id].deleted:
            raise SlackError("user_disabled", problem=False)
        return world.direct(id, workspace)
    channel = world.channels.get(id)
    if channel is None or channel.team != workspace.id:
        raise SlackError("channel_not_found", _at(f"no channel {id}", "/channel"))
    if workspace.bot not in channel.members and (to_post or channel.kind != "public"):
        # Slack does not say of a private channel that it is there.
        code = "not_in_channel" if channel.kind == "public" else "channel_not_found"
        raise SlackError(code, problem=not to_ask and workspace.bot not in channel.left)
    if to_post and channel.archived:
        raise SlackError("is_archived", problem=False)
    return channel


def existing(world: SlackWorld, channel: Channel, ts: str, code: str = "message_not_found") -> Message:
    message = world.posts[channel.id].get(ts)
    if message is None or message.deleted:
        raise SlackError(code, _at(f"no message {ts}", "/ts"), problem=(channel.id, ts) not in world.gone)
    return message


def checked_blocks(given: Json) -> list[Json]:
    """The blocks of a message; raises what Slack would answer to bad ones."""
    blocks: list[Json] = copy.deepcopy(given.get("blocks", []))
    complaints = complaints_about_blocks(blocks, "message")
    for number, attachment in enumerate(given.get("attachments", [])):
        if isinstance(attachment, dict) and "blocks" in attachment:
            complaints += complaints_about_blocks(attachment["blocks"], "message", f"/attachments/{number}/blocks")
    if complaints:
        raise SlackError("invalid_blocks", *complaints)
    if is_too_long(blocks):
        raise SlackError("msg_blocks_too_long", _at("the blocks have too many characters", "/blocks"))
    return blocks


def _own(world: SlackWorld, workspace: Workspace, channel: Channel, ts: str, refusal: str) -> Message:
    message = existing(world, channel, ts)
    if message.user != workspace.bot:
        raise SlackError(refusal, _at("not a message of this app", "/ts"))
    return message


def _thread(world: SlackWorld, channel: Channel, thread_ts: str | None) -> str | None:
    """The parent's ts; a tombstone still has its thread, and its parent learns that it has one."""
    if thread_ts is None:
        return None
    parent = world.posts[channel.id].get(thread_ts)
    if parent is None:
        known = (channel.id, thread_ts) in world.gone
        raise SlackError("thread_not_found", _at(f"no message {thread_ts}", "/thread_ts"), problem=not known)
    if parent.thread_ts not in (None, parent.ts):
        raise SlackError("cannot_reply_to_message", _at("must be the parent's ts, not a reply's", "/thread_ts"))
    parent.thread_ts = parent.ts
    return thread_ts


def _metadata(given: object) -> Json | None:
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format", _at("must have event_type and event_payload", "/metadata"))
    if not isinstance(given["event_type"], str) or not EVENT_TYPE.fullmatch(given["event_type"]):
        raise SlackError("invalid_metadata_format", _at("must be lower case words joined by _", "/metadata/event_type"))
    if not isinstance(given["event_payload"], dict):
        raise SlackError("invalid_metadata_format", _at("must be an object", "/metadata/event_payload"))
    if len(json.dumps(given)) > MOST_METADATA:
        raise SlackError("metadata_too_large", _at(f"must be less than {MOST_METADATA + 1} characters", "/metadata"))
    return given


def _at(complaint: str, pointer: str) -> str:
    return f"[ERROR] {complaint} [json-pointer:{pointer}]"
