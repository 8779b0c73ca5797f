"""What every file of ours keeps to: a first sentence, a length, one place for broad catches, for keys and for time."""

import ast
import re

import pytest

from tests.architecture.tree import ROOT, Module, modules, parsed

LONGEST = 400
SAYS_NOTHING = {"base", "common", "helper", "helpers", "manager", "misc", "tools", "util", "utils"}
BROAD = {"Exception", "BaseException"}
BROAD_CATCHES = {"core/workers/loop.py": "the outer loop logs what nobody else could handle, once, and goes on"}
KEYS = "core/store/keys.py"
CLOCKS = {"core/clock.py", "bots/playground"}  # a stand-in is another company's server and has its own clock
LUA_JOINS_A_KEY = re.compile(r"""\.\.\s*(["'])[^"'\n]*:|:["']\s*\.\.""")


def broad_catches(module: Module) -> list[str]:
    """Handlers and `suppress` of everything; one that ends by raising again catches nothing and is free."""
    handlers = [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_again(node)
    ]
    suppressed = [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _called(node) == "suppress" and any(_is_broad(kind) for kind in node.args)
    ]
    return handlers + suppressed


def _is_broad(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(each is None or (isinstance(each, ast.Name) and each.id in BROAD) for each in kinds)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).split(".")[-1]


def keys_made(module: Module) -> list[str]:
    """Strings, also f-strings, in which a hash tag is spelled; docstrings may name one."""
    prose = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    return [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{sb:" in node.value and node not in prose
    ]


def clock_readings(module: Module) -> list[str]:
    """Calls that ask the machine for the date, not the clock that was passed in."""
    asking = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return [module.at(call) for call in calls if ".".join(ast.unparse(call.func).split(".")[-2:]) in asking]


def test_every_module_says_what_it_is() -> None:
    """A module with anything in it begins with a sentence that lets a stranger decide whether to read on."""
    every = modules() + modules("tests")

    assert [each.path for each in every if each.tree.body and not ast.get_docstring(each.tree)] == []


def test_every_test_states_its_promise() -> None:
    """Each test carries one line in the present tense."""
    silent = [
        module.at(node)
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_no_file_has_grown_past_its_noun() -> None:
    """A file of more than 400 lines is asking which noun wants to leave."""
    files = [path for folder in ("bots", "core") for kind in ("*.py", "*.lua") for path in (ROOT / folder).rglob(kind)]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}

    assert files
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_no_file_name_says_nothing() -> None:
    """A file is named for what lives there, never for being useful."""
    assert [each.path for each in modules() if each.name.split(".")[-1] in SAYS_NOTHING] == []


def test_everything_is_caught_in_one_place() -> None:
    """`except Exception` stands in the workers' outer loop and nowhere else."""
    elsewhere = [module for module in modules() if module.path not in BROAD_CATCHES]

    assert [place for module in elsewhere for place in broad_catches(module)] == []


@pytest.mark.parametrize(
    "text",
    [
        "try: x()\nexcept Exception: pass",
        "try: x()\nexcept: pass",
        "try: x()\nexcept (KeyError, BaseException) as e: log(e)",
        "try: x()\nexcept Exception as e: raise KeyError from e",
        "with contextlib.suppress(Exception): x()",
    ],
)
def test_a_broad_catch_is_seen(text: str) -> None:
    """The check above knows each way to swallow everything."""
    assert broad_catches(parsed(text))


def test_cleaning_up_on_the_way_out_is_no_catch() -> None:
    """A handler that ends in a bare `raise` lets everything through."""
    assert broad_catches(parsed("try: x()\nexcept BaseException:\n    y()\n    raise")) == []


def test_keys_are_made_in_one_place() -> None:
    """No module but keys.py spells a hash tag, and no script joins the parts of a key."""
    python = [place for module in modules() if module.path != KEYS for place in keys_made(module)]
    lua = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "core").rglob("*.lua")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "{sb:" in line or LUA_JOINS_A_KEY.search(line.split("--")[0])
    ]

    assert python + lua == []


@pytest.mark.parametrize("text", ['x = f"{{sb:{shard}}}:agenda"', 'x = "{sb:meta}"', 'y("{sb:" + z)'])
def test_a_key_made_elsewhere_is_seen(text: str) -> None:
    """The check above reads plain strings and f-strings."""
    assert keys_made(parsed(text))


@pytest.mark.parametrize("line", ['local k = tag .. ":agenda"', "k = t .. ':a:' .. id", 'k = "lane:" .. id'])
def test_a_key_joined_in_a_script_is_seen(line: str) -> None:
    """The check above sees a colon put between two strings in Lua."""
    assert LUA_JOINS_A_KEY.search(line)


def test_nobody_asks_the_machine_for_the_time() -> None:
    """Both times are passed in, so that a test or `shopbell play` can move them."""
    asked = [place for module in modules() for place in clock_readings(module)]

    assert [place for place in asked if not place.startswith(tuple(CLOCKS))] == []


@pytest.mark.parametrize("text", ["time.time()", "datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()"])
def test_a_look_at_the_machines_clock_is_seen(text: str) -> None:
    """The check above knows the usual ways; monotonic time, for waiting, is free."""
    assert clock_readings(parsed(text))
    assert clock_readings(parsed("time.monotonic()")) == []
