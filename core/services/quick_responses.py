"""Quick responses used: chosen for a buyer, asked for what is missing, shown back, and sent only then."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from core.domain.actions import Press, Submit, operation
from core.domain.cards import Answer, Button, Field, Form, Verb
from core.domain.conversations import Order
from core.domain.files import File
from core.domain.members import Identity
from core.domain.quick_responses import (
    BLANK_LIMIT,
    NAMES,
    QuickResponse,
    Used,
    by_use,
    fill,
    fits,
    greeting,
    missing,
)
from core.domain.rooms import Room
from core.domain.texts import Quote, plain
from core.errors import DraftGone, QuickResponseGone
from core.rendering import read_quick_response, say, starters
from core.services import times
from core.services.cards import asked_of, buyer_of
from core.services.deps import Deps
from core.services.files import check_files, clean, most_files
from core.services.replies import ask_reply, ask_rewording, check, limit_in, question, read_draft, see
from core.store import drafts, quick_responses, shops
from core.store.conversations import Sight

INSERTED = 5  # offered in the reply form
OFFERED = 10  # at once, the most used first


async def offer(deps: Deps, room: Room, conversation: str, page: int, by: Identity) -> Answer:
    """Those that can be sent to this buyer, a button each; the starter pack where there are none."""
    sight = await see(deps, room, conversation)
    found = await quick_responses.quick_responses_of(deps.store, room.seller)
    fitting = by_use(each for each in found if fits(each, sight.shop.id))
    if not fitting:
        return Answer(
            say("answers/quick#none"), buttons=first_buttons(conversation), replaces=page > 0, conversation=conversation
        )
    pages = -(-len(fitting) // OFFERED)
    page %= pages
    shown = fitting[page * OFFERED : (page + 1) * OFFERED]
    values = await _values(deps, sight, by)
    buttons = [
        Button((Quote(each.title),), Verb.USE, conversation, each.id, opens=bool(_lacks(each, values)))
        for each in shown
    ]
    if pages > 1:
        buttons.append(Button(say("answers/quick#more"), Verb.QUICK, conversation, f"p.{page + 1}"))
    return Answer(
        say("answers/quick#choose", buyer=buyer_of(sight)),
        buttons=tuple(buttons),
        replaces=page > 0,
        conversation=conversation,
    )


async def use(deps: Deps, room: Room, pressed: Press) -> Answer:
    """One was chosen: show it back as this buyer would read it, or ask for what is missing."""
    sight, response = await _chosen(deps, room, pressed)
    return await _begin(deps, room, sight, response, pressed, replaces=True)


async def reply_form(deps: Deps, room: Room, conversation: str, by: Identity) -> Answer:
    """The reply form, with those that can be put into it."""
    answer, buttons = await asyncio.gather(
        ask_reply(deps, room, conversation, by), insertions(deps, room, conversation)
    )
    return replace(answer, form=replace(answer.form, buttons=buttons)) if answer.form else answer


async def insertions(deps: Deps, room: Room, conversation: str) -> tuple[Button, ...]:
    """The most used, as buttons of the reply form."""
    found = await quick_responses.quick_responses_of(deps.store, room.seller)
    if not found:
        return ()
    sight = await see(deps, room, conversation)
    fitting = by_use(each for each in found if fits(each, sight.shop.id))
    return tuple(
        Button(say("cards/buttons#insert", title=Quote(each.title)), Verb.INSERT, conversation, each.id, opens=True)
        for each in fitting[:INSERTED]
    )


async def insert(deps: Deps, room: Room, pressed: Press) -> Answer:
    """One was chosen in the reply form: the form again with its text in it, or the form for what is missing in that."""
    sight, response = await _chosen(deps, room, pressed)
    values = await _values(deps, sight, pressed.by)
    if _lacks(response, values):
        return await _begin(deps, room, sight, response, pressed, replaces=False)
    draft, text = await _prepare(deps, sight, response, values, pressed)
    if len(text) > limit_in(deps, room, sight):
        return question(sight, draft, text, public=False)
    buttons = await insertions(deps, room, pressed.target)
    return await ask_rewording(deps, room, draft, buttons)


async def fitted(
    deps: Deps, room: Room, conversation: str, response: QuickResponse, by: Identity
) -> tuple[Sight, str | None]:
    """As this buyer would read it; None where it is not for this shop, or something in it has no value.

    Raises EmptyReply, ReplyTooLong.
    """
    sight = await see(deps, room, conversation)
    values = await _values(deps, sight, by)
    if not fits(response, sight.shop.id) or _lacks(response, values):
        return sight, None
    text = fill(read_quick_response(response.source), values)
    check(sight, text)
    return sight, text


async def thank(deps: Deps, room: Room, pressed: Press) -> Answer:
    """The greeting of a new order, shown back: the seller's own, or the one that comes with Shopbell."""
    sight = await see(deps, room, pressed.target)
    own = greeting(await quick_responses.quick_responses_of(deps.store, room.seller), sight.shop.id)
    return await _begin(deps, room, sight, own or QuickResponse("", *starters()[0]), pressed, replaces=False)


async def ask(deps: Deps, room: Room, pressed: Press) -> Answer:
    """The form for what is missing once more, should it have been closed."""
    sight, response = await _unfilled(deps, room, pressed.target)
    return await _begin(deps, room, sight, response, pressed, replaces=False)


async def filled(deps: Deps, room: Room, form: Submit) -> Answer:
    """What was missing came back: show the whole. What still is, is asked for again: it cannot be sent unfilled.

    Filled in twice, each is a text of its own: what is sent is what was shown beside its button.
    """
    sight, response = await _unfilled(deps, room, form.target)
    typed = {name: form.values.get(name, "").strip() for name in NAMES}
    values = await _values(deps, sight, form.by) | {name: value for name, value in typed.items() if value}
    if lacking := _lacks(response, values):
        again = _form(deps, sight, form.target, response, lacking)
        return Answer(say("answers/quick#still_missing"), form=again, conversation=sight.conversation.id)
    return await _show(deps, room, sight, response, values, form, replaces=False)


def first_buttons(conversation: str = "") -> tuple[Button, ...]:
    """What a seller without any may begin with."""
    return (
        Button(say("answers/quick#take_pack", count=len(starters())), Verb.QUICK_CHANGE, conversation, "pack"),
        Button(say("answers/quick#write"), Verb.QUICK_EDIT, opens=True),
    )


async def _begin(
    deps: Deps, room: Room, sight: Sight, response: QuickResponse, pressed: Press, *, replaces: bool
) -> Answer:
    values = await _values(deps, sight, pressed.by)
    lacking = _lacks(response, values)
    if not lacking:
        return await _show(deps, room, sight, response, values, pressed, replaces=replaces)
    draft = await _keep(deps, sight, response, "", pressed)
    return Answer(form=_form(deps, sight, draft, response, lacking), conversation=sight.conversation.id)


async def _show(
    deps: Deps,
    room: Room,
    sight: Sight,
    response: QuickResponse,
    values: Mapping[str, str],
    action: Press | Submit,
    *,
    replaces: bool,
) -> Answer:
    """For this member alone: nothing is said yet. What no form of this chat holds cannot be changed in one."""
    draft, text = await _prepare(deps, sight, response, values, action)
    edits = len(text) <= limit_in(deps, room, sight)
    files = _attached(action)
    return question(sight, draft, text, replaces=replaces, public=False, edits=edits, files=files)


async def _prepare(
    deps: Deps, sight: Sight, response: QuickResponse, values: Mapping[str, str], action: Press | Submit
) -> tuple[str, str]:
    """A draft and its text. Raises EmptyReply, ReplyTooLong, and what `check_files` does."""
    text = fill(read_quick_response(response.source), values)
    check(sight, text)
    check_files(deps, sight.shop, _attached(action))
    return await _keep(deps, sight, response, text, action), text


async def _keep(deps: Deps, sight: Sight, response: QuickResponse, text: str, action: Press | Submit) -> str:
    """The id of the draft; of an unfilled one the text is empty."""
    used, about = Used(response.id, response.title), sight.conversation
    key, files = operation(action), _attached(action)
    kept = await drafts.keep_draft(deps.store, about.seller, about.id, text, action.by, key=key, used=used, files=files)
    return kept.id


def _attached(action: Press | Submit) -> tuple[File, ...]:
    """What came with a form: it may have taken the place of another, in which that was attached."""
    return clean(action.files) if isinstance(action, Submit) else ()


async def _chosen(deps: Deps, room: Room, pressed: Press) -> tuple[Sight, QuickResponse]:
    """Raises UnknownConversation, QuickResponseGone."""
    sight = await see(deps, room, pressed.target)
    found = await quick_responses.read_quick_response(deps.store, room.seller, pressed.choice)
    if found is None or not fits(found, sight.shop.id):
        raise QuickResponseGone
    return sight, found


async def _unfilled(deps: Deps, room: Room, draft_id: str) -> tuple[Sight, QuickResponse]:
    """What the form of an unfilled draft is about. Raises DraftGone, QuickResponseGone."""
    draft = await read_draft(deps, room, draft_id)
    if draft.used is None:
        raise DraftGone(outcome=draft.outcome)
    found: QuickResponse | None = QuickResponse("", *starters()[0])
    if draft.used.id:
        found = await quick_responses.read_quick_response(deps.store, room.seller, draft.used.id)
    if found is None:
        raise QuickResponseGone
    return await see(deps, room, draft.conversation), found


def _form(deps: Deps, sight: Sight, draft: str, response: QuickResponse, lacking: tuple[str, ...]) -> Form:
    buyer = buyer_of(sight)
    fields = [
        Field(name, say(f"cards/quick_form#{name.replace('.', '_')}"), BLANK_LIMIT, short=True) for name in lacking
    ]
    return Form(
        verb=Verb.USE,
        target=draft,
        title=say("cards/quick_form#missing"),
        submit=say("cards/quick_form#show"),
        context=say("cards/quick_form#context", title=Quote(response.title), buyer=buyer),
        fields=tuple(fields),
        files=most_files(deps, sight.shop),
    )


def _lacks(response: QuickResponse, values: Mapping[str, str]) -> tuple[str, ...]:
    return missing(read_quick_response(response.source), values)


async def _values(deps: Deps, sight: Sight, by: Identity) -> dict[str, str]:
    """What is known of this buyer, by the names of the placeholders; a name that is not known is left out."""
    order = _order(sight)
    found = {
        "buyer.name": sight.conversation.buyer.name,
        "order.title": order.title if order else "",
        "order.id": order.id if order else "",
        "shop.name": sight.shop.name,
        "seller.name": sight.seller.name,
        "member.name": by.name,
        "away.until": await _away_until(deps, sight),
    }
    return {name: value for name, value in found.items() if value.strip()}


def _order(sight: Sight) -> Order | None:
    """The order that was asked about, or else the conversation's newest."""
    asked = asked_of(sight)
    return asked.order if asked and asked.order else sight.conversation.order


async def _away_until(deps: Deps, sight: Sight) -> str:
    """When the shop is back, in the buyer's own zone where that is known."""
    known, now = await shops.know_shop(deps.store, sight.shop.id), deps.clock.now()
    ends = [absence.end for absence in known.absences if now in absence] if known else []
    if not ends or None in ends:
        return ""
    end = max(end for end in ends if end is not None)
    return plain(times.when(end, sight.conversation.buyer.zone or sight.seller.zone))
