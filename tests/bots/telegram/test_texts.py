"""What Telegram keeps of the words we draw: read by the stand-in's own parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.playground.telegram.formatting import WORDS, compose
from bots.telegram.texts import block, cleansed, draw, mention, one_line
from core.domain.members import Identity
from core.domain.texts import Anchor, Instant, Mention, Quote, Text, Words
from core.rendering import say, speaking

NOON = 1_795_003_200_000

HOSTILE = (
    "<!channel> @everyone <b>bold</b> {{ 7*7 }} &lt;i&gt;",
    "https://evil.example/x?y=1 evil.com www.a.co.uk/p, (see m.me/ann). ftp://h http://localhost tg://user?id=7",
    "/start /link@shopbell_bot a/b 24/7 (/away) #tag #1 #١a $USD $50 ann@example.com me+you@x.museum",
    "call +1 (212) 555-0123 or 4111 1111 1111 1111, not 24.11.2026",
    "1.2.3.4 и пример.рф 例え.テスト münchen.de भारत.भारत",
    "@a" * 900,
    "@ann " * 600,
    "x.com/" * 500,
    "#" * 3000,
    "/a " * 400,
    "a@" * 1000,
)


def seen(markup: str) -> tuple[str, list[str]]:
    """The words that Telegram shows, and what a tap on them would do."""
    text, entities = compose(markup, "HTML", None)
    return text, [e["type"] for e in entities if e["type"] in (*WORDS, "text_link", "text_mention")]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_buyers_words_do_nothing_but_read(words: str) -> None:
    """Names, addresses, commands, tags and numbers in a buyer's words are shown as typed and cannot be tapped."""
    drawn, _ = block(words, 3000)
    text, clickable = seen(drawn.markup)

    assert text == cleansed(words, 3000)[0]
    assert clickable == []
    assert drawn.size == len(text)


@given(st.text(alphabet=st.sampled_from(list("ab1 .,:/@#$_-+()<>&;\n\u200d\u202e\u0301é中א👍")), max_size=400))
def test_no_mixture_of_signs_can_be_tapped(words: str) -> None:
    """Whatever signs a buyer strings together, Telegram finds nothing in them to make clickable."""
    drawn, _ = block(words, 300)
    _, clickable = seen(drawn.markup) if drawn.size else ("", [])

    assert clickable == []


@given(st.text(max_size=2000), st.integers(min_value=1, max_value=500))
def test_any_text_fits_and_parses(words: str, room: int) -> None:
    """Any text at all, halves of characters and control signs included, becomes HTML within its room."""
    drawn = draw((Words("For "), Quote(words), Words("<done>", strong=True)), room)
    text, entities = compose(drawn.markup, "HTML", None)

    assert len(text) <= drawn.size <= room
    assert len(entities) <= 100


@given(st.text(max_size=600), st.integers(min_value=1, max_value=200))
def test_what_is_cleansed_keeps_its_limit(words: str, limit: int) -> None:
    """A cut is said to be one, and nothing hidden or reordering is left."""
    cleaned, cut = cleansed(words, limit)

    assert len(cleaned) <= limit
    assert not set(cleaned) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u0000\u0007\x9f\ud800")
    assert cut or cleansed(cleaned, limit) == (cleaned, False)


def test_a_cut_falls_between_characters_as_people_count_them() -> None:
    """Neither a joined emoji nor a letter with its accent is torn apart."""
    family = "👨\u200d👩\u200d👧"

    assert cleansed("ab" + family, 4) == ("ab", True)
    assert cleansed("abe\u0301", 3) == ("ab", True)
    assert cleansed("ab👍🏽!", 3) == ("ab", True)


def test_a_storm_of_marks_is_calmed() -> None:
    """A letter under a hundred accents keeps as many as any script needs."""
    assert cleansed("h" + "\u0301" * 100 + "i", 50) == ("h" + "\u0301" * 8 + "i", False)


def test_an_arabic_name_stays_in_its_place() -> None:
    """A name written from right to left is isolated, so that it moves none of our words; others are left alone."""
    assert draw((Quote("ליאור"), Words(" · 3")), 50).markup == "\u2068ליאור\u2069 · 3"
    assert draw((Quote("Ann"),), 50).markup == "Ann"


def test_a_time_is_shown_in_each_readers_zone() -> None:
    """An instant is the reader's date, and how long is left where asked; an old app shows words that stay true."""
    text, entities = compose(draw((Instant(NOON, "Europe/Paris", relative=True),), 100).markup, "HTML", None)

    assert text == "Wed 18 Nov, 13:00 CET (13:00)"
    assert [(e["unix_time"], e["date_time_format"]) for e in entities] == [(NOON // 1000, "wdt"), (NOON // 1000, "r")]


def test_an_old_app_shows_a_time_in_the_language_of_its_text() -> None:
    """The names of days and months are the seller's."""
    with speaking("de"):
        shown = draw(say("notes/note#receipt_on_site", at=Instant(NOON, "Europe/Paris")), 100)

    assert compose(shown.markup, "HTML", None)[0] == "Auf der Seite beantwortet, Mi 18. Nov., 13:00 CET:"


def test_a_time_beyond_telegrams_calendar_is_words() -> None:
    """An instant that Telegram cannot hold is still said."""
    assert "<" not in draw((Instant(2**31 * 1000),), 100).markup


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ((Words("a < b & c"),), "a &lt; b &amp; c"),
        ((Words("Ann", strong=True),), "<b>Ann</b>"),
        ((Anchor("https://x.example/?a=1&b=2", "Open"),), '<a href="https://x.example/?a=1&amp;b=2">Open</a>'),
        ((Anchor("javascript:alert(1)", "Open"),), "Open"),
        ((Mention(Identity("telegram", "1", "77", "A<b>")),), '<a href="tg://user?id=77">A&lt;b&gt;</a>'),
        ((Mention(Identity("slack", "T1", "U1", "@ann")),), "<code>@ann</code>"),
    ],
)
def test_each_part_is_drawn_in_its_own_way(text: Text, markup: str) -> None:
    """Our words are escaped, links are ours alone, and only people of this chat are rung."""
    assert draw(text, 200).markup == markup


def test_somebody_of_another_chat_is_not_rung() -> None:
    """A member known from Slack, or a made-up id, is no link."""
    assert mention(Identity("slack", "T1", "123")) is None
    assert mention(Identity("telegram", "1", "1\u0662")) is None


def test_a_line_is_one_line() -> None:
    """A name with line breaks fits on a button."""
    assert one_line(" A\nB\r\n\tC ", 10) == "A B C"
    assert one_line("A" * 20, 5) == "AAAA…"


@pytest.mark.parametrize("room", range(6))
def test_what_must_be_cut_is_never_longer_than_its_room(room: int) -> None:
    """Also where the room holds no more than the marks that turn the direction."""
    drawn = draw((Words("A"), Quote("ליאור"), Words(" · 3")), room)

    assert drawn.size == len(seen(drawn.markup)[0]) <= room
