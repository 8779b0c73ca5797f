"""Checks a call against the Bot API's own description: unknown, missing and mistyped parameters and nested fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FIELD = re.compile(r"(?P<type>[^!=]+)(?P<required>!?)(?:=(?P<word>\w+))?")
NOTHING: dict[str, str] = {}
# A rich text is also a plain string or a list of rich texts, which the schema tells only in prose.
ANYTHING = {"RichText"}


@dataclass(slots=True)
class Checked:
    """`values` hold what a form's strings mean; `fatal` problems make Telegram refuse, others it would ignore."""

    values: dict[str, Any] = field(default_factory=dict)
    fatal: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


class Schema:
    def __init__(self, source: Mapping[str, Any]) -> None:
        self.methods: dict[str, dict[str, str]] = source["methods"]
        self._types: dict[str, dict[str, str]] = source["types"]
        self._unions: dict[str, list[str]] = source["unions"]

    def check(self, method: str, parameters: Mapping[str, Any], files: Collection[str] = ()) -> Checked:
        """`parameters` as they came: strings from a form, or values of a JSON body. `files` are uploaded parts."""
        result = Checked()
        known = self.methods[method]
        for name, raw in parameters.items():
            if name not in known:
                result.ignored.append(f"{method} has no parameter {name}")
                continue
            type_ = _parse(known[name])["type"]
            value = _read(raw, type_)
            result.values[name] = value
            result.fatal += self._faults(value, type_, name, result.ignored)
        attached = set(re.findall(r'attach://([^"\\\s]+)', json.dumps(dict(parameters), default=str)))
        for name in files:
            if "InputFile" not in known.get(name, "") and name not in attached:
                result.ignored.append(f"{method} has no file {name}")
        for name, spec in known.items():
            if _parse(spec)["required"] and name not in parameters and name not in files:
                result.fatal.append(f"{method} needs {name}")
        return result

    def faults(self, value: object, type_: str) -> list[str]:
        """What is wrong with a value of a type, unknown fields included; empty when it is as described."""
        ignored: list[str] = []
        return self._faults(value, type_, type_, ignored) + ignored

    def _faults(self, value: object, type_: str, path: str, ignored: list[str]) -> list[str]:
        if type_.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{path} must be a list, is {_name(value)}"]
            inner = type_.removeprefix("Array of ")
            return [fault for i, v in enumerate(value) for fault in self._faults(v, inner, f"{path}[{i}]", ignored)]
        choices = self._unions.get(type_) or re.split(r" or |, | and ", type_)
        if type_ in ANYTHING or (len(choices) == 1 and (fits := PLAIN.get(type_)) and fits(value)):
            return []
        if len(choices) > 1:
            return self._nearest(value, choices, path, ignored)
        if type_ in PLAIN or not isinstance(value, dict):
            return [f"{path} must be {type_}, is {_name(value)}"]
        return self._object_faults(value, type_, path, ignored)

    def _nearest(self, value: object, choices: list[str], path: str, ignored: list[str]) -> list[str]:
        """The faults against the choice that fits best."""
        tries: list[tuple[list[str], list[str]]] = []
        for choice in choices:
            unknown: list[str] = []
            tries.append((self._faults(value, choice, path, unknown), unknown))
        fatal, unknown = min(tries, key=lambda one: (len(one[0]) + len(one[1]), len(one[0])))
        ignored += unknown
        return fatal

    def _object_faults(self, value: dict[str, Any], type_: str, path: str, ignored: list[str]) -> list[str]:
        known = self._types.get(type_, NOTHING)
        required = [name for name, spec in known.items() if _parse(spec)["required"]]
        faults = [f"{path}.{name} is missing" for name in required if name not in value]
        for name, inner in value.items():
            if name not in known:
                ignored.append(f"{path} ({type_}) has no field {name}")
                continue
            spec = _parse(known[name])
            faults += self._faults(inner, spec["type"], f"{path}.{name}", ignored)
            if spec["word"] and inner != spec["word"]:
                faults.append(f"{path}.{name} must be {spec['word']!r}, is {inner!r}")
        return faults


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


PLAIN: dict[str, Callable[[object], bool]] = {
    "Integer": _is_integer,
    "Float": lambda value: _is_integer(value) or isinstance(value, float),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    # A part of the form, checked by its name; in a value it can only be a reference to one.
    "InputFile": lambda value: isinstance(value, str) and value.startswith("attach://"),
}


@cache
def _parse(spec: str) -> re.Match[str]:
    match = FIELD.fullmatch(spec)
    if match is None:
        raise ValueError(spec)
    return match


def _read(raw: object, type_: str) -> object:
    """A form says everything in strings; what does not read as its type stays a string and is found mistyped."""
    if not isinstance(raw, str) or type_ == "String":
        return raw
    if type_ == "Integer or String":
        return int(raw) if re.fullmatch(r"-?\d+", raw) else raw
    if type_ == "InputFile or String":
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _name(value: object) -> str:
    return f"{type(value).__name__} {value!r}"[:80]


@cache
def load() -> Schema:
    return Schema(json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8")))
