"""Draw a conversation: from its state at the time of sending, never from a snapshot."""

from dataclasses import replace

from core.domain.cards import Button, Card, CardState, Style, Verb
from core.domain.claims import Choice
from core.domain.conversations import Message, MessageState
from core.domain.files import in_a_line
from core.domain.hints import hint
from core.domain.holds import Why
from core.domain.members import Identity
from core.domain.obligations import Exclusion, Obligation, ObligationState
from core.domain.regards import Regard
from core.domain.rooms import Ring
from core.domain.spam_reports import ReportState, SpamReport
from core.domain.texts import Instant, Quote, Text, Words, joined, plain
from core.rendering import explain, say
from core.services.deps import Deps
from core.services.duty import SILENCE, for_news
from core.services.hold_buttons import ON_CARD, cancel_button, correct_button, held_buttons, stopped_buttons
from core.store.conversations import MESSAGES_READ, Sight

QUOTE_IN_FALLBACK = 300  # code points: a notification, not a letter


def draw(deps: Deps, sight: Sight, *, rings: bool = False) -> Card:
    """The card of a conversation; `rings`: it is being posted, so it calls those on duty who asked to be mentioned."""
    state = state_of(sight)
    summons = for_news(sight, deps.clock.now()) if rings and state is CardState.OPEN else SILENCE
    status = _status(sight, state)
    warning = _warning(sight, state)
    asked = asked_of(sight)
    starts = asked.starts_order if asked else sight.conversation.order is not None
    shop = Quote(sight.shop.name)
    title = say("cards/card#title", buyer=buyer_of(sight), shop=shop, starts=starts, **_regards(sight))
    quote = Quote(plain(say("cards/card#order_news"))) if starts and asked is None else quote_of(asked)
    fallback = say(
        "cards/card#fallback",
        state=say(f"cards/card#word_{state.value}"),
        title=title,
        quote=Quote(quote.text[:QUOTE_IN_FALLBACK]),
        status=status,
        warning=warning,
    )
    return Card(
        conversation=sight.conversation.id,
        version=sight.conversation.version,
        state=state,
        title=title,
        subject=_subject(sight),
        quote=quote,
        attachments=asked.attachments if asked else (),
        status=status,
        warning=warning,
        buttons=_buttons(deps, sight, state),
        fallback=fallback,
        calls=summons.by(sight.room, Ring.MENTION),
        silent=not summons.loud,
        name=say("cards/card#title", buyer=buyer_of(sight), shop=shop, starts=False, not_buyer=False, blocked=False),
    )


def state_of(sight: Sight) -> CardState:
    """The newest thing a member did decides, while anything is owed."""
    last = last_reply(sight)
    if last and last.state in {MessageState.HELD, MessageState.SENDING, MessageState.BY_HAND}:
        return CardState.SENDING
    if since := _reporting_since(sight):
        overtaken = last is not None and last.state is not MessageState.SENT and last.sent_at > since
        return CardState.NOT_SENT if overtaken else CardState.REPORTING
    if not sight.obligations and (ended := _ended(sight, last)):
        return ended
    if last and last.state in {MessageState.STOPPED, MessageState.REFUSED}:
        return CardState.NOT_SENT
    if sight.obligations:
        return CardState.OPEN
    return CardState.ANSWERED if last else CardState.QUIET


def _reporting_since(sight: Sight) -> int | None:
    """Since when a spam report waits for the marketplace, where nothing is owed but what it is about."""
    asked = asked_of(sight)
    if asked is None or asked.report is None or not asked.report.is_pending:
        return None
    return asked.report.at if all(each.message == asked.id for each in sight.obligations) else None


def _ended(sight: Sight, last: Message | None) -> CardState | None:
    """What ended the duty of the message that the card shows, unless something was sent since."""
    latest = sight.latest
    if latest is None:
        return None
    asked = asked_of(sight)
    spam = latest.is_spam
    at = latest.ended_at or (asked.report.at if spam and asked and asked.report else None)
    if at is None or (last and last.sent_at > at):
        return None
    if spam:
        return CardState.SPAM
    return CardState.WAIVED if latest.ended_by is Exclusion.WAIVED else None


def last_reply(sight: Sight) -> Message | None:
    """The newest outgoing message that nothing newer has overtaken, and that was not dropped."""
    for message in reversed(sight.messages):
        settled = message.state is MessageState.SENT
        if message.automatic and not settled:
            continue  # No member waits for it, and it stands in nobody's way.
        if not message.incoming and message.state is not MessageState.DROPPED:
            return None if settled and sight.obligations else message
    return None


def asked_of(sight: Sight) -> Message | None:
    """The message the card shows: the one that opened the latest obligation. Later ones stand beside the card."""
    by_id = {message.id: message for message in sight.messages}
    incoming = [message for message in sight.messages if message.incoming]
    return by_id.get(sight.asked) or (incoming[-1] if incoming else None)


def quote_of(message: Message | None) -> Quote:
    if message is None:
        return Quote(plain(say("cards/card#empty")))
    if message.deleted:
        return Quote(plain(say("cards/card#deleted")))
    if message.starts_order:
        return Quote(plain(say("cards/card#order_started")))
    if message.forgotten:
        return Quote(plain(say("cards/card#forgotten")))
    said = [message.text if message.text.strip() else "", f"📎 {in_a_line(message.files)}" if message.files else ""]
    return Quote("\n".join(filter(None, said)) or plain(say("cards/card#empty")))


def buyer_of(sight: Sight) -> Quote:
    return Quote(sight.conversation.buyer.name or sight.conversation.buyer.id or sight.conversation.key)


def deadline_of(sight: Sight) -> Instant | None:
    """The nearest deadline that is still open."""
    due = [obligation.deadline for obligation in sight.obligations if obligation.deadline is not None]
    return Instant(min(due), sight.seller.zone, relative=True) if due else None


def best_by(sight: Sight) -> Instant | None:
    """The nearest soft target of what can still be answered in time."""
    targets = [at for each in sight.obligations if (at := soft_target(sight, each)) is not None]
    return Instant(min(targets), sight.seller.zone) if targets else None


def soft_target(sight: Sight, obligation: Obligation) -> int | None:
    """By when an answer is best; None where the policy names no such instant before the deadline."""
    policy = sight.policies.get(obligation.policy)
    if policy is None or obligation.started_at is None or obligation.state is not ObligationState.OPEN:
        return None
    target = min(policy.rule(obligation.kind).soft_targets(obligation.started_at), default=None)
    return None if target is None or (obligation.deadline or target + 1) <= target else target


def named(who: Identity) -> Quote:
    return Quote(who.name or who.user)


def written_by(message: Message) -> Text:
    author = message.author
    return (Quote(author.name or author.user),) if author else ()


def reachable_here(sight: Sight, who: Identity | None) -> bool:
    """Whether a mention in this room rings this person's phone: they may have written from another chat."""
    there = sight.room.address if sight.room else None
    return bool(who and there and (who.platform, who.workspace) == (there.platform, there.workspace))


def _subject(sight: Sight) -> Text:
    order = sight.conversation.order
    if order is None:
        return ()
    return say(
        "cards/card#subject",
        order=Quote(order.id),
        title=Quote(order.title) if order.title else None,
        status=Quote(order.status) if order.status else None,
    )


def _status(sight: Sight, state: CardState) -> Text:
    deadline = deadline_of(sight)
    last = last_reply(sight)
    marketplace = Quote(sight.shop.name)
    asked = asked_of(sight)
    match state:
        case CardState.OPEN:
            breached = any(found.state is ObligationState.BREACHED for found in sight.obligations)
            facts = {"breached": breached, "claimed": _claimed(sight), **_waiting(sight)}
            return say("cards/card#status_open", deadline=deadline, best=best_by(sight), **facts)
        case CardState.SENDING:
            how = last.state.value if last else MessageState.SENDING.value
            return say(
                f"cards/card#status_{how}",
                author=written_by(last) if last else (),
                marketplace=marketplace,
                deadline=deadline,
            )
        case CardState.NOT_SENT:
            return say("cards/card#status_not_sent", deadline=deadline, claimed=_claimed(sight))
        case CardState.ANSWERED if last:
            return _answered(sight, last)
        case CardState.REPORTING if asked and asked.report:
            return _reporting(sight, asked, asked.report, deadline)
        case CardState.SPAM:
            return _spam(sight, asked.report if asked else None)
        case CardState.WAIVED:
            return _waived(sight, asked.waived_by if asked else None)
        case _:
            return say("cards/card#status_quiet")


def _answered(sight: Sight, last: Message) -> Text:
    at = Instant(last.accepted_at or last.sent_at, sight.seller.zone)
    facts = {"by_word": last.by_word, "corrects": bool(last.corrects)}
    return say("cards/card#status_answered", author=written_by(last), at=at, **facts)


def _reporting(sight: Sight, asked: Message, report: SpamReport, deadline: Instant | None) -> Text:
    """With what settled the message all the same, before the report was made or while it waits."""
    last, also = last_reply(sight), None
    if not sight.obligations and _ended(sight, last) is CardState.WAIVED:
        also = _waived(sight, asked.waived_by)
    elif last and last.state is MessageState.SENT and last.sent_at >= asked.sent_at:
        also = _answered(sight, last)
    facts = {"deadline": deadline, "settled": also}
    who, marketplace = named(report.by), Quote(sight.shop.name)
    if report.state is ReportState.BY_HAND:
        return say("cards/card#status_reporting_by_hand", who=who, marketplace=marketplace, **facts)
    report_by = None if report.report_by is None else Instant(report.report_by, sight.seller.zone, relative=True)
    return say("cards/card#status_reporting", who=who, marketplace=marketplace, report_by=report_by, **facts)


def _spam(sight: Sight, report: SpamReport | None) -> Text:
    latest = sight.latest
    who = named(report.by) if report and report.state is ReportState.REPORTED else None
    ended_at = latest.ended_at if latest else None
    at = report.at if report and ended_at is None else ended_at
    counts = latest is not None and latest.counts
    return say(
        "cards/card#status_spam", who=who, at=None if at is None else Instant(at, sight.seller.zone), counts=counts
    )


def _waived(sight: Sight, by: Identity | None) -> Text:
    latest, zone = sight.latest, sight.seller.zone
    at = Instant(latest.ended_at, zone) if latest and latest.ended_at is not None else None
    counts = latest is not None and latest.counts and latest.deadline is not None
    counts_at = Instant(latest.deadline, zone) if latest and counts and latest.deadline is not None else None
    return say("cards/card#status_waived", who=named(by) if by else None, at=at, counts_at=counts_at)


def _warning(sight: Sight, state: CardState) -> Text:
    last, asked = last_reply(sight), asked_of(sight)
    if last and last.state is MessageState.STOPPED and state is CardState.NOT_SENT:
        facts = {"author": written_by(last), "buyer": buyer_of(sight)}
        return say(f"cards/card#warning_stopped_{last.why or Why.BUYER.value}", **facts)
    if last and last.problem and state is CardState.SENDING:
        return say("cards/card#warning_retrying", problem=explain(last.problem))
    if last and last.problem and state is CardState.NOT_SENT:
        return say("cards/card#warning_refused", marketplace=Quote(sight.shop.name), problem=explain(last.problem))
    if asked and asked.report and (about := _report_warning(sight, asked.report, state)):
        return about
    return _hint(asked) if asked and state is CardState.OPEN and Regard.NOT_BUYER not in sight.regards else ()


def _report_warning(sight: Sight, report: SpamReport, state: CardState) -> Text:
    marketplace, problem = Quote(sight.shop.name), explain(report.problem)
    match report.state:
        case ReportState.REPORTING | ReportState.BY_HAND if state is not CardState.REPORTING:
            return say("cards/card#warning_reporting")
        case ReportState.REPORTING if problem:
            return say("cards/card#warning_report_retrying", problem=problem)
        case ReportState.REFUSED if sight.obligations:
            return say("cards/card#warning_report_refused", marketplace=marketplace, problem=problem)
        case ReportState.WITHDRAWING:
            return say("cards/card#warning_withdrawing", marketplace=marketplace, problem=problem)
        case _:
            return ()


def _hint(asked: Message) -> Text:
    """What looks like spam is said, and nothing is done by it."""
    found = hint(asked.text, asked.alike)
    return say(f"cards/card#hint_{found}", shops=asked.alike) if found else ()


def _regards(sight: Sight) -> dict[str, bool]:
    return {str(regard): regard in sight.regards for regard in Regard}


def _buttons(deps: Deps, sight: Sight, state: CardState) -> tuple[Button, ...]:
    last = last_reply(sight)
    words = {CardState.ANSWERED: "again", CardState.QUIET: "again"}
    if last and last.state is MessageState.REFUSED:
        words[CardState.NOT_SENT] = "retry"
    reply = Button(
        say(f"cards/buttons#{words.get(state, 'reply')}", buyer=buyer_of(sight)),
        Verb.REPLY,
        sight.conversation.id,
        version=sight.conversation.version,
        style=Style.PRIMARY if state in {CardState.OPEN, CardState.NOT_SENT} else Style.PLAIN,
        opens=True,
    )
    buttons = [reply]
    if last:
        buttons.extend(_about_reply(last))
    if state in {CardState.OPEN, CardState.NOT_SENT}:
        buttons.extend(quick_buttons(sight))
    if sight.obligations and state in {CardState.OPEN, CardState.NOT_SENT}:
        buttons.append(replace(claim_button(sight), version=sight.conversation.version))
    buttons.extend(_about_asked(sight, state))
    buttons.append(
        Button(say("cards/buttons#more"), Verb.MORE, sight.conversation.id, version=sight.conversation.version)
    )
    if sight.conversation.url:
        buttons.append(Button(say("cards/buttons#site"), url=sight.conversation.url))
    return tuple(buttons)


def _about_reply(last: Message) -> tuple[Button, ...]:
    match last.state:
        case MessageState.HELD:
            return held_buttons(last.id, ON_CARD)
        case MessageState.STOPPED:
            return stopped_buttons(last.id, ON_CARD)
        case MessageState.SENDING:
            return (cancel_button(last.id),)
        case MessageState.BY_HAND:
            return (Button(say("cards/buttons#done"), Verb.DONE, last.id, style=Style.PRIMARY),)
        case MessageState.SENT if last.author and not last.forgotten and not last.automatic:
            return (correct_button(last.id, ON_CARD),)
        case _:
            return ()


def quick_buttons(sight: Sight) -> tuple[Button, ...]:
    """The quick responses, and for a new order its greeting first."""
    asked, about = asked_of(sight), sight.conversation
    quick = Button(say("cards/buttons#quick"), Verb.QUICK, about.id, version=about.version)
    greets = asked is not None and asked.starts_order
    return (replace(thank_button(about.id), version=about.version), quick) if greets else (quick,)


def thank_button(conversation: str) -> Button:
    return Button(say("cards/buttons#thank"), Verb.THANK, conversation)


def _about_asked(sight: Sight, state: CardState) -> list[Button]:
    """What may be said about the message that is being reported, is spam, or needs no answer."""
    asked = asked_of(sight)
    if asked is None:
        return []
    match state:
        case CardState.REPORTING:
            return [*done_button(asked), Button(say("cards/buttons#not_spam"), Verb.SPAM, asked.id, choice="undo")]
        case CardState.SPAM:
            return [Button(say("cards/buttons#not_spam"), Verb.SPAM, asked.id, choice="undo")]
        case CardState.WAIVED if Regard.NOT_BUYER in sight.regards:
            return [Button(say("cards/buttons#a_buyer"), Verb.NOT_BUYER, asked.id, choice="undo")]
        case CardState.WAIVED:
            return [Button(say("cards/buttons#unwaive"), Verb.WAIVE, asked.id, choice="undo")]
        case _:
            return []


def done_button(asked: Message) -> tuple[Button, ...]:
    """For a report that waits for somebody to say that it was made on the site."""
    if asked.report is None or asked.report.state is not ReportState.BY_HAND:
        return ()
    return (Button(say("cards/buttons#reported_by_hand"), Verb.SPAM, asked.id, "done", style=Style.PRIMARY),)


def claim_button(sight: Sight) -> Button:
    choice = Choice.DROP if sight.conversation.claim else Choice.CLAIM
    return Button(say(f"cards/buttons#{choice.value}"), Verb.CLAIM, sight.conversation.id, choice=choice)


def _claimed(sight: Sight) -> Text:
    claim = sight.conversation.claim
    writing = sight.conversation.writing
    said = [say("cards/card#claimed", who=named(claim.by))] if claim else []
    if writing and not (claim and claim.by.key == writing.key):
        said.append(say("cards/card#writing", who=named(writing)))
    return joined(said, (Words(" "),))


def _waiting(sight: Sight) -> dict[str, int | bool]:
    """How many messages wait; `more` where those between the first and the newest were not read."""
    since = min((obligation.opened_at for obligation in sight.obligations), default=0)
    count = sum(1 for message in sight.messages if message.incoming and message.sent_at >= since)
    newest = sight.messages[-MESSAGES_READ:]
    return {"waiting": count, "more": len(newest) == MESSAGES_READ and newest[0].sent_at > since}
