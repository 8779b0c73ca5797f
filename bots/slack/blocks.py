"""Card, Note and Answer → Block Kit, within its limits whatever anybody wrote."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from bots.slack.texts import ELLIPSIS, call, clip, escape, is_link, link, mrkdwn, plain_text, quoted, signs, size
from core.domain.cards import Answer, Button, Card, Form, Note, Style
from core.domain.conversations import Attachment
from core.domain.members import Identity
from core.domain.texts import Mention, Quote, Text, Words, plain
from core.ports.chat import Say

Block = dict[str, Any]

# Shares of the 13,200 characters that all blocks of a message may have (github.com/slackapi/bolt-js/issues/2509),
# buttons and their values included. A section holds 3,000.
TITLE, QUOTE, STATUS, WARNING, FILES, CALLS = 1000, 2800, 1000, 1000, 2400, 600
SAID = 2000
LISTED = 6000  # of an answer that holds nothing but words and buttons
SECTION = 3000
COPY = 2700  # of at most two sections
TOP_TEXT = 3000
MOST_TEXT = 4000  # chat.update refuses more
MOST_BUTTONS = 12
MOST_FILES = 5
LABEL = 75


def card_message(card: Card, say: Say) -> dict[str, Any]:
    """`text` and `blocks` of a card."""
    return {"text": _fallback(card.fallback, card.calls), "blocks": _card(card, say)}


def card_words(card: Card, say: Say) -> dict[str, Any]:
    """The same with nothing drawn, for when Slack refuses the blocks."""
    return _words(card.fallback, card.quote, card.buttons, card.calls, say)


def note_message(note: Note, say: Say, *, way: str = "") -> dict[str, Any]:
    """`text` and `blocks` of a note; `way` is the address of the card it belongs to, for one sent elsewhere."""
    calls = () if note.to else note.calls
    buttons = (*note.buttons, Button(say("slack/phrases#open_card"), url=way)) if way else note.buttons
    drawn = [
        section("note", call(note.text, map(Mention, calls), SAID)),
        quote_section(note.quote, say),
        *_to_copy(note.copy or "", say),
        _files(note.attachments, say),
        actions(buttons),
    ]
    text = [*note.text, Words("\n"), note.quote] if note.quote else note.text
    return {"text": _fallback(tuple(text), calls), "blocks": _named(drawn, note.conversation, 0)}


def note_words(note: Note, say: Say, *, way: str = "") -> dict[str, Any]:
    quote = note.quote or (Quote(note.copy) if note.copy else None)
    words = _words(note.text, quote, note.buttons, () if note.to else note.calls, say)
    label = plain(say("slack/phrases#open_card"))
    return {**words, "text": _lines(words["text"], link(way, label) if is_link(way) else "")}


def answer_message(answer: Answer, say: Say, *, room: str = "") -> dict[str, Any]:
    """`text` and `blocks` of an answer. A form that can no longer be opened by itself gets a button that opens it.

    `room`: the channel that its buttons act on, where it is shown elsewhere.
    """
    buttons = answer.buttons
    if answer.form:
        buttons = (*buttons, opener(answer.form))
    drawn = [
        *_said(answer),
        quote_section(answer.quote, say),
        *_to_copy(answer.copy or "", say),
        actions(buttons, room=room),
    ]
    text: list[Any] = [*answer.text, *([Words("\n"), answer.quote] if answer.quote else [])]
    blocks = _named(drawn, answer.conversation, 0)
    return {"text": _fallback(tuple(text), ()), "blocks": blocks} if blocks else {"text": ELLIPSIS}


def _said(answer: Answer) -> list[Block | None]:
    """A list may need more than one section: it goes on there with its next line."""
    listed = mrkdwn(answer.text, LISTED).split("\n")
    if answer.quote or answer.copy or any(size(line) > SECTION for line in listed):
        return [section("said", mrkdwn(answer.text, SAID))]
    pieces = listed[:1]
    for line in listed[1:]:
        longer = f"{pieces[-1]}\n{line}"
        if size(longer) <= SECTION:
            pieces[-1] = longer
        else:
            pieces.append(line)
    return [section(f"said{number or ''}", piece) for number, piece in enumerate(pieces)]


def answer_words(answer: Answer, say: Say) -> dict[str, Any]:
    return _words(answer.text, answer.quote or (Quote(answer.copy) if answer.copy else None), answer.buttons, (), say)


def opener(form: Form) -> Button:
    return Button(form.title, form.verb, form.target, opens=True, style=Style.PRIMARY)


def section(part: str, said: str) -> Block | None:
    """Our words; `verbatim`, or Slack looks for bare @names, #channels and addresses in them."""
    if not said.strip():
        return None
    return {"type": "section", "block_id": part, "text": marked(said)}


def quote_section(quote: Quote | None, say: Say) -> Block | None:
    """Somebody's words; None where there are none, as with a picture alone."""
    said = quoted(quote.text, QUOTE, _cut(say)) if quote else ""
    return section("quote", said) if said.replace(">", "").strip() else None


def context(part: str, said: str) -> Block | None:
    if not said.strip():
        return None
    return {"type": "context", "block_id": part, "elements": [marked(said)]}


def marked(said: str) -> Block:
    return {"type": "mrkdwn", "text": said, "verbatim": True}


def literal(escaped: str) -> Block:
    """A plain_text object, never empty; `emoji` false, or a buyer's ":100:" would be drawn."""
    return {"type": "plain_text", "text": escaped or ELLIPSIS, "emoji": False}


def actions(buttons: Sequence[Button], *, room: str = "") -> Block | None:
    shown = enumerate(buttons[:MOST_BUTTONS])
    drawn = [element for number, button in shown if (element := drawn_button(number, button, room))]
    return {"type": "actions", "block_id": "actions", "elements": drawn} if drawn else None


def _card(card: Card, say: Say) -> list[Block]:
    title = "\n".join(line for line in (mrkdwn(card.title, TITLE // 2), mrkdwn(card.subject, TITLE // 2)) if line)
    drawn = [
        section("title", title),
        quote_section(card.quote, say),
        _files(card.attachments, say),
        context("status", mrkdwn(card.status, STATUS)),
        context("warning", mrkdwn(card.warning, WARNING)),
        context("calls", call((), map(Mention, card.calls), CALLS)),
        actions(card.buttons),
    ]
    return _named(drawn, card.conversation, card.version)


def _named(drawn: Iterable[Block | None], conversation: str, version: int) -> list[Block]:
    """Slack asks for new block_ids when a message is redrawn, or it may keep what stood there."""
    return [{**block, "block_id": f"{block['block_id']}:{conversation}:{version}"} for block in drawn if block]


def _files(attachments: Sequence[Attachment], say: Say) -> Block | None:
    """Names and addresses that nobody can click: they are the buyer's, not ours."""
    shown = attachments[:MOST_FILES]
    if not shown:
        return None
    lines = [literal(clip(_file(file, say), FILES // (MOST_FILES + 1))) for file in shown]
    if more := len(attachments) - len(shown):
        lines.append(literal(plain_text(say("slack/phrases#files_left", count=more), LABEL)))
    return {"type": "context", "block_id": "files", "elements": lines}


def _file(file: Attachment, say: Say) -> str:
    name = " ".join(file.name.split()) or file.type or plain(say("slack/phrases#file"))
    weight = f", {_weight(file.size)}" if file.size is not None else ""
    return f"📎 {name[:80]}{weight} · {file.url}"


def _weight(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def drawn_button(number: int, button: Button, room: str = "") -> Block | None:
    """`do:` or `open:` tells on arrival whether a form must be opened within three seconds."""
    element: Block = {"type": "button", "text": literal(plain_text(button.label, LABEL))}
    if button.style is not Style.PLAIN:
        element["style"] = button.style.value
    if button.url is not None:
        return {**element, "action_id": f"link:{number}", "url": button.url} if is_link(button.url) else None
    if button.verb is None:
        return None
    how = "open" if button.opens else "do"
    return {**element, "action_id": f"{how}:{button.verb}:{number}", "value": _value(button, room)}


def _value(button: Button, room: str) -> str:
    said = {"t": button.target, "c": button.choice, "v": button.version, "a": room}
    return msgspec.json.encode({name: value for name, value in said.items() if value}).decode()


def _to_copy(text: str, say: Say) -> list[Block]:
    """A block of code, which Slack offers to copy, with nothing put between the words but what would end it."""
    pieces: list[str] = [""]
    left = COPY
    for sign in map(escape, signs(text.replace("```", "`\u200b`\u200b`"))):
        if (left := left - size(sign)) < 0:
            pieces.append("")
            left = COPY - size(sign)
        pieces[-1] += sign
    shown = [f"```\n{piece}\n```" for piece in pieces[:2] if piece.strip()]
    if len(pieces) > 2:
        shown.append(_cut(say))
    return [block for number, piece in enumerate(shown) if (block := section(f"copy{number}", piece))]


def _fallback(text: Text, calls: Sequence[Identity]) -> str:
    """What notifications show and screen readers say: with blocks, the top-level text is all they know."""
    return call(text, map(Mention, calls), TOP_TEXT) or ELLIPSIS


def _cut(say: Say) -> str:
    """What stands at the end of somebody's words where they go on."""
    return mrkdwn(say("slack/phrases#cut"), LABEL)


def _words(
    text: Text, quote: Quote | None, buttons: Sequence[Button], calls: Sequence[Identity], say: Say
) -> dict[str, Any]:
    said = [call(text, map(Mention, calls), 1000)]
    if quote:
        said.append(quoted(quote.text, 2000, _cut(say)))
    links = [link(button.url, plain(button.label)) for button in buttons if button.url and is_link(button.url)]
    said += links[:1]
    return {"text": _lines(*said) or ELLIPSIS, "blocks": []}


def _lines(*said: str) -> str:
    """What fits of whole lines: an address that is too long is left out, not cut into another one."""
    text = ""
    for line in filter(None, said):
        longer = f"{text}\n{line}" if text else line
        text = longer if len(longer) <= MOST_TEXT else text
    return text
