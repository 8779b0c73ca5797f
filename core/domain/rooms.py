"""Rooms: places in chat that are linked to a seller, and how a new message rings there."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.members import Identity
from core.domain.obligations import ObligationKind


@dataclass(frozen=True, slots=True)
class Address:
    """Where a chat is: Slack's team and channel, or Telegram's bot and chat, with a topic where there are topics."""

    platform: str
    workspace: str
    chat: str
    thread: str | None = None

    @property
    def key(self) -> str:
        return "/".join((self.platform, self.workspace, self.chat, self.thread or ""))

    @property
    def lane(self) -> str:
        """The destination's budget goes by chat: a group with all its topics is one."""
        return "/".join((self.platform, self.workspace, self.chat))

    @classmethod
    def of_lane(cls, lane: str) -> "Address":
        return cls(*lane.split("/", 2))


class RoomKind(StrEnum):
    """How open a room is, as its platform says: it decides who may answer unless asked otherwise."""

    DIRECT = "direct"  # one person and the bot
    PRIVATE = "private"  # invited people only
    PUBLIC = "public"  # everyone in the workspace can walk in


class Answerers(StrEnum):
    EVERYONE = "everyone"
    PICKED = "picked"


class Ring(StrEnum):
    """How a message that opens an obligation calls a member."""

    MENTION = "mention"
    DIRECT = "direct"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as its platform describes it when somebody wants to link it.

    `apart`: whoever acts on it is somewhere else, so that it is asked first whether they may look into it. Without a
    chat it is the whole workspace, and which room is meant follows from who acts.
    """

    address: Address
    kind: RoomKind
    title: str = ""
    threads: bool = False  # each card may have a thread of its own here, such as a topic of a forum
    apart: bool = False

    @classmethod
    def of_workspace(cls, platform: str, workspace: str) -> "Place":
        return cls(Address(platform, workspace, ""), RoomKind.DIRECT, apart=True)


@dataclass(frozen=True, slots=True)
class Share:
    """What of all that a seller is asked a room is shown: of these shops, and of this kind; all where none is named."""

    shops: tuple[str, ...] = ()
    kind: ObligationKind | None = None

    def has(self, shop: str, kind: ObligationKind) -> bool:
        return (not self.shops or shop in self.shops) and self.kind in (None, kind)


@dataclass(frozen=True, slots=True)
class Room:
    id: str
    seller: str
    address: Address
    kind: RoomKind
    title: str
    answerers: Answerers
    rings: tuple[tuple[Identity, Ring], ...] = ()
    threads: bool = False  # each card has a thread of its own, opened before it is posted
    share: Share = Share()
    language: str = "en"  # that its seller is spoken to in
