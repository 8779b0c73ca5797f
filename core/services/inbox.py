"""The inbox from chat: what is owed, page by page; a search; and a conversation opened from either."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.cards import Answer, Button, Card, Verb
from core.domain.conversations import Message
from core.domain.inbox import PAGE, Line, Spoken, found_in, pages_of
from core.domain.members import Identity
from core.domain.rooms import Room
from core.domain.selections import Selection
from core.domain.texts import Instant, Quote, Text, Words, cut, lines
from core.errors import SelectionGone, UnknownConversation
from core.ids import is_id, shard_of
from core.rendering import say
from core.services.cards import draw, quote_of, written_by
from core.services.deps import Deps
from core.services.replies import see
from core.store import inbox, selections
from core.store.inbox import MESSAGES

LONGEST_NAME = 24
LONGEST_WORDS = 60
LONGEST_SAID = 400
FILES = 5


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of what is owed, or was found by a search, each with the words that it is shown by."""

    head: Text
    rows: Sequence[tuple[Line, Spoken]]
    zone: str
    number: int
    pages: int

    @property
    def numbered(self) -> list[tuple[int, Line, Spoken]]:
        return [(place, *row) for place, row in enumerate(self.rows, self.number * PAGE + 1)]


async def show(deps: Deps, room: Room, words: str, by: Identity, prefix: str, *, key: str) -> Answer:
    """`inbox`, `inbox ann`."""
    if not words.strip():
        return _listed(await page_of(deps, room, "", 0), prefix, "")
    kept = await selections.keep_selection(deps.store, room.seller, by, words.strip(), key=key)
    return _listed(await page_of(deps, room, kept.words, 0), prefix, kept.id)


async def turn(deps: Deps, room: Room, selection: str, choice: str, prefix: str) -> Answer:
    """Another page, in place of the one that was shown. Raises SelectionGone."""
    words = (await find_selection(deps, room, selection)).words if selection else ""
    page = await page_of(deps, room, words, page_number(choice))
    return replace(_listed(page, prefix, selection if words else ""), replaces=True)


async def page_of(deps: Deps, room: Room, words: str, number: int) -> Page:
    """Of what is owed, or by `words` of what is found; the last one where there are not so many any more."""
    return await (_found(deps, room, words, number) if words else _owed(deps, room, number))


async def find_selection(deps: Deps, room: Room, selection: str) -> Selection:
    """Raises SelectionGone, for another seller's too."""
    if not is_id(selection, "selection") or shard_of(selection) != shard_of(room.id):
        raise SelectionGone
    found = await selections.read_selection(deps.store, selection)
    if found is None or found.seller != room.seller:
        raise SelectionGone
    return found


async def open_conversation(deps: Deps, room: Room, conversation: str, choice: str) -> Answer:
    """All that its card says, with its buttons; by a `choice` a page of what was said. Raises UnknownConversation."""
    if choice:
        return await _said(deps, room, conversation, page_number(choice))
    sight = await see(deps, room, conversation)
    card = draw(deps, sight)
    files: Text = ()
    if card.attachments:
        names = ", ".join(each.name or each.type or "file" for each in card.attachments[:FILES])
        files = _say("files", count=len(card.attachments), names=Quote(names))
    said = Button(_say("button_said"), Verb.OPEN, conversation, choice="0")
    text = lines([card.title, card.subject, card.status, card.warning, files])
    return Answer(text, quote=card.quote, buttons=(*_beside(card), said), conversation=conversation)


def line_text(line: Line, words: Spoken, number: int, zone: str) -> Text:
    return _say(
        "line",
        number=number,
        buyer=cut(line.buyer, LONGEST_NAME),
        shop=cut(line.shop, LONGEST_NAME),
        words=_words(words, LONGEST_WORDS),
        owed=line.owed,
        sending=line.sending,
        breached=line.breached,
        deadline=Instant(line.deadline, zone, relative=True) if line.deadline is not None else None,
        on_it=cut(line.on_it, LONGEST_NAME) if line.on_it else None,
    )


def page_buttons(verb: Verb, target: str, page: Page, before: str = "") -> tuple[Button, ...]:
    """To the page before and the one after, where there are such; `before` stands before its number in the choice."""
    turns = [("previous", page.number - 1, page.number > 0), ("next", page.number + 1, page.number + 1 < page.pages)]
    return tuple(
        Button(_say(f"button_{name}"), verb, target, choice=f"{before}{to}") for name, to, there in turns if there
    )


async def _owed(deps: Deps, room: Room, number: int) -> Page:
    found = await inbox.read_inbox(deps.store, room.seller, number)
    if number and not found.lines:  # answered meanwhile
        number = pages_of(found.count) - 1
        found = await inbox.read_inbox(deps.store, room.seller, number)
    pages = pages_of(found.count)
    head = _say("head", count=found.count, more=found.more, page=number + 1, pages=pages)
    return Page(head, [(line, line.asked) for line in found.lines], found.zone, number, pages)


async def _found(deps: Deps, room: Room, words: str, number: int) -> Page:
    searched = await inbox.search_inbox(deps.store, room.seller)
    every = [(line, shown) for line in searched.lines if (shown := found_in(line, words)) is not None]
    pages = pages_of(len(every))
    number = min(number, pages - 1)
    head = _say(
        "searched",
        words=cut(words, LONGEST_WORDS),
        owed=searched.owed,
        settled=len(searched.lines) - searched.owed,
        count=len(every),
        page=number + 1,
        pages=pages,
    )
    return Page(head, every[number * PAGE : (number + 1) * PAGE], searched.zone, number, pages)


def _listed(page: Page, prefix: str, selection: str) -> Answer:
    if not page.rows and not selection:
        return Answer(_say("empty", example=Words(f"{prefix}inbox ann", strong=True)))
    texts = [line_text(line, words, number, page.zone) for number, line, words in page.numbered]
    buttons = [
        Button(_say("button_line", number=number, buyer=cut(line.buyer, LONGEST_NAME)), Verb.OPEN, line.conversation)
        for number, line, _ in page.numbered
    ]
    buttons += page_buttons(Verb.INBOX, selection, page)
    if len(page.rows) > 1 or page.pages > 1:
        buttons.append(Button(_say("button_select"), Verb.SELECT, selection))
    return Answer(lines([page.head, *texts]), buttons=tuple(buttons))


async def _said(deps: Deps, room: Room, conversation: str, page: int) -> Answer:
    """The page in place of the one before, the newest message last, as on a screen."""
    if not is_id(conversation, "conversation") or shard_of(conversation) != shard_of(room.id):
        raise UnknownConversation
    told = await inbox.read_messages(deps.store, room.seller, conversation, page)
    if told is None:
        raise UnknownConversation
    buyer = cut(told.buyer, LONGEST_NAME)
    reply = Button(say("cards/buttons#reply", buyer=buyer), Verb.REPLY, conversation, opens=True)
    back = Button(_say("button_card"), Verb.OPEN, conversation)
    if not told.messages:
        return Answer(
            _say("said_nothing", buyer=buyer), buttons=(reply, back), replaces=True, conversation=conversation
        )
    last = page * MESSAGES
    texts = [_say("said", buyer=buyer, first=last + 1, last=last + len(told.messages), count=told.count)]
    texts += [_message(each, buyer, told.zone) for each in reversed(told.messages)]
    turns = [("earlier", page + 1, last + len(told.messages) < told.count), ("later", page - 1, page > 0)]
    buttons = [
        Button(_say(f"button_{name}"), Verb.OPEN, conversation, choice=str(to)) for name, to, there in turns if there
    ]
    return Answer(lines(texts), buttons=(reply, *buttons, back), replaces=True, conversation=conversation)


def _message(message: Message, buyer: Quote, zone: str) -> Text:
    return _say(
        "message",
        at=Instant(message.sent_at, zone),
        author=written_by(message),
        incoming=message.incoming,
        buyer=buyer,
        state=message.state.value,
        words=cut(quote_of(message).text, LONGEST_SAID),
    )


def _beside(card: Card) -> tuple[Button, ...]:
    """The card's buttons, without the version by which a card is known: this is none."""
    return tuple(replace(button, version=0) for button in card.buttons)


def _words(spoken: Spoken, most: int) -> Quote:
    message = Message(
        "",
        "",
        incoming=True,
        text=spoken.text,
        sent_at=0,
        deleted=spoken.deleted,
        starts_order=spoken.starts_order,
        forgotten=spoken.forgotten,
    )
    return cut(quote_of(message).text, most)


def page_number(choice: str) -> int:
    """Of a button that turns pages; whatever was forged is the first one."""
    return int(choice) if choice.isascii() and choice.isdigit() and len(choice) < 6 else 0


def _say(block: str, **values: object) -> Text:
    return say(f"answers/inbox#{block}", **values)
