"""Members: people who act for a seller in chat, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a platform knows them. `workspace` is Slack's team or Telegram's bot; `name` is only for showing.

    `outsider`: somebody who may never act: a guest, a stranger, a bot, or whoever hides behind a group's name.
    """

    platform: str
    workspace: str
    user: str
    name: str = ""
    outsider: bool = field(default=False, compare=False)

    @property
    def key(self) -> str:
        """The identity without its changeable name."""
        return "/".join((self.platform, self.workspace, self.user))


class Role(StrEnum):
    """From the most rights to the fewest; see `RIGHTS`."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    VIEWER = "viewer"


class Right(StrEnum):
    READ = "read"
    REPLY = "reply"  # answer buyers, use quick responses, claim; one's own absence and habits
    SPAM = "spam"  # report spam, waive, and undo both
    MANAGE = "manage"  # the shop's availability, its quick responses, the seller's settings
    LINK = "link"  # link and unlink rooms, give roles


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.LINK},
    Role.AGENT: frozenset({Right.READ, Right.REPLY, Right.SPAM}),
    Role.VIEWER: frozenset({Right.READ}),
}


@dataclass(frozen=True, slots=True)
class Member:
    identity: Identity
    seller: str
    role: Role

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]
