"""The chalkboard platform: what is posted is written on a board; what members do is handed over as actions."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import msgspec

from core.domain.actions import Action, Command, Press, Submit, Write
from core.domain.cards import Answer, Card, CardRef, Note, Verb
from core.domain.deliveries import DeliveryKind
from core.domain.files import File
from core.domain.members import Identity
from core.domain.overviews import Overview
from core.domain.rooms import Address, Place, Room, RoomKind
from core.domain.texts import plain
from core.errors import Gone, OutsideError, Rejected, ThreadGone
from core.ports.chat import (
    Act,
    Budget,
    ChatCapabilities,
    FileStream,
    Inbound,
    Keep,
    Mail,
    Mount,
    Pace,
    Picture,
    Tools,
    Voice,
)

NAME = "chalkboard"
ACTIONS: dict[str, type[Action]] = {"command": Command, "press": Press, "submit": Submit, "write": Write}


def open_platform(settings: Mapping[str, str], tools: Tools) -> "Chalkboard | None":
    return Chalkboard(voice=tools.voice) if settings.get("CHALKBOARD") else None


@dataclass(slots=True)
class Line:
    """Something on a board: a card, or a note beside one (`beside` is the card's number)."""

    number: str
    delivery: str
    shown: Card | Note
    beside: str = ""
    erased: bool = False
    column: str | None = None


@dataclass(slots=True)
class Chalkboard:
    """`troubles` are raised by the next calls for a board, in turn; None: that call goes well.

    `answers` is what each writer was shown, `spoken` the language in which words of our own would stand around it.
    """

    voice: Voice
    name: str = NAME
    capabilities: ChatCapabilities = field(
        default_factory=lambda: ChatCapabilities(
            text_limit=5_000, file_limit=1_000, picture_limit=1_000, overviews=True
        )
    )
    boards: dict[str, list[Line]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    troubles: dict[str, list[OutsideError | None]] = field(default_factory=dict)
    keep: Keep | None = None
    act: Act | None = None
    pace_of: Pace = field(default_factory=lambda: Pace(1, 100))
    unreachable: set[str] = field(default_factory=set)
    columns: dict[str, str] = field(default_factory=dict)
    wiped: set[str | None] = field(default_factory=set)
    drawers: dict[str, bytes] = field(default_factory=dict)
    pinned: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    takes_pictures: bool = True
    count: int = 0
    overviews: dict[str, list[Overview]] = field(default_factory=dict)
    shut_out: set[str] = field(default_factory=set)
    sits_at: dict[str, list[str]] = field(default_factory=dict)

    def pace(self, room: Room) -> Pace:
        return self.pace_of

    def budgets(self, address: Address, kind: DeliveryKind) -> tuple[Budget, ...]:
        return (Budget("chalkboard/all", 1, 1_000),)

    async def post(self, room: Room, card: Card, *, delivery: str) -> CardRef:
        return self._write(room.address, delivery, card)

    async def open_thread(self, room: Room, card: Card) -> str:
        """A column of the board, with the card's title above it."""
        self._trouble(room.address)
        self.columns[f"{room.address.chat}-{len(self.columns) + 1}"] = plain(card.title)
        return [*self.columns][-1]

    async def update(self, ref: CardRef, card: Card) -> None:
        self._trouble(ref.address)
        line = self.line(ref)
        if line is None or line.erased:
            raise Gone("erased")
        line.shown = card

    async def note(self, ref: CardRef, note: Note, *, delivery: str) -> CardRef:
        if note.to is not None:
            if note.to.user in self.unreachable:
                raise Rejected("never opened a chat with Shopbell")
            return self._write(Address(NAME, ref.address.workspace, f"@{note.to.user}"), delivery, note)
        return self._write(ref.address, delivery, note, beside=ref.message)

    async def find(self, ref: CardRef, *, delivery: str, since: int) -> CardRef | None:
        found = [line for line in self.boards.get(ref.address.chat, []) if line.delivery == delivery]
        return CardRef(ref.address, found[-1].number) if found else None

    async def shows_pictures(self) -> bool:
        return self.takes_pictures

    async def show(self, ref: CardRef, picture: Picture, *, delivery: str) -> CardRef:
        """Pinned to the board, beside the card."""
        self._trouble(Address(NAME, "school", "pins"))
        data = b"".join([piece async for piece in picture.pieces])
        self.pinned.append((ref.message, picture.name, picture.type, data))
        return CardRef(ref.address, f"pin-{len(self.pinned)}")

    @asynccontextmanager
    async def open_file(self, file: File) -> AsyncIterator[FileStream]:
        """From the drawer below the board. `troubles` of `drawer` come between the pieces, or before the first."""
        self._trouble(Address(NAME, "school", "drawer"))
        if file.ref not in self.drawers:
            raise Gone("The drawer is empty.")
        found = self.drawers[file.ref]

        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(found), 100):
                yield found[at : at + 100]
                self._trouble(Address(NAME, "school", "drawer"))

        yield FileStream(pieces(), len(found))

    def put_away(self, name: str, data: bytes = b"bytes", type: str = "image/png") -> File:
        """Somebody's file, to be attached to what they write."""
        ref = f"drawer-{len(self.drawers) + 1}"
        self.drawers[ref] = data
        return File(NAME, "school", ref, name, type, len(data))

    async def show_overview(self, who: Identity, overview: Overview) -> None:
        self._trouble(Address(NAME, who.workspace, f"@{who.user}"))
        self.overviews.setdefault(who.user, []).append(overview)

    async def reads(self, who: Identity, address: Address) -> bool:
        return who.user not in self.shut_out

    async def chats_of(self, who: Identity) -> list[Address]:
        return [Address(NAME, who.workspace, board) for board in self.sits_at.get(who.user, ())]

    def inbound(self, act: Act, keep: Keep, mount: Mount) -> Inbound:
        self.act, self.keep = act, keep

        async def read(mail: Mail) -> None:
            kind, body = msgspec.json.decode(mail.body)
            self.answers.append(await act(msgspec.convert(body, ACTIONS[kind])))
            self.spoken.append(self.voice.language)

        return Inbound(read)

    async def invite(self, code: str) -> str:
        return f"write: link {code}"

    async def check(self) -> str:
        return ""

    async def aclose(self) -> None:
        return None

    # What people do, and see.

    async def hear(self, action: Command | Press | Submit | Write) -> None:
        """Somebody acted on a board: it is kept as mail, and read by whoever reads mail."""
        assert self.keep is not None
        kind = next(name for name, made in ACTIONS.items() if isinstance(action, made))
        body = msgspec.json.encode([kind, action])
        await self.keep(Mail(NAME, action.place.address.chat, action.key, body, action.place.address))

    def line(self, ref: CardRef) -> Line | None:
        return next((line for line in self.boards.get(ref.address.chat, []) if line.number == ref.message), None)

    def cards(self, board: str) -> list[Card]:
        return [line.shown for line in self.boards.get(board, []) if isinstance(line.shown, Card) and not line.erased]

    def notes(self, board: str) -> list[Note]:
        return [line.shown for line in self.boards.get(board, []) if isinstance(line.shown, Note)]

    def said(self, board: str) -> list[str]:
        """Each note of a board as a person reads it."""
        return [plain(note.text) + (f" “{note.quote.text}”" if note.quote else "") for note in self.notes(board)]

    def _write(self, address: Address, delivery: str, shown: Card | Note, beside: str = "") -> CardRef:
        self._trouble(address)
        if address.thread in self.wiped:
            raise ThreadGone("wiped")
        self.count += 1
        line = Line(str(self.count), delivery, shown, beside, column=address.thread)
        self.boards.setdefault(address.chat, []).append(line)
        return CardRef(address, line.number)

    def _trouble(self, address: Address) -> None:
        waiting = self.troubles.get(address.chat)
        if waiting and (trouble := waiting.pop(0)):
            raise trouble


def place(board: str, kind: RoomKind = RoomKind.PRIVATE, thread: str | None = None, *, threads: bool = False) -> Place:
    return Place(Address(NAME, "school", board, thread), kind, f"board {board}", threads)


def person(user: str, *, outsider: bool = False) -> Identity:
    return replace(Identity(NAME, "school", user, user.capitalize()), outsider=outsider)


def button(card: Card | Note | Answer, verb: Verb) -> str:
    """The target of a button; fails where there is none."""
    return next(found.target for found in card.buttons if found.verb is verb)
