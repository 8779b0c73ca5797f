"""Telegram as a chat platform: `open_platform` is what the composition root asks for by name."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from bots.telegram.app import App, Spot
from bots.telegram.arrivals import Arrivals
from bots.telegram.config import Config, read_config
from bots.telegram.errors import said
from bots.telegram.files import DOWNLOAD_LIMIT, PICTURE_LIMIT, opened
from bots.telegram.inline import Inline
from bots.telegram.messages import address_of, draw_card, draw_note, draw_picture, topic_name
from bots.telegram.polling import Poller
from bots.telegram.reading import Reader
from bots.telegram.topics import Topics
from bots.telegram.webhook import Webhook
from core.domain.cards import Card, CardRef, Note
from core.domain.deliveries import DeliveryKind
from core.domain.files import File
from core.domain.members import Identity
from core.domain.overviews import Overview
from core.domain.rooms import Address, Room, RoomKind
from core.errors import AccessLost, Rejected
from core.ports.chat import Act, Budget, ChatCapabilities, FileStream, Inbound, Keep, Mount, Pace, Picture, Tools


def open_platform(settings: Mapping[str, str], tools: Tools) -> "TelegramPlatform | None":
    """None without TELEGRAM_BOT_TOKEN; raises Misconfigured with every fault. Nothing is sent yet."""
    config = read_config(settings)
    return None if config is None else TelegramPlatform(config, tools)


NO_INLINE = "With /setinline at @BotFather members find quick responses by typing its @name and some words."


class TelegramPlatform:
    name = "telegram"
    capabilities = ChatCapabilities(
        text_limit=4096, edits_cost=True, finds=False, file_limit=DOWNLOAD_LIMIT, picture_limit=PICTURE_LIMIT
    )

    def __init__(self, config: Config, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._say = tools.voice.say
        self._app = App(config, tools.menus)
        self._topics = Topics(self._app, tools.memory)
        self._arrivals: Arrivals | None = None

    def pace(self, room: Room) -> Pace:
        """A message a second in a chat, twenty a minute in a group with all its topics (Telegram's FAQ)."""
        return Pace(1000, 3) if room.kind is RoomKind.DIRECT else Pace(3000, 5)

    def budgets(self, address: Address, kind: DeliveryKind) -> tuple[Budget, ...]:
        """Thirty messages a second for the whole bot (Telegram's FAQ)."""
        return (Budget(f"telegram/{self._config.bot_id}", 34, 25),)

    async def open_thread(self, room: Room, card: Card) -> str:
        """A topic of a forum, named after the buyer and the shop."""
        return await self._app.open_topic(room.address.chat, topic_name(card))

    async def post(self, room: Room, card: Card, *, delivery: str) -> CardRef:
        """`delivery` goes nowhere: Telegram takes no key, and a second copy's buttons do the same as the first's."""
        ref = CardRef(room.address, "", own_thread=room.threads)
        return replace(ref, message=await self._topics.send(ref, draw_card(card, self._say), silent=card.silent))

    async def update(self, ref: CardRef, card: Card) -> None:
        await self._app.edit(ref.address.chat, ref.message, draw_card(card, self._say))
        await self._topics.settle(ref, settled=card.state.is_settled)

    async def note(self, ref: CardRef, note: Note, *, delivery: str) -> CardRef:
        if note.to is not None:
            return await self._tell(note.to.user, ref, note)
        return CardRef(ref.address, await self._topics.send(ref, draw_note(note, self._say), silent=not note.loud))

    async def _tell(self, user: str, ref: CardRef, note: Note) -> CardRef:
        """Rejected where one person cannot be reached: the room itself still can."""
        try:
            message = await self._app.send(
                Spot(user), draw_note(note, self._say, address_of(ref)), silent=not note.loud
            )
        except AccessLost as error:
            raise Rejected(error.problem) from error
        return CardRef(Address(self.name, self._config.bot_id, user), message)

    async def find(self, ref: CardRef, *, delivery: str, since: int) -> CardRef | None:
        """Bots cannot read back what they wrote."""
        return None

    async def shows_pictures(self) -> bool:
        return True

    async def show(self, ref: CardRef, picture: Picture, *, delivery: str) -> CardRef:
        caption = draw_picture(picture, self._say)
        return CardRef(ref.address, await self._topics.show(ref, lambda spot: self._app.show(spot, picture, caption)))

    def open_file(self, file: File) -> AbstractAsyncContextManager[FileStream]:
        return opened(self._app, file)

    async def show_overview(self, who: Identity, overview: Overview) -> None:
        """A chat with the bot is one stream of messages: nothing in it stays where it can be found."""
        raise Rejected(said("no_overview"))

    async def reads(self, who: Identity, address: Address) -> bool:
        return False

    async def chats_of(self, who: Identity) -> Sequence[Address]:
        return ()

    def inbound(self, act: Act, keep: Keep, mount: Mount) -> Inbound:
        self._arrivals = Arrivals(self._app, keep, Inline(self._app, act, self._tools.memory), self._tools.voice)
        reader = Reader(self._app, act, self._tools.memory, self._tools.voice)
        if self._config.webhook_base is None:
            return Inbound(reader.read, Poller(self._app, self._arrivals, self._tools.lease).run)
        webhook = Webhook(
            self._app,
            self._arrivals,
            self._tools.lease,
            base=self._config.webhook_base,
            secret=self._config.webhook_secret,
        )
        mount(webhook.path, webhook.serve)
        return Inbound(reader.read, webhook.run)

    async def invite(self, code: str) -> str:
        """The deep link: it opens the bot's private chat with a Start button that sends the code."""
        return f"https://t.me/{(await self._app.me()).username}?start={code}"

    async def check(self) -> str:
        return "" if (await self._app.introduce()).inline else NO_INLINE

    async def aclose(self) -> None:
        if self._arrivals is not None:
            await self._arrivals.aclose()
        await self._app.aclose()
