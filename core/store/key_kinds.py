"""What a kind of key is made of: where it lives, how it ends, and how it is spelt in Python and in Lua.

Which kinds there are stands in `core.store.keys`.
"""

import re
from dataclasses import dataclass, field
from typing import Literal, NewType

Tag = NewType("Tag", str)
"""The hash tag that begins a key and chooses its slot, such as `{sb:07}`; the only key a script declares."""

Type = Literal["hash", "string", "list", "set", "zset", "stream"]
Kind = Literal["forever", "moment", "ttl"]

_PART = r"[^:]+"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a key lives: the family of hash tags it may begin with."""

    name: str
    tags: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How a key ends: never (and why that is bounded), by a moment of the agenda, or by a TTL in seconds."""

    kind: Kind
    why: str
    seconds: int = 0


def forever(why: str) -> Lifetime:
    return Lifetime("forever", why)


def moment(which: str) -> Lifetime:
    """Removed by a moment of the agenda or a daily walk: what must expire by `now` cannot be a TTL, which follows the
    wall."""
    return Lifetime("moment", which)


def ttl(seconds: int) -> Lifetime:
    """Expires by itself, at most this many seconds after it was last written."""
    return Lifetime("ttl", "", seconds)


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

    def parts_in(self, key: str) -> tuple[str, ...] | None:
        """What a key was made of beside its tag; None for a key of another kind."""
        found = self._regex.fullmatch(key)
        return found.groups() if found else None

    def to_lua(self) -> str:
        literals = _PLACEHOLDER.split(self.pattern)[::2]
        pieces = [f'"{literals[0]}"']
        for part, literal in zip(self.parts, literals[1:], strict=True):
            pieces.append(part)
            pieces.extend([f'"{literal}"'] if literal else [])
        return f"{self.name} = function({', '.join(self.parts)}) return TAG .. {' .. '.join(pieces)} end"
