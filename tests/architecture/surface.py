"""All that a member can do and be told in chat, each with the test that shows it; and the README's table of it.

`make surface` writes the table anew. Where it has no test for something, the stories of `tests/contract` and
`tests/journeys` are run, or by `ARGS=tests/contract/test_x.py` only these, and it is seen what each of them uses. Each
time a test that the table names is run, `tests.fixtures.surface` holds it to what it is said to show.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from core.domain.cards import Verb
from core.domain.commands import COMMANDS
from core.domain.shortcuts import SHORTCUTS
from core.domain.texts import plain
from core.errors import Refused
from core.rendering import say
from core.services import shortcuts
from core.services.commands import HANDLERS
from core.services.presses import PRESSES
from core.services.submissions import SUBMISSIONS
from tests.architecture.tree import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- surface: written by `make surface` -->", "<!-- end of surface -->"
RECORD = "SHOPBELL_SURFACE"  # the file that running tests write what they used to
STORIES = ("tests/journeys", "tests/contract")

_ROW = re.compile(r"^\| (?P<kind>\w+) `(?P<name>\w+).*? \| .* \| \[(?P<test>\w+)\]\((?P<file>[\w/]+\.py)\) \|$")


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of the table: its kind and name, how the table calls it, and what it says of it."""

    kind: str
    name: str
    shown: str
    says: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"


def things() -> tuple[Thing, ...]:
    """All there are, from the tables that carry them out."""
    return (*_commands(), *_shortcuts(), *_buttons(), *_forms(), *_refusals())


@cache
def shown_by() -> Mapping[str, str]:
    """What the README says: thing → test, as pytest names it."""
    rows = (_ROW.match(line) for line in _between(README.read_text(encoding="utf-8")).splitlines())
    return {f"{row['kind'].lower()} {row['name']}": f"{row['file']}::{row['test']}" for row in rows if row}


def refusals() -> tuple[type[Refused], ...]:
    found: list[type[Refused]] = []
    waiting = list(Refused.__subclasses__())
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return tuple(sorted(found, key=lambda kind: kind.__name__))


def template_of(refusal: type[Refused]) -> str:
    return "refused_" + re.sub(r"(?<!^)(?=[A-Z])", "_", refusal.__name__).lower()


def table(tests: Mapping[str, str]) -> str:
    lines = ["| in chat | what | shown by |", "|---|---|---|"]
    for thing in things():
        file, _, test = tests[thing.key].partition("::")
        lines.append(f"| {thing.shown} | {thing.says} | [{test}]({file}) |")
    return "\n".join(lines)


def is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    return (ROOT / file).is_file() and name in _functions(ROOT / file)


@cache
def _functions(path: Path) -> frozenset[str]:
    every = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in every if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _commands() -> Iterator[Thing]:
    for known in COMMANDS:
        others = "".join(f", `{alias}`" for alias in known.aliases)
        usage = f"{known.word} {known.usage}".strip().replace("|", "\\|")  # it would end the cell
        about = plain(say(f"answers/commands#{known.word}"))
        yield Thing("command", known.word, f"Command `{usage}`{others}", f"{about} ({HANDLERS[known.word][0]})")


def _shortcuts() -> Iterator[Thing]:
    for known in SHORTCUTS:
        where = "on a message" if known.about_message else "from anywhere"
        right, _ = shortcuts.SHORTCUTS[known.name]
        yield Thing("shortcut", known.name, f"Shortcut `{known.name}`", f"{known.title}, {where} ({right})")


def _buttons() -> Iterator[Thing]:
    for verb, (right, _) in sorted(PRESSES.items()):
        says = _said_of()[verb].partition("; submitted: ")[0]
        yield Thing("button", verb.value, f"Button `{verb.value}`", f"{_whole(says)} ({right})")


def _forms() -> Iterator[Thing]:
    for verb, (right, _) in sorted(SUBMISSIONS.items()):
        says, _, submitted = _said_of()[verb].partition("; submitted: ")
        yield Thing("form", verb.value, f"Form `{verb.value}`", f"{_whole(submitted or says)} ({right})")


def _refusals() -> Iterator[Thing]:
    for kind in refusals():
        yield Thing("refusal", kind.__name__, f"Refusal `{kind.__name__}`", _spelled(template_of(kind)))


@cache
def _said_of() -> Mapping[Verb, str]:
    """What stands beside each verb in its file."""
    text = (ROOT / "core/domain/cards.py").read_text(encoding="utf-8")
    body = text.partition("class Verb(")[2].partition("\n\n\n")[0]
    found = re.findall(r'^    [A-Z_]+ = "([a-z_]+)"  # (.+)$', body, re.MULTILINE)
    return {Verb(value): words for value, words in found}


def _whole(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}".replace("|", "/")


def _spelled(template: str) -> str:
    """A text of ours as it stands, with what is put into it in brackets and its variants one after the other."""
    text = (ROOT / f"templates/answers/{template}.txt.j2").read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{ \"([^\"]+)\"\|strong \}\}", r"\1", text)
    text = re.sub(r"\{\{ (\w+).*? \}\}", r"‹\1›", text)
    text = re.sub(r"\{% (?:elif|else)\b.*?%\}", " / ", text)
    return " ".join(re.sub(r"\{%.*?%\}", "", text).split()).replace("|", "/")


def _between(readme: str) -> str:
    return readme.partition(BEGIN)[2].partition(END)[0]


def _recorded(arguments: Sequence[str]) -> dict[str, set[str]]:
    """Test → the things it used, of those that passed."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "used"
        record.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *(arguments or STORIES)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, RECORD: str(record)}, check=True)
        used: dict[str, set[str]] = defaultdict(set)
        for line in record.read_text(encoding="utf-8").splitlines():
            test, _, thing = line.partition("\t")
            used[test].add(thing)
    return used


def _best(thing: Thing, used: Mapping[str, set[str]]) -> str | None:
    """Of the tests that use it one that is about it: in both chats if possible, and about little else."""

    def order(test: str) -> tuple[bool, float, int, str]:
        likeness = SequenceMatcher(None, thing.name.casefold(), test.partition("test_")[2]).ratio()
        return (not test.startswith(STORIES[0]), len(used[test]) - 10 * likeness, len(test), test)

    fitting = [test for test, seen in used.items() if thing.key in seen and "[" not in test]
    return min(fitting, key=order, default=None)


def write(arguments: Sequence[str]) -> None:
    known = {thing: test for thing, test in shown_by().items() if is_there(test)}
    whole = all(thing.key in known for thing in things())
    used = {} if whole else _recorded(arguments)
    tests = {thing.key: known.get(thing.key) or _best(thing, used) for thing in things()}
    if unshown := [key for key, test in tests.items() if test is None]:
        sys.exit(f"No test shows {', '.join(unshown)}.")
    readme = README.read_text(encoding="utf-8")
    before, after = readme.partition(BEGIN)[0], readme.partition(END)[2]
    rows = table({key: test for key, test in tests.items() if test})
    README.write_text(f"{before}{BEGIN}\n\n{rows}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1:])
