"""What goes wrong outside is said by the name of a text of ours, or in the other side's words, and never in Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.slack.errors import ALIKE, LOST, ROOM_LOST, TOKEN_LOST
from bots.telegram.errors import _SAID, OTHER, reachable_no_more
from core import errors
from core.domain.texts import plain
from core.errors import Ours, to_keep
from core.marketplaces.webhook import _LOST
from core.rendering import explain, in_english, speaking
from tests.architecture.tree import ROOT, Module, modules, parsed

FOLDERS = ("bots/slack", "bots/telegram", "core/marketplaces")
OURS = tuple(module for module in modules("bots", "core") if not module.path.startswith("bots/playground"))
ERRORS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.OutsideError)]
OUTSIDE = {each.__name__ for each in ERRORS} | {"NotThere", "Unpresentable", "TooLate", "TopicClosed", "Unshowable"}
OUTSIDE |= {"Unreachable", "AnswerLost", "Reach"}  # what such errors are made of
# By which a folder names its texts.
SAYS = {f"{folder}/": f"{folder.rpartition('/')[2]}/problems#" for folder in FOLDERS}
PROBLEMS = sorted(path for path in (ROOT / "templates").rglob("problems.txt.j2") if "de" not in path.parts)


def _named() -> Iterator[Ours]:
    """Each text that an error is given, with its values: by name in a call, or from a table."""
    for module in OURS:
        before = next((name for folder, name in SAYS.items() if module.path.startswith(folder)), "")
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Name(called), args=[ast.Constant(value=str(name))], keywords=values):
                    if called == "ours" and "#" in name:
                        yield Ours(name, _values(values))
                    elif before and called in {"said", "ForbiddenTarget"}:
                        yield Ours(before + name, _values(values))
    yield from (Ours(f"slack/problems#{ALIKE.get(code, code)}") for code in TOKEN_LOST | ROOM_LOST | LOST)
    yield from (Ours(f"telegram/problems#{text}", {"said": "1"} if text == OTHER else {}) for _, _, text in _SAID)
    yield Ours(f"telegram/problems#{OTHER}", {"said": "1"})
    yield from (reachable_no_more(status) for status in ("kicked", "left", "restricted", "member"))
    yield from (Ours(f"marketplaces/problems#{text}") for text in _LOST.values())


def _values(keywords: list[ast.keyword]) -> dict[str, str | int]:
    return {each.arg: "1" for each in keywords if each.arg}


NAMED = {str(each): each for each in _named()}


def sentences(module: Module) -> list[str]:
    """Errors of the outside that are given a sentence."""
    return [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in OUTSIDE
        if any(_is_sentence(each) for each in (*node.args, *(each.value for each in node.keywords)))
    ]


def _is_sentence(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(said)):
            return said != ""
    return isinstance(node, ast.JoinedStr)


def quotations(module: Module) -> list[str]:
    """What is kept of a problem, shown as if it were words."""
    return [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Quote", "Words", "cut", "printable"}
        if any(re.fullmatch(r"(.+\.)?(problem|kept)", ast.unparse(each)) for each in node.args)
    ]


def test_no_error_of_the_outside_is_given_a_sentence() -> None:
    """A seller who chose German reads in German what is to be mended."""
    assert [at for module in OURS for at in sentences(module)] == []


@pytest.mark.parametrize(
    "text", ["raise Gone('The window is closed.')", "error = errors.TryLater(f'it is closed ({status}).', after=1)"]
)
def test_a_sentence_is_found(text: str) -> None:
    """As there were hundreds."""
    assert sentences(parsed(text)) == ["core/example.py:1"]


def test_what_is_kept_of_a_problem_is_explained_and_never_shown() -> None:
    """It may be the name of a text."""
    assert [at for module in OURS for at in quotations(module)] == []


def test_a_quotation_of_what_is_kept_is_found() -> None:
    """As it was shown before."""
    assert quotations(parsed("text = say('a', problem=Quote(last.problem))")) == ["core/example.py:1"]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_each_problem_has_its_text_in_both_languages(name: str) -> None:
    """With the values that it is given, and none that it is not."""
    problem = NAMED[name]
    english = in_english(to_keep(problem))
    with speaking("de"):
        german = plain(explain(to_keep(problem)))

    assert name not in english
    assert german != english or problem.text == f"telegram/problems#{OTHER}"


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_text_is_that_of_a_problem(path: Path) -> None:
    """None stands there that nothing says any more."""
    name = path.relative_to(ROOT / "templates").as_posix().removesuffix(".txt.j2")
    blocks = re.findall(r"{% block (\w+) %}", path.read_text(encoding="utf-8"))

    assert {f"{name}#{block}" for block in blocks} == {
        each.text for each in NAMED.values() if each.text.startswith(f"{name}#")
    }
