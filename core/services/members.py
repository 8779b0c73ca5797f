"""Who may do what, checked in one place at the time of the action."""

from core.domain.members import Identity, Member, Right, Role
from core.domain.rooms import Answerers, Room
from core.domain.texts import Text
from core.errors import NotAllowed
from core.rendering import say
from core.services.deps import Deps
from core.store import members


async def member_of(deps: Deps, room: Room, who: Identity) -> Member:
    """The person as a member of the room's seller. Guests, bots and strangers only look, whatever they were given.

    Someone without a role of their own is an agent where everyone may answer, and else a viewer.
    """
    if who.outsider:
        return Member(who, room.seller, Role.VIEWER)
    glance = deps.glance
    if glance.seller == room.seller and glance.who == who:
        return as_member(room, who, glance.role)
    return as_member(room, who, await members.meet_member(deps.store, room.seller, who, room.id))


def as_member(room: Room, who: Identity, role: Role | None) -> Member:
    """`role` is the one of their own."""
    if role is None:
        role = Role.AGENT if room.answerers is Answerers.EVERYONE else Role.VIEWER
    return Member(who, room.seller, role)


async def admit(deps: Deps, room: Room, who: Identity) -> Member | None:
    """Whoever acts on a room from elsewhere: with a role of their own, or else known and still able to look into it.

    None for everybody else, guests and strangers too.
    """
    if who.outsider or (who.platform, who.workspace) != (room.address.platform, room.address.workspace):
        return None
    role, known = await members.read_standing(deps.store, room.seller, who)
    if role is None and not (known and await deps.platforms[who.platform].reads(who, room.address)):
        return None
    return as_member(room, who, role)


async def require(deps: Deps, room: Room, who: Identity, right: Right, *, to: str = "") -> Member:
    """Raises NotAllowed; see there for `to`."""
    member = await member_of(deps, room, who)
    if not member.may(right):
        raise NotAllowed(right=right, to=to)
    return member


def role_of(role: str | None) -> Text:
    """Its name as people read it; nothing of none."""
    return say(f"answers/members#role_{role}") if role else ()
