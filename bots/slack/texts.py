"""Text and Quote → mrkdwn and plain text, so that no stranger's words can ping, format or link."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from core.domain.texts import Anchor, Instant, Mention, Part, Quote, Text, Words, spoken

ELLIPSIS = "…"
ZERO_WIDTH_SPACE = "\u200b"
ZERO_WIDTH_JOINER = "\u200d"
BREAKS = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n", "\r": "\n"}
# Invisible characters with a use: joiners (emoji, Persian, Indic scripts) and the tags of regional flags.
USEFUL = {"\u200c", ZERO_WIDTH_JOINER, *(chr(code) for code in range(0xE0020, 0xE0080))}
UNWANTED = {"Cc", "Cf", "Cs"}  # control, format (with all that turns the direction of writing), lone surrogates
MOST_MARKS = 4  # combining marks on one letter; Vietnamese and Hebrew need two or three
MOST_CLUSTER = 32  # code points drawn as one sign; the longest emoji have ten

# Slack formats between a pair of these; one that draws nothing on both sides keeps them from being a pair.
MARKS = re.compile(r"[*_~`]")
# With a space, or the buyer's own ">>" behind our bar would quote all that follows.
BAR = "\n> "
SHORTCODE = re.compile(r":(?=[a-z0-9_+'-]+:)", re.IGNORECASE)
USER = re.compile(r"[UW][A-Z0-9]{2,30}")
UNSAFE_IN_LINK = {"|": "%7C", '"': "%22", "&": "&amp;"}
RIGHT_TO_LEFT = {"R", "AL", "AN"}

# Text of which every character is one sign and wanted: nearly all there is, and quick to draw.
SIMPLE = re.compile(r"[\n -~\xa0-\xac\xae-\u02ff\u0391-\u03c9\u0410-\u044f\u2010-\u2027\u20ac\u4e00-\u9fff]*")
UNUSUAL = re.compile(r"[^\n -~\xa0-\xac\xae-\u02ff\u0391-\u03c9\u0410-\u044f\u2010-\u2027\u20ac\u4e00-\u9fff]+")

# Of these, text with nothing to escape; and with nothing that Slack would format, in one line or several.
BARE = re.compile(r"[\n -%'-;=?-~\xa0-\xac\xae-\u02ff\u0391-\u03c9\u0410-\u044f\u2010-\u2027\u20ac\u4e00-\u9fff]*")
INERT = re.compile(
    r"[\n !-%'-)+-9;=?-^a-}\xa0-\xac\xae-\u02ff\u0391-\u03c9\u0410-\u044f\u2010-\u2027\u20ac\u4e00-\u9fff]*"
)

# What Slack writes in brackets: people, channels, groups and dates, addresses. The rest somebody typed.
SEQUENCE = re.compile(r"<([@#!][^<>]+|[a-z][a-z0-9+.-]*:[^<>]+)>")
TYPED_SHORTCODE = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?")


def size(text: str) -> int:
    """Length in UTF-16 units: what Slack counts is not documented, and this is never less than code points."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Without control characters, marks that turn the direction of writing, and towers of combining marks."""
    if SIMPLE.fullmatch(text):
        return text
    return UNUSUAL.sub(_cleaned, text.replace("\r\n", "\n"))


def _cleaned(run: re.Match[str]) -> str:
    """Before it stands nothing, or a sign that may carry marks."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        drawn = BREAKS.get(character, character)
        category = unicodedata.category(drawn)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MOST_MARKS:
                continue
        elif drawn != ZERO_WIDTH_JOINER:
            marks = 0
        if drawn == "\t":
            kept.append(" ")
        elif drawn == "\n" or drawn in USEFUL or category not in UNWANTED:
            kept.append(drawn)
    return "".join(kept)


def escape(text: str) -> str:
    """Slack's three control characters as entities; nothing else is encoded."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, most: int) -> str:
    """Cleaned and escaped, of at most `most` units, cut between signs and never inside an entity."""
    if len(text) <= most and BARE.fullmatch(text):
        return text
    start, whole = _start(text, most)
    cleaned = clean(start)
    return _fitted(escape(cleaned), lambda: map(escape, signs(cleaned)), most, ELLIPSIS, whole=whole)


def quoted(text: str, most: int, ending: str = ELLIPSIS) -> str:
    """Somebody's words as a quote: every line behind a bar, so that no line can pass for ours.

    `ending` is drawn already.
    """
    start, whole = _start(text, most)
    cleaned = clean(start).strip("\n")
    inert = cleaned if INERT.fullmatch(cleaned) else _inert(escape(_unpaired(cleaned)))
    drawn = "> " + inert.replace("\n", BAR)
    return _fitted(drawn, lambda: _lines(cleaned), most, ending, whole=whole)


def fragment(text: str, most: int) -> str:
    """Somebody's words inside a sentence of ours: one line, with nothing that formats."""
    if len(text) <= most and "\n" not in text and INERT.fullmatch(text):
        return text
    start, whole = _start(text, most)
    cleaned = _unpaired(" ".join(clean(start).split()))
    if cleaned.startswith(">"):
        cleaned = ZERO_WIDTH_SPACE + cleaned  # else a name that begins a line of ours makes a quote of it
    turned = any(unicodedata.bidirectional(sign) in RIGHT_TO_LEFT for run in UNUSUAL.findall(cleaned) for sign in run)
    room = most - 2 if turned else most
    drawn = _inert(escape(cleaned))
    cut = _fitted(drawn, lambda: (_inert(escape(sign)) for sign in signs(cleaned)), room, ELLIPSIS, whole=whole)
    return f"\u2068{cut}\u2069" if turned else cut  # isolated, so that our own words keep their order


def mrkdwn(text: Iterable[Part], most: int) -> str:
    """A Text for a mrkdwn object with `verbatim`, or for a message's top-level text with `parse` none."""
    said: list[str] = []
    left = most
    for part in text:
        drawn = _part(part, left)
        if (taken := size(drawn)) > left:
            break
        said.append(drawn)
        left -= taken
    return "".join(said)


def call(text: Text, calls: Iterable[Part], most: int) -> str:
    """A sentence with the people it calls at its end, who are never what is cut."""
    names = " ".join(_part(part, 100) for part in calls)
    said = mrkdwn(text, most - size(names) - 1 if names else most)
    return f"{said} {names}".strip() if names else said


def plain_text(text: Iterable[Part], most: int) -> str:
    """A Text for a plain_text object: labels, titles, hints. Escaped too; Slack decodes the three entities there."""
    return clip(" ".join("".join(_spoken(part) for part in text).split()), most)


def to_plain(text: str, names: Mapping[str, str] | None = None, emoji: Mapping[str, str] | None = None) -> str:
    """What a member typed, as a buyer should read it: without Slack's `<…>` sequences and entities.

    `names` are those of mentioned people by id, `emoji` the characters behind `:short_codes:`.
    """
    known, drawn = names or {}, emoji or {}
    pieces: list[str] = []
    end = 0
    for found in SEQUENCE.finditer(text):
        pieces += [_typed(text[end : found.start()], drawn), _unescaped(_meant(found[1], known))]
        end = found.end()
    return "".join([*pieces, _typed(text[end:], drawn)]).strip()


def mentioned(text: str) -> tuple[str, ...]:
    """Ids of people who are mentioned without a name beside the id."""
    return tuple(dict.fromkeys(re.findall(r"<@([UW][A-Z0-9]+)>", text)))


def emoji_in(blocks: object) -> dict[str, str]:
    """The characters of the emoji in a typed message: Slack's text has only their short codes."""
    found: dict[str, str] = {}
    for element in _elements(blocks):
        codes = str(element.get("unicode") or "")
        if element.get("type") == "emoji" and re.fullmatch(r"[0-9a-f]{2,6}(-[0-9a-f]{2,6})*", codes):
            character = "".join(chr(int(code, 16)) for code in codes.split("-") if int(code, 16) <= 0x10FFFF)
            found[str(element.get("name"))] = character
    return found


def link(url: str, label: str) -> str:
    """A link of ours in mrkdwn."""
    safe = "".join(UNSAFE_IN_LINK.get(character, character) for character in url)
    return f"<{safe}|{fragment(label, 200).replace('|', '/') or 'link'}>"


def is_link(url: str | None) -> bool:
    """Whether Block Kit takes this address for a button."""
    return url is not None and len(url) <= 3000 and re.fullmatch(r"https?://[^\s<>]+", url) is not None


def signs(text: str) -> Iterator[str]:
    """Text as what a reader sees as single signs, roughly: a letter with its marks, an emoji with its joiners."""
    sign = ""
    for character in text:
        if sign and (len(sign) >= MOST_CLUSTER or not _joins(sign, character)):
            yield sign
            sign = ""
        sign += character
    if sign:
        yield sign


def _joins(sign: str, character: str) -> bool:
    if sign[-1] == ZERO_WIDTH_JOINER or character == ZERO_WIDTH_JOINER:
        return True
    if "\U0001f1e6" <= character <= "\U0001f1ff":  # two regional indicators make one flag
        return len(sign) == 1 and "\U0001f1e6" <= sign <= "\U0001f1ff"
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return sign != "\n"
    return sign[-1] != "\n" and unicodedata.category(character) in ("Mn", "Me", "Mc")


def _start(text: str, most: int) -> tuple[str, bool]:
    """What can matter of a long text, and whether that is all of it."""
    enough = max(most, 0) * 4
    return text[:enough], len(text) <= enough


def _fitted(drawn: str, pieces: Callable[[], Iterable[str]], most: int, ending: str, *, whole: bool) -> str:
    """What was drawn, or as many of its pieces as leave room for the ending: what was cut always ends with it."""
    if whole and size(drawn) <= most:
        return drawn
    left = most - size(ending)
    if left < 0:
        return ""
    kept: list[str] = []
    for piece in pieces():
        left -= size(piece)
        if left < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + ending


def _lines(cleaned: str) -> Iterator[str]:
    """Signs of a quote, each line's first behind its bar."""
    for number, line in enumerate(_unpaired(cleaned).split("\n")):
        yield "> " if number == 0 else BAR
        yield from (_inert(escape(sign)) for sign in signs(line))


def _unpaired(text: str) -> str:
    return SHORTCODE.sub(f":{ZERO_WIDTH_SPACE}", text)


def _inert(sign: str) -> str:
    return MARKS.sub(lambda mark: f"{ZERO_WIDTH_SPACE}{mark[0]}{ZERO_WIDTH_SPACE}", sign)


def _part(part: Part, left: int) -> str:
    # Nearly all are words of ours or somebody's, and `match` looks longer for them.
    if isinstance(part, Words):
        return _strong(clip(part.text, left - 2)) if part.strong else clip(part.text, left)
    if isinstance(part, Quote):
        return fragment(part.text, left)
    match part:
        case Instant(at):
            # `{ago}` is documented for times that have passed only, and most of ours are still to come.
            return f"<!date^{at // 1000}^{{date_short_pretty}} {{time}}|{escape(spoken(part))}>"
        case Mention(who):
            called = who.platform == "slack" and USER.fullmatch(who.user)
            return f"<@{who.user}>" if called else fragment(f"@{who.name or who.user}", left)
        case Anchor(url, label):
            return link(url, label) if is_link(url) and url.startswith("https://") else clip(f"{label}: {url}", left)


def _spoken(part: Part) -> str:
    match part:
        case Words(said) | Quote(said):
            return said
        case Instant():
            return spoken(part)
        case Mention(who):
            return f"@{who.name or who.user}"
        case Anchor(_, label):
            return label


def _strong(escaped: str) -> str:
    inner = escaped.strip()
    if not inner or "\n" in inner:
        return escaped
    return escaped.replace(inner, f"*{inner}*", 1)


def _typed(text: str, emoji: Mapping[str, str]) -> str:
    return _unescaped(TYPED_SHORTCODE.sub(lambda found: emoji.get(found[1], found[0]), text))


def _meant(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target[0] == "@":
        return f"@{label or names.get(target[1:], target[1:])}"
    if target[0] == "#":
        return f"#{label or target[1:]}"
    if target[0] == "!":
        said = label or target[1:].partition("^")[0]
        return said if target.startswith("!date") or said.startswith("@") else f"@{said}"
    if not label or label in target:
        return label or target.removeprefix("mailto:")
    return f"{label} ({target})"


def _unescaped(text: str) -> str:
    return re.sub("&(amp|lt|gt);", lambda found: {"amp": "&", "lt": "<", "gt": ">"}[found[1]], text)


def _elements(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = value.get("elements")
    if isinstance(value, list):
        for inner in value:
            yield from _elements(inner)
