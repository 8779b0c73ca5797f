"""What the app says back to a person: acknowledgements with a message or a view, and posts to a response_url."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bots.playground.slack.block_check import (
    complaints_about_blocks,
    complaints_about_view,
    is_too_long,
)
from bots.playground.slack.door import Outcome, pass_through
from bots.playground.slack.filling import fill_initial
from bots.playground.slack.inbound import Ack, Inbound
from bots.playground.slack.state import Channel, Failure, Json, Message, View
from bots.playground.wire import Call

RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60
MOST_VIEWS = 3
MESSAGE_FIELDS = {
    "attachments",
    "blocks",
    "delete_original",
    "link_names",
    "metadata",
    "mrkdwn",
    "parse",
    "replace_original",
    "response_type",
    "text",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
}
# What a person sees instead of an answer.
SHOWN = {
    "http_timeout": "operation_timeout",
    "timeout": "operation_timeout",
    "http_error": "http_service_error",
    "connection_failed": "dispatch_failed",
}
GONE = ("used_url", "expired_url")
SUBMISSION_FIELDS = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set[str]()}


@dataclass(slots=True)
class ResponseUrl:
    user: str
    channel: str
    message: Message | None
    until: float
    uses: int = 0


class Answers(Inbound):
    """Takes the app's answers, as strict with them as with calls of the Web API."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.response_urls: dict[str, ResponseUrl] = {}

    def new_response_url(self, user: str, channel: Channel, message: Message | None = None) -> str:
        key = self.new_id("R")
        self.response_urls[key] = ResponseUrl(user, channel.id, message, self.clock() + RESPONSE_SECONDS)
        return f"{self.url}/slack/response/{key}"

    def heard(self, ack: Ack, user: str, doing: str) -> bool:
        """Keeps what the person saw if the app did not answer."""
        if ack.failure is None:
            return True
        self.failures.append(Failure(self.clock(), user, doing, SHOWN[ack.failure]))
        self.wire.touch("slack")
        return False

    def answer(self, user: str, channel: Channel, body: Json, name: str, asked: str = "") -> None:
        """Posts an acknowledgement's message: in the channel, with what was asked, or for this person alone."""
        if problems := _problems(body):
            self._complain(name, body, problems)
            self.failures.append(Failure(self.clock(), user, asked or name, "invalid_command_response"))
            return
        if body.get("response_type") == "in_channel" and asked:
            self.post(channel, user, asked)
        self._say_back(user, channel, body)

    def answer_submission(self, view: View, body: Json) -> None:
        """Does with the views of a person what the acknowledgement of a submission says."""
        action = body.get("response_action")
        stack = self.views[view.user]
        if problems := self._submission_problems(view, body):
            self._complain("view_submission", body, problems)
            self.failures.append(
                Failure(self.clock(), view.user, "submit", "We had some trouble connecting. Try again?")
            )
        elif action is None:
            stack.remove(view)
        elif action == "clear":
            stack.clear()
        elif action == "update":
            self.redraw(view, body["view"])
        elif action == "push":
            self.open_view(view.user, view.team, body["view"], previous=view)
        self.wire.touch("slack")

    def open_view(self, user: str, team: str, given: Json, previous: View | None = None) -> View:
        id = self.new_id("V")
        root, before = (previous.root, previous.id) if previous else (id, None)
        view = View(id, team, user, {}, "", root, before)
        self.redraw(view, given)
        if given["type"] == "home":
            self.homes[user] = view
        elif previous:
            self.views[user].append(view)
        else:
            self.views[user] = [view]
        return view

    def redraw(self, view: View, given: Json) -> None:
        view.given = {**given, "blocks": self.named(given["blocks"])}
        view.hash = self.new_hash()
        fill_initial(view)
        self.wire.touch("slack")

    async def take_response(self, request: web.Request) -> web.StreamResponse:
        """A post to a response_url; faults for method "response_url" apply to it."""
        text = await request.text()
        try:
            body = json.loads(text)
        except ValueError:
            body = None

        async def take() -> Outcome:
            code, problems = self._take(self.response_urls.get(request.match_info["key"]), body)
            if code == "ok":
                return Outcome("ok")
            return Outcome({"ok": False, "error": code}, 404 if code in GONE else 400, tuple(problems))

        fields: Json = body if isinstance(body, dict) else {"text": text}
        return await pass_through(self, request, "response_url", fields, take)

    def _take(self, leave: ResponseUrl | None, body: object) -> tuple[str, list[str]]:
        if leave is None or self.clock() > leave.until:
            return "expired_url", ["expired_url"]
        if leave.uses >= RESPONSE_USES:
            return "used_url", ["used_url"]
        if not isinstance(body, dict):
            return "invalid_payload", ["invalid_payload"]
        if problems := _problems(body):
            return "invalid_blocks" if "blocks" in body else "invalid_payload", problems
        leave.uses += 1
        original = leave.message
        if body.get("delete_original") and original is not None:
            self.erase(original)
        elif body.get("replace_original") and original is not None:
            self.edit(original, str(body.get("text", "")), body.get("blocks", []))
        else:
            self._say_back(leave.user, self.channels[leave.channel], body)
        return "ok", []

    def _say_back(self, user: str, channel: Channel, body: Json) -> None:
        """Posting permissions of the channel do not apply to answers."""
        workspace = self.workspaces[channel.team]
        self.post(
            channel,
            workspace.bot,
            str(body.get("text", "")),
            blocks=body.get("blocks", []),
            bot_id=workspace.bot_id,
            thread_ts=body.get("thread_ts"),
            only_for=None if body.get("response_type") == "in_channel" else user,
            parse=body.get("parse"),
            link_names=bool(body.get("link_names")),
        )

    def _submission_problems(self, view: View, body: Json) -> list[str]:
        action = body.get("response_action")
        if action is None:
            return [f"unknown field {name}" for name in body]
        if action not in SUBMISSION_FIELDS:
            return [f"unknown response_action {action!r}"]
        wanted = SUBMISSION_FIELDS[action]
        problems = [f"{action} needs exactly {sorted(wanted)}"] if set(body) - {"response_action"} != wanted else []
        if action == "errors" and not problems:
            asks = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            problems = [f"no input block {name!r} for an error" for name in body["errors"] if name not in asks]
        if "view" in wanted and not problems:
            problems = complaints_about_view(body["view"])
        if action == "push" and len(self.views[view.user]) >= MOST_VIEWS:
            problems.append("push_limit_reached")
        return problems

    def _complain(self, name: str, body: Json, problems: list[str]) -> None:
        """The app's answer was received, but is not one Slack would take."""
        self.wire.record(Call(self.clock(), "slack", "to", f"answer.{name}", body, None, None, tuple(problems)))


def _problems(body: Json) -> list[str]:
    """What is wrong with a message sent as an answer."""
    problems = [f"unknown field {name}" for name in sorted(set(body) - MESSAGE_FIELDS)]
    if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        problems.append(f"unknown response_type {body['response_type']!r}")
    if "blocks" in body:
        problems += complaints_about_blocks(body["blocks"], "message")
        if not problems and is_too_long(body["blocks"]):
            problems.append("msg_blocks_too_long")
    if not (body.get("text") or body.get("blocks") or body.get("delete_original")):
        problems.append("no_text")
    return problems
