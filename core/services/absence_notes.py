"""What a room is told when a shop goes away, comes back, or its marketplace says otherwise."""

from core.domain.availability import News, in_force
from core.domain.cards import Button, Note, NoteKind
from core.domain.deliveries import Delivery
from core.domain.rooms import Room
from core.domain.texts import Instant, Quote, Text, Words, cut
from core.rendering import explain, say
from core.services import availability, availability_words
from core.services.availability import Here
from core.services.availability_words import LONGEST_NAME, shop_buttons, site_says, waiting, what_was_told
from core.services.cards import buyer_of, deadline_of
from core.services.deps import Deps
from core.services.notes import reply_button
from core.services.reminders import Reminder
from core.store.conversations import Sight
from core.store.deliveries import drop

LISTED = 10
LOUD = {News.RETURNED, News.REFUSED, News.DRIFT, News.UNCONFIRMED, News.BY_HAND}


async def prepare_absence(deps: Deps, room: Room, delivery: Delivery) -> Reminder | None:
    """Drawn from the state of now. None where it is no news any more: dropped."""
    found = await availability.here(deps, delivery.shop)
    news = News(delivery.facts["what"])
    if found is None or not _holds(found, news):
        await drop(deps.store, delivery)
        return None
    zone = found.known.seller.zone
    if news is News.RETURNED:
        return Reminder(_greeting(found, await _waiting(deps, room, found), zone))
    text = _text(found, news, zone, delivery.facts.get("problem", ""))
    buttons = shop_buttons(found, zone, alone=True)
    return Reminder(_note(text, buttons, loud=news in LOUD))


def _holds(found: Here, news: News) -> bool:
    told = found.availability.telling
    match news:
        case News.BEGAN:
            return found.absence is not None
        case News.RETURNED:
            return found.absence is None
        case News.PLANNED:
            return told is not None and told.absence is not None
        case News.UNCONFIRMED | News.BY_HAND:
            return told is not None and told.is_open
        case News.REFUSED:
            return told is not None and told.outcome is not told.outcome.ACCEPTED
        case News.DRIFT:
            return found.kept.site is not None and told is not None
        case News.CANCELLED:
            return True


def _text(found: Here, news: News, zone: str, problem: str) -> Text:
    shop, told, absence = availability_words.name(found), found.availability.telling, found.absence
    end = Instant(absence.end, zone) if absence and absence.end is not None else None
    own = in_force(found.availability, found.now)
    by = own.by if own and absence and own.end == absence.end else None
    return say(
        f"notes/absence#{news}",
        shop=shop,
        by=Quote(by.name or by.user) if by else None,
        end=end,
        contact=absence is None or absence.contact_allowed,
        told=what_was_told(told.absence if told else None, zone, found.now),
        site=site_says(found, zone),
        problem=explain(problem),
    )


async def _waiting(deps: Deps, room: Room, found: Here) -> list[Sight]:
    return [each for each in await waiting(deps, room.seller, room.id) if each.shop.id == found.shop.id]


def _greeting(found: Here, waits: list[Sight], zone: str) -> Note:
    lines = [part for sight in waits[:LISTED] for part in (Words("\n• "), *_line(sight, found.now))]
    more = len(waits) - LISTED
    rest = (Words("\n"), *say("notes/absence#more", count=more)) if more > 0 else ()
    head = say("notes/absence#returned", shop=availability_words.name(found), waits=len(waits))
    buttons = tuple(reply_button(sight) for sight in waits[:LISTED])
    return _note((*head, *lines, *rest), buttons, loud=bool(waits))


def _line(sight: Sight, now: int) -> Text:
    deadline = deadline_of(sight)
    overdue = deadline is not None and deadline.at <= now
    return say("notes/absence#line", buyer=cut(buyer_of(sight).text, LONGEST_NAME), deadline=deadline, overdue=overdue)


def _note(text: Text, buttons: tuple[Button, ...], *, loud: bool) -> Note:
    return Note(kind=NoteKind.NOTICE, conversation="", text=text, buttons=buttons, loud=loud)
