"""Files: their names, their types and what a marketplace takes of them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.files import ANY_TYPE, NAME_LIMIT, File, FileLimits, file_name, in_a_line, in_bytes, media_type

ODD = '/\\:*?"<>|%\r\n\t\x00\x1f\x7f\u202e\u2066\u200b\ufeff\u2028\ud800.. '


@given(st.text() | st.text(st.sampled_from(f"{ODD}aé漢😀."), max_size=300))
def test_a_name_is_one_everywhere(said: str) -> None:
    """No path, nothing unseen, no end that a system cuts off, a hundred characters at most, and never nothing."""
    name = file_name(said)

    assert 0 < len(name) <= NAME_LIMIT
    assert not set(name) & set('/\\:*?"<>|%')
    assert all(unicodedata.category(sign)[0] != "C" and unicodedata.category(sign) not in "ZlZp" for sign in name)
    assert name == name.strip(". ")
    assert file_name(name) == name
    name.encode()


@pytest.mark.parametrize(
    ("said", "type", "name"),
    [
        ("photo.jpg", "", "photo.jpg"),
        ("../../etc/passwd", "", "_.._etc_passwd"),
        ("C:\\Users\\sam\\offer.pdf", "", "C__Users_sam_offer.pdf"),
        ("invoice\u202efdp.exe", "", "invoicefdp.exe"),
        ("two\r\nlines\t.txt", "", "two lines .txt"),
        ("", "image/png", "file.png"),
        ("...", "", "file"),
        ("x" * 300 + ".pdf", "", "x" * 96 + ".pdf"),
        ("x" * 300, "", "x" * 100),
        ("Übersicht – März.xlsx", "", "Übersicht – März.xlsx"),
    ],
)
def test_names_stay_as_near_as_they_may(said: str, type: str, name: str) -> None:
    """A person still knows the file by it, and its ending is kept."""
    assert file_name(said, type) == name


@given(st.text() | st.from_regex(r"[a-z]+/[a-z]+(;.*)?\s*"))
def test_a_type_can_stand_in_a_header(said: str) -> None:
    """Whatever somebody calls a type adds no header of its own."""
    type = media_type(said)

    assert type.isascii()
    assert type.isprintable()
    assert " " not in type
    assert media_type(type) == type


def test_types_are_read_as_people_write_them() -> None:
    """Without parameters, in small letters; nonsense is just bytes."""
    assert media_type("Image/PNG; charset=x") == "image/png"
    assert [media_type(odd) for odd in ("", "png", "image/", "a/b\r\nx: y")] == [ANY_TYPE] * 4


def test_a_kind_takes_all_of_its_types() -> None:
    """`image/*` is every picture, a whole type is itself, and no type at all means any."""
    limits = FileLimits(1, 10, ("image/*", "application/pdf"))

    assert [limits.take_type(each) for each in ("image/png", "application/pdf", "text/html", "imagex/png")] == [
        True,
        True,
        False,
        False,
    ]
    assert FileLimits(1).take_type("text/html")


def test_sizes_are_said_as_people_say_them() -> None:
    """And a file of unknown size is named alone."""
    files = (File("chalkboard", "w", "1", "a.png", size=240_400), File("chalkboard", "w", "2", "b.pdf"))

    assert [in_bytes(size) for size in (0, 999, 1_000, 1_240_000, 20_000_000)] == [
        "0 B",
        "999 B",
        "1 kB",
        "1.2 MB",
        "20 MB",
    ]
    assert in_a_line(files) == "a.png (240 kB), b.pdf"
