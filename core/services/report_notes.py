"""Draw what stands beside a card about its spam report: what became of it, and that its time comes to an end."""

from core.domain.cards import Note, NoteKind
from core.domain.conversations import Message
from core.domain.deliveries import Delivery
from core.domain.members import Identity
from core.domain.rooms import Ring, Room
from core.domain.spam_reports import SpamReport, warnings
from core.domain.texts import Instant, Quote, Text
from core.rendering import explain, say
from core.services.cards import buyer_of, deadline_of, named, quote_of, reachable_here, written_by
from core.services.deps import Deps
from core.services.duty import for_news
from core.services.notes import draw_report_due, reply_button
from core.services.reminders import Reminder
from core.store import conversations, spam_reports
from core.store.conversations import Sight
from core.store.deliveries import drop

ABOUT_REPLIES = {"dropped", "both"}
OUTCOMES = ABOUT_REPLIES | {"reported", "reported_by_hand", "report_refused", "withdrawal_refused"}
LOUD = {"dropped", "both", "report_refused", "withdrawal_refused"}


def draw_outcome(sight: Sight, message: Message, delivery: Delivery) -> Note:
    """What became of a report; or, of a reply that it met, `message` is the reply."""
    outcome = delivery.facts["outcome"]
    reported = next((each for each in sight.messages if each.id == delivery.facts["reported"]), None)
    report = reported.report if reported else None
    told = message.author if outcome in ABOUT_REPLIES else report.by if report else None
    return Note(
        kind=NoteKind.RECEIPT,
        conversation=sight.conversation.id,
        text=_outcome(sight, message, report, outcome),
        quote=quote_of(message) if outcome == "dropped" else None,
        buttons=(reply_button(sight),) if outcome in {"dropped", "report_refused"} else (),
        calls=(told,) if outcome in LOUD and told and reachable_here(sight, told) else (),
        loud=outcome in LOUD,
    )


def _outcome(sight: Sight, message: Message, report: SpamReport | None, outcome: str) -> Text:
    name = f"notes/note#report_{outcome.removeprefix('report_')}"
    buyer, marketplace = buyer_of(sight), Quote(sight.shop.name)
    who: Quote | None = named(report.by) if report else None
    if outcome in ABOUT_REPLIES:
        return say(name, buyer=buyer, who=who, author=written_by(message))
    at = Instant(report.at, sight.seller.zone) if report else ()
    problem = explain(report.problem) if report else ()
    counts = outcome == "reported" and sight.latest is not None and sight.latest.is_spam and sight.latest.counts
    facts = {"at": at, "problem": problem, "counts": counts, "deadline": deadline_of(sight)}
    return say(name, buyer=buyer, marketplace=marketplace, who=who or (), **facts)


async def remind(deps: Deps, message: str) -> bool:
    """The moment of a report has come: rooms are told if it is not accepted yet. False: no such message."""
    conversation = await spam_reports.conversation_of(deps.store, message)
    sight = await conversations.read_conversation(deps.store, conversation, "", message) if conversation else None
    said = next((each for each in sight.messages if each.id == message), None) if sight else None
    if sight is None or said is None:
        return False
    now = deps.clock.now()
    due = min((o.deadline for o in sight.obligations if o.deadline is not None), default=None)
    report_by = said.report.report_by if said.report else None
    later = warnings(due, [] if report_by is None else [report_by], sight.seller.ladder, now)
    await spam_reports.remind_report(deps.store, message, now, min(later, default=None))
    return True


async def prepare_report_due(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """None where it was accepted or taken back meanwhile: dropped."""
    sight = await conversations.read_conversation(deps.store, delivery.conversation, room.id, delivery.message)
    said = next((each for each in sight.messages if each.id == delivery.message), None) if sight else None
    if sight is None or said is None or said.report is None or not said.report.is_pending:
        await drop(deps.store, delivery)
        return None
    summons = for_news(sight, deps.clock.now())
    calls: tuple[Identity, ...] = summons.by(room, Ring.MENTION)
    if reachable_here(sight, said.report.by):
        calls = tuple(dict.fromkeys((*calls, said.report.by)))
    return Reminder(draw_report_due(sight, said, calls), sight, summons.by(room, Ring.DIRECT))
