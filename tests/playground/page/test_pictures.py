"""The README's pictures: small, sharp, and told in words to whoever does not see them."""

import re
from pathlib import Path

import pytest

from tests.fixtures.command import ROOT

FOLDER = ROOT / "bots" / "playground" / "page" / "pictures"
PICTURES = sorted(FOLDER.iterdir())
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("file", PICTURES, ids=lambda file: str(file.name))
def test_a_picture_is_shown_and_small(file: Path) -> None:
    """None is left lying about, and none keeps a reader waiting."""
    written = file.read_bytes()

    assert written[:4] + written[8:12] == b"RIFFWEBP"
    assert len(written) < 300_000
    assert str(file.relative_to(ROOT)) in README


def test_every_picture_is_told_in_words() -> None:
    """A screen reader, and a terminal, have as much of it."""
    shown = re.findall(r"<img\b[^>]*>", README)

    assert len(PICTURES) == 3
    assert all(len(re.findall(r'alt="([^"]{60,})"', image)) == 1 for image in shown)
