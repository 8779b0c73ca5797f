"""What people get out of a message or view: the words they read, whom it pings, what they can click."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from bots.playground.slack.block_check import elements_of
from bots.playground.slack.state import Json, Message, View

CONTROL = re.compile(r"<([^<>\n]+)>")
BARE_PING = re.compile(r"(?<![\w@.])@(here|channel|everyone)\b", re.IGNORECASE)
BARE_NAME = re.compile(r"(?<![\w@.])@[a-z0-9][\w.-]*", re.IGNORECASE)
BARE_CHANNEL = re.compile(r"(?<![\w#&])#[a-z0-9][\w-]*", re.IGNORECASE)
BARE_LINK = re.compile(
    r"\b(?:https?|ftp)://[^\s<>|]+"
    r"|\bmailto:[^\s<>|]+"
    r"|\b[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|shop|co|de|uk|info|biz|ru|cn|xyz|ly|me|py|md|sh)\b(?:/[^\s<>|]*)?",
    re.IGNORECASE,
)
# Characters that draw nothing: zero-width ones and the marks that turn the direction of writing.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# A mark that touches a space or an unseen character on its inner side formats nothing.
FORMATTED = [re.compile(rf"(?<![\w{m}])\{m}(?=[^\s\u200b])([^{m}\n]+?)(?<=[^\s\u200b])\{m}(?![\w{m}])") for m in "*_~`"]


class Piece(NamedTuple):
    """A stretch of text with what Slack does to it; not `marked` means that it is shown as it stands."""

    text: str
    marked: bool
    names: bool
    urls: bool


def pings(message: Message) -> list[str]:
    """Everything in text and blocks that would notify somebody, as Slack writes it: <!channel>, <@U1>."""
    return [found for piece in _pieces(message) for found in _pings(piece)] + [
        found for element in _rich(message.blocks) for found in _rich_ping(element)
    ]


def links(message: Message) -> list[str]:
    """Every address that a person could click: links, addresses Slack would make into links, channels, buttons."""
    pieces = list(_pieces(message))
    shown = pieces[1:] if message.blocks else pieces  # Beside blocks the text is only read out, not drawn.
    found = [link for piece in shown for link in _links(piece)]
    found += [element["url"] for element in _rich(message.blocks) if element.get("type") == "link"]
    for block in message.blocks:
        for element in elements_of(block):
            found += [thing["url"] for thing in (element, *element.get("options", [])) if "url" in thing]
    return found


def plain(shown: Message | View) -> str:
    """What a person reads, line by line: blocks if there are any, else text; a button is [its label]."""
    if isinstance(shown, View):
        given = shown.given
        head = [given["title"]["text"]] if "title" in given else []
        foot = [f"[{given[name]['text']}]" for name in ("submit", "close") if name in given]
        return "\n".join([*head, *_read_blocks(given["blocks"]), *foot])
    if shown.blocks:
        return "\n".join(_read_blocks(shown.blocks))
    return _decoded(shown.text)


def find_button(shown: Message | View, name: str) -> Json:
    """The element with this label or action_id, and its block's id; raises AssertionError naming what there is."""
    seen = []
    for block in shown.blocks:
        for element in elements_of(block):
            label = element.get("text", {}).get("text") if isinstance(element.get("text"), dict) else None
            if "action_id" in element:
                if name in (label, element["action_id"]):
                    return {**element, "block_id": block["block_id"]}
                seen.append(label or element["action_id"])
    raise AssertionError(f"There is no {name!r} here, only {seen}.")


def _pieces(message: Message) -> Iterator[Piece]:
    full = message.parse in ("full", "client")
    yield Piece(message.text, True, full or message.link_names, message.parse != "none")
    for text in _texts(message.blocks):
        marked = text["type"] == "mrkdwn"
        loose = marked and not text.get("verbatim", False)
        yield Piece(text["text"], marked, loose, loose)


def _texts(value: Any) -> Iterator[Json]:
    """All text objects, wherever they stand; a markdown block is one that is never verbatim."""
    if isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn") and isinstance(value.get("text"), str):
            yield value
        elif value.get("type") == "markdown":
            yield {"type": "mrkdwn", "text": value["text"]}
        elif value.get("type") != "rich_text":
            for inner in value.values():
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _pings(piece: Piece) -> Iterator[str]:
    if not piece.marked:
        return
    for found in CONTROL.findall(piece.text):
        if found.startswith("@") or re.match(r"!(here|channel|everyone|subteam)\b", found):
            yield f"<{found.split('|')[0]}>"
    if piece.names:
        rest = CONTROL.sub(" ", piece.text)
        for bare in BARE_NAME.findall(rest):
            special = BARE_PING.match(bare)
            yield f"<!{special[1].lower()}>" if special else bare


def _links(piece: Piece) -> Iterator[str]:
    if not piece.marked:
        return
    for found in CONTROL.findall(piece.text):
        if found[0] not in "@!":
            yield found.split("|")[0]
    rest = CONTROL.sub(" ", piece.text)
    if piece.urls:
        yield from BARE_LINK.findall(rest)
    if piece.names:
        yield from BARE_CHANNEL.findall(rest)


def _rich(value: Any, inside: bool = False) -> Iterator[Json]:
    if isinstance(value, dict):
        inside = inside or value.get("type") == "rich_text"
        if inside:
            yield value
        for inner in value.values():
            yield from _rich(inner, inside)
    elif isinstance(value, list):
        for inner in value:
            yield from _rich(inner, inside)


def _rich_ping(element: Json) -> Iterator[str]:
    match element.get("type"):
        case "user":
            yield f"<@{element['user_id']}>"
        case "usergroup":
            yield f"<!subteam^{element['usergroup_id']}>"
        case "broadcast":
            yield f"<!{element['range']}>"


def _read_blocks(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        texts = [block.get("text"), *block.get("fields", []), block.get("label"), block.get("hint"), block.get("title")]
        yield from (_read(text) for text in texts if text)
        if block["type"] == "rich_text":
            yield "".join(str(e.get("text") or e.get("url") or "") for e in _rich(block) if "type" in e)
        if block["type"] in ("image", "context", "actions", "section", "input"):
            shown = [_read(element) for element in elements_of(block)] or [_read(block)]
            yield from ([" ".join(word for word in shown if word)] if any(shown) else [])


def _read(thing: Any) -> str:
    """A text object, element or string as words."""
    if isinstance(thing, str):
        return _decoded(thing)
    match thing.get("type"):
        case "mrkdwn":
            return _decoded(thing["text"])
        case "plain_text":
            return _shown(html.unescape(thing["text"]))
        case "image":
            return str(thing["alt_text"])
        case "button":
            return f"[{_read(thing['text'])}]"
        case "section" | "context" | "actions" | "input":
            return ""
    chosen = thing.get("initial_option", {}).get("text") or thing.get("placeholder")
    value = thing.get("initial_value")
    return value or (f"[{_read(chosen)}]" if chosen else "")


def _decoded(text: str) -> str:
    """mrkdwn as it is drawn: control sequences by their labels, marks and quote bars gone, entities decoded."""
    text = re.sub(r"(?m)^(?:>|&gt;) ?", "", text)
    for mark in FORMATTED:
        text = mark.sub(r"\1", text)
    return _shown(html.unescape(CONTROL.sub(lambda found: _label(found[1]), text)))


def _label(inside: str) -> str:
    target, _, label = inside.partition("|")
    if label:
        return target[0] + label if target[0] in "@#" else label
    if target.startswith("!"):
        return f"@{target[1:]}"
    return target


def _shown(text: str) -> str:
    return UNSEEN.sub("", text)
