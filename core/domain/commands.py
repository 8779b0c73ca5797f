"""The commands, one table for all chats: Slack's `/shopbell WORD`, Telegram's `/WORD`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandWord:
    """`usage` follows the word. What it does stands in `core.services.commands`."""

    word: str
    usage: str = ""
    aliases: tuple[str, ...] = ()


COMMANDS = (
    CommandWord("link", "CODE", aliases=("start",)),
    CommandWord("inbox", "[WORDS]", aliases=("open",)),
    CommandWord("status"),
    CommandWord("rates", aliases=("rate",)),
    CommandWord("ring"),
    CommandWord("unlink"),
    CommandWord("help"),
)


def find(word: str) -> CommandWord | None:
    """The command a typed word means, in any case of letters; None for an unknown one."""
    typed = word.casefold()
    return next((known for known in COMMANDS if typed == known.word or typed in known.aliases), None)
