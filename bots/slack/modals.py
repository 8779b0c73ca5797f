"""Form → modal, an answer that is shown in one, and what was done in either."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bots.slack.blocks import Block, actions, answer_message, context, literal, quote_section, section
from bots.slack.fields import drawn_field, file_input, uploaded, values
from bots.slack.texts import mrkdwn, plain_text
from core.domain.cards import Answer, Form, Verb
from core.domain.texts import Text, lines
from core.ports.chat import Say, Voice

CALLBACK = "form"
TITLE = 24  # of title, submit and close alike
NAME = "Shopbell"
FAULT = 600


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for, so that its answer is shown there: on a message, and in which thread if in one.

    `apart`: in no channel; `channel` is then the one that is acted on, if it is known which.
    """

    channel: str
    message: str = ""
    thread: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A submitted form. `values` by field name; `stays`: what comes of it is shown in its place."""

    verb: Verb
    target: str
    origin: Origin
    values: Mapping[str, str]
    files: tuple[Mapping[str, Any], ...] = ()
    stays: bool = False


def modal(form: Form, origin: Origin, voice: Voice, *, again: bool = False, files: bool = False) -> dict[str, Any]:
    """`private_metadata` carries ids only, and no rights. `again`: it takes the place of another. `files`: we may read
    some."""
    drawn = [
        context("context", mrkdwn(form.context, 2000)),
        quote_section(form.quote, voice.say),
        actions(form.buttons),
    ]
    drawn += _fields(form, again=again)
    if files and form.files:
        drawn.append(file_input(form.files, voice.say))
    hidden = {"verb": form.verb, "target": form.target, "stays": form.stays, **asdict(origin)}
    return {**_window(form.title, drawn, hidden, voice), "submit": literal(plain_text(form.submit, TITLE))}


def answer_view(answer: Answer, origin: Origin, voice: Voice, *, files: bool = False) -> dict[str, Any]:
    """What there is to show, form or words, as a view of its own."""
    if answer.form is not None:
        form = replace(answer.form, context=lines([answer.text, answer.form.context]))
        return modal(form, origin, voice, files=files)
    shown = answer_message(answer, voice.say)
    blocks = shown.get("blocks") or [section("said", shown["text"])]
    return {**_window((), blocks, asdict(origin), voice), "close": _label(voice.say, "close")}


def waiting_view(voice: Voice) -> dict[str, Any]:
    """What stands there until it is known what to show."""
    said = section("said", mrkdwn(voice.say("slack/phrases#one_moment"), FAULT))
    return {**_window((), [said], asdict(Origin("")), voice), "close": _label(voice.say, "close")}


def filled(view: Mapping[str, Any]) -> Filled | None:
    """What a submission says; None for a view that is no form of ours."""
    origin = origin_of(view)
    try:
        hidden = json.loads(view.get("private_metadata") or "")
        verb, target = Verb(hidden["verb"]), str(hidden["target"])
    except (ValueError, KeyError, TypeError):
        return None
    return Filled(verb, target, origin, values(view), uploaded(view), bool(hidden.get("stays"))) if origin else None


def origin_of(view: Mapping[str, Any]) -> Origin | None:
    """Where a view was asked for; None for one that is none of ours."""
    try:
        hidden = json.loads(view.get("private_metadata") or "")
        channel, message, thread = (str(hidden[name]) for name in ("channel", "message", "thread"))
        return Origin(channel, message, thread, bool(hidden.get("apart")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def language_of(view: Mapping[str, Any]) -> str:
    """What was spoken when it was drawn: what is done with it is answered so before anything is looked up."""
    try:
        return str(json.loads(view.get("private_metadata") or "")["language"])
    except (ValueError, KeyError, TypeError):
        return ""


def _label(say: Say, name: str) -> Block:
    return literal(plain_text(say(f"slack/phrases#{name}"), TITLE))


def _window(title: Text, drawn: list[Block | None], hidden: Mapping[str, Any], voice: Voice) -> dict[str, Any]:
    said = {**hidden, "language": voice.language}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": literal(plain_text(title, TITLE) or NAME),
        "close": _label(voice.say, "cancel"),
        "private_metadata": json.dumps(said, separators=(",", ":")),
        "blocks": [block for block in drawn if block],
    }


def _fields(form: Form, *, again: bool) -> Iterator[Block | None]:
    """Slack keeps what was typed into a block that is there already; what was wrong is said below its field."""
    for field in form.fields:
        yield drawn_field(field, f"{field.name}:{form.target}" if again else field.name)
        fault = mrkdwn(field.fault, FAULT)
        yield context(f"fault_{field.name}", f":warning: {fault}") if fault else None
