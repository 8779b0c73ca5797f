"""What this store is: its schema, its number of shards, and a canary that opens only with the right secret."""

from core.errors import Misconfigured
from core.store import keys
from core.store.store import Store, fields_of

SCHEMA = 2
_CANARY = "canary"


async def open_store(store: Store) -> None:
    """Stamp a new store; refuse one of another kind. Raises Misconfigured with every reason."""
    name = keys.meta(keys.META_TAG)
    wanted = {"schema": str(SCHEMA), "shards": str(store.shards)}
    for field, value in wanted.items():
        await store.engine.call("HSETNX", name, field, value)
    await store.engine.call("HSETNX", name, _CANARY, store.vault.seal(_CANARY, _CANARY))
    found = fields_of(await store.engine.call("HGETALL", name))
    faults = []
    if int(found["schema"]) > SCHEMA:
        faults.append(f"The store was written by a newer Shopbell (schema {found['schema']}). Start that one.")
    if int(found["schema"]) < SCHEMA:  # Of before the first release: nothing is taken over from it.
        faults.append(
            f"The store was written by an unreleased Shopbell (schema {found['schema']}). Begin with an empty one."
        )
    if found["shards"] != wanted["shards"]:
        faults.append(f"The store has {found['shards']} shards, and their number is fixed; set nothing else.")
    if not store.vault.opens(_CANARY, found[_CANARY]):
        faults.append("SHOPBELL_SECRET is not the one this store was sealed with. Set the old one, or new,old.")
    if faults:
        raise Misconfigured(faults)
