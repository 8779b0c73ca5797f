"""The port to a chat platform: it shows cards, keeps them current, and hands over what members do with them.

Threads, modals, keyboards, callback ids and three-second acknowledgements stay inside the platform's folder.
Its exceptions stop there too: the methods raise `core.errors.OutsideError` and nothing else of theirs.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.clock import Clock
from core.domain.actions import Action
from core.domain.cards import Answer, Card, CardRef, Note
from core.domain.commands import MenuItem
from core.domain.deliveries import DeliveryKind
from core.domain.files import File
from core.domain.members import Identity
from core.domain.overviews import Overview
from core.domain.rooms import Address, Room
from core.domain.texts import Part, Text

Act = Callable[[Action], Awaitable[Answer]]
"""The core's single door for members. Never raises `Refused`: the answer then says why."""

Asgi = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]
Mount = Callable[[str, Asgi], None]
"""Serve this application at this path of our web server."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One raw event of a platform, as it came. Mail of one `box` (a chat) is read in order.

    `key` names what happened, not the telling of it: a second mail with the same key is a duplicate for 25 hours.
    `address`: the chat whose members are told should it turn out that nobody can read it. `again`: somebody began to
    read it before.
    """

    platform: str
    box: str
    key: str
    body: bytes
    address: Address | None = None
    again: bool = False


Keep = Callable[[Mail], Awaitable[bool]]
"""Write mail to disk before it is acknowledged; False when it was known. Raises `core.errors.StoreDown`."""


class Memory(Protocol):
    """What an adapter may remember. Values are sealed; `seconds` is the lifetime."""

    async def put(self, key: str, value: str, *, seconds: int) -> None: ...
    async def get(self, key: str) -> str | None: ...
    async def take(self, key: str) -> str | None:
        """Get and forget, at once."""


class Lease(Protocol):
    """What must run once in the whole deployment, such as polling a bot."""

    async def hold(self, role: str) -> bool:
        """Take or renew the role for 15 s; False while another process holds it."""

    async def leave(self, role: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit of the platform's across rooms: `burst` at once, then one every `refill_ms`."""

    name: str
    refill_ms: int
    burst: int


@dataclass(frozen=True, slots=True)
class Pace:
    """A room's own limit, as `Budget`; `burst` at once, then one every `refill_ms` milliseconds."""

    refill_ms: int
    burst: int


@dataclass(frozen=True, slots=True)
class ChatCapabilities:
    """`finds`: the platform can look for what may have arrived. `edits_cost`: redraws count for a room's pace.
    `whispers`: an answer that is not public is seen by its member alone, wherever they are.
    `foreign_commands` are the chat's own that look like ours. `file_limit`: the largest file, in bytes, that can be
    fetched from it; 0 where none can. `picture_limit`: the largest picture that it takes. `overviews`: a member has a
    place of their own there that can show all their sellers.

    `text_limit` is in code points; a command is typed as `command_prefix` and its word.
    """

    text_limit: int
    command_prefix: str = "/"
    edits_cost: bool = True
    finds: bool = False
    whispers: bool = False
    foreign_commands: tuple[str, ...] = ()
    threads_take_commands: bool = True
    file_limit: int = 0
    overviews: bool = False
    picture_limit: int = 0


@dataclass(frozen=True, slots=True)
class FileStream:
    """A file on its way, never kept. `size` in bytes, where whoever sends it says so.

    `pieces` raises `OutsideError` where it breaks off.
    """

    pieces: AsyncIterator[bytes]
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A buyer's picture on its way. `type` is what its bytes say it is; they come once, and `size` of them."""

    name: str
    type: str
    size: int
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Inbound:
    """`read` handles one kept mail, idempotently: it is called again if the process dies meanwhile.

    `run` is a loop that receives (polling, a socket), until cancelled; None where only the web server receives.
    """

    read: Callable[[Mail], Awaitable[None]]
    run: Callable[[], Coroutine[Any, Any, None]] | None = None


class ChatPlatform(Protocol):
    """A third platform is one folder with a class of this shape in `adapter.py`."""

    name: str
    capabilities: ChatCapabilities

    def pace(self, room: Room) -> Pace: ...
    def budgets(self, address: Address, kind: DeliveryKind) -> tuple[Budget, ...]:
        """Those that one call of this kind draws on, beside the room's pace."""

    async def open_thread(self, room: Room, card: Card) -> str:
        """A new thread for a card, only asked for where the room's place had `threads`; `Address.thread` of it."""

    async def post(self, room: Room, card: Card, *, delivery: str) -> CardRef: ...
    async def update(self, ref: CardRef, card: Card) -> None:
        """Redraw a card in place; raises `Gone` if it was deleted."""

    async def note(self, ref: CardRef, note: Note, *, delivery: str) -> CardRef:
        """A new line beside the card; raises `ThreadGone` if the card's thread was deleted."""

    async def find(self, ref: CardRef, *, delivery: str, since: int) -> CardRef | None:
        """What may have arrived since `since` (milliseconds); only called where `capabilities.finds`."""

    async def shows_pictures(self) -> bool:
        """Whether a picture may be put beside a card now; where not, it stays a name on it."""

    async def show(self, ref: CardRef, picture: Picture, *, delivery: str) -> CardRef:
        """A picture beside the card; its ref has no message where the platform does not say which that is."""

    def open_file(self, file: File) -> AbstractAsyncContextManager[FileStream]:
        """What a member attached. Raises `Gone` where it was deleted; the sender waits for whoever reads it."""

    async def show_overview(self, who: Identity, overview: Overview) -> None:
        """In place of the one before; only called where `capabilities.overviews`, as are the next two.

        Raises `TryLater` with `after` 0 where another drawing came between: then how things are is shown again.
        """

    async def reads(self, who: Identity, address: Address) -> bool:
        """Whether this person can look into a chat now."""

    async def chats_of(self, who: Identity) -> Sequence[Address]:
        """The chats that this person is in, some two hundred of them; ours and others."""

    def inbound(self, act: Act, keep: Keep, mount: Mount) -> Inbound: ...
    async def invite(self, code: str) -> str:
        """How a link code is used there, in one line; may ask the platform, and raises `OutsideError`."""

    async def check(self) -> str:
        """For `shopbell doctor`: raise `AccessLost` or `TryLater` with a sentence, or say what more could be set up."""

    async def aclose(self) -> None: ...


class Say(Protocol):
    """Words of ours by their name, `slack/phrases#close`, in the language that is spoken; values as parts of a Text."""

    def __call__(self, name: str, /, **values: Text | Part | int) -> Text: ...


class Voice(Protocol):
    """What a platform says in words of its own, in the seller's language.

    That is spoken already where a card, a note or an overview is to be shown, and from when an action was carried out
    in a room until the next one.
    """

    @property
    def language(self) -> str:
        """The one that is spoken, for what comes back and must be answered before anything is looked up."""

    def say(self, name: str, /, **values: Text | Part | int) -> Text: ...
    def explain(self, kept: str) -> Text:
        """What an `OutsideError` has `kept`, so that a member can be told."""

    def speaking(self, language: str) -> AbstractContextManager[None]:
        """All that is said within; English where it is unknown or empty."""

    async def speak_to(self, address: Address) -> None:
        """From here on the language of whoever this chat is linked to, for what is said without an action.

        Costs a look into the store; English where that does not answer.
        """


@dataclass(frozen=True, slots=True)
class Tools:
    """What an adapter is given: it opens nothing, knows no clock but this, and holds no sentence of its own.

    `menus`: the commands by language, for chats that list them while somebody types.
    """

    clock: Clock
    memory: Memory
    lease: Lease
    voice: Voice
    menus: Mapping[str, Sequence[MenuItem]] = field(default_factory=dict)
