"""What a member sees of all their sellers at once: drawn from the state at the time of sending, and kept current."""

import asyncio
import random

from core.domain.actions import Visit
from core.domain.cards import Answer, Button, Style, Verb
from core.domain.deliveries import Delivery, chat_delay
from core.domain.inbox import Line, Spoken
from core.domain.members import Identity, Member, Right
from core.domain.overviews import Overview, Row, Section
from core.domain.rooms import Address, Place, Room
from core.domain.texts import Text, Words, cut, lines
from core.errors import OutsideError, TryLater, Unknown
from core.observability import log
from core.ports.chat import ChatPlatform
from core.rendering import ENGLISH, in_english, say, speak, speaking
from core.services import absences, availability, inbox
from core.services import availability_words as text
from core.services.availability_answers import zone_of
from core.services.availability_forms import FORM
from core.services.commands import prefix, rights
from core.services.deps import Deps
from core.services.errands import wait_until
from core.services.facts import until_recorded
from core.services.help import way_to
from core.services.members import admit, member_of
from core.store import deliveries, members, overviews, refs, rooms
from core.store.budgets import take_budget
from core.store.inbox import count_overdue
from core.store.sellers import read_seller

MOST_SELLERS = 5  # that are shown on one overview
LONGEST_NAME = 60
MENU = ("inbox", "quick", "rates", "settings", "members", "help")  # commands, as far as the member may


async def visit(deps: Deps, visited: Visit) -> Answer:
    """It is drawn as soon as the platform's budgets allow; for whoever acts for no seller, at once."""
    found = await rooms_of(deps, visited.by)
    looked = [await overviews.read_viewer(deps.store, room.seller, visited.by) for room, _ in found]
    if not any(looked):  # for the first time
        found = await _meet(deps, visited.by)
    await asyncio.gather(*(overviews.open_overview(deps.store, room.seller, visited.by) for room, _ in found))
    if not found:
        platform = deps.platforms[visited.by.platform]
        await platform.show_overview(visited.by, Overview(stranger(deps, visited.place), foot=_contact(deps)))
    return Answer()


async def turn(deps: Deps, room: Room, by: Identity, choice: str) -> Answer:
    """To another page of what waits; the overview itself is the answer."""
    await overviews.open_overview(deps.store, room.seller, by, inbox.page_number(choice))
    return Answer()


async def find_rooms(deps: Deps, who: Identity) -> list[tuple[Room, Member]]:
    """As `rooms_of`; of somebody who never did anything here it is asked in which chats they are."""
    return await rooms_of(deps, who) or await _meet(deps, who)


async def _meet(deps: Deps, who: Identity) -> list[tuple[Room, Member]]:
    """Whoever is in a linked chat could act there, and is known from now on."""
    chats = () if who.outsider else await deps.platforms[who.platform].chats_of(who)
    linked = await asyncio.gather(*(rooms.find_room(deps.store, chat) for chat in chats))
    await asyncio.gather(*(member_of(deps, room, who) for room in linked if room))
    return await rooms_of(deps, who)


async def rooms_of(deps: Deps, who: Identity) -> list[tuple[Room, Member]]:
    """For each seller that this person acts for one room from where they look at it; by the sellers' ids."""
    if who.outsider:
        return []
    known = await members.sellers_of(deps.store, who)
    found = await asyncio.gather(*(_room_for(deps, who, seller, room) for seller, room in sorted(known.items())))
    return [each for each in found if each]


async def _room_for(deps: Deps, who: Identity, seller: str, last: str) -> tuple[Room, Member] | None:
    """The one where they acted last; with a role of their own any of the seller's in this workspace."""
    room = await rooms.read_room(deps.store, last)
    if room is not None and room.seller == seller and (member := await admit(deps, room, who)):
        return room, member
    role, _ = await members.read_standing(deps.store, seller, who)
    every = await rooms.lanes_of(deps.store, seller) if role else {}
    for other, lane in sorted(every.items()):
        if lane.startswith(f"{who.platform}/{who.workspace}/") and (room := await rooms.read_room(deps.store, other)):
            member = await admit(deps, room, who)
            return (room, member) if member else None
    return None


async def carry_overview(deps: Deps, delivery: Delivery) -> None:
    """Draw it for whoever looks at it. What cannot be shown to them is not tried again until they open it anew."""
    who = overviews.viewer_of(delivery)
    platform = deps.platforms.get(who.platform)
    if platform is None:
        await until_recorded(lambda: overviews.finish_overview(deps.store, delivery, forget=True))
        return
    if free_at := await _free_at(deps, platform, who, delivery):
        await deliveries.postpone(deps.store, delivery, free_at, "")
        return
    try:
        await _show(deps, platform, who)
    except (TryLater, Unknown) as error:
        wall = deps.clock.wall()
        later = wall + round(1000 * chat_delay(delivery.tries, jitter=random.random()))  # noqa: S311 - no secret
        asked = isinstance(error, TryLater) and error.everything
        at = wait_until(wall, error, later) if isinstance(error, TryLater) else later
        await deliveries.postpone(deps.store, delivery, at, error.kept, whole_lane=asked)
    except OutsideError as error:
        log().info("overview_not_shown", delivery=delivery.id, error=type(error).__name__, why=in_english(error.kept))
        await until_recorded(lambda: overviews.finish_overview(deps.store, delivery, forget=True))
    else:
        await until_recorded(lambda: overviews.finish_overview(deps.store, delivery))


async def _free_at(deps: Deps, platform: ChatPlatform, who: Identity, delivery: Delivery) -> int | None:
    """The wall instant at which to ask again; None when every budget gave its token."""
    for budget in platform.budgets(Address(who.platform, who.workspace, who.user), delivery.kind):
        at = await take_budget(deps.store, budget)
        if at > deps.clock.wall():
            return at
    return None


async def _show(deps: Deps, platform: ChatPlatform, who: Identity) -> None:
    """What was outrun by another drawing is drawn again at once, from how things are by then."""
    with speaking():
        try:
            await platform.show_overview(who, await draw(deps, who))
        except TryLater as error:
            if error.after != 0:
                raise
            await platform.show_overview(who, await draw(deps, who))


async def draw(deps: Deps, who: Identity) -> Overview:
    """As it is now; the first seller's language goes on to be spoken."""
    found = await rooms_of(deps, who)
    shown = await asyncio.gather(*(_section(deps, room, member) for room, member in found[:MOST_SELLERS]))
    speak(found[0][0].language if found else ENGLISH)
    place = Place.of_workspace(who.platform, who.workspace)
    head = _say("more", count=len(found) - MOST_SELLERS) if len(found) > MOST_SELLERS else ()
    return Overview(head if found else stranger(deps, place), tuple(shown), _contact(deps))


def stranger(deps: Deps, place: Place) -> Text:
    """For whoever acts for no seller here, and for guests."""
    return _say("stranger", link=Words(f"{prefix(deps, place)}link CODE", strong=True))


async def _section(deps: Deps, room: Room, member: Member) -> Section:
    with speaking(room.language):
        return await _drawn(deps, room, member)


async def _drawn(deps: Deps, room: Room, member: Member) -> Section:
    who = member.identity
    viewer, seller, shops, late, zone = await asyncio.gather(
        overviews.read_viewer(deps.store, room.seller, who),
        read_seller(deps.store, room.seller),
        availability.of_seller(deps, room.seller),
        count_overdue(deps.store, room.seller),
        zone_of(deps, room.seller, who),
    )
    page = await inbox.page_of(deps, room, "", viewer.page if viewer else 0)
    standing = [text.standing(each, zone) for each in shops[: text.MOST_SHOPS]]
    own = await absences.standing(deps, room, who, zone)
    return Section(
        room.address,
        (cut(seller.name if seller else room.seller, LONGEST_NAME),),
        lines([*standing, text.more(len(shops)), own]),
        _switch(shops, zone) if member.may(Right.MANAGE) else (),
        lines([page.head if page.rows else _say("nothing"), _say("overdue", count=late) if late else ()]),
        tuple(await asyncio.gather(*(_row(deps, room, member, row, page.zone) for row in page.numbered))),
        inbox.page_buttons(Verb.OVERVIEW, "", page),
        _menu(member),
    )


def _switch(shops: list[availability.Here], zone: str) -> tuple[Button, ...]:
    """Away, and whatever can be done about the shops that are."""
    if not shops:
        return ()
    away = Button(_say("button_away"), Verb.AWAY, choice=FORM, opens=True)
    back = [b for each in shops[: text.MOST_SHOPS] for b in text.shop_buttons(each, zone, alone=len(shops) == 1)]
    return (*back, away)


async def _row(deps: Deps, room: Room, member: Member, listed: tuple[int, Line, Spoken], zone: str) -> Row:
    number, line, words = listed
    buyer = cut(line.buyer, inbox.LONGEST_NAME)
    reply = Button(
        say("cards/buttons#reply", buyer=buyer), Verb.REPLY, line.conversation, style=Style.PRIMARY, opens=True
    )
    card = await refs.card_in(deps.store, line.conversation, room)
    return Row(inbox.line_text(line, words, number, zone), (reply,) if member.may(Right.REPLY) else (), card)


def _menu(member: Member) -> tuple[Button, ...]:
    takes = rights()
    wanted = [word for word in MENU if member.may(takes[word])]
    return tuple(Button(_say(f"button_{word}"), Verb.COMMAND, choice=word) for word in wanted)


def _contact(deps: Deps) -> Text:
    return say("answers/help#contact", contact=way_to(deps.contact)) if deps.contact else ()


def _say(block: str, **values: object) -> Text:
    return say(f"answers/overview#{block}", **values)
