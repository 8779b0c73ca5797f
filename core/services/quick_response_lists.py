"""A seller's quick responses looked through, written, changed and deleted; who may is said by the tables of doors."""

import asyncio
from dataclasses import dataclass, replace

from core.domain.actions import Command, Press, Submit, operation
from core.domain.cards import Answer, Button, Field, Form, Style, Verb
from core.domain.members import Identity, Right
from core.domain.quick_responses import EXAMPLE, MOST, NAMES, QuickResponse, as_source, by_use
from core.domain.rooms import Room
from core.domain.texts import Quote, Text, Words
from core.errors import NoSuchShop, QuickResponseGone, QuickResponsesFull, TitleTaken, UnknownConversation
from core.ids import is_id, shard_of
from core.rendering import say, starters
from core.services import holding_replies
from core.services.deps import Deps
from core.services.members import member_of
from core.services.quick_response_rules import limits, save
from core.services.quick_responses import first_buttons, offer
from core.store import conversations, holds, shops
from core.store import quick_responses as store

PAGE = 8  # with the buttons to page and to write, what one message of a chat holds
FIRST_WORDS = 40  # of an answer, as the title that is proposed for it
CHANGES = frozenset({"add", "edit", "delete"})


async def typed(deps: Deps, room: Room, command: Command, prefix: str) -> Answer:
    """What the command asks for; all of them where it asks for nothing."""
    first, _, rest = command.rest.strip().partition(" ")
    word, rest = first.casefold(), rest.strip()
    if not word:
        return await listed(deps, room, command.by)
    if word == "add":
        title, _, source = rest.partition(":")
        if not source.strip():
            return await which_shop(deps, room)
        values = {"title": title, "text": source}
        return await keep(deps, room, Submit(command.key, command.by, command.place, Verb.QUICK_EDIT, "", values))
    title = rest if word in {"show", "edit", "delete"} else command.rest
    if not title:
        return Answer(say("answers/quick#usage", command=Words(f"{prefix}quick", strong=True)))
    found = await named(deps, room, title)
    if found is None:
        return replace(await listed(deps, room, command.by), text=say("answers/quick#unknown", title=Quote(title)))
    match word:
        case "edit":
            return replace(await ask(deps, room, found.id), text=(Quote(found.title),))
        case "delete":
            return await drop(deps, room, found.id, replaces=False)
        case _:
            return await show(deps, room, command.by, found.id, replaces=False)


async def listed(deps: Deps, room: Room, by: Identity, page: int = 0, *, replaces: bool = False) -> Answer:
    """All of them, the most used first, a button each."""
    found = by_use(await store.quick_responses_of(deps.store, room.seller))
    if not found:
        return Answer(say("answers/quick#none"), buttons=first_buttons(), replaces=replaces)
    pages = -(-len(found) // PAGE)
    page %= pages
    buttons = [
        Button((Quote(each.title),), Verb.QUICK_LIST, each.id) for each in found[page * PAGE : (page + 1) * PAGE]
    ]
    if pages > 1:
        before, after = say("answers/quick#before"), say("answers/quick#more")
        buttons.append(Button(before, Verb.QUICK_LIST, choice=f"p.{(page - 1) % pages}"))
        buttons.append(Button(after, Verb.QUICK_LIST, choice=f"p.{(page + 1) % pages}"))
    if await _may_change(deps, room, by):
        buttons.append(Button(say("answers/quick#write"), Verb.QUICK_EDIT, opens=True))
    text = say("answers/quick#list", count=len(found), page=page + 1, pages=pages)
    return Answer(text, buttons=tuple(buttons), replaces=replaces)


async def show(deps: Deps, room: Room, by: Identity, response: str, *, replaces: bool = True) -> Answer:
    """One of them. Raises QuickResponseGone."""
    found = await store.quick_responses_of(deps.store, room.seller)
    each = next((each for each in found if each.id == response), None)
    if each is None:
        raise QuickResponseGone
    buttons = [Button(say("answers/quick#back"), Verb.QUICK_LIST, choice="p.0")]
    if await _may_change(deps, room, by):
        greet = ("mute", "answers/quick#no_greeting") if each.greets else ("greet", "answers/quick#greet")
        buttons = [
            Button(say("answers/quick#change"), Verb.QUICK_EDIT, each.id, opens=True),
            Button(say(greet[1]), Verb.QUICK_CHANGE, each.id, greet[0]),
            holding_replies.mark_button(each),
            Button(say("answers/quick#delete"), Verb.QUICK_CHANGE, each.id, "drop", style=Style.DANGER),
            *buttons,
        ]
    shop = await _shop_named(deps, each.shop)
    marks = {"greets": each.greets, "holds": each.holds}
    text = say("answers/quick#one", title=Quote(each.title), shop=shop, uses=each.uses, **marks)
    return Answer(text, quote=Quote(each.source), buttons=tuple(buttons), replaces=replaces)


async def named(deps: Deps, room: Room, title: str) -> QuickResponse | None:
    """By its title, or by a beginning of it that no other has."""
    typed = title.strip().casefold()
    found = await store.quick_responses_of(deps.store, room.seller)
    exact = [each for each in found if each.title.casefold() == typed]
    near = [each for each in found if typed and each.title.casefold().startswith(typed)]
    return exact[0] if exact else near[0] if len(near) == 1 else None


async def drop(deps: Deps, room: Room, response: str, *, replaces: bool = True) -> Answer:
    """At once, and for a day it can be undone. Raises QuickResponseGone."""
    if await store.drop_quick_response(deps.store, room.seller, response) == "missing":
        raise QuickResponseGone
    undo = Button(say("answers/quick#undo"), Verb.QUICK_CHANGE, response, "undo")
    return Answer(say("answers/quick#dropped"), buttons=(undo,), replaces=replaces)


async def change(deps: Deps, room: Room, pressed: Press) -> Answer:
    """What a button says: drop, undo, greet, mute, hold, release or pack. Raises QuickResponseGone for any other."""
    match pressed.choice:
        case "drop":
            return await drop(deps, room, pressed.target)
        case "undo":
            _refuse(await store.restore_quick_response(deps.store, room.seller, pressed.target))
        case "greet" | "mute":
            await _greet(deps, room, pressed.target, greets=pressed.choice == "greet")
        case "hold":
            return await holding_replies.ask(deps, room, pressed.target)
        case "hold-yes" | "release":
            await holding_replies.mark(deps, room, pressed, holds=pressed.choice == "hold-yes")
        case "pack":
            return await _take_pack(deps, room, pressed)
        case _:
            raise QuickResponseGone
    return await show(deps, room, pressed.by, pressed.target)


async def ask(deps: Deps, room: Room, target: str) -> Answer:
    """The form for a new one, for one that is there, or for an answer that was sent; `target` says which."""
    return Answer(form=await _form(deps, room, await _edited(deps, room, target)))


async def ask_saving(deps: Deps, room: Room, text: str, buyer: str = "") -> Answer:
    """The form for a new one, with a text that somebody wrote in it."""
    made = QuickResponse("", _title_of(text), as_source(text, buyer))
    return Answer(form=await _form(deps, room, _Edited("", made)))


async def which_shop(deps: Deps, room: Room) -> Answer:
    """With several shops it is asked for which; with one the form comes at once."""
    found = await shops.shops_of(deps.store, room.seller)
    if len(found) < 2:
        return replace(await ask(deps, room, ""), text=say("answers/quick#new"))
    buttons = [Button(say("answers/quick#all_shops"), Verb.QUICK_EDIT, opens=True)]
    names = await asyncio.gather(*(_shop_named(deps, shop) for shop in found[:PAGE]))
    buttons += [Button(name, Verb.QUICK_EDIT, shop, opens=True) for name, shop in zip(names, found, strict=False)]
    return Answer(say("answers/quick#which_shop"), buttons=tuple(buttons))


async def keep(deps: Deps, room: Room, form: Submit) -> Answer:
    """Keep what was written. One that has a fault is handed back with it, and with what to mend."""
    edited = await _edited(deps, room, form.target)
    title = " ".join(form.values.get("title", "").split()) or edited.kept.title
    source = form.values.get("text", "").strip() or edited.kept.source
    written = replace(edited.kept, title=title, source=source)
    if not edited.known:
        made = store.new_quick_response(room.seller, operation(form), title, source, edited.kept.shop)
        written = replace(made, greets=edited.kept.greets, holds=edited.kept.holds)
    if why := await save(deps, room.seller, written, anew=not edited.known):
        again = await _form(deps, room, replace(edited, kept=written))
        return Answer(why, copy=source, form=again)
    return await show(deps, room, form.by, written.id, replaces=False)


@dataclass(frozen=True, slots=True)
class _Edited:
    """What a form is about. `known`: one that is there already."""

    target: str
    kept: QuickResponse
    known: bool = False


async def _edited(deps: Deps, room: Room, target: str) -> _Edited:
    """Raises QuickResponseGone, NoSuchShop or UnknownConversation where that is not this seller's."""
    if not target:
        return _Edited("", QuickResponse("", "", ""))
    if is_id(target, "quick_response"):
        found = await store.read_quick_response(deps.store, room.seller, target)
        if found is None:
            raise QuickResponseGone
        return _Edited(target, found, known=True)
    if is_id(target, "shop"):
        if target not in await shops.shops_of(deps.store, room.seller):
            raise NoSuchShop
        return _Edited(target, QuickResponse("", "", "", shop=target))
    return _Edited(target, await _from_answer(deps, room, target))


async def _from_answer(deps: Deps, room: Room, message: str) -> QuickResponse:
    if not is_id(message, "message") or shard_of(message) != shard_of(room.id):
        raise UnknownConversation
    reply = await holds.read_reply(deps.store, room.seller, message)
    if not reply.conversation:
        raise UnknownConversation
    sight = await conversations.read_conversation(deps.store, reply.conversation, also=message)
    found = next((each for each in sight.messages if each.id == message), None) if sight else None
    if sight is None or found is None:
        raise UnknownConversation
    return QuickResponse("", _title_of(found.text), as_source(found.text, sight.conversation.buyer.name))


def _title_of(text: str) -> str:
    return " ".join(text.split())[:FIRST_WORDS].strip()


async def _form(deps: Deps, room: Room, edited: _Edited) -> Form:
    """Of one that is there, what is left empty stays as it was."""
    most = deps.platforms[room.address.platform].capabilities.text_limit
    title_limit, source_limit = await limits(deps, room.seller, edited.kept.shop)
    stays = say("cards/quick_form#stays") if edited.known else ()
    hint = (
        *((*stays, Words(" ")) if stays else ()),
        *say("cards/quick_form#hint", example=Words(EXAMPLE, strong=True), names=Words(", ".join(NAMES))),
    )
    title = Field(
        "title",
        say("cards/quick_form#title_label"),
        title_limit,
        value=edited.kept.title[:title_limit],
        hint=stays,
        short=True,
        optional=edited.known,
    )
    text = Field(
        "text",
        say("cards/quick_form#text_label"),
        min(source_limit, most),
        # What the form cannot hold would be cut off by it.
        value=edited.kept.source if len(edited.kept.source) <= min(source_limit, most) else "",
        hint=hint,
        optional=edited.known,
    )
    return Form(
        verb=Verb.QUICK_EDIT,
        target=edited.target,
        title=say("cards/quick_form#title"),
        submit=say("cards/quick_form#submit"),
        fields=(title, text),
    )


async def _greet(deps: Deps, room: Room, response: str, *, greets: bool) -> None:
    found = await store.read_quick_response(deps.store, room.seller, response)
    if found is None:
        raise QuickResponseGone
    _refuse(await store.keep_quick_response(deps.store, room.seller, replace(found, greets=greets), anew=False))


async def _take_pack(deps: Deps, room: Room, pressed: Press) -> Answer:
    """All of it, each once, however often it is pressed; one whose title is taken is left out."""
    for number, (title, source) in enumerate(starters()):
        made = store.new_quick_response(room.seller, f"pack/{number}", title, source)
        each = replace(made, greets=number == 0)
        if await store.keep_quick_response(deps.store, room.seller, each, anew=True) == "missing":
            await store.restore_quick_response(deps.store, room.seller, each.id)  # deleted today, and wanted again
    if pressed.target:
        return replace(await offer(deps, room, pressed.target, 0, pressed.by), replaces=True)
    return await listed(deps, room, pressed.by, replaces=True)


def _refuse(word: str) -> None:
    """Raises what the store's word means for the member."""
    if word == "missing":
        raise QuickResponseGone
    if word == "taken":
        raise TitleTaken
    if word == "full":
        raise QuickResponsesFull(limit=MOST)


async def _may_change(deps: Deps, room: Room, by: Identity) -> bool:
    return (await member_of(deps, room, by)).may(Right.MANAGE)


async def _shop_named(deps: Deps, shop: str) -> Text:
    found = await shops.read_shop(deps.store, shop) if shop else None
    return (Quote(found[0].name),) if found else say("answers/quick#all_shops")
