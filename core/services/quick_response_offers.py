"""Quick responses found while somebody types, in chats that offer what a bot finds; and the one that they took."""

from core.domain.actions import Find, Press, Write, operation
from core.domain.cards import Answer, Button, Offer, Verb
from core.domain.quick_responses import QuickResponse, Used, by_use
from core.domain.rooms import Room
from core.domain.texts import Quote
from core.errors import NothingToAnswer, QuickResponseGone
from core.rendering import read_quick_response, say
from core.services.cards import buyer_of
from core.services.deps import Deps
from core.services.quick_responses import fitted, use
from core.services.replies import CHOICES, see, send_used
from core.store import conversations, quick_responses


async def find(deps: Deps, room: Room, looked: Find) -> Answer:
    """Those with all the words in their title or text, the most used first."""
    words = looked.words.casefold().split()
    every = by_use(await quick_responses.quick_responses_of(deps.store, room.seller))
    found = [each for each in every if all(word in f"{each.title}\n{_shown(each)}".casefold() for word in words)]
    return Answer(offers=tuple(Offer(each.id, Quote(each.title), Quote(_shown(each))) for each in found))


async def take(deps: Deps, room: Room, write: Write, conversation: str) -> Answer:
    """One was taken as an answer to a card: it goes as a typed reply does, filled in.

    What has no value is asked for, and what others read is shown back first. Raises QuickResponseGone.
    """
    response = await _taken(deps, room, write.text)
    if not conversation:
        return await _ask_whom(deps, room, response, write)
    if write.alone:
        _, text = await fitted(deps, room, conversation, response, write.by)
        if text is not None:
            used, key = Used(response.id, response.title), operation(write)
            return await send_used(deps, room, conversation, text, write.by, used, operation=key)
    return await _show(deps, room, conversation, response, write)


async def _taken(deps: Deps, room: Room, text: str) -> QuickResponse:
    """By its words: the chat tells no more of it, and may have tidied its spaces."""
    said = text.split()
    found = by_use(await quick_responses.quick_responses_of(deps.store, room.seller))
    response = next((each for each in found if _shown(each).split() == said), None)
    if response is None:
        raise QuickResponseGone
    return response


async def _ask_whom(deps: Deps, room: Room, response: QuickResponse, write: Write) -> Answer:
    """Whom it is for is never guessed."""
    owed = await conversations.owed_conversations(deps.store, room.seller, CHOICES)
    if not owed:
        raise NothingToAnswer
    if len(owed) == 1:
        return await _show(deps, room, owed[0], response, write)
    sights = [await see(deps, room, conversation) for conversation in owed]
    buttons = [
        Button(
            say("cards/buttons#pick", buyer=buyer_of(sight)), Verb.USE, sight.conversation.id, response.id, opens=True
        )
        for sight in sights
    ]
    return Answer(say("answers/pick_question", files=None), quote=Quote(_shown(response)), buttons=tuple(buttons))


def _shown(response: QuickResponse) -> str:
    """As people read it: "Hi ‹buyer name›". No dot, of which a chat would make a link."""
    pieces = read_quick_response(response.source)
    return "".join(each if isinstance(each, str) else f"‹{each.name.replace('.', ' ')}›" for each in pieces)


async def _show(deps: Deps, room: Room, conversation: str, response: QuickResponse, write: Write) -> Answer:
    pressed = Press(write.key, write.by, write.place, Verb.USE, conversation, response.id)
    return await use(deps, room, pressed)
