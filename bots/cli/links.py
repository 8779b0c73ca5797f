"""`shopbell link`: a code that ties a chat to a seller, and how to use it."""

import io
import re
from typing import Annotated

import segno
import typer

from bots.cli.output import AsJson, Report, carry_out, people, rfc3339
from bots.cli.session import session
from bots.registry import PLATFORMS
from bots.wiring import Opened
from core.domain.members import Role
from core.errors import Misconfigured, OutsideError
from core.services.sellers import find_seller
from core.store.links import make_link

UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
SHORTEST, LONGEST = UNITS["m"], 30 * UNITS["d"]
_LIFETIME = re.compile(r"([0-9]{1,6})([mhd])")

# How people type it in a platform that is not set up here, or does not answer now.
IN_WORDS = {"slack": "/shopbell link {code}"}
ELSEWHERE = "/link {code}"


def add_to(app: typer.Typer) -> None:
    app.command("link")(link)


def link(
    seller: Annotated[str, typer.Option(help="The seller's id.")],
    role: Annotated[
        Role, typer.Option(help="What whoever redeems it may do. A seller's first is its owner.")
    ] = Role.AGENT,
    lifetime: Annotated[str, typer.Option("--for", help="How long it is good: 10m, 12h, up to 30d.")] = "10m",
    as_json: AsJson = False,
) -> int:
    """Print a code, good once, that links a chat to a seller."""

    async def work() -> Report:
        milliseconds = lifetime_of(lifetime)
        async with session(chats=True) as shopbell:
            owner = await find_seller(shopbell.deps, seller)
            code, until = await make_link(shopbell.deps.store, owner.id, role, milliseconds)
            ways = {name: await _way(shopbell, name, code) for name in PLATFORMS}
        expires_at = rfc3339(until)
        words = [f"{name.capitalize()}: {_in_words(way, code)}" for name, way in ways.items()]
        words.append(f"Good once, until {expires_at} ({lifetime}).")
        if people().is_terminal and not as_json:
            words.extend(_qr(way) for way in ways.values() if way.startswith("https://"))
        return Report({"code": code, **ways, "expires_at": expires_at}, words)

    return carry_out(work, as_json=as_json)


def lifetime_of(text: str) -> int:
    """`10m`, `12h`, `7d` in milliseconds. Raises Misconfigured."""
    found = _LIFETIME.fullmatch(text)
    milliseconds = int(found[1]) * UNITS[found[2]] if found else 0
    if not SHORTEST <= milliseconds <= LONGEST:
        raise Misconfigured([f"--for {text} is no time from 1m to 30d: write 10m, 12h or 7d."])
    return milliseconds


async def _way(shopbell: Opened, name: str, code: str) -> str:
    platform = shopbell.deps.platforms.get(name)
    words = IN_WORDS.get(name, ELSEWHERE).format(code=code)
    if platform is None:
        return words
    try:
        return await platform.invite(code)
    except OutsideError:
        return words


def _in_words(way: str, code: str) -> str:
    """A link opens a chat with the bot alone; a group needs the command."""
    return f"{way} (in a group: {ELSEWHERE.format(code=code)})" if way.startswith("https://") else way


def _qr(address: str) -> str:
    drawn = io.StringIO()
    segno.make(address, error="l").terminal(drawn, compact=True)
    return drawn.getvalue()
