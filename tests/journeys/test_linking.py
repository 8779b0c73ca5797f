"""How a chat becomes a seller's: by both doors, for whom, how it rings, and how it ends."""

import asyncio

import pytest

from bots.playground.slack import pings as slack_pings
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import labels
from bots.playground.telegram import pings as telegram_pings
from bots.playground.telegram import plain as telegram_plain
from core.domain.members import Identity, Role
from core.store.members import read_role
from core.store.rooms import rooms_of
from tests.fixtures.house import House, Street

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVALID = "This code is not valid"


async def command(house: House, who: str, text: str, channel: str = "") -> None:
    await house.town.slack.command(who, channel or house.channel, "/shopbell", text)


async def test_who_redeems_the_first_code_is_the_owner(street: Street) -> None:
    """In Slack by the command, in Telegram by the deep link; the second to come is told of no ownership."""
    house = await street.build(linked=False)

    await house.link_telegram()
    await house.link_slack()

    (first,) = [said for said in house.said() if "Linked" in said]
    (second,) = [said for said in house.told(house.town.sam) if "Linked" in said]
    assert f"Messages for Seller {house.name.removeprefix('shop-')} ring here from now on." in first
    assert "You are its owner." in first
    assert "Linked." in second
    assert "owner" not in second


async def test_a_group_is_linked_by_a_command_in_it(house: House) -> None:
    """And gets the next card like every other room."""
    group = await house.group()

    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").both()
    card = await house.story("c-1").in_telegram(group)

    assert "Reply to Ann" in labels(card)


async def test_a_public_channel_asks_who_may_answer_and_obeys(street: Street) -> None:
    """Everyone can walk in: until the owner says so, only people with a role answer; nobody else may say so."""
    house = await street.build(linked=False, kind="public")
    town, sam, kim = street.town, street.town.sam, street.town.kim
    await house.link_slack()
    question = await house.heard(sam, "Who may answer buyers from here?")
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()

    await town.slack.click(kim, house.channel, question.ts, "Everyone here may answer")
    await town.slack.click(kim, house.channel, card.ts, "Reply to Ann")
    await town.slack.wait(lambda: sum("You may not" in said for said in house.told(kim)) == 2, "two refusals")
    await town.slack.click(sam, house.channel, question.ts, "Only people I pick")
    await house.heard(sam, "Only people with a role of this seller may answer buyers.")
    await town.slack.click(kim, house.channel, card.ts, "Reply to Ann")
    await town.slack.wait(lambda: sum("You may not" in said for said in house.told(kim)) == 3, "another refusal")
    await house.fill_in(sam, house.channel, card, "Yes")
    assert await house.story("c-1").replied() == ["Yes"]

    await town.slack.click(sam, house.channel, question.ts, "Everyone here may answer")
    await house.heard(sam, "Everyone in this channel may answer buyers.")
    await house.fill_in(kim, house.channel, card, "Navy")

    assert await house.story("c-1").replied(2) == ["Yes", "Navy"]


async def test_each_member_chooses_how_it_rings_in_slack(house: House) -> None:
    """Who links is mentioned; then directly, then not at all; each from the next message on."""
    town, sam = house.town, house.town.sam
    direct = town.slack.direct(sam).id

    await house.buyer_writes("One", "c-1")
    mentioned = await house.story("c-1").in_slack()
    await command(house, sam, "ring")
    question = await house.heard(sam, "How shall a new message call you")
    await town.slack.click(sam, house.channel, question.ts, "Message me directly")
    await house.heard(sam, "New messages come to you directly as well.")
    await house.buyer_writes("Two", "c-2", "Bea")
    card = await house.story("c-2").in_slack()
    await town.slack.wait(lambda: any("Bea" in said for said in house.told(sam, direct)), "a direct message")
    await town.slack.click(sam, house.channel, question.ts, "Stay quiet")
    await house.heard(sam, "New messages stay quiet for you.")
    await house.buyer_writes("Three", "c-3", "Cleo")
    quiet = await house.story("c-3").in_slack()
    await house.buyer_writes("More", "c-3", "Cleo")
    await house.story("c-3").thread_says("More")

    assert slack_pings(mentioned) == [f"<@{sam}>"] * 2  # on the card, and in the text that is read out
    assert slack_pings(card) == slack_pings(quiet) == []
    (told,) = [said for said in house.told(sam, direct) if "waits for an answer" in said]
    assert "Bea" in told
    assert "[Open the card]" in told


async def test_each_member_chooses_how_it_rings_in_telegram(house: House) -> None:
    """In a group: a mention, then a message in private with the way to the card, then nothing."""
    hands, town = house.town.telegram_stand_in.hands, house.town
    group = await house.group(supergroup=True)
    linked = next(m for m in town.telegram.messages(group) if "Linked" in (m.text or ""))

    await house.buyer_writes("One", "c-1")
    mentioned = await house.story("c-1").in_telegram(group)
    await hands.press(house.eve, group, linked.id, "Message me directly")
    await house.read("New messages come to you directly", group)
    await house.buyer_writes("Two", "c-2", "Bea")
    card = await house.story("c-2").in_telegram(group)
    await house.read("Bea · Example Market waits for an answer.")
    await hands.press(house.eve, group, linked.id, "Stay quiet")
    await house.read("New messages stay quiet for you.", group)
    await house.buyer_writes("Three", "c-3", "Cleo")
    quiet = await house.story("c-3").in_telegram(group)

    assert telegram_pings(mentioned) == ["Eve"]
    assert telegram_pings(card) == telegram_pings(quiet) == []
    assert not any("Cleo · Example Market waits" in said for said in house.said())


async def test_a_code_is_an_invitation_where_the_channel_is_linked(street: Street) -> None:
    """Only people whom the owner picks may answer: with a code of theirs, typed there, Kim is one, and once."""
    house = await street.build(linked=False, kind="public")
    town, sam, kim = street.town, street.town.sam, street.town.kim
    await house.link_slack()
    owner = Identity("slack", town.slack.workspace.id, sam)
    question = await house.heard(sam, "Who may answer buyers from here?")
    await town.slack.click(sam, house.channel, question.ts, "Only people I pick")
    await house.heard(sam, "Whoever types /shopbell link CODE here, with a code of shopbell link, gets one.")
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    await town.slack.click(kim, house.channel, card.ts, "Reply to Ann")
    await house.heard(kim, "Ask an owner of this seller for a code")
    code = await house.code()

    await command(house, kim, f"link {code}")
    await house.heard(kim, "You act for Seller")
    await command(house, sam, f"link {await house.code(Role.VIEWER)}")
    await house.heard(sam, "already linked to")
    await house.fill_in(kim, house.channel, card, "Navy")
    other = town.slack.add_channel(f"other-{house.name}", town.sam, kind="private")
    await command(house, sam, f"link {code}", other)
    await house.heard(sam, INVALID, other)

    assert await house.story("c-1").replied() == ["Navy"]
    assert await read_role(house.deps.store, house.seller, owner) is Role.OWNER


async def test_a_code_works_once(house: House) -> None:
    """In another chat it is not valid any more; where it was used it changes nothing."""
    town, sam = house.town, house.town.sam
    code = await house.code()
    second = town.slack.add_channel("second", sam, kind="private")
    third = town.slack.add_channel("third", sam, kind="private")

    await command(house, sam, f"link {code}", second)
    await house.heard(sam, "Linked.", second)
    await command(house, sam, f"link {code}", third)
    await house.heard(sam, INVALID, third)
    await command(house, sam, f"link {await house.code()}", second)
    await house.heard(sam, "already linked to", second)
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_slack(second)

    assert house.story("c-1").slack_cards(third) == []
    assert len(house.story("c-1").slack_cards(second)) == 1


async def test_an_old_code_is_not_valid(street: Street) -> None:
    """Its time is over: the same sentence as for one that never was."""
    house = await street.build(linked=False)
    code = await house.code(lifetime=1)
    await asyncio.sleep(0.01)

    await command(house, street.town.sam, f"link {code}")
    await house.town.telegram_stand_in.hands.start(house.eve, code)
    await house.heard(street.town.sam, INVALID)
    await house.read(INVALID)


async def test_five_wrong_guesses_close_the_door(street: Street) -> None:
    """In that chat for ten minutes, for the right code too, which stays good elsewhere."""
    house = await street.build(linked=False)
    town, sam = street.town, street.town.sam
    code = await house.code()

    for number in range(5):
        await command(house, sam, f"link {code[:-1]}{'abcde'[number]}{number}")
    await town.slack.wait(lambda: sum(INVALID in said for said in house.told(sam)) == 5, "five refusals")
    await command(house, sam, f"link {code}")
    await house.heard(sam, "Too many wrong codes from this chat.")
    await town.telegram_stand_in.hands.start(house.eve, code)
    await house.read("Linked.")


async def test_a_code_is_not_spent_on_a_channel_that_we_cannot_post_in(street: Street) -> None:
    """The command works everywhere in Slack; the bot is asked in first, then the same code links."""
    house = await street.build(linked=False)
    town, sam = street.town, street.town.sam
    outside = town.slack.add_channel("outside", sam, kind="private", bot=False)
    code = await house.code()

    await command(house, sam, f"link {code}", outside)
    await house.heard(sam, "Type /invite @Shopbell here", outside)
    await town.slack.join(town.slack.bot, outside)
    await command(house, sam, f"link {code}", outside)
    await house.heard(sam, "Linked.", outside)


async def test_a_chat_belongs_to_one_seller(street: Street, house: House) -> None:
    """Another seller's code is refused without naming the first, and is good elsewhere still."""
    town, sam = street.town, street.town.sam
    other = await street.build(linked=False)
    code = await other.code()

    await command(house, sam, f"link {code}")
    refusal = await house.heard(sam, "already belongs to a seller")
    await other.buyer_writes("Is it blue?", "c-1")
    await house.buyer_writes("Hello", "c-2")
    await house.story("c-2").in_slack()

    assert "Seller" not in slack_plain(refusal)
    assert other.story("c-1").slack_cards(house.channel) == []
    assert [said for said in house.told(town.kim) if "blue" in said] == []


async def test_only_an_owner_unlinks(house: House) -> None:
    """Asked once. Then nothing more is shown there, and another seller may have the chat."""
    town = house.town

    await command(house, town.kim, "unlink")
    await house.heard(town.kim, "You may not")
    await command(house, town.sam, "unlink")
    asked = await house.heard(town.sam, "Unlink this chat from ")
    assert await town.slack.click(town.sam, house.channel, asked.ts, "Unlink this chat")
    await house.heard(town.sam, "Unlinked. Nothing more is shown here;")
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_telegram()
    await command(house, town.sam, "status")
    await house.heard(town.sam, "This chat is not linked to a seller yet.")

    assert house.story("c-1").slack_cards() == []


async def test_in_telegram_it_is_asked_before_a_chat_is_unlinked(house: House) -> None:
    """Kept by the second button, ended by the first; the chat stays silent from then on."""
    hands, store = house.town.telegram_stand_in.hands, house.deps.store
    await hands.send(house.eve, house.eve, "/unlink")
    await house.read("may not")
    await hands.send(house.eve, house.eve, f"/link {await house.code(Role.OWNER)}")
    await house.read("as owner")

    await hands.send(house.eve, house.eve, "/unlink")
    await house.read("Unlink this chat from ")
    question = next(m for m in house.town.telegram.messages(house.eve) if "Unlink this chat" in telegram_plain(m))
    await house.press(question, "Keep it")
    await house.read("Still linked: nothing has changed.")
    kept = len(await rooms_of(store, house.seller))
    await hands.send(house.eve, house.eve, "/unlink")
    await house.read("Unlink this chat from ")
    shown = house.town.telegram.messages(house.eve)
    question = next(m for m in reversed(shown) if "Unlink this chat" in telegram_plain(m))
    await house.press(question, "Unlink this chat")
    await house.read("Unlinked. Nothing more is shown here;")
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_slack()

    assert kept == 2
    assert house.story("c-1").telegram_cards() == []


async def test_a_chat_linked_late_is_shown_what_is_owed(street: Street) -> None:
    """The open conversations, and none that was answered."""
    house = await street.build(linked=False)
    await house.buyer_writes("Old", "c-0")
    await house.town.market.answer_on_site(house.name, "Done", conversation="c-0")
    await house.buyer_writes("Is it blue?", "c-1")

    await house.link_slack()
    await house.story("c-1").in_slack()

    assert house.story("c-0").slack_cards() == []


async def test_what_the_bot_knows_can_be_asked(house: House) -> None:
    """Help, a word that is no command, and what is owed; in both chats with the words of each."""
    town, hands = house.town, house.town.telegram_stand_in.hands

    for text in ("", "help", "dance now", "status"):
        await command(house, town.kim, text)
    await town.slack.wait(lambda: len(house.told(town.kim)) == 1 + 4, "four answers beside the one to linking")
    for text in ("/help", "/dance", "/status"):
        await hands.send(house.eve, house.eve, text)
    await house.read("0 waiting for an answer.")

    answers = house.told(town.kim)
    assert sum("/shopbell status [SHOP]: How much waits" in said for said in answers) == 3
    assert sum("does not know dance" in said for said in answers) == 1
    assert sum("0 waiting for an answer." in said for said in answers) == 1
    assert any("/status [SHOP]: How much waits" in said for said in house.said() if "does not know dance" in said)
    assert sum("Press Reply on a card" in said for said in house.said()) == 2


async def test_a_text_without_a_target_is_asked_about(house: House) -> None:
    """In private: nobody waits, one waits, several wait; nothing leaves before its buyer was named."""
    hands, market = house.town.telegram_stand_in.hands, house.town.market

    await hands.send(house.eve, house.eve, "Yes")
    await house.read("Nobody waits for an answer, so this was not sent")
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_telegram()
    await hands.send(house.eve, house.eve, "Yes, blue")
    await house.read("To Ann:")
    await house.buyer_writes("Is it red?", "c-2", "Bea")
    await house.story("c-2").in_telegram()
    await hands.send(house.eve, house.eve, "No, blue")
    await house.read("Whom is this for?")
    before = market.replies(house.name)
    question = next(m for m in house.town.telegram.messages(house.eve) if "Whom is this for?" in (m.text or ""))
    await hands.press(house.eve, house.eve, question.id, "Bea")
    await house.town.telegram.wait(lambda: "To Bea:" in (question.text or ""), "the text to be shown back for Bea")
    await hands.press(house.eve, house.eve, question.id, "Send to Bea")

    assert labels(question)[:2] != []
    assert await house.story("c-2").replied() == ["No, blue"]
    assert before == []
    assert house.replies("c-1") == []


async def test_a_swipe_in_a_group_is_shown_back(house: House) -> None:
    """Others read along, and may be meant: [Send] sends, [Keep as note] does not; talk stays talk."""
    hands, town = house.town.telegram_stand_in.hands, house.town
    ben = town.telegram.new_user("Ben", "ben_s")
    group = await house.group(ben)
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_telegram(group)

    await hands.send(ben, group, "I think it is")
    for text in ("Blue, right?", "Yes, blue."):
        await hands.send(ben, group, text, reply_to=card)
    await house.read("To Ann:", group, times=2)
    asked = [m for m in town.telegram.messages(group) if "To Ann:" in (m.text or "")]
    await hands.press(ben, group, asked[0].id, "Keep as note")
    await house.read("Kept as a note. Nothing was sent to Ann.", group)
    before = house.replies()
    await hands.press(ben, group, asked[1].id, "Send to Ann")

    assert await house.story("c-1").replied() == ["Yes, blue."]
    assert before == []
