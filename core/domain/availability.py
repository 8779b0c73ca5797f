"""A shop's availability: the absences that members set for it, what its marketplace was told of them, and what it says.

The marketplace's word decides whether a shop is away: until it has accepted an absence, or says so itself, messages
count as usual. All times in milliseconds, UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from core.domain.absences import Absence
from core.domain.members import Identity
from core.domain.zones import MINUTE, SECOND

PATIENCE = 5 * SECOND  # until a marketplace that has not confirmed is spoken of


@dataclass(frozen=True, slots=True)
class OwnAbsence:
    """One that a member set. `end` None: until they come back. `note` is public: buyers read it."""

    id: str
    start: int
    end: int | None
    contact_allowed: bool = True
    note: str = ""
    by: Identity | None = None

    @property
    def absence(self) -> Absence:
        return Absence(self.start, self.end, self.contact_allowed)


class Outcome(StrEnum):
    """What became of what a marketplace was told."""

    ASKED = "asked"  # on its way, not confirmed
    BY_HAND = "by_hand"  # it takes none from us: a member sets it on the site
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Telling:
    """What the marketplace was told last: away for `absence`, or available. `id` names the delivery.

    `problem`: why it was refused, as it is kept; empty where it never answered. `settled_at`: when it accepted.
    `spoken`: the outcome that members know of.
    """

    id: str
    at: int
    absence: OwnAbsence | None
    outcome: Outcome = Outcome.ASKED
    problem: str = ""
    settled_at: int | None = None
    spoken: Outcome | None = None

    def is_over(self, now: int) -> bool:
        """Whatever became of it concerns nobody any more."""
        return self.absence is not None and not _lasts(self.absence, now)

    @property
    def is_open(self) -> bool:
        return self.outcome in {Outcome.ASKED, Outcome.BY_HAND}


@dataclass(frozen=True, slots=True)
class SiteWord:
    """What the marketplace said of itself, at `at`: away, or available where `absence` is None."""

    at: int
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Availability:
    """What is kept of it for a shop. `own` are the absences that are not over, by their start.

    `seen` is the absence that members know the shop to be in; `drift` the word of the marketplace that they were told
    differs from ours. `version` counts the changes.
    """

    own: tuple[OwnAbsence, ...] = ()
    telling: Telling | None = None
    site: SiteWord | None = None
    seen: Absence | None = None
    drift: SiteWord | None = None
    version: int = 0


class News(StrEnum):
    """What members are told of a shop's availability."""

    BEGAN = "began"
    PLANNED = "planned"  # the marketplace has it, and it begins later
    CANCELLED = "cancelled"  # one that had not begun
    RETURNED = "returned"
    UNCONFIRMED = "unconfirmed"
    BY_HAND = "by_hand"
    REFUSED = "refused"
    DRIFT = "drift"


def set_absence(kept: Availability, absence: OwnAbsence, now: int) -> Availability:
    """It takes the place of those it overlaps; one that is under way is only given another end."""
    under_way = in_force(kept, now)
    if under_way and absence.start <= now:
        absence = replace(absence, start=under_way.start)
    apart = [each for each in _ahead(kept, now) if not (_lasts(each, absence.start) and _lasts(absence, each.start))]
    return replace(kept, own=tuple(sorted((*apart, absence), key=lambda each: each.start)))


def end_absence(kept: Availability, id: str, now: int) -> Availability:
    """Over from now on, or never to begin."""
    return replace(kept, own=tuple(each for each in _ahead(kept, now) if each.id != id))


def in_force(kept: Availability, now: int) -> OwnAbsence | None:
    """The one of ours that is under way, whether or not the marketplace has it."""
    return next((each for each in kept.own if now in each.absence), None)


def wanted(kept: Availability, now: int) -> OwnAbsence | None:
    """What the marketplace is to know: the absence that is under way, or else the next; None: available."""
    return next(iter(_ahead(kept, now)), None)


def is_told(kept: Availability, now: int) -> bool:
    """Whether what the marketplace was told last is what it is to know. What it has replaced itself is not there."""
    wish, told = wanted(kept, now), kept.telling
    if wish is None:
        return told is None or told.absence is None or told.is_over(now) or drifts(kept, now)
    return told is not None and told.absence == wish


def tell(kept: Availability, id: str, now: int, *, sends: bool) -> Availability:
    """The marketplace is told what it is to know; by hand where it takes nothing from us."""
    outcome = Outcome.ASKED if sends else Outcome.BY_HAND
    return replace(kept, telling=Telling(id, now, wanted(kept, now), outcome), drift=None)


def accept(kept: Availability, id: str, at: int) -> Availability:
    """The marketplace has it. What was told since then is not confirmed by it."""
    told = kept.telling
    if told is None or told.id != id or told.outcome is Outcome.ACCEPTED:
        return kept
    return replace(kept, telling=replace(told, outcome=Outcome.ACCEPTED, problem="", settled_at=at), drift=None)


def refuse(kept: Availability, id: str, problem: str) -> Availability:
    told = kept.telling
    if told is None or told.id != id or not told.is_open:
        return kept
    return replace(kept, telling=replace(told, outcome=Outcome.REFUSED, problem=problem))


def follow_site(kept: Availability, now: int) -> Availability:
    """The marketplace's word holds, also where it differs from ours: ours is given up."""
    wish = wanted(kept, now)
    without = end_absence(kept, wish.id, now) if wish else kept
    return replace(without, telling=None, drift=None)


def hear(kept: Availability, site: SiteWord | None) -> Availability:
    """The marketplace spoke: what it says confirms what it was told, or differs from it."""
    if site is None or site == kept.site:
        return kept
    heard, told = replace(kept, site=site), kept.telling
    if told and told.is_open and told.at <= site.at and agree(told.absence, site):
        return accept(heard, told.id, site.at)
    return heard


def drifts(kept: Availability, now: int) -> bool:
    """Whether the marketplace has said, after it had accepted an absence that is not over, that it is otherwise."""
    told, site = kept.telling, kept.site
    if told is None or told.absence is None or site is None or told.settled_at is None:
        return False
    return _lasts(told.absence, now) and site.at > told.settled_at and not agree(told.absence, site)


def agree(own: OwnAbsence | None, site: SiteWord) -> bool:
    """To the minute, of what is still to come at the time of the word."""
    at, theirs = site.at, site.absence
    if own is None or not _lasts(own, at):
        return theirs is None or (theirs.end is not None and theirs.end <= at)
    if theirs is None or not _near(own.end, theirs.end):
        return False
    return _near(max(own.start, at), max(theirs.start, at)) and own.contact_allowed == theirs.contact_allowed


def around(absences: Iterable[Absence], now: int) -> Absence | None:
    """The absence that a shop is in by what its marketplace says, with those that follow without a gap."""
    known = sorted(absences, key=lambda each: each.start)
    found: Absence | None = None
    for each in known:
        if found is None:
            found = each if now in each else None
        elif found.end is not None and each.start <= found.end and (each.end is None or each.end > found.end):
            found = replace(found, end=each.end, contact_allowed=found.contact_allowed or each.contact_allowed)
    return found


def review(kept: Availability, absences: Iterable[Absence], now: int) -> tuple[Availability, tuple[News, ...]]:
    """What is to be kept at this instant, and what members are to be told: done again, that is nothing more."""
    current = around(absences, now)
    then = replace(_expired(kept, now), own=_ahead(kept, now), seen=current)
    news = [*_turns(kept.seen, current), *_outcomes(then.telling, now, was_away=kept.seen is not None)]
    if then.telling and _is_news(then.telling, now):
        then = replace(then, telling=replace(then.telling, spoken=then.telling.outcome))
    if drifts(then, now) and then.drift != then.site:
        return replace(then, drift=then.site), (News.DRIFT,)
    return then, tuple(news)


def next_look(kept: Availability, absences: Iterable[Absence], now: int) -> int | None:
    """When something begins or ends, or a marketplace has been silent for too long."""
    stretches = [*(each.absence for each in kept.own), *absences]
    instants = [at for each in stretches for at in (each.start, each.end) if at is not None]
    if kept.telling and kept.telling.is_open and kept.telling.spoken is None:
        instants.append(kept.telling.at + PATIENCE)
    return min((at for at in instants if at > now), default=None)


def _ahead(kept: Availability, now: int) -> tuple[OwnAbsence, ...]:
    return tuple(each for each in kept.own if _lasts(each, now))


def _lasts(absence: OwnAbsence, at: int) -> bool:
    """It is not over then."""
    return absence.end is None or absence.end > at


def _near(one: int | None, other: int | None) -> bool:
    """To the minute; no end is near to no end alone."""
    if one is None or other is None:
        return one == other
    return abs(one - other) < MINUTE


def _turns(seen: Absence | None, current: Absence | None) -> Iterator[News]:
    if current and not _is_same(current, seen):
        yield News.BEGAN
    elif seen and current is None:
        yield News.RETURNED


def _outcomes(told: Telling | None, now: int, *, was_away: bool) -> Iterator[News]:
    if told is None or not _is_news(told, now):
        return
    match told.outcome:
        case Outcome.ASKED:
            yield News.UNCONFIRMED
        case Outcome.BY_HAND:
            yield News.BY_HAND
        case Outcome.REFUSED:
            yield News.REFUSED
        case Outcome.ACCEPTED if told.absence is None and not was_away:
            yield News.CANCELLED
        case Outcome.ACCEPTED if told.absence and told.absence.start > now:
            yield News.PLANNED


def _is_news(told: Telling, now: int) -> bool:
    waits = told.is_open and now < told.at + PATIENCE
    return told.outcome is not told.spoken and not waits


def _is_same(current: Absence, seen: Absence | None) -> bool:
    if seen is None or current.contact_allowed != seen.contact_allowed:
        return False
    return _near(current.end, seen.end)


def _expired(kept: Availability, now: int) -> Availability:
    """What nobody confirmed until it was over was refused, as far as buyers are concerned: without a word."""
    told = kept.telling
    if told and told.is_open and told.is_over(now):
        return refuse(kept, told.id, "")
    return kept
