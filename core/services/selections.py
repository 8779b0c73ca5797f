"""Several conversations of the inbox: chosen one by one, listed, then one thing done about all, and undone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from core.domain.actions import Press, operation
from core.domain.cards import Answer, Button, Style, Verb
from core.domain.inbox import PAGE
from core.domain.quick_responses import QuickResponse, by_use
from core.domain.rooms import Room
from core.domain.selections import MOST, Selection
from core.domain.spam_reports import Reason
from core.domain.texts import Quote, Text, Words, cut, joined, lines
from core.domain.zones import SECOND
from core.errors import Refused, SelectionGone, UnknownConversation
from core.ids import is_id, shard_of
from core.rendering import say
from core.services import selection_deeds
from core.services.deps import Deps
from core.services.inbox import LONGEST_NAME, find_selection, line_text, page_buttons, page_of
from core.services.members import require
from core.services.selection_deeds import Deed, deed_of
from core.store import quick_responses, selections
from core.store.sellers import read_seller

BEGIN = ""


async def pressed(deps: Deps, room: Room, press: Press, prefix: str) -> Answer:
    """A choice is a page (`p.1`), a conversation to be chosen or not (`1.…`, `0.…`), a step, or a deed."""
    if press.choice == BEGIN:
        words = (await find_selection(deps, room, press.target)).words if press.target else ""
        kept = await selections.keep_selection(deps.store, room.seller, press.by, words, key=operation(press))
        return await _choose(deps, room, kept)
    selection = await find_selection(deps, room, press.target)
    step, _, rest = press.choice.partition(".")
    match step:
        case "p" if rest.isascii() and rest.isdigit():
            return await _choose(deps, room, replace(selection, page=min(int(rest), 999)))
        case "0" | "1":
            return await _toggle(deps, room, selection, rest, chosen=step == "1")
        case "go":
            return _what(selection)
        case "why":
            return _why(selection)
        case "which":
            return await _which(deps, room, selection, prefix)
        case "sure" | "undo":
            deed = await _deed(deps, room, press, selection.deed)
            return await (_do if step == "sure" else _undo)(deps, room, press, selection, deed)
        case "back":
            return await _choose(deps, room, selection)
        case _:
            deed = await _deed(deps, room, press, press.choice)
            return await _ask(deps, room, press, replace(selection, deed=press.choice, done=()), deed)


async def _deed(deps: Deps, room: Room, press: Press, said: str) -> Deed:
    """Raises NotAllowed, SelectionGone, QuickResponseGone."""
    deed = await deed_of(deps, room, said)
    if deed is None:
        raise SelectionGone
    await require(deps, room, press.by, deed.right)
    return deed


async def _toggle(deps: Deps, room: Room, selection: Selection, conversation: str, *, chosen: bool) -> Answer:
    if not is_id(conversation, "conversation") or shard_of(conversation) != shard_of(room.id):
        raise UnknownConversation
    word = await selections.choose(deps.store, selection.id, conversation, chosen=chosen)
    found = await find_selection(deps, room, selection.id)
    return await _choose(deps, room, found, full=word == "full")


async def _choose(deps: Deps, room: Room, selection: Selection, *, full: bool = False) -> Answer:
    page = await page_of(deps, room, selection.words, selection.page)
    await selections.note(deps.store, replace(selection, page=page.number))
    told = [page.head, *(line_text(line, words, number, page.zone) for number, line, words in page.numbered)]
    told.append(_say("full", most=MOST) if full else _say("choose", count=len(selection.chosen)))
    buttons = []
    for number, line, _ in page.numbered[:PAGE]:
        is_chosen = line.conversation in selection.chosen
        label = _say("button_line", chosen=is_chosen, number=number, buyer=cut(line.buyer, LONGEST_NAME))
        buttons.append(_button(label, selection, f"{'0' if is_chosen else '1'}.{line.conversation}"))
    buttons += page_buttons(Verb.SELECT, selection.id, page, "p.")
    if selection.chosen:
        buttons.append(_named("go", selection, "go", style=Style.PRIMARY, count=len(selection.chosen)))
    buttons.append(Button(_say("button_leave"), Verb.INBOX, selection.id, choice=str(page.number)))
    return _shown(lines(told), buttons)


def _what(selection: Selection) -> Answer:
    if not selection.chosen:
        return _shown(_say("nothing"), [_named("back", selection, "back")])
    steps = [("waive", "waive"), ("spam", "why"), ("quick", "which"), ("back", "back")]
    buttons = [_named(name, selection, step) for name, step in steps]
    return _shown(_say("what", count=len(selection.chosen)), buttons)


def _why(selection: Selection) -> Answer:
    buttons = [_button(say(f"answers/spam_report#reason_{reason}"), selection, f"spam.{reason}") for reason in Reason]
    return _shown(_say("why", count=len(selection.chosen)), [*buttons, _named("back", selection, "go")])


async def _which(deps: Deps, room: Room, selection: Selection, prefix: str) -> Answer:
    found: Sequence[QuickResponse] = by_use(await quick_responses.quick_responses_of(deps.store, room.seller))
    back = _named("back", selection, "go")
    if not found:
        return _shown(_say("no_quick", command=Words(f"{prefix}quick", strong=True)), [back])
    buttons = [_button((Quote(each.title),), selection, f"q.{each.id}") for each in found[:PAGE]]
    return _shown(_say("which"), [*buttons, back])


async def _ask(deps: Deps, room: Room, press: Press, selection: Selection, deed: Deed) -> Answer:
    """Each of them by name, with what is done: nothing is, before the one button that confirms it all."""
    found = await asyncio.gather(*(deed.look(deps, room, each, press.by) for each in selection.chosen))
    able = [each for each in found if each.target]
    out = joined([(each.buyer,) for each in found if not each.target], (Words(", "),))
    await selections.note(deps.store, replace(selection, listed=tuple(each.target for each in able)))
    quick = isinstance(deed, selection_deeds.Answering)
    if not able:
        return _shown(_say("none", buyers=out, quick=quick), [_named("back", selection, "go")])
    told = [deed.question(len(able)), *(_line(each) for each in able)]
    told += [_say("out", buyers=out, quick=quick)] if out else []
    sure = _named("sure", selection, "sure", style=Style.DANGER, count=len(able))
    return _shown(lines(told), [sure, _named("back", selection, "go")])


def _line(each: selection_deeds.Look) -> Text:
    words = cut(each.words, selection_deeds.LONGEST_WORDS)
    return _say("line", buyer=each.buyer, shop=each.shop, words=words, counts=each.counts, deadline=each.deadline)


async def _do(deps: Deps, room: Room, press: Press, selection: Selection, deed: Deed) -> Answer:
    """What was listed, one after the other; one that is refused meanwhile holds up no other. Pressed again: once."""
    done = list(selection.done)
    for each in selection.listed if not done else ():
        try:
            outcome = await deed.do(
                deps, room, each, press.by, operation=f"select/{selection.id}/{selection.deed}/{each}"
            )
        except Refused:
            continue
        done += [outcome] if outcome else []
    await selections.note(deps.store, replace(selection, done=tuple(done)))
    undo = [_named("undo", selection, "undo")] if done else []
    seller = await read_seller(deps.store, room.seller)
    by_hand = await selection_deeds.still_by_hand(deps, room, deed, done)
    seconds = seller.hold // SECOND if seller else 0
    facts = {"done": len(done), "count": len(selection.listed), "seconds": seconds, "by_hand": by_hand}
    return _shown(_say(f"done_{deed.name}", **facts), undo)


async def _undo(deps: Deps, room: Room, press: Press, selection: Selection, deed: Deed) -> Answer:
    taken = 0
    for each in selection.done:
        try:
            taken += await deed.undo(deps, room, each, press.by, operation=f"{_key(selection, each)}/undo")
        except Refused:
            continue
    return _shown(_say("undone", done=taken, count=len(selection.done)), [])


def _key(selection: Selection, target: str) -> str:
    return f"select/{selection.id}/{selection.deed}/{target}"


def _named(name: str, selection: Selection, choice: str, *, style: Style = Style.PLAIN, **values: object) -> Button:
    return replace(_button(_say(f"button_{name}", **values), selection, choice), style=style)


def _button(label: Text, selection: Selection, choice: str) -> Button:
    return Button(label, Verb.SELECT, selection.id, choice=choice)


def _shown(text: Text, buttons: Sequence[Button]) -> Answer:
    return Answer(text, buttons=tuple(buttons), replaces=True)


def _say(block: str, **values: object) -> Text:
    return say(f"answers/selection#{block}", **values)
