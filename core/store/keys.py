"""Every key in Redis, beside its type, its lifetime and its purpose; keys are made here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NewType

from core.ids import shard_of

Tag = NewType("Tag", str)
"""The hash tag that begins a key and chooses its slot, such as `{sb:07}`; the only key a script declares."""

Type = Literal["hash", "string", "list", "set", "zset", "stream"]
Kind = Literal["forever", "moment", "ttl"]

SHARDS = 32

_NAME = r"[^{}]+"
_PART = r"[^:]+"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a key lives: the family of hash tags it may begin with."""

    name: str
    tags: re.Pattern[str]


SHARD = Home("shard", re.compile(r"\{sb:\d\d\}"))
MAILBOX = Home("mailbox", re.compile(r"\{sb:in:\d\d\}"))
DIRECTORY = Home("directory", re.compile(rf"\{{sb:dir:{_NAME}\}}"))
BUCKET = Home("bucket", re.compile(rf"\{{sb:bucket:{_NAME}\}}"))
ROLE = Home("role", re.compile(rf"\{{sb:role:{_NAME}\}}"))
META = Home("meta", re.compile(r"\{sb:meta\}"))


def tag(shard: int) -> Tag:
    return Tag(f"{{sb:{shard:02d}}}")


def tag_of(identifier: str) -> Tag:
    """The tag of the shard that an id names."""
    return tag(shard_of(identifier))


def mailbox_tag(number: int) -> Tag:
    return Tag(f"{{sb:in:{number:02d}}}")


def directory_tag(address_hash: str) -> Tag:
    return Tag(f"{{sb:dir:{_plain(address_hash)}}}")


def bucket_tag(name: str) -> Tag:
    return Tag(f"{{sb:bucket:{_plain(name)}}}")


def role_tag(name: str) -> Tag:
    return Tag(f"{{sb:role:{_plain(name)}}}")


META_TAG = Tag("{sb:meta}")


def _plain(name: str) -> str:
    # A brace would end the hash tag early and move the key to another slot.
    if not name or "{" in name or "}" in name:
        raise ValueError(f"{name!r} cannot be part of a hash tag: it is empty or has a brace")
    return name


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How a key ends: never (and why that is bounded), by a moment of the agenda, or by a TTL in seconds."""

    kind: Kind
    why: str
    seconds: int = 0


def forever(why: str) -> Lifetime:
    return Lifetime("forever", why)


def moment(which: str) -> Lifetime:
    """Removed by a moment of the agenda: what must expire by `now` cannot be a TTL, which follows the wall."""
    return Lifetime("moment", which)


def ttl(seconds: int, why: str = "") -> Lifetime:
    """Expires by itself, at most this many seconds after it was last written."""
    return Lifetime("ttl", why, seconds)


@dataclass(frozen=True, slots=True)
class Key:
    """One kind of key. Call it with a tag and its parts: `keys.messages(tag, conversation)` → `{sb:07}:conversation:…`.

    The same table gives Lua its functions: `key.messages(conversation)` builds the same string from `TAG`.
    """

    name: str
    home: Home
    pattern: str
    type: Type
    lifetime: Lifetime
    purpose: str
    parts: tuple[str, ...] = field(init=False)
    _template: str = field(init=False, repr=False)
    _regex: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        literals = _PLACEHOLDER.split(self.pattern)[::2]
        object.__setattr__(self, "parts", tuple(_PLACEHOLDER.findall(self.pattern)))
        object.__setattr__(self, "_template", "%s" + "%s".join(literals))
        regex = f"({_PART})".join(re.escape(literal) for literal in literals)
        object.__setattr__(self, "_regex", re.compile(self.home.tags.pattern + regex))

    def __call__(self, tag: Tag, *parts: str | int) -> str:
        """Raises TypeError on a part too many or too few, ValueError on a tag of another home or a colon in a part."""
        if len(parts) != len(self.parts):
            raise TypeError(f"{self.name} takes a tag and {list(self.parts)}, got {len(parts)} parts")
        made = self._template % (tag, *parts)
        if self._regex.fullmatch(made) is not None:
            return made
        if self.home.tags.fullmatch(tag) is None:
            raise ValueError(f"{self.name} lives under a {self.home.name} tag, not under {tag}")
        raise ValueError(f"{self.name} cannot be made of {parts}: a part is empty or has a colon")

    def matches(self, key: str) -> bool:
        return self._regex.fullmatch(key) is not None

    def to_lua(self) -> str:
        literals = _PLACEHOLDER.split(self.pattern)[::2]
        pieces = [f'"{literals[0]}"']
        for part, literal in zip(self.parts, literals[1:], strict=True):
            pieces.append(part)
            pieces.extend([f'"{literal}"'] if literal else [])
        return f"{self.name} = function({', '.join(self.parts)}) return TAG .. {' .. '.join(pieces)} end"


TABLE: dict[str, Key] = {}

_LUA_WORDS = re.compile(
    "TAG|and|break|do|else|elseif|end|for|function|if|in|local|nil|not|or|repeat|return|then|until|while"
)


def _key(name: str, home: Home, pattern: str, holds: Type, lifetime: Lifetime, purpose: str) -> Key:
    key = Key(name, home, pattern, holds, lifetime, purpose)
    if name in TABLE:
        raise ValueError(f"the key {name} is declared twice")
    if reserved := [word for word in (name, *key.parts) if _LUA_WORDS.fullmatch(word)]:
        raise ValueError(f"the key {name} uses {reserved}, which mean something else in Lua")
    return TABLE.setdefault(name, key)


def find(key: str) -> Key | None:
    """The kind that a full key is of, or None when nobody declared such a key."""
    return next((kind for kind in TABLE.values() if kind.matches(key)), None)


def lua_prelude(names: Iterable[str] | None = None) -> str:
    """The Lua that makes keys: `TAG`, and a function `key.<name>` for each of `names` (all of the table by default).

    It is one line, so that a line number in an error of the server is one more than in the file.
    """
    kinds = TABLE.values() if names is None else [TABLE[name] for name in names]
    functions = ", ".join(kind.to_lua() for kind in kinds)
    return f"local TAG = KEYS[1]; local key = {{ {functions} }}"


# The table. The variable bears the name.

meta = _key("meta", META, "", "hash", forever("one"), "schema version, number of shards, engine, sealed canary")

seller = _key(
    "seller", SHARD, ":seller:{seller}", "hash", forever("as long as the seller"), "a seller and its settings"
)
conversation = _key(
    "conversation",
    SHARD,
    ":conversation:{conversation}",
    "hash",
    forever("its stub lasts as long as the shop, so that a returning buyer is not first"),
    "a conversation with a buyer",
)
messages = _key(
    "messages",
    SHARD,
    ":conversation:{conversation}:messages",
    "zset",
    moment("retention of the conversation's text"),
    "its messages by sent_at, then id, so that a late one finds its place",
)
agenda = _key("agenda", SHARD, ":agenda", "zset", forever("one a shard"), "every moment of the shard by time")
lanes = _key(
    "lanes",
    SHARD,
    ":lanes",
    "zset",
    forever("one a shard"),
    "every lane with something to send, by when its next delivery may be tried",
)
