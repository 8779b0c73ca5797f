"""`shopbell delivery`: what was given up on its way to a chat or a marketplace, and a second chance for it."""

from typing import Annotated, Any

import typer

from bots.cli.output import DONE, FAILED, AsJson, Report, carry_out, printable, rfc3339
from bots.cli.session import session
from core.errors import Misconfigured
from core.rendering import in_english
from core.services.parked import Shelved, list_parked, replay

OUTCOMES = {
    "done": "is on its way again.",
    "missing": "is not parked: it was replayed already, or 30 days have passed.",
    "needless": "is needless: another reply took its place since.",
    "gone": "cannot be replayed: its room or shop is no more.",
}

Seller = Annotated[str | None, typer.Option(help="Only of this seller, by its id.")]

commands = typer.Typer(name="delivery", help="Deliveries that were refused or given up.", no_args_is_help=True)


@commands.command("list")
def list_all(seller: Seller = None, as_json: AsJson = False) -> int:
    """What is parked, where it was to go, and why it did not."""

    async def work() -> Report:
        async with session() as shopbell:
            found = await list_parked(shopbell.deps, seller)
        data = {"parked": [_as_data(each) for each in found]}
        if not found:
            return Report(data, ["Nothing is parked: everything arrived, or is still on its way."])
        words = [line for each in found for line in _in_words(each)]
        return Report(data, [*words, "Next: mend what it says, then shopbell delivery replay DELIVERY"])

    return carry_out(work, as_json=as_json)


@commands.command("replay")
def replay_some(
    deliveries: Annotated[list[str] | None, typer.Argument(help="Their ids, as `delivery list` names them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that is parked.")] = False,
    seller: Seller = None,
    as_json: AsJson = False,
) -> int:
    """Send again what was given up; status 1 when one of them could not be."""

    async def work() -> Report:
        if every == bool(deliveries) or (seller and not every):
            raise Misconfigured(["Name the deliveries to replay, or say --all, for one seller with --seller."])
        async with session() as shopbell:
            asked = deliveries or [each.parked.id for each in await list_parked(shopbell.deps, seller)]
            outcomes = {delivery: await replay(shopbell.deps, delivery) for delivery in dict.fromkeys(asked)}
        ok = all(outcome == "done" for outcome in outcomes.values())
        words = [f"{delivery} {OUTCOMES[outcome]}" for delivery, outcome in outcomes.items()]
        return Report({"outcomes": outcomes}, words or ["Nothing is parked."], status=DONE if ok else FAILED)

    return carry_out(work, as_json=as_json)


def _as_data(each: Shelved) -> dict[str, Any]:
    parked = each.parked
    return {
        "delivery": parked.id,
        "kind": parked.kind,
        "seller": parked.seller,
        "to": each.where,
        "conversation": parked.conversation or None,
        "problem": in_english(parked.problem),
        "parked_at": rfc3339(parked.at),
    }


def _in_words(each: Shelved) -> list[str]:
    parked = each.parked
    return [
        parked.id,
        f"  {parked.kind} to {printable(each.where)}, {rfc3339(parked.at)}: {printable(in_english(parked.problem))}",
    ]
