"""What a bot may put under a message: inline keyboards, a forced reply, a reply keyboard."""

from __future__ import annotations

import re
from typing import Any

from bots.playground.telegram.errors import bad_request

ACTIONS = {
    "callback_data",
    "url",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "web_app",
    "disabled",
}
UNPLAYED = {"login_url", "callback_game", "pay"}
STYLES = {"danger", "success", "primary"}
BUTTONS_LIMIT = 100
URL = re.compile(r"(?:https?://|tg://|ton://)\S+|[\w.-]+\.[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def check(markup: dict[str, Any], *, private: bool) -> None:
    """Raises ApiError; the wording for `style` and the placeholder is ours, Telegram's is not documented."""
    if "inline_keyboard" in markup:
        _check_inline(markup["inline_keyboard"], private)
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise bad_request("input field placeholder must be 1-64 characters long")


def _check_inline(rows: list[list[dict[str, Any]]], private: bool) -> None:
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button, private)


def _check_button(button: dict[str, Any], private: bool) -> None:
    actions = [name for name in button if name in ACTIONS]
    if UNPLAYED & set(button):
        raise bad_request(f"{', '.join(sorted(UNPLAYED & set(button)))} is not played here")
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"a button does one thing, this one {' and '.join(actions)}")
    if button.get("style", "primary") not in STYLES:
        raise bad_request(f"button style must be one of {', '.join(sorted(STYLES))}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not URL.fullmatch(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "web_app" in button and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
