"""What people do in a group or its topics in Telegram, where others read along; by polling and by webhook alike."""

from bots.playground.telegram import TelegramStandIn, User, asks
from bots.playground.telegram.things import Chat
from core.domain.actions import Command, Move, Press, Reach, Submit, Write
from core.domain.cards import Answer
from core.domain.rooms import RoomKind
from tests.bots.telegram.conftest import Desk
from tests.bots.telegram.test_inbound import FORM, SAID, done, post, said
from tests.bots.telegram.test_messages import CONVERSATION


async def test_a_prompt_in_a_group_is_for_its_presser(
    desk: Desk, telegram: TelegramStandIn, group: Chat, ann: User, bob: User
) -> None:
    """Only the presser's app opens a reply, and what another member replies to the prompt is no answer to the form."""
    ref = await post(desk, group)
    desk.act.answer = lambda action: Answer(form=FORM) if isinstance(action, Press) else Answer()

    await telegram.hands.press(ann, group, int(ref.message), "Reply to Ann")
    prompt = await said(telegram, group, "Reply to Ann B.")
    await telegram.hands.send(bob, group, "don't answer him yet", reply_to=prompt)
    await telegram.hands.send(ann, group, "It is blue.", reply_to=prompt)

    submit, wrote = await done(desk, telegram, Submit), await done(desk, telegram, Write)
    assert (asks(prompt, ann), asks(prompt, bob)) == (True, False)
    assert (wrote.text, wrote.alone, wrote.conversation) == ("don't answer him yet", False, CONVERSATION)
    assert (submit.by.name, dict(submit.values)) == ("Ann", {"text": "It is blue."})


async def test_a_swipe_in_a_group_is_only_a_wish(desk: Desk, telegram: TelegramStandIn, group: Chat, bob: User) -> None:
    """Others read along in a group, so that the core is told to show the text back first."""
    ref = await post(desk, group)
    await telegram.hands.send(bob, group, "Blue.", reply_to=int(ref.message))

    wrote = await done(desk, telegram, Write)
    assert (wrote.at, wrote.conversation, wrote.alone) == (ref, CONVERSATION, False)
    assert (wrote.place.kind, wrote.place.title) == (RoomKind.PRIVATE, "Sellers")


async def test_talk_in_a_group_stays_there(
    desk: Desk, telegram: TelegramStandIn, group: Chat, ann: User, bob: User
) -> None:
    """What members say to each other is not even written down, where the bot as an administrator is shown it."""
    await telegram.hands.make_admin(group, telegram.world.bot)
    hello = await telegram.hands.send(bob, group, "Lunch?")
    await telegram.hands.send(ann, group, "Yes!", reply_to=hello)
    await telegram.hands.send_photo(bob, group, "menu")
    await telegram.hands.send(bob, group, "/roll 6")
    await telegram.hands.send(bob, group, "/status")

    assert (await done(desk, telegram, Command)).word == "status"
    assert {type(action) for action in desk.act.actions} == {Reach, Command}
    assert not [mail for mail in desk.mailbox.kept if b"Lunch?" in mail.body or b"menu" in mail.body]


async def test_calling_the_bot_by_its_name_is_heard(
    desk: Desk, telegram: TelegramStandIn, group: Chat, bob: User
) -> None:
    """A text to @the_bot in a group is typed at the bot, and never met with silence."""
    desk.act.answer = SAID
    await telegram.hands.send(bob, group, "@shopbell_bot what now?")

    wrote = await done(desk, telegram, Write)
    assert (wrote.text, wrote.at, wrote.alone) == ("what now?", None, False)
    await said(telegram, group, "Noted.")


async def test_topics_do_not_answer_their_own_creation(
    desk: Desk, telegram: TelegramStandIn, ann: User, bob: User
) -> None:
    """Every message of a topic "replies" to the topic's beginning; only a real swipe counts."""
    forum = telegram.world.new_group("Forum", [ann, bob], forum=True)
    await telegram.hands.add_bot(forum, ann, admin=True)
    topic = telegram.world.open_topic(forum, telegram.world.bot.user, "Shop")
    ref = await post(desk, forum, topic.id)
    desk.act.answer = lambda action: SAID if isinstance(action, Write) else Answer()

    await telegram.hands.send(bob, forum, "just talk", thread=topic.id)
    await telegram.hands.send(bob, forum, "Blue.", reply_to=int(ref.message))

    shown = await said(telegram, forum, "Noted.")
    wrote = await done(desk, telegram, Write)
    assert (wrote.text, wrote.at, wrote.place.address.thread) == ("Blue.", ref, str(topic.id))
    assert desk.mailbox.kept[-1].address == wrote.place.address
    assert shown.thread == topic.id


async def test_a_reply_thread_is_no_topic(desk: Desk, telegram: TelegramStandIn, group: Chat, bob: User) -> None:
    """In an ordinary group the answer to a swipe is posted where it can be."""
    ref = await post(desk, group)
    desk.act.answer = lambda action: SAID if isinstance(action, Write) else Answer()
    await telegram.hands.send(bob, group, "Blue.", reply_to=int(ref.message))

    await said(telegram, group, "Noted.")
    wrote = await done(desk, telegram, Write)
    assert wrote.place.address.thread is None


async def test_a_group_is_linked_from_a_link(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """Adding the bot by a ?startgroup= link hands over the code; another bot's commands are left to it."""
    group = telegram.world.new_group("Open", [ann], supergroup=True)
    group.username = "open_sellers"
    await telegram.hands.add_bot(group, ann, payload="CODE")
    await telegram.hands.send(ann, group, "/status@other_bot")

    command, reach = await done(desk, telegram, Command), await done(desk, telegram, Reach)
    assert (command.word, command.rest, command.place.kind) == ("link", "CODE", RoomKind.PUBLIC)
    assert reach.reachable
    assert len(desk.act.actions) == 2


async def test_who_hides_behind_a_group_is_an_outsider(
    desk: Desk, telegram: TelegramStandIn, group: Chat, ann: User
) -> None:
    """An anonymous administrator could be anybody, and is told to the core as one who may not act."""
    await telegram.hands.make_admin(group, ann, anonymous=True)
    ref = await post(desk, group)
    await telegram.hands.send(ann, group, "Blue.", reply_to=int(ref.message))

    wrote = await done(desk, telegram, Write)
    assert (wrote.by.outsider, wrote.by.user) == (True, str(group.id))


async def test_a_group_that_moved_is_followed(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """A group that became a supergroup has a new id; the old chat says so, and the new one before anybody writes."""
    small = telegram.world.new_group("Small", [ann])
    await telegram.hands.add_bot(small, ann)
    big = await telegram.hands.upgrade_group(small)

    moves = [await done(desk, telegram, Move, number) for number in (1, 2)]

    assert {(move.place.address.chat, move.chat) for move in moves} == {(str(small.id), str(big.id))}
    assert {mail.box.partition("/")[2] for mail in desk.mailbox.kept[-2:]} == {str(small.id), str(big.id)}
