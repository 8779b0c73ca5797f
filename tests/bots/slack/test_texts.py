"""Nobody's words can ping, format or link, and what a member types leaves as plain words."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.slack import texts
from core.domain.members import Identity
from core.domain.texts import Anchor, Instant, Mention, Quote, Words
from core.rendering import say, speaking

UNSEEN = dict.fromkeys(map(ord, "\u200b\u2068\u2069"))


def read(drawn: str) -> str:
    """What a person sees of escaped words."""
    return html.unescape(drawn).translate(UNSEEN)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("<!channel> & <b>", "&lt;!channel&gt; &amp; &lt;b&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("lone \ud800 half", "lone  half"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\tb\r\nc\u2028d", "a b\nc\nd"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
    ],
)
def test_what_would_act_is_dropped_or_escaped(typed: str, drawn: str) -> None:
    """Control sequences, control characters and turned writing become plain words; emoji stay whole."""
    assert texts.clip(typed, 200) == drawn


def test_words_are_cut_between_signs_and_never_in_an_entity() -> None:
    """A cut text has no half emoji and no half entity, and says that it was cut."""
    assert texts.clip("a&b&c&d", 12) == "a&amp;b…"
    assert texts.clip("👨\u200d👩\u200d👧" * 3, 12) == "👨\u200d👩\u200d👧…"
    assert texts.clip("e\u0301" * 5, 5) == "e\u0301e\u0301…"
    assert texts.clip("🇩🇪🇫🇷🇮🇹", 10) == "🇩🇪🇫🇷…"[: len("🇩🇪🇫🇷…")]


def test_every_line_of_a_quote_stands_behind_the_bar() -> None:
    """A buyer can end neither the quote nor begin one of their own that swallows what follows."""
    assert texts.quoted("one\n\n>>> two", 100) == "> one\n> \n> &gt;&gt;&gt; two"


def test_marks_are_no_pair_any_more() -> None:
    """Bold, italic, struck and code need a pair of marks with words right beside them."""
    drawn = texts.quoted("*a* _b_ ~c~ `d` :tada:", 200)

    assert all(f"\u200b{mark}\u200b" in drawn for mark in "*_~`")
    assert ":tada:" not in drawn
    assert read(drawn) == "> *a* _b_ ~c~ `d` :tada:"


def test_right_to_left_words_do_not_turn_ours_around() -> None:
    """A Hebrew name inside a sentence of ours is isolated from it."""
    assert texts.mrkdwn((Quote("דנה"), Words(" · Etsy")), 100) == "\u2068דנה\u2069 · Etsy"


def test_parts_are_drawn_each_in_its_own_way() -> None:
    """Our words, a buyer's, a time, a person and a link."""
    text = (
        Words("Ann ", strong=True),
        Quote("a\nb"),
        Words(" by "),
        Instant(1_764_000_000_123, "Europe/Paris"),
        Words(" "),
        Mention(Identity("slack", "T1", "U123", "bo")),
        Mention(Identity("telegram", "7", "99", "@here <x>")),
        Words(" "),
        Anchor("https://shop.example/a?b=1&c=|", "the | shop"),
    )

    assert texts.mrkdwn(text, 500) == (
        "*Ann* a b by <!date^1764000000^{date_short_pretty} {time}|Mon 24 Nov, 17:00 CET> "
        "<@U123>@@here &lt;x&gt; <https://shop.example/a?b=1&amp;c=%7C|the / shop>"
    )


def test_a_time_that_slack_does_not_draw_is_in_the_language_of_its_text() -> None:
    """On a label, and in an app that knows no dates."""
    with speaking("de"):
        text = say("notes/note#receipt_on_site", at=Instant(1_764_000_000_123, "Europe/Paris"))

    assert "|Mo 24. Nov., 17:00 CET>" in texts.mrkdwn(text, 500)
    assert texts.plain_text(text, 500) == "Auf der Seite beantwortet, Mo 24. Nov., 17:00 CET:"


def test_a_link_that_is_not_https_is_only_words() -> None:
    """Nothing but our own https addresses can be clicked in a text."""
    assert texts.mrkdwn((Anchor("javascript:alert(1)", "x"),), 100) == "x: javascript:alert(1)"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("hi &lt;b&gt; &amp;amp;", "hi <b> &amp;"),
        ("see <https://a.example/x?y=1&amp;z=2>", "see https://a.example/x?y=1&z=2"),
        ("see <http://shop.example|shop.example>", "see shop.example"),
        ("see <https://shop.example/x|our shop>", "see our shop (https://shop.example/x)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<@U123|bo> and <@U456> in <#C1|orders>", "@bo and @cy in #orders"),
        ("<!here> <!subteam^S1|@crew> <!date^1^{date}|1 Jan>", "@here @crew 1 Jan"),
        ("1 < 2 and <nothing>", "1 < 2 and <nothing>"),
        (":wave::skin-tone-3: at 10:30:00 :unknown:", "👋🏽 at 10:30:00 :unknown:"),
    ],
)
def test_what_a_member_typed_leaves_as_a_buyer_should_read_it(typed: str, plain: str) -> None:
    """No bracket, id or entity of Slack's reaches a buyer."""
    assert texts.to_plain(typed, {"U456": "cy"}, {"wave": "👋🏽"}) == plain


def test_emoji_are_found_in_what_was_typed() -> None:
    """Slack's text has only the names of emoji; their characters stand in the blocks beside it."""
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "hi "},
                        {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"},
                        {"type": "emoji", "name": "our_logo"},
                    ],
                }
            ],
        }
    ]

    assert texts.emoji_in(blocks) == {"wave": "👋🏽"}
    assert texts.emoji_in("nonsense") == {}


ANYTHING = st.text(st.characters(), max_size=300) | st.text(
    st.sampled_from("<>&*_~`@#!|\n>:a\u200d\u0301👨🇩"), max_size=300
)


@settings(deadline=None)
@given(ANYTHING, st.integers(30, 120))
def test_nothing_anybody_writes_breaks_a_limit_or_opens_a_bracket(typed: str, most: int) -> None:
    """Whatever is written, what is drawn fits, and has no bracket that Slack would read."""
    for draw in (texts.clip, texts.quoted, texts.fragment):
        drawn = draw(typed, most)
        assert texts.size(drawn) <= most
        assert "<" not in drawn
        assert not any(broken in drawn for broken in ("\u202e", "\x00", "\ufeff"))
        rest = drawn.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
        assert "&" not in rest


@settings(deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Mn", "Me", "Zl", "Zp")), max_size=200))
def test_what_is_short_enough_is_kept_word_for_word(typed: str) -> None:
    """Nothing is lost of a message that fits, beside what draws nothing."""
    assert read(texts.clip(typed, 2000)) == typed.translate(UNSEEN)
