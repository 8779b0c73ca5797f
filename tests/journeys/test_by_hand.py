"""A shop that takes no replies: the member copies, pastes on the site and says so; and what else the site tells us."""

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import links as slack_links
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import buttons, labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, Story, Street

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = "Yes, <b>blue</b> & 5 > 3.\nSee you"


@pytest_asyncio.fixture(loop_scope="module")
async def shut(street: Street) -> House:
    """A seller whose marketplace has no door for replies."""
    await street.rest()
    return await street.build(callback=False)


async def asked(house: House) -> tuple[Story, SlackMessage, TelegramMessage]:
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    slack, telegram = await story.both()
    return story, slack, telegram


async def to_copy(story: Story) -> SlackMessage:
    return await story.thread_says("takes no replies from Shopbell")


async def test_in_slack_the_text_is_given_to_copy_and_nothing_shows_as_sent_before_it_is(shut: House) -> None:
    """The text to the letter, the way to the site, and Done; only that press answers, by the presser's word."""
    town = shut.town
    story, card, _ = await asked(shut)

    await shut.fill_in(town.kim, shut.channel, card, WORDS)
    given = await to_copy(story)
    code = next(block["text"]["text"] for block in given.blocks if block["block_id"].startswith("copy0"))
    way = slack_links(given)
    await story.both_say("Nothing is sent until that is confirmed.")
    before = await story.sight()
    shown_before = [*shut.told(town.kim), *shut.said()]
    assert await town.slack.click(town.sam, shut.channel, given.ts, "Done on the site")
    await story.both_say("Answered by Sam")
    receipt = await story.thread_says("says this was sent to Ann on the site")
    await story.below_says("says this was sent to Ann on the site")
    after = await story.sight()

    assert code == "```\nYes, &lt;b&gt;blue&lt;/b&gt; &amp; 5 &gt; 3.\nSee you\n```"
    assert way == ["https://market.example/inbox/c-1"]
    assert "By Sam's word." in slack_plain(story.slack_cards()[0])
    assert "Sam says" in slack_plain(receipt)
    assert before is not None
    assert after is not None
    assert (len(before.obligations), len(after.obligations)) == (1, 0)
    assert not any("Answered by" in said or "Sent to" in said for said in shown_before)
    assert shut.replies() == []


async def test_in_telegram_one_tap_copies(shut: House) -> None:
    """The same by a swipe: a button that copies, a link to the site, and Done."""
    story, _, card = await asked(shut)

    await shut.swipe(card, WORDS)
    given = await shut.town.telegram.wait(
        lambda: next(
            (m for m in shut.town.telegram.messages(shut.eve) if "takes no replies" in telegram_plain(m)), None
        ),
        "the text to copy",
    )
    assert given is not None
    copied = [button.copy for button in buttons(given) if button.copy]
    way = [button.url for button in buttons(given) if button.url]
    await shut.press(given, "Done on the site")
    await story.slack_says("Answered by Eve")
    await story.thread_says("Eve says this was sent to Ann on the site")

    assert (copied, way) == ([WORDS], ["https://market.example/inbox/c-1"])
    assert WORDS in telegram_plain(given) or "Noted" in telegram_plain(given)
    assert labels(given) == []


async def test_the_card_too_has_done(shut: House) -> None:
    """For whoever closed the other message; pressed twice it is done once."""
    town = shut.town
    story, card, _ = await asked(shut)
    await shut.fill_in(town.kim, shut.channel, card, "Yes")
    await story.slack_says("Done on the site")

    assert await town.slack.click(town.sam, shut.channel, card.ts, "Done on the site")
    given = await to_copy(story)
    assert await town.slack.click(town.sam, shut.channel, given.ts, "Done on the site")
    await story.slack_says("Answered by Sam")
    await story.below_says("says this was sent")

    assert len([m for m in story.below() if "says this was sent" in telegram_plain(m)]) == 1


async def test_the_site_itself_may_say_that_it_stands_there(shut: House) -> None:
    """message.sent with the same text settles it without a press; it is one answer, not two."""
    story, card, _ = await asked(shut)
    await shut.fill_in(shut.town.kim, shut.channel, card, "Yes")
    await to_copy(story)

    told = await shut.town.market.answer_on_site(shut.name, "Yes", conversation="c-1")
    await story.slack_says("Answered by Kim")
    await story.thread_says("Sent to Ann by Kim")

    assert told.results == ["accepted"]
    assert "By Kim's word" not in slack_plain(story.slack_cards()[0])
    assert [m.text for m in await story.kept()] == ["Is it blue?", "Yes"]


async def test_an_answer_on_the_site_settles_both_cards(house: House) -> None:
    """Somebody answered there, in other words than anybody typed here."""
    story, _, _ = await asked(house)

    await house.town.market.answer_on_site(house.name, "Yes, it is.", conversation="c-1")
    await story.both_say("Answered on the site")
    said = await story.thread_says("Answered on the site")
    await story.below_says("Yes, it is.")
    sight = await story.sight()

    assert "Yes, it is." in slack_plain(said)
    assert sight is not None
    assert sight.obligations == ()


async def test_what_the_buyer_changes_shows(house: House) -> None:
    """An edit redraws the card and says so below it; a deletion takes the words away from both."""
    story, _, _ = await asked(house)
    market = house.town.market
    message = market.conversation(house.name, "c-1")[0].id

    await market.edit(house.name, message, "Is it green?", conversation="c-1")
    await story.both_say("Is it green?")
    edited = (await story.thread_says("Ann changed a message:"), await story.below_says("Ann changed a message:"))
    await market.delete(house.name, message, conversation="c-1")
    await story.both_say("(the buyer deleted this message)")
    await story.thread_says("Ann deleted a message.")
    await story.below_says("Ann deleted a message.")

    assert "Is it green?" in slack_plain(edited[0])
    assert "Is it green?" in telegram_plain(edited[1])
    cards = (slack_plain(story.slack_cards()[0]), telegram_plain(story.telegram_cards()[0]))
    assert not any("blue" in card or "green" in card for card in cards)


async def test_history_fills_without_ringing(house: House) -> None:
    """The import of the first day posts nothing; when the buyer writes again, the form's card knows the buyer."""
    day = datetime.now(tz=UTC) - timedelta(days=20)
    for number in range(3):
        at = (day + timedelta(hours=number)).isoformat()
        await house.buyer_writes(f"Old {number}", "c-1", history=True, sent_at=at)
    await house.buyer_writes("Hello", "c-2", "Bea")
    await house.story("c-2").both()
    silent = house.story("c-1").slack_cards(), house.story("c-1").telegram_cards()
    await house.buyer_writes("New", "c-1")
    slack, telegram = await house.story("c-1").both()
    sight = await house.story("c-1").sight()

    assert silent == ([], [])
    assert "New" in slack_plain(slack)
    assert not any("Old" in shown for shown in (slack_plain(slack), telegram_plain(telegram)))
    assert sight is not None
    assert [message.text for message in sight.messages] == ["Old 0", "Old 1", "Old 2", "New"]
    assert len(sight.obligations) == 1


async def test_a_room_linked_late_can_answer_what_was_owed(street: Street) -> None:
    """It is shown the open conversation, and its reply arrives; what was answered stays out of its way."""
    await street.rest()
    house = await street.build(linked=False)
    await house.link_telegram()
    for number in range(3):
        await house.buyer_writes("Is it blue?", f"c-{number}")
    await house.swipe(await house.story("c-0").in_telegram(), "Yes")
    await house.story("c-0").below_says("Sent to Ann by Eve")

    await house.link_slack()
    cards = [await house.story(f"c-{number}").in_slack() for number in (1, 2)]
    await house.fill_in(street.town.sam, house.channel, cards[0], "Navy")

    assert await house.story("c-1").replied() == ["Navy"]
    assert house.story("c-0").slack_cards() == []
