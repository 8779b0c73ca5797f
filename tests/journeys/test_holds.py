"""Holds in both chats: Undo and Edit where the reply was written, and a question to whoever wrote what stopped."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.holds import DEFAULT_HOLD
from core.services.terms import set_terms
from tests.fixtures.house import House, Story

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def asked(house: House, conversation: str, hold: int = DEFAULT_HOLD) -> Story:
    await set_terms(house.deps, house.seller, hold=hold)
    await house.buyer_writes("Is it blue?", conversation)
    story = house.story(conversation)
    await story.both()
    return story


async def test_undo_in_slack_gives_the_text_back_and_nothing_leaves(house: House) -> None:
    """The other chat's card says that Kim answers, and then that nobody does."""
    story, slack = await asked(house, "c-undo"), house.town.slack

    await house.fill_in(house.town.kim, house.channel, await story.in_slack(), "Yes, you fool.")
    held = await house.heard(house.town.kim, "Sending to Ann in 8 s.")
    await story.telegram_says("Kim is answering: it goes to Example Market in a few seconds")
    assert await slack.click(house.town.kim, house.channel, held.ts, "Undo")
    await house.heard(house.town.kim, "Taken back: nothing was sent to Ann.")
    await story.both_say("Answer by")

    assert any("Yes, you fool." in said for said in house.told(house.town.kim))
    assert house.replies("c-undo") == []


async def test_edit_in_slack_opens_the_form_with_the_text(house: House) -> None:
    """What is sent are the new words alone."""
    story, slack = await asked(house, "c-edit", hold=1_000), house.town.slack
    kim = house.town.kim
    await house.fill_in(kim, house.channel, await story.in_slack(), "Yes, sky bleu.")
    held = await house.heard(kim, "Sending to Ann in 1 s.")

    assert await slack.click(kim, house.channel, held.ts, "Edit")
    view = await slack.wait(lambda: slack.view(kim), "the form")
    await slack.submit(kim, None, {"text/typed": "Yes, sky blue."})
    await house.heard(kim, "Changed. Sending to Ann in 1 s.")

    assert view.given["title"]["text"] == "Change your reply"
    assert "Yes, sky bleu." in str(view.given["blocks"])
    assert await story.replied() == ["Yes, sky blue."]


async def test_a_message_changed_in_telegram_changes_what_is_held(house: House) -> None:
    """Later it is too late, and the bot says so."""
    story, hands = await asked(house, "c-amend", hold=1_000), house.town.telegram_stand_in.hands
    typed = await house.swipe(await story.in_telegram(), "Yes, sky bleu.")
    await house.read("Sending to Ann in 1 s.")

    await hands.edit(house.eve, house.eve, typed.id, "Yes, sky blue.")
    await house.read("Changed. Sending to Ann in 1 s.")
    sent = await story.replied()
    await story.both_say("Answered by Eve")
    await hands.edit(house.eve, house.eve, typed.id, "No.")
    await house.read("Already sent: Ann has it. You can send a correction.")

    assert sent == ["Yes, sky blue."]


async def test_undo_in_telegram_stands_in_place_of_the_question(house: House) -> None:
    """And pressed twice it says the same."""
    story, town = await asked(house, "c-back"), house.town
    await house.swipe(await story.in_telegram(), "Yes, you fool.")
    await house.read("Sending to Ann in 8 s.")
    shown = next(m for m in town.telegram.messages(house.eve) if "Sending to Ann" in telegram_plain(m))
    buttons = labels(shown)

    await house.press(shown, "Undo")
    await town.wire.wait(lambda: "Taken back: nothing was sent to Ann." in telegram_plain(shown), "the text back")
    await story.both_say("Answer by")

    assert buttons == ["Undo", "Edit"]
    assert "Yes, you fool." in telegram_plain(shown)
    assert house.replies("c-back") == []


async def test_typed_in_telegram_stopped_by_the_buyer_and_sent_from_slack(house: House) -> None:
    """Both chats ask; decided in one, the other's card follows."""
    story, town = await asked(house, "c-stop"), house.town
    await house.swipe(await story.in_telegram(), "Yes.")
    await house.read("Sending to Ann in 8 s.")

    await house.buyer_writes("Or rather green?", "c-stop")
    below = await story.below_says("Ann wrote again before this reply of Eve left.")
    note = await story.thread_says("Ann wrote again before this reply of Eve left.")
    before = house.replies("c-stop")
    assert await town.slack.click(town.sam, house.channel, note.ts, "Send anyway")
    await story.both_say("Answered by Eve")
    await house.press(below, "Do not send")
    await town.wire.wait(lambda: "Already sent: Ann has it." in telegram_plain(below), "the late press")

    assert before == []
    assert await story.replied() == ["Yes."]
    assert "Send anyway" not in slack_plain(note)


async def test_the_second_answer_is_asked_about_and_keeps_its_text(house: House) -> None:
    """Eve answered from her phone while Kim wrote in Slack."""
    story, town = await asked(house, "c-second", hold=0), house.town
    card = await story.in_slack()
    assert await town.slack.click(town.kim, house.channel, card.ts, "open:reply:0")
    await town.slack.wait(lambda: town.slack.view(town.kim), "the form")

    await house.swipe(await story.in_telegram(), "Yes.")
    await story.both_say("Answered by Eve")
    await town.slack.submit(town.kim, None, {"text/typed": "Sky blue."})
    question = await story.thread_says("send Ann this as well?")
    before = [reply.text for reply in house.replies("c-second")]
    assert await town.slack.click(town.kim, house.channel, question.ts, "Send as well")

    assert slack_plain(question).startswith("Eve answered ")
    assert before == ["Yes."]
    assert await story.replied(2) == ["Yes.", "Sky blue."]


async def test_a_correction_is_shown_as_one_in_both_chats(house: House) -> None:
    """Asked for in Telegram, by the card's own button."""
    story, town = await asked(house, "c-correct", hold=0), house.town
    card = await story.in_telegram()
    await house.swipe(card, "Yes, sky bleu.")
    await story.both_say("Answered by Eve")

    await house.press(card, "Send a correction")
    await house.read("Ann has this already. What you write here is sent as a new message.")
    prompt = next(m for m in town.telegram.messages(house.eve) if "Ann has this already" in telegram_plain(m))
    await house.swipe(prompt, "Yes, sky blue.")
    await story.both_say("Corrected by Eve")
    await story.thread_says("A correction was sent to Ann by Eve.")

    assert await story.replied(2) == ["Yes, sky bleu.", "Yes, sky blue."]
