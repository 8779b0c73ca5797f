"""The table of states and moves."""

from itertools import product

from core.domain.obligations import (
    ENDS,
    MOVES,
    OWED,
    SETTLED,
    Exclusion,
    Obligation,
    ObligationKind,
    ObligationState,
    move_between,
    state_at,
)


def test_one_move_leads_from_each_state_to_each_other() -> None:
    """Whatever an older word changes has a name, and one only."""
    for source, target in product(ObligationState, repeat=2):
        named = [name for name, move in MOVES.items() if source in move.sources and target in move.targets]
        moves = 0 if source is target and source not in SETTLED else 1
        assert len(named) == moves, (source, target, named)
        assert move_between(source, target) == (None if source is target else named[0])


def test_what_is_owed_is_open_or_breached() -> None:
    """And all else is settled."""
    assert {ObligationState.OPEN, ObligationState.BREACHED} == OWED
    assert set(ENDS.values()) | {ObligationState.ANSWERED} == SETTLED


def test_the_state_at_an_instant() -> None:
    """Breached from the deadline on; what ended the duty decides over an answer that came all the same."""
    plain = Obligation("o", "c", "m", ObligationKind.INBOX, None, opened_at=0, deadline=100)
    answered = Obligation("o", "c", "m", ObligationKind.INBOX, None, 0, 100, answered_at=50)
    waived = Obligation(
        "o", "c", "m", ObligationKind.INBOX, None, 0, 100, ended_by=Exclusion.WAIVED, ended_at=40, answered_at=50
    )

    assert [state_at(plain, now) for now in (99, 100)] == [ObligationState.OPEN, ObligationState.BREACHED]
    assert state_at(answered, 200) is ObligationState.ANSWERED
    assert (state_at(waived, 200), waived.settled_at) == (ObligationState.WAIVED, 40)
