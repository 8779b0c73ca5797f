"""How long a member waits for a Redis that is far away: rounds to it that have to wait for each other, counted.

Time stands still while anything works (`tests.fixtures.virtual`), and Redis takes 200 ms. What passed until both cards
say it are those rounds and nothing else, however slow the machine is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from bots import wiring
from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import plain as slack_plain
from bots.playground.slack.block_check import elements_of
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.members import Role
from core.services.deps import Patience
from core.services.terms import set_terms
from core.store.client import connect
from tests.bench.slowly import slowly
from tests.fixtures.house import House, Story, Street
from tests.fixtures.town import a_town, shopbell
from tests.fixtures.virtual import VirtualClock, VirtualLoop

FAR = 0.2  # seconds to Redis and back
ROUNDS = 9  # at most, between what a member does and the last card: of two seconds 200 ms are left for the work
ACKNOWLEDGED_IN = 1  # round, with which it is safe
REST = 8.0  # seconds in which the chats' own budgets fill again
HOLD = 20_000

WHAT = (
    "claim in Slack",
    "claim in Telegram",
    "form sent in Slack",
    "answer typed in Telegram",
    "draft sent in Slack",
    "draft sent in Telegram",
    "undo in Slack",
    "undo in Telegram",
    "report in Slack",
    "report in Telegram",
    "report undone in Slack",
    "report undone in Telegram",
    "waiver in Slack",
    "waiver in Telegram",
    "waiver undone in Slack",
    "waiver undone in Telegram",
    "absence confirmed in Slack",
    "absence confirmed in Telegram",
    "return in Telegram",
)

Do = Callable[[], Awaitable[object]]


@dataclass
class Days:
    """What members do in a house that is far from Redis, and how many rounds each took until both chats said so."""

    house: House
    taken: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    number: int = 0

    async def story(self) -> Story:
        self.number += 1
        story = self.house.story(f"c-{self.number}")
        await self.house.buyer_writes("Is it blue?", story.key)
        await story.in_slack(seconds=30)
        await story.in_telegram(seconds=30)
        return story

    async def measure(self, what: str, do: Do, shown: Callable[[], object], rest: float = REST) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(rest)
        assert not shown()
        since = loop.time()
        await do()
        self.acknowledged[what] = (loop.time() - since) / FAR
        await self.house.town.wire.wait(shown, what, 30)
        self.taken[what] = (loop.time() - since) / FAR

    async def link(self) -> None:
        """Sam's channel and Eve's chat. What a process does for the first time may take it a look more."""
        house, town = self.house, self.house.town
        await town.slack.command(town.sam, house.channel, "/shopbell", f"link {await house.code()}")
        await town.slack.wait(lambda: any("Linked" in said for said in house.told(town.sam)), "Slack's Linked", 60)
        await town.telegram_stand_in.hands.start(house.eve, await house.code(Role.MANAGER))
        await town.telegram.wait(lambda: any("Linked" in said for said in house.said()), "Telegram's Linked", 60)

    # What members do, in both chats.

    async def claim(self) -> None:
        story = await self.story()
        await self.measure("claim in Slack", self.click(story.slack_cards()[0], "Claim"), both(story, "Sam is on it"))
        story = await self.story()
        await self.measure(
            "claim in Telegram", self.press(story.telegram_cards()[0], "Claim"), both(story, "Eve is on it")
        )

    async def send(self) -> None:
        story, slack, sam = await self.story(), self.house.town.slack, self.house.town.sam
        await self.click(story.slack_cards()[0], "Reply to Ann")()
        await slack.wait(lambda: slack.view(sam), "the form", 20)
        submit = partial(slack.submit, sam, None, {"text/typed": "It is."})
        await self.measure("form sent in Slack", submit, both(story, "Answered by Sam"))
        story = await self.story()
        swipe = partial(self.house.swipe, story.telegram_cards()[0], "It is.")
        await self.measure("answer typed in Telegram", swipe, both(story, "Answered by Eve"))

    async def undo(self) -> None:
        await set_terms(self.house.deps, self.house.seller, hold=HOLD)
        for chat, undo in (("Slack", self.undo_in_slack), ("Telegram", self.undo_in_telegram)):
            story = await self.story()
            await self.house.swipe(story.telegram_cards()[0], "It is.")
            await self.house.town.wire.wait(both(story, "Eve is answering"), "both to say that it is held", 10)
            await self.measure(f"undo in {chat}", undo(story), both(story, "Answer by"), rest=HOLD / 4_000)
        await set_terms(self.house.deps, self.house.seller, hold=0)

    def undo_in_slack(self, story: Story) -> Do:
        return self.click(story.slack_cards()[0], "Undo")

    def undo_in_telegram(self, story: Story) -> Do:
        return self.press(story.telegram_cards()[0], "Undo")

    async def report(self) -> None:
        """And take it back in the other chat."""
        story = await self.story()
        await self.click(story.slack_cards()[0], "More…")()
        await self.click(await self.whispered("What shall become of"), "Report spam")()
        why = await self.whispered("Why is ")
        await self.measure("report in Slack", self.click(why, "Advertising"), both(story, "Reported as spam by Sam"))
        undo = self.press(story.telegram_cards()[0], "Not spam")
        await self.measure("report undone in Telegram", undo, both(story, "Answer by"))
        story = await self.story()
        await self.press(story.telegram_cards()[0], "More…")()
        await self.press(await self.last("What shall become of"), "Report spam")()
        why_there = self.press(await self.last("Why is "), "Advertising")
        await self.measure("report in Telegram", why_there, both(story, "Reported as spam by Eve"))
        undo = self.click(story.slack_cards()[0], "Not spam")
        await self.measure("report undone in Slack", undo, both(story, "Answer by"))

    async def waive(self) -> None:
        """By rules that count it all the same: so it is asked once. And undo it in the other chat."""
        story = await self.story()
        await self.click(story.slack_cards()[0], "More…")()
        more = await self.whispered("What shall become of")
        names = [e["text"]["text"] for block in more.blocks for e in elements_of(block) if "action_id" in e]
        await self.click(more, next(name for name in names if name.startswith("Hide")))()
        hide = self.click(await self.whispered("Hide it all the same?"), "Hide it")
        await self.measure("waiver in Slack", hide, both(story, "says that no answer is needed"))
        undo = self.press(story.telegram_cards()[0], "Needs an answer")
        await self.measure("waiver undone in Telegram", undo, both(story, "Answer by"))
        story = await self.story()
        await self.press(story.telegram_cards()[0], "More…")()
        more_there = await self.last("What shall become of")
        await self.press(more_there, next(name for name in labels(more_there) if name.startswith("Hide")))()
        hide = self.press(await self.last("Hide it all the same?"), "Hide it")
        await self.measure("waiver in Telegram", hide, both(story, "says that no answer is needed"))
        undo = self.click(story.slack_cards()[0], "Needs an answer")
        await self.measure("waiver undone in Slack", undo, both(story, "Answer by"))

    async def go_away(self) -> None:
        """Until the marketplace has it, and both chats say so; and back."""
        town, house, away = self.house.town, self.house, "Example Market is away until"
        back, again = "Example Market is available again", "buyers may not write"
        await town.slack.command(town.sam, house.channel, "/shopbell", "away 4h")
        confirm = self.click(await self.whispered("away from now until"), "Confirm: buyers may write")
        await self.measure("absence confirmed in Slack", confirm, self.told(away))
        hands = town.telegram_stand_in.hands
        await self.measure("return in Telegram", partial(hands.send, house.eve, house.eve, "/back"), self.told(back))
        await hands.send(house.eve, house.eve, "/away 4h")
        confirm = self.press(await self.last("away from now until"), "Confirm: they may not")
        await self.measure("absence confirmed in Telegram", confirm, self.told(again))

    async def send_draft(self) -> None:
        """What was typed where others read is shown back, and sent by a button."""
        house, town, story = self.house, self.house.town, await self.story()
        group = await house.group(town.telegram.new_user("Ben", "ben_s"))
        await town.slack.say(town.kim, house.channel, "@shopbell It is.", thread_ts=story.slack_cards()[0].ts)
        shown = await story.thread_says("To Ann", 20)
        await self.measure("draft sent in Slack", self.click(shown, "Send to Ann"), both(story, "Answered by"))
        story = await self.story()
        await house.swipe(await story.in_telegram(group, 20), "It is.")
        await house.read("To Ann:", group)
        asked = await self.last("To Ann:", group)
        await self.measure("draft sent in Telegram", self.press(asked, "Send to Ann"), both(story, "Answered by"))

    # How.

    def click(self, message: SlackMessage, label: str) -> Do:
        town = self.house.town
        return lambda: town.slack.click(town.sam, self.house.channel, message.ts, label)

    def press(self, message: TelegramMessage, label: str) -> Do:
        return lambda: self.house.press(message, label)

    def told(self, words: str) -> Callable[[], bool]:
        """Whether both chats are told so, by a note."""

        def shown() -> bool:
            heard = self.house.told(self.house.town.kim), self.house.said()
            return all(any(words in said for said in chat) for chat in heard)

        return shown

    async def whispered(self, words: str) -> SlackMessage:
        """What Sam was told last with these words."""
        slack, sam = self.house.town.slack, self.house.town.sam

        def found() -> SlackMessage | None:
            return next((m for m in reversed(slack.ephemerals(sam)) if words in slack_plain(m)), None)

        return await slack.wait(found, words, 20)

    async def last(self, words: str, where: Any = None) -> TelegramMessage:
        """What the bot said last with these words in a chat, Eve's own by default."""
        telegram, house = self.house.town.telegram, self.house

        def found() -> TelegramMessage | None:
            said = [m for m in telegram.messages(where or house.eve) if m.sender.is_bot and words in telegram_plain(m)]
            return said[-1] if said else None

        await telegram.wait(found, words, 20)
        message = found()
        assert message is not None
        return message


def both(story: Story, *words: str) -> Callable[[], bool]:
    """Whether both cards say one of these."""

    def shown() -> bool:
        cards = slack_plain(story.slack_cards()[0]), telegram_plain(story.telegram_cards()[0])
        return all(any(each in card for each in words) for card in cards)

    return shown


@pytest.fixture(scope="module")
def days(engine_url: str) -> Iterator[Days]:
    with pytest.MonkeyPatch.context() as patched, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        yield runner.run(live(engine_url, patched))


async def live(engine_url: str, patched: pytest.MonkeyPatch) -> Days:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    patched.setattr(wiring, "SystemClock", partial(VirtualClock, loop))
    async with AsyncExitStack() as stack:
        far = await stack.enter_async_context(slowly(engine_url, FAR, loop.watch))
        engine = await connect(far)
        stack.push_async_callback(engine.aclose)
        await engine.call("FLUSHALL")
        town = await stack.enter_async_context(a_town("http", "webhook", loop.date))
        inside = await stack.enter_async_context(shopbell(town, town.settings(REDIS_URL=far), Patience()))
        await town.receive()
        days = Days(await Street(town, inside).build(linked=False))
        for happens in (days.link, days.claim, days.send, days.report, days.waive, days.undo):
            await happens()
        for happens in (days.send_draft, days.go_away):
            await happens()
    assert not town.wire.problems()
    return days


@pytest.mark.parametrize("what", WHAT)
def test_both_chats_show_what_a_member_did_while_they_look(days: Days, what: str) -> None:
    """Also where Redis is as far away as another continent."""
    assert 1 <= round(days.taken[what], 2) <= ROUNDS


@pytest.mark.parametrize("what", WHAT)
def test_what_a_member_did_is_acknowledged_once_it_is_safe(days: Days, what: str) -> None:
    """One round trip: the platform hears of it when it is on disk, and before anything is looked up."""
    assert round(days.acknowledged[what], 2) <= ACKNOWLEDGED_IN


def test_everything_that_members_did_is_held_to_it(days: Days) -> None:
    """No story is measured and forgotten."""
    assert sorted(days.taken) == sorted(WHAT)
