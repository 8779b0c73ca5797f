"""What members do in Slack reaches the core once, over HTTP and Socket Mode alike, and they see what came of it."""

from dataclasses import replace

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.slack import Message, SlackWorld, plain
from bots.slack.adapter import SlackPlatform
from core.domain.actions import Action, Command, Press, Submit, Write
from core.domain.cards import Answer, Button, CardRef, Field, Form, Style, Verb
from core.domain.rooms import Room, RoomKind
from core.domain.texts import Quote, Words
from core.errors import AccessLost, StoreDown
from core.ports.chat import Mail
from tests.bots.slack.conftest import CONVERSATION, a_card
from tests.fixtures.ports import Mailbox, RecordingAct

DRAFT = "07daaaaaaaaaaaaaaaaaaaa"


def the_form(limit: int = 2000, value: str = "") -> Form:
    return Form(
        verb=Verb.REPLY,
        target=CONVERSATION,
        title=(Words("Reply"),),
        submit=(Words("Send to Ann"),),
        fields=(Field("text", (Words("Your reply to Ann"),), limit, value=value),),
        context=(Words("Reply by tomorrow"),),
        quote=Quote("Is it *blue*? <!here>"),
    )


def the_draft(*, replaces: bool = False, text: str = "To Ann:") -> Answer:
    return Answer(
        (Words(text),),
        quote=Quote("It is blue."),
        buttons=(
            Button((Words("Send to Ann"),), Verb.SEND, DRAFT, style=Style.PRIMARY),
            Button((Words("Keep as note"),), Verb.KEEP, DRAFT),
        ),
        replaces=replaces,
        conversation=CONVERSATION,
    )


def said(text: str, **more: object) -> Answer:
    return Answer((Words(text),), **more)  # type: ignore[arg-type] # the test's own words


async def whispered(world: SlackWorld, user: str, words: str) -> Message:
    await world.wait(lambda: any(words in plain(m) for m in world.ephemerals(user)), f"{words!r} for {user}")
    return next(message for message in world.ephemerals(user) if words in plain(message))


@pytest.fixture
async def card(platform: SlackPlatform, room: Room) -> CardRef:
    return await platform.post(room, a_card(), delivery="d-1")


@pytest.mark.usefixtures("heard")
class TestCommands:
    async def test_a_command_is_carried_out_and_answered_to_its_writer_alone(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str
    ) -> None:
        """Nobody else sees the command, nor its answer."""
        act.answer = said("Two buyers wait.")
        await world.command(anna, channel, "/shopbell", "status of <things> & more")

        shown = await whispered(world, anna, "Two buyers wait.")
        command = act.last
        assert isinstance(command, Command)
        assert (command.word, command.rest) == ("status", "of <things> & more")
        assert (command.by.user, command.by.name, command.by.outsider) == (anna, "anna", False)
        assert (command.place.kind, command.place.title) == (RoomKind.PUBLIC, "orders")
        assert shown.channel == channel
        assert world.messages(channel) == []
        assert world.failures == []

    async def test_no_word_at_all_asks_for_help(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str
    ) -> None:
        """`/shopbell` alone is answered."""
        await world.command(anna, channel, "/shopbell")

        await world.wait(lambda: act.actions, "the command")
        assert isinstance(act.last, Command)
        assert act.last.word == "help"

    async def test_a_code_is_not_spent_on_a_channel_that_we_are_not_in(
        self, world: SlackWorld, act: RecordingAct, anna: str
    ) -> None:
        """Who links a channel before inviting us is told to invite us, and may then use the same code."""
        elsewhere = world.add_channel("elsewhere", anna, bot=False)
        await world.command(anna, elsewhere, "/shopbell", "link 07-code")
        await whispered(world, anna, "/invite @Shopbell")
        assert act.actions == []

        world.channels[elsewhere].members.append(world.bot)
        await world.command(anna, elsewhere, "/shopbell", "link 07-code")
        await world.wait(lambda: act.actions, "the command")
        assert isinstance(act.last, Command)
        assert act.last.rest == "07-code"

    async def test_a_command_that_cannot_be_kept_says_so(
        self, world: SlackWorld, mailbox: Mailbox, act: RecordingAct, anna: str, channel: str
    ) -> None:
        """While the store is away nothing is acknowledged as taken."""
        mailbox.down = True
        answered = await world.command(anna, channel, "/shopbell", "status")

        assert answered["text"] == "Not taken: Shopbell's store does not answer. Please send it again."
        assert answered["response_type"] == "ephemeral"
        assert act.actions == []

    async def test_an_answer_goes_another_way_when_its_own_is_closed(
        self, world: SlackWorld, faults: Faults, act: RecordingAct, anna: str, channel: str
    ) -> None:
        """A command read late, when its response_url has expired, is still answered where it was typed."""
        faults.add(Fault("slack", "response_url", status=404, body={"ok": False, "error": "expired_url"}))
        act.answer = said("Two buyers wait.")
        await world.command(anna, channel, "/shopbell", "status")

        shown = await whispered(world, anna, "Two buyers wait.")
        assert shown.parse == "none"

    async def test_an_answer_for_all_is_shown_to_all(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str
    ) -> None:
        """Linking a channel is news for everybody in it."""
        act.answer = said("This channel is linked to Logo Studio.", public=True)
        await world.command(anna, channel, "/shopbell", "link 07-code")

        await world.wait(lambda: world.messages(channel), "a message for all")
        assert "linked to Logo Studio" in plain(world.messages(channel)[-1])


@pytest.mark.usefixtures("heard")
class TestReplies:
    async def test_the_reply_form_opens_on_the_press_and_comes_back_filled_in(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Reply opens a form that quotes the buyer; what is typed arrives as it was typed, and the form closes."""
        act.answer = Answer(form=the_form())
        assert await world.click(anna, channel, card.message, "Reply to Ann")
        view = await world.wait(lambda: world.view(anna), "the form")
        assert view is not None
        assert "Is it *blue*? <!here>" in plain(view)
        press = act.last
        act.answer = Answer(conversation=CONVERSATION)
        assert await world.submit(anna, values={"text/typed": "Yes & <blue>, *really*\nAnn"}) == {}

        await world.wait(lambda: len(act.actions) == 2, "the filled-in form")
        submit = act.last
        assert isinstance(press, Press)
        assert isinstance(submit, Submit)
        assert (press.verb, press.target, press.version, press.ref) == (Verb.REPLY, CONVERSATION, 1, card)
        assert (submit.verb, submit.target) == (Verb.REPLY, CONVERSATION)
        assert submit.values == {"text": "Yes & <blue>, *really*\nAnn"}
        assert submit.place.address == card.address
        assert world.view(anna) is None
        assert world.ephemerals(anna) == []

    async def test_an_empty_reply_is_refused_inside_the_form(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Blanks alone are no reply, and the form stays open with what was typed."""
        act.answer = Answer(form=the_form())
        await world.click(anna, channel, card.message, "Reply to Ann")
        await world.wait(lambda: world.view(anna), "the form")

        answered = await world.submit(anna, values={"text/typed": "   "})
        assert answered == {"response_action": "errors", "errors": {"text": "Please write something first."}}
        assert world.view(anna) is not None
        assert len(act.actions) == 1

    async def test_a_form_that_cannot_be_kept_stays_open(
        self, world: SlackWorld, act: RecordingAct, mailbox: Mailbox, anna: str, channel: str, card: CardRef
    ) -> None:
        """While the store is away, Slack says that it failed and keeps what was typed."""
        act.answer = Answer(form=the_form())
        world.ack_seconds = 0.3
        await world.click(anna, channel, card.message, "Reply to Ann")
        await world.wait(lambda: world.view(anna), "the form")
        mailbox.down = True
        await world.submit(anna, values={"text/typed": "Yes"})

        assert world.view(anna) is not None
        assert world.failures
        mailbox.down = False
        await world.submit(anna, values={"text/typed": "Yes"})
        await world.wait(lambda: len(act.actions) == 2, "the filled-in form")

    async def test_what_came_of_a_form_is_shown_where_it_was_opened(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """A text to copy for a marketplace that takes no replies stands below the card, for all, word for word."""
        act.answer = Answer(form=the_form())
        await world.click(anna, channel, card.message, "Reply to Ann")
        await world.wait(lambda: world.view(anna), "the form")
        act.answer = said(
            "Type this on the site:",
            copy="It's *blue* & <nice>",
            buttons=(Button((Words("Done on the site"),), Verb.DONE, "07maaaaaaaaaaaaaaaaaaaa"),),
            public=True,
        )
        await world.submit(anna, values={"text/typed": "It's *blue* & <nice>"})

        await world.wait(lambda: world.messages(channel, card.message), "the text to copy")
        shown = world.messages(channel, card.message)[0]
        assert "```\nIt's *blue* &amp; &lt;nice&gt;\n```" in [
            block["text"]["text"] for block in shown.blocks if block["type"] == "section"
        ]

    async def test_a_refusal_of_a_press_is_shown_to_the_presser_alone(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Who may not answer is told so; no form opens and nobody else notices."""
        act.answer = said("Only people picked by the owner may answer here.")
        await world.click(anna, channel, card.message, "Reply to Ann")

        await whispered(world, anna, "Only people picked")
        assert world.view(anna) is None
        assert world.messages(channel, card.message) == []

    async def test_a_form_that_comes_too_late_says_to_press_again(
        self, world: SlackWorld, faults: Faults, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Slack opens a form within three seconds of the press, or never."""
        act.answer = Answer(form=the_form())
        faults.add(Fault("slack", "views.open", status=200, body={"ok": False, "error": "expired_trigger_id"}))
        assert await world.click(anna, channel, card.message, "Reply to Ann")

        await whispered(world, anna, "Please press again")

    async def test_a_press_while_the_store_is_away_says_so(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """A form that cannot be opened because nothing can be looked up is not just silence."""

        def down(action: Action) -> Answer:
            raise StoreDown("away")

        act.answer = down
        assert await world.click(anna, channel, card.message, "Reply to Ann")

        await whispered(world, anna, "store does not answer")

    async def test_a_button_of_another_version_says_that_it_is_too_old(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Buttons whose meaning is unknown here are not answered with silence."""
        world.message(channel, card.message).blocks[-1]["elements"][0]["action_id"] = "do:dance:0"
        assert await world.click(anna, channel, card.message, "Reply to Ann")

        await whispered(world, anna, "too old")
        assert act.actions == []

    async def test_a_plain_link_is_acknowledged_and_asks_nothing(
        self, world: SlackWorld, act: RecordingAct, mailbox: Mailbox, anna: str, channel: str, card: CardRef
    ) -> None:
        """Slack tells of clicks on links too, and marks those that nobody acknowledges."""
        assert await world.click(anna, channel, card.message, "Open on the site")

        assert (act.actions, mailbox.kept, world.failures) == ([], [], [])


@pytest.mark.usefixtures("heard")
class TestMentions:
    async def test_a_mention_in_a_thread_is_shown_back_and_sent_by_its_button(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """The draft is a message that cannot vanish; Send replaces it with what became of it."""
        act.answer = the_draft()
        typed = "@shopbell It is <blue> & https://shop.example/a?b=1&c=2 :wave: ask @anna"
        await world.say(anna, channel, typed, thread_ts=card.message)
        await world.wait(lambda: len(world.messages(channel, card.message)) == 2, "the draft shown back")
        draft = world.messages(channel, card.message)[1]
        write = act.last
        act.answer = said("Sending to Ann…", quote=Quote("It is blue."), replaces=True)
        await world.click(anna, channel, draft.ts, "Send to Ann")

        await world.wait(lambda: "Sending to Ann" in plain(world.message(channel, draft.ts)), "the draft replaced")
        press = act.last
        assert isinstance(write, Write)
        assert isinstance(press, Press)
        assert write.text == "It is <blue> & https://shop.example/a?b=1&c=2 :wave: ask @anna"
        assert (write.at, write.alone, write.conversation) == (card, False, None)
        assert (press.verb, press.target) == (Verb.SEND, DRAFT)
        assert draft.metadata is not None
        assert draft.metadata["event_payload"]["conversation"] == CONVERSATION
        assert world.ephemerals(anna) == []

    async def test_a_mention_outside_of_a_thread_answers_nothing_in_particular(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str
    ) -> None:
        """Without a card to hang on, the text is asked about, below itself."""
        act.answer = said("Whom is this for?")
        ts = await world.say(anna, channel, "@shopbell yes")

        await world.wait(lambda: world.messages(channel, ts), "the question")
        assert isinstance(act.last, Write)
        assert act.last.at is None

    async def test_what_colleagues_say_in_a_thread_stays_there(
        self, world: SlackWorld, act: RecordingAct, mailbox: Mailbox, anna: str, channel: str, card: CardRef
    ) -> None:
        """Without our name in it, nothing typed in a thread ever reaches us."""
        await world.say(anna, channel, "he is a difficult one", thread_ts=card.message)
        await world.delivered()

        assert (act.actions, mailbox.kept) == ([], [])

    async def test_a_mention_told_twice_is_one(
        self, world: SlackWorld, act: RecordingAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Slack may tell of one message many times, each time as another event."""
        act.answer = the_draft()
        ts = await world.say(anna, channel, "@shopbell yes", thread_ts=card.message)
        text = world.message(channel, ts).text
        again = {"user": anna, "text": text, "ts": ts, "thread_ts": card.message, "channel": channel, "event_ts": ts}
        for _ in range(3):
            world.emit(world.workspace.id, {"type": "app_mention", **again})
        await world.delivered()

        await world.wait(lambda: len(world.messages(channel, card.message)) == 2, "the draft shown back")
        assert len(act.actions) == 1

    async def test_an_event_that_cannot_be_kept_is_sent_again(
        self, world: SlackWorld, act: RecordingAct, mailbox: Mailbox, anna: str, channel: str, card: CardRef
    ) -> None:
        """Nothing is acknowledged before it is on disk, so that Slack repeats it."""
        world.retry_scale, world.ack_seconds = 0.005, 0.3
        mailbox.down = True
        await world.say(anna, channel, "@shopbell yes", thread_ts=card.message)
        await world.wait(lambda: len(world.wire.calls(method="event.app_mention")) == 1, "the first try")
        mailbox.down = False

        await world.wait(lambda: act.actions, "the mention")
        assert len(act.actions) == 1


@pytest.mark.usefixtures("heard")
class TestStrangers:
    async def test_guests_and_strangers_are_told_apart_from_colleagues(
        self, world: SlackWorld, act: RecordingAct, channel: str, card: CardRef
    ) -> None:
        """The core decides what they may do; it is told that they are no colleagues."""
        guest = world.add_user("guest", is_restricted=True)
        stranger = world.add_user("stranger", team="T0ELSEWHERE")
        world.channels[channel].members += [guest, stranger]
        for who in (guest, stranger):
            await world.click(who, channel, card.message, "Reply to Ann")
        await world.wait(lambda: len(act.actions) == 2, "both presses")

        assert [(action.by.user, action.by.outsider) for action in act.actions] == [(guest, True), (stranger, True)]
        assert {action.by.workspace for action in act.actions} == {world.workspace.id}


async def test_mail_that_was_shown_is_not_shown_again(
    platform: SlackPlatform, world: SlackWorld, act: RecordingAct, mailbox: Mailbox, anna: str, channel: str
) -> None:
    """A mail that is read again after a crash does not repeat what the member has seen."""
    inbound = platform.inbound(act, mailbox.keep, lambda path, app: None)
    body = b'{"command":"/shopbell","text":"status","team_id":"T","channel_id":"%b","user_id":"%b","response_url":"%b"}'
    url = world.new_response_url(anna, world.channels[channel])
    mail = Mail("slack", f"T/{channel}", "command/1", body % (channel.encode(), anna.encode(), url.encode()))
    act.answer = said("Two buyers wait.")
    await inbound.read(mail)
    await inbound.read(replace(mail, again=True))

    assert len(world.ephemerals(anna)) == 1


async def test_mail_waits_while_slack_cannot_say_who_it_was(
    platform: SlackPlatform, faults: Faults, act: RecordingAct, mailbox: Mailbox, anna: str, channel: str
) -> None:
    """Without knowing whether somebody is a colleague, nothing is done in their name."""
    inbound = platform.inbound(act, mailbox.keep, lambda path, app: None)
    faults.add(Fault("slack", "users.info", status=200, body={"ok": False, "error": "missing_scope"}))
    body = f'{{"command":"/shopbell","channel_id":"{channel}","user_id":"{anna}"}}'
    mail = Mail("slack", f"T/{channel}", "command/1", body.encode())

    with pytest.raises(AccessLost):
        await inbound.read(mail)
    assert act.actions == []
