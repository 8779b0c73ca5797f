"""Card, Note and Answer → a message: HTML, an inline keyboard, and plain words in case that Telegram refuses those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bots.telegram.callbacks import carry
from bots.telegram.phrases import COPY_BUTTON, CUT, OPEN_CARD, attachments_left
from bots.telegram.texts import Html, block, cleansed, draw, join, label, mention, one_line, ours
from core.domain.cards import Answer, Button, Card, CardRef, Note, Style
from core.domain.conversations import Attachment
from core.domain.members import Identity
from core.domain.texts import Quote, Text, plain
from core.ports.chat import Picture

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


def draw_card(card: Card) -> Drawn:
    head = join([draw(card.title, LINE_LIMIT).within("b"), draw(card.subject, LINE_LIMIT).within("i")])
    foot = join(
        [
            draw(card.status, LINE_LIMIT),
            _warning(card.warning),
            _attachments(card.attachments),
            _calls(card.calls),
        ]
    )
    quote = _quote(card.quote, LIMIT - head.size - foot.size - 2)
    return _drawn(join([head, quote, foot]), card.fallback, card.buttons)


def draw_note(note: Note, pointer: str | None = None) -> Drawn:
    """`pointer`: the address of the card, for one who reads the note elsewhere."""
    foot = join([_attachments(note.attachments), _calls(note.calls)])
    head = draw(note.text, TEXT_LIMIT if note.quote or note.copy else LIMIT - foot.size - 1)
    room = LIMIT - head.size - foot.size - 2
    to_copy = note.copy if note.copy and ours(note.copy).size <= room else ""
    quote = Quote(note.copy) if note.copy and not to_copy else note.quote  # what is too long to be copied is cut
    said = (*note.text, *((quote,) if quote else ()), *((Quote(f"\n{to_copy}"),) if to_copy else ()))
    way = (Button((OPEN_CARD,), url=pointer),) if pointer else ()
    body = ours(to_copy).within("pre") if to_copy else _quote(quote, room)
    return _drawn(join([head, body, foot]), said, (*note.buttons, *way), note.copy)


def draw_picture(picture: Picture) -> Drawn:
    """What stands below it."""
    said = _attachment(Attachment("", picture.name, picture.type, picture.size))
    return Drawn(said.markup, picture.name)


def draw_answer(answer: Answer) -> list[Drawn]:
    """One message, and more where a text to copy is too long to stand in the first."""
    head = draw(answer.text, TEXT_LIMIT if answer.quote or answer.copy else LIMIT - 1)
    quote = _quote(answer.quote, LIMIT - head.size - 1)
    first = join([head, quote])
    said = (*answer.text, *((answer.quote,) if answer.quote else ()))
    if not answer.copy:
        return [_drawn(first, said, answer.buttons)]
    to_copy = ours(answer.copy)
    if first.size + 1 + to_copy.size <= LIMIT:
        whole = join([first, to_copy.within("pre")])
        return [_drawn(whole, (*said, Quote("\n" + answer.copy)), answer.buttons, answer.copy)]
    pieces = [answer.copy[at : at + LIMIT] for at in range(0, len(answer.copy), LIMIT)]
    return [
        _drawn(first, said, answer.buttons),
        *(_drawn(ours(piece).within("pre"), (Quote(piece),), ()) for piece in pieces if piece.strip()),
    ]


def topic_name(card: Card) -> str:
    return one_line(plain(card.title), TOPIC_NAME_LIMIT) or ELSE


def address_of(ref: CardRef) -> str | None:
    """Where Telegram's apps open a message; there is no such address in private chats and small groups."""
    group = ref.address.chat.removeprefix("-100")
    if group == ref.address.chat or not ref.message:
        return None
    thread = f"/{ref.address.thread}" if ref.address.thread else ""
    return f"https://t.me/c/{group}{thread}/{ref.message}"


def _drawn(html: Html, said: Text, buttons: Sequence[Button], copy: str | None = None) -> Drawn:
    words, _ = cleansed(plain(said), LIMIT - 1)
    safe = tuple(button for button in buttons if button.url is None)
    return Drawn(html.markup or ELSE, words or ELSE, _keyboard(buttons, copy), safe)


ELSE = "…"  # Telegram takes no message without a text


def _quote(quote: Quote | None, room: int) -> Html:
    if quote is None:
        return Html()
    limit = min(QUOTE_LIMIT, room)
    text, cut = block(quote.text, limit)
    if cut:
        text, _ = block(quote.text, min(QUOTE_LIMIT, room - len(CUT)))
        text = text + ours(CUT).within("i")
    return text.within("blockquote expandable")


def _warning(warning: Text) -> Html:
    return ours("⚠️ ") + draw(warning, LINE_LIMIT) if warning else Html()


def _attachments(attachments: Sequence[Attachment]) -> Html:
    """Names only: nothing of a buyer's is linked."""
    lines = [_attachment(attachment) for attachment in attachments[:ATTACHMENTS_LIMIT]]
    left = len(attachments) - ATTACHMENTS_LIMIT
    return join([*lines, *([ours(attachments_left(left))] if left > 0 else [])])


def _attachment(attachment: Attachment) -> Html:
    name, _ = cleansed(" ".join((attachment.name or attachment.type or "file").split()), FILE_NAME_LIMIT)
    size = f" ({_size(attachment.size)})" if attachment.size is not None else ""
    return ours("📎 ") + ours(name or "file").within("code") + ours(size)


def _size(size: int) -> str:
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size} B"


def _calls(calls: Iterable[Identity]) -> Html:
    names = [name for who in calls if (name := mention(who))]
    return join(names[:CALLS_LIMIT], " ")


def _keyboard(buttons: Sequence[Button], copy: str | None) -> Keyboard | None:
    rows: list[list[Key]] = []
    keys = [key for button in buttons if (key := _key(button))]
    if copy and len(copy) <= COPY_LIMIT:
        keys.append({"text": COPY_BUTTON, "copy_text": {"text": copy}})
    for key in keys:
        row = rows[-1] if rows else []
        if row and len(row) < ROW_BUTTONS and sum(len(other["text"]) for other in (*row, key)) <= ROW_LENGTH:
            row.append(key)
        else:
            rows.append([key])
    return {"inline_keyboard": rows} if rows else None


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
