"""A message that a member does something about, with what is owed for it and the rules that say what that does."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.conversations import Message
from core.domain.obligations import Obligation, ObligationKind
from core.domain.policies import Mark, Policy, Rule
from core.domain.policy_variants import variants
from core.domain.rooms import Room
from core.domain.texts import Instant, Text
from core.domain.zones import HOUR
from core.errors import UnknownConversation
from core.ids import is_id, shard_of
from core.services import times
from core.services.deps import Deps
from core.services.glances import read_matter
from core.store.conversations import Sight
from core.store.histories import Known, obligation_id

TODAY = 20 * HOUR  # what is nearer is said by the hour alone


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when a spam report takes a message out of the rate, by one reading of the rules; `at` None: it always does.

    `helps`: not always too late, whenever it is made.
    """

    policy: Policy
    rule: Rule
    helps: bool
    at: int | None


@dataclass(frozen=True, slots=True)
class Matter:
    """`obligation` is the one that the message opened, however it stands; None where it opened none."""

    sight: Sight
    message: Message
    obligation: Obligation | None
    policy: Policy
    rule: Rule
    known: Known

    @property
    def is_owed(self) -> bool:
        return self.obligation is not None and self.obligation.is_owed

    @property
    def deadline(self) -> Instant | None:
        due = self.obligation.deadline if self.obligation else None
        return None if due is None else Instant(due, self.sight.seller.zone, relative=True)

    def excludes(self, mark: Mark, now: int) -> bool:
        """Whether something that is done now takes the message out of the rate."""
        it = self.obligation
        return it is None or it.reason is not None or mark.holds(it.opened_at, now, it.deadline, it.answered_at)

    def when(self, now: int) -> Text | None:
        """When it counts, short enough for a button."""
        due = self.obligation.deadline if self.obligation else None
        if due is None or due <= now:
            return None
        zone = self.sight.seller.zone
        return (times.clock(due, zone),) if due - now < TODAY else times.when(due, zone)

    def limits(self, deps: Deps) -> Iterator[Limit]:
        """By the shop's own policy, then by each other reading of the same rules that is stricter here."""
        it = self.obligation
        if it is None or it.reason is not None:
            return
        own = _limit(self.policy, self.rule, it)
        yield own
        for other in variants(self.policy, deps.policies.values()):
            theirs = _limit(other, other.rule(it.kind), it)
            if theirs.rule.measured and _is_stricter(theirs, own):
                yield theirs


async def look(deps: Deps, room: Room, message: str) -> Matter:
    """Raises UnknownConversation for another seller's message, for one of the seller's own, and for nonsense."""
    if not is_id(message, "message") or shard_of(message) != shard_of(room.id):
        raise UnknownConversation
    sight, known = await deps.glance.take(f"matter/{message}", lambda: read_matter(deps.store, message, room.id))
    if sight is None or known is None or sight.conversation.seller != room.seller:
        raise UnknownConversation
    said = next((each for each in sight.messages if each.id == message), None)
    if said is None or not said.incoming:
        raise UnknownConversation
    kept = known.kept.get(obligation_id(message))
    if kept is None:
        digest, rule = known.history.governs(_kind(said), said.sent_at)
        return Matter(sight, said, None, known.policies[digest], rule, known)
    policy, rule = known.policies[kept.obligation.policy], known.rule_of(kept.obligation)
    return Matter(sight, said, kept.obligation, policy, rule, known)


def _kind(said: Message) -> ObligationKind:
    return ObligationKind.ORDER if said.order else ObligationKind.INBOX


def _limit(policy: Policy, rule: Rule, it: Obligation) -> Limit:
    return Limit(policy, rule, rule.spam.excludes, rule.spam.until(it.opened_at, it.deadline))


def _is_stricter(theirs: Limit, own: Limit) -> bool:
    if not own.helps or not theirs.helps:
        return own.helps and not theirs.helps
    return theirs.at is not None and (own.at is None or theirs.at < own.at)
