"""Ids: two digits of the shard, a letter for the kind, then base32: an id tells where to look, not what is there."""

import base64
import hashlib
import secrets

KINDS = {
    "seller": "s",
    "shop": "p",
    "conversation": "c",
    "message": "m",
    "obligation": "o",
    "room": "r",
    "draft": "d",
    "notice": "n",
}
_LENGTH = 20  # base32 characters: 100 bits


def new_id(kind: str, shard: int) -> str:
    """A fresh id from 100 random bits."""
    return _spell(kind, shard, secrets.token_bytes(13))


def derived_id(kind: str, shard: int, *parts: str) -> str:
    """The same id for the same parts, so that a thing the outside names twice is one thing here."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=13)
    return _spell(kind, shard, digest.digest())


def shard_of(identifier: str) -> int:
    """The shard an id begins with; ValueError for what is no id of ours."""
    digits = identifier[:2]
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("not an id")
    return int(digits)


def is_id(text: str, kind: str) -> bool:
    """Whether a stranger's text has the shape of an id of this kind."""
    return (
        len(text) == _LENGTH + 3 and text.isascii() and text.isalnum() and text[:2].isdigit() and text[2] == KINDS[kind]
    )


def pick_shard(name: str, shards: int) -> int:
    """A shard for something that has only a name, evenly spread."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big") % shards


def _spell(kind: str, shard: int, raw: bytes) -> str:
    return f"{shard:02d}{KINDS[kind]}{base64.b32encode(raw).decode().lower()[:_LENGTH]}"
