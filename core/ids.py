"""Ids: two digits of the shard, a letter for the kind, then base32: an id tells where to look, not what is there."""

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
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 20  # base32 characters: 100 bits
_SPARE = 4  # bits of the 13 bytes beyond those
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


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
    """Base32, two characters at a time: `base64.b32encode` takes longer than the digest, and an event has three ids."""
    bits = int.from_bytes(raw, "big") >> _SPARE
    spelled = "".join([_PAIRS[bits >> shift & 1023] for shift in range(_LENGTH * 5 - 10, -1, -10)])
    return f"{shard:02d}{KINDS[kind]}{spelled}"
