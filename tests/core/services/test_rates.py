"""Rates and ledgers: equal to a count over the whole history, sliding by the second, whoever is behind with writing."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.ledger import Counts, Entry, Verdict, total
from core.domain.obligations import ObligationKind, ObligationState
from core.domain.policies import Mark, Maturity, Scope
from core.domain.rates import DAY, Weighting, Window, rate, shown
from core.services import ledger
from core.services.histories import fold
from core.services.rates import know, measured_of, measured_of_seller, on_day, rate_of, standing_of, state
from core.store.conversations import conversation_id
from core.store.marks import NewMark, mark_conversation, waiver_mark
from core.store.rates import count_rate
from tests.fixtures.core import MINUTE, Stage
from tests.fixtures.rates import EVERY_TURN, HOUR, INBOX, ORDER, RULE, market, ruled
from tests.machine.history import Fact, Incoming, Outgoing, Rules, SpamReport
from tests.machine.history import Mark as PlainMark
from tests.machine.history import Policy as PlainPolicy
from tests.machine.model import SlowModel


def verdicts(entries: Sequence[Entry]) -> list[Verdict]:
    return [entry.verdict for entry in entries]


async def test_what_is_due_counts_as_missed_before_a_worker_has_said_so(still: Stage) -> None:
    """The figure is exact to the second: with nobody at work, after a downtime, and the same once it is written."""
    shop = await market(still)
    await shop.asked(-10, "answered")
    await shop.answered(-5, "answered")
    await shop.asked(-119, "due in a minute")

    before = await shop.rate()
    still.pass_time(2 * MINUTE)
    after, listed = await shop.rate(), await shop.ledger()
    await shop.fire()
    written, listed_then = await shop.rate(), await shop.ledger()

    assert (before.met, before.missed) == (1, 0)
    assert (after.met, after.missed) == (written.met, written.missed) == (1, 1)
    assert verdicts(listed) == verdicts(listed_then) == [Verdict.IN_TIME, Verdict.MISSED]


async def test_the_window_slides_by_the_millisecond(still: Stage) -> None:
    """A miss leaves the rate exactly a window after it was received, and not before."""
    shop = await market(still)
    await shop.asked(-24 * 60 + 1)
    measured = await shop.measured()
    [line] = (await standing_of(still.deps, measured)).misses
    ages = line.obligation.counted_from + DAY

    counted = []
    for instant in (ages - 1, ages):
        still.clock.shift += instant - still.clock.now()
        start = measured.rule.window.start(instant)
        counted.append((await count_rate(still.deps.store, measured.ledgers, instant, start=start)).counts.of)

    assert counted == [1, 0]


async def test_nothing_yet_is_no_rate(still: Stage) -> None:
    """With no messages there is no number, and nothing is missing."""
    shop = await market(still)

    standing = await standing_of(still.deps, await shop.measured())

    assert (standing.rate.percent, standing.rate.of, standing.affordable, standing.to_recover) == (None, 0, 0, 0)
    assert await shop.ledger() == []


async def test_a_young_shop_says_since_when_it_is_known(still: Stage) -> None:
    """Since it was opened; an import moves that back to the oldest message that it tells, a late message does not."""
    shop = await market(still, known_days=0)
    opened = (await know(still.deps, shop.shop)).shop.known_from
    await shop.asked(-300, "late")
    late = await shop.rate()
    await shop.answered(-500, "imported", history=True)
    imported = await shop.rate()
    await shop.asked(-700, "imported too", history=True)
    await shop.asked(-600, "and again", history=True)
    older = await shop.rate()
    await shop.asked(-2 * 24 * 60, "long ago", history=True)
    covered = await shop.rate()

    assert (late.covered, late.since) == (False, opened)
    assert (imported.covered, imported.since) == (False, shop.base - 500 * MINUTE)
    assert (older.covered, older.since) == (False, shop.base - 700 * MINUTE)
    assert covered.covered


async def test_too_small_a_window_falls_back_to_the_newest(still: Stage) -> None:
    """Fewer than asked for in the window: the newest of them all are taken, however old."""
    shop = await market(still, ruled(window=Window(1, min_sample=3, fallback_last_n=3)))
    for number, day in enumerate((9, 8, 7, 6, 2, 0)):
        await shop.asked(-day * 24 * 60 - 10, f"c-{number}")
        if day in (8, 6, 2):
            await shop.answered(-day * 24 * 60 - 5, f"c-{number}")

    taken = await shop.rate()
    standing = await standing_of(still.deps, await shop.measured())

    assert (taken.met, taken.missed, taken.fallback) == (2, 1, True)
    assert taken.since == shop.base - (7 * 24 * 60 + 10) * MINUTE
    assert [line.conversation for line in standing.misses] == ["c-2"]
    assert standing.affordable == 0
    assert standing.to_recover == 1
    assert [each.alone for each in standing.at_risk] == [pytest.approx(Fraction(200, 3))]


async def test_both_kinds_are_one_rate_where_the_policy_takes_one(still: Stage) -> None:
    """An [all] policy sums inquiries and orders, and is asked for by either kind."""
    both = replace(RULE, scope=Scope.ALL)
    shop = await market(still, replace(EVERY_TURN, inbox=both, order=both))
    await shop.asked(-10)
    await shop.asked(-9, order="o-1")
    await shop.answered(-5)

    found = measured_of(still.deps, await know(still.deps, shop.shop))

    assert [each.rule.scope for each in found] == [Scope.ALL]
    assert (await shop.rate(INBOX)).met == (await shop.rate(ORDER)).met == 2


async def test_shops_under_the_same_rules_are_one_sum_for_the_seller(still: Stage) -> None:
    """Others stand by themselves."""
    first, second = await market(still, name="A"), await market(still, name="B")
    other = await market(still, ruled(window=Window(7)), name="C")
    for shop in (first, second, other):
        await shop.asked(-10)
        await shop.answered(-5)

    found = [each for each in await measured_of_seller(still.deps, still.seller) if each.rule.scope is Scope.INBOX]
    counted = {"+".join(shop.name for shop in each.shops): (await rate_of(still.deps, each)).met for each in found}

    assert counted == {"A+B": 2, "C": 1, "Example Market": 0}


async def test_a_forecast_tells_each_pending_one_and_each_day(still: Stage) -> None:
    """What is pending costs what it says if missed; old misses age out; a waived one that still counts is at risk."""
    shop = await market(still, ruled(waived=Mark()))
    await shop.asked(-23 * 60, "old miss")
    for number in range(9):
        await shop.asked(-60 - number, f"met-{number}")
        await shop.answered(-50, f"met-{number}")
    await shop.asked(-100, "next")
    await shop.asked(-20, "hidden")
    hidden = conversation_id(shop.shop, "hidden")
    mark = waiver_mark((INBOX, None), "w-1")
    await mark_conversation(still.deps.store, still.seller, hidden, NewMark(mark, str(still.clock.now())))
    await fold(still.deps, hidden)
    measured = await shop.measured()

    standing = await standing_of(still.deps, measured)
    day = await on_day(still.deps, measured, still.clock.now() + 3 * HOUR)

    assert (standing.rate.met, standing.rate.missed) == (9, 1)
    assert [each.line.conversation for each in standing.at_risk] == ["next", "hidden"]
    assert [shown(each.together) for each in standing.at_risk if each.together] == ["81.8", "75"]
    assert (standing.affordable, standing.to_recover) == (0, 0)
    assert (day.as_it_is.met, day.as_it_is.missed) == (9, 1)
    assert (day.if_answered.met, day.if_answered.missed) == (10, 1)
    assert (day.if_missed.met, day.if_missed.missed) == (9, 2)


async def test_response_times_and_the_soft_target(still: Stage) -> None:
    """From when the buyer wrote to when the answer was accepted; misses have no time, and missed the target too."""
    shop = await market(still)
    for number, minutes in enumerate((10, 20, 90)):
        await shop.asked(-200, f"c-{number}")
        await shop.answered(-200 + minutes, f"c-{number}")
    await shop.asked(-190, "missed")

    times = (await standing_of(still.deps, await shop.measured())).times

    assert (times.average, times.median) == (40 * MINUTE, 20 * MINUTE)
    assert (times.soft_met, times.soft_of) == (2, 4)


async def test_what_the_marketplace_shows_is_kept_beside_ours(still: Stage) -> None:
    """The last number entered holds, with its date, and says how many misses it is away."""
    shop = await market(still)
    for number in range(10):
        await shop.asked(-60, f"c-{number}")
        await shop.answered(-50, f"c-{number}")

    found = await state(still.deps, await shop.measured(), Fraction(80), Fraction(1))
    standing = await standing_of(still.deps, await shop.measured())

    assert found is not None
    assert (int(found.points), found.misses, found.agrees) == (-20, 2, False)
    assert standing.difference == found
    assert standing.stated is not None
    assert standing.stated.at == pytest.approx(still.clock.now(), abs=5_000)
    assert (await standing_of(still.deps, await shop.measured(ORDER))).stated is None


async def test_it_warns_by_the_stricter_reading_and_names_what_nobody_confirmed(still: Stage) -> None:
    """Fiverr's two readings differ in window, spam and away; of the order rate no number is the marketplace's own."""
    inbox, order = [
        await standing_of(still.deps, each) for each in measured_of(still.deps, await know(still.deps, still.shop))
    ]

    assert {each.part for each in inbox.readings} == {"window", "spam", "away"}
    assert all(each.policy.name == "fiverr-2025" and each.source.where for each in inbox.readings)
    assert "window" in [part for part, _ in inbox.doubts]
    assert "" in [part for part, _ in order.doubts]


async def test_a_policy_that_waits_for_the_deadline_lets_an_answer_in_then(still: Stage) -> None:
    """Answered at once, it is pending until its time is over; then it is met, also before a worker says so."""
    shop = await market(still, ruled(maturity=Maturity.DUE))
    await shop.asked(-119)
    await shop.answered(-100)

    before, listed = await shop.rate(), await shop.ledger()
    still.pass_time(2 * MINUTE)
    after, listed_then = await shop.rate(), await shop.ledger()
    await shop.fire()

    assert (before.met, after.met, (await shop.rate()).met) == (0, 1, 1)
    assert (verdicts(listed), verdicts(listed_then)) == ([Verdict.PENDING], [Verdict.IN_TIME])
    assert verdicts(await shop.ledger()) == [Verdict.IN_TIME]


async def test_a_policy_that_counts_at_once_counts_as_missed_until_answered(still: Stage) -> None:
    """Where a rule lets everything in at once, what waits lowers the rate."""
    shop = await market(still, ruled(maturity=Maturity.ALL))
    await shop.asked(-10)

    waiting = await shop.rate()
    await shop.answered(-5)
    answered = await shop.rate()

    assert (waiting.met, waiting.missed) == (0, 1)
    assert (answered.met, answered.missed) == (1, 0)


async def test_obligations_are_listed_by_state(still: Stage) -> None:
    """Open and breached by deadline; what is settled newest first; all of them together once each."""
    shop = await market(still, ruled())
    await shop.asked(-300, "late")
    await shop.answered(-10, "late")
    await shop.asked(-200, "breached")
    await shop.asked(-60, "open")
    await shop.asked(-30, "open too")
    spam = await shop.asked(-20, "spam")
    await shop.reported(spam, -10, "spam")
    known = await know(still.deps, shop.shop)

    async def listed(state: ObligationState | None) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page = await ledger.list_obligations(still.deps, known, state=state, cursor=cursor, limit=2)
            found += [line.conversation for line in page.lines]
            cursor = page.cursor and ledger.read_cursor(str(page.cursor))
            if cursor is None:
                return found

    assert await listed(ObligationState.OPEN) == ["open", "open too"]
    assert await listed(ObligationState.BREACHED) == ["breached"]
    assert await listed(ObligationState.ANSWERED) == ["late"]
    assert await listed(ObligationState.SPAM) == ["spam"]
    assert await listed(ObligationState.WAIVED) == []
    assert await listed(None) == ["breached", "open", "open too", "spam", "late"]


async def test_a_ledger_that_is_being_read_tells_each_entry_once(still: Stage) -> None:
    """What falls due, is written or is answered between two pages is told as it was when the reading began."""
    shop = await market(still)
    for number in range(6):
        await shop.asked(-119 - number % 2, f"c-{number}")
    known, told, cursor = await know(still.deps, shop.shop), [], None
    for number in range(20):
        page = await ledger.list_ledger(still.deps, known, cursor=cursor, limit=1)
        told += [entry.conversation for entry in page.entries]
        still.pass_time(20_000)
        if number == 2:
            await shop.fire()
            await shop.asked(1, "c-new")
        if page.cursor is None:
            break
        cursor = page.cursor

    assert sorted(told) == [f"c-{number}" for number in range(6)]


# -- against a plain count of the whole history


MINUTES = st.integers(-3 * 24 * 60, -1)
CONVERSATIONS = st.sampled_from(["a", "b", "c"])
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("asked"), MINUTES, CONVERSATIONS, st.sampled_from([None, None, "o"])),
        st.tuples(st.just("answered"), MINUTES, CONVERSATIONS, st.none()),
        st.tuples(st.just("reported"), MINUTES, CONVERSATIONS, st.none()),
        st.tuples(st.just("fired"), st.just(0), st.just(""), st.none()),
        st.tuples(st.just("passed"), st.integers(1, 200), st.just(""), st.none()),
    ),
    max_size=25,
    unique_by=lambda each: (each[0], each[1]),
)
windows = st.builds(Window, st.integers(1, 2)) | st.builds(
    Window, st.integers(1, 2), st.integers(1, 5), st.none() | st.integers(1, 4), st.none() | st.integers(2, 4)
)
weightings = st.none() | st.builds(
    Weighting, st.sampled_from([Fraction(1, 4), Fraction(1, 2)]), st.just(Fraction(1, 2))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings, windows, weightings)
async def test_any_history_gives_the_rate_that_a_plain_count_of_it_gives(
    still: Stage, happened: list[tuple[str, int, str, str | None]], window: Window, weighting: Weighting | None
) -> None:
    """Rate and ledger, in both kinds, whoever is behind: equal to a replay of everything, and to each other."""
    shop = await market(still, ruled(window=window, weighting=weighting))
    limit = 2 * HOUR
    plain = Rules(
        deadline=lambda at: at + limit,
        window=window,
        soft=lambda at: at + HOUR,
        spam=PlainMark(retroactive=True),
        waived=PlainMark(excludes=False),
        withdrawn=PlainMark(excludes=False),
        gone=PlainMark(excludes=False),
        weighting=weighting,
    )
    model, asked = SlowModel([(0, PlainPolicy(plain, plain))]), dict[str, str]()
    for what, minute, conversation, order in happened:
        at, facts = shop.base + minute * MINUTE, list[Fact]()
        match what:
            case "asked":
                where = f"{conversation}-{order}"
                asked[where.split("-", maxsplit=1)[0]] = key = await shop.asked(minute, conversation, order)
                facts.append(Incoming(0, conversation, key, at, order))
            case "answered":
                key = await shop.answered(minute, conversation)
                facts.append(Outgoing(0, conversation, key, at, at))
            case "reported" if conversation in asked:
                await shop.reported(asked[conversation], minute, conversation)
                facts.append(SpamReport(0, asked[conversation], at))
            case "fired":
                await shop.fire()
            case "passed":
                still.pass_time(minute * MINUTE)
                shop.base += minute * MINUTE
        model.hear(*facts)

    for kind in ObligationKind:
        ours, now = await shop.rate(kind), still.clock.now()
        slow, listed, expected = model.rate(kind, now), await shop.ledger([kind]), model.entries(now, kind)

        assert (ours.met, ours.missed, ours.percent) == (slow.met, slow.missed, slow.percent)
        assert sorted(_seen(listed)) == sorted(_seen(expected))
        fast = rate(listed, window, now, weighting=weighting)
        assert (fast.met, fast.missed, fast.percent) == (ours.met, ours.missed, ours.percent)
        if not window.has_fallback:
            since = window.start(now) + 1
            assert total(await shop.ledger([kind], since=since)) == Counts(ours.met, ours.missed)


def _seen(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """All but the ids, which are theirs and ours."""
    return [
        (each.conversation, each.received, each.due, each.soft_due, each.answered or 0, each.verdict, each.reason or "")
        for each in entries
    ]
