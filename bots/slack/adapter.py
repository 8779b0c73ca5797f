"""Slack as a chat platform: cards posted and redrawn, notes in their threads, and what members do."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from bots.slack.answers import PLAINLY, UNFURLED, Answers, metadata
from bots.slack.app import PATH, Door, build_app
from bots.slack.blocks import card_message, card_words, note_message, note_words
from bots.slack.client import Client, Plain
from bots.slack.config import Config, read_config
from bots.slack.echoes import recall
from bots.slack.errors import NotThere, said
from bots.slack.fields import MOST
from bots.slack.files import DOWNLOAD_LIMIT, PICTURE_LIMIT, READ, WRITE, opened, shown
from bots.slack.home import Home
from bots.slack.listeners import Listeners
from bots.slack.people import PLATFORM, People, scopes_in
from bots.slack.reading import Reader
from bots.slack.sockets import receive
from bots.slack.windows import Windows
from core.domain.cards import Card, CardRef, Note
from core.domain.deliveries import DeliveryKind
from core.domain.files import File
from core.domain.members import Identity
from core.domain.overviews import Overview
from core.domain.rooms import Address, Room
from core.errors import AccessLost, Gone, Rejected
from core.ports.chat import Act, Budget, ChatCapabilities, FileStream, Inbound, Keep, Mount, Pace, Picture, Tools

CARD, NOTE = "shopbell_card", "shopbell_note"
COMMAND = "/shopbell "
FOREIGN = ("/away", "/status")  # of Slack's own commands those that people try
# What the app must be allowed to do; the manifest asks for it.
SCOPES = frozenset(
    "app_mentions:read channels:read chat:write commands groups:read metadata.message:read users:read".split()
)
# What it can do without; the manifest asks for it as optional.
OPTIONAL = {
    READ: f"{READ}, for files that members attach to replies",
    WRITE: f"{WRITE}, for buyers' pictures in threads",
}
PAGE = 15  # messages that one look back reads, the most that any app may have at once
HOME_EVERY = 5000  # milliseconds between two drawings of one person's Home tab
EARLIER = 5.0  # seconds: Slack's clock and ours may differ


def open_platform(settings: Mapping[str, str], tools: Tools) -> "SlackPlatform | None":
    """None when Slack is not set up; raises `Misconfigured` with every fault at once."""
    config = read_config(settings)
    return SlackPlatform(config, tools) if config else None


class SlackPlatform:
    name = PLATFORM

    def __init__(self, config: Config, tools: Tools) -> None:
        self.capabilities = ChatCapabilities(
            MOST,
            command_prefix=COMMAND,
            edits_cost=False,
            finds=True,
            whispers=True,
            foreign_commands=FOREIGN,
            threads_take_commands=False,
            file_limit=DOWNLOAD_LIMIT,
            overviews=True,
            picture_limit=PICTURE_LIMIT,
        )
        self._config = config
        self._tools = tools
        self._say = tools.voice.say
        self._client = Client(config)
        self._people = People(self._client, tools.memory)
        self._home = Home(self._client, self._people, tools.memory, tools.voice)
        self._listeners: Listeners | None = None

    def pace(self, room: Room) -> Pace:
        # docs.slack.dev/apis/web-api/rate-limits: one a second in a channel, short bursts allowed.
        return Pace(refill_ms=1000, burst=3)

    def budgets(self, address: Address, kind: DeliveryKind) -> tuple[Budget, ...]:
        """chat.update 50 a minute, chat.postMessage "several hundred", views.publish 100, all for a whole workspace."""
        team = address.workspace
        if kind is DeliveryKind.OVERVIEW:
            own = Budget(f"{PLATFORM}/{team}/home/{address.chat}", refill_ms=HOME_EVERY, burst=1)
            return (own, Budget(f"{PLATFORM}/{team}/publish", refill_ms=600, burst=20))
        if kind is DeliveryKind.REDRAW:
            return (Budget(f"{PLATFORM}/{team}/update", refill_ms=1200, burst=20),)
        return (Budget(f"{PLATFORM}/{team}/post", refill_ms=200, burst=20),)

    async def post(self, room: Room, card: Card, *, delivery: str) -> CardRef:
        marked = metadata(CARD, card.conversation, delivery)
        return await self._post(
            room.address, card_message(card, self._say), lambda: card_words(card, self._say), metadata=marked
        )

    async def open_thread(self, room: Room, card: Card) -> str:
        """In Slack a thread begins at the card itself, and no place says that it has others."""
        raise Rejected(said("no_thread"))

    async def update(self, ref: CardRef, card: Card) -> None:
        at = {"channel": ref.address.chat, "ts": ref.message}
        await self._client.show(
            self._client.update, card_message(card, self._say), lambda: card_words(card, self._say), **at, **PLAINLY
        )

    async def note(self, ref: CardRef, note: Note, *, delivery: str) -> CardRef:
        marked = metadata(NOTE, note.conversation, delivery)
        if note.to is not None:
            return await self._direct(ref, note, note.to, marked)
        at: dict[str, Any] = {"thread_ts": ref.message, "reply_broadcast": note.loud} if ref.message else {}
        return await self._post(
            ref.address, note_message(note, self._say), lambda: note_words(note, self._say), metadata=marked, **at
        )

    async def find(self, ref: CardRef, *, delivery: str, since: int) -> CardRef | None:
        """By the echo of the post; with a history scope also in the card's thread, or in the channel for a card."""
        echoed = await recall(self._tools.memory, delivery, ref.address.workspace)
        if echoed or not self._config.read_back:
            return echoed
        web = self._client.web
        window: dict[str, Any] = {
            "oldest": f"{since / 1000 - EARLIER:.6f}",
            "limit": PAGE,
            "include_all_metadata": True,
        }
        if ref.message:
            window |= {"ts": ref.message}
        look = web.conversations_replies if ref.message else web.conversations_history
        page = await self._client.call(look, channel=ref.address.chat, **window)
        for message in page.get("messages") or ():
            known = (message.get("metadata") or {}).get("event_payload") or {}
            if known.get("delivery") == delivery:
                return CardRef(ref.address, str(message["ts"]))
        return None

    async def shows_pictures(self) -> bool:
        """Asked for first: a scope that is missing must not make the whole workspace look lost."""
        return await self._people.may(WRITE)

    async def show(self, ref: CardRef, picture: Picture, *, delivery: str) -> CardRef:
        await shown(self._client, ref, picture)
        return CardRef(ref.address, "")

    def open_file(self, file: File) -> AbstractAsyncContextManager[FileStream]:
        return opened(self._client, self._people, file)

    async def show_overview(self, who: Identity, overview: Overview) -> None:
        if who.workspace != (await self._people.home()).team:
            raise Rejected(said("other_workspace"))
        await self._home.publish(who.user, overview)

    async def reads(self, who: Identity, address: Address) -> bool:
        return await self._people.is_in(who.user, address.chat)

    async def chats_of(self, who: Identity) -> Sequence[Address]:
        return [Address(PLATFORM, who.workspace, chat) for chat in await self._people.channels_of(who.user)]

    def inbound(self, act: Act, keep: Keep, mount: Mount) -> Inbound:
        voice = self._tools.voice
        answers = Answers(self._client, voice.say)
        reader = Reader(self._client, self._people, answers, Windows(self._client, voice), self._home, act, voice)
        listeners = Listeners(reader, self._tools.memory, keep, voice)
        self._listeners = listeners
        app = build_app(self._client, listeners)
        if self._config.signing_secret:
            mount(PATH, Door(app, self._config.signing_secret, self._tools.clock.wall))

        async def run() -> None:
            self._client.connect()
            await receive(app, self._config.app_token)

        return Inbound(listeners.read, run if self._config.app_token else None)

    async def invite(self, code: str) -> str:
        return f"{COMMAND}link {code}"

    async def check(self) -> str:
        answer = await self._client.answer(self._client.web.auth_test)
        granted = scopes_in(answer.headers.get("x-oauth-scopes", ""))
        if granted and (missing := sorted(SCOPES - granted)):
            raise AccessLost(said("scopes_missing", scopes=", ".join(missing)))
        more = [what for scope, what in OPTIONAL.items() if granted and scope not in granted]
        return f"It can do without {' and '.join(more)}; bots/slack/README.md says how to add it." if more else ""

    async def aclose(self) -> None:
        if self._listeners is not None:
            await self._listeners.aclose()
        await self._client.aclose()

    async def _direct(self, ref: CardRef, note: Note, to: Identity, marked: dict[str, Any]) -> CardRef:
        """To one member alone. That this member cannot be reached says nothing about the room."""
        way = await self._way_to(ref)
        address = Address(PLATFORM, ref.address.workspace, to.user)
        shown = note_message(note, self._say, way=way)
        try:
            return await self._post(address, shown, lambda: note_words(note, self._say, way=way), metadata=marked)
        except NotThere as error:
            raise Rejected(error.problem) from error

    async def _way_to(self, ref: CardRef) -> str:
        if not ref.message:
            return ""
        get = self._client.web.chat_getPermalink
        try:
            link = await self._client.call(get, channel=ref.address.chat, message_ts=ref.message)
        except (Gone, NotThere):
            return ""
        return str(link.get("permalink") or "")

    async def _post(self, address: Address, shown: dict[str, Any], plain: Plain, **more: Any) -> CardRef:
        """Slack answers with the channel it went to: a direct one has an id of its own."""
        sent = await self._client.show(self._client.post, shown, plain, channel=address.chat, **more, **UNFURLED)
        return CardRef(Address(PLATFORM, address.workspace, str(sent["channel"])), str(sent["ts"]))
