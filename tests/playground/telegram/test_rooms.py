"""Groups, forums and their people: privacy mode, topics, administrators, kicks and upgrades."""

import pytest
from aiohttp import ClientSession
from telegram import Bot, BotCommand, BotCommandScopeChat, ChatMemberAdministrator, ReplyParameters, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from bots.playground.telegram import Chat, Limits, TelegramStandIn, User, plain
from bots.playground.telegram.hands import Impossible
from bots.playground.telegram.schema import load
from bots.playground.wire import Wire
from tests.playground.telegram.conftest import TOKEN, Clock


@pytest.fixture
async def team(telegram: TelegramStandIn, ann: User, bob: User) -> Chat:
    group = telegram.world.new_group("Team", [ann, bob], supergroup=True)
    await telegram.hands.add_bot(group, ann)
    return group


@pytest.fixture
async def forum(telegram: TelegramStandIn, ann: User, bob: User) -> Chat:
    group = telegram.world.new_group("Desk", [ann, bob], forum=True)
    await telegram.hands.add_bot(group, ann, admin=True)
    return group


async def heard(bot: Bot) -> list[Update]:
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def texts(bot: Bot) -> list[str]:
    return [u.message.text for u in await heard(bot) if u.message and u.message.text]


async def test_privacy_mode_hides_the_talk_of_others(
    bot: Bot, telegram: TelegramStandIn, team: Chat, ann: User, bob: User
) -> None:
    """Without admin rights the bot hears commands, mentions and replies to it; as admin it hears all."""
    card = await bot.send_message(team.id, "card")
    mine = await telegram.hands.send(bob, team, "lunch?")
    await telegram.hands.send(ann, team, "yes", reply_to=mine)
    await telegram.hands.send(ann, team, "/away 2h")
    await telegram.hands.send(ann, team, "/away@other_bot")
    await telegram.hands.send(ann, team, "hey @shopbell_bot")
    await telegram.hands.send(ann, team, "It is blue", reply_to=card.message_id)
    assert await texts(bot) == ["/away 2h", "hey @shopbell_bot", "It is blue"]

    await telegram.hands.make_admin(team, telegram.world.bot)
    await telegram.hands.send(bob, team, "lunch now")

    assert await texts(bot) == ["lunch now"]


async def test_joining_and_leaving_tells_the_bot(bot: Bot, telegram: TelegramStandIn, ann: User) -> None:
    """Being added, with a payload, and being kicked come as updates of the Bot API's shape."""
    group = telegram.world.new_group("Small", [ann])
    await telegram.hands.add_bot(group, ann, payload="CODE")
    await telegram.hands.kick_bot(group)

    updates = await heard(bot)
    changes = [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member]
    assert changes == ["member", "kicked"]
    assert [u.message.text for u in updates if u.message and u.message.text] == ["/start@shopbell_bot CODE"]
    with pytest.raises(Forbidden, match="Forbidden: bot was kicked from the group chat"):
        await bot.send_message(group.id, "a")


async def test_a_topic_message_always_replies_to_its_topic(
    bot: Bot, telegram: TelegramStandIn, forum: Chat, bob: User
) -> None:
    """An ordinary message in a topic has reply_to_message = the service message that made it, also one of ours."""
    topic = await bot.create_forum_topic(forum.id, "Zoë · Logo", icon_color=7322096)
    await heard(bot)

    await telegram.hands.send(bob, forum, "internal talk", thread=topic.message_thread_id)
    card = await bot.send_message(forum.id, "card", message_thread_id=topic.message_thread_id)
    await telegram.hands.send(bob, forum, "It is blue", reply_to=card.message_id)

    talk, reply = [u.message for u in await heard(bot) if u.message]
    assert talk.is_topic_message
    assert talk.reply_to_message is not None
    assert talk.reply_to_message.forum_topic_created is not None
    assert reply.message_thread_id == topic.message_thread_id
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == card.message_id
    assert [plain(m) for m in telegram.world.messages(forum, topic.message_thread_id)][1:] == [
        "internal talk",
        "card",
        "It is blue",
    ]


async def test_topics_close_and_disappear(bot: Bot, telegram: TelegramStandIn, forum: Chat) -> None:
    """A closed topic, a deleted one and the General one by number refuse messages, each with its own words."""
    topic = await bot.create_forum_topic(forum.id, "Zoë")
    thread = topic.message_thread_id
    await bot.edit_forum_topic(forum.id, thread, name="Zoë · Logo")
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.edit_forum_topic(forum.id, thread, name="Zoë · Logo")
    await bot.close_forum_topic(forum.id, thread)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.id, "a", message_thread_id=thread)
    await bot.reopen_forum_topic(forum.id, thread)
    await bot.send_message(forum.id, "a", message_thread_id=thread)
    await telegram.hands.delete_topic(forum, thread)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "a", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "a", message_thread_id=1)

    other = await telegram.hands.open_topic(telegram.world.users[forum.messages[1].sender.id], forum, "Max")
    await telegram.hands.delete_topic(forum, other.id, says="TOPIC_DELETED")
    with pytest.raises(BadRequest, match="Topic_deleted"):
        await bot.send_message(forum.id, "a", message_thread_id=other.id)


async def test_a_reply_in_a_plain_supergroup_has_a_thread_that_cannot_be_written_to(
    bot: Bot, telegram: TelegramStandIn, team: Chat, ann: User
) -> None:
    """Replies carry message_thread_id outside of forums too; sending it back is refused."""
    card = await bot.send_message(team.id, "card")
    await telegram.hands.send(ann, team, "It is blue", reply_to=card.message_id)

    reply = (await heard(bot))[-1].message
    assert reply is not None
    assert (reply.message_thread_id, reply.is_topic_message) == (card.message_id, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(team.id, "a", message_thread_id=reply.message_thread_id)


async def test_rights_are_asked_for(bot: Bot, team: Chat, telegram: TelegramStandIn, ann: User) -> None:
    """Topics need a forum, pins and others' messages need rights."""
    mine = await telegram.hands.send(ann, team, "hello")
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(team.id, "a")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(team.id, mine.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(team.id, mine.id)

    await telegram.hands.make_admin(team, telegram.world.bot)
    await bot.pin_chat_message(team.id, mine.id, disable_notification=True)

    assert (await bot.get_chat(team.id)).pinned_message is not None
    assert await bot.unpin_chat_message(team.id)
    assert await bot.delete_message(team.id, mine.id)


async def test_members_and_administrators(
    bot: Bot, telegram: TelegramStandIn, team: Chat, ann: User, bob: User, wire: Wire
) -> None:
    """Who is who in a chat, and an anonymous administrator hides behind the chat."""
    await telegram.hands.make_admin(team, telegram.world.bot)
    await telegram.hands.make_admin(team, bob, anonymous=True)
    await heard(bot)

    await telegram.hands.send(bob, team, "from the desk")

    message = (await heard(bot))[-1].message
    assert message is not None
    assert message.sender_chat is not None
    assert (message.sender_chat.id, message.from_user and message.from_user.id) == (team.id, 1087968824)
    admins = await bot.get_chat_administrators(team.id)
    assert {a.user.id for a in admins} == {ann.id, bob.id, telegram.world.bot.id}
    assert isinstance(await bot.get_chat_member(team.id, bob.id), ChatMemberAdministrator)
    assert await bot.get_chat_member_count(team.id) == 3
    assert wire.problems() == []
    assert await bot.leave_chat(team.id)
    with pytest.raises(Forbidden, match="Forbidden: bot is not a member of the supergroup chat"):
        await bot.send_message(team.id, "a")


async def test_an_upgraded_group_names_its_new_id(bot: Bot, telegram: TelegramStandIn, ann: User) -> None:
    """The old id is refused with the new one, which the bot also hears as service messages."""
    group = telegram.world.new_group("Small", [ann])
    await telegram.hands.add_bot(group, ann)
    card = await bot.send_message(group.id, "card")
    await heard(bot)

    new = await telegram.hands.upgrade_group(group)

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "a")
    services = [u.message for u in await heard(bot) if u.message]
    assert moved.value.new_chat_id == new.id
    assert [(m.migrate_to_chat_id, m.migrate_from_chat_id) for m in services] == [(new.id, None), (None, group.id)]
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(new.id, "a", reply_parameters=ReplyParameters(card.message_id + 5))


async def test_a_group_takes_twenty_a_minute(
    bot: Bot, telegram: TelegramStandIn, forum: Chat, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All topics of a group share its twenty calls a minute."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    telegram.world.limits = Limits(clock, chat_per_second=None)
    topics = [(await bot.create_forum_topic(forum.id, str(n))).message_thread_id for n in range(2)]
    for number in range(18):
        await bot.send_message(forum.id, "a", message_thread_id=topics[number % 2])

    with pytest.raises(RetryAfter):
        await bot.send_message(forum.id, "a")


async def test_commands_by_scope_and_language(bot: Bot, team: Chat, telegram: TelegramStandIn) -> None:
    """A menu belongs to its scope and language; a bad command name is refused."""
    scope = BotCommandScopeChat(team.id)
    await bot.set_my_commands([BotCommand("away", "Go away")])
    await bot.set_my_commands([BotCommand("open", "Offen")], scope=scope, language_code="de")
    await bot.set_my_short_description("A bell", language_code="en")

    assert [c.command for c in await bot.get_my_commands()] == ["away"]
    assert [c.description for c in await bot.get_my_commands(scope, "de")] == ["Offen"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Away", "Go away")])
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_what_the_app_would_not_let_a_person_do(telegram: TelegramStandIn, team: Chat, ann: User) -> None:
    """Hands refuse what no client allows, and say why."""
    with pytest.raises(Impossible, match="Ann has not started the bot"):
        await telegram.hands.send(ann, ann, "hello")
    with pytest.raises(Impossible, match="there is no message 99 in the chat"):
        await telegram.hands.press(ann, team, 99, "Reply")


async def test_hands_by_http(telegram: TelegramStandIn, bot: Bot, ann: User) -> None:
    """A page drives the same hands and reads the same world as JSON."""
    async with ClientSession() as http:
        started = await http.post(f"{telegram.url}/hands/start", json={"user": ann.id})
        photo = await http.post(f"{telegram.url}/hands/send_photo", json={"user": ann.id, "chat": ann.id})
        refused = await http.post(f"{telegram.url}/hands/press", json={"user": ann.id, "chat": ann.id})
        world = await (await http.get(f"{telegram.url}/hands/world")).json()
        messages = await (await http.get(f"{telegram.url}/hands/messages", params={"chat": ann.id})).json()

    assert (started.status, photo.status, refused.status) == (200, 200, 400)
    assert [chat["id"] for chat in world["chats"]] == [ann.id]
    assert [m.get("text") for m in messages] == ["/start", None]
    assert [u.message and bool(u.message.photo) for u in await heard(bot)] == [False, True]


async def test_every_update_has_the_apis_shape(
    bot: Bot, telegram: TelegramStandIn, forum: Chat, ann: User, bob: User, wire: Wire
) -> None:
    """Whatever people do, what the bot is told and answered fits the Bot API's schema."""
    bot_user = telegram.world.bot
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    await telegram.hands.start(ann)
    for action in (telegram.hands.send_photo, telegram.hands.send_sticker, telegram.hands.send_voice):
        await action(ann, ann)
    sent = await telegram.hands.send_document(ann, ann, "a.pdf")
    await telegram.hands.react(ann, ann, sent.id, "👍")
    said = await telegram.hands.send(ann, ann, "one")
    await telegram.hands.edit(ann, ann, said.id, "two @bob_helps")
    await telegram.hands.leave(bob, forum)
    await telegram.hands.join(bob, forum)
    topic = await telegram.hands.open_topic(bob, forum, "Max")
    await telegram.hands.close_topic(forum, topic.id)
    await telegram.hands.press_raw(ann, ann, said.id, "x", seconds=0)
    await telegram.hands.kick_bot(forum, bot=bot_user)

    updates = [update.shape() for update in bot_user.updates.waiting()]
    assert len({next(k for k in u if k != "update_id") for u in updates}) == 6
    assert [fault for update in updates for fault in load().faults(update, "Update")] == []
    assert load().faults((await bot.get_chat(ann.id, api_kwargs={})).to_dict(), "ChatFullInfo") == []
    async with ClientSession() as http:
        me = await (await http.get(f"{telegram.url}/bot{TOKEN}/getMe")).json()
    assert load().faults(me["result"], "User") == []
