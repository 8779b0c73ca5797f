"""The command line: `shopbell`, one module a command."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from bots.cli import deliveries, doctor, links, play, policies, quick_responses, rates, run, sellers, shops
from bots.cli.output import fail

INTERRUPTED = 130  # as shells count it: 128 and the number of SIGINT


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"shopbell {version('shopbell')}")
        raise typer.Exit


_app = typer.Typer(
    name="shopbell",
    help="The bell on a seller's door: buyers' messages in Slack and Telegram, with the marketplace's clock.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@_app.callback()
def _shopbell(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Say which version this is.")
    ] = False,
) -> None:
    """What stands before a command."""


for _module in (run, play, links, rates, doctor):
    _module.add_to(_app)
for _module in (sellers, shops, quick_responses, policies, deliveries):
    _app.add_typer(_module.commands)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ends the process: 0 when it is done, 2 when something must be set or typed differently, 1 for all else."""
    sys.exit(carry_out(sys.argv[1:] if arguments is None else arguments))


def carry_out(arguments: Sequence[str]) -> int:
    command = get_command(_app)
    assert isinstance(command, TyperGroup)  # noqa: S101 - what a Typer with several commands is
    try:
        status = command.main(list(arguments), prog_name="shopbell", standalone_mode=False)
    except TyperException as error:
        said = error.format_message().replace("Value error, ", "")  # what pydantic puts before Typer's own words
        return fail([said], status=error.exit_code, as_json="--json" in arguments)
    except Abort:
        return INTERRUPTED
    return status if isinstance(status, int) else 0
