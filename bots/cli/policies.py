"""`shopbell policy`: the marketplaces' rules, each number with where it was read; and a look over one of your own."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bots.cli.output import AsJson, Report, carry_out, counting, people
from bots.cli.session import session
from core.domain.deadlines import WEEKDAYS, BusinessHours, Hours, NoLimit, SameDay
from core.domain.ledger import Counts
from core.domain.obligations import ObligationKind
from core.domain.policies import Policy, Rule, Scope, Source
from core.domain.policy_variants import stricter, variants
from core.domain.rates import shown
from core.domain.shops import Shop
from core.errors import Misconfigured
from core.policies import load, load_file, preset_text
from core.policies.writing import as_data, clock
from core.services.policies import Outlook, apply, preview
from core.services.shops import know_shop

UNVERIFIED = "unverified"
_SOURCED = ("source", "checked", "verified", "note")
_NAME = 16  # characters of the column of names
_WHAT = {Scope.INBOX: "Inquiries", Scope.ORDER: "Messages on orders", Scope.ALL: "All messages, one rate"}

commands = typer.Typer(name="policy", help="Policies: the marketplaces' rules.", no_args_is_help=True)


@commands.command("list")
def list_all(as_json: AsJson = False) -> int:
    """The rules that come with Shopbell."""

    async def work() -> Report:
        policies = list(load().values())
        told = [_summary(policy) for policy in policies]
        return Report({"policies": told}, [_overview(told), "Next: shopbell policy show NAME"])

    return carry_out(work, as_json=as_json)


@commands.command("show")
def show_one(
    name: Annotated[str, typer.Argument(help="As `policy list` names it.")],
    as_toml: Annotated[bool, typer.Option("--toml", help="Its file, to copy and change.")] = False,
    as_json: AsJson = False,
) -> int:
    """All that a policy says, and where each number was read."""

    async def work() -> Report | None:
        policy = policy_called(name)
        if as_toml and not as_json:
            sys.stdout.write(preset_text(policy.name))
            return None
        return _shown(policy)

    return carry_out(work, as_json=as_json)


@commands.command("check")
def check(file: Annotated[Path, typer.Argument(help="A policy of your own, *.toml.")], as_json: AsJson = False) -> int:
    """Look a file over; status 2 and every fault with its line, where a shop could not carry it."""

    async def work() -> Report:
        return _shown(load_file(file), checked=True)

    return carry_out(work, as_json=as_json)


@commands.command("apply")
def apply_to(
    shop: Annotated[str, typer.Argument(help="The shop's id.")],
    policy: Annotated[str, typer.Argument(help="A name of `policy list`, or a file of yours, *.toml.")],
    *,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="Judge by it also what was written before; shows first what changes.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    as_json: AsJson = False,
) -> int:
    """Count a shop by other rules from now on. With --recompute and --json it only shows, unless you add --yes."""

    async def work() -> Report:
        rules = policy_called(policy)
        async with session() as shopbell:
            known = await know_shop(shopbell.deps, shop)
            rates = {}
            if recompute:
                with counting("Looking at conversations") as told:
                    rates = dict(await preview(shopbell.deps, known, rules, told))
            sure = not recompute or yes or (not as_json and _confirmed(rates))
            word = await apply(shopbell.deps, known, rules, recount=recompute) if sure else "shown"
        return _applied(known.shop, rules, rates, word)

    return carry_out(work, as_json=as_json)


def policy_called(word: str) -> Policy:
    """A preset by its name, or a policy of one's own by its file. Raises Misconfigured."""
    if word.endswith(".toml"):
        return load_file(Path(word))
    presets = load()
    if word not in presets:
        known = ", ".join(presets)
        raise Misconfigured([f"There is no policy {word!r}; there are {known}. A file of yours ends with .toml."])
    return presets[word]


def _confirmed(rates: Mapping[ObligationKind, Outlook]) -> bool:
    people().print(_outlooks(rates))
    return sys.stdin.isatty() and typer.confirm("Judge everything by it, also what was written before?")


def _applied(shop: Shop, policy: Policy, rates: Mapping[ObligationKind, Outlook], word: str) -> Report:
    told = {kind.value: {"before": asdict(each.before), "after": asdict(each.after)} for kind, each in rates.items()}
    data = {"shop": shop.id, "policy": policy.name, "applied": word == "done", "rates": told}
    match word:
        case "done":
            since = "all there ever was; the worker does it now" if rates else "what buyers write from now on"
            words: list[RenderableType] = [f"{shop.name} is counted by {policy.title}: {since}."]
        case "repeated":
            words = [f"{shop.name} is counted by {policy.title} already."]
        case _:
            words = ["Nothing was changed. Do it with --yes."]
    return Report(data, words)


def _outlooks(rates: Mapping[ObligationKind, Outlook]) -> Table:
    table = Table("rate", "now", "by the new rules", box=None, pad_edge=False)
    for kind, each in rates.items():
        table.add_row(kind.value, _rate(each.before), _rate(each.after))
    return table


def _rate(counts: Counts) -> str:
    percent = counts.percent
    return "no data" if percent is None else f"{shown(percent)} % of {counts.of:,}"


def _summary(policy: Policy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "title": policy.title,
        "version": policy.version,
        "unverified": [part for part, _ in policy.unverified()],
        "rates": [
            {"of": rule.scope, "deadline": in_words(rule), "days": rule.window.days}
            for rule in policy.rules
            if rule.measured
        ],
    }


def _overview(told: list[dict[str, Any]]) -> Table:
    table = Table("name", "rates", "", box=None, pad_edge=False)
    for each in told:
        rates = "\n".join(f"{rate['of']}: {rate['deadline']}; {rate['days']} days" for rate in each["rates"])
        doubts = len(each["unverified"])
        table.add_row(Text(each["name"]), Text(rates), f"{doubts} {UNVERIFIED}" if doubts else "✓")
    return table


def in_words(rule: Rule) -> str:
    """By when a rule asks for an answer."""
    match rule.limit:
        case Hours(hours):
            said = f"{hours:g} h"
        case BusinessHours(hours, calendar):
            said = f"{hours:g} h of {clock(calendar.opens)} to {clock(calendar.closes)}, {calendar.zone}"
        case SameDay(cut_off, answer_by, zone):
            said = f"what comes until {clock(cut_off)}, by {clock(answer_by)}, {zone}"
        case NoLimit():
            return "no deadline"
        case _:
            assert_never(rule.limit)
    if rule.weekend:
        said += f"; of a weekend by {WEEKDAYS[rule.weekend.weekday]} {clock(rule.weekend.until)}"
    return said


def _shown(policy: Policy, *, checked: bool = False) -> Report:
    others = load().values()
    warnings = [
        {"part": found.part, "of": found.kind, "policy": found.policy.name, "source": found.source.where}
        for found in stricter(policy, others)
    ]
    doubts = [{"part": part, "source": source.where, "note": source.note} for part, source in policy.unverified()]
    data = {
        "ok": True,
        "name": policy.name,
        "policy": as_data(policy),
        "unverified": doubts,
        "stricter": warnings,
        "variants": [other.name for other in variants(policy, others)],
    }
    words: list[RenderableType] = ["✓ A shop can carry this policy."] if checked else []
    words += [f"{policy.title} ({policy.name}, version {policy.version})", *filter(None, [policy.note])]
    for rule in policy.rules:
        words += ["", f"{_WHAT[rule.scope]}: {in_words(rule)}", *_origin(rule.source_of("")), *_parts(policy, rule)]
    if policy.texts_source:
        words += ["", f"Texts: {_value(as_data(policy)['texts'])}", *_origin(policy.texts_source)]
    told = [f"! {each['policy']} is stricter on {each['part']} ({each['of']}): {each['source']}" for each in warnings]
    return Report(data, [*words, *([""] if told else []), *told])


def _parts(policy: Policy, rule: Rule) -> list[str]:
    """What is said of each part; what says nothing is left out."""
    sources = dict(rule.sources)
    said = {
        name: [_value(value), *(_origin(own) if (own := sources.get(name)) else [])]
        for name, value in as_data(policy)[rule.scope].items()
        if name not in _SOURCED and (name in sources or not _is_silent(value))
    }
    return [f"  {'' if at else name:<{_NAME}}{line}" for name, lines in said.items() for at, line in enumerate(lines)]


def _is_silent(value: Any) -> bool:
    """A mark that excludes nothing, no holidays, no soft target."""
    return isinstance(value, dict) and (value.get("excludes") is False or [] in value.values() or not value)


def _value(value: Any) -> str:
    """`days: 60, min sample: 0`; where it was read is told beside it."""
    if isinstance(value, dict):
        said = {key: _value(each) for key, each in value.items() if key not in _SOURCED}
        return (
            next(iter(said.values())) if len(said) == 1 else ", ".join(f"{key}: {each}" for key, each in said.items())
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(_value(each) for each in value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _origin(source: Source) -> list[str]:
    doubt = "" if source.verified else f", {UNVERIFIED}"
    return [f"  {source.where} ({source.checked}{doubt})", *([f"  {source.note}"] if source.note else [])]
