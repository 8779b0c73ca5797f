"""Ids: two digits of the shard, a letter for the kind, twenty more: an id tells where to look, not what is there."""

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
    "absence": "a",
    "notice": "n",
    "selection": "l",
    "quick_response": "q",
}
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 20  # characters of five bits: 100 bits
_SPELLING = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))


def new_id(kind: str, shard: int) -> str:
    """A fresh id from 100 random bits."""
    return _spell(kind, shard, secrets.token_bytes(_LENGTH))


def derived_id(kind: str, shard: int, *parts: str) -> str:
    """The same id for the same parts, so that a thing the outside names twice is one thing here."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=_LENGTH)
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
    """Five bits of each byte make a character: base32 proper takes longer than a digest, and an event has three ids."""
    return f"{shard:02d}{KINDS[kind]}{raw.translate(_SPELLING).decode()}"
