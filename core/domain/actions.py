"""What a member did: a union, matched with `assert_never`. Everything from chat enters the core as one of these."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.cards import CardRef, Verb
from core.domain.files import File
from core.domain.members import Identity
from core.domain.rooms import Place
from core.errors import Problem


@dataclass(frozen=True, slots=True)
class Press:
    """A button. `ref` is the message it stood on, so that a card whose ref was lost is found again."""

    key: str
    by: Identity
    place: Place
    verb: Verb
    target: str
    choice: str = ""
    version: int = 0
    ref: CardRef | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """A form that was filled in."""

    key: str
    by: Identity
    place: Place
    verb: Verb
    target: str
    values: Mapping[str, str]
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """A text typed at the bot: a swipe, a mention in a thread, or just a text.

    `at` is the message it answers; `conversation` is what that message said of itself. `alone`: nobody else reads
    this chat, so that a text with a target can only be meant for the buyer. `chosen`: it is the text of a quick
    response that was offered while they typed, as it was offered.
    """

    key: str
    by: Identity
    place: Place
    text: str
    at: CardRef | None = None
    conversation: str | None = None
    alone: bool = False
    files: tuple[File, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Words typed to find a quick response by, while they are typed: it changes nothing. No words find all."""

    key: str
    by: Identity
    place: Place
    words: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `core.domain.commands`, or a word that is none.

    `at` and `conversation` as in `Write`, where the chat tells what a command was typed as an answer to.
    """

    key: str
    by: Identity
    place: Place
    word: str
    rest: str = ""
    at: CardRef | None = None
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut of `core.domain.shortcuts`, from anywhere or on a message.

    `at` and `conversation` as in `Write`; `text` is what a person wrote in that message, empty where we did.
    """

    key: str
    by: Identity
    place: Place
    name: str
    at: CardRef | None = None
    conversation: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A member opened the place that shows all their sellers. `place` is the workspace."""

    key: str
    by: Identity
    place: Place


@dataclass(frozen=True, slots=True)
class Reach:
    """The platform says that a room can be reached again, or no more; `problem` says why.

    A place without a chat is the whole workspace.
    """

    key: str
    by: Identity
    place: Place
    reachable: bool
    problem: Problem = ""


@dataclass(frozen=True, slots=True)
class Move:
    """The platform says that the chat of a place goes on under another name, `chat`."""

    key: str
    by: Identity
    place: Place
    chat: str


@dataclass(frozen=True, slots=True)
class Amend:
    """A text typed at the bot was changed afterwards; `of` is the key under which it came first."""

    key: str
    by: Identity
    place: Place
    text: str
    of: str


Action = Press | Submit | Write | Find | Amend | Command | Shortcut | Visit | Reach | Move
"""`key` names what happened, the same for every time the platform tells us of it; `by` is who did it."""


def operation(action: Action) -> str:
    """What happened, told apart by platform: the id of the operation, for the scripts."""
    return f"{action.by.platform}/{action.key}"
