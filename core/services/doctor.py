"""What `shopbell doctor` looks at, each thing with what it found and how to mend it."""

import asyncio

from core.domain.auditor import SILENT
from core.errors import AccessLost, OutsideError, TryLater
from core.ports.chat import ChatPlatform
from core.rendering import in_english
from core.services.deps import Deps
from core.services.health import listed
from core.services.parked import list_parked
from core.services.policies import is_superseded
from core.services.shops import find_shop, know_shop
from core.store import sellers, shops
from core.store.auditor import read_audits
from core.store.client import Finding, examine

SKEW_MS = 2_000  # by which the clocks may differ before somebody should know
AT_ONCE = 8  # callbacks that are asked beside each other


async def diagnose(deps: Deps, skew: int) -> list[Finding]:
    """Everything that can be asked from here. `skew`: Redis' clock minus the machine's, in milliseconds."""
    findings = [*await examine(deps.store.engine), _clock(skew)]
    findings.append(Finding("good", "The secret opens what was sealed with it."))
    findings.extend(await asyncio.gather(*(_platform(platform) for platform in deps.platforms.values())))
    return [*findings, *await _shops(deps), *await _parked(deps), *await _audits(deps)]


def _clock(skew: int) -> Finding:
    apart = f"{abs(skew) / 1000:.1f} s"
    if abs(skew) <= SKEW_MS:
        return Finding("good", f"Redis' clock and this machine's are {apart} apart.")
    behind = "behind" if skew < 0 else "ahead of"
    return Finding(
        "warn",
        f"Redis' clock is {apart} {behind} this machine's; Shopbell goes by Redis'.",
        "Let both machines keep time with NTP: signatures older than 5 minutes are refused.",
    )


async def _platform(platform: ChatPlatform) -> Finding:
    name = platform.name.capitalize()
    try:
        more = await platform.check()
    except TryLater as error:
        return Finding(
            "warn", f"{name} could not be asked: {in_english(error.kept)}", "Try again; if it stays, see the network."
        )
    except OutsideError as error:
        return Finding("refuse", f"{name} does not let us in: {in_english(error.kept)}")
    return Finding("good", f"{name} knows the token. {more}".strip())


async def _shops(deps: Deps) -> list[Finding]:
    every = await sellers.all_sellers(deps.store)
    if not every:
        return [Finding("warn", "There is no seller yet.", "shopbell seller add NAME")]
    found = [shop for seller in every for shop in await shops.shops_of(deps.store, seller)]
    if not found:
        return [Finding("warn", "There is no shop yet.", "shopbell shop add --seller SELLER --name NAME")]
    slots = asyncio.Semaphore(AT_ONCE)
    asked = await asyncio.gather(*(_callback(deps, shop, slots) for shop in found))
    wrong = [finding for finding in asked if isinstance(finding, Finding)]
    answered = asked.count(True)
    silent = asked.count(False)
    good = [Finding("good", f"{_count(answered, 'callback')} took a signed ping.")] if answered else []
    if silent:
        good.append(
            Finding("good", f"{_count(silent, 'shop')} without a callback: replies are copied to the site by hand.")
        )
    old = await asyncio.gather(*(_rules(deps, shop, slots) for shop in found))
    return [*wrong, *good, *(finding for finding in old if finding)]


async def _rules(deps: Deps, shop: str, slots: asyncio.Semaphore) -> Finding | None:
    """Rules never change by themselves under a shop: an update brings newer ones, and somebody applies them."""
    async with slots:
        known = await know_shop(deps, shop)
    if not is_superseded(known, deps.policies, deps.clock.now()):
        return None
    name = known.shop.policy
    cure = f"See what changes: shopbell policy apply {shop} {name} --recompute"
    return Finding("warn", f"{known.shop.name} is counted by rules of {name} that newer ones took the place of.", cure)


async def _callback(deps: Deps, shop_id: str, slots: asyncio.Semaphore) -> Finding | bool:
    """False for a shop that takes no replies from us."""
    shop, secrets = await find_shop(deps, shop_id)
    marketplace = deps.marketplaces[shop.marketplace]
    if not marketplace.capabilities(shop).sends:
        return False
    try:
        async with slots:
            await marketplace.check(shop, secrets)
    except AccessLost as error:
        return Finding("refuse", f"{shop.name}'s callback: {in_english(error.kept)}", _cure(shop_id))
    except OutsideError as error:
        return Finding("warn", f"{shop.name}'s callback: {in_english(error.kept)}", _cure(shop_id))
    return True


async def _parked(deps: Deps) -> list[Finding]:
    waiting = len(await list_parked(deps))
    said = f"{_count(waiting, 'delivery', 'deliveries')} refused or given up in the last 30 days."
    return [Finding("warn", said, "shopbell delivery list")] if waiting else []


async def _audits(deps: Deps) -> list[Finding]:
    audits = await read_audits(deps.store)
    if audits is None:
        return []
    last, ago = audits.last, (deps.clock.wall() - audits.last.walked_at) // 1000
    if ago * 1000 > SILENT:
        return [Finding("warn", f"The auditor's last round was {ago // 60} min ago.", "Let a worker run: shopbell run")]
    if last.left:
        cure = "See audit_found in the log. What is late wants more workers, or hangs on something they cannot reach."
        return [Finding("warn", f"The auditor found and could not mend: {listed(last.left)}.", cure)]
    if last.found:
        cure = "Please report it with audit_found of the log: this does not happen while all is right."
        return [Finding("warn", f"The auditor found and mended: {listed(last.found)}.", cure)]
    mended = sum(audits.mended.values())
    before = f" It has mended {mended:,} in all." if mended else ""
    return [Finding("good", f"The auditor's last round, {ago} s ago, found nothing amiss.{before}")]


def _cure(shop: str) -> str:
    return f"Mend the site, then: shopbell shop test {shop}"


def _count(number: int, noun: str, several: str = "") -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {several or noun + 's'}"
