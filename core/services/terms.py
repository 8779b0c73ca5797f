"""When members are reminded: the settings of a seller, and the habits of each member; what is owed follows."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypedDict, Unpack

from core.domain.habits import Habits
from core.domain.holds import LONGEST_HOLD
from core.domain.members import Identity
from core.domain.quiet_hours import QuietHours
from core.domain.reminders import Ladder
from core.domain.sellers import Seller
from core.domain.zones import SECOND, zone_named
from core.errors import Misconfigured
from core.rendering import languages
from core.services.deps import Deps
from core.services.digests import moments_of
from core.services.histories import fold_all
from core.services.sellers import find_seller
from core.store import terms


class Changes(TypedDict, total=False):
    """What of a seller's settings is to be another one; `quiet` is taken to be in the zone of the seller."""

    ladder: Ladder
    quiet: QuietHours | None
    zone: str
    language: str
    digest: bool
    wakes: bool
    success_manager: str
    hold: int


PLANNED_BY = ("ladder", "quiet", "apart")
TOLD_BY = ("quiet", "zone", "digest")
TRIES = 20  # each time somebody else changed something meanwhile


async def set_terms(deps: Deps, seller: str, **changes: Unpack[Changes]) -> Seller:
    """The seller as it is then. Raises Misconfigured for an unknown seller, ValueError for what can be no setting."""
    if (language := changes.get("language")) is not None:
        language_named(language)
    for _ in range(TRIES):
        was = await find_seller(deps, seller)
        then = _in_its_zone(replace(was, **changes))
        moments = moments_of(then, deps.clock.now()) if _changes(was, then, TOLD_BY) else {}
        replans = _changes(was, then, PLANNED_BY)
        if await terms.set_terms(deps.store, was, then, moments, replans=replans) != "stale":
            return await find_seller(deps, seller)
    raise Misconfigured([f"The settings of {seller} are being changed by others all the time. Try again."])


def language_named(code: str) -> str:
    """Raises ValueError for one that Shopbell has no words in."""
    if code not in languages():
        known = ", ".join(f"{each} ({name})" for each, name in languages().items())
        raise ValueError(f"{code!r} is no language of Shopbell's; it speaks {known}.")
    return code


async def habits_of(deps: Deps, seller: str, who: Identity) -> Habits:
    """Those that this member chose."""
    return (await terms.read_habits(deps.store, seller)).get(who.key, Habits())


async def set_habits(deps: Deps, seller: str, who: Identity, habits: Habits) -> None:
    """A member's own ladder, quiet hours and absences, in place of all they chose before. Raises Misconfigured."""
    for _ in range(TRIES):
        was = await find_seller(deps, seller)
        every = {**await terms.read_habits(deps.store, seller), who.key: habits}
        apart = {each.steps: None for _, each in sorted(every.items()) if each.differ}
        then = replace(was, apart=tuple(apart))
        replans = _changes(was, then, PLANNED_BY)
        if await terms.set_habits(deps.store, was, then, who, habits, replans=replans) != "stale":
            return
    raise Misconfigured([f"The settings of {seller} are being changed by others all the time. Try again."])


async def replan(deps: Deps, seller: str, still: Callable[[], Awaitable[None]]) -> None:
    """Plan anew all that the seller owes. `still` is called now and then, so that nobody else begins the same."""
    cursor = "0"
    while True:
        await still()
        cursor, found = await terms.owed_page(deps.store, seller, cursor)
        await fold_all(deps, found, still)
        if cursor == "0":
            return


def _in_its_zone(seller: Seller) -> Seller:
    zone_named(seller.zone)
    if not 0 <= seller.hold <= LONGEST_HOLD:
        raise ValueError(f"A reply is held for {LONGEST_HOLD // SECOND} seconds at most.")
    if seller.quiet is None:
        return seller
    return replace(seller, quiet=replace(seller.quiet, zone=seller.zone, rings_through=seller.wakes))


def _changes(was: Seller, then: Seller, names: Iterable[str]) -> bool:
    return any(getattr(was, name) != getattr(then, name) for name in names)
