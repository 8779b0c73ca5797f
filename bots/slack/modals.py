"""Form → modal, and what a member wrote in one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bots.slack.blocks import Block, actions, context, literal, quote_section
from bots.slack.texts import mrkdwn, plain_text, size
from core.domain.cards import Field, Form, Verb

CALLBACK = "form"
INPUT = "typed"
UPLOADS = "uploads"
ATTACH = "Pictures and files"
MOST_IN_FORM = 10  # docs.slack.dev/reference/block-kit/block-elements/file-input-element
MOST = 3000  # of a plain_text_input
TITLE = 24  # of title, submit and close alike
EMPTY = "Please write something first."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for, so that its answer is shown there: on a message, and in which thread if in one."""

    channel: str
    message: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A submitted form. `values` by field name."""

    verb: Verb
    target: str
    origin: Origin
    values: Mapping[str, str]
    files: tuple[Mapping[str, Any], ...] = ()


def modal(form: Form, origin: Origin, *, again: bool = False, files: bool = False) -> dict[str, Any]:
    """`private_metadata` carries ids only, and no rights. `again`: it takes the place of another. `files`: we may read
    some."""
    drawn = [context("context", mrkdwn(form.context, 2000)), quote_section(form.quote), actions(form.buttons)]
    # Slack keeps what was typed into a block that is there already.
    drawn += [_input(field, f"{field.name}:{form.target}" if again else field.name) for field in form.fields]
    if files and form.files:
        drawn.append(_file_input(min(form.files, MOST_IN_FORM)))
    hidden = {"verb": form.verb, "target": form.target, **asdict(origin)}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": literal(plain_text(form.title, TITLE)),
        "submit": literal(plain_text(form.submit, TITLE)),
        "close": literal("Cancel"),
        "private_metadata": json.dumps(hidden, separators=(",", ":")),
        "blocks": [block for block in drawn if block],
    }


def filled(view: Mapping[str, Any]) -> Filled | None:
    """What a submission says; None for a view that is none of ours."""
    try:
        hidden = json.loads(view.get("private_metadata") or "")
        verb = Verb(hidden["verb"])
        target, channel, message, thread = (str(hidden[name]) for name in ("target", "channel", "message", "thread"))
    except (ValueError, KeyError, TypeError):
        return None
    return Filled(verb, target, Origin(channel, message, thread), values(view), uploaded(view))


def uploaded(view: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """What was attached, as Slack tells of files."""
    typed = ((view.get("state") or {}).get("values") or {}).get(UPLOADS) or {}
    return tuple((typed.get(INPUT) or {}).get("files") or ())


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, by field name: a field's block_id begins with its name."""
    state = (view.get("state") or {}).get("values") or {}
    fields = ((_named(block), typed.get(INPUT)) for block, typed in state.items() if isinstance(typed, dict))
    return {name: str((typed or {}).get("value") or "") for name, typed in fields if name != UPLOADS}


def _named(block_id: str) -> str:
    return block_id.partition(":")[0]


def faults(view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with it, by block_id: said inside the form at once, so that nothing typed is lost."""
    typed = values(view)
    found: dict[str, str] = {}
    for block in view.get("blocks") or ():
        if block.get("type") != "input":
            continue
        said = typed.get(_named(block["block_id"]), "")
        limit = int(block["element"].get("max_length") or MOST)
        if not said.strip() and not block.get("optional"):
            found[block["block_id"]] = EMPTY
        elif len(said) > limit:
            found[block["block_id"]] = f"{len(said):,} characters; at most {limit:,} fit."
    return found


def _input(field: Field, block_id: str) -> Block:
    limit = max(1, min(field.limit, MOST))
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": not field.short,
        "max_length": limit,
    }
    if field.value:
        element["initial_value"] = _start(field.value, limit)
    block: Block = {"type": "input", "block_id": block_id, "label": literal(plain_text(field.label, 150))}
    if field.optional:
        block["optional"] = True
    hint = plain_text(field.hint, 500)
    return {**block, "element": element} | ({"hint": literal(hint)} if hint else {})


def _file_input(most: int) -> Block:
    """Its block_id stays the same in a form that takes another's place: what was attached stays attached."""
    element = {"type": "file_input", "action_id": INPUT, "max_files": most}
    label = literal(ATTACH)
    return {"type": "input", "block_id": UPLOADS, "label": label, "optional": True, "element": element}


def _start(value: str, limit: int) -> str:
    """What stands in a field is taken as it is, so it is not escaped."""
    if size(value) <= limit:
        return value
    while size(value) > limit:
        value = value[: len(value) - max(1, (size(value) - limit) // 2)]
    return value
