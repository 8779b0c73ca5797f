"""`shopbell seller`: open one, list them, and say when its members are reminded."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar

import typer

from bots.cli.output import AsJson, Report, carry_out
from bots.cli.session import session
from core.domain.quiet_hours import QuietHours
from core.domain.sellers import Seller
from core.domain.shops import Shop
from core.domain.spans import spelled, to_clocks, to_spans
from core.domain.zones import SECOND, zone_named
from core.errors import Misconfigured
from core.rendering import languages
from core.services.sellers import add_seller, find_seller, list_sellers, readable
from core.services.terms import Changes, language_named, set_terms

OFF = "off"
T = TypeVar("T")
AnId = Annotated[str, typer.Argument(help="The seller's id.")]

commands = typer.Typer(name="seller", help="Sellers: the businesses that use Shopbell.", no_args_is_help=True)


@commands.command("add")
def add(name: Annotated[str, typer.Argument(help="As members will read it.")], as_json: AsJson = False) -> int:
    """Open a seller, and print its id."""

    async def work() -> Report:
        async with session() as shopbell:
            seller = await add_seller(shopbell.deps, name)
        words = [
            f"Seller {seller.name}: {seller.id}",
            f"Next: shopbell shop add --seller {seller.id} --name NAME",
        ]
        return Report({"seller": seller.id}, words)

    return carry_out(work, as_json=as_json)


@commands.command("list")
def show_all(as_json: AsJson = False) -> int:
    """All sellers and their shops, each with its id."""

    async def work() -> Report:
        async with session() as shopbell:
            found = await list_sellers(shopbell.deps)
        words = [line for seller, shops in found for line in (f"Seller {seller.name}: {seller.id}", *map(_line, shops))]
        listed = [{"seller": seller.id, "name": seller.name, "shops": [*map(_data, shops)]} for seller, shops in found]
        return Report({"sellers": listed}, words or ["There is no seller yet: shopbell seller add NAME"])

    return carry_out(work, as_json=as_json)


@commands.command("show")
def show(seller: AnId, as_json: AsJson = False) -> int:
    """When its members are reminded."""

    async def work() -> Report:
        async with session() as shopbell:
            return _told(await find_seller(shopbell.deps, seller))

    return carry_out(work, as_json=as_json)


def _line(shop: Shop) -> str:
    replies = f"replies go to {shop.callback_url}" if shop.callback_url else "replies are copied to the site"
    return f"  Shop {shop.name}: {shop.id}, counted by {shop.policy}, {replies}"


def _data(shop: Shop) -> dict[str, str | None]:
    return {"shop": shop.id, "name": shop.name, "policy": shop.policy, "callback_url": shop.callback_url}


@commands.command("set")
def change(  # noqa: PLR0913 - an option for each setting
    seller: AnId,
    *,
    ladder: Annotated[
        str | None, typer.Option(help="How long before a deadline it reminds: 4h,1h,15m; off for none.")
    ] = None,
    soft: Annotated[
        bool | None, typer.Option("--soft/--no-soft", help="Whether it also reminds at soft targets.")
    ] = None,
    quiet: Annotated[str | None, typer.Option(help="When everybody sleeps: 22:00-07:00; off for never.")] = None,
    zone: Annotated[str | None, typer.Option(help="Where the seller is, such as Europe/Paris.")] = None,
    language: Annotated[str | None, typer.Option(help="What Shopbell says in its rooms: en or de.")] = None,
    wake: Annotated[
        bool | None,
        typer.Option("--wake/--no-wake", help="Whether a last reminder rings at night if none could ring by day."),
    ] = None,
    digest: Annotated[
        bool | None, typer.Option("--digest/--no-digest", help="Whether it is told of each evening and each week.")
    ] = None,
    success_manager: Annotated[
        str | None, typer.Option(help="Its person at the marketplace, whom help names; empty for none.")
    ] = None,
    hold: Annotated[
        int | None,
        typer.Option(min=0, max=30, help="For how many seconds a reply can be taken back; 8 if it was never set."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Change when its members are reminded. What is not named stays, and what is owed is planned anew."""

    async def work() -> Report:
        async with session() as shopbell:
            was = await find_seller(shopbell.deps, seller)
            changes = _read(was, ladder=ladder, soft=soft, quiet=quiet, zone=zone, language=language)
            first_night = was.quiet is None and changes.get("quiet") is not None
            wakes = _asked_to_wake(as_json=as_json) if wake is None and first_night else wake
            if wakes is not None:
                changes["wakes"] = wakes
            if digest is not None:
                changes["digest"] = digest
            if success_manager is not None:
                changes["success_manager"] = readable(success_manager, "success manager") if success_manager else ""
            if hold is not None:
                changes["hold"] = hold * SECOND
            return _told(await set_terms(shopbell.deps, was.id, **changes))

    return carry_out(work, as_json=as_json)


def _asked_to_wake(*, as_json: bool) -> bool | None:
    """Once, with the first quiet hours, where a person can be asked; else it stays as it is: it may."""
    if as_json or not sys.stdin.isatty():
        return None
    question = "A buyer may write at night, with a deadline before morning. May the last reminder ring then?"
    return typer.confirm(question, default=True, err=True)


def _read(
    was: Seller,
    *,
    ladder: str | None,
    soft: bool | None,
    quiet: str | None,
    zone: str | None,
    language: str | None,
) -> Changes:
    """Raises Misconfigured with every fault, each with the name of its option."""
    faults: list[str] = []
    changes = Changes()

    def read(option: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except ValueError as error:
            faults.append(f"--{option}: {error}")
            return None

    if zone is not None and (found_zone := read("zone", lambda: zone_named(zone).key)):
        changes["zone"] = found_zone
    if language is not None and (known := read("language", lambda: language_named(language))):
        changes["language"] = known
    if ladder is not None and (found := read("ladder", lambda: replace(was.ladder, before=to_spans(ladder)))):
        changes["ladder"] = found
    if soft is not None:
        changes["ladder"] = replace(changes.get("ladder", was.ladder), soft=soft)
    if quiet == OFF:
        changes["quiet"] = None
    elif quiet is not None and (night := read("quiet", lambda: QuietHours(*to_clocks(quiet)))):
        changes["quiet"] = night
    if faults:
        raise Misconfigured(faults)
    return changes


def _told(seller: Seller) -> Report:
    steps = [spelled(step) for step in seller.ladder.before]
    quiet = f"{seller.quiet.start}-{seller.quiet.end}" if seller.quiet else OFF
    data = {
        "seller": seller.id,
        "name": seller.name,
        "zone": seller.zone,
        "language": seller.language,
        "ladder": steps,
        "soft": seller.ladder.soft,
        "quiet": quiet,
        "wake": seller.wakes,
        "digest": seller.digest,
        "success_manager": seller.success_manager,
        "hold": seller.hold // SECOND,
    }
    return Report(data, [f"Seller {seller.name}: {seller.id}", *_in_words(seller, steps, quiet)])


def _in_words(seller: Seller, steps: list[str], quiet: str) -> list[str]:
    before = f"{', '.join(steps)} before a deadline" if steps else "not before a deadline"
    soft = "and at soft targets" if seller.ladder.soft else "not at soft targets"
    words = [f"Reminds {before}, {soft}; a missed deadline is always told."]
    if quiet == OFF:
        words.append("Has no quiet hours.")
    else:
        wakes = "a last reminder may wake" if seller.wakes else "nothing wakes"
        words.append(f"Sleeps {quiet}, {seller.zone}; {wakes} its members.")
    seconds = seller.hold // SECOND
    words.append(f"A reply can be taken back for {seconds} s." if seconds else "A reply leaves at once.")
    words.append(f"Is {'told' if seller.digest else 'not told'} of each evening and each week ({seller.zone}).")
    words.append(f"Reads {languages()[seller.language]}.")
    if seller.success_manager:
        words.append(f"Its success manager is {seller.success_manager}.")
    return words
