"""Slack's payloads → mail and actions: what happened, by whom, where."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bots.slack.errors import REINSTALL
from bots.slack.modals import Filled, filled, uploaded, values
from bots.slack.people import PLATFORM
from core.domain.cards import CardRef, Verb
from core.domain.rooms import Address
from core.ports.chat import Mail

Payload = Mapping[str, Any]

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
FOUND = {"channel_unarchive", "group_unarchive", "member_joined_channel"}
ABOUT_US = {"member_joined_channel", "member_left_channel"}  # sent for everybody who comes and goes


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a press or a mention stands. `message` is empty where there is none to come back to."""

    channel: str
    message: str = ""
    thread: str = ""
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours that was pressed. `opens`: a form must stand before the press can be acknowledged.

    `view`: the form that it stood in; `spot` is then where that was asked for.
    """

    key: str
    spot: Spot
    opens: bool
    verb: Verb
    target: str
    choice: str
    version: int
    view: str = ""


def mail_of(payload: Payload) -> Mail | None:
    """What is to be kept of a payload; None for what asks nothing of us."""
    if "command" in payload:
        what = f"command/{payload.get('trigger_id')}"
        return _mail(payload, str(payload.get("team_id")), str(payload.get("channel_id")), what)
    match payload.get("type"):
        case "event_callback":
            return _event_mail(payload)
        case "block_actions" if pressed := pressed_in(payload):
            return _mail(payload, team_of(payload), pressed.spot.channel, press_key(payload))
        case "view_submission" if sent := submitted(payload):
            return _mail(payload, team_of(payload), sent.origin.channel, submit_key(payload))
    return None


def pressed_in(payload: Payload) -> Pressed | None:
    """None for plain links, which tell of their clicks too, and for what is none of ours."""
    acts = payload.get("actions") or [{}]
    how, _, rest = str(acts[0].get("action_id", "")).partition(":")
    if how not in ("do", "open"):
        return None
    try:
        verb = Verb(rest.partition(":")[0])
        said = json.loads(acts[0].get("value") or (acts[0].get("selected_option") or {}).get("value") or "{}")
        target, choice, version = str(said.get("t", "")), str(said.get("c", "")), int(said.get("v", 0))
    except (ValueError, AttributeError, TypeError):
        return None
    form = submitted(payload)
    spot = Spot(form.origin.channel, form.origin.message, form.origin.thread) if form else spot_of(payload)
    view = str((payload.get("view") or {}).get("id", "")) if form else ""
    key = "/".join((PLATFORM, team_of(payload), spot.channel, press_key(payload)))
    return Pressed(key, spot, how == "open", verb, target, choice, version, view)


def submitted(payload: Payload) -> Filled | None:
    return filled(payload.get("view") or {})


def spot_of(payload: Payload) -> Spot:
    box = payload.get("container") or {}
    channel = box.get("channel_id") or (payload.get("channel") or {}).get("id") or ""
    thread = box.get("thread_ts") or (payload.get("message") or {}).get("thread_ts") or ""
    return Spot(str(channel), str(box.get("message_ts") or ""), str(thread), bool(box.get("is_ephemeral")))


def ref_of(address: Address, spot: Spot) -> CardRef | None:
    """The message a press stood on; what only one person sees is nobody's card."""
    return CardRef(address, spot.message) if spot.message and not spot.ephemeral else None


def team_of(payload: Payload) -> str:
    return str((payload.get("team") or {}).get("id") or (payload.get("user") or {}).get("team_id") or "")


def press_key(payload: Payload) -> str:
    """A person, an instant, a button: Slack may tell of one press several times."""
    act = (payload.get("actions") or [{}])[0]
    return "/".join(("press", str((payload.get("user") or {}).get("id")), str(act.get("action_ts")), act["action_id"]))


def submit_key(payload: Payload) -> str:
    """The form and what was written: sent again after a correction, it is another one."""
    view = payload.get("view") or {}
    written = [values(view), [file.get("id") for file in uploaded(view)]]
    said = json.dumps(written, sort_keys=True).encode("utf-8", "surrogatepass")
    return f"submit/{view.get('id')}/{hashlib.blake2b(said, digest_size=12).hexdigest()}"


def our_user(payload: Payload) -> str:
    """Who we are in the workspace that an event came from."""
    return next((str(a.get("user_id")) for a in payload.get("authorizations") or () if a.get("is_bot")), "")


def channel_of(event: Payload) -> str:
    channel = event.get("channel") or event.get("channel_id") or ""
    return str(channel.get("id") if isinstance(channel, dict) else channel)


def key_of(mail: Mail) -> str:
    """The mail's key among those of all boxes and platforms."""
    return f"{PLATFORM}/{mail.box}/{mail.key}"


def _event_mail(payload: Payload) -> Mail | None:
    event = payload.get("event") or {}
    type, channel = str(event.get("type")), channel_of(event)
    at = event.get("ts") or event.get("event_ts") or payload.get("event_time")
    if type == "app_mention" and not event.get("bot_id") and event.get("user") not in (None, our_user(payload)):
        return _mail(payload, str(payload.get("team_id")), channel, f"mention/{at}")
    if type in ABOUT_US and event.get("user") != our_user(payload):
        return None
    if type == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return None  # only people's tokens, of which we have none
    if type in LOST or type in FOUND:
        return _mail(payload, str(payload.get("team_id")), channel, f"{type}/{at}")
    return None


def _mail(payload: Payload, team: str, channel: str, key: str) -> Mail:
    """`token` is Slack's old proof of origin: it proves nothing any more, but is a secret still."""
    body = {name: value for name, value in payload.items() if name != "token"}
    address = Address(PLATFORM, team, channel)
    return Mail(PLATFORM, f"{team}/{channel}", key, json.dumps(body, separators=(",", ":")).encode(), address)
