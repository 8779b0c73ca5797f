"""The buttons of a reply that can be taken back, that stopped, or that was sent."""

from core.domain.cards import Button, Style, Verb
from core.rendering import say

ON_CARD = "card"  # the choice of a button on a card: its answer must not take the card's place


def held_buttons(message: str, choice: str = "") -> tuple[Button, ...]:
    return (
        Button(say("cards/buttons#undo"), Verb.UNDO, message, choice=choice),
        Button(say("cards/buttons#edit"), Verb.EDIT, message, choice=choice, opens=True),
    )


def stopped_buttons(message: str, choice: str = "") -> tuple[Button, ...]:
    """A reply that stopped: what becomes of it is somebody's word."""
    return (
        Button(say("cards/buttons#anyway"), Verb.ANYWAY, message, choice=choice, style=Style.PRIMARY),
        Button(say("cards/buttons#edit"), Verb.EDIT, message, choice=choice, opens=True),
        Button(say("cards/buttons#discard"), Verb.UNDO, message, choice=choice),
    )


def correct_button(message: str, choice: str = "") -> Button:
    return Button(say("cards/buttons#correct"), Verb.CORRECT, message, choice=choice, opens=True)


def cancel_button(message: str) -> Button:
    return Button(say("cards/buttons#cancel"), Verb.UNDO, message, choice=ON_CARD)
