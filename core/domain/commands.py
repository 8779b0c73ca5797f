"""The commands, one table for all chats: Slack's `/shopbell WORD`, Telegram's `/WORD`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandWord:
    """`usage` follows the word. What it does stands in `core.services.commands`, and in `templates/answers/commands`.

    `managed`: what follows and what it does is more for whoever may manage; others have this `narrow` usage, and a
    block of their own. `grouped`: it is offered where several people read, not only to one alone.
    """

    word: str
    usage: str = ""
    managed: bool = False
    narrow: str = ""
    aliases: tuple[str, ...] = ()
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A command as a chat's own menu names it."""

    word: str
    about: str
    grouped: bool


COMMANDS = (
    CommandWord("inbox", "[WORDS]", aliases=("open",), grouped=True),
    CommandWord("away", "[me] [UNTIL] [NOTE]", managed=True, narrow="me [UNTIL]", aliases=("vacation",), grouped=True),
    CommandWord("back", "[me]", managed=True, narrow="me", grouped=True),
    CommandWord("status", "[SHOP]", grouped=True),
    CommandWord("rates", aliases=("rate",), grouped=True),
    CommandWord("quick", "[add|show|edit|delete TITLE]", managed=True, narrow="[show TITLE]"),
    CommandWord("spam", "[blocked]", managed=True, grouped=True),
    CommandWord("members"),
    CommandWord("settings"),
    CommandWord("ring"),
    CommandWord("link", "CODE", aliases=("start",)),
    CommandWord("unlink"),
    CommandWord("help", grouped=True),
)


def find(word: str) -> CommandWord | None:
    """The command a typed word means, in any case of letters; None for an unknown one."""
    typed = word.casefold()
    return next((known for known in COMMANDS if typed == known.word or typed in known.aliases), None)
