"""What Slack says of wrong blocks, with the place."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from bots.playground.slack.block_check import complaints_about_blocks, complaints_about_view, is_too_long

Block = dict[str, Any]


def plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str = "reply", **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain_text("Reply"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "v") -> Block:
    return {"text": plain_text("Option"), "value": value}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def field(element: Block) -> Block:
    return {"type": "input", "label": plain_text("Your reply"), "element": element}


CONFIRM = {
    "title": plain_text("Sure?"),
    "text": mrkdwn("Really"),
    "confirm": plain_text("Yes"),
    "deny": plain_text("No"),
}

GOOD: list[Block] = [
    {"type": "header", "text": plain_text("Header")},
    {"type": "section", "text": mrkdwn("text"), "accessory": {"type": "overflow", "options": [option()]}},
    {"type": "section", "fields": [mrkdwn("a"), plain_text("b")], "accessory": select(placeholder=plain_text("Pick"))},
    {
        "type": "context",
        "elements": [mrkdwn("a"), {"type": "image", "image_url": "https://x.example/a", "alt_text": "a"}],
    },
    actions(
        button(style="danger", confirm=CONFIRM, value="v", url="https://x.example"),
        {"type": "datepicker", "initial_date": "2026-11-23"},
        {"type": "timepicker", "initial_time": "09:30"},
        {"type": "datetimepicker", "initial_date_time": 1795477528},
        {"type": "radio_buttons", "options": [option()]},
        {"type": "checkboxes", "options": [option()], "initial_options": [option()]},
    ),
    {"type": "divider"},
    {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A shoe", "title": plain_text("Shoe")},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    field({"type": "plain_text_input", "multiline": True, "max_length": 3000, "initial_value": "Hello"}),
    field({"type": "multi_static_select", "option_groups": [{"label": plain_text("Group"), "options": [option()]}]}),
]

BAD: list[tuple[str, list[Block], str]] = [
    ("a 76 character button", [actions({**button(), "text": plain_text("x" * 76)})], "/blocks/0/elements/0/text/text"),
    ("mrkdwn on a button", [actions({**button(), "text": mrkdwn("x")})], "/blocks/0/elements/0/text/type"),
    ("a button's value of 2001", [actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    ("a button with a script", [actions(button(url="javascript:alert(1)"))], "/blocks/0/elements/0/url"),
    ("a style of its own", [actions(button(style="green"))], "/blocks/0/elements/0/style"),
    ("an unknown field", [actions(button(colour="red"))], "/blocks/0/elements/0"),
    ("an action_id twice", [actions(button(), button())], "/blocks/0"),
    ("26 buttons", [actions(*[button(f"b{n}") for n in range(26)])], "/blocks/0/elements"),
    ("no buttons", [actions()], "/blocks/0/elements"),
    ("a text input in actions", [actions({"type": "plain_text_input"})], "/blocks/0/elements/0/type"),
    ("six overflow options", [actions({"type": "overflow", "options": [option()] * 6})], "/elements/0/options"),
    ("101 options", [actions(select(options=[option()] * 101))], "/blocks/0/elements/0/options"),
    ("an option value of 151", [actions(select(options=[option("x" * 151)]))], "/elements/0/options/0/value"),
    ("a select without options", [actions({"type": "static_select"})], "/blocks/0/elements/0"),
    ("an initial option not offered", [actions(select(initial_option=option("other")))], "/elements/0/initial_option"),
    ("11 radio buttons", [actions({"type": "radio_buttons", "options": [option()] * 11})], "/elements/0/options"),
    ("a confirm without a no", [actions(button(confirm={**CONFIRM, "deny": None}))], "/elements/0/confirm/deny"),
    ("a date that is none", [actions({"type": "datepicker", "initial_date": "23.11.2026"})], "/0/initial_date"),
    ("an empty section", [{"type": "section"}], "/blocks/0"),
    ("an empty text", [{"type": "section", "text": mrkdwn("")}], "/blocks/0/text/text"),
    ("a text of 3001", [{"type": "section", "text": mrkdwn("x" * 3001)}], "/blocks/0/text/text"),
    ("a field of 2001", [{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "/blocks/0/fields/0/text"),
    ("11 fields", [{"type": "section", "fields": [mrkdwn("x")] * 11}], "/blocks/0/fields"),
    ("verbatim on plain text", [{"type": "header", "text": {**plain_text("x"), "verbatim": True}}], "/blocks/0/text"),
    ("a header of 151", [{"type": "header", "text": plain_text("x" * 151)}], "/blocks/0/text/text"),
    ("a header in mrkdwn", [{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type"),
    ("11 context elements", [{"type": "context", "elements": [mrkdwn("x")] * 11}], "/blocks/0/elements"),
    ("a button in context", [{"type": "context", "elements": [button()]}], "/blocks/0/elements/0/type"),
    ("an image without words", [{"type": "image", "image_url": "https://x.example/a"}], "/blocks/0"),
    ("an unknown block", [{"type": "table_of_wonders"}], "/blocks/0/type"),
    ("an alert outside a modal", [{"type": "alert", "text": mrkdwn("x")}], "/blocks/0/type"),
    ("a block_id twice", [{"type": "divider", "block_id": "a"}] * 2, "/blocks"),
    ("a block_id of 256", [{"type": "divider", "block_id": "x" * 256}], "/blocks/0/block_id"),
    ("51 blocks", [{"type": "divider"}] * 51, "/blocks"),
    ("too many words", [field({"type": "plain_text_input", "max_length": 3, "initial_value": "four"})], "value"),
    ("a block that is a string", ["divider"], "/blocks/0"),  # type: ignore[list-item]
]  # fmt: skip

MODAL: Block = {"type": "modal", "title": plain_text("Reply"), "submit": plain_text("Send"), "blocks": [GOOD[8]]}

BAD_VIEWS: list[tuple[str, Block, str]] = [
    ("a title of 25", {"title": plain_text("x" * 25)}, "/view/title/text"),
    ("a submit of 25", {"submit": plain_text("x" * 25)}, "/view/submit/text"),
    ("metadata of 3001", {"private_metadata": "x" * 3001}, "/view/private_metadata"),
    ("a callback_id of 256", {"callback_id": "x" * 256}, "/view/callback_id"),
    ("an input without submit", {"submit": None}, "/view/submit"),
    ("101 blocks", {"blocks": [{"type": "divider"}] * 101}, "/view/blocks"),
    ("markdown", {"blocks": [{"type": "markdown", "text": "x"}]}, "/view/blocks/0/type"),
    ("an unknown field", {"subtitle": "x"}, "/view"),
    ("a type of its own", {"type": "dialog"}, "/view/type"),
    ("no blocks", {"blocks": "none"}, "/view/blocks"),
]


def test_right_blocks_and_views_pass() -> None:
    """Every block and element of the table has a form that Slack takes."""
    modal = {**MODAL, "blocks": [*GOOD, {"type": "alert", "level": "error", "text": mrkdwn("Not sent")}]}

    assert complaints_about_blocks(GOOD, "message") == []
    assert complaints_about_view(modal) == []
    assert complaints_about_view({"type": "home", "blocks": GOOD}) == []


@pytest.mark.parametrize(("blocks", "pointer"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_wrong_blocks_are_refused_with_their_place(blocks: list[Block], pointer: str) -> None:
    """A complaint points at the very field."""
    before = copy.deepcopy(blocks)

    complaints = complaints_about_blocks(blocks, "message")

    assert any(complaint.endswith(f"{pointer}]") for complaint in complaints), complaints
    assert blocks == before


@pytest.mark.parametrize(("change", "pointer"), [case[1:] for case in BAD_VIEWS], ids=[case[0] for case in BAD_VIEWS])
def test_wrong_views_are_refused_with_their_place(change: Block, pointer: str) -> None:
    """A complaint points at the very field."""
    complaints = complaints_about_view({**MODAL, **change})

    assert any(complaint.endswith(f"{pointer}]") for complaint in complaints), complaints


def test_no_shape_is_too_odd_to_be_refused() -> None:
    """Whatever stands in a field, the answer is a list of complaints."""

    def spoiled(value: Any) -> Iterator[Any]:
        yield from (None, True, 7, "x", [], {}, [None], {"type": []})
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            for odd in spoiled(value[key]):
                copied = copy.copy(value)
                copied[key] = odd
                yield copied

    for blocks in spoiled(GOOD):
        complaints_about_blocks(blocks, "message")
        assert isinstance(complaints_about_view({**MODAL, "blocks": blocks}), list)


def test_a_message_of_too_many_characters_is_seen() -> None:
    """Texts within their own limits can be too much together."""
    blocks = [{"type": "section", "text": mrkdwn("x" * 3000)}] * 4

    assert not is_too_long(blocks)
    assert is_too_long([*blocks, {"type": "section", "text": mrkdwn("x" * 1201)}])
