"""Rooms, and the directory that finds them by their address, kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from core.domain.habits import Habits
from core.domain.members import Identity, Role
from core.domain.moments import MomentKind
from core.domain.obligations import ObligationKind
from core.domain.rooms import Address, Answerers, Place, Ring, Room, RoomKind, Share
from core.domain.zones import MINUTE
from core.ids import derived_id, shard_of
from core.ports.chat import Pace
from core.store import keys
from core.store.scripts import word
from core.store.store import Fields, Store, fields_of, pack, unpack

# What one chat is shown when it is linked: the obligations that end first; of the others it is told how many there are.
SHOWN_AT_LINKING = 500
HOMES = 50_000  # addresses that a process remembers: some megabytes
SEEN_EVERY = MINUTE  # it is not written down more often when a member did something
RANK = {Role.VIEWER: 0, Role.AGENT: 1, Role.MANAGER: 2, Role.OWNER: 3}


def room_fields(place: Place, by: Identity) -> Fields:
    """A new room: who links it is called by a mention; a public one lets nobody else answer until it is asked."""
    address = place.address
    return {
        "platform": address.platform,
        "workspace": address.workspace,
        "chat": address.chat,
        "thread": address.thread or "",
        "kind": place.kind,
        "title": place.title,
        "answerers": Answerers.PICKED if place.kind is RoomKind.PUBLIC else Answerers.EVERYONE,
        "rings": pack([[by.key, by.name, Ring.MENTION]]),
        **({"threads": "1"} if place.threads else {}),
    }


def linking_moment(room: str) -> str:
    return f"{MomentKind.LINKING}/{room}"


@dataclass(frozen=True, slots=True)
class Entered:
    """A room, and of somebody who does something there the role that they have and their zone, or the seller's."""

    room: Room
    role: Role | None
    zone: str
    is_noted: bool  # that they were here, just now


async def find_room(store: Store, address: Address) -> Room | None:
    """The linked room at an address, or the room whose cards have threads there. Directory and shard must agree."""
    found = await _find(store, address, None)
    return found.room if found else None


async def enter_room(store: Store, address: Address, who: Identity | None) -> Entered | None:
    """The same, with what is known of somebody who does something there right now, which is noted."""
    return await _find(store, address, who)


async def _find(store: Store, address: Address, who: Identity | None) -> Entered | None:
    # Where the room was last time, it nearly always is; it says itself whether it has the address still.
    if (last := store.homes.get(address)) and (there := await _at(store, last, address, who)):
        return there
    room = await store.engine.call("GET", keys.home(_directory(address)))
    found = await _at(store, room.decode(), address, who) if room else None
    if found is not None:
        if len(store.homes) >= HOMES:
            store.homes.clear()
        store.homes[address] = found.room.id
    if found is not None or address.thread is None:
        return found
    whole = await _find(store, replace(address, thread=None), who)
    return whole if whole and whole.room.threads else None


async def _at(store: Store, room: str, address: Address, who: Identity | None) -> Entered | None:
    """This room, if it is linked and has the address."""
    now = store.clock.now()
    reply, language, role, habits, zone, written = await store.scripts.run(
        "enter_room",
        keys.tag_of(room),
        room=room,
        who=who.key if who else "",
        seen=pack([who.name, now]) if who else "",
        now=now,
        every=SEEN_EVERY,
    )
    known = to_linked_room(room, reply, language)
    if known is None or known.address != address:
        return None
    own = msgspec.convert(unpack(habits.decode()), Habits) if habits else None
    there = own.quiet.zone if own and own.quiet else zone.decode()
    return Entered(known, Role(role.decode()) if role else None, there, bool(written))


async def read_room(store: Store, room: str) -> Room | None:
    reply, language = await store.scripts.run("read_room", keys.tag_of(room), room=room)
    return to_linked_room(room, reply, language)


def to_linked_room(room: str, reply: Any, language: bytes) -> Room | None:
    """As the scripts read it."""
    found = fields_of(reply)
    return replace(to_room(room, found), language=language.decode()) if found.get("state") == "linked" else None


async def promised_room(store: Store, room: str) -> Room | None:
    """A room whose link was begun and may not be finished."""
    found = fields_of(await store.engine.call("HGETALL", keys.room(keys.tag(shard_of(room)), room)))
    return to_room(room, found) if found.get("state") == "linking" else None


async def claim_address(store: Store, address: Address, room: str) -> str:
    """The room that has the address now: this one, unless another one has it that still is, or is about to be."""
    tag = _directory(address)
    holder = word(await store.scripts.run("claim_address", tag, room=room, dead=""))
    if holder == room or await store.engine.call("EXISTS", keys.room(keys.tag_of(holder), holder)):
        return holder
    # It was unlinked, and whoever did so died before the address was free.
    return word(await store.scripts.run("claim_address", tag, room=room, dead=holder))


async def confirm_room(store: Store, room: Room, pace: Pace, *, free_redraws: bool) -> bool:
    """The room is the seller's from now on, and is shown what is owed. False when it was already."""
    reply = await store.scripts.run(
        "confirm_room",
        keys.tag_of(room.id),
        wall=store.clock.wall(),
        room=room.id,
        lane=room.address.lane,
        pace=_lane_fields(pace, free_redraws=free_redraws),
        moment=linking_moment(room.id),
        rank=RANK,
        most=SHOWN_AT_LINKING,
        notice=derived_id("notice", shard_of(room.id), room.id),
    )
    return word(reply) == "done"


async def move_room(store: Store, room: Room, address: Address, pace: Pace, *, free_redraws: bool) -> Room | None:
    """The room that has the new address: a fresh one with all that this one had, unless another was linked there.

    None when the room is no more. Cut short, it is done again from the start.
    """
    fresh = replace(room, id=derived_id("room", shard_of(room.id), address.key, room.id), address=address)
    holder = await claim_address(store, address, fresh.id)
    if holder != fresh.id:
        await unlink_room(store, room)
        return await read_room(store, holder)
    reply = await store.scripts.run(
        "move_room",
        keys.tag_of(room.id),
        wall=store.clock.wall(),
        room=room.id,
        lane=room.address.lane,
        fresh=fresh.id,
        fresh_chat=address.chat,
        fresh_lane=address.lane,
        pace=_lane_fields(pace, free_redraws=free_redraws),
        most=SHOWN_AT_LINKING,
        notice=derived_id("notice", shard_of(room.id), fresh.id),
    )
    await store.scripts.run("leave_address", _directory(room.address), room=room.id)
    if word(reply) == "missing":
        await store.scripts.run("leave_address", _directory(address), room=fresh.id)
        return None
    return fresh


async def join_room(store: Store, room: str) -> None:
    """The promise of this room becomes a role in the room that its address has already."""
    tag, moment = keys.tag_of(room), linking_moment(room)
    await store.scripts.run("join_room", tag, room=room, moment=moment, rank=RANK)


async def abandon_room(store: Store, room: str) -> None:
    await store.scripts.run("abandon_room", keys.tag_of(room), room=room, moment=linking_moment(room))


async def unlink_room(store: Store, room: Room) -> None:
    """Nothing more is sent there. An address whose room is no more is free, also if we die between the two steps."""
    await store.scripts.run("unlink_room", keys.tag_of(room.id), room=room.id, lane=room.address.lane)
    await store.scripts.run("leave_address", _directory(room.address), room=room.id)


async def set_answerers(store: Store, room: Room, answerers: Answerers) -> None:
    await store.scripts.run("set_answerers", keys.tag_of(room.id), room=room.id, answerers=answerers)


async def set_ring(store: Store, room: Room, who: Identity, ring: Ring) -> None:
    await store.scripts.run("set_ring", keys.tag_of(room.id), room=room.id, who=who.key, name=who.name, ring=ring)


async def set_share(store: Store, room: Room, share: Share) -> None:
    """From now on; what is owed of it and does not stand there yet follows without a sound."""
    packed = f"{share.kind or ''}|{' '.join(share.shops)}" if share != Share() else ""
    tag = keys.tag_of(room.id)
    await store.scripts.run(
        "set_share", tag, room=room.id, share=packed, most=SHOWN_AT_LINKING, wall=store.clock.wall()
    )


async def rooms_of(store: Store, seller: str) -> list[str]:
    reply = await store.engine.call("HKEYS", keys.rooms(keys.tag_of(seller), seller))
    return sorted(room.decode() for room in reply)


async def lanes_of(store: Store, seller: str) -> Fields:
    """The lane of each of a seller's rooms, by the room's id."""
    return fields_of(await store.engine.call("HGETALL", keys.rooms(keys.tag_of(seller), seller)))


def to_room(room: str, fields: Fields) -> Room:
    address = Address(fields["platform"], fields["workspace"], fields["chat"], fields["thread"] or None)
    rings = tuple((to_identity(who, name), Ring(how)) for who, name, how in unpack(fields["rings"]))
    return Room(
        room,
        fields["seller"],
        address,
        RoomKind(fields["kind"]),
        fields["title"],
        Answerers(fields["answerers"]),
        rings,
        threads="threads" in fields,
        share=_to_share(fields.get("share", "|")),
    )


def _to_share(packed: str) -> Share:
    kind, _, shops = packed.partition("|")
    return Share(tuple(shops.split()), ObligationKind(kind) if kind else None)


def to_identity(who: str, name: str = "") -> Identity:
    platform, workspace, user = who.split("/", 2)
    return Identity(platform, workspace, user, name)


def _lane_fields(pace: Pace, *, free_redraws: bool) -> list[str]:
    fields = ["refill", str(pace.refill_ms), "burst", str(pace.burst)]
    return [*fields, "free", "3"] if free_redraws else fields


def _directory(address: Address) -> keys.Tag:
    return keys.directory_tag(hashlib.sha256(address.key.encode()).hexdigest()[:32])
