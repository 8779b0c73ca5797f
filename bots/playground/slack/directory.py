"""Who and what there is: auth, bots, team, users, conversations and their messages."""

from __future__ import annotations

from typing import TypeVar

from bots.playground.slack.chat import existing, reachable
from bots.playground.slack.state import APP, Json, SlackError, Workspace
from bots.playground.slack.world import SlackWorld

T = TypeVar("T")
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


async def auth_test(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": world.users[workspace.bot].name,
        "team_id": workspace.id,
        "user_id": workspace.bot,
        "bot_id": workspace.bot_id,
        "app_id": APP,
        "is_enterprise_install": False,
    }


async def connections_open(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    return {"url": f"{world.url.replace('http', 'ws', 1)}/slack/socket?ticket={world.sockets.ticket()}"}


async def bots_info(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    if given.get("bot", workspace.bot_id) != workspace.bot_id:
        raise SlackError("bot_not_found")
    name = world.users[workspace.bot].name
    return {"bot": {"id": workspace.bot_id, "app_id": APP, "user_id": workspace.bot, "name": name, "deleted": False}}


async def team_info(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    return {"team": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}}


async def users_info(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    user = world.users.get(given["user"])
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.as_json()}


async def conversations_open(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    if given.get("channel"):
        channel = reachable(world, workspace, given["channel"])
        return {"channel": channel.as_json(workspace.bot)}
    users = str(given.get("users", "")).split(",")
    if len(users) != 1:
        raise SlackError("invalid_arguments", "[ERROR] group conversations are not offered [json-pointer:/users]")
    if users[0] not in world.users:
        raise SlackError("user_not_found")
    if world.users[users[0]].deleted:
        raise SlackError("user_disabled", problem=False)
    channel = world.direct(users[0], workspace)
    return {"channel": channel.as_json(workspace.bot) if given.get("return_im") else {"id": channel.id}}


async def conversations_info(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    return {"channel": reachable(world, workspace, given["channel"], to_ask=True).as_json(workspace.bot)}


async def conversations_members(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    return _paged("members", reachable(world, workspace, given["channel"]).members, given)


async def conversations_list(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    kinds = [TYPES.get(name.strip()) for name in given.get("types", "public_channel").split(",")]
    if None in kinds:
        raise SlackError("invalid_types")
    found = [
        channel.as_json(workspace.bot)
        for channel in world.channels.values()
        if channel.team == workspace.id
        and channel.kind in kinds
        and (channel.kind == "public" or workspace.bot in channel.members)
        and not (channel.archived and given.get("exclude_archived"))
    ]
    return _paged("channels", found, given)


async def users_conversations(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    """Where a person is, or we are; of private channels only those where we are too."""
    kinds = [TYPES.get(name.strip()) for name in given.get("types", "public_channel").split(",")]
    if None in kinds:
        raise SlackError("invalid_types")
    user = given.get("user", workspace.bot)
    if user not in world.users:
        raise SlackError("user_not_found")
    found = [
        channel.as_json(workspace.bot)
        for channel in world.channels.values()
        if channel.team == workspace.id
        and channel.kind in kinds
        and user in channel.members
        and (channel.kind == "public" or workspace.bot in channel.members)
        and not (channel.archived and given.get("exclude_archived"))
    ]
    return _paged("channels", found, given)


async def conversations_history(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    """Newest first; replies only if they were also sent to the channel."""
    channel = reachable(world, workspace, given["channel"])
    posts = world.messages(channel.id)
    low, high, edges = given.get("oldest", "0"), given.get("latest", "~"), given.get("inclusive", False)
    within = [m for m in posts if low < m.ts < high or (edges and m.ts in (low, high))]
    return _paged("messages", [message.as_json() for message in reversed(within)], given)


async def conversations_replies(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    """The parent first, then its replies by time."""
    channel = reachable(world, workspace, given["channel"])
    posts = world.posts[channel.id]
    parent = posts.get(given["ts"]) or existing(world, channel, given["ts"], "thread_not_found")
    thread = [parent, *world.replies(channel.id, parent.ts)]
    return _paged("messages", [message.as_json() for message in thread], given)


def _paged(name: str, found: list[T], given: Json) -> Json:
    start, limit = int(given.get("cursor") or 0), given.get("limit", 100)
    rest = start + limit < len(found)
    return {
        name: found[start : start + limit],
        "has_more": rest,
        "response_metadata": {"next_cursor": str(start + limit) if rest else ""},
    }
