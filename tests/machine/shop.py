"""A shop in the real store whose whole life a test tells, and the slow model that hears the same."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeGuard

from core.domain.absences import Absence, AvailabilityTold
from core.domain.conversations import Buyer, Order
from core.domain.events import (
    BuyerBlocked,
    ConversationRemoved,
    Event,
    MessageDeleted,
    MessageReceived,
    MessageSent,
    OrderChanged,
    SpamTold,
)
from core.domain.obligations import Obligation, ObligationKind
from core.domain.policies import AnswerKind, Policy, Rule, Scope
from core.domain.shops import Shop
from core.ports.marketplace import Receipt
from core.services.deps import Deps
from core.services.events import EventDoor
from core.services.histories import fold
from core.store import absences, histories, keys, marks, shops
from core.store.conversations import conversation_id, message_id
from core.store.replies import Written, finish_reply, write_reply
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew
from tests.contract.chalkboard.adapter import person
from tests.fixtures.ports import HandClock
from tests.machine import history
from tests.machine.model import SlowModel

PATIENCE = 60_000
LEASE = 30_000


def slow(policy: Policy) -> history.Policy:
    """A policy as the slow model reads it."""
    return history.Policy(_slow(policy.inbox), _slow(policy.order))


def _slow(rule: Rule) -> history.Rules:
    def mark(of: object) -> history.Mark:
        return history.Mark(of.excludes, of.within, of.retroactive)  # type: ignore[attr-defined]

    away = {"counts_if_contact_allowed": history.AwayRule.COUNTS_IF_OPEN}
    units = {"every_message": history.Unit.EVERY_TURN}
    return history.Rules(
        deadline=rule.deadline,
        window=rule.window,
        unit=units.get(rule.unit) or history.Unit(rule.unit),
        soft=lambda start: start + rule.soft[0] if rule.soft else None,
        answers=frozenset(rule.answers),
        silence=rule.silence,
        zone=rule.holidays.zone if rule.holidays.days else rule.day_zone,
        both_kinds=rule.scope is Scope.ALL,
        measured=rule.measured,
        seller_started=rule.seller_started_counts,
        staff_counts=rule.staff_counts,
        holidays=frozenset(day.isoformat() for day in rule.holidays.days),
        maturity=history.Maturity(rule.maturity),
        longest_away=rule.away.longest,
        away=away.get(rule.away.rule) or history.AwayRule(rule.away.rule),
        spam=mark(rule.spam),
        waived=mark(rule.waived),
        withdrawn=mark(rule.withdrawn),
        order_closed=mark(rule.order_closed),
        gone=mark(rule.gone),
        blocked=mark(rule.blocked),
        unspam_restarts_clock=rule.unspam_restarts_clock,
        weighting=rule.weighting,
        empty_value=rule.empty_value,
    )


@dataclass(slots=True)
class ToldShop:
    """What is told here, the store and the model both hear. Conversations and messages go by the marketplace's keys."""

    deps: Deps
    clock: HandClock
    shop: Shop
    model: SlowModel
    door: EventDoor
    policies: list[tuple[int, Policy]]
    crew: Crew = field(default_factory=lambda: Crew(20))
    events: "count[int]" = field(default_factory=count)
    told: list[Event] = field(default_factory=list)
    waiting: list[tuple[str, str, int]] = field(
        default_factory=list
    )  # our replies on their way: conversation, id, when

    @property
    def now(self) -> int:
        return self.clock.at

    def message(self, conversation: str, key: str) -> str:
        return message_id(conversation_id(self.shop.id, conversation), key)

    def conversation(self, key: str) -> str:
        return conversation_id(self.shop.id, key)

    # What happens.

    async def asks(
        self, conversation: str, key: str, at: int, order: str | None, *, imported: bool = False, staff: bool = False
    ) -> None:
        event = MessageReceived(
            self._event(),
            at,
            conversation,
            Buyer("b", "Ann", staff=staff),
            Order(order) if order else None,
            history=imported,
            message=key,
            text="?",
            sent_at=at,
        )
        where, id = self.conversation(conversation), self.message(conversation, key)
        # What an import brought and is ever told as news asks for an answer like any other.
        heard = [each for each in self.model.facts if isinstance(each, history.Incoming) and each.message == id]
        imported = imported and all(each.imported for each in heard)
        self.model.facts = [replace(each, imported=imported) if each in heard else each for each in self.model.facts]
        self.model.hear(history.Incoming(self.now, where, id, at, order, imported, staff))
        await self.tell(event)

    async def answers_on_site(self, conversation: str, key: str, at: int, kind: AnswerKind) -> None:
        id = self.message(conversation, key)
        self.model.hear(history.Outgoing(self.now, self.conversation(conversation), id, at, at, kind, by=id))
        await self.tell(MessageSent(self._event(), at, conversation, message=key, text=key, sent_at=at, kind=kind))

    async def writes(self, conversation: str) -> None:
        """A member's reply sets out; `arrives` brings it."""
        word, id = await write_reply(
            self.deps.store,
            self.shop.seller,
            self.conversation(conversation),
            Written(f"reply {next(self.events)}", person("sam"), operation=f"op-{next(self.events)}"),
        )
        if word == "done":
            self.waiting.append((self.conversation(conversation), id, self.now))

    async def arrives(self) -> None:
        """The marketplace takes the oldest reply that is on its way."""
        if self.waiting:
            conversation, id, written_at = self.waiting.pop(0)
            self.model.hear(history.Outgoing(self.now, conversation, id, written_at, self.now, "manual", by=id))
            await finish_reply(self.deps.store, id, conversation, id, Receipt(self.now))

    async def deletes(self, conversation: str, key: str, at: int) -> None:
        self.model.hear(history.Withdrawn(self.now, self.message(conversation, key), at))
        await self.tell(MessageDeleted(self._event(), at, conversation, message=key))

    async def reports(self, conversation: str, key: str, at: int, *, undone: bool) -> None:
        fact = history.SpamUndone if undone else history.SpamReport
        self.model.hear(fact(self.now, self.message(conversation, key), at))
        await self.tell(SpamTold(self._event(), at, conversation, message=key, reported=not undone))

    async def waives(self, conversation: str, order: str | None, id: str, *, undone: bool) -> None:
        """Only of a conversation that is known: a member sees nothing else."""
        kind = ObligationKind.ORDER if order else ObligationKind.INBOX
        where = self.conversation(conversation)
        mark = marks.waiver_mark((kind, order), id)
        value = "" if undone else str(self.now)
        word = await marks.mark_conversation(self.deps.store, self.shop.seller, where, marks.NewMark(mark, value))
        if word != "fold":
            return
        if undone:
            self.model.hear(history.WaiverUndone(self.now, f"{where}/{mark}"))
        else:
            self.model.facts = [each for each in self.model.facts if not _is_of(each, f"{where}/{mark}")]
            self.model.hear(history.Waiver(self.now, f"{where}/{mark}", where, kind, order, self.now))
        await fold(self.deps, where)

    async def is_away(self, id: str, start: int, end: int | None, *, contact: bool) -> None:
        """A member sets an absence, or edits the one of this id; one that ends as it begins is none."""
        self.model.hear(history.Absence(self.now, id, start, end, contact))
        told = AvailabilityTold(self.now, Absence(start, end, contact), id)
        await absences.tell_availability(self.deps.store, self.shop.id, told, event=self._event())

    async def order_is(self, order: str, at: int, *, active: bool, conversation: str) -> None:
        self.model.hear(history.OrderState(self.now, order, active, at))
        status = "active" if active else "completed"
        await self.tell(OrderChanged(self._event(), at, conversation, Buyer("b", "Ann"), Order(order, "", status)))

    async def order_starts(self, order: str, at: int, conversation: str) -> None:
        """It is active; and where the policy counts starts, it asks like a message."""
        self.model.hear(history.OrderState(self.now, order, True, at))
        governing = self.governing(at)
        if governing.order.order_start_counts:
            where, id = self.conversation(conversation), self.message(conversation, f"start/{order}")
            self.model.hear(history.Incoming(self.now, where, id, at, order))
        about = (conversation, Buyer("b", "Ann"), Order(order))
        await self.tell(OrderChanged(self._event(), at, *about, started=True))

    def governing(self, at: int) -> Policy:
        return next(policy for since, policy in reversed(self.policies) if since <= at)

    async def is_gone(self, conversation: str, at: int) -> None:
        self._hear_first(history.ConversationGone(self.now, self.conversation(conversation), at))
        await self.tell(ConversationRemoved(self._event(), at, conversation))

    async def is_blocked(self, conversation: str, at: int) -> None:
        self._hear_first(history.BuyerBlocked(self.now, self.conversation(conversation), at))
        await self.tell(BuyerBlocked(self._event(), at, conversation))

    def _hear_first(self, fact: history.ConversationGone | history.BuyerBlocked) -> None:
        """Told several times, it was so from the first instant on."""
        earlier = [each for each in self.model.facts if type(each) is type(fact) and _is_about(each, fact.conversation)]
        first = min([fact.at, *(each.at for each in earlier if _is_about(each, fact.conversation))])
        self.model.facts = [each for each in self.model.facts if each not in earlier]
        self.model.hear(replace(fact, at=first))

    async def is_governed_by(self, policy: Policy) -> None:
        """From now on."""
        known = await shops.know_shop(self.deps.store, self.shop.id)
        assert known is not None
        if await shops.govern_shop(self.deps.store, known.shop, policy, self.now, recount=False) == "done":
            self.model.policies.append((self.now, slow(policy)))
            self.policies.append((self.now, policy))

    async def tell_again(self, number: int) -> None:
        """An event is told a second time, as a broken connection makes it."""
        if self.told:
            await self.door.accept(self.shop.id, "wh", [self.told[number % len(self.told)]])

    async def tell(self, event: Event) -> None:
        self.told.append(event)
        await self.door.accept(self.shop.id, "wh", [event])

    def _event(self) -> str:
        return f"evt-{next(self.events)}"

    # What follows.

    async def work(self) -> None:
        """The agenda is carried out until nothing is due."""
        tag, visit = keys.tag_of(self.shop.id), agenda_visit(self.deps, self.crew)
        while True:
            await visit(tag)
            await self.crew.drain(20)
            self.crew = Crew(20)
            visit = agenda_visit(self.deps, self.crew)
            first = await self.deps.store.engine.call("ZRANGE", keys.agenda(tag), 0, 0, "WITHSCORES")
            if not first or first[0][1] > self.now:
                return

    async def kept(self) -> dict[str, Obligation]:
        """By the message that opened each."""
        found: dict[str, Obligation] = {}
        for conversation in {each.conversation for each in self.model.facts if isinstance(each, history.Incoming)}:
            known = await histories.read_history(self.deps.store, conversation)
            assert known is not None
            found |= {each.obligation.message: each.obligation for each in known.kept.values()}
        return found

    async def ledger(self) -> dict[tuple[str, str], set[str]]:
        """(kind, verdict) → the messages that opened what stands there."""
        tag = keys.tag_of(self.shop.id)
        found = {}
        for kind in ObligationKind:
            for verdict in ("met", "missed", "excluded"):
                name = keys.ledger(tag, self.shop.id, kind, verdict)
                members = await self.deps.store.engine.call("ZRANGE", name, 0, -1)
                found[kind.value, verdict] = {histories.message_of(each.decode()) for each in members}
        coming = await self.deps.store.engine.call("ZRANGE", keys.coming(tag, self.shop.id), 0, -1)
        found["any", "coming"] = {histories.message_of(each.decode()) for each in coming}
        return found


def _is_of(fact: history.Fact, id: str) -> bool:
    return isinstance(fact, history.Waiver | history.WaiverUndone) and id in (
        getattr(fact, "id", None),
        getattr(fact, "waiver", None),
    )


def _is_about(fact: history.Fact, conversation: str) -> TypeGuard[history.ConversationGone | history.BuyerBlocked]:
    ended = isinstance(fact, history.ConversationGone | history.BuyerBlocked)
    return ended and getattr(fact, "conversation", "") == conversation
