"""Text → Telegram's HTML, with a length that Telegram will agree with.

Telegram itself makes links of bare addresses, @names, /commands, #tags and long numbers. In somebody else's words such
pieces are set in `<code>`, where nothing is looked for: they read and copy as they are, and do nothing.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from core.domain.members import Identity
from core.domain.texts import Anchor, Instant, Mention, Part, Quote, Text, Words, plain, spoken

ELLIPSIS = "…"
NAME_LIMIT = 32
LABEL_LIMIT = 60
MARKS_LIMIT = 8  # combining marks on one letter; no script needs more
FEW_LINES = 4  # line ends, too few for three blank lines
INLINE_PIECES = 4  # pieces in `<code>` within a line of ours; more, and the whole quote is set so
BLOCK_PIECES = 30  # the same within a block. Telegram keeps 100 entities a message and looks for links again beyond

# Text without anything that the next five look for but blank lines: nearly all there is, and quick to draw.
_TIDY = re.compile(r"[\n -~\xa0-\xac\xae-\u02ff\u0391-\u03c9\u0410-\u044f\u2010-\u2027\u20ac\u4e00-\u9fff]*")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# Control characters, bidi controls, interlinear anchors, halves of characters and what is no character.
_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")

# A number as people write telephones and bank cards, or whatever stands between two spaces.
_TOKEN = re.compile(r"(?P<number>\+\(?\d(?:[ \-()]{0,2}\d){5,}|\d(?:[ \-()]{0,2}\d){9,})|\S+")
# Whatever is clickable has one of these, and so has a long number.
_SUSPECT = re.compile(r"[@＠#＃$/.:\d]")
# A name or an e-mail, a tag, a currency, a command, a protocol, a domain, an IPv4 address, a long number.
_CLICKABLE = re.compile(
    r"[@＠]|[#＃][\d·]*[^\W\d]|\$[A-Za-z]|(?:^|\W)/\w|://|\S\.[^\W\d][^\s\d.]|\d\.\d+\.\d+\.\d|\d(?:[\-()]?\d){9,}"
)
_LEADING, _TRAILING = "([{\"'«“‘¿¡", ".,;:!?)]}\"'»”’…"
# Below these no character is a combining mark, and none is written from right to left.
_MARKABLE = re.compile("[\u0300-\U0010ffff]+")
_TURNABLE = re.compile("[\u0590-\U0010ffff]")
_CLINGING = "\u200d\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # the joiner and the tones of skin
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Html:
    """`size` in code points once parsed, as Telegram counts its limits."""

    markup: str = ""
    size: int = 0

    def __add__(self, other: "Html") -> "Html":
        return Html(self.markup + other.markup, self.size + other.size)

    def within(self, tag: str) -> "Html":
        """Nothing stays nothing: an empty entity is none."""
        return Html(f"<{tag}>{self.markup}</{tag.split(maxsplit=1)[0]}>", self.size) if self.size else self


def join(pieces: Iterable[Html], separator: str = "\n") -> Html:
    whole = Html()
    for piece in pieces:
        if piece.size:
            whole = whole + (ours(separator) if whole.size else Html()) + piece
    return whole


def ours(text: str) -> Html:
    return Html(escape(text, quote=False), len(text))


def draw(text: Text, room: int) -> Html:
    """At most `room` code points; what is left over is cut with an ellipsis."""
    whole = Html()
    for part in text:
        drawn = _draw(part, room - whole.size)
        if drawn is None:
            return whole + ours(ELLIPSIS) if whole.size < room else whole
        whole = whole + drawn
    return whole


def block(text: str, room: int) -> tuple[Html, bool]:
    """Somebody else's words on lines of their own, and whether they had to be cut."""
    cleaned, more = cleansed(text, room)
    return _defused(cleaned, BLOCK_PIECES), more


def mention(who: Identity) -> Html | None:
    """Rings that person's phone; None for somebody of another platform."""
    if who.platform != "telegram" or not (who.user.isascii() and who.user.isdecimal()):
        return None
    name = one_line(who.name, NAME_LIMIT) or who.user
    return Html(f'<a href="tg://user?id={who.user}">{escape(name, quote=False)}</a>', len(name))


def one_line(text: str, limit: int) -> str:
    """Somebody's words where Telegram draws nothing: a button, a placeholder."""
    cleaned, more = cleansed(" ".join(text.split()), limit)
    return cleaned[: limit - 1] + ELLIPSIS if more else cleaned


def label(text: Text, limit: int = LABEL_LIMIT) -> str:
    return one_line(plain(text), limit)


def cleansed(text: str, limit: int) -> tuple[str, bool]:
    """Without what hides, reorders or piles up, and cut between two characters as people count them."""
    if len(text) <= limit and text.count("\n") < FEW_LINES and _TIDY.fullmatch(text):
        return text.strip(), False
    ahead = text[: limit * 4 + 1000]
    cleaned = _HALVES.sub("\ufffd", _HIDDEN.sub(_visible, _LINE_ENDS.sub("\n", ahead)))
    cleaned = _BLANK_LINES.sub("\n\n\n", cleaned)
    cleaned = _MARKABLE.sub(_unpiled, cleaned).strip()
    if len(cleaned) <= limit and len(ahead) == len(text):
        return cleaned, False
    return cleaned[: _edge(cleaned, limit)].rstrip(), True


def _visible(hidden: re.Match[str]) -> str:
    return " " if hidden[0] == "\t" else ""


def _unpiled(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_LIMIT:
            kept.append(character)
    return "".join(kept)


def _edge(text: str, limit: int) -> int:
    """The last place up to `limit` that parts no letter from its marks and no joined emoji."""
    at = min(limit, len(text))
    lowest = max(at - 40, 1)
    while at > lowest and at < len(text) and (_clings(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return at


def _clings(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Mc") or character in _CLINGING


def _draw(part: Part, room: int) -> Html | None:
    """None where nothing of the part fits."""
    if room <= 0:
        return None
    if isinstance(part, Words):
        drawn = ours(part.text if len(part.text) <= room else part.text[: room - 1] + ELLIPSIS)
        return drawn.within("b") if part.strong else drawn
    drawn = _inline(part.text, room) if isinstance(part, Quote) else _whole(part)
    return drawn if drawn.size <= room else None


def _whole(part: Instant | Mention | Anchor) -> Html:
    """What cannot be cut."""
    match part:
        case Instant():
            return _instant(part)
        case Mention(who):
            return mention(who) or _defused(one_line(who.name or who.user, NAME_LIMIT), INLINE_PIECES)
        case Anchor(url, called):
            return _anchor(url, called)


def _inline(said: str, room: int) -> Html:
    """May be two longer than the room where that holds no letter between the two marks of direction."""
    text = one_line(said, room)
    if not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in _TURNABLE.findall(text)):
        return _defused(text, INLINE_PIECES)
    # Else a name in Hebrew or Arabic would pull our words and numbers beside it to its own side.
    inner = _defused(one_line(said, max(room - 2, 1)), INLINE_PIECES)
    return ours(_FIRST_STRONG_ISOLATE) + inner + ours(_POP_ISOLATE)


def _defused(text: str, pieces: int) -> Html:
    """A text with what Telegram would make clickable in `<code>`; all of it where that would be too many pieces."""
    if not _SUSPECT.search(text):
        return ours(text)
    parts, at, found = [], 0, 0
    for token in _TOKEN.finditer(text):
        if not (token["number"] or _CLICKABLE.search(token[0])):
            continue
        begin, end = _core(token)
        parts += [escape(text[at:begin], quote=False), f"<code>{escape(text[begin:end], quote=False)}</code>"]
        at, found = end, found + 1
    if found > pieces:
        return Html(f"<code>{escape(text, quote=False)}</code>", len(text))
    return Html("".join(parts) + escape(text[at:], quote=False), len(text))


def _core(token: re.Match[str]) -> tuple[int, int]:
    """A token's place without the punctuation around it."""
    stripped = token[0].lstrip(_LEADING)
    begin = token.end() - len(stripped)
    core = stripped.rstrip(_TRAILING)
    return (begin, begin + len(core)) if core else token.span()


def _instant(instant: Instant) -> Html:
    """Each reader's app shows its own zone and language; an old app shows words that stay true."""
    said = spoken(instant)
    unix = instant.at // 1000
    if not 0 < unix < 2**31:
        return ours(said)
    date = Html(f'<tg-time unix="{unix}" format="wdt">{escape(said, quote=False)}</tg-time>', len(said))
    if not instant.relative:
        return date
    short = spoken(instant, "time")
    left = Html(f'<tg-time unix="{unix}" format="r">{short}</tg-time>', len(short))
    return date + ours(" (") + left + ours(")")


def _anchor(url: str, called: str) -> Html:
    if not url.startswith(("https://", "http://", "tg://")):
        return ours(called)
    return Html(f'<a href="{escape(url)}">{escape(called, quote=False)}</a>', len(called))
