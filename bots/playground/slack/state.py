"""What exists in this Slack: workspaces, people, channels, messages, views and files, and who may see them."""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bots.playground.faults import Faults
from bots.playground.paged import Paged
from bots.playground.slack.block_check import elements_of
from bots.playground.wire import Wire

Json = dict[str, Any]
Kind = Literal["public", "private", "im"]

APP = "A0SHOPBELL"
APP_TOKEN = "xapp-playground"
BOT_TOKEN = "xoxb-playground"
# What the app is granted unless a story takes something away.
SCOPES = (
    "app_mentions:read channels:read chat:write commands files:read files:write groups:read metadata.message:read "
    "users:read"
).split()
CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}


class SlackError(Exception):
    """A call's `ok: false`; `problem` is False when the world changed and a correct caller could not have known."""

    def __init__(self, code: str, *messages: str, problem: bool = True) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = messages
        self.problem = problem


@dataclass(slots=True)
class Workspace:
    id: str
    name: str
    token: str
    bot: str
    bot_id: str
    revoked: bool = False
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(slots=True)
class User:
    """A person or bot; one of another `team` is a stranger whom a shared channel lets in."""

    id: str
    name: str
    team: str
    tz: str = "Europe/Berlin"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.name,
            "deleted": self.deleted,
            "tz": self.tz,
            "is_bot": self.is_bot,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "profile": {"real_name": self.name, "display_name": self.name, "team": self.team},
        }


@dataclass(slots=True)
class Channel:
    """`left` remembers who was here, so that a refused call can be told from a mistaken one."""

    id: str
    name: str
    team: str
    kind: Kind = "public"
    members: list[str] = field(default_factory=list)
    archived: bool = False
    left: set[str] = field(default_factory=set)

    def as_json(self, viewer: str = "") -> Json:
        if self.kind == "im":
            other = next((member for member in self.members if member != viewer), viewer)
            return {"id": self.id, "is_im": True, "user": other, "context_team_id": self.team}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_private": self.kind == "private",
            "is_im": False,
            "is_archived": self.archived,
            "is_member": viewer in self.members,
            "context_team_id": self.team,
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class Message:
    """A post or, with `only_for`, an ephemeral that one person sees."""

    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    metadata: Json | None = None
    broadcast: bool = False
    only_for: str | None = None
    parse: str | None = None
    link_names: bool = False
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edits: int = 0
    deleted: bool = False

    def as_json(self) -> Json:
        shape: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": self.team}
        if self.bot_id:
            shape |= {"bot_id": self.bot_id, "app_id": APP, "blocks": copy.deepcopy(self.blocks)}
        if self.thread_ts:
            shape["thread_ts"] = self.thread_ts
        if self.broadcast:
            shape["subtype"] = "thread_broadcast"
        if self.deleted:
            shape |= {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
        if self.metadata:
            shape["metadata"] = copy.deepcopy(self.metadata)
        if self.files:
            shape["files"] = self.files
        if self.reactions:
            shape["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        if self.edits and not self.blocks:  # Editing a message that has blocks shows no mark.
            shape["edited"] = {"user": self.user, "ts": self.ts}
        return shape


@dataclass(slots=True)
class View:
    """A modal or a Home tab as one person sees it; `given` is what the app sent, `values` what stands in its fields."""

    id: str
    team: str
    user: str
    given: Json
    hash: str
    root: str
    previous: str | None = None
    values: dict[str, Json] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        return list(self.given["blocks"])

    def as_json(self, bot_id: str) -> Json:
        defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "submit": None}
        flags = {"close": None, "clear_on_close": False, "notify_on_close": False}
        return {
            **defaults,
            **flags,
            **copy.deepcopy(self.given),
            "id": self.id,
            "team_id": self.team,
            "app_id": APP,
            "bot_id": bot_id,
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "app_installed_team_id": self.team,
            "state": {"values": copy.deepcopy(self.values)},
        }


@dataclass(slots=True)
class Trigger:
    """Leave to open one view for one person, within seconds of what that person did."""

    id: str
    user: str
    team: str
    at: float
    view: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What a person saw go wrong, in Slack's own words."""

    at: float
    user: str
    doing: str
    shown: str


class State:
    """The things themselves and how to find them; one workspace with a bot stands ready."""

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float] = time.time) -> None:
        self.wire = wire
        self.faults = faults
        self.clock = clock
        self.url = ""
        self.limits = False
        self.trigger_seconds = 3.0
        self.workspaces: dict[str, Workspace] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.posts: dict[str, Paged[str, Message]] = {}
        self.whispers: list[Message] = []
        self.gone: set[tuple[str, str]] = set()
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.files: dict[str, Json] = {}
        self.failures: list[Failure] = []
        self._last_ts = 0
        self._made = 0
        self.workspace = self.add_workspace("Playground", token=BOT_TOKEN)

    @property
    def bot(self) -> str:
        """The bot's user id in the first workspace."""
        return self.workspace.bot

    def add_workspace(self, name: str, *, token: str | None = None, id: str | None = None) -> Workspace:
        team = id or self.new_id("T")
        bot = User(self.new_id("U"), "shopbell", team, is_bot=True)
        self.users[bot.id] = bot
        workspace = Workspace(team, name, token or f"{BOT_TOKEN}-{team}", bot.id, self.new_id("B"))
        self.workspaces[team] = workspace
        return workspace

    def add_user(self, name: str, *, id: str | None = None, team: str | None = None, **more: Any) -> str:
        """`more`: tz, is_restricted, is_ultra_restricted, deleted; a `team` not added here makes a stranger."""
        user = User(id or self.new_id("U"), name, team or self.workspace.id, **more)
        self.users[user.id] = user
        return user.id

    def add_channel(
        self,
        name: str,
        *members: str,
        kind: Kind = "public",
        bot: bool = True,
        id: str | None = None,
        team: str | None = None,
    ) -> str:
        workspace = self.workspaces[team or self.workspace.id]
        here = [*members, workspace.bot] if bot else [*members]
        channel = Channel(id or self.new_id("D" if kind == "im" else "C"), name, workspace.id, kind, here)
        self.channels[channel.id] = channel
        self.posts[channel.id] = Paged(_places)
        self.wire.touch("slack")
        return channel.id

    def direct(self, user: str, workspace: Workspace | None = None) -> Channel:
        """The bot's direct channel with a person, opened when first asked for."""
        workspace = workspace or self.workspace
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == {user, workspace.bot}:
                return channel
        return self.channels[self.add_channel(f"dm-{user}", user, kind="im", team=workspace.id)]

    def workspace_of(self, token: str) -> Workspace | None:
        return next((workspace for workspace in self.workspaces.values() if workspace.token == token), None)

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """Adds a message, or an ephemeral when `only_for` is given, as nobody could object to it."""
        message = Message(channel.team, channel.id, self.new_ts(), user, text, **more)
        message.blocks = self.named(message.blocks)
        if message.only_for:
            self.whispers.append(message)
        else:
            self.posts[channel.id][message.ts] = message
        self.wire.touch("slack")
        return message

    def edit(self, message: Message, text: str, blocks: list[Json]) -> None:
        message.text, message.blocks, message.edits = text, self.named(blocks), message.edits + 1
        self.wire.touch("slack")

    def erase(self, message: Message) -> None:
        """A parent with replies stays as a tombstone; everything else goes."""
        if message.only_for:
            self.whispers.remove(message)
        elif self.replies(message.channel, message.ts):
            message.deleted, message.text, message.blocks, message.metadata = True, "", [], None
        else:
            del self.posts[message.channel][message.ts]
        self.gone.add((message.channel, message.ts))
        self.wire.touch("slack")

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        return self.posts[channel].at(thread_ts)

    def named(self, blocks: list[Json]) -> list[Json]:
        """Slack names the blocks and elements that the app left nameless."""
        blocks = copy.deepcopy(blocks)
        for block in blocks:
            block.setdefault("block_id", secrets.token_hex(3))
            for element in elements_of(block):
                if element["type"] not in ("image", "plain_text", "mrkdwn"):
                    element.setdefault("action_id", secrets.token_hex(3))
        return blocks

    def all_views(self) -> Iterator[View]:
        for stack in self.views.values():
            yield from stack
        yield from self.homes.values()

    def new_trigger(self, user: str, team: str, view: str | None = None) -> str:
        trigger = Trigger(f"{self._count()}.{self._count()}.{secrets.token_hex(8)}", user, team, self.clock(), view)
        self.triggers[trigger.id] = trigger
        return trigger.id

    def new_id(self, prefix: str) -> str:
        return f"{prefix}0{self._count():07d}"

    def new_ts(self) -> str:
        """Now to the microsecond, later than any before."""
        self._last_ts = max(int(self.clock() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        return f"{int(self.clock())}.{secrets.token_hex(4)}"

    def _count(self) -> int:
        self._made += 1
        return self._made


def _places(message: Message) -> tuple[str | None, ...]:
    """In its thread or, by None, in the channel itself; a reply that was also sent to the channel in both."""
    if message.thread_ts in (None, message.ts):
        return (None,)
    return (None, message.thread_ts) if message.broadcast else (message.thread_ts,)
