"""Health: whether Shopbell can take and carry messages now, for load balancers and `shopbell doctor`."""

from collections.abc import Mapping

from core.domain.auditor import SILENT, Flaw
from core.errors import StoreDown
from core.services.deps import Deps
from core.store.auditor import Audits, read_audits

VITAL = ("store",)  # without these a process takes nothing; the rest is for people to look at


async def health(deps: Deps) -> dict[str, str]:
    """Each part that is looked at, with "ok" or what is wrong; anybody may ask, so that it names no address."""
    try:
        audits = await read_audits(deps.store)
    except StoreDown:
        return {"store": "does not answer"}
    return {"store": "ok", "auditor": _auditor(audits, deps.clock.wall())}


def is_ready(checks: Mapping[str, str]) -> bool:
    return all(checks.get(part) == "ok" for part in VITAL)


def _auditor(audits: Audits | None, wall: int) -> str:
    if audits is None:
        return "has not walked yet"
    last = audits.last
    if wall - last.walked_at > SILENT:
        return f"walked last {(wall - last.walked_at) // 60_000} min ago"
    if last.found:
        return f"found {listed(last.found)}; left {listed(last.left) or 'none'}"
    return "ok"


def listed(counted: Mapping[Flaw, int]) -> str:
    return ", ".join(f"{many} {what.replace('_', ' ')}" for what, many in sorted(counted.items()))
