"""The project as files and syntax trees: what the other tests of this folder walk over."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file: its path from the root, its dotted name, its text parsed."""

    path: str
    name: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def parsed(text: str, path: str = "core/example.py") -> Module:
    return Module(path, _dotted(Path(path)), ast.parse(text))


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """Every module of these packages, or of all that we ship."""
    found = (path for package in packages or ("bots", "core", "templates") for path in (ROOT / package).rglob("*.py"))
    return tuple(parsed(path.read_text(), str(path.relative_to(ROOT))) for path in sorted(found))


@cache
def kept_files() -> tuple[Path, ...]:
    """What git keeps or would keep; without git (an unpacked archive), all but what the Makefile's commands made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        files = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    else:
        files = (path for path in ROOT.rglob("*") if not _made(path.relative_to(ROOT)))
    return tuple(sorted({path for path in files if path.is_file()}))


def text_of(path: Path) -> str:
    """The file's text, or nothing for a picture or another binary."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def imported(module: Module) -> list[tuple[ast.stmt, str]]:
    """Each import with the full name of what it brings: `from core import clock` brings `core.clock`."""
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            found += [(node, f"{source}.{alias.name}") for alias in node.names]
    return found


def within(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of these packages or lies inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _made(path: Path) -> bool:
    return path.parts[0].startswith((".venv", ".git", ".mypy", ".ruff", ".pytest")) or "__pycache__" in path.parts
