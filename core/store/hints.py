"""What came to several shops of one seller in the same words."""

import hashlib

from core.domain.hints import ALIKE
from core.store import keys
from core.store.store import Store

LIFETIME = 7 * keys.DAY


async def note_alike(store: Store, seller: str, shop: str, message: str, likeness: str) -> int:
    """To how many of the seller's shops it came within days; 0 where there is one shop only."""
    count: int = await store.scripts.run(
        "note_alike",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        shop=shop,
        message=message,
        digest=hashlib.blake2b(likeness.encode(), digest_size=16).hexdigest(),
        enough=ALIKE,
        lifetime=LIFETIME,
    )
    return count
