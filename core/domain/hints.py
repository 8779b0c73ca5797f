"""Hints: what in a message looks like spam. A hint is only said; nothing is ever done by it."""

import re
import unicodedata
from enum import StrEnum

ALIKE = 2  # of a seller's own shops with the same text
SHORTEST = 24  # code points: a shorter text is the same by chance, as "Is this still available?" without its name
LONGEST = 4_000  # code points that are looked at


class Hint(StrEnum):
    """The most telling first: a card says one."""

    PHISHING = "phishing"
    OFF_SITE = "off_site"
    ALIKE = "alike"


_MESSENGERS = r"(?:whats\s?app|telegram|signal|skype|discord|wechat|viber)"
_CONTACT = re.compile(
    rf"""
    \b(?:add|contact|message|text|write|reach|call|ping|find|talk|chat)\b[^.!?\n]{{0,40}}\b(?:on|via|at|in|through|over)\b
        [^.!?\n]{{0,20}}\b{_MESSENGERS}\b
    | \b(?:t|wa)\.me/ | \bapi\.whatsapp\.com\b | \bdiscord\.gg/
    | \bpay\b[^.!?\n]{{0,40}}\b(?:outside|off\s(?:the\s)?(?:site|platform)|directly\svia|by\spaypal|crypto)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ACCOUNT = re.compile(
    r"\b(?:verify|confirm|validate|unlock|restore|update)\b[^.!?\n]{0,30}"
    r"\b(?:account|identity|card|payment|payout|password|shop|store)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|\bwww\.|[a-z0-9]\.(?:com|net|org|info|top|xyz|click|link|shop|site)/", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def hint(text: str, shops: int = 0) -> Hint | None:
    """What looks like spam in it; `shops`: to how many of the seller's own shops the same was written."""
    looked_at = text[:LONGEST]
    if _ADDRESS.search(looked_at) and _ACCOUNT.search(looked_at):
        return Hint.PHISHING
    if _CONTACT.search(looked_at):
        return Hint.OFF_SITE
    return Hint.ALIKE if shops >= ALIKE else None


def likeness(text: str) -> str | None:
    """The same for texts that differ in signs, spaces and letters' cases only; None for one that says too little."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    said = " ".join(words)
    return said if len(said) >= SHORTEST else None
