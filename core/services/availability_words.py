"""What members are told of availability: the question, the preview with all that follows, and where things stand."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from core.domain import availability as domain
from core.domain.availability import Outcome, OwnAbsence
from core.domain.cards import Button, Style, Verb
from core.domain.policies import Policy
from core.domain.policy_variants import Difference, stricter
from core.domain.texts import Anchor, Instant, Quote, Text, Words, cut, lines, plain, spoken
from core.rendering import explain, say
from core.services import times
from core.services.availability import Here
from core.services.deps import Deps
from core.services.holding_replies import foretold
from core.store import conversations
from core.store.availability import Draft

LONGEST_NAME = 24
MOST_SHOPS = 5  # that are spoken of one by one
MOST_POLICIES = 2
LONGEST_LINK = 120
LONGEST_NOTE = 200  # code points, as the marketplace takes them


def words(block: str, **values: object) -> Text:
    return say(f"answers/availability#{block}", **values)


def named(shops: Sequence[Here]) -> Text:
    """`Example Market`, or `All 3 shops`."""
    if len(shops) == 1:
        return (name(shops[0]),)
    return words("all_shops", count=len(shops))


def more(count: int) -> Text:
    """How many shops there are beside those that are spoken of one by one."""
    return words("more", count=count - MOST_SHOPS) if count > MOST_SHOPS else ()


def name(shop: Here) -> Quote:
    return cut(shop.shop.name, LONGEST_NAME)


async def preview(deps: Deps, draft: Draft, shops: Sequence[Here], zone: str) -> Text:
    """What will happen once it is confirmed, exactly."""
    now = deps.clock.now()
    by_hand = [each for each in shops if not _sends(deps, each)]
    told = [
        _head(draft, shops, zone, now),
        *_replaced(draft, shops, zone, now),
        await _running(deps, draft.seller, shops, zone),
        *_rules(deps, shops),
        *await foretold(deps, draft.seller, shops),
        words("public", count=len(draft.note), limit=LONGEST_NOTE) if draft.note else words("no_note"),
        words("by_hand", shops=named(by_hand)) if by_hand else (),
        words(f"ask_{draft.contact}") if draft.contact else words("ask_contact", open=words("view_open")),
    ]
    return lines(told)


def view(start: int, end: int | None, note: str, zone: str, *, contact_allowed: bool) -> Quote:
    """What buyers are told, word for word; `start` 0: from now on, `end` None: nobody says until when."""
    said = None if end is None else Words(spoken(Instant(end, zone)))
    open_still = words("view_open") if contact_allowed else None
    facts = {"end": said, "open": open_still, "note": Quote(note) if note else None}
    if start:
        return Quote(plain(words("view_planned", start=Words(spoken(Instant(start, zone))), **facts)))
    return Quote(plain(words("view_now", **facts)))


def confirmed(draft: Draft, shops: Sequence[Here], zone: str) -> Text:
    end = _instant(draft.end, zone)
    if draft.start:
        return words("confirmed_planned", shops=named(shops), start=Instant(draft.start, zone), end=end)
    return words("confirmed_now", shops=named(shops), end=end)


def standing(shop: Here, zone: str) -> Text:
    """Where one shop stands, and what of it nobody has confirmed."""
    absence, kept = shop.absence, shop.availability
    told = kept.telling
    head = words("status_available", shop=name(shop))
    if absence:
        end = _instant(absence.end, zone)
        by_site = told is None or told.absence is None
        head = words("status_away", shop=name(shop), end=end, contact=absence.contact_allowed, by_site=by_site)
    planned = [
        words("status_planned", start=Instant(each.start, zone), end=_instant(each.end, zone))
        for each in kept.own
        if each.start > shop.now
    ]
    return lines([head, *planned, _doubt(shop, zone)])


def what_was_told(absence: OwnAbsence | None, zone: str, now: int) -> Text:
    if absence is None:
        return words("told_available")
    end = _instant(absence.end, zone)
    if absence.start > now:
        return words("told_planned", start=Instant(absence.start, zone), end=end)
    return words("told_away", end=end)


def site_says(shop: Here, zone: str) -> Text:
    absence = shop.kept.site.absence if shop.kept.site else None
    if absence is None:
        return words("told_available")
    return words("told_away", end=_instant(absence.end, zone))


def shop_buttons(shop: Here, zone: str, *, alone: bool) -> tuple[Button, ...]:
    """What can be done about a shop as it stands; `alone`: its name goes without saying."""
    return tuple(_buttons(shop, zone, None if alone else name(shop)))


def _buttons(shop: Here, zone: str, label: Quote | None) -> Iterator[Button]:
    def button(block: str, choice: str, style: Style = Style.PLAIN, **values: object) -> Button:
        text = words(f"button_{block}", shop=label, **values)
        return Button(text, Verb.AVAILABILITY, shop.shop.id, choice=choice, style=style)

    kept, now = shop.availability, shop.now
    outcome = kept.telling.outcome if kept.telling and not kept.telling.is_over(now) else None
    if outcome is Outcome.BY_HAND:
        yield button("done", "done", Style.PRIMARY)
    if outcome is Outcome.REFUSED or domain.drifts(kept, now):
        yield button("again", "again")
    if domain.drifts(kept, now):
        yield button("site", "site")
    if shop.absence or domain.in_force(kept, now):
        yield button("back", "back")
    for each in kept.own:
        if each.start > now:
            yield button("cancel", f"end.{each.id}", day=times.when(each.start, zone))


def _doubt(shop: Here, zone: str) -> Text:
    kept, now = shop.availability, shop.now
    if kept.telling is None or kept.telling.is_over(now):
        return ()
    told = what_was_told(kept.telling.absence, zone, now)
    if domain.drifts(kept, now):
        return words("status_drift", shop=name(shop), told=told, site=site_says(shop, zone))
    match kept.telling.outcome:
        case Outcome.ASKED:
            return words("status_asked", shop=name(shop), told=told)
        case Outcome.BY_HAND:
            return words("status_by_hand", shop=name(shop), told=told)
        case Outcome.REFUSED:
            problem = explain(kept.telling.problem)
            return words("status_refused", shop=name(shop), told=told, problem=problem)
        case Outcome.ACCEPTED:
            return ()


def _instant(at: int | None, zone: str) -> Instant | None:
    return None if at is None else Instant(at, zone)


def _head(draft: Draft, shops: Sequence[Here], zone: str, now: int) -> Text:
    end = _instant(draft.end, zone)
    span = None if draft.end is None else times.span(draft.end - (draft.start or now))
    if draft.start:
        return words("preview_planned", shops=named(shops), start=Instant(draft.start, zone), end=end, span=span)
    return words("preview_now", shops=named(shops), end=end, span=span)


def _replaced(draft: Draft, shops: Sequence[Here], zone: str, now: int) -> list[Text]:
    begins = draft.start or now
    over = [
        each
        for shop in shops
        for each in shop.availability.own
        if (draft.end is None or each.start < draft.end) and (each.end is None or begins < each.end)
    ]
    if not over:
        return []
    ends = [each.end for each in over if each.end is not None]
    return [words("replaces", end=_instant(max(ends) if len(ends) == len(over) else None, zone))]


async def _running(deps: Deps, seller: str, shops: Sequence[Here], zone: str) -> Text:
    """The clocks that run already."""
    ids = {each.shop.id for each in shops}
    owed = [sight for sight in await waiting(deps, seller) if sight.shop.id in ids]
    due = [each.deadline for sight in owed for each in sight.obligations if each.deadline is not None]
    if not owed:
        return words("running_none")
    return words("running", count=len(owed), deadline=Instant(min(due), zone) if due else None)


async def waiting(deps: Deps, seller: str, room: str = "", most: int = 100) -> list[conversations.Sight]:
    """The conversations with something owed, the nearest deadline first."""
    owed = await conversations.owed_conversations(deps.store, seller, most)
    sights = await asyncio.gather(*(conversations.read_conversation(deps.store, each, room) for each in owed))
    return [sight for sight in sights if sight and sight.obligations]


def _rules(deps: Deps, shops: Sequence[Here]) -> list[Text]:
    """What the marketplaces' rules make of messages meanwhile, each policy once."""
    policies = {each.known.governs(each.now)[0]: each.known.governs(each.now)[1] for each in shops}
    told: list[Text] = []
    for policy in list(policies.values())[:MOST_POLICIES]:
        told.append(_inbox(policy))
        if policy.order is not policy.inbox:
            told.append(words(f"order_{policy.order.away.rule}"))
        told += _warnings(policy, deps.policies.values())
    return told


def _inbox(policy: Policy) -> Text:
    longest = policy.inbox.away.longest
    span = None if longest is None else times.span(longest)
    return words(f"inbox_{policy.inbox.away.rule}", policy=Quote(policy.title), longest=span)


def _warnings(policy: Policy, others: Iterable[Policy]) -> list[Text]:
    """Where another reading of the same rules is stricter, with a way to where it was read."""
    found = {(each.policy.name, each.theirs.away.rule): each for each in stricter(policy, others, part="away")}
    return [words("stricter", policy=Quote(each.policy.title), reading=_linked(each)) for each in found.values()]


def _linked(each: Difference) -> Text:
    label = plain(words(f"stricter_{each.theirs.away.rule}"))
    where = each.source.where
    if where.startswith("https://") and len(where) <= LONGEST_LINK:
        return (Anchor(where, label),)
    return (Words(f"{label} ("), cut(where, LONGEST_LINK), Words(")"))


def _sends(deps: Deps, shop: Here) -> bool:
    return deps.taken_by(shop.shop).sends
