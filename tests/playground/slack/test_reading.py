"""What a message does to people: whom it pings, what can be clicked, what is read."""

from typing import Any

import pytest

from bots.playground.slack import Message, find_button, links, pings, plain


def message(text: str = "", *blocks: dict[str, Any], **more: Any) -> Message:
    return Message("T1", "C1", "1.000001", "U1", text, blocks=list(blocks), **more)


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": text, **more}}


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("<!channel> and <@U1> and <@U2|bob>", {"verbatim": True}, ["<!channel>", "<@U1>", "<@U2>"]),
        ("<!subteam^S1|@team> <!date^1^{date}|today>", {"verbatim": True}, ["<!subteam^S1>"]),
        ("@here and @everyone", {}, ["<!here>", "<!everyone>"]),
        ("@here", {"verbatim": True}, []),
        ("&lt;!channel&gt;", {}, []),
        ("me@here.example", {}, []),
        ("@\u200bhere", {}, []),
    ],
)
def test_pings_of_a_text_object(text: str, more: dict[str, Any], expected: list[str]) -> None:
    """Control sequences always ping, bare names only where Slack parses."""
    assert pings(message("", section(text, **more))) == expected


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("@here", {}, []),
        ("@here", {"link_names": True}, ["<!here>"]),
        ("@anna", {"parse": "full"}, ["@anna"]),
        ("@here", {"parse": "client"}, ["<!here>"]),
        ("<!here>", {"parse": "none"}, ["<!here>"]),
    ],
)
def test_pings_of_the_text_itself(text: str, more: dict[str, Any], expected: list[str]) -> None:
    """parse and link_names decide over bare names in the text."""
    assert pings(message(text, **more)) == expected


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("<https://evil.example|your bank>", {"verbatim": True}, ["https://evil.example"]),
        ("see https://evil.example/a and evil.com", {}, ["https://evil.example/a", "evil.com"]),
        ("see https://evil.example/a", {"verbatim": True}, []),
        ("#general and <#C1|orders>", {}, ["#C1", "#general"]),
        ("&lt;https://x&gt;", {"verbatim": True}, []),
    ],
)
def test_links_of_a_text_object(text: str, more: dict[str, Any], expected: list[str]) -> None:
    """Explicit links are always live, bare addresses only where Slack parses."""
    assert links(message("", section(text, **more))) == expected


def test_links_of_text_buttons_and_rich_text() -> None:
    """The text's own addresses count without blocks; buttons and rich text count with them."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://shop.example"}
    rich = {
        "type": "rich_text",
        "elements": [{"type": "link", "url": "https://r.example"}, {"type": "user", "user_id": "U1"}],
    }

    assert links(message("https://a.example")) == ["https://a.example"]
    assert links(message("https://a.example", parse="none")) == []
    assert links(message("https://a.example", {"type": "actions", "elements": [button]})) == ["https://shop.example"]
    assert (links(message("", rich)), pings(message("", rich))) == (["https://r.example"], ["<@U1>"])


def test_a_person_reads_words_not_marks() -> None:
    """Entities, dates, links and marks are drawn; what was broken on purpose stays as written."""
    card = message(
        "not shown",
        {"type": "header", "block_id": "h", "text": {"type": "plain_text", "text": "New &amp; old"}},
        section("*Maria* · <https://shop.example|Shop>\n>&lt;b&gt;hi&lt;/b&gt; 2*\u200b3 *\u200bx*"),
        {"type": "context", "block_id": "c", "elements": [{"type": "mrkdwn", "text": "by <!date^1^{time}|18:40>"}]},
        {"type": "actions", "block_id": "a", "elements": [_button("Reply"), _button("Take it")]},
    )

    assert plain(card).splitlines() == [
        "New & old",
        "Maria · Shop",
        "<b>hi</b> 2*3 *x*",
        "by 18:40",
        "[Reply] [Take it]",
    ]
    assert plain(message("<@U1> wrote &lt;3")) == "@U1 wrote <3"


def test_a_button_is_found_by_label_or_action() -> None:
    """Tests press what a person sees."""
    card = message("", {"type": "actions", "block_id": "a", "elements": [_button("Reply")]})

    assert find_button(card, "Reply") == find_button(card, "do-Reply")
    assert find_button(card, "Reply")["block_id"] == "a"


def _button(label: str) -> dict[str, Any]:
    return {"type": "button", "action_id": f"do-{label}", "text": {"type": "plain_text", "text": label}}
