"""What the marketplace knows: its shops, what buyers and sellers said, and which replies it was brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Echo = Literal["never", "before", "after"]


@dataclass(slots=True)
class Said:
    """One message as the site shows it. `at` is RFC 3339 in UTC."""

    id: str
    by: Literal["buyer", "seller"]
    text: str
    at: str
    edited: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Reply:
    """A reply that Shopbell brought: kept once, whatever the number of tries. `at` is when it was first accepted."""

    id: str
    conversation: str
    text: str
    author: str
    in_reply_to: str | None
    at: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Answered:
    """What Shopbell's door answered."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def results(self) -> list[str]:
        """`accepted`, `duplicate`, … for each event, in order."""
        return [result["result"] for result in self.body["results"]]


@dataclass(slots=True)
class ShopFront:
    """A shop as the marketplace has it. `echo`: whether it tells Shopbell of Shopbell's own replies, and when."""

    name: str
    events_url: str = ""
    secret_in: str = ""
    secrets_out: tuple[str, ...] = ()
    echo: Echo = "never"
    replies: dict[str, Reply] = field(default_factory=dict)
    unreachable: list[dict[str, Any]] = field(default_factory=list)  # Shopbell could show the seller nothing
    events: list[dict[str, Any]] = field(default_factory=list)
    conversations: dict[str, list[Said]] = field(default_factory=dict)
    buyers: dict[str, dict[str, Any]] = field(default_factory=dict)
