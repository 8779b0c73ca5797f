"""What every module of the store is given: the engine, the scripts, the vault and the clock."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.clock import Clock
from core.domain.retention import DAY, TEXT_DAYS
from core.domain.rooms import Address
from core.metrics import Metrics
from core.store.client import Engine
from core.store.scripts import Scripts
from core.store.vault import Vault

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Store:
    """`text_days`: for how long the words of a conversation are kept once nothing of it is owed any more."""

    engine: Engine
    scripts: Scripts
    vault: Vault
    clock: Clock
    shards: int
    text_days: int = TEXT_DAYS
    metrics: Metrics = field(default_factory=Metrics)
    homes: dict[Address, str] = field(default_factory=dict)  # the rooms that were found last, by their addresses
    purse: dict[str, int] = field(default_factory=dict)  # tokens that this process has in hand, by their budgets

    def forget_at(self) -> int:
        """When the words of a conversation that is settled now are to go, by `now`."""
        return self.clock.now() + self.text_days * DAY


def fields_of(reply: Any) -> Fields:
    """A hash as Redis gives it (pairs, or a map where RESP3 applies), decoded."""
    if isinstance(reply, dict):
        return {name.decode(): value.decode() for name, value in reply.items()}
    return {reply[i].decode(): reply[i + 1].decode() for i in range(0, len(reply), 2)}


def flat(fields: Fields) -> list[str]:
    """As HSET wants them in a script."""
    return [item for pair in fields.items() for item in pair]


def pack(value: object) -> str:
    return msgspec.json.encode(value).decode()


def unpack(text: str) -> Any:
    return msgspec.json.decode(text)
