"""Spam in both chats: reported in one and seen in the other, undone there, refused in the marketplace's words."""

import asyncio

import pytest

from bots.playground.faults import Fault
from bots.playground.marketplace import Report
from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.holds import LONGEST_HOLD
from core.services.terms import set_terms
from tests.fixtures.house import House, Story

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def spam(house: House, conversation: str, text: str = "Buy followers!") -> Story:
    """A buyer's message on both cards."""
    await house.buyer_writes(text, conversation)
    story = house.story(conversation)
    await story.both()
    return story


async def click(house: House, message: SlackMessage, label: str) -> None:
    assert await house.town.slack.click(house.town.sam, house.channel, message.ts, label)


async def report_in_slack(house: House, story: Story) -> None:
    await click(house, story.slack_cards()[0], "More…")
    await click(house, await house.heard(house.town.sam, "What shall become of"), "Report spam")
    await click(house, await house.heard(house.town.sam, "Why is "), "Scam or phishing")


async def report_in_telegram(house: House, story: Story) -> None:
    await house.press(story.telegram_cards()[0], "More…")
    await house.read("What shall become of")
    await house.press(last(house, "What shall become of"), "Report spam")
    await house.read("Why is ")
    await house.press(last(house, "Why is "), "Advertising")


async def test_what_is_reported_in_slack_is_seen_and_undone_in_telegram(house: House) -> None:
    """The marketplace hears of both; the card in Slack is open again."""
    story = await spam(house, "c-slack")

    await report_in_slack(house, story)
    await story.both_say("Reported as spam by Sam")
    shown = house.town.market.conversation(house.name, "c-slack")[0].spam
    await house.press(story.telegram_cards()[0], "Not spam")
    await house.read("is no spam any more. Answer by")
    await story.both_say("Answer by")

    (reported, withdrawn) = await told(house, "c-slack", 2)
    assert shown
    assert (reported.reason, reported.reporter, reported.withdrawn) == ("scam", "Sam", False)
    assert (withdrawn.reporter, withdrawn.withdrawn) == ("Eve", True)
    assert not house.town.market.conversation(house.name, "c-slack")[0].spam


async def test_what_is_reported_in_telegram_is_seen_in_slack(house: House) -> None:
    """By the same presses; the thread below Slack's card has the receipt."""
    story = await spam(house, "c-telegram")

    await report_in_telegram(house, story)
    await story.both_say("Reported as spam by Eve")
    await story.thread_says("has the spam report of Ann's message by Eve")

    (report,) = await told(house, "c-telegram", 1)
    assert (report.reason, report.reporter) == ("advertising", "Eve")
    assert "Not spam" in labels(story.telegram_cards()[0])


async def test_the_command_takes_the_card_that_it_answers(house: House) -> None:
    """In Telegram as an answer to the card; in Slack, where commands have no place in threads, by buttons."""
    hands, story = house.town.telegram_stand_in.hands, await spam(house, "c-command")

    await hands.send(house.eve, house.eve, "/spam", reply_to=story.telegram_cards()[0])
    await house.read("Why is Ann's message spam?")
    await house.town.slack.command(house.town.sam, house.channel, "/shopbell", "spam")
    which = await house.heard(house.town.sam, "Which message is it?")
    await click(house, which, "Ann")
    await click(house, await house.heard(house.town.sam, "Why is Ann"), "Abuse")
    await story.both_say("Reported as spam by Sam")

    assert [report.reason for report in await told(house, "c-command", 1)] == ["abuse"]


async def test_a_refusal_is_shown_in_both_chats_and_the_duty_stands(house: House) -> None:
    """In the marketplace's own words, quoted."""
    refusal = {"title": "no", "detail": "We see *no* spam there."}
    refused = Fault("marketplace", "callback", where={"conversation": "c-no"}, status=422, body=refusal, times=1)
    house.town.faults.add(refused)
    story = await spam(house, "c-no")

    await report_in_slack(house, story)
    await story.below_says("We see *no* spam there.")
    await story.both_say("We see *no* spam there.")

    assert await told(house, "c-no", 0) == []
    assert "Answer by" in slack_plain(story.slack_cards()[0])


async def test_a_report_in_one_chat_races_a_report_in_the_other(house: House) -> None:
    """One report, and the second is told who was first."""
    story = await spam(house, "c-race")
    await click(house, story.slack_cards()[0], "More…")
    await click(house, await house.heard(house.town.sam, "What shall become of"), "Report spam")
    await house.press(story.telegram_cards()[0], "More…")
    await house.read("What shall become of")
    await house.press(last(house, "What shall become of"), "Report spam")
    await house.read("Why is ")
    asked = await house.heard(house.town.sam, "Why is ")

    await asyncio.gather(click(house, asked, "Abuse"), house.press(last(house, "Why is "), "Advertising"))
    await story.both_say("Reported as spam by")
    await house.town.wire.wait(
        lambda: any("reported Ann's message already" in said for said in said_to_all(house)), "one to be told"
    )

    assert len(await told(house, "c-race", 1)) == 1


async def test_what_is_typed_in_one_chat_is_reported_in_the_other(house: House) -> None:
    """The reply that is held is given back to its author, and the marketplace has the report alone."""
    await set_terms(house.deps, house.seller, hold=LONGEST_HOLD)
    story = await spam(house, "c-typed")

    await house.swipe(story.telegram_cards()[0], "No, thanks.")
    await story.both_say("Eve")
    await report_in_slack(house, story)
    await story.both_say("Reported as spam by Sam")
    note = await story.below_says("Sam reported the message as spam. Eve, your text is below.")

    assert "No, thanks." in telegram_plain(note)
    assert house.replies("c-typed") == []
    assert len(await told(house, "c-typed", 1)) == 1


async def test_no_answer_needed_is_said_in_one_chat_and_undone_in_the_other(house: House) -> None:
    """It still counts by these rules: the button says so, and asks once."""
    story = await spam(house, "c-thanks", "Thanks!")

    await house.press(story.telegram_cards()[0], "More…")
    await house.read("What shall become of")
    menu = last(house, "What shall become of")
    hide = next(label for label in labels(menu) if label.startswith("Hide: still counts at "))
    await house.press(menu, hide)
    await house.read("Hide it all the same?")
    await house.press(last(house, "Hide it all the same?"), "Hide it")
    await story.both_say("Eve says that no answer is needed")
    await click(house, story.slack_cards()[0], "Needs an answer")
    await story.both_say("Answer by")

    assert "It still counts at" not in telegram_plain(story.telegram_cards()[0])


async def test_a_blocked_buyer_is_marked_in_both_chats(house: House) -> None:
    """And unblocked from the list."""
    story = await spam(house, "c-block")

    await click(house, story.slack_cards()[0], "More…")
    await click(house, await house.heard(house.town.sam, "What shall become of"), "Block Ann")
    await story.both_say("blocked")
    await house.town.slack.command(house.town.sam, house.channel, "/shopbell", "spam blocked")
    await click(house, await house.heard(house.town.sam, "Blocked buyers"), "Unblock Ann")
    await house.heard(house.town.sam, "Ann is not blocked any more.")


def last(house: House, words: str) -> TelegramMessage:
    shown = house.town.telegram.messages(house.eve)
    return next(m for m in reversed(shown) if m.sender.is_bot and words in telegram_plain(m))


def said_to_all(house: House) -> list[str]:
    return [*house.told(house.town.sam), *house.said()]


async def told(house: House, conversation: str, number: int) -> list[Report]:
    """What the marketplace was told of spam, once it was so much."""

    def found() -> list[Report] | None:
        reports = [each for each in house.town.market.reports(house.name) if each.conversation == conversation]
        return reports if len(reports) == number else None

    if number == 0:
        return found() or []
    return await house.town.wire.wait(found, f"{number} reports of {conversation}")
