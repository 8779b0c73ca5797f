"""Keys: made in one place, found again by their pattern, the same in Python and in Lua."""

import re

import pytest

from core.store import keys
from core.store.client import Engine

TAGS = {
    "shard": keys.tag(7),
    "mailbox": keys.mailbox_tag(7),
    "directory": keys.directory_tag("ab12"),
    "bucket": keys.bucket_tag("slack:T1"),
    "role": keys.role_tag("auditor"),
    "meta": keys.META_TAG,
}
every_kind = pytest.mark.parametrize("kind", keys.TABLE.values(), ids=lambda kind: kind.name)


@every_kind
def test_variable_bears_the_name(kind: keys.Key) -> None:
    """A key is found in the module under the name it has in Lua."""
    assert getattr(keys, kind.name) is kind


@every_kind
def test_found_again(kind: keys.Key) -> None:
    """A made key is recognised as exactly the kind that made it."""
    made = kind(TAGS[kind.home.name], *(f"07x{part}" for part in kind.parts))

    assert [other.name for other in keys.TABLE.values() if other.matches(made)] == [kind.name]


@every_kind
def test_lifetime_is_explained(kind: keys.Key) -> None:
    """Each key says how it ends: a TTL in seconds, the moment which removes it, or why it may stay."""
    lifetime = kind.lifetime

    assert lifetime.seconds > 0 if lifetime.kind == "ttl" else lifetime.why and lifetime.seconds == 0


@every_kind
async def test_lua_makes_the_same(kind: keys.Key, engine: Engine) -> None:
    """Lua's functions build the very strings that Python builds."""
    tag = TAGS[kind.home.name]
    parts = [f"07x{part}" for part in kind.parts]
    arguments = ", ".join(f"ARGV[{n}]" for n in range(1, len(parts) + 1))
    text = f"#!lua\n{keys.lua_prelude([kind.name])}\nreturn key.{kind.name}({arguments})"

    made = await engine.call("EVAL", text, 1, tag, *parts)

    assert made.decode() == kind(tag, *parts)


def test_an_unknown_key_is_not_found() -> None:
    """A key nobody declared belongs to no kind."""
    assert keys.find("{sb:07}:nobody:knows:this") is None
    assert keys.find("conversation:1") is None


def test_wrong_parts() -> None:
    """A part missing, empty or with a colon raises instead of naming another key."""
    with pytest.raises(TypeError, match="conversation"):
        keys.conversation(keys.tag(7))
    for part in ("", "a:b"):
        with pytest.raises(ValueError, match="conversation"):
            keys.conversation(keys.tag(7), part)


def test_wrong_home() -> None:
    """A key of a shard is refused under the tag of a mailbox, where it would be lost."""
    with pytest.raises(ValueError, match="shard"):
        keys.agenda(keys.mailbox_tag(7))


def test_tag_of_an_id() -> None:
    """An id leads to its shard's tag; what is no id raises."""
    assert keys.tag_of("07cabc") == "{sb:07}"
    with pytest.raises(ValueError, match="not an id"):
        keys.tag_of("x7cabc")


@pytest.mark.parametrize("name", ["", "a}b", "{a"])
def test_tag_names_have_no_braces(name: str) -> None:
    """A name that would end the hash tag early is refused."""
    with pytest.raises(ValueError, match=re.escape(repr(name))):
        keys.directory_tag(name)
