"""What a person can pick or type in an element, and what Slack's own form says before anything is sent."""

from __future__ import annotations

from typing import Any

from bots.playground.slack.block_check import all_options
from bots.playground.slack.blocks import TYPED
from bots.playground.slack.state import Json, View

REQUIRED = "Please complete this required field."
# The field of a picked or typed value, by element; what else may be picked is an option.
VALUE_FIELDS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "file_input": "files",
} | dict.fromkeys(TYPED, "value")
INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_conversation": "initial_conversation",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}


class CannotDo(AssertionError):
    """A person could not do this: it is not there, or not for them to see."""


def chosen(element: Json, value: Any) -> Json:
    """The element's part of a payload after somebody picked or typed `value`."""
    type = element["type"]
    if type == "button":
        given: Json = {name: element[name] for name in ("text", "value", "style") if name in element}
        if value is not None and value != element.get("value"):
            raise CannotDo(f"This button carries {element.get('value')!r}, not {value!r}.")
        return {"type": type, **given}
    if type == "file_input" and len(value or ()) > element.get("max_files", 10):
        raise CannotDo(f"At most {element.get('max_files', 10)} files fit.")
    if type in VALUE_FIELDS:
        return {"type": type, VALUE_FIELDS[type]: value}
    if type in ("checkboxes", "multi_static_select"):
        return {"type": type, "selected_options": [_option(element, one) for one in value or []]}
    return {"type": type, "selected_option": None if value is None else _option(element, value)}


def initial(element: Json) -> Json:
    """What stands in an element that nobody has touched."""
    empty = chosen(element, None)
    name = next(name for name in empty if name != "type")
    return {**empty, name: element.get(INITIAL.get(name, ""), empty[name])}


def fill_initial(view: View) -> None:
    """Gives every field its initial value, except those that keep what was typed under the same ids."""
    kept, view.values = view.values, {}
    for block in view.blocks:
        if block["type"] == "input":
            element = block["element"]
            typed = kept.get(block["block_id"], {}).get(element["action_id"])
            same = typed is not None and typed["type"] == element["type"]
            view.values[block["block_id"]] = {element["action_id"]: typed if same and typed else initial(element)}


def missing(view: View) -> dict[str, str]:
    """Slack's complaints by block_id, for the person alone."""
    errors = {}
    for block in view.blocks:
        if block["type"] == "input":
            element = block["element"]
            complaint = _complaint(block, element, view.values[block["block_id"]][element["action_id"]])
            if complaint:
                errors[block["block_id"]] = complaint
    return errors


def _complaint(block: Json, element: Json, state: Json) -> str | None:
    value = next(value for name, value in state.items() if name != "type")
    if not value:
        return None if block.get("optional") else REQUIRED
    if element["type"] not in TYPED:
        return None
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Must be at least {least} characters."
    if len(value) > most:
        return f"Must be at most {most} characters."
    return None


def _option(element: Json, value: Any) -> Json:
    options = all_options(element)
    for option in options:
        if value in (option["value"], option["text"]["text"]):
            return option
    raise CannotDo(f"There is no option {value!r}, only {[option['value'] for option in options]}.")
