"""Cards, notes and answers as Telegram will take them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.playground.telegram.formatting import WORDS, compose
from bots.telegram.messages import Drawn, address_of, draw_answer, draw_card, draw_note
from core.domain.cards import Answer, Button, Card, CardRef, CardState, Note, NoteKind, Style, Verb
from core.domain.conversations import Attachment
from core.domain.members import Identity
from core.domain.rooms import Address
from core.domain.texts import Instant, Part, Quote, Text, Words
from core.ids import new_id
from core.rendering import say

CONVERSATION = new_id("conversation", 3)
NOON = 1_795_003_200_000
REPLY = Button((Words("Reply to "), Quote("Ann")), Verb.REPLY, CONVERSATION, style=Style.PRIMARY, opens=True)


def card(**changed: object) -> Card:
    shape: dict[str, object] = {
        "conversation": CONVERSATION,
        "version": 1,
        "state": CardState.OPEN,
        "title": (Words("💬 "), Quote("Ann"), Words(" · Logo shop")),
        "subject": (Quote("Logo design"),),
        "quote": Quote("Is it <b>blue</b>?"),
        "status": (Words("Answer by "), Instant(NOON, "Europe/Paris", relative=True)),
        "fallback": (Words("Ann: "), Quote("Is it <b>blue</b>?")),
        "buttons": (REPLY,),
    }
    return Card(**{**shape, **changed})  # type: ignore[arg-type]


words = st.text(max_size=5000) | st.sampled_from(
    ["@a " * 1500, "x.com " * 700, "\n" * 3000, "👨‍👩‍👧" * 1200, "א" * 5000]
)
people = st.builds(Identity, st.just("telegram"), st.just("1"), st.integers(1, 10**12).map(str), words)
files = st.builds(Attachment, st.just("https://x.example/a"), words, st.just(""), st.none() | st.integers(0, 10**12))


def assert_telegram_takes(drawn: Drawn) -> None:
    text, entities = compose(drawn.html, "HTML", None)
    assert 1 <= len(text) <= 4096
    assert len(entities) <= 100
    assert not [entity for entity in entities if entity["type"] in WORDS]
    assert 1 <= len(drawn.plain) <= 4096
    compose(drawn.plain, None, [{"type": "code", "offset": 0, "length": len(drawn.plain.encode("utf-16-le")) // 2}])


# Of our own words the templates decide: links in them are meant.
quoted: st.SearchStrategy[Text] = st.lists(
    st.one_of(st.builds(Quote, words), st.just(Words(" · ")), st.builds(Instant, st.integers(0, 2**41))), max_size=3
).map(tuple)


@settings(max_examples=60, deadline=None)
@given(quoted, quoted, words, quoted, st.lists(people, max_size=60).map(tuple), st.lists(files, max_size=8).map(tuple))
def test_every_card_is_within_telegrams_limits(
    title: Text, subject: Text, quote: str, status: Text, calls: tuple[Identity, ...], attached: tuple[Attachment, ...]
) -> None:
    """Whatever buyers, members and files are called and say, the card is taken, and nothing of theirs can be tapped."""
    title = (Words("💬 "), *title)
    drawn = draw_card(
        card(title=title, subject=subject, quote=Quote(quote), status=status, calls=calls, attachments=attached), say
    )

    assert_telegram_takes(drawn)


@settings(max_examples=40, deadline=None)
@given(quoted, st.none() | words, st.lists(people, max_size=60).map(tuple))
def test_every_note_is_within_telegrams_limits(text: Text, quote: str | None, calls: tuple[Identity, ...]) -> None:
    """A line beside a card is taken too, with a quote or without."""
    note = Note(NoteKind.MESSAGE, CONVERSATION, text, Quote(quote) if quote is not None else None, calls=calls)

    assert_telegram_takes(draw_note(note, say, "https://t.me/c/1/2"))


@settings(max_examples=40, deadline=None)
@given(quoted, st.none() | words, st.none() | st.text(min_size=1, max_size=9000))
def test_every_answer_is_within_telegrams_limits(text: Text, quote: str | None, copy: str | None) -> None:
    """A text to copy may take several messages; each is taken."""
    answer = Answer((Words("Copy this:"), *text), Quote(quote) if quote is not None else None, copy=copy)

    for drawn in draw_answer(answer, say):
        assert_telegram_takes(drawn)


def test_a_card_reads_from_who_to_until_when() -> None:
    """Buyer and shop, the order, the words as typed, the clock, a warning, what is attached, who is called."""
    drawn = draw_card(
        card(
            warning=(Words("Not sent: "), Quote("too long")),
            attachments=(Attachment("https://x.example", "a.png", "image/png", 1_234_567),),
            calls=(Identity("telegram", "1", "77", "Bob"), Identity("slack", "T", "U", "Eve")),
        ),
        say,
    )

    assert compose(drawn.html, "HTML", None)[0].splitlines() == [
        "💬 Ann · Logo shop",
        "Logo design",
        "Is it <b>blue</b>?",
        "Answer by Wed 18 Nov, 13:00 CET (13:00)",
        "⚠️ Not sent: too long",
        "📎 a.png (1.2 MB)",
        "Bob",
    ]


def test_a_long_message_is_cut_and_says_so() -> None:
    """Twenty thousand characters become three thousand and a word on where the rest is."""
    text, _ = compose(draw_card(card(quote=Quote("y" * 20_000)), say).html, "HTML", None)

    assert "y" * 3000 + " … (cut, open on the site)\n" in text
    assert "y" * 3001 not in text


def test_a_picture_without_words_has_no_empty_quote() -> None:
    """An empty text with a picture shows the picture's name."""
    drawn = draw_card(card(quote=Quote(" \n"), attachments=(Attachment("https://x.example", ""),)), say)

    assert "blockquote" not in drawn.html
    assert "📎 <code>file</code>" in drawn.html


def test_buttons_stand_side_by_side_where_they_fit() -> None:
    """Short labels share a row, a long one has its own; colours and links are kept, dead links left out."""
    buttons = (
        REPLY,
        Button((Words("Send"),), Verb.SEND, new_id("draft", 1)),
        Button((Words("Keep as note"),), Verb.KEEP, new_id("draft", 1), style=Style.DANGER),
        Button((Words("Open on Example Market's own site"),), url="https://x.example/c?1"),
        Button((Words("Trap"),), url="javascript:alert(1)"),
    )
    keyboard = draw_card(card(buttons=buttons), say).keyboard

    assert keyboard is not None
    rows = [[(key["text"], key.get("style"), key.get("url")) for key in row] for row in keyboard["inline_keyboard"]]
    assert rows == [
        [("Reply to Ann", "primary", None), ("Send", None, None), ("Keep as note", "danger", None)],
        [("Open on Example Market's own site", None, "https://x.example/c?1")],
    ]


def test_a_short_text_is_copied_by_a_button() -> None:
    """What is to be typed on the site is one tap away, and stands there to be tapped as well."""
    (drawn,) = draw_answer(Answer((Words("Copy this to the site:"),), copy="Yes, <blue>."), say)

    assert drawn.html == "Copy this to the site:\n<pre>Yes, &lt;blue&gt;.</pre>"
    assert drawn.keyboard is not None
    assert drawn.keyboard["inline_keyboard"][0][0]["copy_text"] == {"text": "Yes, <blue>."}


def test_a_long_text_to_copy_is_whole() -> None:
    """What does not fit into one message follows in the next ones, with nothing left out."""
    copy = "".join(f"line {number}\n" for number in range(1000))
    first, *others = draw_answer(Answer((Words("Copy this:"),), copy=copy), say)

    assert first.html == "Copy this:"
    assert "".join(drawn.html.removeprefix("<pre>").removesuffix("</pre>") for drawn in others) == copy


def test_only_supergroups_have_addresses() -> None:
    """The way from a direct message to the card leads into its topic, and is left out where there is none."""
    there = Address("telegram", "1", "-1001234", "55")

    assert address_of(CardRef(there, "77")) == "https://t.me/c/1234/55/77"
    assert address_of(CardRef(Address("telegram", "1", "-1234"), "77")) is None
    assert address_of(CardRef(Address("telegram", "1", "1234"), "77")) is None


def test_parts_can_be_drawn_in_any_order() -> None:
    """A text that ends where its room ends is cut once, at the first part that does not fit."""
    part: Part = Words("x" * 300)

    assert compose(draw_card(card(title=(part, part)), say).html, "HTML", None)[0].startswith("x" * 249 + "…\n")
