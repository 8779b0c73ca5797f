"""Slack's errors and those of the wire → what the caller should do: one table."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from core.errors import AccessLost, Gone, Ours, OutsideError, Rejected, TryLater, Unknown, ours


class Unpresentable(Rejected):
    """Slack does not take these blocks or this text; the same in plain words may pass."""


class NotThere(AccessLost):
    """This person or channel alone cannot be reached; the workspace can."""


class TooLate(Rejected):
    """A form can be opened within three seconds of a press, and once."""


# What Slack says that stands for what is wrong and what mends it; docs.slack.dev/reference/methods, November 2026.
TOKEN_LOST = {
    "account_inactive",
    "app_uninstalled",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}
ROOM_LOST = {
    "channel_not_found",
    "cannot_dm_bot",
    "channel_type_not_supported",
    "is_archived",
    "is_inactive",
    "messages_tab_disabled",
    "not_in_channel",
    "restricted_action",
    "user_disabled",
    "user_not_found",
    "user_not_in_channel",
    "user_not_visible",
}
# Events that say that all we had is out of reach.
LOST = {
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
    "member_left_channel",
    "tokens_revoked",
}
# What is said of each of these in the words for another.
ALIKE = {
    "group_archive": "channel_archive",
    "group_deleted": "channel_deleted",
    "group_left": "channel_left",
    "is_inactive": "is_archived",
    "member_left_channel": "channel_left",
    "no_permission": "missing_scope",
    "tokens_revoked": "token_revoked",
}
GONE = {
    "cant_update_message",
    "edit_window_closed",
    "file_deleted",
    "file_not_found",
    "message_not_found",
    "not_found",
    "thread_not_found",
}
OUTRUN = {"hash_conflict"}  # somebody else drew it meanwhile
UNPRESENTABLE = {
    "block_mismatch",
    "invalid_blocks",
    "invalid_blocks_format",
    "metadata_too_large",
    "msg_blocks_too_long",
    "msg_too_long",
}
TOO_LATE = {
    "exchanged_trigger_id",
    "expired_trigger_id",
    "invalid_trigger_id",
    "trigger_exchanged",
    "trigger_expired",
}
# Slack failed on its own side, perhaps after it had done the work.
BROKEN = {
    "external_channel_migrating",
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
LIMITED = {"message_limit_exceeded", "rate_limited", "ratelimited"}

FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError)
NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


def said(code: str, /, **values: str | int) -> Ours:
    """What is said of a code of Slack's, or of what became of a call; its values are Slack's own words."""
    return ours(f"slack/problems#{ALIKE.get(code, code)}", **values)


def translate(error: Exception, *, twice_hurts: bool) -> OutsideError:
    """`twice_hurts`: doing it again would show it twice, so that a lost answer is `Unknown` and not `TryLater`."""
    lost = Unknown if twice_hurts else TryLater
    if isinstance(error, SlackApiError):
        return _refusal(*_answer_of(error), lost)
    if isinstance(error, NEVER_SENT):
        return TryLater(said("unreachable"))
    return lost(said("no_answer"))


def by_code(code: str) -> OutsideError | None:
    """What a code means by itself, whatever it answered; None for one that is not in the table."""
    if code in TOKEN_LOST:
        return AccessLost(said(code))
    if code in ROOM_LOST:
        return NotThere(said(code))
    if code.startswith("restricted_action"):
        return NotThere(said("restricted_action"))
    if code in GONE:
        return Gone(said("gone", code=code))
    if code in OUTRUN:
        return TryLater(said("outrun"), after=0)
    if code in UNPRESENTABLE:
        return Unpresentable(said("unpresentable", code=code))
    if code in TOO_LATE:
        return TooLate(said("too_late"))
    return None


def _refusal(code: str, status: int, headers: Mapping[str, str], lost: type[Unknown] | type[TryLater]) -> OutsideError:
    if status == 429 or code in LIMITED:
        return TryLater(said("limited"), after=_seconds(headers.get("Retry-After")), everything=True)
    if status >= 500 or not code or code in BROKEN:
        return lost(said("failed", code=code or str(status)))
    return by_code(code) or Rejected(said("refused", code=code))


def _answer_of(error: SlackApiError) -> tuple[str, int, Mapping[str, str]]:
    """Code, status and headers; the SDK hands over its own response, or aiohttp's when it could not read it."""
    response: Any = error.response
    if isinstance(response, aiohttp.ClientResponse):
        return "", response.status, response.headers
    data = response.data if isinstance(response.data, dict) else {}
    return str(data.get("error") or ""), int(response.status_code), response.headers


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None
