"""From what a bot or a person typed to the text and entities that Telegram keeps."""

from __future__ import annotations

import re
from typing import Any

from bots.playground.telegram import html
from bots.playground.telegram.errors import ApiError, bad_request
from bots.playground.telegram.html import Entity, ordered, utf16

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

# TDLib's clean_input_string: control characters become spaces; \r, line and paragraph separators, bidi embeddings
# and overrides, and three combining characters that draw over other lines are dropped. Bidi isolates stay.
CLEANED = {code: " " for code in range(33) if code not in (10, 13)} | dict.fromkeys(
    (13, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A)
)
WHITESPACE = " \n\t\r\v\0\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
SOLID = {"pre", "code"}
QUOTES = {"blockquote", "expandable_blockquote"}
UNTOUCHED = SOLID | {"text_link", "text_mention", "date_time", "custom_emoji"}

# The generic domains a person meets; any two letters are a country. TDLib carries the whole list.
DOMAINS = "com net org info biz name pro xyz top site online shop store app dev io me tv cc link page club live market"
WORDS = {
    "url": re.compile(
        r"(?<![\w@.#/$-])(?:(?:https?|ftp|tg|ton|tonsite)://[^\s<>\"«»]+"
        rf"|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{'|'.join(DOMAINS.split())}|[a-z]{{2}})(?![\w@])(?:[:/?#][^\s<>\"«»]*)?)",
        re.IGNORECASE,
    ),
    "email": re.compile(r"(?<![\w.+-])[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+(?!\w)", re.IGNORECASE),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])"),
    "cashtag": re.compile(r"(?<![$\w])\$[A-Z]{1,8}(?![$\w])"),
}


def compose(text: str, parse_mode: str | None, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """What Telegram keeps of a bot's text; raises ApiError where Telegram would refuse."""
    text = clean(text)
    entities: list[Entity] = []
    if parse_mode and parse_mode.casefold() == "html":
        try:
            text, entities = html.parse(text)
        except html.Unparsable as error:
            raise bad_request(f"can't parse entities: {error}") from error
    elif parse_mode and parse_mode.casefold() in ("markdown", "markdownv2"):
        raise ApiError(400, f"Bad Request: {parse_mode} is not played here; HTML needs no escaping rules")
    elif parse_mode:
        raise bad_request("unsupported parse_mode")
    elif given:
        entities = _given(text, given)
    return finish(text, entities)


def finish(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text, entities = _trim(text, entities)
    entities = _mended(entities)
    return text, ordered(entities + _found(text, entities))


def typed(text: str) -> tuple[str, list[Entity]]:
    """What Telegram keeps of a person's message."""
    return finish(clean(text), [])


def clean(text: str) -> str:
    return text.translate(CLEANED)


def cut(text: str, entity: Entity) -> str:
    """The part of a text that an entity covers."""
    data = text.encode("utf-16-le", "surrogatepass")
    return data[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le", "replace")


def _given(text: str, given: list[Entity]) -> list[Entity]:
    size = utf16(text)
    for entity in given:
        if not 0 <= entity["offset"] <= size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {entity['offset']}")
        if entity["offset"] + entity["length"] > size:
            raise bad_request(f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text")
    kept = [dict(e) for e in given if e["type"] not in WORDS]  # what can be found is found, not believed
    for entity in kept:
        if entity["type"] == "text_mention":
            entity["user_id"] = entity.pop("user")["id"]
    return ordered(kept)


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Space goes at the end, and at the start up to the first entity."""
    shorter = text.rstrip(WHITESPACE)
    lead = utf16(shorter) - utf16(shorter.lstrip(WHITESPACE))
    lead = min([lead, *(e["offset"] for e in entities)])
    shorter, end = shorter[lead:], utf16(shorter)
    kept = [
        e | {"offset": e["offset"] - lead, "length": min(e["length"], end - e["offset"])}
        for e in entities
        if e["offset"] < end
    ]
    return shorter, kept


def _mended(entities: list[Entity]) -> list[Entity]:
    """Nothing stands inside `pre` or `code`, quotes don't nest, and what touches and is of a kind is one."""
    solid: list[Entity] = []
    for entity in ordered(entities):
        if entity["type"] in SOLID and not any(_inside(entity, other) for other in solid):
            solid.append(entity)
    result = list(solid)
    for entity in ordered([e for e in entities if e["type"] not in SOLID]):
        if entity["type"] in SPLITTABLE:
            for piece in _around(entity, solid):
                if last := _touching(piece, result):
                    end = max(last["offset"] + last["length"], piece["offset"] + piece["length"])
                    last["length"] = end - last["offset"]
                else:
                    result.append(piece)
        elif not any(_inside(entity, other) for other in (solid if entity["type"] not in QUOTES else _quotes(result))):
            result.append(entity)
    return ordered(result)


def _quotes(entities: list[Entity]) -> list[Entity]:
    return [e for e in entities if e["type"] in QUOTES]


def _inside(entity: Entity, other: Entity) -> bool:
    return bool(
        other["offset"] <= entity["offset"] and entity["offset"] + entity["length"] <= other["offset"] + other["length"]
    )


def _around(entity: Entity, solid: list[Entity]) -> list[Entity]:
    """The parts of an entity outside of all solid ones."""
    pieces, begin, end = [], entity["offset"], entity["offset"] + entity["length"]
    for other in solid:
        if begin < other["offset"] + other["length"] and other["offset"] < end:
            pieces.append((begin, other["offset"]))
            begin = other["offset"] + other["length"]
    pieces.append((begin, end))
    return [entity | {"offset": b, "length": e - b} for b, e in pieces if b < e]


def _touching(entity: Entity, before: list[Entity]) -> Entity | None:
    for other in before:
        if other["type"] == entity["type"] and other["offset"] + other["length"] >= entity["offset"]:
            return other
    return None


def _found(text: str, entities: list[Entity]) -> list[Entity]:
    """What Telegram makes clickable by itself: this is how a stranger's "@ann" pings Ann."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in UNTOUCHED]
    found: list[Entity] = []
    for kind, pattern in WORDS.items():
        for match in pattern.finditer(text):
            word = match[0].rstrip(".,:;!?'\"()[]{}…") if kind == "url" else match[0]
            offset, length = utf16(text[: match.start()]), utf16(word)
            if all(offset + length <= begin or end <= offset for begin, end in taken):
                found.append({"type": kind, "offset": offset, "length": length})
                taken.append((offset, offset + length))
    return found


def public(entities: list[Entity], user_shape: Any) -> list[Entity]:
    """Entities as the API shows them: a mentioned user as an object."""
    return [
        {key: value for key, value in e.items() if key != "user_id"}
        | ({"user": user_shape(e["user_id"])} if "user_id" in e else {})
        for e in entities
    ]
