"""Waivers: no answer is needed; and not a buyer, which is remembered of whoever wrote."""

from core.domain.cards import Answer, Button, Style, Verb
from core.domain.members import Identity
from core.domain.obligations import Exclusion
from core.domain.regards import Regard
from core.domain.rooms import Room
from core.domain.texts import Instant, Quote, Text
from core.errors import UnknownConversation
from core.rendering import say
from core.services.cards import buyer_of
from core.services.deps import Deps
from core.services.histories import fold_with
from core.services.matters import Matter, look
from core.store.marks import NewMark, mark_conversation, waiver_mark
from core.store.regards import regard_buyer, regard_field, regard_value
from core.store.replies import author_field


async def waive(deps: Deps, room: Room, message: str, choice: str, by: Identity) -> Answer:
    """No answer is needed; `undo`: it is after all. Where the rules count it all the same, that is asked once."""
    matter = await look(deps, room, message)
    match choice:
        case "undo":
            return await _undo(deps, room, matter, "undone")
        case "" | "sure":
            return await _waive(deps, room, matter, by, Verb.WAIVE, sure=choice == "sure")
        case _:
            raise UnknownConversation


async def not_a_buyer(deps: Deps, room: Room, message: str, choice: str, by: Identity, *, operation: str) -> Answer:
    """No answer is needed to this, and whoever wrote it is remembered; `undo` takes both back."""
    matter = await look(deps, room, message)
    field = regard_field(Regard.NOT_BUYER, matter.sight.conversation)
    match choice:
        case "undo" if matter.obligation is None or matter.obligation.is_owed or matter.message.waived_by is None:
            await _regard(deps, room, matter, field, "", operation)
            return _told("undone_buyer", matter, deadline=matter.deadline if matter.is_owed else None)
        case "undo":
            return await _undo(deps, room, matter, "undone_buyer", regard=field)
        case "" | "sure" if matter.is_owed:
            return await _waive(deps, room, matter, by, Verb.NOT_BUYER, sure=choice == "sure", regard=field)
        case "" | "sure":
            await _regard(
                deps, room, matter, field, regard_value(matter.sight.conversation, by, deps.clock.now()), operation
            )
            return _told("regarded", matter, replaces=True)
        case _:
            raise UnknownConversation


def button(deps: Deps, matter: Matter, verb: Verb) -> Button:
    """It says where the rules do not exclude for it."""
    now = deps.clock.now()
    if not matter.is_owed or matter.excludes(matter.rule.waived, now):
        return Button(
            say("cards/buttons#waive" if verb is Verb.WAIVE else "cards/buttons#not_buyer"), verb, matter.message.id
        )
    name = "hide" if verb is Verb.WAIVE else "not_buyer_counts"
    return Button(say(f"cards/buttons#{name}", at=matter.when(now)), verb, matter.message.id)


async def _waive(
    deps: Deps, room: Room, matter: Matter, by: Identity, verb: Verb, *, sure: bool, regard: str = ""
) -> Answer:
    now, owed = deps.clock.now(), matter.obligation
    if owed is None or not owed.is_owed:
        if owed is not None and owed.ended_by is Exclusion.WAIVED and matter.message.waived_by == by:  # a double click
            return _waived(matter, verb, now, counts=owed.counts, regard=bool(regard))
        return _told("settled", matter, replaces=True)
    counts = not matter.excludes(matter.rule.waived, now)
    if counts and not sure:
        label, question = ("not_buyer", "ask_not_buyer") if regard else ("hide_sure", "ask")
        go = Button(say(f"cards/buttons#{label}"), verb, matter.message.id, choice="sure", style=Style.DANGER)
        return _told(
            question, matter, go, replaces=True, policy=Quote(matter.policy.title), deadline=_ahead(matter, now)
        )
    conversation = matter.sight.conversation
    mark = NewMark(waiver_mark((owed.kind, owed.order), matter.message.id), str(now))
    telling = mark_conversation(
        deps.store,
        room.seller,
        conversation.id,
        mark,
        message=matter.message.id,
        waived_by=author_field(by),
        regard=regard,
        regarded=regard_value(conversation, by, now) if regard else "",
    )
    await fold_with(deps, matter.known, mark, telling)
    return _waived(matter, verb, now, counts=counts, regard=bool(regard))


def _waived(matter: Matter, verb: Verb, now: int, *, counts: bool, regard: bool) -> Answer:
    undo = Button(say(f"cards/buttons#{'a_buyer' if regard else 'unwaive'}"), verb, matter.message.id, choice="undo")
    name = "not_buyer" if regard else "waived"
    return _told(name, matter, undo, replaces=True, counts=counts, deadline=_ahead(matter, now))


def _ahead(matter: Matter, now: int) -> Instant | None:
    """The deadline, while it is to come."""
    deadline = matter.deadline
    return deadline if deadline is not None and deadline.at > now else None


async def _undo(deps: Deps, room: Room, matter: Matter, name: str, *, regard: str = "") -> Answer:
    it = matter.obligation
    if it is None:
        return _told("settled", matter)
    conversation = matter.sight.conversation.id
    mark = NewMark(waiver_mark((it.kind, it.order), matter.message.id), "")
    telling = mark_conversation(deps.store, room.seller, conversation, mark, message=matter.message.id, regard=regard)
    await fold_with(deps, matter.known, mark, telling)
    matter = await look(deps, room, matter.message.id)
    if not matter.is_owed and not regard:
        return _told("settled", matter)
    return _told(name, matter, deadline=matter.deadline if matter.is_owed else None)


async def _regard(deps: Deps, room: Room, matter: Matter, field: str, value: str, operation: str) -> None:
    conversation = matter.sight.conversation.id
    await regard_buyer(deps.store, room.seller, field, value, operation=operation, conversation=conversation)


def _told(name: str, matter: Matter, *buttons: Button, replaces: bool = False, **values: object) -> Answer:
    """`replaces`: what was pressed stands behind More…; an undo stands on cards too, which are drawn by themselves."""
    text: Text = say(f"answers/waiver#{name}", buyer=buyer_of(matter.sight), **values)
    return Answer(text, buttons=buttons, replaces=replaces, conversation=matter.sight.conversation.id)
