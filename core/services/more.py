"""What else can be done about the message that a card shows, behind its button More…."""

from core.domain.cards import Answer, Button, CardState, Style, Verb
from core.domain.conversations import Message
from core.domain.members import Member, Right
from core.domain.regards import Regard
from core.domain.rooms import Room
from core.rendering import say
from core.services import regards, waivers
from core.services.cards import asked_of, buyer_of, quote_of, state_of
from core.services.deps import Deps
from core.services.matters import look
from core.services.replies import see
from core.store.conversations import Sight


async def more(deps: Deps, room: Room, conversation: str, member: Member) -> Answer:
    """Only what this member may do."""
    sight = await see(deps, room, conversation)
    asked = asked_of(sight)
    buttons: list[Button] = []
    if asked and member.may(Right.SPAM):
        buttons += await _about_message(deps, room, sight, asked)
    if member.may(Right.MANAGE):
        buttons.append(regards.button(sight, blocked=Regard.BLOCKED in sight.regards))
    text = say("answers/spam_report#more", buyer=buyer_of(sight))
    return Answer(text, quote_of(asked), tuple(buttons), conversation=conversation)


async def _about_message(deps: Deps, room: Room, sight: Sight, asked: Message) -> list[Button]:
    matter = await look(deps, room, asked.id)
    state, buttons = state_of(sight), list[Button]()
    if state in {CardState.REPORTING, CardState.SPAM}:
        buttons.append(Button(say("cards/buttons#not_spam"), Verb.SPAM, asked.id, choice="undo"))
    elif not asked.starts_order:
        buttons.append(Button(say("cards/buttons#spam"), Verb.SPAM, asked.id, choice="why", style=Style.DANGER))
    if matter.is_owed:
        buttons.append(waivers.button(deps, matter, Verb.WAIVE))
    elif state is CardState.WAIVED:
        buttons.append(Button(say("cards/buttons#unwaive"), Verb.WAIVE, asked.id, choice="undo"))
    if Regard.NOT_BUYER in sight.regards:
        buttons.append(Button(say("cards/buttons#a_buyer"), Verb.NOT_BUYER, asked.id, choice="undo"))
    else:
        buttons.append(waivers.button(deps, matter, Verb.NOT_BUYER))
    return buttons
