"""The fault menu: what can be made to go wrong here, by name, and how each is put right again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bots.playground.faults import Fault, Faults
from bots.playground.page.doors import Json
from bots.playground.page.worlds import Worlds
from bots.playground.telegram import Chat
from bots.playground.wire import Side

SLOW = 3.0  # seconds
AGAIN_AFTER = "3"
REFUSED = {"title": "Refused", "detail": "This conversation is closed: the buyer has left."}
Where = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person or an operator does to a world; `undo` is None for what cannot be undone."""

    do: Callable[[Worlds, Where], Awaitable[None]]
    undo: Callable[[Worlds], Awaitable[None]] | None
    is_done: Callable[[Worlds], bool]


@dataclass(frozen=True, slots=True)
class Trouble:
    """`calls` go wrong while it is on, or it is a `deed`."""

    name: str
    side: Side
    title: str
    what: str
    healed_by: str
    calls: tuple[Fault, ...] = ()
    deed: Deed | None = None


class FaultMenu:
    """What is on is read from the worlds themselves: whoever mends a thing by hand has turned it off."""

    def __init__(self, faults: Faults, worlds: Worlds) -> None:
        self._faults, self._worlds = faults, worlds
        self._added: dict[str, list[str]] = {}

    def read(self, _: object = None) -> Json:
        return {"menu": [self._shown(trouble) for trouble in MENU]}

    async def turn_on(self, name: str, where: Where) -> None:
        """Raises KeyError for an unknown name, ValueError where the fault needs a target that is not there."""
        trouble = NAMED[name]
        if trouble.deed:
            await trouble.deed.do(self._worlds, where)
        elif not self._is_on(trouble):
            self._added[name] = [self._faults.add(fault) for fault in trouble.calls]

    async def turn_off(self, name: str) -> None:
        """Heals what it broke."""
        trouble = NAMED[name]
        if trouble.deed and trouble.deed.undo:
            await trouble.deed.undo(self._worlds)
        for added in self._added.pop(name, []):
            self._faults.remove(added)

    def _is_on(self, trouble: Trouble) -> bool:
        if trouble.deed:
            return trouble.deed.is_done(self._worlds)
        return any(added in self._faults.all() for added in self._added.get(trouble.name, []))

    def _shown(self, trouble: Trouble) -> Json:
        return {
            "name": trouble.name,
            "side": trouble.side,
            "title": trouble.title,
            "what": trouble.what,
            "on": self._is_on(trouble),
            "once": trouble.deed is not None and trouble.deed.undo is None,
            "healed_by": trouble.healed_by,
        }


# Slack.


async def _revoke_in_slack(worlds: Worlds, where: Where) -> None:
    await worlds.slack.revoke_token()


async def _restore_in_slack(worlds: Worlds) -> None:
    await worlds.slack.restore_token()


async def _archive(worlds: Worlds, where: Where) -> None:
    """The channel that is named, or the first that can be archived."""
    rooms = [channel for channel in worlds.slack.channels.values() if channel.kind != "im"]
    asked = next((room for room in rooms if room.id == where.get("channel")), rooms[0] if rooms else None)
    if asked is None:
        raise ValueError("There is no channel to archive.")
    if not asked.archived:
        await worlds.slack.archive(asked.id)


async def _unarchive(worlds: Worlds) -> None:
    for channel in worlds.slack.channels.values():
        if channel.archived:
            await worlds.slack.unarchive(channel.id)


# Telegram.


async def _revoke_in_telegram(worlds: Worlds, where: Where) -> None:
    await worlds.telegram.hands.revoke_token()


async def _restore_in_telegram(worlds: Worlds) -> None:
    await worlds.telegram.hands.restore_token()


async def _block(worlds: Worlds, where: Where) -> None:
    """By the person who is named, or the first who has started the bot."""
    started = _private_chats(worlds, lambda chat: chat.started)
    asked = next((chat for chat in started if chat.id == where.get("user")), started[0] if started else None)
    if asked is None:
        raise ValueError("Nobody has started the bot.")
    if not asked.blocked:
        await worlds.telegram.hands.block(asked.id)


async def _unblock(worlds: Worlds) -> None:
    for chat in _private_chats(worlds, lambda chat: chat.blocked):
        await worlds.telegram.hands.unblock(chat.id)


async def _delete_topic(worlds: Worlds, where: Where) -> None:
    """The topic that is named, or the newest."""
    forums = [chat for chat in worlds.telegram.world.groups.values() if chat.forum]
    topics = [(chat, topic) for chat in forums for topic in chat.topics.values() if not topic.deleted]
    asked = [(chat, topic) for chat, topic in topics if (chat.id, topic.id) == (where.get("chat"), where.get("thread"))]
    found = asked or topics
    if not found:
        raise ValueError("There is no topic to delete: let a buyer write first.")
    chat, topic = found[-1]
    await worlds.telegram.hands.delete_topic(chat, topic.id)


def _private_chats(worlds: Worlds, wanted: Callable[[Chat], bool]) -> list[Chat]:
    return [chat for chat in worlds.telegram.world.chats() if chat.private and wanted(chat)]


def _on(side: Side, *methods: str, **how: Any) -> tuple[Fault, ...]:
    return tuple(Fault(side, method, **how) for method in methods)


SLACK_WRITES = ("chat.*", "views.*")
TELEGRAM_WRITES = ("send*", "edit*")

MENU = (
    Trouble(
        "slack-429",
        "slack",
        "Slack: too many requests",
        "Every post and every form is answered with 429 and “try again in 3 s”.",
        "Turn it off: what waited is posted, in order.",
        _on(
            "slack",
            *SLACK_WRITES,
            status=429,
            body={"ok": False, "error": "ratelimited"},
            headers={"Retry-After": AGAIN_AFTER},
        ),
    ),
    Trouble(
        "slack-slow",
        "slack",
        "Slack: slow",
        f"Every post is answered {SLOW:g} s late.",
        "Turn it off.",
        _on("slack", "chat.*", kind="delay", seconds=SLOW),
    ),
    Trouble(
        "slack-lost-answer",
        "slack",
        "Slack: answers get lost",
        "A message is posted, and the connection breaks before Shopbell hears of it.",
        "By itself: Slack's echo of each post says that it is there, and nothing is posted twice.",
        _on("slack", "chat.postMessage", kind="drop_after"),
    ),
    Trouble(
        "slack-revoked-token",
        "slack",
        "Slack: token revoked",
        "Somebody takes the bot's token back. The other chat says so.",
        "Turn it off: the token is valid again, and what waited is posted within a minute.",
        deed=Deed(_revoke_in_slack, _restore_in_slack, lambda worlds: worlds.slack.workspace.revoked),
    ),
    Trouble(
        "slack-archived-channel",
        "slack",
        "Slack: channel archived",
        "The channel is archived. The other chat says so.",
        "Turn it off: the channel is open again, and what waited is posted.",
        deed=Deed(_archive, _unarchive, lambda worlds: any(room.archived for room in worlds.slack.channels.values())),
    ),
    Trouble(
        "telegram-429",
        "telegram",
        "Telegram: too many requests",
        "Every message and every edit is answered with 429 and “retry after 3”.",
        "Turn it off: what waited is sent, in order.",
        _on("telegram", *TELEGRAM_WRITES, status=429, seconds=float(AGAIN_AFTER)),
    ),
    Trouble(
        "telegram-slow",
        "telegram",
        "Telegram: slow",
        f"Every message and every edit is answered {SLOW:g} s late.",
        "Turn it off.",
        _on("telegram", *TELEGRAM_WRITES, kind="delay", seconds=SLOW),
    ),
    Trouble(
        "telegram-lost-answer",
        "telegram",
        "Telegram: answers get lost",
        "A message is sent, and the connection breaks before Shopbell hears of it.",
        "Turn it off. Telegram cannot be asked what arrived, so a message may stand twice rather than not at all.",
        _on("telegram", "sendMessage", kind="drop_after"),
    ),
    Trouble(
        "telegram-revoked-token",
        "telegram",
        "Telegram: token revoked",
        "BotFather takes the bot's token back: 401 to everything. The other chat says so.",
        "Turn it off: the token is valid again, and the bot is back within a minute.",
        deed=Deed(_revoke_in_telegram, _restore_in_telegram, lambda worlds: worlds.telegram.world.bot.revoked),
    ),
    Trouble(
        "telegram-blocked-bot",
        "telegram",
        "Telegram: bot blocked",
        "A person blocks the bot. The other chats say so.",
        "Turn it off: the bot is unblocked, and what waited is sent.",
        deed=Deed(_block, _unblock, lambda worlds: bool(_private_chats(worlds, lambda chat: chat.blocked))),
    ),
    Trouble(
        "telegram-deleted-topic",
        "telegram",
        "Telegram: topic deleted",
        "The topic of a conversation is deleted with all that stood in it; no bot is told.",
        "By itself: the next that is to be said there comes in a new topic.",
        deed=Deed(_delete_topic, None, lambda _: False),
    ),
    Trouble(
        "marketplace-down",
        "marketplace",
        "Marketplace: down",
        "Connections to it break before it has read anything.",
        "Turn it off: replies that waited are carried, each once; it takes no longer than it was down.",
        _on("marketplace", "callback", kind="drop_before"),
    ),
    Trouble(
        "marketplace-refuses",
        "marketplace",
        "Marketplace: refuses replies",
        "A reply is refused with a reason, which is shown to whoever wrote it.",
        "Turn it off, and send the reply again.",
        _on("marketplace", "callback", where={"type": "reply.created"}, status=422, body=REFUSED),
    ),
    Trouble(
        "marketplace-lost-answer",
        "marketplace",
        "Marketplace: answers get lost",
        "A reply arrives, and the connection breaks before Shopbell hears of it.",
        "Turn it off: the reply is brought again under the same id, and the buyer has it once.",
        _on("marketplace", "callback", kind="drop_after"),
    ),
    Trouble(
        "marketplace-slow",
        "marketplace",
        "Marketplace: slow",
        f"A reply is accepted {SLOW:g} s late.",
        "Turn it off.",
        _on("marketplace", "callback", kind="delay", seconds=SLOW),
    ),
)
NAMED = {trouble.name: trouble for trouble in MENU}
