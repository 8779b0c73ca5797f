"""Our own posts as Slack tells of them: the proof that one arrived whose answer was lost."""

import json
from dataclasses import dataclass

from bots.slack.actions import Payload, our_user
from bots.slack.people import PLATFORM
from core.domain.cards import CardRef
from core.domain.rooms import Address
from core.ports.chat import Memory

DAY = 86_400  # an event that could not be delivered may come up to 24 hours late


@dataclass(frozen=True, slots=True)
class Echo:
    delivery: str
    channel: str
    message: str


def echo_in(payload: Payload) -> Echo | None:
    """None for everything but our own posts that carry a delivery; other apps can write the same metadata."""
    event = payload.get("event") or {}
    if event.get("type") != "message_metadata_posted" or event.get("user_id") != our_user(payload):
        return None
    delivery = ((event.get("metadata") or {}).get("event_payload") or {}).get("delivery")
    channel, message = event.get("channel_id"), event.get("message_ts")
    return Echo(str(delivery), str(channel), str(message)) if delivery and channel and message else None


async def remember(memory: Memory, echo: Echo) -> None:
    await memory.put(_key(echo.delivery), json.dumps([echo.channel, echo.message]), seconds=DAY)


async def recall(memory: Memory, delivery: str, workspace: str) -> CardRef | None:
    """Where a delivery arrived. None proves nothing: echoes get lost too."""
    kept = await memory.get(_key(delivery))
    if kept is None:
        return None
    channel, message = json.loads(kept)
    return CardRef(Address(PLATFORM, workspace, channel), message)


def _key(delivery: str) -> str:
    return f"{PLATFORM}/echo/{delivery}"
