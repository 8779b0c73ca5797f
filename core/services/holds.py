"""Take back, change or send after all what is held; and ask whoever wrote a reply that stopped."""

from core.domain.actions import Amend, operation
from core.domain.cards import Answer, Note, NoteKind, Verb
from core.domain.conversations import Message, MessageState
from core.domain.deliveries import Delivery
from core.domain.holds import Why
from core.domain.members import Identity
from core.domain.rooms import Room
from core.errors import UnknownConversation
from core.ids import is_id, shard_of
from core.rendering import say
from core.services import hold_answers, replies
from core.services.cards import quote_of, reachable_here
from core.services.deps import Deps
from core.services.hold_answers import stopped_facts
from core.services.hold_buttons import ON_CARD, stopped_buttons
from core.services.reminders import Reminder
from core.store import conversations, drafts, holds
from core.store.conversations import Sight
from core.store.deliveries import drop


async def undo(deps: Deps, room: Room, message: str, choice: str, *, key: str) -> Answer:
    """It never leaves, if that is still sure; its text is shown to be copied."""
    outcome = await holds.take_back(deps.store, room.seller, _own(room, message), operation=key)
    sight, replaces = await _sight(deps, room, outcome, message), choice != ON_CARD
    if outcome.word not in {"done", "repeated"}:
        return hold_answers.too_late(sight, message, outcome.word, replaces=replaces)
    return await _taken_back(deps, sight, message, again=outcome.word == "repeated", replaces=replaces)


async def edit(deps: Deps, room: Room, message: str, choice: str, *, key: str) -> Answer:
    """The form with its text; it stops meanwhile, so that the old words do not leave while new ones are written."""
    outcome = await holds.take_back(deps.store, room.seller, _own(room, message), operation=key, pauses=True)
    sight, replaces = await _sight(deps, room, outcome, message), choice != ON_CARD
    if outcome.word == "repeated":
        return await _taken_back(deps, sight, message, again=True, replaces=replaces)
    found = _message(sight, message)
    if outcome.word != "done" or found is None:
        return hold_answers.too_late(sight, message, outcome.word, replaces=replaces)
    form = hold_answers.form(sight, found, Verb.EDIT, replies.limit_in(deps, room, sight))
    return Answer(form=form, conversation=sight.conversation.id)


async def change(deps: Deps, room: Room, message: str, text: str, by: Identity, *, key: str) -> Answer:
    """Other words for a reply that has not left: held anew, once for each `key`."""
    reply = await holds.read_reply(deps.store, room.seller, _own(room, message))
    sight = await _sight(deps, room, reply, message)
    found = _message(sight, message)
    files = found.files if found else ()
    replies.check(sight, text, files)
    hold = replies.hold_of(deps, sight)
    outcome = await holds.set_out(deps.store, room.seller, message, by, operation=key, hold=hold, words=text)
    if outcome.word == "dropped":
        return await _taken_back(deps, sight, message, again=True, replaces=False)
    if outcome.word not in {"done", "repeated"}:
        return hold_answers.too_late(sight, message, outcome.word, replaces=False)
    if hold:
        return hold_answers.sending(sight, message, text, hold, name="changed", files=files)
    return replies.on_its_way(sight, text, replaces=False, files=files)


async def send_anyway(deps: Deps, room: Room, message: str, choice: str, by: Identity, *, key: str) -> Answer:
    """A reply that stopped leaves at once, as it was written."""
    outcome = await holds.set_out(deps.store, room.seller, _own(room, message), by, operation=key)
    sight, replaces = await _sight(deps, room, outcome, message), choice != ON_CARD
    if outcome.word == "dropped":
        return await _taken_back(deps, sight, message, again=True, replaces=replaces)
    found = _message(sight, message)
    if outcome.word not in {"done", "repeated"} or found is None:
        return hold_answers.too_late(sight, message, outcome.word, replaces=replaces)
    return replies.on_its_way(sight, found.text, replaces=replaces, files=found.files)


async def amend(deps: Deps, room: Room, changed: Amend) -> Answer:
    """A text was changed in the chat after it was typed: that counts as long as it has not left."""
    first = f"{changed.by.platform}/{changed.of}"
    if message := await holds.reply_of(deps.store, room.seller, first):
        return await change(deps, room, message, changed.text, changed.by, key=operation(changed))
    draft = await drafts.read_draft(deps.store, holds.draft_of(room.seller, first))
    if draft is None or draft.outcome or not draft.conversation:
        return Answer(say("answers/hold#amended_nothing"))
    # What was shown back is not what would be sent any more: it is asked about anew.
    if await drafts.spend_draft(deps.store, draft.id, "changed") not in {"done", "repeated"}:
        return Answer(say("answers/hold#amended_nothing"))
    key, files = operation(changed), draft.files
    return await replies.propose(deps, room, draft.conversation, changed.text, changed.by, key=key, files=files)


async def ask_correction(deps: Deps, room: Room, message: str) -> Answer:
    """The form with what was sent, to be sent once more as it should have been."""
    reply = await holds.read_reply(deps.store, room.seller, _own(room, message))
    sight = await _sight(deps, room, reply, message)
    found = _message(sight, message)
    if found is None or found.state is not MessageState.SENT or found.author is None:
        raise UnknownConversation
    form = hold_answers.form(sight, found, Verb.CORRECT, replies.limit_in(deps, room, sight))
    return Answer(form=form, conversation=sight.conversation.id)


async def correct(deps: Deps, room: Room, message: str, text: str, by: Identity, *, key: str) -> Answer:
    """A new reply that puts an old one right, shown as such among members."""
    reply = await holds.read_reply(deps.store, room.seller, _own(room, message))
    if not reply.conversation:
        raise UnknownConversation
    return await replies.reply(deps, room, reply.conversation, text, by, operation=key, corrects=message)


async def prepare_stopped(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """What a room is told of a reply that stopped. None where its author has decided already: dropped."""
    sight = await conversations.read_conversation(deps.store, delivery.conversation, room.id, delivery.message)
    found = _message(sight, delivery.message) if sight else None
    if sight is None or found is None or found.state is not MessageState.STOPPED:
        await drop(deps.store, delivery)
        return None
    author = found.author
    note = Note(
        kind=NoteKind.REMINDER,
        conversation=sight.conversation.id,
        text=say(f"notes/note#stopped_{found.why or Why.BUYER}", **stopped_facts(sight, found)),
        quote=quote_of(found),
        buttons=stopped_buttons(found.id),
        calls=(author,) if author and reachable_here(sight, author) else (),
        loud=True,
    )
    return Reminder(note, sight)


def _own(room: Room, message: str) -> str:
    """Raises UnknownConversation for nonsense and for another shard's."""
    if not is_id(message, "message") or shard_of(message) != shard_of(room.id):
        raise UnknownConversation
    return message


async def _sight(deps: Deps, room: Room, outcome: holds.Outcome, message: str) -> Sight:
    """The conversation of a reply. Raises UnknownConversation where it is not this seller's."""
    sight = None
    if outcome.conversation:
        sight = await conversations.read_conversation(deps.store, outcome.conversation, room.id, message)
    if sight is None or sight.conversation.seller != room.seller:
        raise UnknownConversation
    return sight


def _message(sight: Sight, message: str) -> Message | None:
    return next((found for found in sight.messages if found.id == message), None)


async def _taken_back(deps: Deps, sight: Sight, message: str, *, again: bool, replaces: bool) -> Answer:
    found = _message(sight, message) or await drafts.read_draft(deps.store, message)
    return hold_answers.taken_back(sight, found.text if found else "", again=again, replaces=replaces)
