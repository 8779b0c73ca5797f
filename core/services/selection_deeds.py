"""What can be done about several conversations at once, by the same functions as about one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.domain.members import Identity, Right
from core.domain.quick_responses import QuickResponse, Used
from core.domain.rooms import Room
from core.domain.spam_reports import Reason, ReportState
from core.domain.texts import Instant, Quote, Text, cut
from core.errors import EmptyReply, QuickResponseGone, ReplyTooLong
from core.ids import derived_id, is_id, shard_of
from core.rendering import say
from core.services import replies, spam_reports, waivers
from core.services.cards import asked_of, buyer_of, quote_of
from core.services.deps import Deps
from core.services.matters import look
from core.services.quick_responses import fitted
from core.services.replies import see
from core.store import holds, quick_responses
from core.store.conversations import Sight

LONGEST_NAME = 24
LONGEST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Look:
    """A chosen conversation as it is listed before anything is done: `target` is empty where it cannot be done."""

    target: str
    buyer: Quote
    shop: Quote
    words: str = ""
    counts: bool = False
    deadline: Instant | None = None


async def deed_of(deps: Deps, room: Room, said: str) -> "Deed | None":
    """`waive`, `spam.scam` or `q.…`; None for what is none. Raises QuickResponseGone."""
    name, _, rest = said.partition(".")
    if name == "waive":
        return Waiving()
    if name == "spam" and rest in set(Reason):
        return Reporting(Reason(rest))
    if name == "q" and is_id(rest, "quick_response"):
        found = await quick_responses.read_quick_response(deps.store, room.seller, rest)
        if found is None:
            raise QuickResponseGone
        return Answering(found)
    return None


@dataclass(frozen=True, slots=True)
class Waiving:
    """No answer is needed; the confirmation says where it counts all the same."""

    name: ClassVar = "waive"
    right: ClassVar = Right.SPAM

    def question(self, count: int) -> Text:
        return _say("ask_waive", count=count)

    async def look(self, deps: Deps, room: Room, conversation: str, by: Identity) -> Look:
        sight = await see(deps, room, conversation)
        asked = asked_of(sight)
        matter = await look(deps, room, asked.id) if asked else None
        if asked is None or matter is None or not matter.is_owed:
            return _out(sight)
        counts = not matter.excludes(matter.rule.waived, deps.clock.now())
        deadline = matter.deadline if counts and matter.when(deps.clock.now()) else None
        return Look(asked.id, *_about(sight), quote_of(asked).text, counts, deadline)

    async def do(self, deps: Deps, room: Room, target: str, by: Identity, *, operation: str) -> str:
        if not (await look(deps, room, target)).is_owed:
            return ""
        await waivers.waive(deps, room, target, "sure", by)
        return target

    async def undo(self, deps: Deps, room: Room, target: str, by: Identity, *, operation: str) -> bool:
        await waivers.waive(deps, room, target, "undo", by)
        return True


@dataclass(frozen=True, slots=True)
class Reporting:
    reason: Reason
    name: ClassVar = "spam"
    right: ClassVar = Right.SPAM

    def question(self, count: int) -> Text:
        return _say("ask_spam", count=count, reason=say(f"answers/spam_report#reason_{self.reason}"))

    async def look(self, deps: Deps, room: Room, conversation: str, by: Identity) -> Look:
        sight = await see(deps, room, conversation)
        asked = asked_of(sight)
        if asked is None or asked.starts_order or spam_reports.is_reported(await look(deps, room, asked.id)):
            return _out(sight)
        return Look(asked.id, *_about(sight), quote_of(asked).text)

    async def do(self, deps: Deps, room: Room, target: str, by: Identity, *, operation: str) -> str:
        """What somebody else reported since it was listed is theirs to take back."""
        await spam_reports.report(deps, room, target, self.reason, by, operation=operation)
        report = (await look(deps, room, target)).message.report
        return target if report is not None and report.by.key == by.key else ""

    async def undo(self, deps: Deps, room: Room, target: str, by: Identity, *, operation: str) -> bool:
        await spam_reports.withdraw(deps, room, target, by, operation=operation, sure=True)
        return True


@dataclass(frozen=True, slots=True)
class Answering:
    """A quick response to each, shown as that buyer will read it; who lacks a value for it is left out."""

    response: QuickResponse
    name: ClassVar = "quick"
    right: ClassVar = Right.REPLY

    def question(self, count: int) -> Text:
        return _say("ask_quick", count=count, title=cut(self.response.title, LONGEST_NAME))

    async def look(self, deps: Deps, room: Room, conversation: str, by: Identity) -> Look:
        try:
            sight, text = await fitted(deps, room, conversation, self.response, by)
        except (EmptyReply, ReplyTooLong):
            return _out(await see(deps, room, conversation))
        sends = deps.taken_by(sight.shop).sends
        return Look(conversation, *_about(sight), text) if text is not None and sends else _out(sight)

    async def do(self, deps: Deps, room: Room, target: str, by: Identity, *, operation: str) -> str:
        """Who was answered by somebody else a moment ago is not answered twice."""
        _, text = await fitted(deps, room, target, self.response, by)
        if text is None:
            return ""
        used = Used(self.response.id, self.response.title)
        await replies.send_used(deps, room, target, text, by, used, operation=operation)
        message = derived_id("message", shard_of(target), target, operation)
        written = await holds.read_reply(deps.store, room.seller, message)
        return "" if written.word == "missing" else message

    async def undo(self, deps: Deps, room: Room, target: str, by: Identity, *, operation: str) -> bool:
        """While it is held."""
        return (await holds.take_back(deps.store, room.seller, target, operation=operation)).word in {
            "done",
            "repeated",
        }


Deed = Waiving | Reporting | Answering
"""`do` answers what its undo needs, or nothing where nothing was left to do; `undo` whether it was taken back."""


async def still_by_hand(deps: Deps, room: Room, deed: Deed, done: Sequence[str]) -> int:
    """How many of what was reported is not, before somebody has done so on the site."""
    if not isinstance(deed, Reporting):
        return 0
    matters = await asyncio.gather(*(look(deps, room, each) for each in done))
    reports = [each.message.report for each in matters]
    return sum(each is not None and each.state is ReportState.BY_HAND for each in reports)


def _out(sight: Sight) -> Look:
    return Look("", *_about(sight))


def _about(sight: Sight) -> tuple[Quote, Quote]:
    return cut(buyer_of(sight).text, LONGEST_NAME), cut(sight.shop.name, LONGEST_NAME)


def _say(block: str, **values: object) -> Text:
    return say(f"answers/selection#{block}", **values)
