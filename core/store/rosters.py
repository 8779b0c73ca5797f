"""Rosters: the rooms of a seller, who is to be called in each, and the habits of its members; read at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.habits import Habits
from core.domain.members import Identity
from core.domain.rooms import Room
from core.domain.sellers import Seller
from core.store import keys
from core.store.rooms import to_room
from core.store.sellers import to_seller
from core.store.store import Store, fields_of
from core.store.terms import to_habits


@dataclass(frozen=True, slots=True)
class Roster:
    """`habits` by the keys of the members who have any; `persons` says of joined identities whose they are."""

    seller: Seller
    habits: Mapping[str, Habits]
    rooms: tuple[Room, ...]
    persons: Mapping[str, str] = field(default_factory=dict)

    def same(self, one: Identity, other: Identity) -> bool:
        """Whether they are one person, perhaps in two chats."""
        return self.persons.get(one.key, one.key) == self.persons.get(other.key, other.key)


async def read_roster(store: Store, room: str) -> Roster | None:
    """Of the seller of a room; None where the room is no more."""
    reply = await store.scripts.run("read_roster", keys.tag_of(room), room=room)
    if not reply:
        return None
    seller, fields, habits, rooms, persons = reply
    found = [(name.decode(), fields_of(each)) for name, each in rooms]
    return Roster(
        to_seller(seller.decode(), fields_of(fields)),
        to_habits(fields_of(habits)),
        tuple(to_room(name, each) for name, each in sorted(found, key=lambda each: each[0]) if each),
        fields_of(persons),
    )
