"""The page as it is kept: built from the source beside it, and made of nothing that another machine must serve."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, kept_files, text_of

PAGE = ROOT / "bots" / "playground" / "page"
BUILT, SOURCE = PAGE / "built", PAGE / "source"
ALSO = ("build.mjs", "icon.svg", "index.html", "package-lock.json", "package.json", "tsconfig.json")


def fingerprint(source: Path) -> str:
    """Of all that the built files are made of, as build.mjs reckons it."""
    inside = [path for path in (source / "src").rglob("*") if path.is_file() and ".test." not in path.name]
    files = {path.relative_to(source).as_posix(): path for path in [*inside, *(source / name for name in ALSO)]}
    lines = [f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("name", ["page.js", "page.css"])
def test_what_is_kept_built_is_the_sources(name: str) -> None:
    """Whoever changed the source has built it; where this fails, `make page` mends it."""
    named = re.search(r"Source: sha256 ([0-9a-f]{64})", (BUILT / name).read_text(encoding="utf-8"))

    assert named
    assert named[1] == fingerprint(SOURCE), "run make page"


@pytest.mark.parametrize("name", ["index.html", "icon.svg"])
def test_what_is_copied_is_the_sources(name: str) -> None:
    """The files that need no building are the source's, byte for byte."""
    assert (BUILT / name).read_bytes() == (SOURCE / name).read_bytes()


def test_a_change_of_the_source_is_seen(tmp_path: Path) -> None:
    """The reckoning above knows every file by its name and its bytes, and leaves out tests."""
    for name in (*ALSO, "src/a.ts", "src/b/c.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    seen = [fingerprint(tmp_path)]
    for name, text in (("src/a.ts", "changed"), ("package-lock.json", "changed"), ("src/new.ts", "")):
        (tmp_path / name).write_text(text)
        seen.append(fingerprint(tmp_path))
    (tmp_path / "src" / "a.test.ts").write_text("more")

    assert len(set(seen)) == 4
    assert fingerprint(tmp_path) == seen[-1]


def test_the_page_is_shipped_without_its_source() -> None:
    """The wheel carries what the browser loads, and no node project."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert {path.name for path in BUILT.iterdir()} == {"icon.svg", "index.html", "page.css", "page.js"}
    assert SOURCE.relative_to(ROOT).as_posix() in wheel["exclude"]


def test_the_pages_lock_names_no_address() -> None:
    """Every package of the lock has a version and a hash; where it comes from is the machine's own business."""
    lock = (SOURCE / "package-lock.json").read_text()

    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
    assert '"resolved"' not in lock


def test_words_from_outside_are_never_markup() -> None:
    """The page's source puts text into the page, and has no way to put markup there."""
    markup = re.compile(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|srcdoc|setHTML|DOMParser|javascript:"
    )
    source = [path for path in kept_files() if SOURCE / "src" in path.parents]

    assert source
    assert [path.name for path in source if ".test." not in path.name and markup.search(text_of(path))] == []


def test_no_part_of_the_page_has_outgrown_its_noun() -> None:
    """A script of more than 300 lines, or a stylesheet of more than 400, is asking which noun wants to leave."""
    longest = {".ts": 300, ".tsx": 300, ".css": 400}
    lengths = {path: len(text_of(path).splitlines()) for path in kept_files() if SOURCE / "src" in path.parents}

    assert lengths
    assert {path.name: lines for path, lines in lengths.items() if lines > longest[path.suffix]} == {}
