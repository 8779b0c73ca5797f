"""Field → input block, and what was put into it."""

from collections.abc import Mapping
from typing import Any

from bots.slack.blocks import LABEL, Block, literal
from bots.slack.texts import plain_text, size
from core.domain.cards import Field, Option
from core.domain.texts import plain
from core.ports.chat import Say

INPUT = "typed"
MOST = 3000  # of a plain_text_input
MOST_AT_A_GLANCE = 10  # radio buttons and checkboxes; a menu holds a hundred
MOST_OPTIONS = 100
UPLOADS = "uploads"
MOST_IN_FORM = 10  # docs.slack.dev/reference/block-kit/block-elements/file-input-element


def drawn_field(field: Field, block_id: str) -> Block:
    element = _choice(field) if field.options else _line(field)
    block: Block = {"type": "input", "block_id": block_id, "label": literal(plain_text(field.label, 150))}
    if field.optional:
        block["optional"] = True
    hint = plain_text(field.hint, 500)
    return {**block, "element": element} | ({"hint": literal(hint)} if hint else {})


def file_input(most: int, say: Say) -> Block:
    """Its block_id stays the same in a form that takes another's place: what was attached stays attached."""
    element = {"type": "file_input", "action_id": INPUT, "max_files": min(most, MOST_IN_FORM)}
    label = literal(plain_text(say("slack/phrases#attach"), LABEL))
    return {"type": "input", "block_id": UPLOADS, "label": label, "optional": True, "element": element}


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """What was typed or chosen, by field name: a field's block_id begins with its name."""
    state = (view.get("state") or {}).get("values") or {}
    fields = ((_named(block), put.get(INPUT)) for block, put in state.items() if isinstance(put, dict))
    return {name: _said(put or {}) for name, put in fields if name != UPLOADS}


def uploaded(view: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """What was attached, as Slack tells of files."""
    put = ((view.get("state") or {}).get("values") or {}).get(UPLOADS) or {}
    return tuple((put.get(INPUT) or {}).get("files") or ())


def faults(view: Mapping[str, Any], say: Say) -> dict[str, str]:
    """What is wrong with it, by block_id: said inside the form at once, so that nothing typed is lost."""
    typed = values(view)
    found: dict[str, str] = {}
    for block in view.get("blocks") or ():
        if block.get("type") != "input":
            continue
        said = typed.get(_named(block["block_id"]), "")
        limit = int(block["element"].get("max_length") or MOST)
        if not said.strip() and not block.get("optional"):
            found[block["block_id"]] = plain(say("slack/phrases#empty"))
        elif len(said) > limit:
            found[block["block_id"]] = plain(say("slack/phrases#too_long", length=len(said), limit=limit))
    return found


def _named(block_id: str) -> str:
    return block_id.partition(":")[0]


def _said(put: Mapping[str, Any]) -> str:
    chosen = put.get("selected_options")
    if chosen is None:
        chosen = [put["selected_option"]] if put.get("selected_option") else []
    return " ".join(str(option.get("value", "")) for option in chosen) or str(put.get("value") or "")


def _line(field: Field) -> Block:
    limit = max(1, min(field.limit, MOST))
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": not field.short,
        "max_length": limit,
    }
    if field.value:
        element["initial_value"] = _start(field.value, limit)
    return element


def _choice(field: Field) -> Block:
    """As buttons and boxes where there are few."""
    offered = [_option(each) for each in field.options[:MOST_OPTIONS]]
    few = len(offered) <= MOST_AT_A_GLANCE
    if field.many:
        element: Block = {"type": "checkboxes" if few else "multi_static_select"}
    else:
        element = {"type": "radio_buttons" if few else "static_select"}
    element |= {"action_id": INPUT, "options": offered}
    if chosen := [each for each in offered if each["value"] in field.value.split()]:
        element |= {"initial_options": chosen} if field.many else {"initial_option": chosen[0]}
    return element


def _option(option: Option) -> Block:
    return {"text": literal(plain_text(option.label, LABEL)), "value": option.value}


def _start(value: str, limit: int) -> str:
    """What stands in a field is taken as it is, so it is not escaped."""
    if size(value) <= limit:
        return value
    while size(value) > limit:
        value = value[: len(value) - max(1, (size(value) - limit) // 2)]
    return value
