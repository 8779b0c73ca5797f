"""What a member is shown of a reply that can still be taken back, and of one that stopped."""

from core.domain.cards import Answer, Button, Field, Form, Style, Verb
from core.domain.conversations import Message
from core.domain.files import File
from core.domain.texts import Quote
from core.domain.zones import SECOND
from core.rendering import say
from core.services import times
from core.services.cards import buyer_of, deadline_of, written_by
from core.services.files import named, quote_of
from core.services.hold_buttons import correct_button, held_buttons
from core.store.conversations import Sight

AS_WELL = "well"  # the choice of a Send that knows of the other answer


def sending(
    sight: Sight,
    message: str,
    text: str,
    hold: int,
    *,
    name: str = "sending",
    replaces: bool = False,
    files: tuple[File, ...] = (),
) -> Answer:
    """It goes out in a few seconds: [Undo] [Edit]."""
    return Answer(
        say(f"answers/hold#{name}", buyer=buyer_of(sight), seconds=hold // SECOND, files=named(files)),
        quote=quote_of(text),
        buttons=held_buttons(message),
        replaces=replaces,
        conversation=sight.conversation.id,
    )


def second(
    sight: Sight, draft: str, text: str, mine: str, now: int, *, replaces: bool, files: tuple[File, ...] = ()
) -> Answer:
    """‹member› answered 2 s ago: send as well? The text is kept. `mine`: the key of whoever asks."""
    other = _answer_of_another(sight, mine)
    ago = max(0, now - other.sent_at) if other else 0
    facts = {"who": written_by(other) if other else (), "ago": times.brief_span(ago), "buyer": buyer_of(sight)}
    facts["files"] = named(files)
    return Answer(
        say("answers/hold#second", **facts),
        quote=quote_of(text),
        buttons=(
            Button(say("cards/buttons#as_well"), Verb.SEND, draft, choice=AS_WELL, style=Style.PRIMARY),
            Button(say("cards/buttons#keep"), Verb.KEEP, draft),
        ),
        public=True,
        replaces=replaces,
        conversation=sight.conversation.id,
    )


def too_late(sight: Sight, message: str, word: str, *, replaces: bool) -> Answer:
    """It can neither be taken back nor changed any more; `word` says what it is by now."""
    buttons = (correct_button(message),) if word == "sent" else ()
    facts = {"buyer": buyer_of(sight), "marketplace": Quote(sight.shop.name)}
    text = say(f"answers/hold#late_{word}", **facts)
    return Answer(text, buttons=buttons, replaces=replaces, conversation=sight.conversation.id)


def taken_back(sight: Sight, text: str, *, again: bool, replaces: bool) -> Answer:
    """Nothing leaves; the text stays at hand."""
    said = say("answers/hold#undone_again" if again else "answers/hold#undone", buyer=buyer_of(sight), text=bool(text))
    return Answer(said, copy=text or None, replaces=replaces, conversation=sight.conversation.id)


def form(sight: Sight, message: Message, verb: Verb, limit: int) -> Form:
    """Its text to be changed: before it leaves, or for a correction of what was sent."""
    buyer, shop = buyer_of(sight), Quote(sight.shop.name)
    corrects = verb is Verb.CORRECT
    return Form(
        verb=verb,
        target=message.id,
        title=say("cards/reply_form#title_correct" if corrects else "cards/reply_form#title_edit"),
        submit=say("cards/reply_form#submit_named", buyer=buyer),
        context=say("cards/reply_form#context_sent" if corrects else "cards/reply_form#context_edit", buyer=buyer),
        fields=(
            Field(
                "text",
                say("cards/reply_form#label", buyer=buyer),
                limit,
                value=message.text[:limit],
                hint=say("cards/reply_form#hint", marketplace=shop, limit=limit),
            ),
        ),
    )


def stopped_facts(sight: Sight, message: Message) -> dict[str, object]:
    """What the texts about a stopped reply may name."""
    other = _answer_of_another(sight, message.author.key if message.author else "")
    return {
        "buyer": buyer_of(sight),
        "author": written_by(message),
        "who": written_by(other) if other else (),
        "deadline": deadline_of(sight),
    }


def _answer_of_another(sight: Sight, mine: str) -> Message | None:
    """The newest answer that is not this member's; its author is None where it was given on the site."""
    for message in reversed(sight.messages):
        if not message.incoming and (message.author is None or message.author.key != mine):
            return message
    return None
