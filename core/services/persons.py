"""Who works for a seller: listed, given roles and removed by an owner, and joined across chats by themselves."""

import re

from core.domain.actions import Press, operation
from core.domain.cards import Answer, Button, Style, Verb
from core.domain.members import Identity, Right, Role
from core.domain.persons import Person
from core.domain.rooms import Place, Room, RoomKind
from core.domain.texts import Instant, Quote, Text, Words, cut, joined, lines
from core.domain.zones import MINUTE
from core.errors import CodeUnknown, NotAllowed, NotLinked, UnknownMember
from core.rendering import say
from core.services.deps import Deps
from core.services.members import member_of, require, role_of
from core.store import links, members, rooms
from core.store.links import Joining
from core.store.sellers import read_seller

NAME_IN_LINE = 40  # code points
PAGE = 10  # persons on one list
CODE_LIVES = 10 * MINUTE
JOIN, ME = "join", "me"
REMOVED = "removed"

# `ask` shows what would change, `set` changes it; a person is named by their mark.
_CHOICE = re.compile(
    r"(?:(?P<what>show|ask|set)-)(?:(?P<role>owner|manager|agent|viewer|removed)-)?(?P<mark>[0-9a-f]{16})"
)
_PAGE = re.compile(r"page-(?P<number>[0-9]{1,4})")


async def show(deps: Deps, room: Room, by: Identity, *, page: int = 0, replaces: bool = False) -> Answer:
    """The persons of the seller, those with the most rights first; an owner gets a button for each."""
    found = await members.read_persons(deps.store, room.seller)
    seller = await read_seller(deps.store, room.seller)
    zone = seller.zone if seller else "UTC"
    shown = found[page * PAGE :][:PAGE]
    more = len(found) - (page + 1) * PAGE
    told = [say("answers/members#head", count=len(found)), *(_line(each, zone) for each in shown)]
    buttons = []
    if (await member_of(deps, room, by)).may(Right.LINK):
        told.append(say("answers/members#how"))
        buttons += [
            Button(say("cards/buttons#pick", buyer=_name(each)), Verb.MEMBERS, "", f"show-{each.mark}")
            for each in shown
        ]
    if more > 0:
        buttons.append(Button(say("answers/members#button_more", count=more), Verb.MEMBERS, "", f"page-{page + 1}"))
    buttons.append(Button(say("answers/members#button_join"), Verb.MEMBERS, "", JOIN))
    return Answer(lines(told), buttons=tuple(buttons), replaces=replaces)


async def pressed(deps: Deps, room: Room, press: Press) -> Answer:
    """A button below the list; what changes somebody's role takes an owner."""
    by, choice = press.by, press.choice
    if choice == JOIN:
        return await _offer(deps, room, press.place, by)
    if choice == ME:
        return await _join(deps, room, press.target, by)
    if turned := _PAGE.fullmatch(choice):
        return await show(deps, room, by, page=int(turned["number"]), replaces=True)
    chosen = _CHOICE.fullmatch(choice)
    if chosen is None:
        raise UnknownMember
    await require(deps, room, by, Right.LINK)
    found = await members.read_persons(deps.store, room.seller)
    person = next((each for each in found if each.mark == chosen["mark"]), None)
    if person is None:
        return await _set_before(deps, room, chosen["role"] or "", key=operation(press))
    match chosen["what"], chosen["role"]:
        case "show", None:
            return _choices(person)
        case "ask", str(role):
            return _question(person, role)
        case "set", str(role):
            return await _set(deps, room, person, role, key=operation(press))
        case _:
            raise UnknownMember


async def ask_join(deps: Deps, joining: Joining, place: Place, by: Identity) -> Answer:
    """A code that joins chats was typed: nothing happens before whoever typed it says that they made it."""
    room = await rooms.find_room(deps.store, place.address)
    if room is None or room.seller != joining.seller:
        raise NotLinked
    facts = {"maker": Quote(joining.maker.name or joining.maker.user), "chat": _chat(joining.maker)}
    yes = Button(say("answers/members#button_me"), Verb.MEMBERS, joining.digest, ME, style=Style.PRIMARY)
    return Answer(say("answers/members#ask_join", **facts), buttons=(yes,))


async def _offer(deps: Deps, room: Room, place: Place, by: Identity) -> Answer:
    """A code for this person's other chat, where nobody else can read it."""
    if by.outsider:
        raise NotAllowed(right=Right.REPLY)
    platform = deps.platforms[place.address.platform]
    if place.kind is not RoomKind.DIRECT and not platform.capabilities.whispers:
        return Answer(say("answers/members#in_private"))
    code, _ = await links.make_link(deps.store, room.seller, Role.VIEWER, CODE_LIVES, joins=by)
    other = next((each for name, each in deps.platforms.items() if name != by.platform), platform)
    facts = {"chat": Words(other.name.capitalize()), "minutes": CODE_LIVES // MINUTE}
    return Answer(say("answers/members#code", **facts), copy=f"{other.capabilities.command_prefix}link {code}")


async def _join(deps: Deps, room: Room, digest: str, by: Identity) -> Answer:
    if by.outsider:
        raise NotAllowed(right=Right.REPLY)
    word = await links.join_persons(deps.store, room.seller, digest, by) if digest else "missing"
    if word == "missing":
        raise CodeUnknown
    return Answer(say("answers/members#joined"), replaces=True)


def _choices(person: Person) -> Answer:
    name = "role_is" if person.role else "role_none"
    facts = {"who": _name(person), "role": role_of(person.role), "chats": _chats(person)}
    buttons = [
        Button(say(f"answers/members#button_{role.value}"), Verb.MEMBERS, "", f"ask-{role.value}-{person.mark}")
        for role in Role
        if role is not person.role
    ]
    remove = Button(
        say("answers/members#button_remove"), Verb.MEMBERS, "", f"ask-{REMOVED}-{person.mark}", style=Style.DANGER
    )
    back = Button(say("answers/members#button_back"), Verb.MEMBERS, "", "page-0")
    return Answer(say(f"answers/members#{name}", **facts), buttons=(*buttons, remove, back), replaces=True)


def _question(person: Person, role: str) -> Answer:
    facts = {"who": _name(person), "role": role}
    style = Style.DANGER if role == REMOVED else Style.PRIMARY
    yes = Button(
        say("answers/members#button_yes", role=role), Verb.MEMBERS, "", f"set-{role}-{person.mark}", style=style
    )
    no = Button(say("answers/members#button_no"), Verb.MEMBERS, "", f"show-{person.mark}")
    return Answer(say("answers/members#question", **facts), buttons=(yes, no), replaces=True)


async def _set_before(deps: Deps, room: Room, role: str, *, key: str) -> Answer:
    """Whoever is gone by this very press is named once more, should it be carried out again."""
    name = await members.named_before(deps.store, room.seller, key)
    if name is None:
        raise UnknownMember
    return Answer(say("answers/members#set", who=cut(name, NAME_IN_LINE), role=role), replaces=True)


async def _set(deps: Deps, room: Room, person: Person, role: str, *, key: str) -> Answer:
    given = None if role == REMOVED else Role(role)
    word = await members.set_role(deps.store, room.seller, person.key, given, operation=key, name=person.name)
    if word == "missing":
        raise UnknownMember
    name = "last" if word == "last" else "set"
    return Answer(say(f"answers/members#{name}", who=_name(person), role=role), replaces=True)


def _line(person: Person, zone: str) -> Text:
    seen = Instant(person.seen_at, zone) if person.seen_at is not None else None
    role = role_of(person.role)
    return say("answers/members#line", who=_name(person), role=role, chats=_chats(person), seen=seen)


def _chats(person: Person) -> Text:
    return joined(
        [(_chat(each),) for each in person.identities], (Words(" "), *say("answers/members#both"), Words(" "))
    )


def _name(person: Person) -> Quote:
    return cut(person.name, NAME_IN_LINE)


def _chat(who: Identity) -> Words:
    return Words(who.platform.capitalize())
