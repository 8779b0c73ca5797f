"""What Slack would say of these blocks or this view: a list of complaints, each with its JSON pointer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bots.playground.slack.blocks import (
    BLOCKS,
    ELEMENTS,
    MOST_BLOCKS,
    MOST_CHARACTERS,
    MOST_MARKDOWN,
    MOST_VIEW_BYTES,
    PARTS,
    VIEWS,
    Element,
    Flag,
    Kind,
    Many,
    Number,
    Part,
    Shape,
    Surface,
    Text,
    Words,
)

Complaints = Iterator[str]


def complaints_about_blocks(blocks: object, surface: Surface, at: str = "/blocks") -> list[str]:
    if not isinstance(blocks, list):
        return [_say("must be an array", at)]
    return [*_blocks(blocks, surface, at)]


def complaints_about_view(view: object, at: str = "/view") -> list[str]:
    if not isinstance(view, dict):
        return [_say("must be an object", at)]
    return [*_view(view, at)]


def is_too_long(blocks: list[dict[str, Any]]) -> bool:
    return sum(_characters(blocks)) > MOST_CHARACTERS


def is_too_large(view: dict[str, Any]) -> bool:
    return len(json.dumps(view)) > MOST_VIEW_BYTES


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The elements a person can act on in a block, in order."""
    elements = block.get("elements")
    inside = [*elements] if isinstance(elements, list) and block.get("type") in ("actions", "context") else []
    inside += [block[name] for name in ("accessory", "element") if isinstance(block.get(name), dict)]
    return [element for element in inside if isinstance(element, dict)]


def _blocks(blocks: list[Any], surface: Surface, at: str) -> Complaints:
    if len(blocks) > MOST_BLOCKS[surface]:
        yield _say(f"no more than {MOST_BLOCKS[surface]} items allowed", at)
    for number, block in enumerate(blocks):
        yield from _block(block, surface, f"{at}/{number}")
    known = [block for block in blocks if isinstance(block, dict)]
    yield from _repeated([block.get("block_id") for block in known], "block_id", at)
    markdown = sum(len(str(block.get("text", ""))) for block in known if block.get("type") == "markdown")
    if markdown > MOST_MARKDOWN:
        yield _say(f"no more than {MOST_MARKDOWN} characters of markdown allowed", at)
    if sum(1 for block in known for element in elements_of(block) if element.get("focus_on_load") is True) > 1:
        yield _say("only one element may have focus_on_load", at)


def _block(block: object, surface: Surface, at: str) -> Complaints:
    if not isinstance(block, dict):
        yield _say("must be an object", at)
        return
    shape = BLOCKS.get(str(block.get("type")))
    if shape is None:
        yield _say(f"unsupported type: {block.get('type')}", f"{at}/type")
        return
    if surface not in shape.surfaces:
        yield _say(f"block of type {block['type']} is not allowed in a {surface}", f"{at}/type")
    if "block_id" in block:
        yield from _value(block["block_id"], Words(255), f"{at}/block_id")
    yield from _fields(block, shape, at, also=("type", "block_id"))
    yield from _repeated([element.get("action_id") for element in elements_of(block)], "action_id", at)


def _fields(thing: dict[str, Any], shape: Shape, at: str, also: tuple[str, ...] = ()) -> Complaints:
    for name in shape.required:
        if name not in thing:
            yield _say(f"missing required field: {name}", at)
    for name, value in thing.items():
        kind = shape.kind(name)
        if kind is not None:
            yield from _value(value, kind, f"{at}/{name}")
        elif name not in also:
            yield _say(f"invalid additional property: {name}", at)
    if shape.any_of and not any(name in thing for name in shape.any_of):
        yield _say(f"missing required field: one of {', '.join(shape.any_of)}", at)
    if shape.one_of and sum(name in thing for name in shape.one_of) != 1:
        yield _say(f"must have exactly one of {', '.join(shape.one_of)}", at)


def _value(value: object, kind: Kind, at: str) -> Complaints:
    if isinstance(kind, (Words, Flag, Number)):
        yield from _bare(value, kind, at)
    elif isinstance(kind, Many):
        yield from _many(value, kind, at)
    elif isinstance(kind, (Text, Part, Element)):
        if isinstance(value, dict):
            yield from _object(value, kind, at)
        else:
            yield _say("must be an object", at)


def _bare(value: object, kind: Words | Flag | Number, at: str) -> Complaints:
    match kind:
        case Words():
            yield from _words(value, kind, at)
        case Flag():
            if not isinstance(value, bool):
                yield _say("must be a boolean", at)
        case Number():
            if not isinstance(value, int) or isinstance(value, bool) or not kind.least <= value <= kind.most:
                yield _say(f"must be a whole number from {kind.least} to {kind.most}", at)


def _object(value: dict[str, Any], kind: Text | Part | Element, at: str) -> Complaints:
    match kind:
        case Text():
            yield from _text(value, kind, at)
        case Part():
            yield from _fields(value, PARTS[kind.name], at)
        case Element():
            yield from _element(value, kind, at)


def _text(value: dict[str, Any], kind: Text, at: str) -> Complaints:
    allowed = ("plain_text",) if kind.plain else ("plain_text", "mrkdwn")
    if value.get("type") not in allowed:
        yield _say(f"must be one of: {', '.join(allowed)}", f"{at}/type")
    extra = Shape({"text": Words(kind.most)}, {"verbatim" if value.get("type") == "mrkdwn" else "emoji": Flag()})
    yield from _fields(value, extra, at, also=("type",))


def _words(value: object, kind: Words, at: str) -> Complaints:
    if not isinstance(value, str):
        yield _say("must be a string", at)
    elif len(value) < kind.least:
        yield _say(f"must be more than {kind.least - 1} characters", at)
    elif len(value) > kind.most:
        yield _say(f"must be less than {kind.most + 1} characters", at)
    elif kind.among and value not in kind.among:
        yield _say(f"must be one of: {', '.join(kind.among)}", at)
    elif kind.pattern and not re.fullmatch(kind.pattern, value):
        yield _say("does not match the expected pattern", at)


def _many(value: object, kind: Many, at: str) -> Complaints:
    if not isinstance(value, list):
        yield _say("must be an array", at)
        return
    if len(value) < kind.least:
        yield _say(f"must provide at least {kind.least} items", at)
    if len(value) > kind.most:
        yield _say(f"no more than {kind.most} items allowed", at)
    for number, item in enumerate(value):
        yield from _value(item, kind.of, f"{at}/{number}")


def _element(value: dict[str, Any], kind: Element, at: str) -> Complaints:
    if value.get("type") not in kind.among:
        yield _say(f"unsupported type: {value.get('type')}", f"{at}/type")
    elif value["type"] in ("plain_text", "mrkdwn"):
        yield from _text(value, Text(3000, plain=False), at)
    else:
        yield from _fields(value, ELEMENTS[value["type"]], at, also=("type",))
        yield from _initial(value, at)


def _initial(element: dict[str, Any], at: str) -> Complaints:
    """What an element starts with must be something a person could have chosen or typed."""
    options = all_options(element)
    for name in ("initial_option", "initial_options"):
        chosen = element.get(name, [])
        if any(option not in options for option in (chosen if isinstance(chosen, list) else [chosen])):
            yield _say("must be one of the options", f"{at}/{name}")
    most, typed = element.get("max_length"), element.get("initial_value")
    if isinstance(most, int) and isinstance(typed, str) and len(typed) > most:
        yield _say(f"must be less than {most + 1} characters", f"{at}/initial_value")


def all_options(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Options of a menu, those in groups too."""
    groups = element.get("option_groups")
    holders = [element, *(groups if isinstance(groups, list) else [])]
    lists = [holder.get("options") for holder in holders if isinstance(holder, dict)]
    return [option for options in lists if isinstance(options, list) for option in options]


def _view(view: dict[str, Any], at: str) -> Complaints:
    shape = VIEWS.get(str(view.get("type")))
    if shape is None:
        yield _say(f"must be one of: {', '.join(VIEWS)}", f"{at}/type")
        return
    yield from _fields(view, shape, at, also=("type",))
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield _say("must be an array", f"{at}/blocks")
        return
    surface: Surface = "modal" if view["type"] == "modal" else "home"
    yield from _blocks(blocks, surface, f"{at}/blocks")
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if surface == "modal" and asks and not view.get("submit"):
        yield _say("must have a submit button with input blocks", f"{at}/submit")


def _repeated(ids: list[Any], name: str, at: str) -> Complaints:
    given = [value for value in ids if value is not None]
    for value in sorted({str(value) for value in given if given.count(value) > 1}):
        yield _say(f"{name} `{value}` already exists", at)


def _characters(value: object) -> Iterator[int]:
    """Lengths of all words of a message: texts, and the values that hide behind buttons and options."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                yield len(inner) if name in ("text", "value", "alt_text") else 0
            else:
                yield from _characters(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _characters(inner)


def _say(complaint: str, at: str) -> str:
    return f"[ERROR] {complaint} [json-pointer:{at}]"
