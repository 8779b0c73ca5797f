"""Standard Webhooks signatures: `v1`, HMAC-SHA256 over `id.timestamp.body`, https://www.standardwebhooks.com."""

import base64
import binascii
import functools
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
TOLERANCE_S = 300  # both ways, as the specification advises

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64  # bytes of a secret, by the specification
_MOST_SIGNATURES = 10
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")  # no ".": it parts what is signed
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURES = re.compile(r"[a-z0-9]{1,8},[A-Za-z0-9+/]{1,128}={0,2}(?: [a-z0-9]{1,8},[A-Za-z0-9+/]{1,128}={0,2}){0,9}")


class BadSignature(Exception):
    """Nothing may be believed of this request; the reason is for our logs, never for the caller."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the headers say, well-formed but not yet believed. `at` is in seconds since 1970."""

    id: str
    at: int
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """Who holds the secret sent this, `at` seconds since 1970; `id` is the same on every try."""

    id: str
    at: int


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """One signature of the header; `timestamp` in seconds. ValueError for what is no secret."""
    signed = b"%b.%d.%b" % (id.encode(), timestamp, body)
    keyed = _keyed(secret).copy()
    keyed.update(signed)
    return "v1," + base64.b64encode(keyed.digest()).decode()


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now_s: int) -> Verified:
    """Raises BadSignature and nothing else, whatever the headers and the body are. Header names are in lower case."""
    return confirm(read_claim(headers), body, secrets, now_s)


def read_claim(headers: Mapping[str, str]) -> Claim:
    """The headers by their grammar alone, before a body is read or a key touched. Raises BadSignature."""
    id, timestamp = headers.get(ID_HEADER, ""), headers.get(TIMESTAMP_HEADER, "")
    signatures = headers.get(SIGNATURE_HEADER, "")
    if not _ID.fullmatch(id):
        raise BadSignature(f"{ID_HEADER} is missing or malformed")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature(f"{TIMESTAMP_HEADER} is missing or malformed")
    if not _SIGNATURES.fullmatch(signatures):
        raise BadSignature(f"{SIGNATURE_HEADER} is missing, malformed, or has more than {_MOST_SIGNATURES} signatures")
    return Claim(id, int(timestamp), tuple(signatures.split(" ")))


def confirm(claim: Claim, body: bytes, secrets: Sequence[str], now_s: int) -> Verified:
    """Raises BadSignature unless one of the secrets made one of the signatures, near `now_s`."""
    if abs(now_s - claim.at) > TOLERANCE_S:
        raise BadSignature(f"the timestamp is {now_s - claim.at} s away from our clock")
    found = False
    for secret in secrets:
        # Compared as text: in base64 the last character has bits that decoding would throw away.
        expected = sign(secret, claim.id, claim.at, body)
        for signature in claim.signatures:
            found |= hmac.compare_digest(expected, signature)
    if not found:
        raise BadSignature("no signature matches")
    return Verified(claim.id, claim.at)


# To key it anew costs more than to sign an event with it.
@functools.lru_cache(maxsize=4096)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret_bytes(secret), digestmod="sha256")


def secret_bytes(secret: str) -> bytes:
    """The key in a `whsec_…`; ValueError unless it is canonical base64 of 24 to 64 bytes."""
    fault = f"A secret is {_PREFIX} and then the base64 of {_SHORTEST} to {_LONGEST} bytes."
    if not secret.startswith(_PREFIX):
        raise ValueError(fault)
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(fault) from None
    if not _SHORTEST <= len(key) <= _LONGEST or base64.b64encode(key).decode() != encoded:
        raise ValueError(fault)
    return key
