"""The slow model itself: its rules told as short stories, and what must hold whatever happens."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.ledger import Counts, Entry, Verdict, judge, total
from core.domain.obligations import Exclusion, ObligationKind
from core.domain.rates import Weighting, Window, rate, sample
from tests.machine.history import (
    Absence,
    AwayRule,
    BuyerBlocked,
    ConversationGone,
    Fact,
    Incoming,
    Mark,
    OrderState,
    Outgoing,
    Policy,
    Rules,
    SpamReport,
    SpamUndone,
    Unit,
    Waiver,
    WaiverUndone,
    Withdrawn,
)
from tests.machine.model import SlowModel

INBOX, ORDER = ObligationKind.INBOX, ObligationKind.ORDER
LATER = 10**6


def after(wait: int) -> Callable[[int], int | None]:
    return lambda start: start + wait


RULES = Rules(deadline=after(100), window=Window(60))
FIVERR = Policy(
    inbox=replace(RULES, unit=Unit.FIRST_IN_CONVERSATION, away=AwayRule.NEVER_COUNTS, soft=after(50)), order=RULES
)


def buyer(at: int, message: str = "m1", order: str | None = None, heard: int | None = None) -> Incoming:
    return Incoming(at if heard is None else heard, "c", message, at, order)


def reply(at: int, accepted: int | None = None, message: str = "r1", how: str = "manual") -> Outgoing:
    accepted_at = at if accepted is None else accepted
    return Outgoing(accepted_at, "c", message, at, accepted_at, how, by="ann")


def waiver(at: int, kind: ObligationKind = INBOX, order: str | None = None) -> Waiver:
    return Waiver(at, "w", "c", kind, order, at)


def told(*facts: Fact, policy: Policy = FIVERR, now: int = LATER) -> list[tuple[str, Verdict, Exclusion | None]]:
    return [(each.obligation, each.verdict, each.reason) for each in shop(*facts, policy=policy).entries(now)]


def shop(*facts: Fact, policy: Policy = FIVERR) -> SlowModel:
    model = SlowModel([(0, policy)])
    model.hear(*facts)
    return model


def inbox(**changes: object) -> Policy:
    return replace(FIVERR, inbox=replace(FIVERR.inbox, **changes))  # type: ignore[arg-type]


def test_a_reply_settles_what_opened_before_it_was_written_when_it_is_accepted() -> None:
    """Until the marketplace accepts a reply its message is pending; then it is in time, by that instant."""
    model = shop(buyer(0), reply(90, accepted=100))

    assert [each.verdict for each in model.entries(99)] == [Verdict.PENDING]
    assert [(each.verdict, each.answered, each.by) for each in model.entries(100)] == [(Verdict.IN_TIME, 100, "ann")]
    assert told(buyer(0), reply(90, accepted=101)) == [("m1", Verdict.LATE, None)]
    assert told(buyer(0), now=100) == [("m1", Verdict.MISSED, None)]


def test_a_follow_up_joins_and_a_message_written_after_the_reply_stays_owed() -> None:
    """A follow-up keeps the deadline; what the buyer wrote while the reply was under way opens anew from then."""
    model = shop(buyer(0, order="o"), buyer(50, "m2", "o"), buyer(70, "m3", "o"), reply(60, accepted=80))

    assert [(each.obligation, each.due, each.verdict) for each in model.entries(79)] == [("m1", 100, Verdict.PENDING)]
    assert [(each.obligation, each.due, each.verdict) for each in model.entries(80)] == [
        ("m1", 100, Verdict.IN_TIME),
        ("m3", 170, Verdict.PENDING),
    ]


def test_only_the_first_message_counts_and_the_later_ones_are_owed() -> None:
    """A later inquiry in a known conversation is owed without counting; each turn on an order counts."""
    facts = [buyer(0), buyer(1, "m2", "o"), reply(10), buyer(20, "m3"), buyer(21, "m4", "o")]
    model = shop(*facts)

    assert told(*facts, now=30) == [
        ("m1", Verdict.IN_TIME, None),
        ("m2", Verdict.IN_TIME, None),
        ("m3", Verdict.EXCLUDED, Exclusion.UNCOUNTED),
        ("m4", Verdict.PENDING, None),
    ]
    assert [each.obligation for each in model.owed(30)] == ["m3", "m4"]
    assert model.states(121) == {"m1": "answered", "m2": "answered", "m3": "breached", "m4": "breached"}


def test_a_message_that_comes_late_takes_its_place() -> None:
    """A back-filled first message is the first, answered by the reply that came after it was written."""
    model = shop(buyer(10, "m2"), reply(20), buyer(0, "m1", heard=500))

    assert [(each.obligation, each.due) for each in model.entries(499)] == [("m2", 110)]
    assert [(each.obligation, each.due, each.verdict) for each in model.entries(500)] == [("m1", 100, Verdict.IN_TIME)]


def test_spam_ends_the_duty_and_undoing_it_starts_the_clock_again() -> None:
    """A report excludes; undone, the message is owed, from then on where the policy says so."""
    report, undone = SpamReport(10, "m1", 10), SpamUndone(300, "m1", 300)
    restarting = inbox(unspam_restarts_clock=True)

    assert told(buyer(0), report) == [("m1", Verdict.EXCLUDED, Exclusion.SPAM)]
    assert told(buyer(0), report, undone, now=300) == [("m1", Verdict.MISSED, None)]
    assert told(buyer(0), report, undone, now=399, policy=restarting) == [("m1", Verdict.PENDING, None)]
    assert told(buyer(0), SpamReport(100, "m1", 101), undone, now=399, policy=restarting) == [
        ("m1", Verdict.MISSED, None)
    ]
    [entry] = shop(buyer(0), report, undone, policy=restarting).entries(300)
    assert (entry.received, entry.counted_from, entry.due, entry.soft_due) == (0, 300, 400, 350)


@pytest.mark.parametrize(
    ("mark", "at", "excluded"),
    [
        (Mark(), 100, True),
        (Mark(), 101, False),
        (Mark(within=30), 30, True),
        (Mark(within=30), 31, False),
        (Mark(retroactive=True), 500, True),
        (Mark(excludes=False), 1, False),
    ],
)
def test_a_mark_excludes_within_its_limit(mark: Mark, at: int, excluded: bool) -> None:
    """Spam and waivers end the duty whenever they come, and exclude up to the policy's limit."""
    policy = inbox(spam=mark, waived=mark)
    for fact, reason in [(SpamReport(at, "m1", at), Exclusion.SPAM), (waiver(at), Exclusion.WAIVED)]:
        expected = (Verdict.EXCLUDED, reason) if excluded else (Verdict.MISSED, None)

        assert told(buyer(0), fact, policy=policy) == [("m1", *expected)]
        assert shop(buyer(0), fact, policy=policy).owed(LATER) == []


def test_a_waiver_is_of_what_is_open_then_and_can_be_undone() -> None:
    """A waiver touches its kind and order only, and what comes later opens anew."""
    facts = [buyer(0), buyer(0, "m2", "o"), waiver(10, ORDER, "o"), buyer(20, "m3", "o")]

    assert told(*facts, now=50) == [
        ("m1", Verdict.PENDING, None),
        ("m2", Verdict.EXCLUDED, Exclusion.WAIVED),
        ("m3", Verdict.PENDING, None),
    ]
    assert told(*facts, WaiverUndone(30, "w"), now=50) == [
        ("m1", Verdict.PENDING, None),
        ("m2", Verdict.PENDING, None),
    ]
    assert told(buyer(0), reply(5), waiver(10)) == [("m1", Verdict.IN_TIME, None)]


def test_what_is_withdrawn_closed_or_gone_is_excluded_as_the_policy_says() -> None:
    """All messages must be withdrawn; an order's closing ends only what belongs to it; else the duty stays."""
    assert told(buyer(0), buyer(1, "m2"), Withdrawn(5, "m1", 5), now=9) == [("m1", Verdict.PENDING, None)]
    assert told(buyer(0), Withdrawn(5, "m1", 5)) == [("m1", Verdict.EXCLUDED, Exclusion.WITHDRAWN)]
    assert told(buyer(0), BuyerBlocked(5, "c", 5)) == [("m1", Verdict.EXCLUDED, Exclusion.BLOCKED)]
    assert told(buyer(0), ConversationGone(5, "c", 5)) == [("m1", Verdict.EXCLUDED, Exclusion.GONE)]
    assert told(buyer(0), buyer(1, "m2", "o"), OrderState(5, "o", False, 5), now=9) == [
        ("m1", Verdict.PENDING, None),
        ("m2", Verdict.EXCLUDED, Exclusion.ORDER_CLOSED),
    ]
    kept = inbox(withdrawn=Mark(excludes=False))
    assert [each.obligation for each in shop(buyer(0), Withdrawn(5, "m1", 5), policy=kept).owed(9)] == ["m1"]


@pytest.mark.parametrize(
    ("away", "open_to_messages", "verdict"),
    [
        (AwayRule.NEVER_COUNTS, True, Verdict.EXCLUDED),
        (AwayRule.COUNTS_IF_OPEN, True, Verdict.MISSED),
        (AwayRule.COUNTS_IF_OPEN, False, Verdict.EXCLUDED),
        (AwayRule.COUNTS, False, Verdict.MISSED),
        (AwayRule.STARTS_AT_RETURN, False, Verdict.PENDING),
    ],
)
def test_absences_count_as_the_policy_says(away: AwayRule, open_to_messages: bool, verdict: Verdict) -> None:
    """What comes during an absence is excluded, counts, or is due from the return; the absence ends before its end."""
    absence, policy = Absence(0, "a", 10, 200, open_to_messages), inbox(away=away)

    found = {at: shop(absence, buyer(at), policy=policy).entries(299)[0].verdict for at in (9, 10, 199)}

    assert found == {9: Verdict.MISSED, 10: verdict, 199: verdict}
    assert told(absence, buyer(200), policy=policy, now=300) == [("m1", Verdict.MISSED, None)]


def test_the_last_word_on_an_absence_holds() -> None:
    """An absence ended early no longer covers what came after its new end."""
    facts = [Absence(0, "a", 0, None), buyer(50), Absence(40, "a", 0, 40)]

    assert told(*facts, now=99) == [("m1", Verdict.PENDING, None)]


def test_an_answer_is_what_the_policy_takes_for_one() -> None:
    """A quick response settles, an automatic one does not unless the policy says so."""
    assert told(buyer(0), reply(1, how="quick")) == [("m1", Verdict.IN_TIME, None)]
    assert told(buyer(0), reply(1, how="automatic")) == [("m1", Verdict.MISSED, None)]
    taking = inbox(answers=frozenset({"automatic"}))
    assert told(buyer(0), reply(1, how="automatic"), policy=taking) == [("m1", Verdict.IN_TIME, None)]


def test_the_unit_says_which_message_counts() -> None:
    """First of a local day, or after a silence of both sides."""
    day = 86_400_000
    facts = [buyer(0), reply(1), buyer(day - 1, "m2"), reply(day - 1, message="r2"), buyer(day, "m3")]
    uncounted = (Verdict.EXCLUDED, Exclusion.UNCOUNTED)

    daily = told(*facts, policy=inbox(unit=Unit.FIRST_PER_DAY), now=day)
    eastern = told(*facts, policy=inbox(unit=Unit.FIRST_PER_DAY, zone="Asia/Tokyo"), now=day)
    quiet = told(*facts, policy=inbox(unit=Unit.FIRST_AFTER_SILENCE, silence=day - 2), now=day)

    assert daily == [("m1", Verdict.IN_TIME, None), ("m2", *uncounted), ("m3", Verdict.PENDING, None)]
    assert eastern == [("m1", Verdict.IN_TIME, None), ("m2", Verdict.IN_TIME, None), ("m3", *uncounted)]
    assert quiet == [("m1", Verdict.IN_TIME, None), ("m2", Verdict.IN_TIME, None), ("m3", *uncounted)]


def test_a_policy_change_governs_what_is_written_later() -> None:
    """An obligation keeps the deadline of the policy under which its message was written."""
    model = SlowModel([(0, FIVERR), (50, inbox(deadline=after(7)))])
    model.hear(buyer(49), replace(buyer(50, "m2"), conversation="d"))

    assert [each.due for each in model.entries(LATER)] == [149, 57]


# -- whatever happens

AT = st.integers(0, 600)
HEARD = st.integers(0, 900)
MESSAGE = st.sampled_from(["m1", "m2", "m3", "m4", "m5"])
CONVERSATION = st.sampled_from(["c", "d"])
ORDERS = st.sampled_from([None, "o", "p"])
WHERE = {"m1": ("c", None), "m2": ("c", None), "m3": ("c", "o"), "m4": ("d", "p"), "m5": ("c", None)}


@st.composite
def outgoing(draw: st.DrawFn) -> Outgoing:
    written = draw(AT)
    number, how = draw(st.integers(0, 3)), draw(st.sampled_from(["manual", "quick", "automatic"]))
    return Outgoing(draw(HEARD), draw(CONVERSATION), f"r{number}", written, written + draw(st.integers(0, 60)), how)


# A message is what it is, however often it is heard of: its time is its own.
incoming = st.builds(lambda heard, id, at: Incoming(heard, WHERE[id][0], id, at, WHERE[id][1]), HEARD, MESSAGE, AT)
FACT = st.one_of(
    incoming,
    outgoing(),
    st.builds(Withdrawn, HEARD, MESSAGE, AT),
    st.builds(SpamReport, HEARD, MESSAGE, AT),
    st.builds(SpamUndone, HEARD, MESSAGE, AT),
    st.builds(Waiver, HEARD, st.just("w"), CONVERSATION, st.sampled_from(ObligationKind), ORDERS, AT),
    st.builds(WaiverUndone, HEARD, st.just("w")),
    st.builds(Absence, HEARD, st.sampled_from(["a", "b"]), AT, st.none() | AT, st.booleans()),
    st.builds(OrderState, HEARD, st.sampled_from(["o", "p"]), st.booleans(), AT),
    st.builds(ConversationGone, HEARD, CONVERSATION, AT),
    st.builds(BuyerBlocked, HEARD, CONVERSATION, AT),
)
MARK = st.builds(Mark, st.booleans(), st.none() | st.integers(0, 200), st.booleans())
RULE = st.builds(
    Rules,
    deadline=st.sampled_from([after(100), after(7), lambda _: None]),
    window=st.builds(
        Window, st.integers(1, 3), st.integers(0, 3), st.none() | st.integers(1, 3), st.none() | st.just(5)
    ),
    unit=st.sampled_from(Unit),
    silence=st.integers(0, 300),
    away=st.sampled_from(AwayRule),
    spam=MARK,
    waived=MARK,
    withdrawn=MARK,
    order_closed=MARK,
    gone=MARK,
    blocked=MARK,
    unspam_restarts_clock=st.booleans(),
    weighting=st.none() | st.just(Weighting(Fraction(1, 4), Fraction(1, 2))),
    empty_value=st.none() | st.just(Fraction(57)),
)
POLICY = st.builds(Policy, RULE, RULE)
HISTORY = st.lists(FACT, max_size=14)


def once(facts: list[Fact]) -> list[Fact]:
    """Without the second word on a message or an absence, whose order of hearing matters."""
    named = {getattr(each, "message", None) or getattr(each, "id", None): each for each in facts if _is_named(each)}
    return [each for each in facts if not _is_named(each)] + list(named.values())


def _is_named(fact: Fact) -> bool:
    return isinstance(fact, Incoming | Outgoing | Absence)


@given(POLICY, HISTORY, st.lists(HEARD, min_size=14, max_size=14))
@settings(max_examples=60)
def test_the_order_of_hearing_does_not_matter(policy: Policy, facts: list[Fact], heard: list[int]) -> None:
    """Whatever came late or out of order: once all is heard, the ledger is the same."""
    history = once(facts)
    moved = [replace(each, heard=at) for each, at in zip(history, heard, strict=False)]

    assert shop(*history, policy=policy).entries(LATER) == shop(*moved, policy=policy).entries(LATER)


@given(POLICY, HISTORY)
@settings(max_examples=60)
def test_hearing_everything_twice_changes_nothing(policy: Policy, facts: list[Fact]) -> None:
    """Duplicates leave no trace."""
    history = once(facts)
    again = [replace(each, heard=each.heard + 1) for each in history]

    assert shop(*history, *again, policy=policy).entries(LATER) == shop(*history, policy=policy).entries(LATER)


@given(POLICY, HISTORY, AT)
@settings(max_examples=60)
def test_at_most_one_is_owed_and_every_message_is_in_one(policy: Policy, facts: list[Fact], now: int) -> None:
    """A conversation owes at most one answer for a kind and order, and nothing is owed that was never heard of."""
    model = shop(*facts, policy=policy)
    owed = [(each.conversation, each.kind, each.order) for each in model.owed(now)]
    heard = {each.message for each in facts if isinstance(each, Incoming) and each.heard <= now}

    assert len(owed) == len(set(owed))
    assert set(model.states(now)) <= heard
    assert {each.obligation for each in model.owed(now)} <= set(model.states(now))


@given(POLICY, HISTORY, st.integers(0, 4 * 86_400_000))
@settings(max_examples=60)
def test_the_slow_rate_and_the_fast_one_are_equal(policy: Policy, facts: list[Fact], now: int) -> None:
    """The plain loop and the arithmetic of rates give the same number at any instant, and the ledger sums to it."""
    model = shop(*facts, policy=policy)
    for kind in ObligationKind:
        rules, entries = policy.rules(kind), model.entries(now, kind)
        plain = model.rate(kind, now)

        fast = rate(entries, rules.window, now, weighting=rules.weighting, empty_value=rules.empty_value)

        assert (fast.met, fast.missed, fast.percent) == (plain.met, plain.missed, plain.percent)
        assert total(sample(entries, rules.window, now).entries) == Counts(plain.met, plain.missed)
        assert all(_is_judged(each, now) for each in entries)


def _is_judged(entry: Entry, now: int) -> bool:
    return entry.verdict is judge(entry.due, entry.answered, now, entry.reason)
