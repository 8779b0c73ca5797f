"""Standard Webhooks as a marketplace does it, on its own: a second reading of the specification."""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Mapping

TOLERANCE = 300  # seconds
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_TIMESTAMP = re.compile(r"[0-9]{10}")


def sign(secret: str, delivery: str, body: bytes, at: float | None = None) -> dict[str, str]:
    """The three headers; `at` in seconds, now by default."""
    timestamp = str(int(time.time() if at is None else at))
    return {
        "content-type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": timestamp,
        "webhook-signature": _signature(secret, delivery, timestamp, body),
    }


def faults(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> tuple[str, ...]:
    """What is wrong with a request's signature; empty when it is right."""
    delivery, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    found = []
    if not _ID.fullmatch(delivery):
        found.append("webhook-id is missing or has other characters than A-Z a-z 0-9 _ -")
    if not _TIMESTAMP.fullmatch(timestamp):
        found.append("webhook-timestamp is no whole number of seconds")
    elif abs(time.time() - int(timestamp)) > TOLERANCE:
        found.append("webhook-timestamp is more than five minutes off")
    given = headers.get("webhook-signature", "").split(" ")
    expected = [_signature(secret, delivery, timestamp, body) for secret in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected):
        found.append("webhook-signature is not ours")
    return tuple(found)


def _signature(secret: str, delivery: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{delivery}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
