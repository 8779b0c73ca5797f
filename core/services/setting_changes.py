"""What each setting that can be reached from chat changes, and the right that it takes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core.domain.members import Identity, Right
from core.domain.obligations import ObligationKind
from core.domain.quiet_hours import QuietHours
from core.domain.reminders import Ladder
from core.domain.rooms import Room, Share
from core.domain.spans import to_clocks, to_spans
from core.domain.zones import SECOND, zone_named
from core.errors import NoSuchShop
from core.services.deps import Deps
from core.services.sellers import find_seller
from core.services.terms import habits_of, set_habits, set_terms
from core.store import rooms
from core.store.shops import shops_of

OFF = "off"
ON = "on"
ALL = "all"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Said:
    """A setting as it was pressed or typed: `target` is the shop it is about where it is about one."""

    by: Identity
    value: str
    zone: str = ""
    target: str = ""

    @property
    def is_on(self) -> bool:
        return self.value == ON


Change = Callable[[Deps, Room, Said], Awaitable[None]]
"""Raises ValueError for what cannot be, in words for whoever said it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`page`: where it stands, and what is shown once it was changed."""

    page: str
    right: Right
    change: Change


async def _ladder(deps: Deps, room: Room, said: Said) -> None:
    was = await find_seller(deps, room.seller)
    await set_terms(deps, room.seller, ladder=Ladder(_steps(said.value), was.ladder.soft))


async def _soft(deps: Deps, room: Room, said: Said) -> None:
    was = await find_seller(deps, room.seller)
    await set_terms(deps, room.seller, ladder=replace(was.ladder, soft=said.is_on))


async def _quiet(deps: Deps, room: Room, said: Said) -> None:
    await set_terms(deps, room.seller, quiet=_night(said.value))


async def _wakes(deps: Deps, room: Room, said: Said) -> None:
    await set_terms(deps, room.seller, wakes=said.is_on)


async def _zone(deps: Deps, room: Room, said: Said) -> None:
    await set_terms(deps, room.seller, zone=zone_named(said.value).key)


async def _language(deps: Deps, room: Room, said: Said) -> None:
    await set_terms(deps, room.seller, language=said.value)


async def _digest(deps: Deps, room: Room, said: Said) -> None:
    await set_terms(deps, room.seller, digest=said.is_on)


async def _hold(deps: Deps, room: Room, said: Said) -> None:
    seconds = said.value.removesuffix("s").strip()
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 4):
        raise ValueError(f"{said.value!r} is no number of seconds; write it as 8.")
    await set_terms(deps, room.seller, hold=int(seconds) * SECOND)


async def _success_manager(deps: Deps, room: Room, said: Said) -> None:
    if len(said.value) > LONGEST_NAME or not said.value.isprintable():
        raise ValueError(f"A name has at most {LONGEST_NAME} printable characters.")
    await set_terms(deps, room.seller, success_manager=said.value)


async def _own_ladder(deps: Deps, room: Room, said: Said) -> None:
    was = await habits_of(deps, room.seller, said.by)
    seller = await find_seller(deps, room.seller)
    own = None if said.value == "" else Ladder(_steps(said.value), seller.ladder.soft)
    await set_habits(deps, room.seller, said.by, replace(was, ladder=own))


async def _own_quiet(deps: Deps, room: Room, said: Said) -> None:
    was = await habits_of(deps, room.seller, said.by)
    seller = await find_seller(deps, room.seller)
    night = _night(said.value) if said.value else None
    zone = zone_named(said.zone).key if said.zone else seller.zone
    wakes = was.quiet.rings_through if was.quiet else seller.wakes
    own = replace(night, zone=zone, rings_through=wakes) if night else None
    await set_habits(deps, room.seller, said.by, replace(was, quiet=own))


async def _own_wakes(deps: Deps, room: Room, said: Said) -> None:
    was = await habits_of(deps, room.seller, said.by)
    if was.quiet:
        quiet = replace(was.quiet, rings_through=said.is_on)
        await set_habits(deps, room.seller, said.by, replace(was, quiet=quiet))


async def _kind(deps: Deps, room: Room, said: Said) -> None:
    kind = None if said.value == ALL else ObligationKind(said.value)
    await rooms.set_share(deps.store, room, replace(room.share, kind=kind))


async def _shop(deps: Deps, room: Room, said: Said) -> None:
    """With all of them, or none, the room is shown every shop."""
    every = await shops_of(deps.store, room.seller)
    if said.target not in every:
        raise NoSuchShop
    before = set(room.share.shops or every)
    chosen = before | {said.target} if said.is_on else before - {said.target}
    kept = tuple(shop for shop in every if shop in chosen)
    await rooms.set_share(deps.store, room, Share(() if len(kept) == len(every) else kept, room.share.kind))


def _steps(typed: str) -> tuple[int, ...]:
    return to_spans(typed.replace(" ", "").casefold())


def _night(typed: str) -> QuietHours | None:
    return None if typed.casefold() == OFF else QuietHours(*to_clocks(typed))


SETTINGS: dict[str, Setting] = {
    "ladder": Setting("seller", Right.MANAGE, _ladder),
    "soft": Setting("seller", Right.MANAGE, _soft),
    "quiet": Setting("seller", Right.MANAGE, _quiet),
    "wakes": Setting("seller", Right.MANAGE, _wakes),
    "zone": Setting("seller", Right.MANAGE, _zone),
    "language": Setting("seller", Right.MANAGE, _language),
    "digest": Setting("seller", Right.MANAGE, _digest),
    "hold": Setting("seller", Right.MANAGE, _hold),
    "success_manager": Setting("seller", Right.MANAGE, _success_manager),
    "own_ladder": Setting("mine", Right.READ, _own_ladder),
    "own_quiet": Setting("mine", Right.READ, _own_quiet),
    "own_wakes": Setting("mine", Right.READ, _own_wakes),
    "kind": Setting("room", Right.MANAGE, _kind),
    "shop": Setting("room", Right.MANAGE, _shop),
}
