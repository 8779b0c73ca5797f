"""Who acts and where: asked of Slack, remembered for five minutes."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bots.slack.client import Client, Method
from bots.slack.errors import NotThere
from core.domain.members import Identity
from core.domain.rooms import Address, Place, RoomKind
from core.ports.chat import Memory

PLATFORM = "slack"
MINUTES_5 = 300  # a guest's promotion or a channel's turn to private shows after that at the latest
KEPT = ("user", "channel", "members")
MOST_CHANNELS = 200
MOST_MEMBERS = 1000  # of a private channel that are looked at; whoever comes after them sees it in the channel only


@dataclass(frozen=True, slots=True)
class Home:
    """The workspace that the token belongs to, who we are there, and where it is read in a browser."""

    team: str
    user: str
    url: str = ""


class People:
    def __init__(self, client: Client, memory: Memory) -> None:
        self._client = client
        self._memory = memory
        self._home: Home | None = None

    async def home(self) -> Home:
        """Asked once: a token belongs to one workspace for good."""
        if self._home is None:
            known = await self._client.call(self._client.web.auth_test)
            self._home = Home(known["team_id"], known["user_id"], str(known.get("url") or ""))
        return self._home

    async def may(self, scope: str) -> bool:
        """Whether the app was granted a scope that it can do without; asked anew after five minutes."""
        kept = await self._memory.get(_key("scopes"))
        if kept is None:
            answer = await self._client.answer(self._client.web.auth_test)
            kept = str(answer.headers.get("x-oauth-scopes", ""))
            await self._memory.put(_key("scopes"), kept, seconds=MINUTES_5)
        return scope in scopes_in(kept)

    async def identity(self, user: str, team: str = "") -> Identity:
        """`team` is the one the payload names for the person: a stranger in a shared channel has another."""
        home = await self.home()
        try:
            known = await self._remembered(f"user/{user}", MINUTES_5, self._client.web.users_info, user=user)
        except NotThere:
            return Identity(PLATFORM, home.team, user, outsider=True)
        person = known["user"]
        outsider = _is_outsider(person, home.team) or (team not in ("", home.team) and not _shares(person, home.team))
        return Identity(PLATFORM, home.team, user, _name(person), outsider)

    async def place(self, channel: str, named: str = "") -> tuple[Place, bool]:
        """The chat, and whether we are in it. `named` is what the payload calls it: all there is if we may not look."""
        home = await self.home()
        address = Address(PLATFORM, home.team, channel)
        try:
            known = await self._remembered(
                f"channel/{channel}", MINUTES_5, self._client.web.conversations_info, channel=channel
            )
        except NotThere:
            return Place(address, RoomKind.PRIVATE, named), False
        room = known["channel"]
        kind = _kind(room)
        return Place(address, kind, str(room.get("name") or named)), bool(
            kind is RoomKind.DIRECT or room.get("is_member", True)
        )

    async def both(
        self, user: str, team: str, channel: str, named: str = "", *, apart: bool = False
    ) -> tuple[Identity, Place]:
        """`apart`: they act on the channel from elsewhere, or in none."""
        home = await self.home()
        if not channel:
            return await self.identity(user, team), Place.of_workspace(PLATFORM, home.team)
        by, (place, _) = await asyncio.gather(self.identity(user, team), self.place(channel, named))
        return by, replace(place, apart=apart)

    async def is_in(self, user: str, channel: str) -> bool:
        """Whether a person of the workspace can look into a channel."""
        place, here = await self.place(channel)
        if place.kind is RoomKind.PUBLIC or not here:
            return here
        found = await self._remembered(
            f"members/{channel}", MINUTES_5, self._client.web.conversations_members, channel=channel, limit=MOST_MEMBERS
        )
        return user in found["members"]

    async def channels_of(self, user: str) -> list[str]:
        """The channels that a person is in, private ones as far as we are there too."""
        asked: dict[str, Any] = {"user": user, "types": "public_channel,private_channel", "exclude_archived": True}
        found = await self._client.call(self._client.web.users_conversations, limit=MOST_CHANNELS, **asked)
        return [str(channel["id"]) for channel in found.get("channels") or ()]

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        found = await asyncio.gather(*(self.identity(user) for user in users))
        return {person.user: person.name for person in found if person.name}

    async def moved(self, channel: str) -> None:
        """Something changed about a channel: what we know of it is old."""
        await self._memory.take(_key(f"channel/{channel}"))

    async def _remembered(self, what: str, seconds: int, method: Method, **arguments: Any) -> dict[str, Any]:
        if kept := await self._memory.get(_key(what)):
            return dict(json.loads(kept))
        answer = await self._client.call(method, **arguments)
        short: dict[str, Any] = {name: answer[name] for name in KEPT if name in answer}
        await self._memory.put(_key(what), json.dumps(short), seconds=seconds)
        return short


def scopes_in(header: str) -> frozenset[str]:
    """Of Slack's `x-oauth-scopes`."""
    return frozenset(scope.strip() for scope in header.split(",") if scope.strip())


def _key(what: str) -> str:
    return f"{PLATFORM}/{what}"


def _is_outsider(person: Mapping[str, Any], home: str) -> bool:
    flags = ("is_restricted", "is_ultra_restricted", "is_bot", "is_stranger", "deleted")
    return any(person.get(flag) for flag in flags) or not _shares(person, home)


def _shares(person: Mapping[str, Any], home: str) -> bool:
    """Whether the person belongs to our workspace; in an organisation people belong to several."""
    teams = (person.get("enterprise_user") or {}).get("teams") or ()
    return person.get("team_id", home) == home or home in teams


def _name(person: Mapping[str, Any]) -> str:
    profile = person.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or person.get("name") or "")


def _kind(room: Mapping[str, Any]) -> RoomKind:
    if room.get("is_im"):
        return RoomKind.DIRECT
    return RoomKind.PRIVATE if room.get("is_private") or room.get("is_mpim") else RoomKind.PUBLIC
