"""What a store is stamped with, and which one is refused."""

import pytest

from core.errors import Misconfigured
from core.store import keys
from core.store.meta import SCHEMA, open_store
from tests.fixtures.core import Stage


@pytest.mark.parametrize(("schema", "said"), [(SCHEMA - 1, "unreleased Shopbell"), (SCHEMA + 1, "newer Shopbell")])
async def test_a_store_of_another_schema_is_refused(still: Stage, schema: int, said: str) -> None:
    """With what to do about it, and nothing in it is touched."""
    store, name = still.deps.store, keys.meta(keys.META_TAG)
    await store.engine.call("HSET", name, "schema", schema)

    with pytest.raises(Misconfigured, match=f"written by an? {said}"):
        await open_store(store)
    assert await store.engine.call("HGET", name, "schema") == str(schema).encode()
