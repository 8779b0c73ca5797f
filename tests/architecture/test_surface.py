"""What members can do and be told is whole: each has its handler, its words and its test, and nothing is left over."""

import ast
import re
from dataclasses import dataclass

import pytest

from core.domain import policy_variants
from core.domain.cards import Verb
from core.domain.commands import COMMANDS
from core.domain.shortcuts import SHORTCUTS
from core.services import shortcuts
from core.services.commands import HANDLERS
from core.services.presses import PRESSES
from core.services.submissions import SUBMISSIONS
from tests.architecture.surface import README, is_there, refusals, shown_by, table, template_of, things
from tests.architecture.tree import ROOT, modules

TEMPLATES = ROOT / "templates"
BLOCK = re.compile(r"\{%-? block (\w+) %\}")
ANY = ".+"
STEM = re.compile(r"[a-z]+[_/]")  # with which a name that is put together begins


def names() -> list[str]:
    """Every text of ours in English: `answers/sent`."""
    folders = [each for each in TEMPLATES.iterdir() if each.is_dir() and not (each / "language.txt").exists()]
    found = (path for folder in folders for path in folder.rglob("*.txt.j2"))
    return sorted(path.relative_to(TEMPLATES).as_posix().removesuffix(".txt.j2") for path in found)


def blocks(name: str) -> list[str]:
    return BLOCK.findall((TEMPLATES / f"{name}.txt.j2").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Every string of the core and the bots, Lua's too: whole ones, and patterns of those that are put together."""

    whole: frozenset[str]
    made: tuple[re.Pattern[str], ...]

    def says(self, text: str) -> bool:
        joined = any(text[:at] in self.whole and text[at:] in self.whole for at, c in enumerate(text) if c == "_")
        return joined or text in self.whole or any(pattern.fullmatch(text) for pattern in self.made)


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    whole: set[str] = set()
    made: set[str] = set()
    for module in modules("core", "bots"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.update((node.value, node.value.replace(".", "_")))  # a block's name has no dot
            elif isinstance(node, ast.JoinedStr):
                pieces = (p.value if isinstance(p, ast.Constant) else None for p in node.values)
                made.add("".join(ANY if piece is None else re.escape(str(piece)) for piece in pieces))
    for script in (ROOT / "core").rglob("*.lua"):
        whole.update(re.findall(r"'(\w+)'", script.read_text(encoding="utf-8")))
    return Spoken(frozenset(whole), tuple(re.compile(each) for each in made if STEM.match(each)))


def test_every_command_has_a_handler_and_a_line() -> None:
    """And no handler waits for a word that nobody can type; no two commands answer to one word."""
    words = [word for known in COMMANDS for word in (known.word, *known.aliases)]

    assert set(HANDLERS) == {known.word for known in COMMANDS}
    narrow = [f"{known.word}_narrow" for known in COMMANDS if known.managed]
    assert sorted(blocks("answers/commands")) == sorted([*HANDLERS, *narrow])
    assert len(words) == len(set(words))


def test_every_part_of_a_policy_is_called_by_words() -> None:
    """Whatever a seller's own rules leave unconfirmed, or read stricter, can be named."""
    read = re.findall(r'parts\.read\("(\w+)"', (ROOT / "core/policies/rules.py").read_text(encoding="utf-8"))
    named = {block.removeprefix("part_") for block in blocks("answers/rates") if block.startswith("part_")}

    assert len(read) > 10
    assert named == {*read, *policy_variants.PARTS}


def test_every_shortcut_has_a_handler() -> None:
    """And no handler waits for one that no chat's menu has."""
    assert [*shortcuts.SHORTCUTS] == [known.name for known in SHORTCUTS]


def test_every_verb_is_pressed_or_submitted() -> None:
    """No button is drawn that nothing answers."""
    assert set(PRESSES) | set(SUBMISSIONS) == set(Verb)


def test_every_refusal_has_its_words() -> None:
    """And no words wait for a refusal that there is not."""
    written = {name.removeprefix("answers/") for name in names() if name.startswith("answers/refused_")}

    assert written == {template_of(kind) for kind in refusals()}


@pytest.mark.parametrize("name", names())
def test_every_text_is_said_somewhere(name: str, spoken: Spoken) -> None:
    """A text and each of its blocks is named in the code, in full or as it is put together there."""
    unsaid = [block for block in blocks(name) if not (spoken.says(f"{name}#{block}") and spoken.says(block))]

    assert spoken.says(name) or blocks(name)
    assert [block for block in unsaid if not says_whole(spoken, f"{name}#{block}")] == []


def says_whole(spoken: Spoken, text: str) -> bool:
    """Not by a pattern that fits every block of its file."""
    made = [pattern for pattern in spoken.made if pattern.fullmatch(text)]
    return text in spoken.whole or any(not pattern.pattern.endswith(rf"\#{ANY}") for pattern in made)


def test_the_readme_names_for_each_thing_the_test_that_shows_it() -> None:
    """As `make surface` writes it; the tests are there, and are held to it whenever they run."""
    shown = dict(shown_by())
    missing = [thing.key for thing in things() if thing.key not in shown]

    assert missing == [], "make surface, or for these alone: make surface ARGS=tests/contract/test_….py"
    assert table(shown) in README.read_text(encoding="utf-8"), "make surface"
    assert [test for test in shown.values() if not is_there(test)] == []
