"""Quick responses: replies that a seller prepared, with placeholders, and what becomes of them for one buyer.

The text is Jinja2's syntax with nothing of its machinery: it is read into the pieces below by `core.rendering` and
filled in here. What fills a placeholder is never read as a quick response again.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

MOST = 100  # of one seller
TITLE_LIMIT = 100  # code points, where the marketplace names no limit
SOURCE_LIMIT = 4_000
BLANK_LIMIT = 200  # code points of what fills one placeholder
MOST_BLANKS = 30
MOST_FILTERS = 4  # of one placeholder

NAMES = (
    "buyer.name",
    "order.title",
    "order.id",
    "shop.name",
    "seller.name",
    "member.name",
    "away.until",
)

EXAMPLE = "{{ buyer.name }}"
_CURLY = re.compile(r"(\bdefault\(\s*)[‘’‚“”„«»]([^'\"\\{}\n]*?)[‘’“”«»](\s*\))")


@dataclass(frozen=True, slots=True)
class QuickResponse:
    """`source` is what the seller wrote. `shop`: it is offered there only; empty: in every shop of the seller.

    `greets`: it is what a new order is answered with. `holds`: it is the holding reply, sent by nobody to buyers who
    write during an absence. `uses`: how often it was sent.
    """

    id: str
    title: str
    source: str
    shop: str = ""
    greets: bool = False
    holds: bool = False
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """The quick response that a reply was made from, as it was called then."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A placeholder. `otherwise` takes the place of a value that is missing; only `afterwards` change it too."""

    name: str
    filters: tuple[str, ...] = ()
    otherwise: str | None = None
    afterwards: tuple[str, ...] = ()


Piece = str | Blank


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text cannot be kept, and where. `said` is the writer's own word, `instead` what they may have meant."""

    line: int
    reason: str
    said: str = ""
    instead: str = ""


class Unreadable(Exception):
    """The text of a quick response has a fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def missing(pieces: Iterable[Piece], values: Mapping[str, str]) -> tuple[str, ...]:
    """The names that must be asked for before it can be sent, each once, in the order of the text."""
    lacking = (each for each in pieces if isinstance(each, Blank) and each.otherwise is None)
    return tuple(dict.fromkeys(blank.name for blank in lacking if not _tidy(values.get(blank.name, ""))))


def fill(pieces: Sequence[Piece], values: Mapping[str, str]) -> str:
    """The text for one buyer. Raises KeyError for a name that is missing: ask first."""
    return "".join(each if isinstance(each, str) else _filled(each, values) for each in pieces)


def fits(response: QuickResponse, shop: str) -> bool:
    return response.shop in ("", shop)


def by_use(responses: Iterable[QuickResponse]) -> list[QuickResponse]:
    """The most used first, then by title."""
    return sorted(responses, key=lambda each: (-each.uses, each.title.casefold(), each.id))


def greeting(responses: Iterable[QuickResponse], shop: str) -> QuickResponse | None:
    """What a new order is answered with: the shop's own before one for all shops, then the most used."""
    return _foremost((each for each in responses if each.greets), shop)


def holding_reply(responses: Iterable[QuickResponse], shop: str) -> QuickResponse | None:
    """What buyers who write during an absence are sent; chosen among several as a greeting is."""
    return _foremost((each for each in responses if each.holds), shop)


def _foremost(marked: Iterable[QuickResponse], shop: str) -> QuickResponse | None:
    fitting = [each for each in by_use(marked) if fits(each, shop)]
    return min(fitting, key=lambda each: not each.shop, default=None)


def meant(said: str, known: Sequence[str]) -> str:
    """Which of those a misspelt word may have been; empty where none is near."""
    word = said[:40].casefold()  # a longer one is near to nothing, and would take long to compare
    begins = [name for name in known if word and name.startswith(word)]
    ends = [name for name in known if word and name.rpartition(".")[2] == word]
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return next(iter((*begins, *ends, *near)), "")


def straightened(source: str) -> str:
    """As it was meant: phones turn the quotation marks of `default('there')` into printers' ones."""
    return _CURLY.sub(r"\1'\2'\3", source)


def as_source(text: str, buyer: str) -> str:
    """An answer that was sent, as a quick response: the buyer's name becomes a placeholder, the rest is kept as it is.

    A name of one or two letters stands in too many words to be one.
    """
    pieces = re.split(rf"(?<!\w){re.escape(buyer)}(?!\w)", text) if len(buyer) > 2 else [text]
    return EXAMPLE.join(map(_literal, pieces))


def _literal(text: str) -> str:
    """Text that means itself, whatever braces are in it."""
    plain = not re.search(r"\{[{%#]", text) and not text.endswith("{")
    return text if plain else "{% raw %}" + text + "{% endraw %}"


def _filled(blank: Blank, values: Mapping[str, str]) -> str:
    value = _tidy(values.get(blank.name, ""))
    if value:
        return _filtered(_filtered(value, blank.filters), blank.afterwards)
    if blank.otherwise is None:
        raise KeyError(blank.name)
    return _filtered(blank.otherwise, blank.afterwards)


def _filtered(value: str, names: tuple[str, ...]) -> str:
    for name in names:
        value = FILTERS[name](value)
    return value


def _tidy(value: str) -> str:
    """On one line, and no longer than a name or a title is: it stands within somebody else's sentence."""
    return " ".join(value[: 4 * BLANK_LIMIT].split())[:BLANK_LIMIT]


def _titled(value: str) -> str:
    """As Jinja does: `str.title` would begin a word after each apostrophe."""
    return "".join(word[:1].upper() + word[1:].lower() for word in re.split(r"([-\s({\[<]+)", value))


FILTERS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": _titled,
    "trim": str.strip,
}
FILTER_NAMES = (*FILTERS, "default")
