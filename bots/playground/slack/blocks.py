"""Block Kit as a table: every block, element and composition object, its fields and their limits.

From docs.slack.dev/reference/block-kit, read November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
# Undocumented, measured by others: github.com/slackapi/bolt-js/issues/2509.
MOST_CHARACTERS = 13_200
MOST_MARKDOWN = 12_000
MOST_VIEW_BYTES = 250_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text object of 1 to `most` characters; `plain` means that mrkdwn is refused."""

    most: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A bare string."""

    most: int = 3000
    least: int = 1
    among: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Number:
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Many:
    of: Kind
    most: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class Element:
    """An element or a text object, of one of these types."""

    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A composition object, by its name in PARTS."""

    name: str


@dataclass(frozen=True, slots=True)
class Anything:
    """Accepted as it comes."""


Kind = Text | Words | Flag | Number | Many | Element | Part | Anything


@dataclass(frozen=True, slots=True)
class Shape:
    """`any_of`: at least one of these fields; `one_of`: exactly one."""

    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)
    any_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = ("message", "modal", "home")

    def kind(self, name: str) -> Kind | None:
        return self.required.get(name) or self.optional.get(name)


ANY_TEXT = ("plain_text", "mrkdwn")
ID = Words(255)
URL = Words(3000, pattern=r"https?://\S+|mailto:\S+|slack://\S+")
DATE = Words(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = Words(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
DECIMAL = Words(40, pattern=r"-?\d+(\.\d+)?")

# What every interactive element may carry.
_ACTS: dict[str, Kind] = {"action_id": ID}
_ASKS: dict[str, Kind] = {**_ACTS, "confirm": Part("confirm"), "focus_on_load": Flag()}
_TYPED: dict[str, Kind] = {
    **_ACTS,
    "placeholder": Text(150),
    "focus_on_load": Flag(),
    "dispatch_action_config": Part("dispatch_action_config"),
}
_PICKS: dict[str, Kind] = {**_ASKS, "placeholder": Text(150)}
_OPTIONS: dict[str, Kind] = {"options": Many(Part("option"), 100), "option_groups": Many(Part("option_group"), 100)}
_MENU_FILTER: dict[str, Kind] = {"filter": Anything(), "default_to_current_conversation": Flag()}

PARTS: dict[str, Shape] = {
    "confirm": Shape(
        {"title": Text(100), "text": Text(300, plain=False), "confirm": Text(30), "deny": Text(30)},
        {"style": Words(among=("primary", "danger"))},
    ),
    "option": Shape({"text": Text(75), "value": Words(150)}, {"description": Text(75)}),
    "overflow_option": Shape({"text": Text(75), "value": Words(150)}, {"description": Text(75), "url": URL}),
    "choice": Shape({"text": Text(75, plain=False), "value": Words(150)}, {"description": Text(75, plain=False)}),
    "option_group": Shape({"label": Text(75), "options": Many(Part("option"), 100)}),
    "dispatch_action_config": Shape(
        {"trigger_actions_on": Many(Words(among=("on_enter_pressed", "on_character_entered")), 2)}
    ),
    "slack_file": Shape({}, {"id": Words(255), "url": URL}, one_of=("id", "url")),
}

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {"text": Text(75)},
        {
            **_ACTS,
            "value": Words(2000),
            "url": URL,
            "style": Words(among=("primary", "danger")),
            "confirm": Part("confirm"),
            "accessibility_label": Words(75),
        },
    ),
    "image": Shape(
        {"alt_text": Words(2000)},
        {"image_url": URL, "slack_file": Part("slack_file")},
        one_of=("image_url", "slack_file"),
    ),
    "overflow": Shape({"options": Many(Part("overflow_option"), 5)}, {**_ACTS, "confirm": Part("confirm")}),
    "static_select": Shape({}, {**_PICKS, **_OPTIONS, "initial_option": Part("option")}, one_of=tuple(_OPTIONS)),
    "multi_static_select": Shape(
        {},
        {
            **_PICKS,
            **_OPTIONS,
            "initial_options": Many(Part("option"), 100),
            "max_selected_items": Number(1, 100),
        },
        one_of=tuple(_OPTIONS),
    ),
    "users_select": Shape({}, {**_PICKS, "initial_user": Words(255)}),
    "multi_users_select": Shape(
        {}, {**_PICKS, "initial_users": Many(Words(255), 100), "max_selected_items": Number(1, 100)}
    ),
    "channels_select": Shape({}, {**_PICKS, "initial_channel": Words(255), "response_url_enabled": Flag()}),
    "conversations_select": Shape(
        {}, {**_PICKS, **_MENU_FILTER, "initial_conversation": Words(255), "response_url_enabled": Flag()}
    ),
    "radio_buttons": Shape({"options": Many(Part("choice"), 10)}, {**_ASKS, "initial_option": Part("choice")}),
    "checkboxes": Shape({"options": Many(Part("choice"), 10)}, {**_ASKS, "initial_options": Many(Part("choice"), 10)}),
    "datepicker": Shape({}, {**_PICKS, "initial_date": DATE}),
    "timepicker": Shape({}, {**_PICKS, "initial_time": TIME, "timezone": Words(255)}),
    "datetimepicker": Shape({}, {**_ASKS, "initial_date_time": Number(0, 9_999_999_999)}),
    "plain_text_input": Shape(
        {},
        {
            **_TYPED,
            "initial_value": Words(3000, least=0),
            "multiline": Flag(),
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
    ),
    "number_input": Shape(
        {"is_decimal_allowed": Flag()},
        {**_TYPED, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
    ),
    "email_text_input": Shape({}, {**_TYPED, "initial_value": Words(3000, least=0)}),
    "url_text_input": Shape({}, {**_TYPED, "initial_value": Words(3000, least=0)}),
    "file_input": Shape({}, {**_ACTS, "filetypes": Many(Words(20), 100), "max_files": Number(1, 10)}),
}

CHOSEN = (
    "static_select",
    "users_select",
    "channels_select",
    "conversations_select",
    "radio_buttons",
    "checkboxes",
    "datepicker",
    "timepicker",
)
MULTIPLE = ("multi_static_select", "multi_users_select")
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
IN_ACTIONS = ("button", "overflow", "datetimepicker", *CHOSEN)
IN_SECTION = ("button", "overflow", "image", *CHOSEN, *MULTIPLE)
IN_INPUT = ("datetimepicker", "file_input", *CHOSEN, *MULTIPLE, *TYPED)

BLOCKS: dict[str, Shape] = {
    "header": Shape({"text": Text(150)}),
    "section": Shape(
        {},
        {
            "text": Text(3000, plain=False),
            "fields": Many(Text(2000, plain=False), 10),
            "accessory": Element(IN_SECTION),
            "expand": Flag(),
        },
        any_of=("text", "fields"),
    ),
    "context": Shape({"elements": Many(Element(("image", *ANY_TEXT)), 10)}),
    "actions": Shape({"elements": Many(Element(IN_ACTIONS), 25)}),
    "divider": Shape(),
    "image": Shape(
        {"alt_text": Words(2000)},
        {"image_url": URL, "slack_file": Part("slack_file"), "title": Text(2000)},
        one_of=("image_url", "slack_file"),
    ),
    "input": Shape(
        {"label": Text(2000), "element": Element(IN_INPUT)},
        {"hint": Text(2000), "optional": Flag(), "dispatch_action": Flag()},
    ),
    "rich_text": Shape({"elements": Many(Anything(), 1000)}),
    "markdown": Shape({"text": Words(MOST_MARKDOWN)}, surfaces=("message",)),
    "alert": Shape(
        {"text": Text(3000, plain=False)},
        {"level": Words(among=("default", "info", "warning", "error", "success"))},
        surfaces=("modal",),
    ),
}

VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {"title": Text(24), "blocks": Anything()},
        {
            "submit": Text(24),
            "close": Text(24),
            "private_metadata": Words(3000, least=0),
            "callback_id": Words(255, least=0),
            "external_id": Words(255, least=0),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        },
    ),
    "home": Shape(
        {"blocks": Anything()},
        {
            "private_metadata": Words(3000, least=0),
            "callback_id": Words(255, least=0),
            "external_id": Words(255, least=0),
        },
    ),
}
