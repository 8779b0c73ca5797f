"""`away`, `back` and what `status` says of availability: typed, chosen by buttons, shown back, and confirmed."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta

from core.domain import availability as domain
from core.domain.cards import Answer, Button, Style, Verb
from core.domain.members import Identity
from core.domain.rooms import Room
from core.domain.sellers import Seller
from core.domain.texts import Text, Words, cut, lines
from core.domain.zones import HOUR, MINUTE, instant, local, zone_named
from core.errors import AbsenceGone, NoSuchShop, NoteTooLong
from core.ids import is_id, shard_of
from core.services import absences, availability, times
from core.services import availability_words as text
from core.services.availability import Here
from core.services.deps import Deps
from core.services.until import LONGEST, MORNING, Read, Unread, read_until
from core.store import availability as store
from core.store.availability import Draft
from core.store.drafts import spend_draft
from core.store.sellers import read_seller
from core.store.terms import read_habits

OPEN_END = "back"  # the choice of an absence that lasts until they come back
CONTACTS = ("open", "closed")  # whether buyers may write meanwhile
DAYS = 8  # offered as buttons
EVENING = time(20)
LONGEST_TYPED = 60
SHOPS = "away"  # what the right to manage is asked for, where a member's own absence takes less
MOST_ONLY = 5  # shops offered one by one

_AMOUNT = re.compile(r"(?P<what>for|till|only)\.(?P<number>\d{1,9})")


@dataclass(frozen=True, slots=True)
class Asking:
    """A draft that is talked about: for which shops, in whose zone, and how a command is written there."""

    deps: Deps
    room: Room
    draft: Draft
    shops: Sequence[Here]
    zone: str
    prefix: str


async def away(deps: Deps, room: Room, rest: str, by: Identity, prefix: str, *, key: str) -> Answer:
    """`away`, `away 2h lunch`, `away Example Market until mon`; with `me` the member's own. Raises NoteTooLong."""
    own, typed = _own(rest)
    shops, typed = _shops_named(await availability.of_seller(deps, room.seller), typed)
    if not shops:
        return Answer(text.words("no_shop"))
    zone, seller = await asyncio.gather(zone_of(deps, room.seller, by), _seller(deps, room))
    found = read_until(typed, deps.clock.now(), zone, seller.language)
    note = found.rest if isinstance(found, Read) else _note_of(typed)
    note = " ".join(note.split())
    if len(note) > text.LONGEST_NOTE and not own:
        raise NoteTooLong(length=len(note), limit=text.LONGEST_NOTE)
    start, end = (found.start or 0, found.end) if isinstance(found, Read) else (0, 0)
    ids = tuple(each.shop.id for each in shops)
    draft = Draft("", room.seller, ids, start, end, kept_note(note, shops, start), by, own)
    draft = await store.keep_draft(deps.store, draft, key=key)
    asking = Asking(deps, room, draft, shops, zone, prefix)
    if isinstance(found, Unread):
        why = text.words(f"unread_{found.why}", typed=cut(typed, LONGEST_TYPED)) if typed.strip() else ()
        return _question(asking, why, found.options)
    return await propose(asking)


async def pressed(deps: Deps, room: Room, draft: Draft, choice: str, by: Identity, prefix: str, *, key: str) -> Answer:
    """A button of the question or of the preview. Raises AbsenceGone, NoSuchShop."""
    shops, zone = await asyncio.gather(_shops_of(deps, room, draft.shops), zone_of(deps, room.seller, by))
    asking = Asking(deps, room, draft, shops, zone, prefix)
    match choice:
        case "open" | "closed" if draft.is_said and not draft.own:  # one of CONTACTS
            return await _confirm(asking, contact_allowed=choice == "open")
        case "drop":
            return await _drop(deps, draft)
        case "days":
            return Answer(text.words("days"), buttons=_days(asking), replaces=True)
        case _:
            return await _chosen(asking, choice, key)


async def back(deps: Deps, room: Room, rest: str, by: Identity) -> Answer:
    """`back`, `back Example Market`; `back me` ends the member's own absence."""
    own, typed = _own(rest)
    if own:
        return await absences.back(deps, room, by)
    every, zone = await asyncio.gather(availability.of_seller(deps, room.seller), zone_of(deps, room.seller, by))
    if not every:
        return Answer(text.words("no_shop"))
    shops, unread = _shops_named(every, typed)
    if unread.strip():  # never guessed: all of them may be more than was meant
        buttons = [b for each in every[: text.MOST_SHOPS] for b in text.shop_buttons(each, zone, alone=False)]
        return Answer(text.words("no_such", typed=cut(unread, LONGEST_TYPED)), buttons=tuple(buttons))
    return await come_back(deps, room, shops, zone)


async def come_back(deps: Deps, room: Room, shops: Sequence[Here], zone: str) -> Answer:
    """Those of the shops that are away; where only later ones are planned, these can be taken back."""
    gone = [each for each in shops if each.absence or domain.in_force(each.availability, each.now)]
    if not gone:
        buttons = [button for each in shops for button in text.shop_buttons(each, zone, alone=len(shops) == 1)]
        planned = text.words("back_planned") if buttons else ()
        return Answer(lines([text.words("back_already", shops=text.named(shops)), planned]), buttons=tuple(buttons))
    await availability.come_back(deps, room.seller, gone)
    return await _told(deps, room, gone, text.words("back", shops=text.named(gone)), zone)


async def shop_pressed(deps: Deps, room: Room, shop: str, choice: str, by: Identity) -> Answer:
    """A button beside what is said of one shop. Raises NoSuchShop."""
    (found,), zone = await asyncio.gather(_shops_of(deps, room, [shop]), zone_of(deps, room.seller, by))
    name = text.name(found)
    match choice:
        case "back":
            return await come_back(deps, room, [found], zone)
        case "done":
            known = await availability.done_by_hand(deps, room.seller, shop)
            return Answer(text.words("by_word" if known else "nothing_waits", shop=name), replaces=True)
        case "again":
            await availability.tell_again(deps, room.seller, shop)
            return await _told(deps, room, [found], text.words("again", shop=name), zone)
        case "site":
            await availability.follow_site(deps, room.seller, shop)
            return Answer(text.words("followed", shop=name), replaces=True)
        case _ if choice.startswith("end."):
            await availability.cancel(deps, room.seller, shop, choice.removeprefix("end."))
            return await _told(deps, room, [found], text.words("cancelled", shop=name), zone)
        case _:
            return Answer(text.words("nothing_waits", shop=name))


async def status(deps: Deps, room: Room, by: Identity, rest: str = "") -> tuple[Text, tuple[Button, ...]]:
    """Of all shops or of the one named, and of the member; with what can be done about it."""
    every, zone = await asyncio.gather(availability.of_seller(deps, room.seller), zone_of(deps, room.seller, by))
    shops, unread = _shops_named(every, rest)
    unknown = text.words("unknown_shop", typed=cut(unread, LONGEST_TYPED)) if unread.strip() else ()
    told = [text.standing(each, zone) for each in shops[: text.MOST_SHOPS]]
    buttons = [b for each in shops[: text.MOST_SHOPS] for b in text.shop_buttons(each, zone, alone=len(shops) == 1)]
    own = await absences.standing(deps, room, by, zone)
    return lines([unknown, *told, text.more(len(shops)), own]), tuple(buttons)


async def zone_of(deps: Deps, seller: str, who: Identity) -> str:
    """The zone of the member's own quiet hours, or else the seller's."""
    glance = deps.glance
    if glance.seller == seller and glance.who == who:
        return glance.zone
    every, found = await asyncio.gather(read_habits(deps.store, seller), read_seller(deps.store, seller))
    habits = every.get(who.key)
    if habits and habits.quiet:
        return habits.quiet.zone
    return found.zone if found else "UTC"


async def find_draft(deps: Deps, room: Room, draft: str) -> Draft:
    """Raises AbsenceGone, for another seller's too."""
    if not is_id(draft, "absence") or shard_of(draft) != shard_of(room.id):
        raise AbsenceGone(outcome="")
    found = await deps.glance.take(f"absence/{draft}", lambda: store.read_draft(deps.store, draft))
    if found is None or found.seller != room.seller:
        raise AbsenceGone(outcome="")
    return found


def is_own(rest: str) -> bool:
    """Whether it is about the member and not about a shop."""
    return _own(rest)[0]


def _own(rest: str) -> tuple[bool, str]:
    first, _, more = rest.strip().partition(" ")
    return (True, more) if first.casefold() == "me" else (False, rest)


def _shops_named(shops: Sequence[Here], typed: str) -> tuple[Sequence[Here], str]:
    """All of them, or the one whose name begins the text."""
    for shop in sorted(shops, key=lambda each: -len(each.shop.name)):
        name, rest = shop.shop.name, typed.strip()
        if rest.casefold().startswith(name.casefold()) and not rest[len(name) : len(name) + 1].isalnum():
            return [shop], rest[len(name) :].lstrip(" :,")
    return shops, typed


def _note_of(typed: str) -> str:
    """What was typed with no time in it is the note, unless it was meant to be one."""
    return "" if any(character.isdigit() for character in typed) else typed


def kept_note(note: str, shops: Sequence[Here], start: int) -> str:
    """Who only gives an absence that is under way another end leaves its note as it is."""
    if note or start:
        return note
    under_way = (domain.in_force(each.availability, each.now) for each in shops)
    return next((each.note for each in under_way if each and each.note), "")


async def _chosen(asking: Asking, choice: str, key: str) -> Answer:
    """Another end or fewer shops: a draft of its own, so that each preview is confirmed as it was shown."""
    draft, shops, now = asking.draft, asking.shops, asking.deps.clock.now()
    found = _AMOUNT.fullmatch(choice)
    if found is None and choice != OPEN_END:
        return replace(_question(asking), replaces=True)
    number = int(found["number"]) if found else 0
    match found["what"] if found else OPEN_END:
        case "for":
            draft = replace(draft, start=0, end=now + number * MINUTE)
        case "till":
            draft = replace(draft, end=number * MINUTE)
        case "only" if number < len(shops):
            draft, shops = replace(draft, shops=(draft.shops[number],)), [shops[number]]
        case "back":
            draft = replace(draft, end=None)
    if not draft.is_ahead(now) or (draft.end or now) > now + LONGEST:
        return replace(_question(asking, text.words("over")), replaces=True)
    made = await store.keep_draft(asking.deps.store, draft, key=key)
    return replace(await propose(replace(asking, draft=made, shops=shops)), replaces=True)


async def propose(asking: Asking) -> Answer:
    """Everything that follows, before anything goes out; what is only the member's own is done at once."""
    deps, draft, shops = asking.deps, asking.draft, asking.shops
    if draft.own:
        return await absences.go(deps, asking.room, draft, text.named(shops), asking.zone)
    told = await text.preview(deps, draft, shops, asking.zone)
    wanted = (draft.contact,) if draft.contact else CONTACTS
    buttons = [_button(each, draft, each) for each in wanted]
    buttons[0] = replace(buttons[0], style=Style.PRIMARY)
    buttons.append(_button("ask", draft, "ask"))
    if len(shops) > 1:
        offered = enumerate(shops[:MOST_ONLY])
        buttons += [_button("only", draft, f"only.{place}", shop=text.name(each)) for place, each in offered]
    buttons.append(_button("drop", draft, "drop"))
    allowed = draft.contact != "closed"  # where it is still asked, that is the usual answer
    seen = text.view(draft.start, draft.end, draft.note, asking.zone, contact_allowed=allowed)
    return Answer(told, quote=seen, buttons=tuple(buttons))


async def _drop(deps: Deps, draft: Draft) -> Answer:
    word = await spend_draft(deps.store, draft.id, "dropped")
    if word not in {"done", "repeated"}:
        raise AbsenceGone(outcome="" if word == "missing" else word)
    return Answer(text.words("dropped"), replaces=True)


async def _confirm(asking: Asking, *, contact_allowed: bool) -> Answer:
    deps, draft = asking.deps, asking.draft
    if not draft.is_ahead(deps.clock.now()):
        raise AbsenceGone(outcome="")
    word = await availability.go_away(deps, draft, asking.shops, contact_allowed=contact_allowed)
    wanted = "open" if contact_allowed else "closed"
    if word not in {"done", wanted}:  # told twice, it is one
        raise AbsenceGone(outcome="" if word in {"missing", "stale"} else word)
    said = text.confirmed(draft, asking.shops, asking.zone)
    return await _told(deps, asking.room, asking.shops, said, asking.zone)


async def _told(deps: Deps, room: Room, shops: Sequence[Here], said: Text, zone: str) -> Answer:
    return _with_sites(await _shops_of(deps, room, [each.shop.id for each in shops]), said, zone)


async def _shops_of(deps: Deps, room: Room, shops: Sequence[str]) -> list[Here]:
    """Raises NoSuchShop."""
    return await asyncio.gather(*(availability.here_of(deps, room.seller, shop) for shop in shops))


def _with_sites(shops: Sequence[Here], said: Text, zone: str) -> Answer:
    """And where a marketplace takes nothing from us, what is to be done there."""
    every = [each for each in shops if _is_by_hand(each)]
    by_hand = every[: text.MOST_SHOPS]
    told = [said, *(text.words("set_on_site", shop=text.name(each)) for each in by_hand)]
    told.append(text.more(len(every)))
    buttons = [
        button
        for each in by_hand
        for button in text.shop_buttons(each, zone, alone=len(every) == 1)
        if button.choice == "done"
    ]
    return Answer(lines(told), buttons=tuple(buttons), replaces=True)


def _is_by_hand(shop: Here) -> bool:
    told = shop.availability.telling
    return told is not None and told.outcome is domain.Outcome.BY_HAND


def _question(asking: Asking, why: Text = (), options: Sequence[int] = ()) -> Answer:
    """Until when, with the readings of what was typed or else the usual ends as buttons."""
    draft = asking.draft
    away_word = Words(f"{asking.prefix}away{' me' if draft.own else ''}", strong=True)
    told = [why, text.words("question", shops=text.named(asking.shops), own=draft.own)]
    told.append(text.words("write", away=away_word, own=draft.own))
    buttons = [_at(asking, at) for at in options] or _usual(asking)
    return Answer(lines(told), buttons=(*buttons, _button("days", draft, "days")))


def _usual(asking: Asking) -> list[Button]:
    ends = usual_ends(asking.deps.clock.now(), asking.zone)
    return [Button(label, Verb.AWAY, asking.draft.id, choice=choice) for choice, label in ends]


def usual_ends(now: int, zone: str) -> list[tuple[str, Text]]:
    """1 h, 4 h, tonight, until tomorrow 9:00, until they come back: each as a choice, and in words."""
    there = zone_named(zone)
    today = local(there, now).date()
    evening = instant(there, today, EVENING)
    morning = instant(there, today + timedelta(days=1), MORNING)
    ends = [(f"for.{60 * count}", text.words("button_hours", count=count)) for count in (1, 4)]
    if evening > now + HOUR:
        clock = times.clock(evening, zone)
        ends.append((f"till.{evening // MINUTE}", text.words("button_tonight", clock=clock)))
    ends.append((f"till.{morning // MINUTE}", text.words("button_morning")))
    return [*ends, (OPEN_END, text.words("button_open_end"))]


def chosen_end(choice: str, now: int) -> int | None:
    """Of one of the usual ends; None until they come back, 0 for what is no end, or over."""
    if choice == OPEN_END:
        return None
    found = _AMOUNT.fullmatch(choice)
    if found is None or found["what"] == "only":
        return 0
    number = int(found["number"]) * MINUTE
    end = now + number if found["what"] == "for" else number
    return end if now < end <= now + LONGEST else 0


def _days(asking: Asking) -> tuple[Button, ...]:
    there = zone_named(asking.zone)
    first = local(there, max(asking.draft.start, asking.deps.clock.now())).date()
    ends = (instant(there, first + timedelta(days=ahead), MORNING) for ahead in range(1, DAYS + 1))
    return tuple(_at(asking, at) for at in ends)


def _at(asking: Asking, at: int) -> Button:
    return _button("at", asking.draft, f"till.{at // MINUTE}", at=times.when(at, asking.zone))


def _button(block: str, draft: Draft, choice: str, *, style: Style = Style.PLAIN, **values: object) -> Button:
    return Button(text.words(f"button_{block}", **values), Verb.AWAY, draft.id, choice=choice, style=style)


async def _seller(deps: Deps, room: Room) -> Seller:
    found = await read_seller(deps.store, room.seller)
    if found is None:
        raise NoSuchShop
    return found
