"""Go away and come back: what members set of a shop's availability, and what its marketplace takes of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.domain import availability as domain
from core.domain.absences import Absence, AvailabilityTold, absences
from core.domain.availability import Availability, OwnAbsence, Telling, around
from core.domain.shops import Shop
from core.errors import NoSuchShop
from core.services.deps import Deps
from core.store import availability as store
from core.store.availability import Change, Draft, Kept, Told
from core.store.shops import KnownShop, is_shop, know_shop
from core.store.store import Fields

TRIES = 20  # each time somebody else changed something meanwhile

Move = Callable[[Availability], Availability]


@dataclass(frozen=True, slots=True)
class Here:
    """A shop with all that is known of its availability, at `now`."""

    known: KnownShop
    kept: Kept
    now: int

    @property
    def shop(self) -> Shop:
        return self.known.shop

    @property
    def availability(self) -> Availability:
        return self.kept.availability

    @property
    def absence(self) -> Absence | None:
        """The one that it is in by what its marketplace says."""
        return around(self.known.absences, self.now)

    @property
    def wish(self) -> OwnAbsence | None:
        return domain.wanted(self.availability, self.now)


async def here(deps: Deps, shop: str) -> Here | None:
    """None for an unknown shop."""

    async def read() -> tuple[KnownShop | None, Kept]:
        return await asyncio.gather(know_shop(deps.store, shop), store.read_availability(deps.store, shop))

    known, kept = await deps.glance.take(f"shop/{shop}", read)
    return Here(known, kept, deps.clock.now()) if known else None


async def here_of(deps: Deps, seller: str, shop: str) -> Here:
    """Raises NoSuchShop, for another seller's too."""
    found = await here(deps, shop) if is_shop(deps.store, shop) else None
    if found is None or found.shop.seller != seller:
        raise NoSuchShop
    return found


async def of_seller(deps: Deps, seller: str) -> list[Here]:
    """All its shops, by their names."""
    read = await deps.glance.take("shops", lambda: store.read_shops(deps.store, seller=seller))
    found = [Here(known, kept, deps.clock.now()) for known, kept in read if known.shop.seller == seller]
    return sorted(found, key=lambda each: (each.shop.name.casefold(), each.shop.id))


async def go_away(deps: Deps, draft: Draft, shops: Sequence[Here], *, contact_allowed: bool) -> str:
    """The draft's absence for all its shops, as they were read, once.

    done, missing, or the outcome that the draft has already.
    """
    # It begins no later than it is told: a marketplace would show buyers an absence that is yet to come.
    now = min((each.now for each in shops), default=deps.clock.now())
    absence = OwnAbsence(draft.id, draft.start or now, draft.end, contact_allowed, draft.note, draft.by)
    return await _move(
        deps,
        draft.seller,
        draft.shops,
        lambda kept: domain.set_absence(kept, absence, now),
        read=shops,
        spends=(draft.id, "open" if contact_allowed else "closed"),
    )


async def come_back(deps: Deps, seller: str, shops: Sequence[Here]) -> str:
    """The absence that is under way is over, ours or the marketplace's own. `shops` as they were read."""
    now = deps.clock.now()

    def ended(kept: Availability) -> Availability:
        under_way = domain.in_force(kept, now)
        return domain.end_absence(kept, under_way.id, now) if under_way else kept

    return await _move(deps, seller, [each.shop.id for each in shops], ended, read=shops, anew=True)


async def cancel(deps: Deps, seller: str, shop: str, absence: str) -> str:
    """One that was planned never begins."""
    now = deps.clock.now()
    return await _move(deps, seller, [shop], lambda kept: domain.end_absence(kept, absence, now))


async def tell_again(deps: Deps, seller: str, shop: str) -> str:
    """What was refused, or changed on the site, is told once more."""
    return await _move(deps, seller, [shop], lambda kept: kept, anew=True)


async def follow_site(deps: Deps, seller: str, shop: str) -> str:
    now = deps.clock.now()
    return await _move(deps, seller, [shop], lambda kept: domain.follow_site(kept, now), silent=True)


async def done_by_hand(deps: Deps, seller: str, shop: str) -> bool:
    """By this member's word it is set on the site. False where nothing is waited for."""
    found = await here_of(deps, seller, shop)
    told = found.availability.telling
    if told is None or told.outcome is not domain.Outcome.BY_HAND:
        return False
    await receive(deps, found, told.id, deps.clock.now())
    return True


def to_tell(found: Here, telling: str) -> Telling | None:
    """What is still to be told under this id."""
    told = found.availability.telling
    return told if told and told.id == telling and told.is_open else None


async def receive(deps: Deps, read: Here, telling: str, at: int) -> None:
    """The marketplace has taken what it was told, or a member has told it: from then on it holds, and members hear it.

    `read` is the shop as it was; it is read anew where something came between.
    """
    found: Here | None = read
    while found is not None:
        then = domain.accept(found.availability, telling, at)
        change = Change(found.kept, then)
        if then != found.availability:
            change = _received(deps, found, then, _told(then, telling, at))
        word = await store.commit_availability(deps.store, found.shop.seller, [change], delivery=telling)
        if word != "stale":
            return
        found = await here(deps, found.shop.id)


def _received(deps: Deps, found: Here, then: Availability, told: Told) -> Change:
    """With what follows at once, unless more is to be told: that is for the look that comes next."""
    since = (*found.known.told, AvailabilityTold(told.at, told.absence))
    known = replace(found.known, told=since, absences=absences(since))
    kept = replace(found.kept, availability=then)
    looked = _looked(deps, Here(known, kept, max(told.at, deps.clock.now())))
    return Change(found.kept, then, told=told) if looked.tells else replace(looked, was=found.kept, told=told)


async def be_refused(deps: Deps, shop: Shop, telling: str, problem: str) -> None:
    while True:
        was = await store.read_availability(deps.store, shop.id)
        then = domain.refuse(was.availability, telling, problem)
        if then == was.availability or await _commit(deps, shop.seller, [Change(was, then)]) != "stale":
            return


async def look(deps: Deps, shop: str) -> bool:
    """Something began, ended or was said: keep what follows, and tell members. False for an unknown shop."""
    for _ in range(TRIES):
        found = await here(deps, shop)
        if found is None:
            return False
        if await _commit(deps, found.shop.seller, [_looked(deps, found)]) != "stale":
            break
    return True


def _looked(deps: Deps, found: Here) -> Change:
    heard = domain.hear(found.availability, found.kept.site)
    then, news = domain.review(heard, found.known.absences, found.now)
    tells = _is_to_be_told(found, then)
    if tells:
        then = _tell(deps, found, then)
    told = then.telling
    facts: Fields = {"problem": told.problem} if told and told.problem else {}
    return Change(
        found.kept,
        then,
        tells=tells and _sends(deps, found.shop),
        news=dict.fromkeys(news, facts),
        looked=True,
        next_at=domain.next_look(then, found.known.absences, found.now),
    )


async def _move(
    deps: Deps,
    seller: str,
    shops: Sequence[str],
    move: Move,
    *,
    read: Sequence[Here] = (),
    anew: bool = False,
    silent: bool = False,
    spends: tuple[str, str] = ("", ""),
) -> str:
    """`read`: the shops as they were. `anew`: the marketplace is told whether or not it was; `silent`: it is not told.

    `spends`: the draft that it comes from, and what became of that.
    """
    draft, outcome = spends
    word = "stale"
    for _ in range(TRIES):
        changes, found_now = [], read or await asyncio.gather(*(here_of(deps, seller, shop) for shop in shops))
        read = ()
        for found in found_now:
            then = move(found.availability)
            tells = not silent and _is_to_be_told(found, then, anew=anew)
            if tells:
                then = _tell(deps, found, then)
            changes.append(Change(found.kept, then, tells=tells and _sends(deps, found.shop)))
        word = await _commit(deps, seller, changes, draft=draft, outcome=outcome)
        if word != "stale":
            break
    return word


async def _commit(deps: Deps, seller: str, changes: Sequence[Change], *, draft: str = "", outcome: str = "") -> str:
    return await store.commit_availability(deps.store, seller, changes, draft=draft, outcome=outcome)


def _is_to_be_told(found: Here, then: Availability, *, anew: bool = False) -> bool:
    """What is on its way or stands there already is told once. What is only planned waits while the site has an
    absence of its own, which it would replace there."""
    wish, told, site = domain.wanted(then, found.now), then.telling, found.kept.site
    stands = told and told.settled_at is not None and (site is None or site.at <= told.settled_at)
    if told and told.absence == wish and (told.is_open or stands):
        return False
    if wish and wish.start > found.now and found.absence and not anew:
        return False
    return anew or not domain.is_told(then, found.now)


def _tell(deps: Deps, found: Here, then: Availability) -> Availability:
    telling = f"{found.shop.id}-availability-{found.availability.version + 1}"
    return domain.tell(then, telling, found.now, sends=_sends(deps, found.shop))


def _sends(deps: Deps, shop: Shop) -> bool:
    return deps.taken_by(shop).sends


def _told(then: Availability, telling: str, at: int) -> Told:
    absence = then.telling.absence.absence if then.telling and then.telling.absence else None
    # What was received before the marketplace knew was received by an available shop.
    held = absence and Absence(max(absence.start, at), absence.end, absence.contact_allowed)
    return Told(telling, at, held)
