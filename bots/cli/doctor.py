"""`shopbell doctor`: look at all that can go wrong, and say what mends it."""

from collections.abc import Mapping
from dataclasses import asdict

import aiohttp
import typer
from rich.text import Text

from bots.cli.output import DONE, FAILED, AsJson, Report, busy, carry_out
from bots.cli.session import session, settings_here
from core.config import Settings
from core.errors import Misconfigured, StoreDown
from core.services.doctor import diagnose
from core.store.client import Finding
from core.workers.heartbeat import Heartbeat

SIGNS = {"good": Text("✓ good", "green"), "warn": Text("! look", "yellow"), "refuse": Text("✗ mend", "bold red")}
HEALTH_SECONDS = 5


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(as_json: AsJson = False) -> int:
    """Look at Redis, clocks, the secret, tokens and callbacks; status 1 when something must be mended."""

    async def work() -> Report:
        with busy("Looking…"):
            findings = await _look()
        ok = all(finding.level != "refuse" for finding in findings)
        data = {"ok": ok, "findings": [asdict(finding) for finding in findings]}
        words = [line for finding in findings for line in _lines(finding)]
        return Report(data, words, status=DONE if ok else FAILED)

    return carry_out(work, as_json=as_json)


async def _look() -> list[Finding]:
    """What stops Shopbell from starting is a finding here, like any other."""
    try:
        settings, named = settings_here()
        findings = [*_receiving(named), await _running(settings)]
        async with session(chats=True) as shopbell:
            if not shopbell.deps.platforms:
                findings.append(
                    Finding("warn", "No chat platform is set up.", "Set SLACK_BOT_TOKEN or TELEGRAM_BOT_TOKEN.")
                )
            if shopbell.heartbeat:
                findings.append(await _watched(shopbell.heartbeat))
            return [*await diagnose(shopbell.deps, shopbell.clock.skew), *findings]
    except Misconfigured as error:
        return [Finding("refuse", fault) for fault in error.faults]
    except StoreDown as error:
        return [
            Finding("refuse", str(error), "See that it runs and that REDIS_URL and SHOPBELL_DATA name the right one.")
        ]


def _receiving(named: Mapping[str, str]) -> list[Finding]:
    """Who calls us from outside needs an address to call."""
    if named.get("SHOPBELL_PUBLIC_URL"):
        return []
    needs = {
        "SLACK_SIGNING_SECRET": "Slack sends events by HTTP, but SHOPBELL_PUBLIC_URL is not set.",
        "TELEGRAM_WEBHOOK_SECRET": "TELEGRAM_WEBHOOK_SECRET is unused without SHOPBELL_PUBLIC_URL: Telegram is polled.",
    }
    cure = "Set SHOPBELL_PUBLIC_URL to where the outside reaches this machine, with https."
    return [Finding("warn", what, cure) for name, what in needs.items() if named.get(name)]


async def _running(settings: Settings) -> Finding:
    url = f"{settings.events_base}/health"
    try:
        timeout = aiohttp.ClientTimeout(total=HEALTH_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url, allow_redirects=False) as response:
            if response.status == 200:
                return Finding("good", f"Shopbell runs at {settings.events_base}.")
            said = f"answers {response.status}"
    except (aiohttp.ClientError, TimeoutError):
        said = "does not answer"
    return Finding("warn", f"Shopbell {said} at {settings.events_base}.", "Start it: shopbell run")


async def _watched(heartbeat: Heartbeat) -> Finding:
    problem = await heartbeat.try_once()
    if problem:
        return Finding(
            "warn", f"The heartbeat does not reach {heartbeat.host}: {problem}", "See SHOPBELL_HEARTBEAT_URL."
        )
    return Finding("good", f"{heartbeat.host} took a heartbeat.")


def _lines(finding: Finding) -> list[Text]:
    sign = SIGNS[finding.level]
    said = [Text.assemble(sign, f"  {finding.what}")]
    return [*said, Text(f"{'':{len(sign)}}  → {finding.cure}")] if finding.cure else said
