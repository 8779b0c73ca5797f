"""What a button carries there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.telegram.callbacks import Carried, carried, carry, conversation_of
from core.domain.cards import Button, Verb
from core.domain.texts import Words
from core.ids import is_id, new_id

LABEL = (Words("Press"),)


@given(
    st.sampled_from(Verb),
    st.sampled_from(["conversation", "draft", "room"]),
    st.sampled_from(["", "mention", "everyone", new_id("conversation", 3)]),
    st.integers(min_value=0, max_value=9999),
    st.booleans(),
)
def test_a_button_comes_back_as_it_went(verb: Verb, kind: str, choice: str, version: int, opens: bool) -> None:
    """Any of our verbs, ids and choices survives the way through Telegram, within its 64 bytes."""
    target = new_id(kind, 31)
    if len(f"v1:{verb}:o:{target}:{choice}:{version}") > 64:
        return  # no button of ours says all of this at once
    data = carry(Button(LABEL, verb, target, choice, version, opens=opens))

    assert len(data.encode()) <= 64
    assert carried(data) == Carried(verb, opens, target, choice, version)


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "v2:reply:o:x::0",
        "v1:reply:o:x:0",
        "v1:destroy:o:x::0",
        "v1:reply:x:x::0",
        "v1:reply:o:x::-1",
        "v1:reply:o:x::²",
        "v1:reply:o:../x::0",
        "v1:reply:o:x::0\n",
        "v1:reply:o:" + "x" * 32 + ":" + "y" * 32 + ":0",
    ],
)
def test_what_no_button_of_ours_says_is_nothing(data: str | None) -> None:
    """Forged, mangled and future data is not understood, and does no harm."""
    assert carried(data) is None


def test_a_button_that_does_not_fit_is_our_fault() -> None:
    """Too long a choice is refused where it is made, not by Telegram."""
    with pytest.raises(ValueError, match="cannot carry"):
        carry(Button(LABEL, Verb.PICK, new_id("draft", 0), "x" * 33))


def test_only_a_reply_button_names_a_conversation() -> None:
    """A card says which conversation it is of by its reply button, and by nothing else."""
    conversation = new_id("conversation", 7)

    assert is_id(conversation, "conversation")
    assert conversation_of(Verb.REPLY, conversation) == conversation
    assert conversation_of(Verb.SEND, conversation) is None
    assert conversation_of(Verb.REPLY, new_id("draft", 7)) is None
