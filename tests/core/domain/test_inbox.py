"""What the inbox lists, and by what a conversation is found in it."""

import pytest

from core.domain.inbox import Line, Spoken, found_in, pages_of

LINE = Line(
    "01c", "My site", "Änn Müller", Spoken("Is it BLUE?"), said=(Spoken("Or \ufb01ne green"), Spoken("Is it BLUE?"))
)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("blue", "Is it BLUE?"),
        ("fine", "Or \ufb01ne green"),
        ("änn", "Is it BLUE?"),
        ("A\u0308NN green", "Or \ufb01ne green"),
        ("", "Is it BLUE?"),
    ],
)
def test_a_search_shows_by_what_it_found_a_conversation(words: str, shown: str) -> None:
    """In any case and composition; where the name alone says it, the words that its card shows."""
    found = found_in(LINE, words)

    assert found is not None
    assert found.text == shown


@pytest.mark.parametrize("words", ["red", "blue red", "my site"])
def test_each_word_has_to_be_there(words: str) -> None:
    """One word that stands nowhere is enough not to find it."""
    assert found_in(LINE, words) is None


def test_nothing_is_one_page() -> None:
    """The last page may be shorter."""
    assert [pages_of(count) for count in (0, 1, 8, 9, 16, 17)] == [1, 1, 1, 2, 2, 3]
