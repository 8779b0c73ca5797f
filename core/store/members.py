"""Members and their roles, kept."""

from core.domain.members import Identity, Role
from core.store import keys
from core.store.store import Store


async def read_role(store: Store, seller: str, who: Identity) -> Role | None:
    """The role that was given to this person; None for one who has none of their own."""
    reply = await store.engine.call("HGET", keys.members(keys.tag_of(seller), seller), who.key)
    return Role(reply.decode()) if reply else None
