"""The inbox: what a seller owes over all its shops, by time left; and what is found among it and what was answered."""

import unicodedata
from dataclasses import dataclass

PAGE = 8  # lines that are shown at once


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message's beginning, as far as the inbox shows or searches it."""

    text: str
    deleted: bool = False
    starts_order: bool = False
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation as the inbox lists it; times in milliseconds.

    `asked` is the message that the card shows, and `said` are the newest ones, as far as they were read. Not `owed`:
    nothing in it waits for an answer. `on_it`: whoever claimed it.
    """

    conversation: str
    shop: str
    buyer: str
    asked: Spoken
    owed: bool = False
    deadline: int | None = None
    breached: bool = False
    sending: bool = False
    on_it: str = ""
    said: tuple[Spoken, ...] = ()


def found_in(line: Line, words: str) -> Spoken | None:
    """The message by which a line answers a search: each word stands in the buyer's name or in what was said.

    Where the name alone says it, the message that the card shows. None where it is not found.
    """
    wanted = _plain(words).split()
    messages = [line.asked, *line.said]
    whole = "\n".join(_plain(each) for each in (line.buyer, *(message.text for message in messages)))
    if not all(word in whole for word in wanted):
        return None
    showing = (each for each in messages if any(word in _plain(each.text) for word in wanted))
    return next(showing, line.asked)


def pages_of(count: int) -> int:
    return max(1, -(-count // PAGE))


def _plain(text: str) -> str:
    """As it is compared: in one case of letters, and however it was composed."""
    return unicodedata.normalize("NFKC", text).casefold()
