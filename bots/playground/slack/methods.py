"""The Web API's methods: what each takes, how often it may be called, and what answers it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bots.playground.slack import chat, directory, files, views
from bots.playground.slack.state import Json, SlackError, Workspace
from bots.playground.slack.world import SlackWorld

Handler = Callable[[SlackWorld, Workspace, Json], Awaitable[Json]]

# docs.slack.dev/apis/web-api/rate-limits: calls a minute by tier; 0 is chat.postMessage's own rule.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
POSTING = 0


@dataclass(frozen=True, slots=True)
class Method:
    """`takes`: names with an optional type after a colon, `!` when required; anything else is refused. `scope`: what it
    needs of those that a story may take away.
    """

    handler: Handler
    tier: int
    takes: str = ""
    scope: str = ""

    def arguments(self, given: Json) -> Json:
        """The arguments with their types; raises what Slack answers to wrong ones."""
        # Bolt's clients name their team in every call.
        words = [word.partition(":") for word in (*self.takes.split(), "team_id")]
        known = {name.rstrip("!"): type for name, _, type in words}
        required = [word.partition(":")[0].rstrip("!") for word in self.takes.split() if "!" in word]
        complaints = [f"[ERROR] missing required field: {name}" for name in required if given.get(name) in (None, "")]
        complaints += [f"[ERROR] invalid additional property: {name}" for name in given if name not in known]
        arguments = {}
        for name, value in given.items():
            if value is not None and name in known:
                try:
                    arguments[name] = CASTS[known[name]](value)
                except ValueError:
                    kind = known[name] or "string"
                    complaints.append(f"[ERROR] must be a valid {kind} [json-pointer:/{name}]")
        if complaints:
            raise SlackError("invalid_arguments", *complaints)
        return arguments


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, bool)):
        raise ValueError(value)
    return str(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value) not in ("0", "1", "true", "false"):
        raise ValueError(value)
    return str(value) in ("1", "true")


def _array(value: Any) -> list[Any]:
    parsed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(parsed, list):
        raise ValueError(value)
    return parsed


def _object(value: Any) -> Json:
    parsed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(parsed, dict):
        raise ValueError(value)
    return parsed


CASTS: dict[str, Callable[[Any], Any]] = {
    "": _text,
    "bool": _flag,
    "int": lambda value: int(str(value)),
    "list": _array,
    "dict": _object,
}

# Arguments that need a scope we do not ask for (username, icon_url, icon_emoji) are left out on purpose.
# client_msg_id is not documented but known to be sent; nothing is promised for it.
_MESSAGE = "channel! text blocks:list attachments:list link_names:bool parse thread_ts"
_POSTING = f"{_MESSAGE} reply_broadcast:bool unfurl_links:bool unfurl_media:bool mrkdwn:bool metadata:dict"
_PAGE = "cursor limit:int"
_WITHIN = "latest oldest inclusive:bool include_all_metadata:bool"

METHODS: dict[str, Method] = {
    "apps.connections.open": Method(directory.connections_open, 1),
    "auth.test": Method(directory.auth_test, 4),
    "bots.info": Method(directory.bots_info, 3, "bot"),
    "chat.delete": Method(chat.delete, 3, "channel! ts!"),
    "chat.getPermalink": Method(chat.get_permalink, 4, "channel! message_ts!"),
    "chat.postEphemeral": Method(chat.post_ephemeral, 4, f"{_MESSAGE} user!"),
    "chat.postMessage": Method(chat.post_message, POSTING, f"{_POSTING} client_msg_id"),
    "chat.update": Method(
        chat.update,
        3,
        "channel! ts! text blocks:list attachments:list link_names:bool parse metadata:dict reply_broadcast:bool",
    ),
    "conversations.history": Method(directory.conversations_history, 3, f"channel! {_PAGE} {_WITHIN}"),
    "conversations.info": Method(
        directory.conversations_info, 3, "channel! include_locale:bool include_num_members:bool"
    ),
    "conversations.list": Method(directory.conversations_list, 2, f"types exclude_archived:bool {_PAGE}"),
    "conversations.members": Method(directory.conversations_members, 4, f"channel! {_PAGE}"),
    "conversations.open": Method(directory.conversations_open, 3, "channel users return_im:bool prevent_creation:bool"),
    "conversations.replies": Method(directory.conversations_replies, 3, f"channel! ts! {_PAGE} {_WITHIN}"),
    "files.completeUploadExternal": Method(
        files.complete_upload,
        4,
        "files!:list channel_id channels initial_comment thread_ts blocks:list",
        "files:write",
    ),
    "files.getUploadURLExternal": Method(
        files.get_upload_url, 4, "filename! length!:int alt_txt snippet_type", "files:write"
    ),
    "files.info": Method(files.info, 4, "file!", "files:read"),
    "reactions.add": Method(chat.add_reaction, 3, "channel! name! timestamp!"),
    "reactions.remove": Method(chat.remove_reaction, 2, "channel! name! timestamp!"),
    "team.info": Method(directory.team_info, 3, "team domain"),
    "users.conversations": Method(directory.users_conversations, 3, f"user types exclude_archived:bool {_PAGE}"),
    "users.info": Method(directory.users_info, 4, "user! include_locale:bool"),
    "views.open": Method(views.open, 4, "view!:dict trigger_id"),
    "views.publish": Method(views.publish, 4, "view!:dict user_id! hash"),
    "views.push": Method(views.push, 4, "view!:dict trigger_id"),
    "views.update": Method(views.update, 4, "view!:dict view_id external_id hash"),
}
