"""Card, Note and Answer → a message: HTML, an inline keyboard, and plain words in case that Telegram refuses those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bots.telegram.callbacks import carry
from bots.telegram.texts import Html, block, cleansed, draw, join, label, mention, one_line, ours
from core.domain.cards import Answer, Button, Card, CardRef, Note, Style
from core.domain.conversations import Attachment
from core.domain.members import Identity
from core.domain.texts import Quote, Text, plain
from core.ports.chat import Picture, Say

LIMIT = 4096  # code points after parsing, core.telegram.org/bots/api#sendmessage
QUOTE_LIMIT = 3000
LINE_LIMIT = 250  # a title, a subject, a status, a warning
TEXT_LIMIT = 1000  # our words beside a quote
CALLS_LIMIT = 40  # with all else under the 100 entities that Telegram keeps of a message
ATTACHMENTS_LIMIT = 5
FILE_NAME_LIMIT = 60
TOPIC_NAME_LIMIT = 128  # core.telegram.org/bots/api#createforumtopic
COPY_LIMIT = 256  # core.telegram.org/bots/api#copytextbutton
ROW_LENGTH, ROW_BUTTONS = 36, 3  # characters and buttons that a narrow phone shows side by side


# As the Bot API spells them: PTB's own objects take longer to build and to take apart again than a card to draw.
Key = dict[str, Any]
Keyboard = dict[str, list[list[Key]]]

_STYLES: dict[Style, Key] = {Style.PLAIN: {}, Style.PRIMARY: {"style": "primary"}, Style.DANGER: {"style": "danger"}}


@dataclass(frozen=True, slots=True)
class Drawn:
    html: str
    plain: str
    keyboard: Keyboard | None = None
    safe_buttons: Sequence[Button] = ()

    @property
    def safe_keyboard(self) -> Keyboard | None:
        """It goes with the plain words: without addresses, which Telegram may refuse."""
        return _keyboard(self.safe_buttons, None)


def draw_card(card: Card, say: Say) -> Drawn:
    head = join([draw(card.title, LINE_LIMIT).within("b"), draw(card.subject, LINE_LIMIT).within("i")])
    foot = join(
        [
            draw(card.status, LINE_LIMIT),
            _warning(card.warning),
            _attachments(card.attachments, say),
            _calls(card.calls),
        ]
    )
    quote = _quote(card.quote, LIMIT - head.size - foot.size - 2, say)
    return _drawn(join([head, quote, foot]), card.fallback, card.buttons, say)


def draw_note(note: Note, say: Say, pointer: str | None = None) -> Drawn:
    """`pointer`: the address of the card, for one who reads the note elsewhere."""
    foot = join([_attachments(note.attachments, say), _calls(note.calls)])
    head = draw(note.text, TEXT_LIMIT if note.quote or note.copy else LIMIT - foot.size - 1)
    room = LIMIT - head.size - foot.size - 2
    to_copy = note.copy if note.copy and ours(note.copy).size <= room else ""
    quote = Quote(note.copy) if note.copy and not to_copy else note.quote  # what is too long to be copied is cut
    said = (*note.text, *((quote,) if quote else ()), *((Quote(f"\n{to_copy}"),) if to_copy else ()))
    way = (Button(say("telegram/phrases#open_card"), url=pointer),) if pointer else ()
    body = ours(to_copy).within("pre") if to_copy else _quote(quote, room, say)
    return _drawn(join([head, body, foot]), said, (*note.buttons, *way), say, note.copy)


def draw_picture(picture: Picture, say: Say) -> Drawn:
    """What stands below it."""
    said = _attachment(Attachment("", picture.name, picture.type, picture.size), say)
    return Drawn(said.markup, picture.name)


def draw_answer(answer: Answer, say: Say) -> list[Drawn]:
    """One message, and more where a text to copy is too long to stand in the first."""
    head = draw(answer.text, TEXT_LIMIT if answer.quote or answer.copy else LIMIT - 1)
    quote = _quote(answer.quote, LIMIT - head.size - 1, say)
    first = join([head, quote])
    said = (*answer.text, *((answer.quote,) if answer.quote else ()))
    if not answer.copy:
        return [_drawn(first, said, answer.buttons, say)]
    to_copy = ours(answer.copy)
    if first.size + 1 + to_copy.size <= LIMIT:
        whole = join([first, to_copy.within("pre")])
        return [_drawn(whole, (*said, Quote("\n" + answer.copy)), answer.buttons, say, answer.copy)]
    pieces = [answer.copy[at : at + LIMIT] for at in range(0, len(answer.copy), LIMIT)]
    return [
        _drawn(first, said, answer.buttons, say),
        *(_drawn(ours(piece).within("pre"), (Quote(piece),), (), say) for piece in pieces if piece.strip()),
    ]


def topic_name(card: Card) -> str:
    return one_line(plain(card.name or card.title), TOPIC_NAME_LIMIT) or ELSE


def address_of(ref: CardRef) -> str | None:
    """Where Telegram's apps open a message; there is no such address in private chats and small groups."""
    group = ref.address.chat.removeprefix("-100")
    if group == ref.address.chat or not ref.message:
        return None
    thread = f"/{ref.address.thread}" if ref.address.thread else ""
    return f"https://t.me/c/{group}{thread}/{ref.message}"


def _drawn(html: Html, said: Text, buttons: Sequence[Button], say: Say, copy: str | None = None) -> Drawn:
    words, _ = cleansed(plain(said), LIMIT - 1)
    safe = tuple(button for button in buttons if button.url is None)
    return Drawn(html.markup or ELSE, words or ELSE, _keyboard(buttons, _copy_key(copy, say)), safe)


ELSE = "…"  # Telegram takes no message without a text


def _quote(quote: Quote | None, room: int, say: Say) -> Html:
    if quote is None:
        return Html()
    limit = min(QUOTE_LIMIT, room)
    text, cut = block(quote.text, limit)
    if cut:
        ending = ours(f" {plain(say('telegram/phrases#cut'))}").within("i")
        text, _ = block(quote.text, min(QUOTE_LIMIT, room - ending.size))
        text = text + ending
    return text.within("blockquote expandable")


def _warning(warning: Text) -> Html:
    return ours("⚠️ ") + draw(warning, LINE_LIMIT) if warning else Html()


def _attachments(attachments: Sequence[Attachment], say: Say) -> Html:
    """Names only: nothing of a buyer's is linked."""
    lines = [_attachment(attachment, say) for attachment in attachments[:ATTACHMENTS_LIMIT]]
    left = len(attachments) - ATTACHMENTS_LIMIT
    return join([*lines, *([draw(say("telegram/phrases#files_left", count=left), LINE_LIMIT)] if left > 0 else [])])


def _attachment(attachment: Attachment, say: Say) -> Html:
    nameless = plain(say("telegram/phrases#file"))
    name, _ = cleansed(" ".join((attachment.name or attachment.type or nameless).split()), FILE_NAME_LIMIT)
    size = f" ({_size(attachment.size)})" if attachment.size is not None else ""
    return ours("📎 ") + ours(name or nameless).within("code") + ours(size)


def _size(size: int) -> str:
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size} B"


def _calls(calls: Iterable[Identity]) -> Html:
    names = [name for who in calls if (name := mention(who))]
    return join(names[:CALLS_LIMIT], " ")


def _keyboard(buttons: Sequence[Button], last: Key | None) -> Keyboard | None:
    rows: list[list[Key]] = []
    keys = [key for button in buttons if (key := _key(button))]
    if last:
        keys.append(last)
    for key in keys:
        row = rows[-1] if rows else []
        if row and len(row) < ROW_BUTTONS and sum(len(other["text"]) for other in (*row, key)) <= ROW_LENGTH:
            row.append(key)
        else:
            rows.append([key])
    return {"inline_keyboard": rows} if rows else None


def _copy_key(copy: str | None, say: Say) -> Key | None:
    if not copy or len(copy) > COPY_LIMIT:
        return None
    return {"text": plain(say("telegram/phrases#copy")), "copy_text": {"text": copy}}


def _key(button: Button) -> Key | None:
    """None for an address that no app could open."""
    key = {"text": label(button.label) or ELSE, **_STYLES[button.style]}
    if button.url is None:
        return {**key, "callback_data": carry(button)}
    return {**key, "url": button.url} if _openable(button.url) else None


def _openable(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
