"""`shopbell seller`: open one."""

from typing import Annotated

import typer

from bots.cli.output import AsJson, Report, carry_out
from bots.cli.session import session
from core.services.sellers import add_seller

commands = typer.Typer(name="seller", help="Sellers: the businesses that use Shopbell.", no_args_is_help=True)


@commands.callback()
def _sellers() -> None:
    """Sellers: the businesses that use Shopbell."""


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
