"""A shop's availability as plain data: what the API answers. Times are RFC 3339."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.domain import availability as domain
from core.domain.absences import Absence
from core.domain.availability import Outcome, OwnAbsence, SiteWord, Telling
from core.domain.ledger import instant_text
from core.domain.policies import AwayRule, Policy, Scope
from core.domain.policy_variants import stricter
from core.rendering import in_english
from core.services.availability import Here, here
from core.services.availability_words import view
from core.services.deps import Deps

Time = str
From = Annotated[Time, Field(serialization_alias="from")]


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """`until` null: nobody knows yet. `buyers_see` is what they are told, word for word, in the seller's zone."""

    since: From
    until: Time | None
    accept_messages: bool
    note: str | None = None
    buyers_see: str | None = None


@dataclass(frozen=True, slots=True)
class TellingRecord:
    """What the marketplace was told last, and what became of it: `asked` and `by_hand` are not confirmed."""

    at: Time
    absence: AbsenceRecord | None
    outcome: Outcome
    problem: str | None
    settled: Time | None


@dataclass(frozen=True, slots=True)
class WordRecord:
    """What the marketplace said of itself last."""

    at: Time
    absence: AbsenceRecord | None


@dataclass(frozen=True, slots=True)
class MeanwhileRecord:
    """What the rules make of messages that come during an absence, and where that was read."""

    of: Scope
    rule: AwayRule
    policy: str
    source: str


@dataclass(frozen=True, slots=True)
class AvailabilityRecord:
    """`absence`: the shop is in it, by its marketplace's word, which the clocks follow. `planned` are those to come.

    `differs`: the marketplace has said otherwise than what it had accepted. `stricter`: other readings of its rules.
    """

    shop: str
    name: str
    as_of: Time
    available: bool
    absence: AbsenceRecord | None
    planned: list[AbsenceRecord]
    told: TellingRecord | None
    marketplace: WordRecord | None
    differs: bool
    meanwhile: list[MeanwhileRecord]
    stricter: list[MeanwhileRecord]


async def read_availability(deps: Deps, shop: str) -> AvailabilityRecord | None:
    """None for an unknown shop."""
    found = await here(deps, shop)
    if found is None:
        return None
    kept, zone, policy = found.availability, found.known.seller.zone, found.known.governs(found.now)[1]
    return AvailabilityRecord(
        shop=shop,
        name=found.shop.name,
        as_of=instant_text(found.now),
        available=found.absence is None,
        absence=_current(found, zone),
        planned=[_own(each, zone, found.now) for each in kept.own if each.start > found.now],
        told=_told(kept.telling, zone, found.now),
        marketplace=_word(found.kept.site),
        differs=domain.drifts(kept, found.now),
        meanwhile=_meanwhile(policy),
        stricter=_stricter(policy, deps),
    )


def _current(found: Here, zone: str) -> AbsenceRecord | None:
    """With its note, where it is one of ours."""
    current, own = found.absence, domain.in_force(found.availability, found.now)
    if current is None:
        return None
    if own is not None and own.end == current.end:
        return _own(own, zone, found.now)
    return _plain(current)


def _own(absence: OwnAbsence, zone: str, now: int) -> AbsenceRecord:
    start = absence.start if absence.start > now else 0
    return AbsenceRecord(
        since=instant_text(absence.start),
        until=_time(absence.end),
        accept_messages=absence.contact_allowed,
        note=absence.note or None,
        buyers_see=view(start, absence.end, absence.note, zone, contact_allowed=absence.contact_allowed).text,
    )


def _plain(absence: Absence) -> AbsenceRecord:
    return AbsenceRecord(instant_text(absence.start), _time(absence.end), accept_messages=absence.contact_allowed)


def _told(told: Telling | None, zone: str, now: int) -> TellingRecord | None:
    if told is None:
        return None
    absence = _own(told.absence, zone, now) if told.absence else None
    return TellingRecord(
        instant_text(told.at), absence, told.outcome, in_english(told.problem) or None, _time(told.settled_at)
    )


def _word(site: SiteWord | None) -> WordRecord | None:
    if site is None:
        return None
    return WordRecord(instant_text(site.at), _plain(site.absence) if site.absence else None)


def _meanwhile(policy: Policy) -> list[MeanwhileRecord]:
    return [
        MeanwhileRecord(rule.scope, rule.away.rule, policy.name, rule.source_of("away").where) for rule in policy.rules
    ]


def _stricter(policy: Policy, deps: Deps) -> list[MeanwhileRecord]:
    found = stricter(policy, deps.policies.values(), part="away")
    return [
        MeanwhileRecord(each.theirs.scope, each.theirs.away.rule, each.policy.name, each.source.where) for each in found
    ]


def _time(at: int | None) -> Time | None:
    return None if at is None else instant_text(at)
