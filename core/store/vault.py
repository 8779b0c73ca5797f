"""The vault: secrets at rest are sealed with a key of their owner's own, derived from `SHOPBELL_SECRET`."""

import base64
import contextlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.config import TOO_SHORT, secrets_in
from core.errors import Misconfigured


class Vault:
    """Seals with the first secret and opens with any, so that one can be rotated out.

    A sealed text opens only for the owner it was sealed for: copied to another's record it is worthless.
    """

    def __init__(self, masters: Sequence[str]) -> None:
        self._masters = tuple(master.encode() for master in masters)

    def seal(self, owner: str, text: str) -> str:
        return self._rings(owner).encrypt(text.encode()).decode()

    def open(self, owner: str, sealed: str) -> str:
        """Misconfigured when no secret of ours opens it."""
        try:
            return self._rings(owner).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Misconfigured(
                ["SHOPBELL_SECRET does not open what was sealed before. Set it to new,old with the old secret."]
            ) from None

    def opens(self, owner: str, sealed: str) -> bool:
        try:
            self._rings(owner).decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def sign(self, owner: str, text: str) -> str:
        """What proves that we said this text of this owner; the same for the same text."""
        return _mark(self._masters[0], owner, text)

    def is_signed(self, owner: str, text: str, mark: str) -> bool:
        return any(hmac.compare_digest(_mark(master, owner, text), mark) for master in self._masters)

    def _rings(self, owner: str) -> MultiFernet:
        return MultiFernet([Fernet(_derive(master, owner)) for master in self._masters])


def masters_of(setting: str) -> tuple[str, ...]:
    """`new,old` as two secrets; Misconfigured on one that is too short."""
    masters = secrets_in(setting)
    if not masters:
        raise Misconfigured([f"SHOPBELL_SECRET {TOO_SHORT}."])
    return masters


def keep_master(path: Path) -> str:
    """The secret of an embedded installation: made once, whole or not at all, readable by its owner only."""
    if not path.exists():
        _make_master(path)
    return path.read_text(encoding="ascii").strip()


def _make_master(path: Path) -> None:
    """A command may start beside another: the first one's secret holds, and nobody reads half of it."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    made.touch(mode=0o600, exist_ok=False)
    try:
        with made.open("w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(48)}\n")
            file.flush()
            os.fsync(file.fileno())  # what it seals is on disk at once, and would not open without it
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)
    finally:
        made.unlink()


def _mark(master: bytes, owner: str, text: str) -> str:
    digest = hmac.digest(_derive(master, f"sign/{owner}"), text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _derive(master: bytes, owner: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"shopbell/" + owner.encode()).derive(master)
    return base64.urlsafe_b64encode(key)
