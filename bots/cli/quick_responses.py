"""`shopbell quick`: a seller's quick responses listed, added and removed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.output import AsJson, Report, carry_out
from bots.cli.session import session
from core.domain.quick_responses import QuickResponse, by_use
from core.domain.texts import plain
from core.errors import Misconfigured
from core.ids import new_id, shard_of
from core.services.deps import Deps
from core.services.quick_response_rules import save
from core.services.sellers import find_seller
from core.store.quick_responses import drop_quick_response, quick_responses_of
from core.store.shops import shops_of

ASeller = Annotated[str, typer.Option("--seller", help="The seller's id.")]

commands = typer.Typer(name="quick", help="Quick responses: a seller's prepared replies.", no_args_is_help=True)


@commands.command("list")
def show_all(seller: ASeller, as_json: AsJson = False) -> int:
    """All of a seller's, the most used first."""

    async def work() -> Report:
        async with session() as shopbell:
            await find_seller(shopbell.deps, seller)
            found = by_use(await quick_responses_of(shopbell.deps.store, seller))
        words = [f"{each.title} ({_times(each.uses)}): {_line(each.source)}" for each in found]
        return Report(
            {"quick_responses": [_data(each) for each in found]}, words or ["There is no quick response yet."]
        )

    return carry_out(work, as_json=as_json)


@commands.command("add")
def add(
    seller: ASeller,
    title: Annotated[str, typer.Option("--title", help="What its button says.")],
    file: Annotated[Path | None, typer.Option("--file", help="Its text; from standard input without it.")] = None,
    shop: Annotated[str, typer.Option("--shop", help="Offer it in this shop only.")] = "",
    as_json: AsJson = False,
) -> int:
    """Keep a text with placeholders, such as {{ buyer.name }}."""

    async def work() -> Report:
        source = _read(file).strip()
        async with session() as shopbell:
            deps = shopbell.deps
            await find_seller(deps, seller)
            if shop and shop not in await shops_of(deps.store, seller):
                raise Misconfigured([f"--shop: {seller} has no shop {shop!r}: `shopbell seller list` shows the ids."])
            id = new_id("quick_response", shard_of(seller))
            made = QuickResponse(id, " ".join(title.split()), source, shop)
            if why := plain(await save(deps, seller, made, anew=True)):
                raise Misconfigured([why])
        return Report({"quick_response": made.id}, [f"Quick response {made.title}: {made.id}"])

    return carry_out(work, as_json=as_json)


@commands.command("remove")
def remove(
    seller: ASeller,
    title: Annotated[str, typer.Argument(help="Its title, or its id.")],
    as_json: AsJson = False,
) -> int:
    """Delete one."""

    async def work() -> Report:
        async with session() as shopbell:
            await find_seller(shopbell.deps, seller)
            found = await _named(shopbell.deps, seller, title)
            await drop_quick_response(shopbell.deps.store, seller, found.id)
        return Report({"quick_response": found.id}, [f"Deleted: {found.title}"])

    return carry_out(work, as_json=as_json)


async def _named(deps: Deps, seller: str, title: str) -> QuickResponse:
    """Raises Misconfigured where there is none, or several."""
    every = await quick_responses_of(deps.store, seller)
    found = [each for each in every if title == each.id or title.casefold() == each.title.casefold()]
    if len(found) != 1:
        several = f"There are {len(found)} quick responses called {title!r}: name one by its id."
        none = f"No quick response is called {title!r}: `shopbell quick list --seller {seller}` shows them."
        raise Misconfigured([several if found else none])
    return found[0]


def _read(file: Path | None) -> str:
    """Raises Misconfigured."""
    if file is None:
        if sys.stdin.isatty():
            typer.echo("Type the text; Ctrl-D on a line of its own ends it.", err=True)
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured([f"--file: {file} cannot be read as text: {error}"]) from error


def _times(uses: int) -> str:
    return "not sent yet" if not uses else "sent once" if uses == 1 else f"sent {uses} times"


def _line(source: str) -> str:
    line = " ".join(source.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _data(each: QuickResponse) -> dict[str, object]:
    return {
        "quick_response": each.id,
        "title": each.title,
        "text": each.source,
        "shop": each.shop or None,
        "greets_orders": each.greets,
        "uses": each.uses,
    }
