"""Spam reports: asked for, made, said to be made on the site, and taken back."""

import asyncio
from dataclasses import replace

from core.domain.cards import Answer, Button, Style, Verb
from core.domain.members import Identity
from core.domain.rooms import Room
from core.domain.spam_reports import Reason, ReportState, warnings
from core.domain.texts import Anchor, Instant, Quote, Text, Words
from core.domain.zones import HOUR
from core.errors import UnknownConversation
from core.rendering import say
from core.services.cards import asked_of, buyer_of, done_button, named, quote_of
from core.services.deps import Deps
from core.services.histories import fold, fold_with
from core.services.matters import Limit, Matter, look
from core.services.replies import CHOICES, see
from core.store import conversations, spam_reports

LONGEST_LINK = 300
NEW_LINE = (Words("\n"),)


async def ask_which(deps: Deps, room: Room) -> Answer:
    """The command, where it is not plain what it is about."""
    owed = await conversations.owed_conversations(deps.store, room.seller, CHOICES)
    sights = await asyncio.gather(*(see(deps, room, conversation) for conversation in owed))
    found = [(sight, asked) for sight in sights if (asked := asked_of(sight)) and not asked.starts_order]
    if not found:
        return Answer(_say("none"))
    buttons = [
        Button(say("cards/buttons#pick", buyer=buyer_of(sight)), Verb.SPAM, asked.id, choice="why")
        for sight, asked in found
    ]
    return Answer(_say("which"), buttons=tuple(buttons))


async def ask_why_of(deps: Deps, room: Room, conversation: str) -> Answer:
    """The message that the card of a conversation shows."""
    asked = asked_of(await see(deps, room, conversation))
    if asked is None or asked.starts_order:
        return Answer(_say("none"), conversation=conversation)
    return await ask_why(deps, room, asked.id)


async def ask_why(deps: Deps, room: Room, message: str) -> Answer:
    """The reasons as buttons: the one that is pressed goes."""
    matter = await look(deps, room, message)
    if answer := _known(matter):
        return answer
    buyer, shop = buyer_of(matter.sight), Quote(matter.sight.shop.name)
    lines = [_say("why", buyer=buyer, shop=shop), *_time_left(deps, matter)]
    buttons = [Button(_say(f"reason_{reason}"), Verb.SPAM, message, choice=reason) for reason in Reason]
    return Answer(_lines(lines), quote_of(matter.message), tuple(buttons), conversation=matter.sight.conversation.id)


async def pressed(deps: Deps, room: Room, message: str, choice: str, by: Identity, *, operation: str) -> Answer:
    match choice:
        case "why":  # it stands behind More… only, and in the list of the command: never on a card
            return replace(await ask_why(deps, room, message), replaces=True)
        case "done":
            return await done_on_site(deps, room, message, by)
        case "undo" | "sure":
            return await withdraw(deps, room, message, by, operation=operation, sure=choice == "sure")
        case _ if choice in set(Reason):
            return await report(deps, room, message, Reason(choice), by, operation=operation)
        case _:
            raise UnknownConversation


async def report(deps: Deps, room: Room, message: str, reason: Reason, by: Identity, *, operation: str) -> Answer:
    """Once for each `operation`. Who comes second is told who was first."""
    matter = await look(deps, room, message)
    sight, now = matter.sight, deps.clock.now()
    limits = [limit.at for limit in matter.limits(deps) if limit.helps and limit.at is not None]
    deadline = matter.obligation.deadline if matter.is_owed and matter.obligation else None
    warned = warnings(deadline, limits, sight.seller.ladder, now)
    word = await spam_reports.report_spam(
        deps.store,
        room.seller,
        message,
        reason,
        by,
        operation=operation,
        sends=deps.taken_by(sight.shop).takes_reports,
        report_by=min((at for at in limits if at > now), default=None),
        warn_at=min(warned, default=None),
    )
    facts = {"buyer": buyer_of(sight), "shop": Quote(sight.shop.name), "owed": matter.is_owed}
    match word:
        case "missing":
            raise UnknownConversation
        case "repeated":
            return _known(await look(deps, room, message)) or Answer(conversation=sight.conversation.id)
        case "by_hand":
            site = [Button(say("cards/buttons#site"), url=sight.conversation.url)] if sight.conversation.url else []
            done = Button(say("cards/buttons#reported_by_hand"), Verb.SPAM, message, "done", style=Style.PRIMARY)
            return _told(_say(word, **facts), matter, *site, done)
        case _:
            undo = Button(say("cards/buttons#not_spam"), Verb.SPAM, message, choice="undo")
            return _told(_say(word, **facts), matter, undo)


async def done_on_site(deps: Deps, room: Room, message: str, by: Identity) -> Answer:
    """By this member's word the message is reported on the marketplace's site."""
    matter, now = await look(deps, room, message), deps.clock.now()
    telling = spam_reports.finish_report(deps.store, room.seller, message, now, by=by)
    word = await fold_with(deps, matter.known, spam_reports.reported(now, message), telling)
    name = "done" if word == "fold" else "done_repeated"
    return _told(_say(name, buyer=buyer_of(matter.sight)), matter, replaces=False)


async def withdraw(deps: Deps, room: Room, message: str, by: Identity, *, operation: str, sure: bool) -> Answer:
    """It is no spam after all. Where it would count as missed at once, that is asked first."""
    matter = await look(deps, room, message)
    sight, buyer, now = matter.sight, buyer_of(matter.sight), deps.clock.now()
    if not sure and _comes_back_late(matter, now):
        policy, deadline = Quote(matter.policy.title), matter.deadline
        button = Button(say("cards/buttons#not_spam_late"), Verb.SPAM, message, "sure", style=Style.DANGER)
        return _told(_say("late_undo", buyer=buyer, deadline=deadline, policy=policy), matter, button, replaces=False)
    sends = deps.taken_by(sight.shop).takes_reports
    telling = spam_reports.withdraw_report(deps.store, room.seller, message, by, now, operation=operation, sends=sends)
    is_spam = matter.obligation is not None and matter.obligation.is_spam
    mark = spam_reports.withdrawn(now, message, operation)
    word = await (fold_with(deps, matter.known, mark, telling) if is_spam else telling)
    match word:
        case "missing":
            raise UnknownConversation
        case "free":
            return _told(_say("free", buyer=buyer), matter, replaces=False)
        case "fold":
            if not is_spam:
                await fold(deps, sight.conversation.id)
            matter = await look(deps, room, message)
            deadline = matter.deadline if matter.is_owed else None
            facts = {"buyer": buyer, "shop": Quote(sight.shop.name), "deadline": deadline, "tell": sends}
            return _told(_say("withdrawn", **facts), matter, replaces=False)
        case _:
            return _told(_say("withdrawn_early", buyer=buyer), matter, replaces=False)


def _comes_back_late(matter: Matter, now: int) -> bool:
    """A report that excluded, taken back where nothing starts the clock anew and the time to answer is over."""
    it = matter.obligation
    late = it is not None and it.answered_at is None and it.deadline is not None and it.deadline <= now
    return late and not matter.is_owed and not matter.rule.unspam_restarts_clock


def is_reported(matter: Matter) -> bool:
    """Or just being taken back: it may not be reported now."""
    report, spam = matter.message.report, matter.obligation is not None and matter.obligation.is_spam
    return spam or (report is not None and (report.is_pending or report.state is ReportState.WITHDRAWING))


def _known(matter: Matter) -> Answer | None:
    """What is said of a message that is reported already; None where it may be."""
    if not is_reported(matter):
        return None
    report, spam = matter.message.report, matter.obligation is not None and matter.obligation.is_spam
    buyer = buyer_of(matter.sight)
    if report is not None and report.state is ReportState.WITHDRAWING and not spam:
        shop = Quote(matter.sight.shop.name)
        return _told(_say("withdrawing", buyer=buyer, shop=shop), matter, replaces=False)
    undo = Button(say("cards/buttons#not_spam"), Verb.SPAM, matter.message.id, choice="undo")
    if report is None:
        return _told(_say("repeated_on_site", buyer=buyer), matter, undo, replaces=False)
    text = _say("repeated", buyer=buyer, who=named(report.by))
    return _told(text, matter, *done_button(matter.message), undo, replaces=False)


def _time_left(deps: Deps, matter: Matter) -> list[Text]:
    """Until when a report takes it out of the rate, by the shop's rules and by the stricter reading of them."""
    now, zone = deps.clock.now(), matter.sight.seller.zone
    lines: list[Text] = []
    for number, limit in enumerate(matter.limits(deps)):
        at = None if limit.at is None else Instant(limit.at, zone, relative=True)
        if number == 0:
            lines.extend(_own_limit(limit, at, now))
        else:
            name = "stricter" if limit.at is None or limit.at > now else "stricter_past"
            lines.append(_say(name, policy=Quote(limit.policy.title), where=_linked(limit), limit=at))
    return lines


def _own_limit(limit: Limit, at: Instant | None, now: int) -> list[Text]:
    policy = Quote(limit.policy.title)
    if not limit.helps:
        return [_say("never", policy=policy)]
    if at is None:
        return []
    return [_say("report_by", limit=at)] if at.at > now else [_say("too_late", limit=at, policy=policy)]


def _linked(limit: Limit) -> Text:
    """How the stricter reading says it, with a way to where it was read."""
    within, where = limit.rule.spam.within, limit.rule.source_of("spam").where
    said = _say("within", hours=within // HOUR) if within is not None else _say("stricter_other")
    label = "".join(part.text for part in said if isinstance(part, Words))
    if where.startswith("https://") and len(where) <= LONGEST_LINK:
        return (Anchor(where, label),)
    return said


def _told(text: Text, matter: Matter, *buttons: Button, replaces: bool = True) -> Answer:
    return Answer(text, buttons=buttons, replaces=replaces, conversation=matter.sight.conversation.id)


def _lines(lines: list[Text]) -> Text:
    return tuple(part for number, line in enumerate(lines) for part in ((*NEW_LINE, *line) if number else line))


def _say(name: str, **values: object) -> Text:
    return say(f"answers/spam_report#{name}", **values)
