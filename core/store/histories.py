"""Histories, read whole in one round trip; and the obligations that follow, committed if nothing came between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.domain.absences import absences
from core.domain.histories import Asked, History, Lane, Replied, Reported
from core.domain.obligations import Exclusion, Obligation, ObligationKind, ObligationState
from core.domain.openings import Said
from core.domain.policies import AnswerKind, Policy, Rule
from core.domain.sellers import Seller
from core.domain.shops import Shop
from core.store import keys
from core.store.absences import to_told
from core.store.marks import BLOCKED, GONE, Marks, NewMark
from core.store.policies import unpacked
from core.store.scripts import text, word
from core.store.sellers import to_seller
from core.store.shops import governing, to_shop
from core.store.store import Fields, Store, fields_of, flat

PAGE = 500


def obligation_id(message: str) -> str:
    """A message opens at most one: its id says which."""
    return f"{message[:2]}o{message[3:]}"


def message_of(obligation: str) -> str:
    return f"{obligation[:2]}m{obligation[3:]}"


@dataclass(frozen=True, slots=True)
class Kept:
    """An obligation as it is kept: what follows from the history, and what is still to be told of it.

    `told`: until when members were told of it; None: never. `terms`: the version of the settings of its `plan`.
    `enters`: when its rule lets it into the rate, unless that is when it is due or answered. `quiet`: nobody is told.
    `rung`: of which members were reminded last, as the scripts write it. `unheeded`: the rungs that were said since
    they last did something, each with a blank behind it.
    """

    obligation: Obligation
    plan: str
    terms: int
    told: int | None = None
    enters: str = ""
    quiet: bool = False
    rung: str = ""
    unheeded: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation's history with what is kept of its obligations; `facts` is the version of it."""

    history: History
    shop: Shop
    seller: Seller
    policies: Mapping[str, Policy]
    kept: Mapping[str, Kept]
    facts: str
    asked: str
    read: Sequence[Any]  # what all of it was made of
    mark: NewMark | None = None  # not kept yet when it was read

    @property
    def imported(self) -> frozenset[str]:
        """The messages that an import brought."""
        return frozenset(each.id for each in self.history.asked if each.imported_at is not None)

    def rule_of(self, obligation: Obligation) -> Rule:
        return self.policies[obligation.policy].rule(obligation.kind)


@dataclass(frozen=True, slots=True)
class Change:
    """An obligation as it is to be kept. `verdict`: what the ledger says of it now, empty while it says nothing."""

    kept: Kept
    verdict: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be kept. `owed` and `gone` are obligations; `rings` are messages whose obligation is owed as of now.

    `asked` is the message that the card shows; `odd`: a rule asks for more than the newest word. `shows`: cards show
    it, as they do not show when members are reminded.
    """

    changes: Sequence[Change]
    gone: Sequence[Obligation]
    owed: Sequence[str]
    asked: str
    odd: bool
    rings: Sequence[str]
    shows: bool


async def read_history(store: Store, conversation: str) -> Known | None:
    """None for an unknown conversation."""
    tag = keys.tag_of(conversation)
    reply = await store.scripts.run("read_history", tag, conversation=conversation, message="")
    return _known(reply) if reply else None


async def history_of(store: Store, message: str) -> Known | None:
    """That of the conversation which a message belongs to; None for an unknown one."""
    reply = await store.scripts.run("read_history", keys.tag_of(message), conversation="", message=message)
    return _known(reply) if reply else None


def marked(known: Known, mark: NewMark) -> Known | None:
    """As it will be once this is kept and nothing else came between; None where it stands there already."""
    heads, shop, seller, messages, marks, *others = known.read
    if fields_of(marks).get(mark.name) == mark.value:
        return None
    seller_id, shop_id, facts, *more = heads
    heads = [seller_id, shop_id, b"%d" % (int(facts or 0) + 1), *more]
    marks = [*marks, mark.name.encode(), mark.value.encode()]
    return replace(_known([heads, shop, seller, messages, marks, *others]), mark=mark)


async def commit_obligations(store: Store, conversation: str, known: Known, outcome: Outcome) -> bool:
    """False where something was said meanwhile: then the history is to be read again."""
    reply = await store.scripts.run(
        "commit_obligations",
        keys.tag_of(conversation),
        wall=store.clock.wall(),
        now=store.clock.now(),
        conversation=conversation,
        facts=known.facts,
        changed=[_packed(change) for change in outcome.changes],
        gone=[[each.id, each.kind] for each in outcome.gone],
        open=" ".join(outcome.owed),
        asked=outcome.asked,
        odd=outcome.odd,
        rings=outcome.rings,
        shows=outcome.shows,
        forget_at=store.forget_at(),
        mark=known.mark.name if known.mark else "",
        marked=known.mark.value if known.mark else "",
    )
    return word(reply) == "done"


async def conversations_since(store: Store, shop: Shop, since: int) -> list[str]:
    """Those of a shop with an obligation that counts from `since` on, or that is owed."""
    found: dict[str, None] = {}
    cursor = "1/0"
    while cursor:
        cursor, page = text(
            await store.scripts.run(
                "conversations_since",
                keys.tag_of(shop.id),
                shop=shop.id,
                seller=shop.seller,
                since=str(since),
                cursor=cursor,
                page=PAGE,
            )
        )
        found |= dict.fromkeys(page)
    return list(found)


def asks_of(lane: Lane) -> str:
    kind, order = lane
    return f"{kind}/{order or ''}"


def to_obligation(id: str, fields: Fields) -> Obligation:
    kind, _, order = fields["asks"].partition("/")
    opened_at = int(fields["at"])
    return Obligation(
        id=id,
        conversation=fields["of"],
        message=message_of(id),
        kind=ObligationKind(kind),
        order=order or None,
        opened_at=opened_at,
        deadline=int(fields["due"]) if fields["due"] else None,
        started_at=_instant(fields, "start", opened_at),
        counted_from=int(fields.get("from", opened_at)),
        reason=Exclusion(fields["why"]) if "why" in fields else None,
        ended_by=Exclusion(fields["by"]) if "by" in fields else None,
        ended_at=_instant(fields, "ended"),
        answered_at=_instant(fields, "answered"),
        answer=fields.get("answer", ""),
        policy=fields["policy"],
        state=ObligationState(fields["state"]),
    )


def unheeded_of(fields: Fields) -> int:
    """How many rungs were said since any member last did something about it."""
    return len(fields.get("unheeded", "").split())


def further_fields(kept: Kept) -> Fields:
    """Those that are there only where there is something to say."""
    it = kept.obligation
    return {
        **_given("told", kept.told),
        **({"start": str(it.started_at or "")} if it.started_at != it.opened_at else {}),
        **({"enters": kept.enters} if kept.enters else {}),
        **({"quiet": "1"} if kept.quiet else {}),
        **({"rung": kept.rung} if kept.rung else {}),
        **({"unheeded": kept.unheeded} if kept.unheeded else {}),
    }


def _fields(kept: Kept) -> Fields:
    it = kept.obligation
    return {
        "state": it.state,
        "of": it.conversation,
        "at": str(it.opened_at),
        "asks": asks_of((it.kind, it.order)),
        "due": "" if it.deadline is None else str(it.deadline),
        "policy": it.policy,
        "plan": kept.plan,
        "terms": str(kept.terms),
        **further_fields(kept),
        **({"from": str(it.counted_from)} if it.counted_from != it.opened_at else {}),
        **({"why": it.reason} if it.reason else {}),
        **({"by": it.ended_by} if it.ended_by else {}),
        **_given("ended", it.ended_at),
        **_given("answered", it.answered_at),
        **({"answer": it.answer} if it.answer else {}),
    }


def _packed(change: Change) -> list[object]:
    kept = change.kept
    it = kept.obligation
    return [
        it.id,
        it.kind,
        it.counted_from,
        change.verdict,
        it.is_owed,
        it.opened_at,
        kept.plan,
        flat(_fields(kept)),
    ]


def _to_kept(id: str, fields: Fields) -> Kept:
    return Kept(
        to_obligation(id, fields),
        fields["plan"],
        int(fields["terms"]),
        _instant(fields, "told"),
        fields.get("enters", ""),
        "quiet" in fields,
        fields.get("rung", ""),
        fields.get("unheeded", ""),
    )


def _known(reply: list[Any]) -> Known:
    heads, shop_fields, seller_fields, messages, marks, told, policies = reply
    seller, shop_id, facts, _, asked, _, past, conversation = (each.decode() for each in heads)
    shop = to_shop(shop_id, fields_of(shop_fields))
    by_digest = {digest.decode(): unpacked(text.decode()) for digest, text in policies}
    said = [_Said(id.decode(), [each.decode() for each in found]) for id, found, _ in messages]
    every = Marks(fields_of(marks))
    kept = {
        obligation_id(id.decode()): _to_kept(obligation_id(id.decode()), fields_of(found))
        for id, _, found in messages
        if found
    }

    def governs(kind: ObligationKind, at: int) -> tuple[str, Rule]:
        digest, policy = governing(shop, by_digest, at)
        return digest, policy.rule(kind)

    history = History(
        conversation,
        governs,
        asked=tuple(each.asked(every.reports(each.id)) for each in said if each.incoming),
        replied=tuple(each.replied() for each in said if each.stands),
        waived=tuple(every.waived()),
        orders=tuple(every.orders()),
        absences=absences(to_told(fields_of(told))),
        gone_at=every.first(GONE),
        blocked_at=every.first(BLOCKED),
        past=tuple(map(_to_past, past.split())),
    )
    return Known(history, shop, to_seller(seller, fields_of(seller_fields)), by_digest, kept, facts, asked, reply)


def _to_past(token: str) -> Said:
    """As `lib/past.lua` writes it: which way it went, and whether it belonged to some order, then when."""
    return Said(int(token[1:]), token[0] != "s", "some" if token[0] == "o" else None)


class _Said:
    """A message as `read_history.lua` tells it."""

    def __init__(self, id: str, found: list[str]) -> None:
        self.id = id
        incoming, sent_at, self.asks, state, accepted_at, self.how, self.deleted, history, staff = found
        self.incoming = incoming == "1"
        self.at = int(sent_at)
        self.accepted_at = int(accepted_at) if accepted_at else self.at
        self.stands = not self.incoming and state == "sent"
        self.imported_at = int(history) if history else None
        self.staff = staff == "1"

    def asked(self, reports: tuple[Reported, ...]) -> Asked:
        order = self.asks.partition("/")[2] or None
        deleted_at = int(self.deleted) if self.deleted else None
        return Asked(self.id, self.at, order, deleted_at, reports, self.imported_at, self.staff)

    def replied(self) -> Replied:
        return Replied(self.id, self.at, self.accepted_at, AnswerKind(self.how or AnswerKind.MANUAL))


def _instant(fields: Fields, name: str, default: int | None = None) -> int | None:
    if name not in fields:
        return default
    return int(fields[name]) if fields[name] else None


def _given(name: str, at: int | None) -> Fields:
    return {} if at is None else {name: str(at)}
