"""Hints: the same words to several of a seller's shops are noted when a card is posted."""

from dataclasses import replace

from core.domain.hints import likeness
from core.services.cards import asked_of
from core.services.deps import Deps
from core.store import hints
from core.store.conversations import Sight


async def note_alike(deps: Deps, sight: Sight) -> Sight:
    """With what the card may say of it; the cards of the others are drawn anew."""
    asked = asked_of(sight)
    said = likeness(asked.text) if asked and not asked.starts_order and not asked.deleted else None
    if asked is None or said is None:
        return sight
    count = await hints.note_alike(deps.store, sight.seller.id, sight.shop.id, asked.id, said)
    messages = (replace(each, alike=count) if each.id == asked.id else each for each in sight.messages)
    return replace(sight, messages=tuple(messages))
