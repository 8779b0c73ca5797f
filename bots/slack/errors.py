"""Slack's errors and those of the wire → what the caller should do: one table."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from core.errors import AccessLost, Gone, OutsideError, Rejected, TryLater, Unknown


class Unpresentable(Rejected):
    """Slack does not take these blocks or this text; the same in plain words may pass."""


class NotThere(AccessLost):
    """This person or channel alone cannot be reached; the workspace can."""


class TooLate(Rejected):
    """A form can be opened within three seconds of a press, and once."""


INVITE = "Type /invite @Shopbell in the channel, or link another one."
SCOPES = "The Slack app lacks a permission. Compare its scopes with bots/slack/manifest.yaml and reinstall."
POSTING = "An admin restricts who may post in the Slack channel. Let Shopbell post, or link another one."
MOVING = "This Slack workspace is being moved to an organisation; it cannot be used until that is done."
REINSTALL = "Install the app again and set the new SLACK_BOT_TOKEN."

# Each code with its sentence, what is wrong and what mends it; docs.slack.dev/reference/methods, November 2026.
TOKEN_LOST = {
    "account_inactive": f"Slack says that Shopbell's account is not active. {REINSTALL}",
    "app_uninstalled": f"Shopbell was removed from this Slack workspace. {REINSTALL}",
    "invalid_auth": f"Slack does not know this token. {REINSTALL}",
    "missing_scope": SCOPES,
    "no_permission": SCOPES,
    "not_allowed_token_type": "This is not a bot token. Set SLACK_BOT_TOKEN to the one that begins with xoxb-.",
    "not_authed": f"No token reached Slack. {REINSTALL}",
    "org_login_required": MOVING,
    "team_access_not_granted": f"The organisation has not granted the app this workspace. {REINSTALL}",
    "token_expired": "The Slack token has expired. Turn token rotation off, then install the app again.",
    "token_revoked": f"The Slack token was revoked. {REINSTALL}",
}
ROOM_LOST = {
    "channel_not_found": f"The Slack channel is gone, or Shopbell is not in it. {INVITE}",
    "cannot_dm_bot": "A bot cannot be sent direct messages.",
    "channel_type_not_supported": "Shopbell cannot post in this kind of Slack channel. Link another one.",
    "is_archived": "The Slack channel is archived. Bring it back, or link another one.",
    "is_inactive": "The Slack channel is archived. Bring it back, or link another one.",
    "messages_tab_disabled": "Direct messages to the app are turned off. Turn on its Messages tab.",
    "not_in_channel": f"Shopbell is not in the Slack channel. {INVITE}",
    "restricted_action": POSTING,
    "user_disabled": "This person's Slack account is switched off.",
    "user_not_found": "Slack does not know this person.",
    "user_not_in_channel": "This person is not in the Slack channel.",
    "user_not_visible": "Shopbell may not see this person in Slack.",
}
# Events that say that all we had is out of reach.
LOST = {
    "app_uninstalled": f"Shopbell was removed from this Slack workspace. {REINSTALL}",
    "channel_archive": "The channel was archived.",
    "channel_deleted": "The channel was deleted.",
    "channel_left": "Shopbell was taken out of the channel.",
    "group_archive": "The channel was archived.",
    "group_deleted": "The channel was deleted.",
    "group_left": "Shopbell was taken out of the channel.",
    "member_left_channel": "Shopbell was taken out of the channel.",
    "tokens_revoked": f"The Slack token was revoked. {REINSTALL}",
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


def translate(error: Exception, *, twice_hurts: bool) -> OutsideError:
    """`twice_hurts`: doing it again would show it twice, so that a lost answer is `Unknown` and not `TryLater`."""
    lost = Unknown if twice_hurts else TryLater
    if isinstance(error, SlackApiError):
        return _refusal(*_answer_of(error), lost)
    if isinstance(error, NEVER_SENT):
        return TryLater("Slack cannot be reached.")
    return lost("Slack's answer did not arrive.")


def by_code(code: str) -> OutsideError | None:
    """What a code means by itself, whatever it answered; None for one that is not in the table."""
    if code in TOKEN_LOST:
        return AccessLost(TOKEN_LOST[code])
    if code in ROOM_LOST:
        return NotThere(ROOM_LOST[code])
    if code.startswith("restricted_action"):
        return NotThere(ROOM_LOST["restricted_action"])
    if code in GONE:
        return Gone(f"Slack says {code}.")
    if code in OUTRUN:
        return TryLater("It was drawn anew meanwhile.", after=0)
    if code in UNPRESENTABLE:
        return Unpresentable(f"Slack does not take the message: {code}.")
    if code in TOO_LATE:
        return TooLate("That took too long. Please press again.")
    return None


def _refusal(code: str, status: int, headers: Mapping[str, str], lost: type[Unknown] | type[TryLater]) -> OutsideError:
    if status == 429 or code in LIMITED:
        return TryLater("Slack asks to wait.", after=_seconds(headers.get("Retry-After")), everything=True)
    if status >= 500 or not code or code in BROKEN:
        return lost(f"Slack failed: {code or status}.")
    return by_code(code) or Rejected(f"Slack refuses: {code}.")


def _answer_of(error: SlackApiError) -> tuple[str, int, Mapping[str, str]]:
    """Code, status and headers; the SDK hands over its own response, or aiohttp's when it could not read it."""
    response: Any = error.response
    if isinstance(response, aiohttp.ClientResponse):
        return "", response.status, response.headers
    data = response.data if isinstance(response.data, dict) else {}
    return str(data.get("error") or ""), int(response.status_code), response.headers


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None
