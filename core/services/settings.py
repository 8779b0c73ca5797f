"""Settings from chat: what holds now, what follows from it, and each thing that can be changed by a button or a form.

A choice is a page (`seller`, `mine`, `room`), a form (`form.quiet`), or a setting with its value (`digest.off`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from core.domain.cards import Answer, Button, Field, Form, Verb
from core.domain.habits import Habits
from core.domain.members import Identity, Member, Right
from core.domain.obligations import ObligationKind
from core.domain.quiet_hours import QuietHours
from core.domain.reminders import Ladder, RungKind, plan
from core.domain.rooms import Room, RoomKind
from core.domain.sellers import Seller
from core.domain.spans import spelled
from core.domain.texts import Instant, Quote, Text, Words, cut, joined, lines
from core.domain.zones import SECOND, local, zone_named
from core.errors import NotAllowed, SettingUnread
from core.rendering import languages, say, speak
from core.services import links, times
from core.services.deps import Deps
from core.services.digests import moments_of
from core.services.members import require
from core.services.sellers import find_seller
from core.services.setting_changes import ALL, OFF, ON, SETTINGS, Said
from core.services.terms import habits_of
from core.store import rooms
from core.store.shops import know_shop, shops_of

PAGES = ("seller", "mine", "room")
MOST_SHOPS = 6
LONGEST_NAME = 24
LONGEST_VALUE = 120
# The fields of each form; it is known by the first.
FORMS: dict[str, tuple[str, ...]] = {
    "ladder": ("ladder",),
    "quiet": ("quiet",),
    "zone": ("zone",),
    "hold": ("hold",),
    "success_manager": ("success_manager",),
    "own_ladder": ("own_ladder",),
    "own_quiet": ("own_quiet", "own_zone"),
}
MAY_BE_EMPTY = {"success_manager", "own_zone"}
_GAP = (Words(", "),)


async def show(deps: Deps, room: Room, member: Member) -> Answer:
    """Everything at a glance, and a button for each page."""
    seller = await find_seller(deps, room.seller)
    habits = await habits_of(deps, room.seller, member.identity)
    told = [_say("head", seller=cut(seller.name, LONGEST_NAME)), *_of_seller(deps, seller)]
    told += [*_of_member(room, seller, habits, member.identity), *await _of_room(deps, room)]
    wanted = [page for page in PAGES if page == "mine" or member.may(Right.MANAGE)]
    buttons = tuple(_button(f"button_{page}", room.id, page) for page in wanted)
    return Answer(lines(told), buttons=buttons)


async def pressed(deps: Deps, room: Room, member: Member, target: str, choice: str) -> Answer:
    """Raises NotAllowed, SettingUnread. A choice of another version shows the settings."""
    name, _, value = choice.partition(".")
    if name == "form" and value in FORMS:
        await _require(deps, room, member.identity, value)
        return await _form(deps, room, member.identity, value)
    if name in SETTINGS:
        return await _change(deps, room, name, Said(member.identity, value, target=target))
    if name in PAGES:
        return await _page(deps, room, member, name)
    return replace(await show(deps, room, member), replaces=True)


async def submitted(deps: Deps, room: Room, by: Identity, values: Mapping[str, str]) -> Answer:
    """A form that was filled in: the field it is named for says which. Raises NotAllowed, SettingUnread."""
    typed = {name: value.strip() for name, value in values.items()}
    name = next((name for name in FORMS if name in typed), "")
    if not name:
        raise SettingUnread(problem=Quote("?"))
    return await _change(deps, room, name, Said(by, typed[name], zone=typed.get("own_zone", "")))


async def _change(deps: Deps, room: Room, name: str, said: Said) -> Answer:
    member = await _require(deps, room, said.by, name)
    try:
        await SETTINGS[name].change(deps, room, said)
    except ValueError as error:
        raise SettingUnread(problem=cut(str(error), LONGEST_VALUE)) from None
    seller = await find_seller(deps, room.seller)
    speak(seller.language)
    now = await rooms.read_room(deps.store, room.id) or room
    return await _page(deps, now, member, SETTINGS[name].page, saved=True)


async def _require(deps: Deps, room: Room, by: Identity, name: str) -> Member:
    """Raises NotAllowed. Whoever may never act keeps no habits either: all members' plans would heed them."""
    setting = SETTINGS[name]
    if setting.page == "mine" and by.outsider:
        raise NotAllowed(right=Right.MANAGE, to="")
    return await require(deps, room, by, setting.right)


async def _page(deps: Deps, room: Room, member: Member, page: str, *, saved: bool = False) -> Answer:
    seller = await find_seller(deps, room.seller)
    told = [_say("saved")] if saved else []
    match page:
        case "seller":
            told += [*_of_seller(deps, seller), *await _next(deps, seller, seller.ladder, seller.quiet)]
            buttons = _seller_buttons(room, seller)
        case "mine":
            habits = await habits_of(deps, room.seller, member.identity)
            told += _of_member(room, seller, habits, member.identity)
            told += await _next(deps, seller, habits.ladder or seller.ladder, habits.quiet or seller.quiet)
            buttons = _member_buttons(room, habits)
        case _:
            told += [*await _of_room(deps, room), _say("next_room")]
            buttons = await _room_buttons(deps, room, member)
    back = _button("button_back", room.id, "back")
    return Answer(lines(told), buttons=(*buttons, back), replaces=True)


def _of_seller(deps: Deps, seller: Seller) -> list[Text]:
    now = deps.clock.now()
    clock = Words(f"{local(zone_named(seller.zone), now):%H:%M}")
    told = [at for at in moments_of(seller, now).values() if at is not None]
    return [
        _say("reminders", steps=_steps(seller.ladder), soft=seller.ladder.soft),
        _quiet("quiet", seller.quiet) if seller.quiet else _say("no_quiet"),
        _say("zone", zone=Words(seller.zone), clock=clock),
        _say("language", language=Words(languages()[seller.language])),
        _say("digest", digest=seller.digest, next=Instant(min(told), seller.zone) if told else None),
        _say("hold", seconds=seller.hold // SECOND),
        _say("success_manager", name=Quote(seller.success_manager) if seller.success_manager else None),
    ]


def _of_member(room: Room, seller: Seller, habits: Habits, who: Identity) -> list[Text]:
    own = habits.ladder
    ring = dict(room.rings).get(who)
    return [
        _say("mine_reminders", own=own is not None, steps=_steps(own) if own else None),
        _quiet("mine_quiet", habits.quiet) if habits.quiet else _say("mine_no_quiet", sleepless=seller.quiet is None),
        _say("mine_ring", ring=ring.value if ring else ""),
    ]


async def _of_room(deps: Deps, room: Room) -> list[Text]:
    known = await asyncio.gather(*(know_shop(deps.store, shop) for shop in room.share.shops[:MOST_SHOPS]))
    shops = joined([(cut(each.shop.name, LONGEST_NAME),) for each in known if each], _GAP)
    return [
        _say("room_share", kind=room.share.kind.value if room.share.kind else "", shops=shops or None),
        _say("room_answerers", answerers=room.answerers.value),
    ]


async def _next(deps: Deps, seller: Seller, ladder: Ladder, quiet: QuietHours | None) -> list[Text]:
    """What a message to the first shop would bring, if it came now."""
    shops = await shops_of(deps.store, seller.id)
    known = await know_shop(deps.store, shops[0]) if shops else None
    now = deps.clock.now()
    rule = known.governs(now)[1].rule(ObligationKind.INBOX) if known else None
    deadline = rule.deadline(now) if rule else None
    if rule is None or deadline is None:
        return []
    rungs = plan(now, rule.soft_targets(now), deadline, ladder, quiet, now, told_until=now)
    times = [(Instant(rung.at, seller.zone),) for rung in rungs if rung.kind is not RungKind.BREACH]
    due = Instant(deadline, seller.zone)
    if not times:
        return [_say("next_none", deadline=due)]
    return [_say("next", times=joined(times, _GAP), deadline=due)]


def _seller_buttons(room: Room, seller: Seller) -> tuple[Button, ...]:
    buttons = [_form_button("ladder", room.id), _toggle("soft", room.id, on=seller.ladder.soft)]
    buttons.append(_form_button("quiet", room.id))
    if seller.quiet:
        buttons += [
            _button("button_no_quiet", room.id, f"quiet.{OFF}"),
            _toggle("wakes", room.id, on=seller.wakes),
        ]
    buttons.append(_form_button("zone", room.id))
    buttons += [
        _button("button_language", room.id, f"language.{code}", language=Words(name))
        for code, name in list(languages().items())[:3]
        if code != seller.language
    ]
    buttons += [_toggle("digest", room.id, on=seller.digest), _form_button("hold", room.id)]
    buttons.append(_form_button("success_manager", room.id))
    return tuple(buttons)


def _member_buttons(room: Room, habits: Habits) -> tuple[Button, ...]:
    buttons = [_form_button("own_ladder", room.id)]
    if habits.ladder:
        buttons.append(_button("button_no_own_ladder", room.id, "own_ladder."))
    buttons.append(_form_button("own_quiet", room.id))
    if habits.quiet:
        buttons.append(_button("button_no_own_quiet", room.id, "own_quiet."))
        buttons.append(_toggle("wakes", room.id, on=habits.quiet.rings_through, setting="own_wakes"))
    return (*buttons, *links.ring_buttons(room))


async def _room_buttons(deps: Deps, room: Room, member: Member) -> tuple[Button, ...]:
    kinds = [
        (ALL, room.share.kind is not None),
        *((kind.value, room.share.kind is not kind) for kind in ObligationKind),
    ]
    buttons = [_button(f"button_kind_{kind}", room.id, f"kind.{kind}") for kind, is_other in kinds if is_other]
    every = await shops_of(deps.store, room.seller)
    if len(every) > 1:
        known = await asyncio.gather(*(know_shop(deps.store, shop) for shop in every[:MOST_SHOPS]))
        buttons += [_shop_button(room, each.shop.id, each.shop.name) for each in known if each]
    if room.kind is RoomKind.PUBLIC and member.may(Right.LINK):
        buttons += links.answerer_buttons(room)
    return tuple(buttons)


def _shop_button(room: Room, shop: str, name: str) -> Button:
    shown = not room.share.shops or shop in room.share.shops
    return _button("button_shop", shop, f"shop.{OFF if shown else ON}", on=shown, shop=cut(name, LONGEST_NAME))


async def _form(deps: Deps, room: Room, by: Identity, name: str) -> Answer:
    seller = await find_seller(deps, room.seller)
    habits = await habits_of(deps, room.seller, by)
    fields = tuple(_field(each, _value(each, seller, habits)) for each in FORMS[name])
    title, submit = _say("form_title"), _say("form_submit")
    return Answer(form=Form(Verb.SETTINGS, room.id, title=title, submit=submit, fields=fields))


def _field(name: str, value: str) -> Field:
    words = name.removeprefix("own_")
    label, hint = _say(f"form_{words}"), _say(f"hint_{words}")
    return Field(name, label, LONGEST_VALUE, value, hint, short=True, optional=name in MAY_BE_EMPTY)


def _value(name: str, seller: Seller, habits: Habits) -> str:
    """As it is typed."""
    match name:
        case "ladder" | "own_ladder":
            own = habits.ladder if name == "own_ladder" else None
            return ",".join(spelled(step) for step in (own or seller.ladder).before) or OFF
        case "quiet" | "own_quiet":
            quiet = (habits.quiet if name == "own_quiet" else None) or seller.quiet
            return f"{quiet.start}-{quiet.end}" if quiet else "22:00-07:00"
        case "zone" | "own_zone":
            return habits.quiet.zone if name == "own_zone" and habits.quiet else seller.zone
        case "hold":
            return str(seller.hold // SECOND)
        case _:
            return seller.success_manager


def _quiet(block: str, quiet: QuietHours) -> Text:
    start, end, zone = Words(quiet.start), Words(quiet.end), Words(quiet.zone)
    return _say(block, start=start, end=end, zone=zone, wakes=quiet.rings_through)


def _steps(ladder: Ladder) -> Text | None:
    return joined([times.span(step) for step in ladder.before], _GAP) if ladder.before else None


def _form_button(name: str, target: str) -> Button:
    return Button(_say(f"button_{name}"), Verb.SETTINGS, target, choice=f"form.{name}", opens=True)


def _toggle(name: str, target: str, *, on: bool, setting: str = "") -> Button:
    return _button(f"button_{name}", target, f"{setting or name}.{OFF if on else ON}", on=on)


def _button(block: str, target: str, choice: str, **values: object) -> Button:
    return Button(_say(block, **values), Verb.SETTINGS, target, choice=choice)


def _say(block: str, **values: object) -> Text:
    return say(f"answers/settings#{block}", **values)
