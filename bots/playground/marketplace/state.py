"""What the marketplace knows: its shops, what buyers and sellers said, and which replies it was brought."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    spam: bool = False
    attachments: list[dict[str, Any]] = field(default_factory=list)
    author: str = ""  # who of the seller's wrote it, where Shopbell said so
    quick_response: dict[str, Any] | None = None


@dataclass(slots=True)
class Talk:
    """Whose conversation it is, and the order it is about by now."""

    buyer: str = ""
    order: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What a buyer attached."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Report:
    """A spam report that Shopbell brought, or with `withdrawn` its taking back; kept once, as a reply is."""

    id: str
    conversation: str
    message: str
    reason: str
    reporter: str
    withdrawn: bool
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of a reply as the marketplace got it: how many bytes, and their SHA-256; or the status it got instead."""

    name: str
    type: str
    url: str
    status: int
    size: int = 0
    digest: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


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
    quick_response: dict[str, Any] | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: list[Fetched] = field(default_factory=list)


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


@dataclass(frozen=True, slots=True)
class Availability:
    """What buyers are shown of a seller: away `since` until `until`, or available without both. RFC 3339 in UTC."""

    available: bool = True
    since: str | None = None
    until: str | None = None
    note: str | None = None
    accept_messages: bool = True
    at: str = ""

    @property
    def shown(self) -> str:
        """Word for word; empty for an available seller."""
        if self.available:
            return ""
        start = f"from {_day(self.since)} " if self.since and self.since > self.at else ""
        end = f"until {_day(self.until)}" if self.until else ""
        write = "You can still leave a message." if self.accept_messages else ""
        return " ".join(filter(None, [f"Away {start}{end}".rstrip() + ".", write, self.note]))


@dataclass(slots=True)
class ShopFront:
    """A shop as the marketplace has it. `echo`: whether it tells Shopbell of Shopbell's own replies, and when."""

    name: str
    events_url: str = ""
    secret_in: str = ""
    secrets_out: tuple[str, ...] = ()
    echo: Echo = "never"
    replies: dict[str, Reply] = field(default_factory=dict)
    availability: Availability = field(default_factory=Availability)
    absences: dict[str, Availability] = field(default_factory=dict)  # by the id under which Shopbell brought each
    unreachable: list[dict[str, Any]] = field(default_factory=list)  # Shopbell could show the seller nothing
    reports: dict[str, Report] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    conversations: dict[str, list[Said]] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    buyers: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    fetches: bool = True  # the files of a reply, as soon as it has that


def to_availability(data: Mapping[str, Any], at: str) -> Availability:
    """Of an `availability.changed`, Shopbell's or the site's own."""
    return Availability(
        data["available"], data.get("from"), data.get("until"), data.get("note"), data["accept_messages"], at
    )


def to_picture(sent: Mapping[str, Any]) -> Picture:
    """`{"name", "type", "data"}` with the bytes in base64; raises ValueError for anything else."""
    try:
        data = base64.b64decode(sent["data"], validate=True)
        return Picture(str(sent["name"]), str(sent.get("type", "application/octet-stream")), data)
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError("A file has a name, a type, and its bytes in base64 as data.") from error


def _day(at: str) -> str:
    when = datetime.fromisoformat(at)
    return f"{when:%a} {when.day} {when:%b}, {when:%H:%M} UTC"
