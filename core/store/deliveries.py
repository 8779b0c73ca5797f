"""Deliveries, kept: claimed from their lanes, and finished by what the other side said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.deliveries import Delivery, DeliveryKind, DeliveryState
from core.domain.members import Identity
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.conversations import MESSAGES_READ
from core.store.keys import Tag
from core.store.refs import REF_TTL
from core.store.scripts import word
from core.store.store import Fields, Store, fields_of, flat

TOLD_TTL = 7 * 86_400

_OWN = {"kind", "lane", "strand", "token", "tries", "was", "created", "intent"}
_NAMED = {"room", "shop", "conversation", "message"}


@dataclass(frozen=True, slots=True)
class Claim:
    """`next_at`: the wall instant at which the shard is next worth a look; None when nothing waits."""

    deliveries: tuple[Delivery, ...]
    next_at: int | None
    looks: Mapping[str, Any]  # what each is drawn from, by its id; see `core.store.looks`


async def claim(store: Store, tag: Tag, *, worker: str, lease: int, most: int) -> Claim:
    """Take what may be sent now, for `lease` milliseconds. A shard's lanes are served in the order they fell due."""
    reply = await store.scripts.run(
        "claim",
        tag,
        wall=store.clock.wall(),
        lease=lease,
        limit=most,
        worker=worker,
        messages=MESSAGES_READ,
    )
    deliveries = tuple(_to_delivery(name.decode(), fields_of(found)) for name, found, _ in reply[1])
    for each in deliveries:
        if each.tries == 1:
            store.metrics.note_wait(each.kind, each.intent - each.created)
    looks = {name.decode(): look for name, _, look in reply[1]}
    return Claim(deliveries, int(float(reply[0])) if reply[0] else None, looks)


async def finish_post(
    store: Store,
    delivery: Delivery,
    posted: str,
    calls: Sequence[Identity] = (),
    *,
    drawn: int = 0,
    pictures: tuple[str, Sequence[int]] = ("", ()),
) -> None:
    """It stands in the chat as `posted`; each of `calls` gets a direct message next.

    `drawn`: the version of the conversation that a card shows, so that it is redrawn if there is a newer one.
    `pictures`: a message, and which of its attachments are to be shown beside the card.
    """
    await store.scripts.run(
        "finish_post",
        keys.tag_of(delivery.room),
        wall=store.clock.wall(),
        delivery=delivery.id,
        room=delivery.room,
        conversation=delivery.conversation,
        posted=posted,
        is_card=delivery.kind is DeliveryKind.CARD,
        ref_ttl=REF_TTL,
        calls=[who.key for who in calls],
        token=delivery.token,
        drawn=drawn,
        message=pictures[0],
        pictures=list(pictures[1]),
    )
    store.metrics.count_delivery(delivery.kind, "sent")


async def postpone(
    store: Store,
    delivery: Delivery,
    at: int,
    problem: str,
    *,
    whole_lane: bool = False,
    lost: bool = False,
    unknown: bool = False,
) -> bool:
    """Try again at this wall instant. True when it is news that the destination is out of reach.

    What may have happened once stays so, whatever a later try says of itself.
    """
    reply = await store.scripts.run(
        "postpone",
        _tag(delivery),
        wall=store.clock.wall(),
        delivery=delivery.id,
        token=delivery.token,
        at=at,
        scope="lane" if whole_lane or lost else "strand",
        state=DeliveryState.UNKNOWN if unknown or delivery.was_unknown else DeliveryState.PENDING,
        problem=problem,
        lost=lost,
    )
    store.metrics.count_delivery(delivery.kind, _put_off(problem, unknown=unknown, lost=lost))
    return word(reply) == "lost"


def _put_off(problem: str, *, unknown: bool, lost: bool) -> str:
    if unknown or lost:
        return "unknown" if unknown else "out_of_reach"
    return "failed" if problem else "waits"  # Without a problem it only waits its turn in a budget.


async def drop(store: Store, delivery: Delivery) -> None:
    await _end(store, delivery, sent=False)


async def finish(store: Store, delivery: Delivery) -> None:
    """It was handed over, and nothing follows from that."""
    await _end(store, delivery, sent=True)


async def _end(store: Store, delivery: Delivery, *, sent: bool) -> None:
    await store.scripts.run("drop", _tag(delivery), wall=store.clock.wall(), delivery=delivery.id, sent=sent)
    store.metrics.count_delivery(delivery.kind, "sent" if sent else "dropped")


async def finish_thread(store: Store, delivery: Delivery, thread: str) -> None:
    """The card that comes next stands in this thread; where it is empty, in the room itself."""
    await store.scripts.run(
        "finish_thread",
        keys.tag_of(delivery.room),
        wall=store.clock.wall(),
        delivery=delivery.id,
        room=delivery.room,
        conversation=delivery.conversation,
        thread=thread,
    )
    store.metrics.count_delivery(delivery.kind, "sent")


async def repost(store: Store, delivery: Delivery, *, without_thread: bool) -> None:
    """Its card is gone from the chat, or the card's thread: post it anew, before what was to follow."""
    await store.scripts.run(
        "repost",
        _tag(delivery),
        wall=store.clock.wall(),
        delivery=delivery.id,
        token=delivery.token,
        card=f"{delivery.id}-{delivery.intent}-card",
        without_thread=without_thread,
    )
    store.metrics.count_delivery(delivery.kind, "reposted")


async def tell_rooms(store: Store, seller: str, about: str, facts: Fields, *, because: str) -> int:
    """A notice in every room of the seller but those of the lane `about`; how many there are. Once for each `because`.

    `about` may be a workspace, with a slash at its end.
    """
    told: int = await store.scripts.run(
        "tell_rooms",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        notice=derived_id("notice", shard_of(seller), seller, because),
        about=about,
        fields=flat(facts),
        lifetime=TOLD_TTL,
    )
    return told


async def tell_room(store: Store, seller: str, room: str, facts: Fields, *, because: str) -> int:
    """A notice in one room, or in the seller's others where that one is out of reach. Once for each `because`."""
    told: int = await store.scripts.run(
        "tell_room",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        notice=derived_id("notice", shard_of(seller), seller, because),
        only=room,
        fields=flat(facts),
        lifetime=TOLD_TTL,
    )
    return told


async def tell_outside(store: Store, seller: str, problem: str, *, because: str) -> None:
    """Where no room of the seller can be reached: its owners directly, its marketplaces. Once for each `because`."""
    await store.scripts.run(
        "tell_outside",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        notice=derived_id("notice", shard_of(seller), seller, "outside", because),
        problem=problem,
        lifetime=TOLD_TTL,
    )


async def reach_lane(
    store: Store, room: str, lane: str, *, reachable: bool, problem: str, retry_at: int, operation: str
) -> bool:
    """The platform says so. False when it was known, unless from this very `operation`."""
    reply = await store.scripts.run(
        "reach_lane",
        keys.tag_of(room),
        wall=store.clock.wall(),
        lane=lane,
        reachable=reachable,
        problem=problem,
        retry_at=retry_at,
        operation=operation,
    )
    return word(reply) == "done"


def _tag(delivery: Delivery) -> Tag:
    return keys.tag_of(delivery.room or delivery.shop or delivery.id)


def _to_delivery(delivery: str, fields: Fields) -> Delivery:
    return Delivery(
        id=delivery,
        kind=DeliveryKind(fields["kind"]),
        lane=fields["lane"],
        strand=fields["strand"],
        token=fields["token"],
        tries=int(fields["tries"]),
        was_unknown=fields["was"] == DeliveryState.UNKNOWN,
        created=int(fields["created"]),
        intent=int(fields["intent"]),
        **{name: fields.get(name, "") for name in _NAMED},
        facts={name: value for name, value in fields.items() if name not in _OWN | _NAMED},
    )
