"""The HTML parser against the cases of TDLib's own tests (test/message_entities.cpp)."""

import pytest

from bots.playground.telegram.formatting import compose, typed
from bots.playground.telegram.html import Unparsable, parse

HALF = "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
REFUSED = [
    ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
    ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
    ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
    ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
    ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
    ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
    ('<tg-time unix="12345" format="rt">a</tg-time>', "Invalid date format used"),
    ('<tg-time unix="12345" format="ts">a</tg-time>', "Invalid date format used"),
    ("&#xDFDF", HALF),
]

ACCEPTED = [
    ("➡️ ➡️", "➡️ ➡️", []),
    ("&ge;&lt;&gt;&amp;&quot;&laquo;&#12345678;&#39;", "&ge;<>&\"&laquo;&#12345678;'", []),
    ("➡️ ➡️<i>➡️ ➡️</i><b>➡️ ➡️</b>", "➡️ ➡️➡️ ➡️➡️ ➡️", ["italic 5 5", "bold 10 5"]),
    ("🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>", "🏟 🏟🏟 ><🏟", ["italic 5 7", "bold 9 3"]),
    ("🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;'>a</>", "🏟 🏟<a", ["italic 6 1"]),
    ("<code><i><b> </b></i></code>", " ", ["code 0 1", "bold 0 1", "italic 0 1"]),
    ("<a href=telegram.org> </a>", " ", ["text_link 0 1 http://telegram.org/"]),
    ("<a   href=  'telegram.org?&lt;'   > </a>", " ", ["text_link 0 1 http://telegram.org/?<"]),
    ("<a>telegram.org </a>", "telegram.org ", []),
    ("<a>telegram.org</a>", "telegram.org", ["text_link 0 12 http://telegram.org/"]),
    ('<a href="tg://user?id=5">Ann</a>', "Ann", ["text_mention 0 3 5"]),
    ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", ["spoiler 0 1", "spoiler 1 1"]),
    ('<pre><code class="language-fift">🏟</></>', "🏟", ["pre 0 2 fift"]),
    ('<code class="language-fift"><pre>🏟</></>', "🏟", ["pre 0 2 fift"]),
    ("<pre><code>🏟</code></>", "🏟", ["pre 0 2", "code 0 2"]),
    ('<tg-emoji emoji-id="54321">🏟</tg-emoji>', "🏟", ["custom_emoji 0 2 54321"]),
    ("<blockquote   expandable   asd>a<pre  >b;</></>", "ab;", ["expandable_blockquote 0 3", "pre 1 2"]),
    ('<tg-time unix = "12345", format = "tTdDwW">in 2 h</tg-time>', "in 2 h", ["date_time 0 6 12345 tTdDwW"]),
    ('<tg-time unix="12345" format="r">soon</tg-time>', "soon", ["date_time 0 4 12345 r"]),
]


def said(entities: list[dict[str, object]]) -> list[str]:
    return [" ".join(str(value) for value in entity.values()) for entity in entities]


@pytest.mark.parametrize(("markup", "reason"), REFUSED)
def test_what_telegram_refuses(markup: str, reason: str) -> None:
    """Markup that Telegram cannot parse is refused in its own words, with its byte offsets."""
    with pytest.raises(Unparsable) as refused:
        parse(markup)

    assert str(refused.value) == reason


@pytest.mark.parametrize(("markup", "text", "entities"), ACCEPTED)
def test_what_telegram_accepts(markup: str, text: str, entities: list[str]) -> None:
    """Text and entities come out as TDLib has them, in UTF-16 units and in its order."""
    parsed, found = parse(markup)

    assert (parsed, said(found)) == (text, entities)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start@shopbell_bot go", ["bot_command 0 19"]),
        ("a/b @ann_sells, @x me@shop.example", ["mention 4 10", "email 19 15"]),
        ("see https://evil.example/a?b=1. and evil.com/x!", ["url 4 26", "url 36 10"]),
        ("file.txt 1.5 a.b.c #новое #1 $USD", ["hashtag 19 6", "cashtag 29 4"]),
        ("😀 @ann_sells", ["mention 3 10"]),
    ],
)
def test_what_becomes_clickable_by_itself(text: str, entities: list[str]) -> None:
    """Mentions, links and commands in plain words are found as Telegram finds them."""
    assert said(typed(text)[1]) == entities


def test_code_shields_from_mentions() -> None:
    """Nothing is found or formatted inside code, and a text loses its outer space."""
    text, entities = compose("  <b>a <code>@ann_sells</code></b> @bob_helps ", "HTML", None)

    assert text == "a @ann_sells @bob_helps"
    assert said(entities) == ["bold 0 2", "code 2 10", "mention 13 10"]


def test_direction_overrides_are_dropped() -> None:
    """Control characters become spaces, overrides of direction go, isolates stay."""
    assert typed("a\x07b\u202ec\u2067d\u2069\r\ne")[0] == "a bc\u2067d\u2069\ne"
