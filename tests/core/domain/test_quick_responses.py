"""Quick responses: what is read from a seller's text, what is refused and why, and what becomes of it for one buyer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quick_responses import (
    BLANK_LIMIT,
    NAMES,
    Blank,
    Fault,
    QuickResponse,
    Unreadable,
    as_source,
    by_use,
    fill,
    greeting,
    missing,
    straightened,
)
from core.rendering import read_quick_response, starters

ANN = {"buyer.name": "Ann"}
# What got out of Jinja's sandbox so far: CVE-2016-10745, CVE-2019-10906, CVE-2024-56326, CVE-2024-56201 (in the name of
# a file), CVE-2025-27516; and what no sandbox bounds.
HOSTILE = [
    "{{ '{0.__class__.__init__.__globals__}'.format(buyer.name) }}",
    "{{ '{x.__class__}'.format_map({'x': buyer}) }}",
    "{{ ['{0.__class__}'.format]|map('call', buyer)|list }}",
    "{% set f = '{0.__class__}'.format %}{{ f(buyer) }}",
    "{% include '{{ buyer.name }}\x00' %}",
    "{{ buyer|attr('name')|attr('format')(buyer) }}",
    "{{ buyer.name.format }}",
    "{{ buyer.__class__ }}",
    "{{ buyer['name'] }}",
    "{{ buyer.name() }}",
    "{{ self }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ 'a' * 300000000 }}",
    "{{ 9**(9**9) }}",
    "{{ [0] * 100000000 }}",
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{{ buyer.name|default(buyer.name * 999999999) }}",
    "{{ buyer.name|default('a' * 999999999) }}",
    "{{ buyer.name" + "|title" * 600 + " }}",
    "{{ buyer.name }}" * 250,
    "{{ " + "(" * 1900 + "buyer.name" + ")" * 1900 + " }}",
    "{{ " + "[" * 3900,
    "{{ " + "not " * 900 + "buyer.name }}",
    "{{ buyer" + ".name" * 700 + " }}",
    "{{ " + "9" * 3900 + " }}",
    "{% " + "if x %}{% " * 300,
]


def fault(source: str) -> Fault:
    with pytest.raises(Unreadable) as refused:
        read_quick_response(source)
    return refused.value.fault


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_no_placeholder_is_refused(source: str) -> None:
    """The escapes of ten years, and what would take all time or memory: nothing of it is ever run."""
    assert fault(source).reason in {"expression", "statement", "syntax", "filter", "filters", "default", "many", "name"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Hi {{ buyer.name }}!", "Hi Ann Lee!"),
        ("{{buyer.name|upper}} {{ buyer.name | lower }}", "ANN LEE ann lee"),
        ("{{ member.name|title|trim }}", "Sam O'neil-Smith"),
        ("{{ order.title|default('your order') }}", "your order"),
        ("{{ order.title|upper|default('your order') }}", "your order"),
        ("{{ order.title|default('your order')|upper }}", "YOUR ORDER"),
        ("{{ order.title|default('') }}!", "!"),
        ("{# for us #}Hi{#- and this #}", "Hi"),
        ("{% raw %}{{ buyer.name }} {% if %}{% endraw %}", "{{ buyer.name }} {% if %}"),
        ("100 % {sure} }} %} #}", "100 % {sure} }} %} #}"),
        ("One\r\n\r\nTwo\n", "One\n\nTwo\n"),
    ],
)
def test_placeholders_are_filled_in_as_jinja_would(source: str, expected: str) -> None:
    """Names, five filters, comments and raw text."""
    values = {"buyer.name": "Ann\n  Lee ", "member.name": " sam o'neil-smith"}

    assert fill(read_quick_response(source), values) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\nb {{ buyer.nme }}", Fault(2, "name", "buyer.nme", "buyer.name")),
        ("{{ name }}", Fault(1, "name", "name", "buyer.name")),
        ("{{ order }}", Fault(1, "name", "order", "order.title")),
        ("{{ until }}", Fault(1, "name", "until", "away.until")),
        ("{{ weather }}", Fault(1, "name", "weather", "")),
        ("\n\n{{ buyer.name|uper }}", Fault(3, "filter", "uper", "upper")),
        ("{{ buyer.name|upper(1) }}", Fault(1, "arguments", "upper")),
        ("{{ buyer.name|default }}", Fault(1, "default")),
        ("{{ buyer.name|default(1) }}", Fault(1, "default")),
        ("{{ buyer.name|default('a', true) }}", Fault(1, "default")),
        ("x\n{{ buyer.name", Fault(2, "syntax")),
        ("{% if buyer.name %}Hi{% endif %}", Fault(1, "statement")),
        ("{{ 'hi' }}", Fault(1, "expression")),
        (" \n{# only for us #}", Fault(1, "empty")),
        ("\x07", Fault(1, "signs")),
        ("{{ buyer.name|default('\\ud800') }}", Fault(1, "signs")),
        ("x" * 4001, Fault(1, "long")),
        ("{{ buyer.name }}" * 31, Fault(1, "many")),
    ],
)
def test_a_fault_says_where_and_what_was_meant(source: str, expected: Fault) -> None:
    """The line, the reason, the writer's own word, and the nearest that there is."""
    assert fault(source) == expected


def test_a_value_is_never_read_as_a_quick_response() -> None:
    """A buyer whose name is a placeholder stays what they are called."""
    values = {"buyer.name": "{{ seller.name }}{% for %}", "seller.name": "secret"}

    assert fill(read_quick_response("Hi {{ buyer.name }}"), values) == "Hi {{ seller.name }}{% for %}"


def test_a_value_stays_on_its_line_and_within_bounds() -> None:
    """Nobody's name begins a paragraph of its own in somebody else's sentence."""
    assert fill(read_quick_response("Hi {{ buyer.name }}!"), {"buyer.name": "A\n\nB\u2028C"}) == "Hi A B C!"
    assert len(fill(read_quick_response("{{ buyer.name }}"), {"buyer.name": "x" * 9999})) == BLANK_LIMIT


def test_what_is_missing_is_named_once_and_cannot_be_left_out() -> None:
    """By the order of the text; a value of blanks is none, one with a default is never missing."""
    pieces = read_quick_response(
        "{{ order.id }} {{ buyer.name }} {{ order.id|upper }} {{ away.until|default('soon') }}"
    )

    assert missing(pieces, {"buyer.name": "  "}) == ("order.id", "buyer.name")
    with pytest.raises(KeyError, match=r"order\.id"):
        fill(pieces, ANN)


def test_the_most_used_come_first_and_the_shops_own_greeting_before_that_of_all() -> None:
    """Then by title; one of another shop greets nobody here."""
    a = QuickResponse("a", "Apple", "", greets=True, uses=3)
    b = QuickResponse("b", "bread", "", shop="here", greets=True)
    c = QuickResponse("c", "Corn", "", shop="there", greets=True, uses=9)
    d = QuickResponse("d", "Date", "")

    assert [each.id for each in by_use([d, b, a, c])] == ["c", "a", "b", "d"]
    assert greeting([a, b, c, d], "here") is b
    assert greeting([a, c, d], "here") is a
    assert greeting([c, d], "here") is None


@given(st.text(alphabet="An{}%# -\n", max_size=40), st.sampled_from(["Ann", "An", ""]))
def test_an_answer_becomes_a_quick_response_that_says_the_same(text: str, buyer: str) -> None:
    """With the buyer's name as a placeholder; whatever braces are in it stay braces."""
    pieces = read_quick_response(as_source(f"Hi: {text}", buyer))

    assert fill(pieces, {"buyer.name": buyer}) == f"Hi: {text}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{{ buyer.name|default(‘there’) }}", "{{ buyer.name|default('there') }}"),
        ("{{ buyer.name | default( “it’s you” ) }}", "{{ buyer.name | default( 'it’s you' ) }}"),
        ("Say “hi” (default) to ‘them’", "Say “hi” (default) to ‘them’"),
        ("{{ buyer.name|default('there') }}", "{{ buyer.name|default('there') }}"),
    ],
)
def test_a_phones_quotation_marks_are_read_as_they_were_meant(typed: str, meant: str) -> None:
    """Within `default` only: everywhere else they are the seller's own."""
    assert straightened(typed) == meant
    assert read_quick_response(meant)


def test_a_name_is_found_in_an_answer_only_as_a_word() -> None:
    """Ann is not in Annex, and who is called A is nowhere."""
    assert as_source("Hi Ann, the Annex is yours, Ann!", "Ann") == (
        "Hi {{ buyer.name }}, the Annex is yours, {{ buyer.name }}!"
    )
    assert as_source("A day", "A") == "A day"


def test_the_starter_pack_can_be_sent_as_it_is() -> None:
    """Six, each readable, with titles that fit, and the greeting of an order first."""
    assert len(starters()) == 6
    assert len({title for title, _ in starters()}) == 6
    assert all(0 < len(title) <= 50 for title, _ in starters())
    assert "order" in starters()[0][0]
    everything = dict.fromkeys(NAMES, "Ann")
    assert all(fill(read_quick_response(source), everything) for _, source in starters())
    assert any(isinstance(piece, Blank) for piece in read_quick_response(starters()[0][1]))
