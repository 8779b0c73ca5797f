"""Roles: what must run once in the whole deployment is done by the process that holds its role."""

from dataclasses import dataclass

from core.store import keys
from core.store.scripts import word
from core.store.store import Store

LEASE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class StoredLease:
    """The port `Lease` for one process."""

    store: Store
    process: str

    async def hold(self, role: str) -> bool:
        return await self._run(role, LEASE_SECONDS)

    async def leave(self, role: str) -> None:
        await self._run(role, 0)

    async def _run(self, role: str, seconds: int) -> bool:
        tag = keys.role_tag(role)
        return word(await self.store.scripts.run("hold_role", tag, holder=self.process, seconds=seconds)) == "held"
