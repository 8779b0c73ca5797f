"""The marketplaces' rules as data: one TOML file a rule set, each number with its source; loaded and checked here."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from core.domain.policies import Policy, Rule
from core.errors import Misconfigured


def load() -> dict[str, Policy]:
    """Every policy by its name. Misconfigured names the file and what it lacks."""
    files = [entry for entry in resources.files(__name__).iterdir() if entry.name.endswith(".toml")]
    return {policy.name: policy for policy in (_read(f.name.removesuffix(".toml"), f.read_text()) for f in files)}


def _read(name: str, text: str) -> Policy:
    try:
        data = tomllib.loads(text)
        return Policy(name, data["title"], data["version"], _rule(data["inbox"]), _rule(data["order"]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise Misconfigured([f"The policy {name}.toml cannot be read: {error}."]) from error


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(data["hours"], data["source"], data["checked"], data.get("soft_hours"), data.get("verified", True))
