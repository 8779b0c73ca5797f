"""A person's hands in Slack: type, click, fill in, go away; each does what Slack would let that person do."""

from __future__ import annotations

import base64
import re
from typing import Any

from bots.playground.slack.answers import Answers
from bots.playground.slack.block_check import elements_of
from bots.playground.slack.filling import CannotDo, chosen, missing
from bots.playground.slack.reading import find_button
from bots.playground.slack.state import APP, Channel, Json, Message, User, View, Workspace
from bots.playground.slack.uploads import put

TYPED_CONTROL = re.compile(r"<(?:[@#!]|https?:|mailto:)[^<>]*>")
TYPED_LINK = re.compile(r"https?://[^\s<>|]+")


class Hands(Answers):
    """What people do. A hand that cannot reach raises CannotDo; what then fails in the app is in `failures`."""

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Json:
        """Types `/command text`; returns the acknowledged body, {} if empty or failed. Its message is posted."""
        room = self._reach(user, channel)
        if room.archived:
            raise CannotDo(f"{room.name} is archived.")
        workspace = self.workspaces[room.team]
        payload = {
            "token": "playground",
            "team_id": workspace.id,
            "team_domain": workspace.domain,
            "channel_id": room.id,
            "channel_name": {"public": room.name, "private": "privategroup", "im": "directmessage"}[room.kind],
            "user_id": user,
            "user_name": self.users[user].name,
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.new_response_url(user, room),
            "trigger_id": self.new_trigger(user, workspace.id),
        }
        ack = await self.deliver("slash_commands", f"command.{command}", payload)
        if not self.heard(ack, user, f"{command} {text}".strip()):
            return {}
        body: Json = ack.body if isinstance(ack.body, dict) else {"text": ack.body} if ack.body else {}
        if body:
            self.answer(user, room, body, f"command.{command}", asked=f"{command} {text}".strip())
        return body

    async def click(self, user: str, channel: str, ts: str, action: str, value: str | None = None) -> bool:
        """Presses a button (by action_id or label) or picks the option `value`; False if the app did not hear."""
        message = self._visible(user, channel, ts)
        room = self.channels[channel]
        container: Json = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        return await self._act(
            user,
            self.workspaces[room.team],
            find_button(message, action),
            value,
            container=container,
            channel={"id": channel, "name": room.name},
            message=message.as_json(),
            state={"values": {}},
            response_url=self.new_response_url(user, room, message),
        )

    async def click_view(
        self,
        user: str,
        action: str,
        value: str | None = None,
        *,
        view: str | None = None,
        values: dict[str, Any] | None = None,
    ) -> bool:
        """Like `click`, in the modal on top or in the view with this id, a Home tab too; `values` as in `submit`."""
        seen = self._seen(user, view)
        self._fill(seen, values or {})
        element = find_button(seen, action)
        if value is not None and element["type"] != "button":
            seen.values.setdefault(element["block_id"], {})[element["action_id"]] = chosen(element, value)
        workspace = self.workspaces[seen.team]
        shape = seen.as_json(workspace.bot_id)
        return await self._act(
            user,
            workspace,
            element,
            value,
            trigger_view=seen.id,
            container={"type": "view", "view_id": seen.id},
            view=shape,
        )

    async def submit(self, user: str, view: str | None = None, values: dict[str, Any] | None = None) -> Json:
        """Fills in `{"block_id/action_id": value}` and presses Submit; returns what the app, or Slack, says to it.

        What Slack itself would not take (empty, too long) comes back as `errors` and is not sent.
        """
        seen = self._seen(user, view)
        if "submit" not in seen.given:
            raise CannotDo("This view has no submit button.")
        self._fill(seen, values or {})
        if errors := missing(seen):
            return {"response_action": "errors", "errors": errors}
        workspace = self.workspaces[seen.team]
        payload = {
            **self._person(user, workspace),
            "type": "view_submission",
            "trigger_id": self.new_trigger(user, workspace.id, seen.id),
            "view": seen.as_json(workspace.bot_id),
            "response_urls": [],
        }
        ack = await self.deliver("interactive", "view_submission", payload)
        if not self.heard(ack, user, f"submit {seen.given.get('callback_id', '')}".strip()):
            return {}
        body = ack.body if isinstance(ack.body, dict) else {}
        self.answer_submission(seen, body)
        return body

    async def close(self, user: str, view: str | None = None) -> None:
        """Closes the modal on top; the app hears of it if it asked to."""
        seen = self._seen(user, view)
        self.views[user].remove(seen)
        self.wire.touch("slack")
        if seen.given.get("notify_on_close"):
            workspace = self.workspaces[seen.team]
            payload = {
                **self._person(user, workspace),
                "type": "view_closed",
                "view": seen.as_json(workspace.bot_id),
                "is_cleared": False,
            }
            self.heard(await self.deliver("interactive", "view_closed", payload), user, "close")

    async def shortcut(self, user: str, callback_id: str) -> bool:
        workspace = self.workspaces.get(self.users[user].team, self.workspace)
        return await self._shortcut(user, workspace, {"type": "shortcut", "callback_id": callback_id})

    async def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> bool:
        message = self._visible(user, channel, ts)
        room = self.channels[channel]
        more = {
            "type": "message_action",
            "callback_id": callback_id,
            "message_ts": ts,
            "channel": {"id": channel, "name": room.name},
            "message": message.as_json(),
            "response_url": self.new_response_url(user, room, message),
        }
        return await self._shortcut(user, self.workspaces[room.team], more)

    async def say(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, *, files: list[Json] | None = None
    ) -> str:
        """Posts what a person typed, encoded as Slack does it, `@name` as a mention; returns its ts."""
        room = self._reach(user, channel)
        if room.archived or (room.kind == "private" and user not in room.members):
            raise CannotDo(f"{self.users[user].name} cannot post in {room.name}.")
        if thread_ts and thread_ts not in self.posts[channel]:
            raise CannotDo(f"There is no thread {thread_ts} in {room.name}.")
        message = self.post(room, user, self._typed(text), thread_ts=thread_ts, files=files or [])
        event: Json = {"user": user, "text": message.text, "ts": message.ts, "team": self.users[user].team}
        event |= {"event_ts": message.ts, "client_msg_id": self.new_id("M")} | (
            {"thread_ts": thread_ts} if thread_ts else {}
        )
        event |= {"files": message.files, "upload": False} if files else {}
        self.emit_message(room, event)
        bot = self.workspaces[room.team].bot
        if f"<@{bot}>" in message.text and room.kind != "im" and bot in room.members:
            self.emit(room.team, {"type": "app_mention", "channel": room.id, **event})
        return message.ts

    async def share(
        self, user: str, channel: str, files: list[Json], text: str = "", thread_ts: str | None = None
    ) -> str:
        """Posts files, each `{"name", "mimetype", "data": base64}`, with what was typed beside them; returns the ts."""
        kept = [await self.upload(user, **file) for file in files]
        return await self.say(user, channel, text, thread_ts, files=kept)

    async def upload(self, user: str, name: str, data: str, mimetype: str = "") -> Json:
        """Like `attach`, with the bytes in base64."""
        return await self.attach(user, name, base64.b64decode(data, validate=True), mimetype)

    async def attach(self, user: str, name: str, data: bytes, mime: str = "image/png") -> Json:
        """Uploads a file, to be said or put into a form."""
        return put(self, self._member(user).team, name, data, mime)

    async def delete_file(self, file: str) -> None:
        self.files[file] |= {"deleted": True, "content": b""}
        self.wire.touch("slack")

    async def edit_message(self, user: str, channel: str, ts: str, text: str) -> None:
        """People edit their own messages only."""
        message = self._visible(user, channel, ts)
        if message.user != user or message.only_for:
            raise CannotDo(f"{self.users[user].name} did not write this.")
        self.edit(message, self._typed(text), [])
        changed = {"subtype": "message_changed", "message": message.as_json(), "event_ts": self.new_ts()}
        self.emit_message(self.channels[channel], changed)

    async def dismiss(self, user: str, ts: str) -> None:
        """Takes away what only this person sees."""
        for whisper in self.whispers:
            if (whisper.only_for, whisper.ts) == (user, ts):
                self.erase(whisper)
                return
        raise CannotDo(f"{self._member(user).name} sees no such message.")

    async def open_home(self, user: str) -> None:
        workspace = self.workspaces.get(self.users[user].team, self.workspace)
        event: Json = {"type": "app_home_opened", "user": user, "tab": "home"}
        event["channel"] = self.direct(user, workspace).id
        if user in self.homes:
            event["view"] = self.homes[user].as_json(workspace.bot_id)
        self.emit(workspace.id, event)

    async def delete_message(self, ts: str) -> None:
        """Deletes a message as somebody with the right to would; a parent with replies leaves a tombstone."""
        for channel, posts in self.posts.items():
            if ts in posts:
                self.erase(posts[ts])
                self.emit_message(self.channels[channel], {"subtype": "message_deleted", "deleted_ts": ts})
                return
        raise CannotDo(f"There is no message {ts}.")

    async def archive(self, channel: str) -> None:
        room = self.channels[channel]
        room.archived = True
        kind = "group_archive" if room.kind == "private" else "channel_archive"
        self.emit(room.team, {"type": kind, "channel": channel, "user": "U0ADMIN"})

    async def unarchive(self, channel: str) -> None:
        room = self.channels[channel]
        room.archived = False
        kind = "group_unarchive" if room.kind == "private" else "channel_unarchive"
        self.emit(room.team, {"type": kind, "channel": channel, "user": "U0ADMIN"})
        self.wire.touch("slack")

    async def join(self, user: str, channel: str) -> None:
        room = self.channels[channel]
        if user not in room.members:
            room.members.append(user)
        self._moved("member_joined_channel", room, user)

    async def leave(self, user: str, channel: str) -> None:
        room = self.channels[channel]
        if user not in room.members:
            raise CannotDo(f"{user} is not in {room.name}.")
        self._moved("member_left_channel", room, user)
        room.members.remove(user)
        room.left.add(user)

    async def remove_bot(self, channel: str) -> None:
        room = self.channels[channel]
        await self.leave(self.workspaces[room.team].bot, channel)
        kind = "group_left" if room.kind == "private" else "channel_left"
        self.emit(room.team, {"type": kind, "channel": channel, "actor_id": "U0ADMIN"})

    async def revoke_token(self, team: str | None = None, *, uninstall: bool = False) -> None:
        """Takes the bot's token back, with `uninstall` by removing the app from the workspace."""
        workspace = self.workspaces[team or self.workspace.id]
        workspace.revoked = True
        self.emit(workspace.id, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot]}})
        if uninstall:
            self.emit(workspace.id, {"type": "app_uninstalled"})

    async def restore_token(self, team: str | None = None) -> None:
        """As if the operator had set the new one."""
        self.workspaces[team or self.workspace.id].revoked = False
        self.wire.touch("slack")

    async def _act(
        self,
        user: str,
        workspace: Workspace,
        element: Json,
        value: str | None,
        *,
        trigger_view: str | None = None,
        **more: Any,
    ) -> bool:
        given = chosen(element, value)
        action = {"action_id": element["action_id"], "block_id": element["block_id"], **given}
        action["action_ts"] = self.new_ts()
        payload = {
            **self._person(user, workspace),
            "type": "block_actions",
            "trigger_id": self.new_trigger(user, workspace.id, trigger_view),
            "actions": [action],
            **more,
        }
        ack = await self.deliver("interactive", "block_actions", payload)
        return self.heard(ack, user, f"click {element['action_id']}")

    async def _shortcut(self, user: str, workspace: Workspace, more: Json) -> bool:
        trigger = self.new_trigger(user, workspace.id)
        payload = {**self._person(user, workspace), **more, "trigger_id": trigger, "action_ts": self.new_ts()}
        ack = await self.deliver("interactive", more["type"], payload)
        return self.heard(ack, user, more["callback_id"])

    def _person(self, user: str, workspace: Workspace) -> Json:
        """What all interactions say of who acts and where; a stranger's own team differs from the workspace."""
        who = self._member(user)
        return {
            "token": "playground",
            "api_app_id": APP,
            "team": {"id": workspace.id, "domain": workspace.domain},
            "user": {"id": user, "username": who.name, "name": who.name, "team_id": who.team},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _member(self, user: str) -> User:
        if user not in self.users:
            raise CannotDo(f"There is no user {user}.")
        if self.users[user].deleted:
            raise CannotDo(f"{self.users[user].name} is deactivated.")
        return self.users[user]

    def _reach(self, user: str, channel: str) -> Channel:
        """A channel that this person can look into."""
        who = self._member(user)
        room = self.channels.get(channel)
        if room is None:
            raise CannotDo(f"There is no channel {channel}.")
        outsider = who.team != room.team or who.is_restricted or who.is_ultra_restricted
        if user not in room.members and (room.kind != "public" or outsider):
            raise CannotDo(f"{who.name} cannot see {room.name}.")
        return room

    def _visible(self, user: str, channel: str, ts: str) -> Message:
        self._reach(user, channel)
        for whisper in self.whispers:
            if (whisper.channel, whisper.ts, whisper.only_for) == (channel, ts, user):
                return whisper
        message = self.posts[channel].get(ts)
        if message is None or message.deleted:
            raise CannotDo(f"{self.users[user].name} sees no message {ts} in {channel}.")
        return message

    def _seen(self, user: str, view: str | None) -> View:
        """The modal on top, or the named view of this person."""
        self._member(user)
        stack = self.views.get(user, [])
        if view is None and stack:
            return stack[-1]
        for seen in (*stack, *([self.homes[user]] if user in self.homes else [])):
            if seen.id == view:
                return seen
        raise CannotDo(f"{self.users[user].name} has {'no view open' if view is None else f'no view {view}'}.")

    def _fill(self, seen: View, values: dict[str, Any]) -> None:
        fields = {
            f"{block['block_id']}/{element['action_id']}": (block, element)
            for block in seen.blocks
            for element in elements_of(block)
            if "action_id" in element
        }
        for name, value in values.items():
            if name not in fields:
                raise CannotDo(f"There is no field {name!r}, only {list(fields)}.")
            block, element = fields[name]
            seen.values.setdefault(block["block_id"], {})[element["action_id"]] = chosen(element, value)

    def _typed(self, text: str) -> str:
        """Mentions by name, control characters escaped, addresses in angle brackets: what Slack makes of typing."""
        for who in sorted(self.users.values(), key=lambda who: -len(who.name)):
            text = re.sub(rf"(?<![\w<])@{re.escape(who.name)}\b", f"<@{who.id}>", text)
        parts, end = [], 0
        for control in TYPED_CONTROL.finditer(text):
            parts += [_escaped(text[end : control.start()]), control[0]]
            end = control.end()
        return "".join([*parts, _escaped(text[end:])])

    def _moved(self, type: str, room: Channel, user: str) -> None:
        if self.workspaces[room.team].bot in room.members:
            event = {"type": type, "user": user, "channel": room.id, "channel_type": "C", "team": room.team}
            self.emit(room.team, event)


def _escaped(typed: str) -> str:
    parts, end = [], 0
    for link in TYPED_LINK.finditer(typed):
        parts += [_entities(typed[end : link.start()]), f"<{_entities(link[0])}>"]
        end = link.end()
    return "".join([*parts, _entities(typed[end:])])


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
