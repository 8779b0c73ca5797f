"""What adapters remember: small sealed values with a lifetime."""

import hashlib
from dataclasses import dataclass

from core.ids import pick_shard
from core.store import keys
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """The port `Memory` for one platform: no platform reads another's."""

    store: Store
    platform: str

    async def put(self, key: str, value: str, *, seconds: int) -> None:
        await self.store.engine.call("SET", self._name(key), self.store.vault.seal(self._owner, value), "EX", seconds)

    async def get(self, key: str) -> str | None:
        return self._open(await self.store.engine.call("GET", self._name(key)))

    async def take(self, key: str) -> str | None:
        return self._open(await self.store.engine.call("GETDEL", self._name(key)))

    @property
    def _owner(self) -> str:
        return f"memory/{self.platform}"

    def _name(self, key: str) -> str:
        digest = hashlib.blake2b(f"{self.platform}\x1f{key}".encode(), digest_size=16).hexdigest()
        return keys.memory(keys.mailbox_tag(pick_shard(digest, self.store.shards)), digest)

    def _open(self, sealed: bytes | None) -> str | None:
        return None if sealed is None else self.store.vault.open(self._owner, sealed.decode())
