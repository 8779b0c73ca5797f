"""Slack's payloads → mail and actions: what happened, by whom, where."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bots.slack.errors import LOST
from bots.slack.fields import uploaded, values
from bots.slack.modals import Filled, filled, origin_of
from bots.slack.people import PLATFORM
from core.domain.cards import CardRef, Verb
from core.domain.rooms import Address
from core.ports.chat import Mail

Payload = Mapping[str, Any]

FOUND = {"channel_unarchive", "group_unarchive", "member_joined_channel"}
ABOUT_US = {"member_joined_channel", "member_left_channel"}  # sent for everybody who comes and goes


HOME_OPENED = "app_home_opened"
ANYWHERE, ON_MESSAGE = "shortcut", "message_action"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a press or a mention stands. `message` is empty where there is none to come back to.

    `room`: the channel that is acted on from there, where it is another one.
    """

    channel: str
    message: str = ""
    thread: str = ""
    ephemeral: bool = False
    room: str = ""


class Surface(StrEnum):
    """What a button stands on."""

    MESSAGE = "message"
    FORM = "form"
    WINDOW = "window"  # an answer that is shown in a modal
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours that was pressed. `opens`: a form must stand before the press can be acknowledged.

    `view`: the form or window that it stood in; `spot` is then where that was asked for. `room` is acted on, `apart`
    from elsewhere.
    """

    key: str
    spot: Spot
    opens: bool
    verb: Verb
    target: str
    choice: str
    version: int
    room: str
    surface: Surface = Surface.MESSAGE
    apart: bool = False
    view: str = ""

    @property
    def wants_window(self) -> bool:
        """On a Home tab there is no other place for what comes of it; that itself shows what its pages do."""
        return self.surface is Surface.HOME and not self.opens and self.verb is not Verb.OVERVIEW


def mail_of(payload: Payload) -> Mail | None:
    """What is to be kept of a payload; None for what asks nothing of us."""
    if "command" in payload:
        what = f"command/{payload.get('trigger_id')}"
        return _mail(payload, str(payload.get("team_id")), str(payload.get("channel_id")), what)
    match payload.get("type"):
        case "event_callback":
            return _event_mail(payload)
        case "block_actions" if pressed := pressed_in(payload):
            box = _box(payload, pressed)
            return _mail(payload, team_of(payload), pressed.spot.channel, press_key(payload), box=box)
        case "view_submission" if sent := submitted(payload):
            box = "" if sent.origin.channel else user_of(payload)
            return _mail(payload, team_of(payload), sent.origin.channel, submit_key(payload), box=box)
        case type if type in (ANYWHERE, ON_MESSAGE):
            channel = str((payload.get("channel") or {}).get("id") or "")
            what = f"shortcut/{payload.get('callback_id')}/{user_of(payload)}/{payload.get('action_ts')}"
            return _mail(payload, team_of(payload), channel, what, box="" if channel else user_of(payload))
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
        room = str(said.get("a", ""))
    except (ValueError, AttributeError, TypeError):
        return None
    view = payload.get("view") or {}
    surface, origin = surface_of(view), origin_of(view)
    if surface is Surface.HOME:
        spot, apart = Spot(room), True
    elif origin is not None:
        spot, apart = Spot(origin.channel, origin.message, origin.thread), origin.apart
    else:
        spot, apart = spot_of(payload, room), bool(room)
    pressed = Pressed(
        "",
        spot,
        how == "open",
        verb,
        target,
        choice,
        version,
        room or spot.channel,
        surface,
        apart,
        str(view.get("id") or ""),
    )
    return replace(pressed, key="/".join((PLATFORM, _where(payload, pressed), press_key(payload))))


def surface_of(view: Mapping[str, Any]) -> Surface:
    if not view:
        return Surface.MESSAGE
    if view.get("type") == "home":
        return Surface.HOME
    return Surface.FORM if filled(view) else Surface.WINDOW


def submitted(payload: Payload) -> Filled | None:
    return filled(payload.get("view") or {})


def spot_of(payload: Payload, room: str = "") -> Spot:
    box = payload.get("container") or {}
    channel = box.get("channel_id") or (payload.get("channel") or {}).get("id") or ""
    thread = box.get("thread_ts") or (payload.get("message") or {}).get("thread_ts") or ""
    return Spot(str(channel), str(box.get("message_ts") or ""), str(thread), bool(box.get("is_ephemeral")), room)


def ref_of(address: Address, spot: Spot) -> CardRef | None:
    """The message a press stood on; what only one person sees is nobody's card."""
    return CardRef(address, spot.message) if spot.message and not spot.ephemeral else None


def team_of(payload: Payload) -> str:
    return str((payload.get("team") or {}).get("id") or (payload.get("user") or {}).get("team_id") or "")


def user_of(payload: Payload) -> str:
    return str((payload.get("user") or {}).get("id") or "")


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
    if type == HOME_OPENED:
        home = event.get("tab") == "home"
        return _mail(payload, str(payload.get("team_id")), channel, f"home/{event.get('user')}/{at}") if home else None
    if type == "app_mention" and not event.get("bot_id") and event.get("user") not in (None, our_user(payload)):
        return _mail(payload, str(payload.get("team_id")), channel, f"mention/{at}")
    if type in ABOUT_US and event.get("user") != our_user(payload):
        return None
    if type == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return None  # only people's tokens, of which we have none
    if type in LOST or type in FOUND:
        return _mail(payload, str(payload.get("team_id")), channel, f"{type}/{at}")
    return None


def _where(payload: Payload, pressed: Pressed) -> str:
    return f"{team_of(payload)}/{_box(payload, pressed) or pressed.spot.channel}"


def _box(payload: Payload, pressed: Pressed) -> str:
    """What was asked for in no channel is read by person."""
    return "" if pressed.spot.channel else user_of(payload)


def _mail(payload: Payload, team: str, channel: str, key: str, *, box: str = "") -> Mail:
    """`token` is Slack's old proof of origin: it proves nothing any more, but is a secret still."""
    body = {name: value for name, value in payload.items() if name != "token"}
    address = Address(PLATFORM, team, channel)
    return Mail(PLATFORM, f"{team}/{box or channel}", key, json.dumps(body, separators=(",", ":")).encode(), address)
