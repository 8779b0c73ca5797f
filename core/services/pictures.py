"""Buyers' pictures, shown beside their card: fetched as they are shown, and never kept."""

from dataclasses import replace

from core.domain.cards import Button, CardRef, Note, NoteKind
from core.domain.conversations import Attachment, Message
from core.domain.deliveries import Delivery, DeliveryKind
from core.domain.files import MEGA, file_name
from core.domain.regards import Regard
from core.domain.texts import Quote
from core.errors import Gone, NotFetched, Unknown
from core.observability import log
from core.ports.chat import ChatPlatform
from core.rendering import explain, in_english, say
from core.services.cards import asked_of, buyer_of
from core.services.deps import Deps
from core.store.conversations import Sight

LARGEST = 10 * MEGA
MOST = 3  # of one message: what more there is stays a name on the card
TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp")
# A card that is posted anew has had its pictures, and so has a message that was changed.
WITHOUT = {"anew", "changed"}


def to_show(deps: Deps, platform: ChatPlatform, sight: Sight, delivery: Delivery) -> tuple[str, list[int]]:
    """The message that a delivery shows, and which of its attachments are to follow; none from a blocked buyer."""
    message = _shown(sight, delivery)
    if message is None or not deps.open_picture or Regard.BLOCKED in sight.regards or WITHOUT & delivery.facts.keys():
        return "", []
    limit = min(LARGEST, platform.capabilities.picture_limit)
    found = [number for number, each in enumerate(message.attachments) if _looks_like_one(each, limit)]
    return message.id, found[:MOST]


def _shown(sight: Sight, delivery: Delivery) -> Message | None:
    if delivery.kind is DeliveryKind.CARD:
        return asked_of(sight)
    if delivery.kind is DeliveryKind.MESSAGE:
        return next((message for message in sight.messages if message.id == delivery.message), None)
    return None


def _looks_like_one(attachment: Attachment, limit: int) -> bool:
    """By what the marketplace says of it; its bytes decide once it is fetched."""
    named = attachment.type.lower() in TYPES or (not attachment.type and attachment.name.lower().endswith(ENDINGS))
    return named and limit > 0 and (attachment.size is None or attachment.size <= limit)


async def show_picture(
    deps: Deps, platform: ChatPlatform, ref: CardRef, sight: Sight, delivery: Delivery
) -> CardRef | None:
    """Where it stands, or the line that says why it does not; None where there is nothing to show any more.

    Raises OutsideError. One that may have arrived is taken as shown: its name and its way stand on the card.
    """
    message = next((message for message in sight.messages if message.id == delivery.message), None)
    which = int(delivery.facts["which"])
    if message is None or message.deleted or which >= len(message.attachments):
        return None
    if deps.open_picture is None or not await platform.shows_pictures():
        return None
    attachment, limit = message.attachments[which], min(LARGEST, platform.capabilities.picture_limit)
    try:
        async with deps.open_picture(attachment.url, limit) as found:
            picture = replace(found, name=file_name(attachment.name, found.type))
            return await platform.show(ref, picture, delivery=delivery.id)
    except (Unknown, Gone) as error:
        log().info("picture_lost", delivery=delivery.id, error=type(error).__name__, why=in_english(error.kept))
        return None
    except NotFetched as error:
        return await platform.note(ref, _why_not(sight, attachment, error.kept), delivery=delivery.id)


def _why_not(sight: Sight, attachment: Attachment, why: str) -> Note:
    name, url = file_name(attachment.name, attachment.type), sight.conversation.url
    return Note(
        kind=NoteKind.MESSAGE,
        conversation=sight.conversation.id,
        text=say("notes/note#picture_not_shown", name=Quote(name), buyer=buyer_of(sight), why=explain(why)),
        buttons=(Button(say("cards/buttons#site"), url=url),) if url else (),
    )
