"""Holding replies: what buyers who write during an absence are sent by nobody, where a seller wants that.

Off until a quick response is marked for it. Once for each conversation and absence, for inquiries only, where the
policy allows it; whether it counts as an answer is the policy's word, and is said before it is turned on.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.domain.actions import Press
from core.domain.availability import around
from core.domain.cards import Answer, Button, Style, Verb
from core.domain.obligations import ObligationKind
from core.domain.policies import AnswerKind, Policy
from core.domain.quick_responses import QuickResponse, Used, fill, fits, holding_reply, missing
from core.domain.regards import Regard
from core.domain.rooms import Room
from core.domain.texts import Quote, Text, Words, cut, lines, plain
from core.errors import QuickResponseGone, Refused
from core.rendering import read_quick_response, say, speaking
from core.services import times
from core.services.availability import Here
from core.services.deps import Deps
from core.services.replies import check
from core.store import quick_responses as store
from core.store.conversations import Sight, read_conversation
from core.store.holding_replies import write_holding_reply
from core.store.shops import KnownShop, know_shop, shops_of

ALWAYS_KNOWN = frozenset({"buyer.name", "shop.name", "seller.name", "away.until"})
LONGEST = 120  # code points of it that a preview shows
MOST_POLICIES = 3


async def answer_buyer(deps: Deps, conversation: str) -> bool:
    """A moment's step: the buyer is sent it, if the shop is still away. False: nothing is to be sent, or can be."""
    sight = await read_conversation(deps.store, conversation)
    if sight is None or not _asks(sight):
        return False
    found, responses = await asyncio.gather(
        know_shop(deps.store, sight.shop.id), store.quick_responses_of(deps.store, sight.shop.seller)
    )
    response = holding_reply(responses, sight.shop.id)
    absence = around(found.absences, deps.clock.now()) if found else None
    if found is None or response is None or absence is None or not _may(deps, found):
        return False
    with speaking(found.seller.language):
        text = _text(sight, response, absence.end)
    if not text:
        return False
    used = Used(response.id, response.title)
    return await write_holding_reply(deps.store, conversation, absence, text, used) in {"done", "repeated", "settled"}


async def ask(deps: Deps, room: Room, response: str) -> Answer:
    """What it would mean, before it is turned on. Raises QuickResponseGone."""
    each = await _read(deps, room, response)
    lacking = missing(read_quick_response(each.source), dict.fromkeys(ALWAYS_KNOWN, "known"))
    back = Button(_say("button_back"), Verb.QUICK_LIST, each.id)
    if lacking:
        example = Words(f"{{{{ {lacking[0]}|default('…') }}}}", strong=True)
        return Answer(_say("lacking", names=Words(", ".join(lacking)), example=example), buttons=(back,), replaces=True)
    known = await _shops(deps, room.seller, each)
    if not any(_may(deps, shop) for shop in known):
        return Answer(lines([*_rules(deps, known), _say("nowhere")]), buttons=(back,), replaces=True)
    told = [_say("ask", title=Quote(each.title)), *_rules(deps, known)]
    sure = Button(_say("button_sure"), Verb.QUICK_CHANGE, each.id, "hold-yes", style=Style.PRIMARY)
    return Answer(lines(told), quote=Quote(each.source), buttons=(sure, back), replaces=True)


async def mark(deps: Deps, room: Room, pressed: Press, *, holds: bool) -> None:
    """Raises QuickResponseGone."""
    each = await _read(deps, room, pressed.target)
    if await store.keep_quick_response(deps.store, room.seller, replace(each, holds=holds), anew=False) == "missing":
        raise QuickResponseGone


def mark_button(response: QuickResponse) -> Button:
    block, choice = ("button_release", "release") if response.holds else ("button_hold", "hold")
    return Button(_say(block), Verb.QUICK_CHANGE, response.id, choice)


async def foretold(deps: Deps, seller: str, shops: Sequence[Here]) -> list[Text]:
    """What the preview of an absence says of it: what buyers will be sent, and what that counts for."""
    found = await store.quick_responses_of(deps.store, seller)
    told: dict[str, list[KnownShop]] = {}
    words: dict[str, QuickResponse] = {}
    for each in shops:
        response = holding_reply(found, each.shop.id)
        if response and _may(deps, each.known):
            told.setdefault(response.id, []).append(each.known)
            words[response.id] = response
    return [
        line
        for id, known in told.items()
        for line in (_say("foretold", text=cut(words[id].source, LONGEST)), *_rules(deps, known))
    ]


def _asks(sight: Sight) -> bool:
    """Whether an inquiry of a buyer is owed."""
    return not sight.regards & {Regard.NOT_BUYER, Regard.BLOCKED} and any(
        each.kind is ObligationKind.INBOX for each in sight.obligations
    )


def _may(deps: Deps, known: KnownShop) -> bool:
    sends = deps.taken_by(known.shop).sends
    return sends and _policy(deps, known).inbox.holding_reply_allowed


def _policy(deps: Deps, known: KnownShop) -> Policy:
    return known.governs(deps.clock.now())[1]


def _text(sight: Sight, response: QuickResponse, end: int | None) -> str:
    """As this buyer reads it; empty where something in it has no value, or the marketplace takes no text so long."""
    zone = sight.conversation.buyer.zone or sight.seller.zone
    values = {
        "buyer.name": sight.conversation.buyer.name,
        "shop.name": sight.shop.name,
        "seller.name": sight.seller.name,
        "away.until": "" if end is None else plain(times.when(end, zone)),
    }
    pieces = read_quick_response(response.source)
    if missing(pieces, values):
        return ""
    text = fill(pieces, values)
    try:
        check(sight, text)
    except Refused:
        return ""
    return text


def _rules(deps: Deps, known: Iterable[KnownShop]) -> list[Text]:
    """Each policy once: whether it may be sent there, and what it counts for."""
    policies = {policy.title: policy for policy in (_policy(deps, shop) for shop in known)}
    return [_rule(policy) for policy in list(policies.values())[:MOST_POLICIES]]


def _rule(policy: Policy) -> Text:
    rule = policy.inbox
    if not rule.holding_reply_allowed:
        return _say("forbidden", policy=Quote(policy.title))
    counts = AnswerKind.AUTOMATIC in rule.answers
    return _say("counts" if counts else "no_answer", policy=Quote(policy.title))


async def _read(deps: Deps, room: Room, response: str) -> QuickResponse:
    found = await store.read_quick_response(deps.store, room.seller, response)
    if found is None:
        raise QuickResponseGone
    return found


async def _shops(deps: Deps, seller: str, response: QuickResponse) -> list[KnownShop]:
    ids = [shop for shop in await shops_of(deps.store, seller) if fits(response, shop)]
    return [known for known in await asyncio.gather(*(know_shop(deps.store, shop) for shop in ids)) if known]


def _say(block: str, **values: object) -> Text:
    return say(f"answers/holding_reply#{block}", **values)
