"""Files that members attach to a reply: their bytes stay in the chat, and what is kept is where they can be had."""

import re
import unicodedata
from dataclasses import dataclass
from mimetypes import guess_extension

NAME_LIMIT = 100  # code points
ENDING_LIMIT = 10
ANY_TYPE = "application/octet-stream"
KILO, MEGA = 1_000, 1_000_000
MOST_BYTES = 100 * MEGA  # of one file, whatever a marketplace would take: it passes through our hands

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_PATTERN = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/(\*|[a-z0-9][a-z0-9!#$&^_.+-]*)")
_NO_NAME = re.compile(r'[/\\:*?"<>|%]')  # parts of a path, of an address, or refused by some system
# What nobody sees: controls, marks that turn the direction of writing, halves of characters, ends of lines.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class File:
    """`ref` is the platform's own word for it; `workspace` as in `Address`. `size` in bytes, where it is known."""

    platform: str
    workspace: str
    ref: str
    name: str
    type: str = ANY_TYPE
    size: int | None = None


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a marketplace takes with one reply: so many files, each of so many bytes. `types` such as `image/*`; any
    where there are none."""

    count: int = 0
    bytes: int = 20 * MEGA
    types: tuple[str, ...] = ()

    def take_type(self, type: str) -> bool:
        return not self.types or any(
            type.startswith(pattern[:-1]) if pattern.endswith("/*") else type == pattern for pattern in self.types
        )


NO_FILES = FileLimits()


def is_type_pattern(text: str) -> bool:
    """`image/png` or `image/*`."""
    return _PATTERN.fullmatch(text) is not None


def media_type(said: str) -> str:
    """A type as it can stand in a header; whatever is none is just bytes."""
    bare = said.partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) else ANY_TYPE


def file_name(said: str, type: str = "") -> str:
    """A name that is one everywhere: no path, nothing unseen, at most a hundred characters, its ending kept."""
    seen = "".join(" " if sign.isspace() else sign for sign in said if sign.isspace() or _is_seen(sign))
    whole = " ".join(_NO_NAME.sub("_", unicodedata.normalize("NFC", seen)).split()).strip(". ")
    if not whole.strip("_"):
        return f"file{guess_extension(type) or ''}"
    if len(whole) <= NAME_LIMIT:
        return whole
    stem, dot, ending = whole.rpartition(".")
    if not stem or len(ending) > ENDING_LIMIT:
        return whole[:NAME_LIMIT].rstrip(". ")
    return f"{stem[: NAME_LIMIT - len(ending) - 1].rstrip('. ')}{dot}{ending}"


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _UNSEEN


def in_bytes(size: int) -> str:
    """'240 kB'."""
    if size < KILO:
        return f"{size} B"
    if size < MEGA:
        return f"{size / KILO:.0f} kB"
    return f"{size / MEGA:.1f} MB".replace(".0 ", " ")


def in_a_line(files: tuple[File, ...]) -> str:
    """'photo.jpg (240 kB), list.pdf (1.2 MB)'."""
    return ", ".join(f"{file.name} ({in_bytes(file.size)})" if file.size is not None else file.name for file in files)
