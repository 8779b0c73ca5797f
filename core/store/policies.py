"""Policies, kept by their digest: what an obligation was opened under stays readable when rules change."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from core.domain.policies import Policy
from core.policies import load_data
from core.policies.writing import as_data
from core.store.store import pack, unpack

DIGEST_SIZE = 6  # bytes: the rule sets of a shop are few


@lru_cache(maxsize=256)
def packed(policy: Policy) -> tuple[str, str]:
    """(digest, text) of a policy as it is kept."""
    text = pack({"name": policy.name, "policy": as_data(policy)})
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_SIZE).hexdigest(), text


@lru_cache(maxsize=1024)
def unpacked(text: str) -> Policy:
    found = unpack(text)
    return load_data(found["policy"], found["name"])


def governed_text(governed: Iterable[tuple[int, str]]) -> str:
    """`<from when on>/<digest>`, parted by spaces; the first from any time on."""
    return " ".join(f"{since}/{digest}" for since, digest in governed)


def to_governed(text: str) -> tuple[tuple[int, str], ...]:
    pairs = (each.split("/") for each in text.split())
    return tuple((int(since), digest) for since, digest in pairs)
