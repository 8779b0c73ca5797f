"""Whatever a buyer writes, Slack takes the card, and nobody is pinged, linked or formatted by it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.playground.slack import Message, links, pings, plain
from bots.playground.slack.block_check import complaints_about_blocks, complaints_about_view, is_too_long
from bots.slack import blocks, modals
from core.domain.cards import Answer, Button, Card, CardState, Field, Form, Note, NoteKind, Style, Verb
from core.domain.conversations import Attachment
from core.domain.members import Identity
from core.domain.texts import Anchor, Instant, Mention, Quote, Text, Words
from core.rendering import say
from tests.bots.slack.conftest import CONVERSATION, a_card
from tests.fixtures.ports import PlainVoice

HOSTILE = [
    "<!channel>",
    "<!here|here>",
    "<!subteam^S123>",
    "<@U12345678>",
    "<#C12345678|general>",
    "@everyone @here @channel",
    "#general",
    "<https://evil.example|your bank>",
    "https://evil.example/a_b_c",
    "evil.example",
    "mail me: a@evil.example",
    "&lt;!channel&gt;",
    "*bold* _italic_ ~struck~ `code`",
    "```\nblock\n```",
    ">>> all of this is a quote",
    "\n\nShopbell: *Reply by tomorrow* <https://evil.example|Reply>",
    "\u202e<!channel>\u202c\u2066@here\u2069",
    "{{ 7*7 }} {% raw %} ${HOME}",
    ":tada: :100: <!date^1^{date}|now>",
]
STATES = list(CardState)


def as_message(drawn: dict[str, object]) -> Message:
    """What Slack makes of it; `parse` is none in all that we send."""
    given = drawn["blocks"]
    assert isinstance(given, list)
    return Message("T", "C", "1.0", "U", str(drawn["text"]), blocks=given, parse="none")


def hostile_card(words: str, state: CardState) -> Card:
    return replace(
        a_card(words, state=state),
        title=(Words("Ann", strong=True), Quote(words)),
        subject=(Quote(words),),
        status=(Words("Answered by "), Quote(words)),
        warning=(Quote(words),),
        fallback=(Words("Ann writes: "), Quote(words)),
        attachments=(Attachment("https://evil.example/" + words, words, "image/png", 1234),),
        buttons=(Button((Words("Reply to "), Quote(words)), Verb.REPLY, CONVERSATION, opens=True),),
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(words: str, state: CardState) -> None:
    """In every place of a card and in every state, a buyer's words ping nobody, link nowhere and format nothing."""
    message = as_message(blocks.card_message(hostile_card(words, state), say))

    assert complaints_about_blocks(message.blocks, "message") == []
    assert pings(message) == []
    assert links(message) == []
    drawn = [text.replace("*Ann*", "") for text in (message.text, *_mrkdwn(message.blocks))]
    assert not any(re.search(r"(?<!\u200b)[*_~`]|[*_~`](?!\u200b)", text) for text in drawn)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words_beside_a_card_too(words: str) -> None:
    """Notes, answers and plain words sent in their place are no weaker than the card."""
    note = Note(NoteKind.MESSAGE, CONVERSATION, (Quote(words),), Quote(words), (Attachment("x", words),), loud=True)
    answer = Answer((Quote(words),), Quote(words), conversation=CONVERSATION)
    drawn = [
        blocks.note_message(note, say),
        blocks.note_words(note, say),
        blocks.answer_message(answer, say),
        blocks.answer_words(answer, say),
        blocks.card_words(replace(hostile_card(words, CardState.OPEN)), say),
    ]

    for message in map(as_message, drawn):
        assert complaints_about_blocks(message.blocks, "message") == []
        assert pings(message) == []
        assert links(message) == []


def test_a_card_says_everything_a_seller_needs() -> None:
    """Who wrote, what, until when, with what beside it, and the two ways on."""
    card = replace(a_card("Is it blue?"), attachments=(Attachment("https://cdn.example/a.png", "a.png", size=1234),))
    message = as_message(blocks.card_message(card, say))

    assert plain(message).replace("\u200b", "").splitlines() == [
        "Ann · Example Market",
        "Order 5: Logo design",
        "Is it blue?",
        "📎 a.png, 1 kB · https://cdn.example/a.png",
        "Reply by Mon 30 Nov, 01:53 CET",
        "[Reply to Ann] [Open on the site]",
    ]


def test_a_picture_alone_has_no_empty_quote() -> None:
    """A message without words shows its picture's name."""
    card = replace(a_card(" \n "), attachments=tuple(Attachment(f"https://x/{n}", f"{n}.png") for n in range(7)))
    drawn = blocks.card_message(card, say)["blocks"]

    assert [block["block_id"].split(":")[0] for block in drawn] == ["title", "files", "status", "actions"]
    assert drawn[1]["elements"][-1]["text"] == "and 2 more, on the site"


def test_a_long_text_to_copy_is_given_whole_in_pieces() -> None:
    """What is to be pasted on a site is there word for word, or says that it was cut."""
    text = "".join(f"{number} & \n" for number in range(500))
    drawn = blocks.answer_message(Answer((Words("Type this:"),), copy=text), say)["blocks"]
    pieces = [block["text"]["text"][4:-4] for block in drawn if block["text"]["text"].startswith("```")]

    assert len(pieces) == 2
    assert "".join(pieces).replace("&amp;", "&") == text
    longer = blocks.answer_message(Answer(copy=text * 3), say)["blocks"]
    assert "(cut" in longer[-1]["text"]["text"]


def test_a_button_without_a_way_is_left_out() -> None:
    """An address that Slack would not take costs the button, never the card."""
    buttons = (Button((Words("x"),), url="javascript:alert(1)"), Button((Words("y"),)), Button((), Verb.SEND, "d"))

    drawn = blocks.actions(buttons)
    assert drawn is not None
    assert [element["action_id"] for element in drawn["elements"]] == ["do:send:2"]
    assert drawn["elements"][0]["text"]["text"]


def _mrkdwn(value: object) -> list[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            assert value["verbatim"] is True
            return [str(value["text"])]
        return [text for inner in value.values() for text in _mrkdwn(inner)]
    return [text for inner in value for text in _mrkdwn(inner)] if isinstance(value, list) else []


# Any words at all; long ones are made by repeating, which costs hypothesis nothing.
WORDS = st.builds(
    lambda text, times: text * times,
    st.text(st.characters(), max_size=40) | st.sampled_from(HOSTILE),
    st.sampled_from([0, 1, 3, 1000]),
)
PARTS = st.one_of(
    st.builds(Words, WORDS, st.booleans()),
    st.builds(Quote, WORDS),
    st.builds(Instant, st.integers(0, 4_000_000_000_000), st.sampled_from(["UTC", "Asia/Kolkata"])),
    st.builds(Mention, st.builds(Identity, st.just("slack"), st.just("T"), st.just("U123"), WORDS)),
    st.builds(Anchor, WORDS.map("https://x.example/{}".format), WORDS),
)
TEXTS: st.SearchStrategy[Text] = st.lists(PARTS, max_size=4).map(tuple)
QUOTES = st.builds(Quote, WORDS)
IDS = st.just(CONVERSATION)
BUTTONS = st.lists(
    st.builds(
        Button,
        TEXTS,
        st.none() | st.sampled_from(Verb),
        IDS,
        st.sampled_from(["", "mention"]),
        st.integers(0, 10**9),
        st.none() | WORDS.map("https://x.example/{}".format),
        st.sampled_from(Style),
        st.booleans(),
    ),
    max_size=30,
).map(tuple)
FILES = st.lists(st.builds(Attachment, WORDS, WORDS, WORDS, st.none() | st.integers(0, 10**10)), max_size=8).map(tuple)
CALLS = st.lists(st.builds(Identity, st.just("slack"), st.just("T"), st.just("U123"), WORDS), max_size=8).map(tuple)
CARDS = st.builds(
    Card, IDS, st.integers(0, 10**9), st.sampled_from(CardState), TEXTS, QUOTES, TEXTS, TEXTS, TEXTS, TEXTS, FILES,
    BUTTONS, CALLS,
)  # fmt: skip
NOTES = st.builds(Note, st.sampled_from(NoteKind), IDS, TEXTS, st.none() | QUOTES, FILES, BUTTONS, CALLS)
FIELDS = st.builds(Field, st.just("text"), TEXTS, st.integers(1, 10_000), WORDS, TEXTS).map(lambda field: (field,))
FORMS = st.builds(Form, st.sampled_from(Verb), IDS, TEXTS, TEXTS, FIELDS, TEXTS, st.none() | QUOTES)
ANSWERS = st.builds(Answer, TEXTS, st.none() | QUOTES, BUTTONS, st.none() | FORMS, st.none() | WORDS)


def test_a_plain_card_leaves_out_an_address_that_does_not_fit() -> None:
    """An address of the longest kind beside the longest words: the words stay, the limit holds."""
    far = Button((Words("Open on the site"),), url="https://x.example/" + "0" * 2900)
    note = Note(NoteKind.MESSAGE, "07c" + "a" * 20, (Words("0" * 1500),), quote=Quote("0" * 3000), buttons=(far,))

    words = blocks.note_words(note, say)["text"]

    assert len(words) <= 4000
    assert "x.example" not in words


@settings(deadline=None)
@given(
    st.one_of(
        CARDS.map(lambda card: blocks.card_message(card, say)),
        CARDS.map(lambda card: blocks.card_words(card, say)),
        NOTES.map(lambda note: blocks.note_message(note, say)),
        NOTES.map(lambda note: blocks.note_words(note, say)),
        ANSWERS.map(lambda answer: blocks.answer_message(answer, say)),
        ANSWERS.map(lambda answer: blocks.answer_words(answer, say)),
    )
)
def test_no_message_breaks_a_limit(drawn: dict[str, object]) -> None:
    """Any card, note or answer is one that Slack takes, as a post and as a redraw."""
    given = drawn.get("blocks", [])
    assert isinstance(given, list)
    text = drawn["text"]
    assert isinstance(text, str)

    assert complaints_about_blocks(given, "message") == []
    assert not is_too_long(given)
    assert 0 < len(text) <= 4000


@settings(deadline=None)
@given(FORMS)
def test_no_form_breaks_a_limit(form: Form) -> None:
    """Any form is one that Slack opens."""
    view = modals.modal(form, modals.Origin("C123", "1.0", "1.0"), PlainVoice())

    assert complaints_about_view(view) == []
    again = modals.filled(view)
    assert again is not None
    assert (again.verb, again.target, again.origin.channel) == (form.verb, form.target, "C123")
