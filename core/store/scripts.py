"""Lua by file: reads what each script wants, and passes arguments by name.

A file begins like this, and its comment says what it moves:

    #!lua
    -- Accept a buyer's message once. Answers `new`, `known`.
    -- @include queue
    local now = tonumber(ARGV[1])
    local message = ARGV[2]
    local rooms = cjson.decode(ARGV[3])
    local rings = ARGV[4] == "1"
    local told = cmsgpack.unpack(ARGV[5])

`await scripts.run("name", tag, now=…, message="…", rooms=[…], rings=True, told=[…])` then passes each in its place.
What is large or many goes as MessagePack: Lua reads it in half the time.
Keys are made by `key.<name>(…)`, from the table in `keys.py`, under the one tag that the script is run for.

A script may be sent again when a connection breaks, so it must bear being executed twice: it takes the id of its
operation and answers the second time as it did the first. A Lua table with a nil in it is cut off there in the reply.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, overload

import msgspec
from redis.exceptions import ResponseError

from core.store import keys
from core.store.client import Engine
from core.store.keys import Tag

FOLDER = Path(__file__).parent / "lua"

# `#!lua` makes a cluster refuse keys of another slot, and every server refuse writes when memory is full. Valkey 9
# and Redis 7 need no flags; `flags=no-writes` lets a reading script run also then.
_SHEBANG = re.compile(r"#!lua(?: flags=[\w,-]+)?")
_INCLUDE = re.compile(r"^-- @include (\w+)$", re.MULTILINE)
_COMMENT = re.compile(r"--(?!\[\[).*")
_KEY = re.compile(r"\bkey\.(\w+)")
_FUNCTION = re.compile(r"^local function (\w+)\([^)]*\)(?: *--.*)?\n(?:.*\n)*?end\n", re.MULTILINE)
_ARGUMENT = re.compile(
    r"^local (?P<name>\w+) = "
    r"(?:ARGV\[(?P<bare>\d+)\]"
    r'|ARGV\[(?P<flag>\d+)\] == "1"'
    r"|tonumber\(ARGV\[(?P<number>\d+)\]\)"
    r"|cjson\.decode\(ARGV\[(?P<json>\d+)\]\)"
    r"|cmsgpack\.unpack\(ARGV\[(?P<packed>\d+)\]\))"
    r"(?: *--.*)?$",
    re.MULTILINE,
)
_LINE = re.compile(r"user_script:(\d+)")


class ScriptFault(Exception):
    """A Lua file that breaks the rules above; raised when it is loaded."""


def _bare(value: object) -> str | bytes | int:
    if type(value) is str:  # Most are, and an event has a dozen.
        return value
    if isinstance(value, (str, bytes, int)) and not isinstance(value, bool):
        return value
    raise TypeError("wants text, bytes or a whole number")


def _flag(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    raise TypeError("wants a bool")


def _number(value: object) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise TypeError("wants a number")


Conversion = Callable[[Any], str | bytes | int | float]

_CONVERSIONS: dict[str, Conversion] = {
    "bare": _bare,
    "flag": _flag,
    "number": _number,
    "json": msgspec.json.encode,
    "packed": msgspec.msgpack.encode,
}


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it is sent, and the arguments that it names, in their order."""

    name: str
    text: str
    sha: str
    heading: str
    arguments: Mapping[str, Conversion]
    lines_before: int

    def pack(self, given: Mapping[str, object]) -> list[str | bytes | int | float]:
        """The given values in the script's order; TypeError names the argument that is missing, unknown or wrong."""
        if given.keys() != self.arguments.keys():
            self._complain(given)
        packed = []
        for name, convert in self.arguments.items():
            try:
                packed.append(convert(given[name]))
            except TypeError as error:
                raise TypeError(f"{self.name}: {name}, a {type(given[name]).__name__}: {error}") from None
        return packed

    def place(self, message: str) -> str:
        """An error of the server, with the line of the file in place of the line of what was sent."""

        def place(found: re.Match[str]) -> str:
            line = int(found[1]) - self.lines_before
            return f"{self.name}.lua:{line}" if line > 0 else f"what {self.name}.lua includes:{found[1]}"

        return _LINE.sub(place, message)

    def _complain(self, given: Mapping[str, object]) -> None:
        missing = ", ".join(name for name in self.arguments if name not in given)
        unknown = ", ".join(name for name in given if name not in self.arguments)
        faults = [f"lacks {missing}"] * bool(missing) + [f"knows no {unknown}"] * bool(unknown)
        raise TypeError(f"{self.name} {' and '.join(faults)}")


class Scripts:
    """The scripts of a folder, loaded at once, run by name."""

    def __init__(self, engine: Engine, folder: Path = FOLDER) -> None:
        self.engine = engine
        self._scripts = load(folder)

    async def run(self, name: str, tag: Tag, /, **arguments: object) -> Any:
        """Run `<name>.lua` for one tag; what it returns is raw, see `word` and `text`. Raises StoreDown."""
        script = self._scripts[name]
        try:
            return await self.engine.script(script, (tag,), script.pack(arguments))
        except ResponseError as error:
            raise ResponseError(script.place(str(error))) from None

    async def teach(self) -> None:
        """The server knows every script from now on: else whoever runs one first waits for two round trips."""
        await asyncio.gather(*(self.engine.call("SCRIPT", "LOAD", each.text) for each in self._scripts.values()))


@cache
def load(folder: Path = FOLDER) -> Mapping[str, Script]:
    """Read every script of a folder by its name, once a process; ScriptFault on the first that breaks a rule."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.lua"))}


def read(path: Path) -> Script:
    shebang, _, body = path.read_text(encoding="utf-8").partition("\n")
    if not _SHEBANG.fullmatch(shebang):
        raise ScriptFault(f"{path.name} does not begin with #!lua")
    heading = _heading(path, body)
    arguments = _arguments(path, body)
    libraries = _called("".join(_included(path.parent / "lib", body, path.name, set())), body)
    before = f"{shebang}\n{_prelude(path, libraries + body)}\n{libraries}"
    text = before + body
    # Redis names a script by this digest; it guards nothing.
    sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return Script(path.stem, text, sha, heading, arguments, before.count("\n") - 1)


def _heading(path: Path, body: str) -> str:
    lines = []
    for line in body.split("\n"):
        if not line.startswith("--"):
            break
        if not _INCLUDE.match(line):
            lines.append(line.removeprefix("--").strip())
    if not lines:
        raise ScriptFault(f"{path.name} has no heading comment that says what it moves")
    return "\n".join(lines)


def _arguments(path: Path, body: str) -> dict[str, Conversion]:
    found = {}
    for match in _ARGUMENT.finditer(body):
        conversion = match.lastgroup or ""
        found[int(match[conversion])] = (match["name"], _CONVERSIONS[conversion])
    if sorted(found) != list(range(1, len(found) + 1)):
        raise ScriptFault(f"{path.name} leaves a gap in its arguments: it names {sorted(found)}")
    code = _COMMENT.sub("", _ARGUMENT.sub("", body))
    for forbidden in ("ARGV", "KEYS"):
        if re.search(rf"\b{forbidden}\b", code):
            raise ScriptFault(f"{path.name} uses {forbidden} beside the named locals; keys are made by key.<name>(…)")
    names = [name for name, _ in found.values()]
    for name in names:
        if names.count(name) > 1 or not re.search(rf"\b{name}\b", code):
            raise ScriptFault(f"{path.name} names {name} twice or never uses it")
    return {found[n][0]: found[n][1] for n in sorted(found)}


def _included(lib: Path, text: str, where: str, seen: set[str]) -> Iterator[str]:
    for name in _INCLUDE.findall(text):
        if name in seen:
            continue
        seen.add(name)
        path = lib / f"{name}.lua"
        if not path.is_file():
            raise ScriptFault(f"{where} includes {name}, but there is no lib/{name}.lua")
        library = path.read_text(encoding="utf-8")
        if re.search(r"\b(ARGV|KEYS)\b", _COMMENT.sub("", library)):
            raise ScriptFault(f"lib/{name}.lua reads ARGV or KEYS; what it needs is handed to its functions")
        yield from _included(lib, library, path.name, seen)
        yield library if library.endswith("\n") else library + "\n"


def _called(libraries: str, body: str) -> str:
    """The libraries without the functions that nothing calls: whenever a script runs it makes all of them anew."""
    functions = {match[1]: match[0] for match in _FUNCTION.finditer(libraries)}
    called: set[str] = set()
    wanted = _words(_FUNCTION.sub("", libraries)) | _words(body)
    while new := (wanted & functions.keys()) - called:
        called |= new
        wanted = frozenset().union(*(_words(functions[name]) for name in new))
    return _FUNCTION.sub(lambda match: match[0] if match[1] in called else "", libraries)


@cache
def _words(code: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", _COMMENT.sub("", code)))


def _prelude(path: Path, code: str) -> str:
    used = dict.fromkeys(_KEY.findall(_COMMENT.sub("", code)))
    if unknown := [name for name in used if name not in keys.TABLE]:
        raise ScriptFault(f"{path.name} makes keys that keys.py does not declare: {', '.join(unknown)}")
    return keys.lua_prelude(used)


def word(reply: Any) -> str:
    """A script's one-word answer; TypeError when it is no word."""
    if isinstance(reply, bytes):
        return reply.decode()
    raise TypeError(f"a script answered {reply!r}, not a word")


@overload
def text(reply: bytes) -> str: ...
@overload
def text(reply: list[Any]) -> list[Any]: ...
def text(reply: Any) -> Any:
    """The reply with all its bytes decoded; numbers, None and the shape of lists stay."""
    if isinstance(reply, bytes):
        return reply.decode()
    return [text(item) for item in reply] if isinstance(reply, list) else reply
