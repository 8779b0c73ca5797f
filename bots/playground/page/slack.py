"""The Slack pane: what one person has in front of them, in the shapes that the app sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.playground.page.doors import PAGE, Json, Query
from bots.playground.slack import Channel, Message, SlackWorld
from bots.playground.slack.installed import COMMANDS, SHORTCUTS

FAILURES = 5
FACES = 5  # of people who answered in a thread
Shape = dict[str, Any]


class SlackPane:
    """`roles` says of each person what they were made; it may not say."""

    def __init__(self, world: SlackWorld, roles: Mapping[str, str]) -> None:
        self._world, self._roles = world, roles

    def read(self, query: Query) -> Json:
        """`user`, `channel` and `thread` are wishes: where there is no such thing, the first stands in.

        With `home` the person looks at the app's Home tab, and at the channel when they come back from it.
        """
        world, people = self._world, self._people()
        user = query["user"] if query.get("user") in people else next(iter(people))
        channels = self._channels(user)
        asked = query.get("channel")
        channel = next((each for each in channels if each.id == asked), channels[0] if channels else None)
        messages, older = self._page(user, channel, "") if channel else ([], False)
        stack, home = world.views.get(user, []), world.home_view(user)
        bot_id = world.workspaces[world.users[user].team].bot_id if world.users[user].team in world.workspaces else ""
        return {
            "people": list(people.values()),
            "user": user,
            "users": {each.id: {"name": each.name, "is_bot": each.is_bot} for each in world.users.values()},
            "channels": [self._channel(each) for each in channels],
            "channel": channel.id if channel else None,
            "messages": messages,
            "older": older,
            "thread": self._thread(user, channel, query["thread"]) if channel and query.get("thread") else None,
            "views": [view.as_json(bot_id) for view in stack],
            "home": home.as_json(bot_id) if home else None,
            "at_home": bool(query.get("home")),
            "commands": COMMANDS,
            "shortcuts": SHORTCUTS,
            "failures": [
                {"doing": failure.doing, "shown": failure.shown, "at": failure.at}
                for failure in world.failures[-FAILURES:]
                if failure.user == user
            ],
        }

    def older(self, query: Query) -> Json:
        """Before a message of a channel, or with `thread` before one of that thread."""
        channel = self._world.channels.get(query["channel"])
        if channel is None or query["user"] not in self._people():
            raise ValueError("There is no such channel for this person.")
        messages, older = self._page(query["user"], channel, query.get("thread", ""), query["before"])
        return {"messages": messages, "older": older}

    def _people(self) -> dict[str, Shape]:
        return {
            user.id: {
                "id": user.id,
                "name": user.name,
                "real_name": user.name,
                "tz": user.tz,
                "role": self._roles.get(user.id, ""),
            }
            for user in self._world.users.values()
            if not user.is_bot
        }

    def _channels(self, user: str) -> list[Channel]:
        return [channel for channel in self._world.channels.values() if user in channel.members]

    def _channel(self, channel: Channel) -> Shape:
        name = channel.name if channel.kind != "im" else self._world.users[self._world.workspace.bot].name
        return {"id": channel.id, "name": name, "kind": channel.kind, "archived": channel.archived}

    def _thread(self, user: str, channel: Channel, ts: str) -> Shape | None:
        parent = self._world.posts[channel.id].get(ts)
        if parent is None:
            return None
        replies, older = self._page(user, channel, ts)
        return {"ts": ts, "messages": [self._message(parent), *replies], "older": older}

    def _page(self, user: str, channel: Channel, thread: str, before: str | None = None) -> tuple[list[Shape], bool]:
        """The newest, oldest first, with what only this person sees between them where it was said."""
        found, older = self._world.posts[channel.id].newest(PAGE, thread or None, before or None)
        since = found[0].ts if older else ""
        whispers = self._whispers(user, channel.id, thread, since, before)
        return [self._message(each) for each in sorted([*found, *whispers], key=lambda each: each.ts)], older

    def _whispers(self, user: str, channel: str, thread: str, since: str, before: str | None) -> list[Message]:
        found = []
        for whisper in reversed(self._world.whispers):
            if whisper.ts < since:
                break
            here = whisper.only_for == user and whisper.channel == channel and (whisper.thread_ts or "") == thread
            if here and (not before or whisper.ts < before):
                found.append(whisper)
        return found

    def _message(self, message: Message) -> Shape:
        posts = self._world.posts[message.channel]
        return {
            "ts": message.ts,
            "user": message.user,
            "text": message.text,
            "parse": message.parse,
            "link_names": message.link_names,
            "blocks": message.blocks,
            "thread_ts": message.thread_ts,
            "reply_count": 0 if message.only_for else posts.count(message.ts),
            "reply_users": self._repliers(message),
            "latest_reply": posts.last(message.ts),
            "broadcast": message.broadcast,
            "edited": bool(message.edits and not message.blocks),
            "deleted": message.deleted,
            "only_for": message.only_for,
            "reactions": [{"name": name, "users": users} for name, users in message.reactions.items()],
            "files": [self._file(file) for file in message.files],
        }

    def _repliers(self, message: Message) -> list[str]:
        """As many as are drawn, who answered first first."""
        replies = () if message.only_for else self._world.replies(message.channel, message.ts)
        return [*dict.fromkeys(reply.user for reply in replies)][:FACES]

    def _file(self, file: Shape) -> Shape:
        kept = self._world.files[file["id"]]
        return {
            "id": file["id"],
            "name": file["name"],
            "title": file["title"],
            "mimetype": kept.get("mimetype", ""),
            "url": f"/page/files/slack/{file['id']}",
            "size": file["size"],
        }
