"""A member's own absence: reminders go to colleagues meanwhile, and the shop stays as it is."""

from dataclasses import replace

from core.domain.cards import Answer
from core.domain.claims import Choice
from core.domain.members import Identity
from core.domain.quiet_hours import Stretch
from core.domain.rooms import Room
from core.domain.texts import Instant, Quote, Text
from core.services import availability_words as text
from core.services.deps import Deps
from core.services.duty import on_duty
from core.services.terms import habits_of, set_habits
from core.store import claims
from core.store.availability import Draft
from core.store.rosters import read_roster

MOST_NAMED = 5


async def go(deps: Deps, room: Room, draft: Draft, shops: Text, zone: str) -> Answer:
    """It takes the place of every absence of theirs that it overlaps. Who is called meanwhile is said."""
    now = deps.clock.now()
    gone = Stretch(draft.start or now, draft.end)
    was = await habits_of(deps, room.seller, draft.by)
    apart = tuple(each for each in was.away if _is_ahead(each, now) and not _overlap(each, gone))
    await set_habits(deps, room.seller, draft.by, replace(was, away=(*apart, gone)))
    roster = await read_roster(deps.store, room.id)
    others = (
        [who for who in on_duty(room, roster.seller, roster.habits, gone.start) if who != draft.by] if roster else []
    )
    names = ", ".join(who.name or who.user for who in others[:MOST_NAMED])
    freed = 0 if draft.start else await _let_go(deps, room, draft.by)
    told = text.words(
        "own_planned" if draft.start else "own_set",
        freed=freed,
        start=Instant(gone.start, zone),
        end=None if draft.end is None else Instant(draft.end, zone),
        shops=shops,
        others=Quote(names) if names else None,
        count=len(others),
    )
    return Answer(told)


async def _let_go(deps: Deps, room: Room, by: Identity) -> int:
    """Who is away is not on it: how many conversations are free again for the others."""
    held = [sight.conversation for sight in await text.waiting(deps, room.seller, room.id) if sight.conversation.claim]
    own = [each.id for each in held if each.claim and each.claim.by.key == by.key]
    for conversation in own:
        await claims.claim_conversation(deps.store, room.seller, conversation, by, Choice.DROP, None)
    return len(own)


async def back(deps: Deps, room: Room, by: Identity) -> Answer:
    now = deps.clock.now()
    was = await habits_of(deps, room.seller, by)
    if not any(now in each for each in was.away):
        return Answer(text.words("own_back_already"))
    later = tuple(each for each in was.away if each.start > now)
    await set_habits(deps, room.seller, by, replace(was, away=later))
    return Answer(text.words("own_back"))


async def standing(deps: Deps, room: Room, by: Identity, zone: str) -> Text:
    """Empty for who is here."""
    now = deps.clock.now()
    ends = [each.end for each in (await habits_of(deps, room.seller, by)).away if now in each]
    return text.words("own_status", end=None if ends[0] is None else Instant(ends[0], zone)) if ends else ()


def _is_ahead(stretch: Stretch, now: int) -> bool:
    return stretch.end is None or stretch.end > now


def _overlap(one: Stretch, other: Stretch) -> bool:
    return (one.end is None or other.start < one.end) and (other.end is None or one.start < other.end)
