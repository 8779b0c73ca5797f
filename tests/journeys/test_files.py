"""Files from chat to the buyer, through the real SDKs: the very bytes arrive, and nothing of the chat's."""

import hashlib

import pytest

from bots.playground.marketplace.state import Fetched
from bots.playground.slack import BOT_TOKEN
from bots.playground.telegram import plain as telegram_plain
from core.store.memory import StoredMemory
from tests.fixtures.house import House, Story
from tests.fixtures.town import BOT

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 939  # 240 kB
OFFER = b"%PDF-1.7 " + b"offer" * 1_000


async def fetched(story: Story, number: int = 1) -> list[Fetched]:
    """What the marketplace fetched of the files of its newest reply, once there are so many."""
    house = story.house
    await house.town.wire.wait(
        lambda: any(len(reply.files) >= number for reply in house.replies(story.key)), f"{number} files fetched"
    )
    return house.replies(story.key)[-1].files


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def assert_nothing_of_ours(found: Fetched) -> None:
    """Neither a token nor an address of the chat's stands in what the marketplace was given."""
    told = f"{found.url} {found.headers}"
    assert not any(secret in told for secret in (BOT_TOKEN, BOT, BOT.partition(":")[2], "slack", "telegram"))


async def test_a_picture_in_a_slack_thread_reaches_the_buyer(house: House) -> None:
    """Mentioned in the card's thread with a file: shown back, sent by a press, fetched whole."""
    await house.buyer_writes("Is it blue?", "c-slack")
    story, slack, sam = house.story("c-slack"), house.town.slack, house.town.sam
    card = await story.in_slack()

    photo = await slack.attach(sam, "photo.png", PHOTO)
    await slack.say(sam, house.channel, "@shopbell Like this one", card.ts, files=[photo])
    question = await story.thread_says("To Ann, with photo.png (240 kB):")
    before = house.replies("c-slack")
    assert await slack.click(sam, house.channel, question.ts, "Send to Ann")
    said = await story.replied()
    (found,) = await fetched(story)

    assert (before, said) == ([], ["Like this one"])
    assert (found.name, found.type, found.status, found.size) == ("photo.png", "image/png", 200, len(PHOTO))
    assert found.digest == digest(PHOTO)
    assert_nothing_of_ours(found)
    await story.both_say("Answered by Sam")
    await story.thread_says("📎 photo.png (240 kB)")


async def test_files_in_slacks_form_go_with_its_words(house: House) -> None:
    """Two of them, in the order in which they were put there."""
    await house.buyer_writes("Is it blue?", "c-form")
    story, slack, kim = house.story("c-form"), house.town.slack, house.town.kim
    card = await story.in_slack()
    files = [
        await slack.attach(kim, "photo.png", PHOTO),
        await slack.attach(kim, "offer.pdf", OFFER, "application/pdf"),
    ]

    assert await slack.click(kim, house.channel, card.ts, "open:reply:0")
    await slack.wait(lambda: slack.view(kim), "the form")
    await slack.submit(kim, None, {"text/typed": "Both of them", "uploads/typed": files})
    await story.replied()
    found = await fetched(story, 2)

    assert [(each.name, each.digest) for each in found] == [
        ("photo.png", digest(PHOTO)),
        ("offer.pdf", digest(OFFER)),
    ]


async def test_a_photo_that_answers_the_card_in_telegram_reaches_the_buyer(house: House) -> None:
    """With its caption as the words; in a private chat it is meant for the buyer."""
    await house.buyer_writes("Is it blue?", "c-photo")
    story = house.story("c-photo")
    card = await story.in_telegram()

    await house.town.telegram_stand_in.hands.send_photo(house.eve, card.chat, "Like this", reply_to=card, data=PHOTO)
    said = await story.replied()
    (found,) = await fetched(story)

    assert said == ["Like this"]
    assert (found.name, found.type, found.digest) == ("photo.jpg", "image/jpeg", digest(PHOTO))
    assert_nothing_of_ours(found)
    await story.both_say("Answered by Eve")
    await story.below_says("📎 photo.jpg (240 kB)")


async def test_a_file_answers_telegrams_prompt(house: House) -> None:
    """Reply was pressed, and the answer to the question is a document with words."""
    await house.buyer_writes("What does it cost?", "c-prompt")
    story, telegram = house.story("c-prompt"), house.town.telegram
    card = await story.in_telegram()
    await house.press(card, "Reply")
    prompt = await telegram.wait(
        lambda: next((m for m in telegram.messages(house.eve) if (m.markup or {}).get("force_reply")), None),
        "the prompt",
    )

    assert prompt is not None
    await house.town.telegram_stand_in.hands.send_document(
        house.eve, prompt.chat, "Offer ✓.pdf", OFFER, caption="All in here", reply_to=prompt
    )
    said = await story.replied()
    (found,) = await fetched(story)

    assert (said, found.name, found.digest) == (["All in here"], "Offer ✓.pdf", digest(OFFER))


async def test_a_group_is_shown_its_picture_back(house: House) -> None:
    """Where others read, nothing leaves without Send; kept as a note it never does."""
    group = await house.group()
    await house.buyer_writes("Is it blue?", "c-group")
    story, telegram = house.story("c-group"), house.town.telegram
    card = await story.in_telegram(group)

    await house.town.telegram_stand_in.hands.send_photo(house.eve, group, "For Ann?", reply_to=card, data=PHOTO)
    await house.read("To Ann, with photo.jpg (240 kB):", group)
    question = next(m for m in telegram.messages(group) if "To Ann, with" in telegram_plain(m))
    await house.press(question, "Keep as note")
    await house.read("Kept as a note, with photo.jpg (240 kB). Nothing was sent to Ann.", group)

    assert house.replies("c-group") == []


async def test_an_album_is_refused_with_a_word(house: House) -> None:
    """Once for all of its pictures, and none of them leaves."""
    await house.buyer_writes("Is it blue?", "c-album")
    story = house.story("c-album")
    card = await story.in_telegram()
    hands = house.town.telegram_stand_in.hands

    for number in range(3):
        await hands.send_photo(house.eve, card.chat, "All" if not number else "", reply_to=card, album="77")
    await hands.send_sticker(house.eve, card.chat, reply_to=card)
    await house.read("only words, pictures, videos and files can go to a buyer")

    assert sum("an album arrives here as single messages" in said for said in house.said()) == 1
    assert house.replies("c-album") == []


async def test_what_telegram_gives_no_bot_is_refused_before_it_is_sent(house: House) -> None:
    """Twenty megabytes are Telegram's own limit, whatever the marketplace takes."""
    await house.buyer_writes("Is it blue?", "c-large")
    story = house.story("c-large")
    card = await story.in_telegram()

    await house.town.telegram_stand_in.hands.send_document(
        house.eve, card.chat, "film.mp4", bytes(20_100_000), mime="video/mp4", reply_to=card
    )
    await house.read("film.mp4 has 20.1 MB; at most 20 MB can go to Example Market from here.")

    assert house.replies("c-large") == []


async def test_slack_without_the_scope_says_what_to_do(house: House) -> None:
    """A file is not silently left out of a reply; the form does not ask for any."""
    await house.buyer_writes("Is it blue?", "c-scope")
    story, slack, sam = house.story("c-scope"), house.town.slack, house.town.sam
    card = await story.in_slack()
    await _forget_scopes(house)
    slack.workspace.scopes.discard("files:read")
    try:
        photo = await slack.attach(sam, "photo.png", PHOTO)
        await slack.say(sam, house.channel, "@shopbell Like this one", card.ts, files=[photo])
        await story.thread_says("Whoever runs it adds files:read")
        assert await slack.click(sam, house.channel, card.ts, "open:reply:0")
        await slack.wait(lambda: slack.view(sam), "the form")
        view = slack.view(sam)
    finally:
        slack.workspace.scopes.add("files:read")
        await _forget_scopes(house)

    assert view is not None
    assert "uploads" not in [block["block_id"] for block in view.blocks]
    assert house.replies("c-scope") == []


async def _forget_scopes(house: House) -> None:
    """As five minutes do."""
    await StoredMemory(house.deps.store, "slack").take("slack/scopes")


async def test_a_file_deleted_in_slack_is_told_to_both_sides(house: House) -> None:
    """The marketplace asks again later: 410, and the members read what to do."""
    await house.buyer_writes("Is it blue?", "c-gone")
    story, slack, sam = house.story("c-gone"), house.town.slack, house.town.sam
    card = await story.in_slack()
    front = house.town.market.front(house.name)
    front.fetches = False
    photo = await slack.attach(sam, "photo.png", PHOTO)
    await slack.say(sam, house.channel, "@shopbell Like this", card.ts, files=[photo])
    question = await story.thread_says("To Ann, with photo.png")
    assert await slack.click(sam, house.channel, question.ts, "Send to Ann")
    await story.replied()

    await slack.delete_file(photo["id"])
    (reply,) = house.replies("c-gone")
    await house.town.market.fetch(reply)

    assert [(each.status, each.digest) for each in reply.files] == [(410, "")]
    await house.heard(sam, "could not fetch photo.png, which is attached to a reply")
    await house.read("could not fetch photo.png, which is attached to a reply")
