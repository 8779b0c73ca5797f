"""Draw what stands beside a card: the buyer's further words, receipts, reminders, notices."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.cards import Button, Note, NoteKind, Style, Verb
from core.domain.conversations import Message, MessageState
from core.domain.deliveries import Delivery
from core.domain.members import Identity
from core.domain.obligations import Obligation
from core.domain.reminders import Rung, RungKind
from core.domain.rooms import Ring
from core.domain.spam_reports import ReportState
from core.domain.texts import Instant, Quote, Text, Words
from core.rendering import explain, say
from core.services import times
from core.services.cards import (
    buyer_of,
    deadline_of,
    done_button,
    last_reply,
    quote_of,
    reachable_here,
    soft_target,
    thank_button,
    written_by,
)
from core.services.duty import SILENCE, for_news
from core.services.hold_buttons import held_buttons, stopped_buttons
from core.store.conversations import Sight
from core.store.rooms import to_identity

NAME_IN_LINE = 40  # code points of a buyer's name where several stand below each other


def draw_message(sight: Sight, message: Message, delivery: Delivery, now: int) -> Note:
    """The buyer wrote again, or changed a message. One that opens an obligation rings like a new card."""
    buyer = buyer_of(sight)
    opens = delivery.facts.get("loud") == "1" and bool(sight.obligations)
    summons = for_news(sight, now) if opens else SILENCE
    if "changed" in delivery.facts:
        text = say("notes/note#deleted" if message.deleted else "notes/note#edited", buyer=buyer)
    elif message.starts_order:
        text = say("notes/note#order_started", buyer=buyer, deadline=deadline_of(sight))
    elif opens and "owed" in delivery.facts:  # shown before, when nothing was owed for it
        text = say("notes/note#message_owed", buyer=buyer, deadline=deadline_of(sight))
    elif opens:
        text = say("notes/note#message_opens", buyer=buyer, deadline=deadline_of(sight))
    else:
        text = say("notes/note#message", buyer=buyer)
    return Note(
        kind=NoteKind.MESSAGE,
        conversation=sight.conversation.id,
        text=text,
        quote=None if message.deleted or message.starts_order else quote_of(message),
        attachments=message.attachments,
        buttons=_answering(sight, message) if opens else (),
        calls=summons.by(sight.room, Ring.MENTION),
        loud=summons.loud,
    )


def _answering(sight: Sight, message: Message) -> tuple[Button, ...]:
    thank = (thank_button(sight.conversation.id),) if message.starts_order else ()
    return (reply_button(sight), *thank)


def draw_order(sight: Sight) -> Note:
    """An order started where the marketplace's rules ask for no answer to that: a thank-you is welcome all the same."""
    return Note(
        kind=NoteKind.MESSAGE,
        conversation=sight.conversation.id,
        text=say("notes/note#order_started", buyer=buyer_of(sight), deadline=None),
        buttons=(thank_button(sight.conversation.id), reply_button(sight)),
    )


def draw_receipt(sight: Sight, message: Message, delivery: Delivery) -> Note:
    """What became of a reply: taken, refused, said to be sent by hand, or answered on the site."""
    refused = delivery.facts.get("outcome") == "refused"
    return Note(
        kind=NoteKind.RECEIPT,
        conversation=sight.conversation.id,
        text=_receipt(sight, message, refused=refused),
        quote=quote_of(message),
        buttons=(reply_button(sight),) if refused else _saving(message),
        calls=(message.author,) if refused and message.author and reachable_here(sight, message.author) else (),
        loud=refused,
    )


def _saving(message: Message) -> tuple[Button, ...]:
    """What a member wrote well once may be wanted again."""
    if message.author is None or message.used is not None or message.state is not MessageState.SENT:
        return ()
    return (Button(say("cards/buttons#save_quick"), Verb.QUICK_EDIT, message.id, opens=True),)


def draw_reminder(
    sight: Sight, obligation: Obligation, rung: Rung, calls: tuple[Identity, ...], now: int, *, loud: bool
) -> Note:
    """A deadline comes near, or has passed. A reply that has not arrived is said to be what stands in the way, with
    its text to be copied; whoever wrote it is called too."""
    stuck = _stuck(sight)
    if stuck is None and (reported := _reporting(sight, obligation, rung)):
        return draw_report_due(sight, reported, calls, _due(sight, obligation), loud=loud)
    if stuck and loud and stuck.author and reachable_here(sight, stuck.author):
        calls = tuple(dict.fromkeys((*calls, stuck.author)))
    return Note(
        kind=NoteKind.REMINDER,
        conversation=sight.conversation.id,
        text=_reminder(sight, obligation, rung, stuck, now),
        buttons=_reminder_buttons(sight, stuck),
        calls=calls,
        loud=loud,
        copy=stuck.text if stuck else None,
    )


def draw_report_due(
    sight: Sight, asked: Message, calls: tuple[Identity, ...], deadline: Instant | None = None, *, loud: bool = True
) -> Note:
    """A spam report is not accepted yet, and its time or the time to answer comes to an end."""
    report, zone = asked.report, sight.seller.zone
    by_hand = report is not None and report.state is ReportState.BY_HAND
    limit = report.report_by if report else None
    problem = explain(report.problem) if report and report.problem else None
    site = (Button(say("cards/buttons#site"), url=sight.conversation.url),) if sight.conversation.url else ()
    return Note(
        kind=NoteKind.REMINDER,
        conversation=sight.conversation.id,
        text=say(
            f"notes/note#report_due{'_by_hand' if by_hand else ''}",
            buyer=buyer_of(sight),
            deadline=deadline or deadline_of(sight),
            report_by=None if limit is None else Instant(limit, zone, relative=True),
            problem=problem,
        ),
        buttons=(*done_button(asked), replace(reply_button(sight), label=say("cards/buttons#reply_line")), *site),
        calls=calls,
        loud=loud,
    )


def _reporting(sight: Sight, obligation: Obligation, rung: Rung) -> Message | None:
    """The message of an obligation that a spam report is to settle, and has not yet."""
    opener = next((each for each in sight.messages if each.id == obligation.message), None)
    waits = opener is not None and opener.report is not None and opener.report.is_pending
    return opener if waits and rung.kind is not RungKind.BREACH else None


def _stuck(sight: Sight) -> Message | None:
    """A reply that the marketplace does not have, as far as is known."""
    last = last_reply(sight)
    return last if last and last.state in {MessageState.SENDING, MessageState.BY_HAND} else None


def _reminder(sight: Sight, obligation: Obligation, rung: Rung, stuck: Message | None, now: int) -> Text:
    buyer, shop, deadline = buyer_of(sight), Quote(sight.shop.name), _due(sight, obligation)
    if rung.kind is RungKind.BREACH:
        return say("notes/note#breach", buyer=buyer, shop=shop, deadline=deadline, counts=obligation.counts)
    if stuck is None:
        last = last_reply(sight)
        if last and last.state is MessageState.STOPPED:
            return say("notes/note#reminder_stopped", buyer=buyer, shop=shop, deadline=deadline)
        if last and last.state is MessageState.HELD:
            facts = {"author": written_by(last), "buyer": buyer, "shop": shop, "deadline": deadline}
            return say("notes/note#reminder_held", **facts)
        best = _best(sight, obligation, rung)
        return say("notes/note#reminder", buyer=buyer, shop=shop, deadline=deadline, best=best)
    left = times.span((obligation.deadline or now) - now)
    if stuck.state is MessageState.BY_HAND:
        return say("notes/note#reminder_by_hand", buyer=buyer, marketplace=shop, left=left, deadline=deadline)
    problem = explain(stuck.problem)
    return say("notes/note#reminder_stuck", buyer=buyer, left=left, deadline=deadline, problem=problem)


def _reminder_buttons(sight: Sight, stuck: Message | None) -> tuple[Button, ...]:
    site = (Button(say("cards/buttons#site"), url=sight.conversation.url),) if sight.conversation.url else ()
    last = last_reply(sight)
    if last and last.state is MessageState.STOPPED:
        return (*stopped_buttons(last.id), *site)
    if last and last.state is MessageState.HELD:
        return (*held_buttons(last.id), *site)
    if stuck is None:
        return (reply_button(sight), *site)
    if stuck.state is MessageState.BY_HAND:
        return (*site, Button(say("cards/buttons#done"), Verb.DONE, stuck.id, style=Style.PRIMARY))
    return site


def draw_reminders(about: Sequence[tuple[Sight, Obligation, Rung]], calls: tuple[Identity, ...], *, loud: bool) -> Note:
    """Several at once: a line for each, and a button for each conversation."""
    lines = [part for each in about for part in (Words("\n• "), *_line(*each))]
    buttons = {sight.conversation.id: reply_button(sight) for sight, _, _ in about}
    return Note(
        kind=NoteKind.REMINDER,
        conversation="",
        text=(*say("notes/note#reminders", count=len(about)), *lines),
        buttons=tuple(buttons.values()),
        calls=calls,
        loud=loud,
    )


def draw_call(sight: Sight, delivery: Delivery) -> Note:
    """A direct message to one member who asked to be called so."""
    return Note(
        kind=NoteKind.MESSAGE,
        conversation=sight.conversation.id,
        text=say("notes/note#call", buyer=buyer_of(sight), shop=Quote(sight.shop.name), deadline=deadline_of(sight)),
        loud=True,
        to=to_identity(delivery.facts["to"]),
    )


def draw_call_in_room(sight: Sight, delivery: Delivery) -> Note:
    """The same where that member cannot be messaged directly: said in the room, by a mention."""
    who = delivery.facts["to"]
    known = [member for member, _ in sight.room.rings if member.key == who] if sight.room else []
    return Note(
        kind=NoteKind.MESSAGE,
        conversation=sight.conversation.id,
        text=say("notes/note#call_in_room", buyer=buyer_of(sight), deadline=deadline_of(sight)),
        calls=tuple(known) or (to_identity(who),),
        loud=True,
    )


def draw_notice(delivery: Delivery) -> Note:
    """Something about Shopbell itself; its template is `notes/note#<about>`, its values came with the delivery."""
    facts = delivery.facts
    values = {name: explain(value) if name == "problem" else Quote(value) for name, value in facts.items()}
    text = say(f"notes/note#{facts['about']}", **values)
    return Note(kind=NoteKind.NOTICE, conversation="", text=text, loud=True, to=addressee(delivery))


def addressee(delivery: Delivery) -> Identity | None:
    """The one member that it is sent to directly, and not into its room."""
    who = delivery.facts.get("to", "")
    return to_identity(who) if who else None


def draw_list(sights: Sequence[Sight], more: int, calls: tuple[Identity, ...], *, loud: bool) -> Note:
    """New conversations that came in a flood: their cards stand in the room already."""
    lines = [part for sight in sights for part in (Words("\n• "), *_new_line(sight))]
    return Note(
        kind=NoteKind.MESSAGE,
        conversation="",
        text=(*say("notes/note#flood", count=len(sights) + more, more=more), *lines),
        buttons=tuple(reply_button(sight) for sight in sights),
        calls=calls,
        loud=loud,
    )


def _new_line(sight: Sight) -> Text:
    buyer, shop, deadline = _short(buyer_of(sight)), Quote(sight.shop.name), deadline_of(sight)
    return say("notes/note#line_new", buyer=buyer, shop=shop, deadline=deadline)


def _short(buyer: Quote) -> Quote:
    name = buyer.text
    return Quote(name if len(name) <= NAME_IN_LINE else f"{name[:NAME_IN_LINE]}…")


def _line(sight: Sight, obligation: Obligation, rung: Rung) -> Text:
    buyer = _short(buyer_of(sight))
    if rung.kind is RungKind.BREACH:
        which = "line_breach"
    elif _stuck(sight):
        which = "line_stuck"
    elif (last := last_reply(sight)) and last.state is MessageState.HELD:
        which = "line_held"
    elif _reporting(sight, obligation, rung):
        which = "line_reporting"
    else:
        which = "line"
    return say(
        f"notes/note#{which}",
        buyer=buyer,
        shop=Quote(sight.shop.name),
        deadline=_due(sight, obligation),
        best=_best(sight, obligation, rung),
        counts=obligation.counts,
    )


def _best(sight: Sight, obligation: Obligation, rung: Rung) -> Instant | None:
    """The soft target that this rung is for."""
    target = soft_target(sight, obligation) if rung.kind is RungKind.SOFT else None
    return None if target is None else Instant(target, sight.seller.zone)


def _due(sight: Sight, obligation: Obligation) -> Instant | None:
    due = obligation.deadline
    return None if due is None else Instant(due, sight.seller.zone, relative=True)


def _receipt(sight: Sight, message: Message, *, refused: bool) -> Text:
    buyer, marketplace = buyer_of(sight), Quote(sight.shop.name)
    at = Instant(message.accepted_at or message.sent_at, sight.seller.zone)
    if message.automatic and message.author:
        if refused:
            problem = explain(message.problem)
            return say("notes/note#holding_refused", buyer=buyer, marketplace=marketplace, problem=problem)
        return say("notes/note#holding_sent", buyer=buyer, marketplace=marketplace, at=at, owed=bool(sight.obligations))
    if refused:
        facts = {"problem": explain(message.problem), "author": written_by(message)}
        return say("notes/note#receipt_refused", buyer=buyer, marketplace=marketplace, **facts)
    if message.author is None or message.state is not MessageState.SENT:
        return say("notes/note#receipt_on_site", at=at)
    author = written_by(message)
    if message.by_word:
        return say("notes/note#receipt_by_word", buyer=buyer, author=author, at=at)
    which = "correction" if message.corrects else "sent"
    return say(f"notes/note#receipt_{which}", buyer=buyer, author=author, marketplace=marketplace, at=at)


def reply_button(sight: Sight) -> Button:
    return Button(
        say("cards/buttons#reply", buyer=buyer_of(sight)),
        Verb.REPLY,
        sight.conversation.id,
        version=sight.conversation.version,
        opens=True,
    )
