"""Claim a conversation, let it go, or take it over; and tell the next on duty when a claim lapses."""

from core.domain.cards import Answer, Button, Note, NoteKind, Verb
from core.domain.claims import Choice
from core.domain.deliveries import Delivery
from core.domain.duty import claim_lapses_at
from core.domain.members import Identity
from core.domain.rooms import Ring, Room
from core.domain.texts import Instant, Quote
from core.errors import UnknownConversation
from core.rendering import say
from core.services.cards import buyer_of, claim_button, deadline_of
from core.services.deps import Deps
from core.services.duty import for_lapse
from core.services.notes import reply_button
from core.services.reminders import Reminder
from core.services.replies import see
from core.store import claims, conversations, rosters
from core.store.conversations import Sight
from core.store.deliveries import drop
from core.store.rooms import to_identity


async def claim(deps: Deps, room: Room, conversation: str, choice: str, by: Identity) -> Answer:
    """An empty answer: the card says the rest. Who finds it claimed sees by whom, and may take it over."""
    if choice not in set(Choice):
        raise UnknownConversation
    sight = await see(deps, room, conversation)
    lapses_at = claim_lapses_at(deps.clock.now(), _deadline(sight))
    word = await claims.claim_conversation(deps.store, room.seller, conversation, by, Choice(choice), lapses_at)
    match word:
        case "missing":
            raise UnknownConversation
        case "settled":
            return Answer(say("answers/claim_settled", buyer=buyer_of(sight)), conversation=conversation)
        case "taken":
            return _taken(await see(deps, room, conversation))
        case _ if choice == Choice.TAKE:
            return Answer(say("answers/claimed", buyer=buyer_of(sight)), replaces=True, conversation=conversation)
        case _:
            return Answer(conversation=conversation)


async def lapse(deps: Deps, conversation: str) -> bool:
    """The moment of a claim has come: see whether it has lapsed by what was done since. False: no such conversation."""
    sight = await conversations.read_conversation(deps.store, conversation)
    if sight is None:
        return False
    held, now = sight.conversation.claim, deps.clock.now()
    lapses_at = claim_lapses_at(held.acted_at, _deadline(sight)) if held else None
    lapses = lapses_at is not None and lapses_at <= now
    await claims.lapse_claim(deps.store, conversation, held, lapses=lapses, next_at=None if lapses else lapses_at)
    return True


async def quiet(deps: Deps, conversation: str) -> bool:
    """Nobody tells that a form was closed: after a while its opener is not said to be writing any more."""
    return await claims.end_writing(deps.store, conversation)


async def prepare_lapse(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """What the next on duty in this room is told. None where there is nobody, or it is claimed again: dropped."""
    roster = await rosters.read_roster(deps.store, room.id)
    sight = await conversations.read_conversation(deps.store, delivery.conversation, room.id)
    was = to_identity(delivery.facts["claimant"], delivery.facts["claimant_name"])
    now = deps.clock.now()
    summons = for_lapse(room, roster, was, now) if roster else None
    if sight is None or summons is None or not sight.obligations or sight.conversation.claim:
        await drop(deps.store, delivery)
        return None
    deadline = deadline_of(sight)
    overdue = deadline is not None and deadline.at <= now
    note = Note(
        kind=NoteKind.REMINDER,
        conversation=sight.conversation.id,
        text=say("notes/note#lapsed", buyer=buyer_of(sight), was=_named(was), deadline=deadline, overdue=overdue),
        buttons=(reply_button(sight), claim_button(sight)),
        calls=summons.by(room, Ring.MENTION),
        loud=summons.loud,
    )
    return Reminder(note, sight, summons.by(room, Ring.DIRECT))


def _taken(sight: Sight) -> Answer:
    held = sight.conversation.claim
    if held is None:  # Let go in this very moment.
        return Answer(conversation=sight.conversation.id)
    since = Instant(held.at, sight.seller.zone)
    take = Button(say("cards/buttons#take"), Verb.CLAIM, sight.conversation.id, choice=Choice.TAKE)
    text = say("answers/claimed_by", who=_named(held.by), buyer=buyer_of(sight), since=since)
    return Answer(text, buttons=(take,), conversation=sight.conversation.id)


def _deadline(sight: Sight) -> int | None:
    found = deadline_of(sight)
    return found.at if found else None


def _named(who: Identity) -> Quote:
    return Quote(who.name or who.user)
