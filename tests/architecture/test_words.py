"""What people read stands in `templates/`, so that a language is a folder: no platform holds a sentence of its own."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import Module, modules, parsed

PLATFORMS = ("bots/slack", "bots/telegram")
A_VALUE = "1"
# Two words, perhaps with a value between them; or one that begins like a label.
SENTENCE = re.compile(rf"[A-Za-z]{{2,}}[,.:;…]* (?:{A_VALUE} )?[A-Za-z]{{2,}}|[A-Z][a-z]{{2,}}…?")
# Read by operators, in English like all that they read.
FOR_OPERATORS = {"config.py"}
OF_THE_DOCTOR = {"check", "OPTIONAL", "SCOPES", "NO_INLINE"}
# By which Telegram's refusals are known; what goes over the wire.
THEIRS = {"_SAID", "_NOT_MODIFIED", "_form", "_json", "download"}
# What Slack, Telegram and HTTP themselves call something.
NAMES = {"Shopbell", "Authorization", "blockquote expandable", "Too Many Requests: retry after 1"}
CALLS_FOR_OPERATORS = re.compile(r"log\.\w+|re\.compile|\w*Error")


def sentences(module: Module) -> list[str]:
    """Literals that somebody could read, without those that only operators and servers do."""
    if module.path.rsplit("/", 1)[-1] in FOR_OPERATORS:
        return []
    return [module.at(node) for node, said in _said(module.tree) if _is_sentence(said)]


def _is_sentence(said: str) -> bool:
    words = said.strip()
    if words in NAMES or words.startswith("<"):
        return False
    found = SENTENCE.search(words)
    return found is not None and (" " in found[0] or found[0] == words)


def _said(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Each string, with what stands for its values, that is no docstring and no type."""
    match node:
        case ast.Constant(value=str(said)):
            yield node, said
        case ast.JoinedStr(values=values):
            yield node, "".join(str(each.value) if isinstance(each, ast.Constant) else A_VALUE for each in values)
        case ast.Expr(value=ast.Constant()):
            return
        case _ if not _is_for_operators(node):
            parts = (below for name, below in ast.iter_fields(node) if name not in ("annotation", "returns"))
            for part in parts:
                for each in part if isinstance(part, list) else [part]:
                    yield from _said(each) if isinstance(each, ast.AST) else ()


def _is_for_operators(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=called):
            return CALLS_FOR_OPERATORS.fullmatch(ast.unparse(called)) is not None
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return name in OF_THE_DOCTOR | THEIRS
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name in THEIRS
    return False


def test_no_platform_holds_a_sentence_of_its_own() -> None:
    """A seller who chose German reads German, whoever says it."""
    found = [at for module in modules("bots") if module.path.startswith(PLATFORMS) for at in sentences(module)]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "CUT = '… (cut, open on the site)'",
        "say(f'and {more} more')",
        "close = 'Close'",
        "wait('One moment…')",
        "raise Gone('The window is closed.')",
    ],
)
def test_a_sentence_is_found(text: str) -> None:
    """As one was there before: at the end of what was cut, around a number, on a button."""
    assert sentences(parsed(text, "bots/slack/example.py")) == ["bots/slack/example.py:1"]


@pytest.mark.parametrize(
    "text",
    [
        "'''Says what it is.'''",
        "log.info('A press was not acknowledged: %s', error)",
        "def f(x: 'asyncio.Event | None') -> 'Card or none': pass",
        "say('slack/phrases#one_moment')",
    ],
)
def test_what_only_operators_read_is_left_alone(text: str) -> None:
    """As are the names of texts."""
    assert sentences(parsed(text, "bots/slack/example.py")) == []
