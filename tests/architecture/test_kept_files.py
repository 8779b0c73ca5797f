"""What no kept file may hold: a machine's paths, a token, an index address."""

import re

import pytest

from tests.architecture.tree import ROOT, kept_files, text_of

FORBIDDEN = {
    "a machine path": re.compile(r"(?<![\w.~$}-])/(?:root|work|farm|Users|home/\w+)/[\w.]|(?<![\w.~$}-])/tmp/\w"),
    "a Slack token": re.compile(r"\bxox[a-z](?:\.xox[a-z])?-(?=[\w-]*\d)[\w-]{10,}|\bxapp-\d-[\w-]{8,}"),
    "a Telegram token": re.compile(r"(?<!\d)\d{8,10}:[\w-]{35}(?![\w-])"),
    "a webhook secret": re.compile(r"\bwhsec_[A-Za-z0-9+/]{24,}"),
    "a private key": re.compile(r"-{5}BEGIN [A-Z ]*PRIVATE KEY-{5}"),
    "an index address": re.compile(r"pypi\.(?:org|io)/|pythonhosted\.org|(?:extra-)?index-url\s*[=\s]\s*\w"),
}
MARK = "test vector"
"""A line that says so may show a token that was made up, or published by the format's own authors."""


def found_in(text: str) -> list[tuple[int, str]]:
    return [
        (number, what)
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if MARK not in line and pattern.search(line)
    ]


def test_no_kept_file_holds_what_belongs_to_a_machine_or_an_account() -> None:
    """Nothing that git keeps names a machine's folders, an index, or anything that opens an account."""
    faults = [
        f"{path.relative_to(ROOT)}:{number} holds {what}"
        for path in kept_files()
        for number, what in found_in(text_of(path))
    ]

    assert faults == []


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("a machine path", ["open('", "/root", "/x')"]),
        ("a machine path", ["see ", "/home/ann", "/x"]),
        ("a machine path", ["'", "/tmp", "/x'"]),
        ("a Slack token", ["xox", "b-1234567890-abcdef"]),
        ("a Slack token", ["xapp", "-1-A012345678"]),
        ("a Telegram token", ["123456789", ":", "A" * 35]),
        ("a webhook secret", ["whsec", "_", "MfKQ" * 6]),
        ("a private key", ["-----BEGIN RSA ", "PRIVATE KEY-----"]),
        ("an index address", ["https://pypi", ".org/simple"]),
        ("an index address", ["pip install --index", "-url x"]),
    ],
)
def test_each_of_them_is_seen(what: str, parts: list[str]) -> None:
    """The check above finds every kind, and leaves out a line that is marked."""
    line = "".join(parts)

    assert found_in(line) == [(1, what)]
    assert found_in(f"{line}  # test vector") == []


@pytest.mark.parametrize(
    "line", ["xoxb-your-bot-token", "https://slack.com/home-base/x", "tmpfs: /tmp", "xoxb-…", "whsec_…"]
)
def test_plain_words_are_let_through(line: str) -> None:
    """A placeholder is no token, and a path in a URL is no machine's."""
    assert found_in(line) == []
