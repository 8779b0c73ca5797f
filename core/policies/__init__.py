"""The marketplaces' rules as data: one TOML file a rule set, each number with its source; loaded and checked here."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from core.domain.policies import Policy, Rule, Scope, Source, TextLimits
from core.errors import Misconfigured
from core.policies.rules import read_rule, read_texts
from core.policies.tables import Faults, Table

LARGEST = 50_000  # characters; the presets have a tenth of it
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def load() -> dict[str, Policy]:
    """Every preset by its name."""
    return dict(_presets())


def preset_text(name: str) -> str:
    """A preset's file as it is, to be copied and changed."""
    return resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")


def load_file(path: Path) -> Policy:
    """A policy of one's own, named by its file. Misconfigured tells every fault, with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Misconfigured([f"{path} cannot be read: {reason}."]) from error
    return load_text(text, path.stem)


def load_text(text: str, name: str) -> Policy:
    """As `load_file`; `name` is how shops choose it: lower case letters, digits and hyphens."""
    if len(text) > LARGEST:
        raise Misconfigured([f"{name} has {len(text):,} characters; a policy has up to {LARGEST:,}."])
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misconfigured([_syntax(name, str(error), text)]) from error
    return load_data(data, name, text)


def load_data(data: Mapping[str, Any], name: str, text: str | None = None) -> Policy:
    """From what `core.policies.writing.as_data` wrote, or from a file's data with its text."""
    faults = Faults()
    if not _NAME.fullmatch(name):
        faults.add((), f'"{name}" is no name for a policy: up to 40 lower case letters, digits and hyphens.')
    policy = _read(Table(data, (), faults), name)
    if faults.found:
        raise Misconfigured(faults.told(name, text))
    return policy


@cache
def _presets() -> tuple[tuple[str, Policy], ...]:
    files = [entry for entry in resources.files(__name__).iterdir() if entry.name.endswith(".toml")]
    read = [load_text(file.read_text(encoding="utf-8"), file.name.removesuffix(".toml")) for file in files]
    return tuple((policy.name, policy) for policy in sorted(read, key=lambda policy: policy.name))


def _read(table: Table, name: str) -> Policy:
    title, marketplace = table.text("title", longest=80), table.text("marketplace", "", longest=40)
    version, note = table.whole("version", 1, 1_000_000), table.text("note", "")
    inbox, order = _rules(table)
    texts, texts_source = _texts(table)
    table.close()
    return Policy(name, title, version, marketplace, inbox, order, texts, texts_source, note)


def _rules(table: Table) -> tuple[Rule, Rule]:
    """`[inbox]` and `[order]`, or `[all]` where one rate is taken of both."""
    if not table.has("all"):
        return _rule(table, Scope.INBOX), _rule(table, Scope.ORDER)
    for scope in (Scope.INBOX, Scope.ORDER):
        if table.has(scope):
            table.fault(scope, "cannot stand beside [all], which is about both.")
        table.asked.add(scope)
    both = _rule(table, Scope.ALL)
    return both, both


def _rule(table: Table, scope: Scope) -> Rule:
    found = table.table(scope)
    if found is None:
        if not table.has(scope):
            table.fault(scope, "is missing: a table; what the marketplace does not measure says measured = false.")
        return read_rule(Table({}, (scope,), Faults()), scope)
    return read_rule(found, scope)


def _texts(table: Table) -> tuple[TextLimits, Source | None]:
    table.asked.add("texts")
    found = table.table("texts") if table.has("texts") else None
    return read_texts(found) if found else (TextLimits(), None)


def _syntax(name: str, said: str, text: str) -> str:
    where = _AT_LINE.search(said)
    if where:
        return f"{name}, line {where[1]}: {said[: where.start()]} (column {where[2]})."
    at_end = said.removesuffix(" (at end of document)")
    return f"{name}, line {len(text.splitlines()) or 1}: {at_end}." if at_end != said else f"{name}: {said}."
