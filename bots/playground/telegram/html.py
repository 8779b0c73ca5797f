"""Telegram's HTML: text and entities from markup, by the rules and in the words of TDLib's parser.

Source: `parse_html` and `FormattedDate` in td/telegram/MessageEntity.cpp and FormattedDate.cpp (2026).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
# TDLib's order of entities that begin and end at the same places: the outer first.
RANKS = "blockquote expandable_blockquote pre code text_link text_mention bold italic underline strikethrough spoiler"
RANK = {kind: rank for rank, kind in enumerate([*RANKS.split(), "date_time", "custom_emoji"])}

CHARACTER = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<dec>[0-9]*)|(?P<name>[a-zA-Z]*));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACES = " \t\r\n\0\v"


class Unparsable(Exception):
    """Says why, as Telegram says it after "can't parse entities: "."""


def utf16(text: str) -> int:
    """The length that entities are measured in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class Open:
    tag: str
    attributes: dict[str, str]
    begin: int


def parse(markup: str) -> tuple[str, list[Entity]]:
    """Raises Unparsable."""
    return _Parser(markup).run()


class _Parser:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[Open] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.markup):
            if self.markup[self.at] not in "&<":
                self._put(self._take_until("&<"))
            elif self.markup[self.at] == "&":
                self._put(self._character())
            elif self.markup.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise Unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.parts)
        if re.search("[\ud800-\udfff]", text):
            raise Unparsable(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
                "code units"
            )
        return text, ordered([{k: v for k, v in e.items() if k != "from_code"} for e in self.entities])

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16(text)

    def _character(self) -> str:
        if self.markup[self.at] == "&" and (match := CHARACTER.match(self.markup, self.at)):
            decoded = _decode(match)
            if decoded:
                self.at = match.end()
                return decoded
        self.at += 1
        return self.markup[self.at - 1]

    def _offset(self, at: int) -> int:
        return len(self.markup[:at].encode("utf-8", "surrogatepass"))

    def _peek(self) -> str:
        return self.markup[self.at : self.at + 1]

    def _take_until(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.markup) and self.markup[self.at] not in stops:
            self.at += 1
        return self.markup[begin : self.at]

    def _skip_spaces(self) -> None:
        while self._peek() and self._peek() in SPACES:
            self.at += 1

    def _start_tag(self) -> None:
        begin = self._offset(self.at)
        self.at += 1
        tag = self._take_until(SPACES + ">").lower()
        if not self._peek():
            raise Unparsable(f"Unclosed start tag at byte offset {begin}")
        if tag not in KINDS:
            raise Unparsable(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_spaces()
            if self._peek() == ">":
                break
            name, value = self._attribute(tag, begin)
            attributes.setdefault(name, value)
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise Unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(Open(tag, attributes, self.length))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        if not self._peek():
            raise Unparsable(f'Unclosed start tag "{tag}" at byte offset {begin}')
        name = self._take_until(SPACES + "=>")
        if not name:
            raise Unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        if self._peek() != "=":
            return name, ""
        self.at += 1
        self._skip_spaces()
        if not self._peek():
            raise Unparsable(f'Unclosed start tag "{tag}" at byte offset {begin}')
        return name, self._quoted(begin) if self._peek() in "'\"" else self._token()

    def _token(self) -> str:
        begin = self.at
        while re.match(r"[A-Za-z0-9.-]", self._peek()):
            self.at += 1
        if not self._peek() or self._peek() not in SPACES + ">":
            raise Unparsable(f"Unexpected end of name token at byte offset {self._offset(begin)}")
        return self.markup[begin : self.at].lower()

    def _quoted(self, begin: int) -> str:
        quote = self._peek()
        self.at += 1
        value = ""
        while self._peek() and self._peek() != quote:
            value += self._character()
        self.at += 1
        if not self._peek():
            raise Unparsable(f"Unclosed start tag at byte offset {begin}")
        return value

    def _end_tag(self) -> None:
        begin = self._offset(self.at)
        if not self.open:
            raise Unparsable(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        tag = self._take_until(SPACES + ">").lower()
        self._skip_spaces()
        if self._peek() != ">":
            raise Unparsable(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if tag not in ("", opened.tag):
            raise Unparsable(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{tag}>"')
        if self.length > opened.begin:
            self._add(opened)

    def _add(self, opened: Open) -> None:
        entity: Entity = {"type": KINDS[opened.tag], "offset": opened.begin, "length": self.length - opened.begin}
        match opened.tag:
            case "a":
                self._add_link(opened, entity)
                return
            case "tg-emoji":
                entity["custom_emoji_id"] = _emoji_id(opened.attributes)
            case "tg-time":
                entity |= _date(opened.attributes)
            case "blockquote" if "expandable" in opened.attributes:
                entity["type"] = "expandable_blockquote"
            case "pre" | "code":
                if self._joined(opened, entity):
                    return
        self.entities.append(entity)

    def _add_link(self, opened: Open, entity: Entity) -> None:
        text = "".join(self.parts).encode("utf-16-le", "surrogatepass")[opened.begin * 2 :].decode("utf-16-le")
        url = opened.attributes.get("href") or text
        if user := re.fullmatch(r"tg://user/?\?id=(\d+)", url):
            self.entities.append(entity | {"type": "text_mention", "user_id": int(user[1])})
        elif checked := checked_link(url):
            self.entities.append(entity | {"url": checked})

    def _joined(self, opened: Open, entity: Entity) -> bool:
        """A `pre` and a `code` of one stretch become one block, with the language that the `code` named."""
        named = opened.attributes.get("class", "") if opened.tag == "code" else ""
        language = named.removeprefix("language-") if named.startswith("language-") else ""
        last = self.entities[-1] if self.entities else {}
        same = all(last.get(key) == entity[key] for key in ("offset", "length"))
        if opened.tag == "pre" and same and last["type"] == "code" and last.get("from_code"):
            last |= {"type": "pre", "language": last["from_code"]}
            return True
        if opened.tag == "code" and same and last["type"] == "pre" and language:
            last["language"] = language
            return True
        entity["from_code"] = language
        return False


def _decode(match: re.Match[str]) -> str:
    if match["name"] is not None:
        return NAMED.get(match["name"], "")
    digits, base = (match["hex"], 16) if match["hex"] is not None else (match["dec"], 10)
    code = int(digits, base) if digits else 0
    too_long = len(match[0].rstrip(";")) >= 10
    return "" if code == 0 or code >= 0x10FFFF or too_long else chr(code)


def _emoji_id(attributes: dict[str, str]) -> str:
    emoji = attributes.get("emoji-id", "")
    if not emoji.isdecimal() or int(emoji) == 0:
        raise Unparsable("Invalid custom emoji identifier specified")
    return emoji


def _date(attributes: dict[str, str]) -> Entity:
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isdecimal() or not 0 < int(unix) < 2**31:
        raise Unparsable("Invalid date specified")
    if not re.fullmatch("[rR]|[tTdDwW]*", form):
        raise Unparsable("Invalid date format used")
    return {"unix_time": int(unix)} | ({"date_time_format": form} if form else {})


def checked_link(url: str) -> str:
    """The link as Telegram keeps it, or "" where it makes none: another scheme, or a host without a dot."""
    match = re.fullmatch(r"(?:(https?|tg|ton|tonsite)://)?([^/?#\s]+)([/?#].*)?", url, re.IGNORECASE | re.DOTALL)
    if not match:
        return ""
    scheme, host, rest = (match[1] or "http").lower(), match[2], match[3] or ""
    if scheme in ("http", "https"):
        bare = host.rpartition("@")[2].rpartition(":")[0] or host
        if "." not in bare.strip(".") or ":" in host.partition(":")[2]:
            return ""
        rest = rest if rest.startswith("/") else "/" + rest
    return f"{scheme}://{host.lower()}{rest}"


def ordered(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], RANK.get(e["type"], 6)))
