"""What the import contracts of pyproject.toml cannot say: rules for each platform by discovery, and for domain."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT, Module, imported, modules, parsed, within

OURS = ("bots", "core", "templates", "tests")
PLATFORM_SEES = ("core.domain", "core.ports", "core.errors")
DOMAIN_SEES = ("core.domain", "core.errors", "core.ids")
IMPORTS_BY_NAME = "bots.registry"


def platforms() -> list[str]:
    """A platform is a package that holds an adapter: those of bots/, and the small one of the contract tests."""
    adapters = [*(ROOT / "bots").glob("*/adapter.py"), *(ROOT / "tests" / "contract").glob("*/adapter.py")]
    return [".".join(adapter.parent.relative_to(ROOT).parts) for adapter in sorted(adapters)]


def strays_of_platform(module: Module, platform: str) -> list[str]:
    return [
        f"{module.at(node)} imports {name}"
        for node, name in imported(module)
        if name.startswith(".") or (within(name, *OURS) and not within(name, *PLATFORM_SEES, platform))
    ]


def strays_of_domain(module: Module) -> list[str]:
    return [
        f"{module.at(node)} imports {name}"
        for node, name in imported(module)
        if name.split(".")[0] not in sys.stdlib_module_names and not within(name, *DOMAIN_SEES)
    ]


def local_imports(module: Module) -> list[str]:
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {node for function in functions for node in ast.walk(function)}
    return sorted(module.at(node) for node in inside if isinstance(node, ast.Import | ast.ImportFrom))


def imports_by_name(module: Module) -> list[str]:
    """Imports that no other check can see: by a string, at run time."""
    return [
        module.at(node)
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "import_module")
        or (isinstance(node, ast.Name) and node.id in {"import_module", "__import__"})
    ]


def test_a_platform_sees_the_ports_and_nothing_else() -> None:
    """Every package of bots/ with an adapter imports domain, ports, errors, itself and strangers only."""
    strays = [
        stray
        for platform in platforms()
        for module in modules("bots", "tests/contract")
        if within(module.name, platform)
        for stray in strays_of_platform(module, platform)
    ]

    assert strays == []


@pytest.mark.parametrize(
    "line",
    [
        "import core.store.client",
        "import core",
        "from core import services",
        "from core.clock import Clock",
        "from core.domainish import x",
        "from bots.telegram import adapter",
        "from bots import wiring",
        "from . import adapter",
        "if TYPE_CHECKING:\n    from core.store import client",
    ],
)
def test_a_platform_that_reaches_further_is_seen(line: str) -> None:
    """The check above fails on a platform that imports the store, another platform, or the wiring."""
    assert strays_of_platform(parsed(line, "bots/discord/adapter.py"), "bots.discord")


@pytest.mark.parametrize(
    "line",
    [
        "from core.domain import cards",
        "from core.domain.cards import Card",
        "from core.errors import Gone",
        "import core.ports.chat",
        "from bots.discord import blocks",
        "import aiohttp, json",
    ],
)
def test_a_platform_may_use_what_the_ports_offer(line: str) -> None:
    """The check above lets a platform import the domain, the ports, the errors, itself and strangers."""
    assert strays_of_platform(parsed(line, "bots/discord/adapter.py"), "bots.discord") == []


def test_the_domain_is_pure() -> None:
    """core.domain imports the standard library and itself; of the rest of the core only errors and ids."""
    strays = [
        stray for module in modules("core") if within(module.name, "core.domain") for stray in strays_of_domain(module)
    ]

    assert strays == []


@pytest.mark.parametrize(
    "line", ["import msgspec", "from core.clock import Clock", "from core import store", "import core"]
)
def test_an_impure_domain_is_seen(line: str) -> None:
    """The check above fails on a third party and on the rest of the core."""
    assert strays_of_domain(parsed(line, "core/domain/example.py"))


def test_no_import_hides_in_a_function() -> None:
    """A cycle is mended by moving a noun, not by importing late."""
    assert [place for module in modules() for place in local_imports(module)] == []


def test_a_hidden_import_is_seen() -> None:
    """The check above looks into methods and nested functions."""
    hidden = "class A:\n    async def b(self):\n        def c():\n            from core import ids\n"

    assert local_imports(parsed(hidden)) == ["core/example.py:4"]


def test_only_the_registry_imports_by_name() -> None:
    """An import by a string escapes every other check, so there is one place for it."""
    places = [place for module in modules() if module.name != IMPORTS_BY_NAME for place in imports_by_name(module)]

    assert places == []


def test_a_worker_is_spared_the_web_framework() -> None:
    """What a process that serves nothing loads, both chats with it, has no FastAPI in it: ten megabytes less."""
    loaded = "bots.cli, bots.wiring, bots.slack.adapter, bots.telegram.adapter"
    asked = f"import sys, {loaded}; print(sorted({{'fastapi', 'uvicorn', 'bots.serving'}} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("line", ["importlib.import_module('x')", "import_module('x')", "__import__('x')"])
def test_an_import_by_name_is_seen(line: str) -> None:
    """The check above knows each of the three ways."""
    assert imports_by_name(parsed(line))
