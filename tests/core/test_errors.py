"""Problems as they are kept: ours by name, theirs as they came, and never one for the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.texts import Quote, Words, plain
from core.errors import AccessLost, Ours, Problem, Rejected, ours, read_problem, to_keep
from core.rendering import explain, in_english, speaking

WORDS = st.text() | st.text().map(lambda said: f"\x1f{said}")
TEXTS = st.builds(Ours, st.text(), st.dictionaries(st.text(), st.text() | st.integers()))


@given(st.recursive(WORDS | TEXTS, lambda problems: problems.map(to_keep), max_leaves=3))
def test_what_was_kept_is_what_is_read(problem: Problem) -> None:
    """Also where somebody sends what we keep, and what we keep of that."""
    assert read_problem(to_keep(problem)) == problem


@given(WORDS)
def test_the_other_sides_words_are_quoted_whatever_they_look_like(said: str) -> None:
    """In every language."""
    with speaking("de"):
        assert explain(Rejected(said).kept) == ((Quote(said),) if said else ())


def test_words_of_ours_are_said_in_the_language_of_whoever_reads_them() -> None:
    """From one thing that was kept; for operators in English."""
    kept = AccessLost(ours("slack/problems#is_archived")).kept
    with speaking("de"):
        german, english = plain(explain(kept)), in_english(kept)

    assert german == "Der Slack-Kanal ist archiviert. Holen Sie ihn zurück, oder verbinden Sie einen anderen."
    assert english == "The Slack channel is archived. Bring it back, or link another one."


def test_a_value_that_is_somebodys_word_is_quoted_within() -> None:
    """Slack's own word may be anything."""
    kept = to_keep(ours("slack/problems#refused", code="<!channel> {{ code }}"))

    assert explain(kept) == (Words("Slack refuses: "), Quote("<!channel> {{ code }}"), Words("."))


@pytest.mark.parametrize("name", ["slack/problems#of_another_version", "irc/problems#gone", "slack/problems#refused"])
def test_what_another_version_kept_is_shown_by_its_name(name: str) -> None:
    """What is parked outlives an update, and a note that cannot be drawn would be tried for ever."""
    assert explain(to_keep(ours(name))) == (Quote(name),)


@pytest.mark.parametrize(
    "kept", ["\x1f", "\x1fno json", "\x1f[1]", '\x1f{"a": 1}', '\x1f["a", []]', "it was archived."]
)
def test_what_we_never_kept_so_is_somebodys_words(kept: str) -> None:
    """As an earlier version of Shopbell kept it."""
    assert read_problem(kept) == kept
