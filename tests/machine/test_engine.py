"""The real store against the slow model: whatever is told, in whatever order, both say the same at every step."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.deadlines import SameDay, Weekend
from core.domain.ledger import Entry, judge
from core.domain.obligations import ENDS, Exclusion, Obligation, ObligationKind
from core.domain.policies import AnswerKind, Away, AwayRule, Holidays, Mark, Maturity, Policy, Scope, Unit
from core.domain.shops import Shop, ShopSecrets
from core.domain.zones import HOUR, MINUTE, SECOND
from core.ids import new_id
from core.policies import load
from core.services.deps import Deps
from core.services.events import EventDoor
from core.services.rates import know, measured_of, rate_of
from core.store import keys
from core.store.client import Engine
from core.store.meta import open_store
from core.store.scripts import Scripts
from core.store.sellers import add_seller
from core.store.shops import add_shop
from core.store.store import Store
from core.store.vault import Vault
from tests.fixtures.ports import HandClock
from tests.fixtures.zones import ZONES
from tests.machine.model import SlowModel
from tests.machine.shop import ToldShop, slow

DAY = 24 * HOUR
SHARDS = 4
EXAMPLES = int(os.environ.get("SHOPBELL_EXAMPLES", "300"))  # `make machine` asks for many more
PRESETS = load()
BASE = PRESETS["custom"]


def of(name: str, **changes: object) -> Policy:
    """A policy like none of the presets, of the parts that they leave out."""
    inbox = replace(PRESETS["fiverr"].inbox, **changes)  # type: ignore[arg-type]
    return replace(PRESETS["fiverr"], name=name, marketplace="", inbox=inbox, order=replace(inbox, scope=Scope.ORDER))


STRETCHED = [
    of("after-silence", unit=Unit.FIRST_AFTER_SILENCE, silence=24 * HOUR, away=Away(AwayRule.STARTS_AT_RETURN)),
    of("longest-away", away=Away(AwayRule.STARTS_AT_RETURN, longest=12 * HOUR), unspam_restarts_clock=False),
    of("first-a-day", unit=Unit.FIRST_PER_DAY, day_zone="Asia/Shanghai", spam=Mark(True, 24 * HOUR)),
    of("buyers-only", seller_started_counts=False, answers=frozenset({AnswerKind.MANUAL, AnswerKind.OFFER})),
    of("when-due", maturity=Maturity.DUE, waived=Mark(True, 2 * HOUR), withdrawn=Mark(True, retroactive=True)),
    of("when-answered", maturity=Maturity.ANSWERED_ONLY, gone=Mark(True), order_closed=Mark(True)),
    of("within-a-day", blocked=Mark(True, 24 * HOUR, retroactive=True), waived=Mark(True)),
    of("from-the-first", maturity=Maturity.ALL, unit=Unit.EVERY_TURN, away=Away(AwayRule.COUNTS_IF_CONTACT_ALLOWED)),
    of("holidays", holidays=Holidays("America/New_York", (date(2026, 11, 26), date(2026, 12, 25)))),
]
NAMED = {policy.name: policy for policy in [*PRESETS.values(), *STRETCHED]}


def policy_called(name: str) -> Policy:
    """A preset, a stretched one, or `<unit>@<zone>`: a day's cut-off and a weekend's grace in any zone there is."""
    unit, at, zone = name.partition("@")
    if not at:
        return NAMED[name]
    limit = SameDay(18 * 60, 19 * 60, zone)
    weekend = Weekend((5, 6), 0, 12 * 60, zone) if len(zone) % 2 else None
    return of("zoned", limit=limit, weekend=weekend, day_zone=zone, unit=Unit(unit), silence=24 * HOUR)


POLICIES = st.one_of(
    st.sampled_from(sorted(NAMED)), st.builds("{}@{}".format, st.sampled_from(sorted(Unit)), st.sampled_from(ZONES))
)
SECONDS = st.integers(0, 3 * 86_400)
CONVERSATIONS = st.sampled_from(["c", "d"])
ORDERS = st.sampled_from([None, None, "o", "p"])
LATE = st.one_of(st.just(0), st.integers(0, 600), SECONDS)
# A message is what it is, however often it is told: where it belongs goes by its key.
HOMES = {"m1": ("c", None), "m2": ("c", None), "m3": ("c", "o"), "m4": ("d", "p"), "m5": ("c", None), "m6": ("d", None)}
ORDER_HOMES = {"o": "c", "p": "d"}
STAFF = {"m6"}
ASKED = st.sampled_from(sorted(HOMES))


async def pass_time(shop: ToldShop, seconds: int) -> None:
    shop.clock.at += seconds * SECOND


async def ask(shop: ToldShop, key: str, late: int, imported: bool) -> None:
    conversation, order = HOMES[key]
    await shop.asks(conversation, key, shop.now - late * SECOND, order, imported=imported, staff=key in STAFF)


async def answer(shop: ToldShop, conversation: str, key: str, late: int, kind: AnswerKind) -> None:
    await shop.answers_on_site(conversation, f"{key}-{conversation}", shop.now - late * SECOND, kind)


async def delete(shop: ToldShop, key: str, late: int) -> None:
    await shop.deletes(HOMES[key][0], key, shop.now - late * SECOND)


async def report(shop: ToldShop, key: str, late: int, undone: bool) -> None:
    await shop.reports(HOMES[key][0], key, shop.now - late * SECOND, undone=undone)


async def waive(shop: ToldShop, conversation: str, order: str | None, id: str, undone: bool) -> None:
    await shop.waives(conversation, order, id, undone=undone)


async def leave(shop: ToldShop, id: str, begins: int, lasts: int | None, contact: bool) -> None:
    start = shop.now + begins * SECOND
    await shop.is_away(id, start, None if lasts is None else start + lasts * SECOND, contact=contact)


async def order(shop: ToldShop, key: str, late: int, active: bool) -> None:
    await shop.order_is(key, shop.now - late * SECOND, active=active, conversation=ORDER_HOMES[key])


async def start_order(shop: ToldShop, key: str, late: int) -> None:
    await shop.order_starts(key, shop.now - late * SECOND, ORDER_HOMES[key])


async def remove(shop: ToldShop, conversation: str, late: int) -> None:
    await shop.is_gone(conversation, shop.now - late * SECOND)


async def block(shop: ToldShop, conversation: str, late: int) -> None:
    await shop.is_blocked(conversation, shop.now - late * SECOND)


async def govern(shop: ToldShop, name: str) -> None:
    await shop.is_governed_by(policy_called(name))


DO: dict[str, tuple[Callable[..., Awaitable[None]], tuple[st.SearchStrategy[Any], ...]]] = {
    "pass_time": (pass_time, (st.one_of(st.integers(1, 3600), SECONDS),)),
    "ask": (ask, (ASKED, st.just(0), st.just(False))),
    "ask_late": (ask, (ASKED, LATE, st.sampled_from([False, False, True]))),
    "answer": (answer, (CONVERSATIONS, st.sampled_from(["r1", "r2"]), st.just(0), st.just(AnswerKind.MANUAL))),
    "answer_late": (answer, (CONVERSATIONS, st.sampled_from(["r3", "r4"]), LATE, st.sampled_from(AnswerKind))),
    "write": (ToldShop.writes, (CONVERSATIONS,)),
    "arrive": (ToldShop.arrives, ()),
    "delete": (delete, (ASKED, LATE)),
    "report": (report, (ASKED, LATE, st.booleans())),
    "waive": (waive, (CONVERSATIONS, ORDERS, st.sampled_from(["w1", "w2"]), st.booleans())),
    "leave": (leave, (st.sampled_from("ab"), st.integers(-86_400, 86_400), st.none() | SECONDS, st.booleans())),
    "order": (order, (st.sampled_from(["o", "p"]), LATE, st.booleans())),
    "start_order": (start_order, (st.sampled_from(["o", "p"]), LATE)),
    "gone": (remove, (CONVERSATIONS, LATE)),
    "blocked": (block, (CONVERSATIONS, LATE)),
    "govern": (govern, (POLICIES,)),
    "tell_again": (ToldShop.tell_again, (st.integers(0, 50),)),
}
STEPS = st.lists(
    st.one_of(*(st.tuples(st.just(name), st.tuples(*drawn)) for name, (_, drawn) in DO.items())), max_size=14
)


Open = Callable[[Policy], Awaitable[ToldShop]]


@pytest.fixture
async def opened(engine: Engine) -> Open:
    clock = HandClock()
    clock.at = 1_795_600_000_000
    store = Store(engine, Scripts(engine), Vault(["m" * 40]), clock, SHARDS)
    await open_store(store)
    deps = Deps(store, clock, {}, {}, {})

    async def open_shop(policy: Policy) -> ToldShop:
        seller = await add_seller(store, "Bell & Co", 1)
        shop = Shop(new_id("shop", 1), seller.id, "Example Market", policy.name)
        await add_shop(store, shop, ShopSecrets(("whsec_a",), ("whsec_b",)), policy)
        return ToldShop(deps, clock, shop, SlowModel([(0, slow(policy))]), EventDoor(deps), [(0, policy)])

    return open_shop


@given(POLICIES, STEPS)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_the_store_and_the_slow_model_say_the_same_at_every_step(
    opened: Open, policy: str, steps: list[tuple[str, tuple[Any, ...]]]
) -> None:
    """Obligations, ledger, what is owed, rates and the next reminder follow from the history alone."""
    await lived(await opened(policy_called(policy)), steps)


DAYS = 86_400
# What chance seldom finds: (policy, steps).
STORIES: dict[str, tuple[str, list[tuple[str, tuple[Any, ...]]]]] = {
    "an answer on the site is heard of after one that came later": (
        "custom",
        [
            ("ask", ("m1", 0, False)),
            ("pass_time", (3600,)),
            ("answer", ("c", "r1", 0, AnswerKind.MANUAL)),
            ("answer_late", ("c", "r3", 1800, AnswerKind.MANUAL)),
        ],
    ),
    "of two answers at the same instant the other one is heard of first": (
        "custom",
        [
            ("ask", ("m1", 0, False)),
            ("pass_time", (3600,)),
            ("answer", ("c", "r1", 0, AnswerKind.MANUAL)),
            *(("answer_late", ("c", f"r{n}", 2 * n - 2, AnswerKind.MANUAL)) for n in range(2, 14)),
        ],
    ),
    "what was answered is deleted, and what the buyer wrote meanwhile is not": (
        "custom",
        [
            ("ask", ("m1", 0, False)),
            ("pass_time", (3600,)),
            ("write", ("c",)),
            ("pass_time", (60,)),
            ("ask", ("m2", 0, False)),
            ("pass_time", (60,)),
            ("arrive", ()),
            ("delete", ("m1", 0)),
        ],
    ),
    "nobody answers what does not count": (
        "fiverr",
        [
            ("ask", ("m1", 0, False)),
            ("answer", ("c", "r1", 0, AnswerKind.MANUAL)),
            ("ask", ("m2", 0, False)),
            ("pass_time", (2 * DAYS,)),
        ],
    ),
    "the marketplace's own people ask, and nobody answers": (
        "etsy-star-seller",
        [("ask", ("m6", 0, False)), ("pass_time", (2 * DAYS,))],
    ),
    "an import brings what the marketplace's own people asked": (
        "etsy-star-seller",
        [("ask_late", ("m6", 3600, True)), ("pass_time", (2 * DAYS,))],
    ),
    "nobody answers where only answers count": (
        "when-answered",
        [("ask", ("m1", 0, False)), ("pass_time", (2 * DAYS,))],
    ),
}


@pytest.mark.parametrize(("policy", "steps"), STORIES.values(), ids=list(STORIES))
async def test_the_store_and_the_slow_model_tell_the_same_story(
    opened: Open, policy: str, steps: list[tuple[str, tuple[Any, ...]]]
) -> None:
    """Whether chance comes upon it or not."""
    await lived(await opened(policy_called(policy)), steps)


async def lived(shop: ToldShop, steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    for name, how in steps:
        await DO[name][0](shop, *how)
        shop.clock.at += 2 * SECOND  # an import is worked out when it pauses
        await shop.work()

        await agrees(shop)


async def agrees(shop: ToldShop) -> None:
    now, model, kept = shop.now, shop.model, await shop.kept()
    entries = model.entries(now)
    assert {id: _seen(each, now) for id, each in kept.items()} == {each.obligation: _told(each) for each in entries}
    assert {id: each.state for id, each in kept.items()} == {id: _state(of) for id, of in model.states(now).items()}
    owed = {each.obligation for each in model.owed(now)}
    assert {id for id, each in kept.items() if each.is_owed} == owed
    ledger = await shop.ledger()
    in_rate = {each.obligation: each for each in entries if model.is_in_rate(each, now)}
    for kind in ObligationKind:
        here = {id: each for id, each in in_rate.items() if each.kind is kind}
        assert ledger[kind, "met"] == {id for id, each in here.items() if each.verdict == "in_time"}
        assert ledger[kind, "missed"] == {id for id, each in here.items() if each.verdict != "in_time"}
        assert ledger[kind, "excluded"] == {
            each.obligation for each in entries if each.kind is kind and each.verdict == "excluded"
        }
    await _rates_agree(shop)
    settled = {each.obligation for each in entries} - owed - {each for stands in ledger.values() for each in stands}
    assert not settled  # what is settled stands somewhere in the ledger
    await _moments_agree(shop, owed, {each.obligation: each for each in entries})


async def _rates_agree(shop: ToldShop) -> None:
    for measured in measured_of(shop.deps, await know(shop.deps, shop.shop.id)):
        counted = await rate_of(shop.deps, measured)
        plain = shop.model.rate(measured.kinds[0], shop.now)
        assert (counted.met, counted.missed, counted.percent) == (plain.met, plain.missed, plain.percent)


async def _moments_agree(shop: ToldShop, owed: set[str], entries: dict[str, Entry]) -> None:
    """What is owed has its next moment in the agenda, and what is settled none but its entrance into the rate."""
    tag = keys.tag_of(shop.shop.id)
    agenda = await shop.deps.store.engine.call("ZRANGE", keys.agenda(tag), 0, -1, "WITHSCORES")
    found = {moment.decode(): round(at) for moment, at in agenda}
    for message, entry in entries.items():
        moment = found.get(f"{message[:2]}o{message[3:]}")
        if message in owed:
            assert moment == _next(shop, message, entry), (message, entry)
        elif moment is not None:
            assert moment == entry.due, (message, entry)
            assert not shop.model.is_in_rate(entry, shop.now)


def _next(shop: ToldShop, message: str, entry: Entry) -> int | None:
    """The next of: the soft target, 4 h, 1 h and 15 min before the deadline, and the deadline itself."""
    imported = any(getattr(each, "imported", False) and each.message == message for each in shop.model.facts)  # type: ignore[attr-defined]
    wanted = [] if entry.due is None else [entry.due]
    if not imported:
        if entry.due is not None:
            wanted += [
                entry.due - before for before in (4 * HOUR, HOUR, 15 * MINUTE) if entry.due - before > entry.received
            ]
        if entry.soft_due is not None and (entry.due is None or entry.soft_due < entry.due):
            wanted.append(entry.soft_due)
    return min((at for at in wanted if at > shop.now), default=None)


def _state(told: str) -> str:
    """What ended a duty, as the state that it leaves."""
    return ENDS[Exclusion(told)] if told in set(Exclusion) else told


def _seen(obligation: Obligation, now: int) -> tuple[object, ...]:
    verdict = judge(obligation.deadline, obligation.answered_at, now, obligation.reason)
    return (
        (obligation.kind, obligation.order, obligation.opened_at, obligation.deadline),
        (obligation.answered_at, obligation.answer or None, verdict, obligation.reason, obligation.counted_from),
    )


def _told(entry: Entry) -> tuple[object, ...]:
    return (
        (entry.kind, entry.order, entry.received, entry.due),
        (entry.answered, entry.by, entry.verdict, entry.reason, entry.counted_from),
    )
