"""`shopbell rates`: a shop's response rates, what cost them and what is at risk; and its ledger as CSV."""

import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bots.cli.output import AsJson, Report, carry_out, counting, printable
from bots.cli.session import session
from core.domain.ledger import Entry, csv_lines
from core.domain.obligations import ObligationKind
from core.domain.policies import Scope
from core.errors import Misconfigured
from core.services import ledger
from core.services.deps import Deps
from core.services.rate_records import RateRecord, RatesRecord, StandingRecord, read_rates
from core.services.rates import MOST_DAYS_AHEAD, know, start_of_day
from core.services.shops import find_shop
from core.store.shops import KnownShop

STDOUT = "-"
MOST_LINES = 20  # of what cost a rate, and of what is at risk; --json and --csv tell all
KINDS = {Scope.INBOX: "Inquiries", Scope.ORDER: "Messages on orders", Scope.ALL: "All messages"}

_Kinds = tuple[ObligationKind, ...]


def add_to(app: typer.Typer) -> None:
    app.command("rates")(rates)


def rates(
    shop: Annotated[str, typer.Option(help="The shop's id.")],
    kind: Annotated[ObligationKind | None, typer.Option(help="Only messages of this kind.")] = None,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Also the rate on a coming day, if nothing new comes."),
    ] = None,
    csv: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write every message behind the rates, in place of them.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """The response rates to the second: what cost them, what is at risk, how many misses are left."""

    async def work() -> Report | None:
        if csv == STDOUT and as_json:
            raise Misconfigured(["--csv - and --json both want stdout: write the CSV into a file."])
        async with session() as shopbell:
            deps = shopbell.deps
            await find_shop(deps, shop)
            known = await know(deps, shop)
            kinds = tuple(ObligationKind) if kind is None else (kind,)
            if csv == STDOUT:
                await _write(deps, known, kinds, sys.stdout)
                return None
            if csv is not None:
                return await _save(deps, known, kinds, Path(csv))
            found = await read_rates(deps, known, kind, _start(known, day.date(), deps.clock.now()) if day else None)
        return Report(asdict(found), list(_words(found)))

    return carry_out(work, as_json=as_json)


def _start(known: KnownShop, day: date, now: int) -> int:
    at = start_of_day(known, day, now)
    if at is None:
        raise Misconfigured([f"--day is {day}; name a day to come, at most {MOST_DAYS_AHEAD} days ahead."])
    return at


# -- the ledger


async def _save(deps: Deps, known: KnownShop, kinds: _Kinds, path: Path) -> Report:
    """The file is there whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            count = await _write(deps, known, kinds, file)
        unfinished.replace(path)
    except OSError as error:
        raise Misconfigured([f"{path} cannot be written: {error.strerror}."]) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return Report({"file": str(path), "entries": count}, [f"{count:,} entries are in {path}."])


async def _write(deps: Deps, known: KnownShop, kinds: _Kinds, file: TextIO) -> int:
    count, heading = 0, True
    whole = await ledger.length(deps, known, kinds)
    with counting("Reading the ledger") as told:
        async for entries in _pages(deps, known, kinds):
            lines = list(csv_lines(entries))
            file.writelines(lines if heading else lines[1:])
            heading = False
            count += len(entries)
            told(count, whole)
    file.flush()
    return count


async def _pages(deps: Deps, known: KnownShop, kinds: _Kinds) -> AsyncIterator[list[Entry]]:
    async for page in ledger.every_entry(deps, known, kinds):
        yield page.entries


# -- in words


def _words(found: RatesRecord) -> Iterator[RenderableType]:
    yield f"{found.name} ({found.shop}), known since {_short(found.known_since)}"
    if not found.rates:
        yield "The marketplace's rules keep no such rate."
    for each in found.rates:
        yield ""
        yield _figures(each)
        for table in [_misses(each)] * bool(each.misses) + [_at_risk(each)] * bool(each.at_risk):
            yield ""
            yield table
        warnings = list(_warnings(each))
        yield from ["", *warnings] if warnings else []
    yield ""
    yield f"Next: shopbell rates --shop {found.shop} --csv ledger.csv"


def _figures(it: StandingRecord) -> Table:
    table = Table(title=KINDS[it.of], title_justify="left", box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    rows = [
        ("rate", _rate(it.rate)),
        ("threshold", None if it.threshold is None else f"{it.threshold:g} % ({it.policy})"),
        ("can still be missed", _number(it.affordable_misses)),
        ("answers to recover", _number(it.answers_to_recover)),
        ("answered after", _times(it)),
        ("the marketplace shows", _marketplace(it)),
    ]
    if it.on_day:
        rows += [
            (f"on {it.on_day.at[:10]}", _rate(it.on_day.as_it_is)),
            ("  if all is answered", _rate(it.on_day.if_answered)),
            ("  if nothing is", _rate(it.on_day.if_missed)),
        ]
    for name, value in rows:
        if value is not None:
            table.add_row(name, Text(value))
    return table


def _rate(rate: RateRecord) -> str:
    percent = "no data" if rate.percent is None else f"{rate.percent:g} %"
    count = rate.met + rate.missed
    of = f" of {count:,} {'message' if count == 1 else 'messages'}, {rate.missed:,} missed" if count else ""
    since = "" if rate.covered else f", since {_short(rate.since)}"
    notes = [rate.band, "the newest" if rate.fallback else None, None if rate.enough else "few"]
    return f"{percent}{of}{since}" + "".join(f" ({note})" for note in notes if note)


def _times(it: StandingRecord) -> str | None:
    response = it.response
    if response.average_seconds is None or response.median_seconds is None:
        return None
    said = f"{_span(response.average_seconds)} on average, median {_span(response.median_seconds)}"
    soft = response.within_soft_target
    return said if soft is None else f"{said}, {soft:g} % within the soft target"


def _marketplace(it: StandingRecord) -> str | None:
    if it.marketplace is None:
        return None
    said = f"{it.marketplace.percent:g} % on {it.marketplace.at[:10]}"
    points, misses = it.marketplace.points, it.marketplace.misses
    if it.marketplace.agrees or points is None or misses is None:
        return said
    return f"{said}: {points:+g} points, {misses:+d} missed beside ours"


def _misses(it: StandingRecord) -> Table:
    table = Table("what cost it", "received", "answered", "out of the rate", box=None, pad_edge=False)
    for miss in it.misses[:MOST_LINES]:
        row = (_short(miss.received), _short(miss.answered), miss.ages_out[:10])
        table.add_row(Text(printable(miss.buyer)), *row)
    _rest(table, it.rate.missed - MOST_LINES)
    return table


def _at_risk(it: StandingRecord) -> Table:
    table = Table("at risk", "due", "if missed", "with all before", box=None, pad_edge=False)
    for each in it.at_risk[:MOST_LINES]:
        shares = (each.percent_alone, each.percent_together)
        table.add_row(
            Text(printable(each.buyer)),
            _short(each.due),
            *("–" if share is None else f"{share:g} %" for share in shares),
        )
    _rest(table, len(it.at_risk) - MOST_LINES, more=it.more_at_risk)
    return table


def _rest(table: Table, count: int, *, more: bool = False) -> None:
    if count > 0:
        table.add_row(f"and {count:,}{' or more' if more else ''} more: --csv")


def _warnings(it: StandingRecord) -> Iterator[str]:
    for reading in it.stricter:
        yield f"! {reading.policy} is stricter on {reading.part}: {reading.source}"
    whole = [each.note for each in it.unverified if not each.part]
    parts = ", ".join(each.part for each in it.unverified if each.part)
    if whole:
        yield f"! Not the marketplace's own numbers: {whole[0]}"
    elif parts:
        yield f"! No marketplace has confirmed: {parts}"


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


def _short(time: str | None) -> str:
    """To the minute."""
    return f"{time[:10]} {time[11:16]}Z" if time else "–"


def _span(seconds: int) -> str:
    hours, minutes = divmod(max(1, seconds // 60), 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join(parts)
