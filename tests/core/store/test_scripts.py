"""Lua by file: what each file must say, how arguments find their place, and what the server makes of it."""

import asyncio
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from core.store import keys, scripts
from core.store.client import Engine
from core.store.scripts import FOLDER, ScriptFault, Scripts

GREET = """#!lua
-- Greet a buyer.
-- The second line belongs to the heading.
local now = tonumber(ARGV[1])
local name = ARGV[2] -- a buyer's
local rooms = cjson.decode(ARGV[3])
local rings = ARGV[4] == "1"
return { type(now), name, #rooms, tostring(rings) }
"""


def _write(folder: Path, text: str, name: str = "greet") -> Path:
    path = folder / f"{name}.lua"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.lua")), ids=lambda path: path.stem)
async def test_every_script_loads(path: Path, engine: Engine) -> None:
    """Each Lua file of ours keeps the rules of scripts.py, and the server can compile it."""
    script = scripts.read(path)

    assert await engine.call("SCRIPT", "LOAD", script.text) == script.sha.encode()


async def test_arguments_by_name(tmp_path: Path, engine: Engine) -> None:
    """Arguments are passed by name, in any order, each as its line in the file reads it."""
    _write(tmp_path, GREET)

    reply = await Scripts(engine, tmp_path).run(
        "greet", keys.tag(7), rings=True, rooms=["a", "b"], name="Ann", now=1_790_000_000_000
    )

    assert scripts.text(reply) == ["number", "Ann", 2, "true"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"now": 1, "name": "Ann", "rooms": []}, "greet lacks rings"),
        ({"now": 1, "name": "Ann", "rooms": [], "rings": True, "mood": 1}, "greet knows no mood"),
        ({"now": "1", "name": "Ann", "rooms": [], "rings": True}, "greet: now, a str: wants a number"),
        ({"now": 1, "name": None, "rooms": [], "rings": True}, "greet: name, a NoneType: wants text"),
        ({"now": 1, "name": "Ann", "rooms": [], "rings": 1}, "greet: rings, a int: wants a bool"),
        ({"now": 1, "name": "Ann", "rooms": [object()], "rings": True}, "greet: rooms, a list"),
    ],
)
async def test_wrong_arguments(tmp_path: Path, engine: Engine, given: dict[str, object], complaint: str) -> None:
    """A missing, unknown or unfit argument raises before anything is sent, and is named."""
    _write(tmp_path, GREET)

    with pytest.raises(TypeError, match=complaint):
        await Scripts(engine, tmp_path).run("greet", keys.tag(7), **given)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- Heading.\nreturn 1\n", "does not begin with #!lua"),
        ("#!lua\nreturn 1\n", "no heading comment"),
        ("#!lua\n-- @include queue\nreturn 1\n", "no heading comment"),
        ("#!lua\n-- H.\nlocal a = ARGV[1]\nlocal c = ARGV[3]\nreturn a .. c\n", "gap in its arguments"),
        ("#!lua\n-- H.\nlocal a = ARGV[1]\nreturn a .. ARGV[2]\n", "uses ARGV"),
        ("#!lua\n-- H.\nreturn #ARGV\n", "uses ARGV"),
        ("#!lua\n-- H.\nreturn redis.call('GET', KEYS[1])\n", "uses KEYS"),
        ("#!lua\n-- H.\nlocal a = ARGV[1]\nreturn 1\n", "never uses it"),
        ("#!lua\n-- H.\nlocal a = ARGV[1]\nlocal a = ARGV[2]\nreturn a\n", "names a twice"),
        ("#!lua\n-- H.\n-- @include nothing\nreturn 1\n", "there is no lib/nothing.lua"),
        ("#!lua\n-- H.\nreturn key.unheard_of()\n", "keys.py does not declare: unheard_of"),
    ],
)
def test_broken_rules(tmp_path: Path, text: str, complaint: str) -> None:
    """A file that breaks a rule is refused when it is loaded, with the rule."""
    _write(tmp_path, text)

    with pytest.raises(ScriptFault, match=complaint):
        scripts.load(tmp_path)


def test_heading(tmp_path: Path) -> None:
    """A script's heading is its comment, whole."""
    assert scripts.read(_write(tmp_path, GREET)).heading == "Greet a buyer.\nThe second line belongs to the heading."


async def test_includes(tmp_path: Path, engine: Engine) -> None:
    """Shared functions come before the script, each once, whoever includes them."""
    _write(tmp_path / "lib", "local one = 1\n", "base")
    _write(tmp_path / "lib", "-- @include base\nlocal function add(a) return a + one end", "sums")
    path = _write(tmp_path, "#!lua\n-- Add.\n-- @include sums\n-- @include base\nreturn add(2)\n", "add")

    assert scripts.read(path).text.count("local one = 1") == 1
    assert await Scripts(engine, tmp_path).run("add", keys.tag(7)) == 3


async def test_only_what_is_called(tmp_path: Path, engine: Engine) -> None:
    """A shared function that nothing calls is not sent, nor are the keys that only it would make."""
    library = """
local function name_of(id)
  return key.conversation(id)
end

local function visit(id)
  return redis.call('EXISTS', name_of(id))
end

local function leave(id) -- see visit
  return visit(key.message(id))
end
"""
    _write(tmp_path / "lib", library, "visits")
    path = _write(tmp_path, "#!lua\n-- Look.\n-- @include visits\nlocal id = ARGV[1]\nreturn visit(id)\n", "look")

    sent = scripts.read(path).text

    assert "name_of" in sent
    assert "leave" not in sent
    assert ":message:" not in sent
    assert await Scripts(engine, tmp_path).run("look", keys.tag(7), id="07cabc") == 0


async def test_keys_in_lua(tmp_path: Path, engine: Engine) -> None:
    """A script makes its keys under the tag it is run for, the same as Python's."""
    _write(tmp_path, "#!lua\n-- Put.\nlocal id = ARGV[1]\nredis.call('HSET', key.conversation(id), 'a', 1)\n", "put")

    await Scripts(engine, tmp_path).run("put", keys.tag(7), id="07cabc")

    assert await engine.call("HGET", keys.conversation(keys.tag(7), "07cabc"), "a") == b"1"


async def test_forgotten_scripts(tmp_path: Path, engine: Engine) -> None:
    """A server that forgot its scripts is told them again, unnoticed, by many callers at once."""
    _write(tmp_path, "#!lua\n-- Echo.\nlocal word = ARGV[1]\nreturn word\n", "echo")
    ours = Scripts(engine, tmp_path)
    assert scripts.word(await ours.run("echo", keys.tag(7), word="before")) == "before"
    await engine.call("SCRIPT", "FLUSH")

    replies = await asyncio.gather(*(ours.run("echo", keys.tag(n), word=str(n)) for n in range(32)))

    assert [scripts.word(reply) for reply in replies] == [str(n) for n in range(32)]


async def test_errors_name_the_file(tmp_path: Path, engine: Engine) -> None:
    """An error inside a script names the file and the line as it stands there."""
    _write(tmp_path / "lib", "local function unused() end\n\n\n", "long")
    _write(tmp_path, "#!lua\n-- Fail.\n-- @include long\n\nlocal nothing = nil\nreturn nothing.x\n", "fail")

    with pytest.raises(ResponseError, match=r"fail\.lua:6"):
        await Scripts(engine, tmp_path).run("fail", keys.tag(7))


def test_words() -> None:
    """A word is decoded; what is no word raises instead of passing on as one."""
    assert scripts.word(b"new") == "new"
    with pytest.raises(TypeError, match="not a word"):
        scripts.word(None)
    assert scripts.text([b"a", [b"b", 1, None]]) == ["a", ["b", 1, None]]
