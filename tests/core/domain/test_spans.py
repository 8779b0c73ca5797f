"""Spans of time as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.spans import spelled, to_clocks, to_span, to_spans
from core.domain.zones import HOUR, MINUTE


@pytest.mark.parametrize(
    ("text", "span"),
    [("4h", 4 * HOUR), ("15m", 15 * MINUTE), ("1h30m", 90 * MINUTE), ("2d", 48 * HOUR)],
)
def test_a_span_is_read(text: str, span: int) -> None:
    """Days, hours and minutes, one after the other."""
    assert to_span(text) == span


@pytest.mark.parametrize("text", ["", "4", "h", "4 h", "4s", "-4h", "4h,", "٤h", "99999h"])
def test_what_is_no_span_is_refused_with_how_to_write_one(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="write it as 4h"):
        to_span(text)


@given(st.integers(0, 30 * 24 * 60).map(lambda minutes: minutes * MINUTE))
def test_what_is_spelled_is_read_as_the_same(span: int) -> None:
    """In whole minutes, up to thirty days."""
    assert to_span(spelled(span)) == span


def test_a_list_and_a_night_are_read() -> None:
    """With blanks as people put them; `off` is an empty list."""
    assert to_spans("4h, 1h,15m") == (4 * HOUR, HOUR, 15 * MINUTE)
    assert to_spans("off") == ()
    assert to_clocks("22:00 - 07:00") == ("22:00", "07:00")
    with pytest.raises(ValueError, match="write it as 22:00-07:00"):
        to_clocks("22:00")
