"""What is done outside of channels: a window stands at once, says more when there is more, and nothing is lost."""

import asyncio

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.slack import SlackWorld, plain
from bots.playground.slack.state import View
from bots.slack.adapter import SlackPlatform
from bots.slack.listeners import OPEN_SECONDS
from core.domain.actions import Action, Press, Shortcut, Submit, Visit
from core.domain.cards import Answer, Button, CardRef, Field, Form, Verb
from core.domain.members import Identity
from core.domain.overviews import Overview, Section
from core.domain.rooms import Address, Room
from core.domain.texts import Quote, Words
from core.errors import Rejected, TryLater
from tests.bots.slack.conftest import CONVERSATION, a_card
from tests.fixtures.ports import Mailbox, RecordingAct
from tests.fixtures.problems import says


class SlowAct(RecordingAct):
    """The core while it has not come to an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def __call__(self, action: Action) -> Answer:
        answer = await super().__call__(action)
        await self.goes_on.wait()
        return answer


@pytest.fixture
def act() -> SlowAct:
    return SlowAct()


@pytest.fixture
async def card(platform: SlackPlatform, room: Room) -> CardRef:
    return await platform.post(room, a_card(), delivery="d-1")


def said(text: str, *buttons: Button, **more: object) -> Answer:
    return Answer((Words(text),), buttons=buttons, **more)  # type: ignore[arg-type] # the test's own words


def form(*fields: Field, stays: bool = True) -> Form:
    return Form(Verb.AWAY, "", (Words("Away"),), (Words("Preview"),), fields, stays=stays)


UNTIL = Field("until", (Words("Until"),), 60, short=True)


async def shows(world: SlackWorld, user: str, words: str) -> View:
    """The window on top once it says so."""

    def found() -> View | None:
        shown = world.view(user)
        return shown if shown and words in plain(shown) else None

    return await world.wait(found, f"{words!r} in a window")


async def home(platform: SlackPlatform, world: SlackWorld, user: str, channel: str, *buttons: Button) -> View:
    """The Home tab with these buttons, as it was published for this person."""
    address = Address("slack", world.workspace.id, channel)
    section = Section(address, (Words("Bell"),), (), (), (), (), (), buttons)
    await platform.show_overview(Identity("slack", world.workspace.id, user), Overview((), (section,)))
    shown = world.home_view(user)
    assert shown is not None
    return shown


@pytest.mark.usefixtures("heard")
class TestWindows:
    async def test_a_window_stands_before_the_core_has_an_answer(
        self, world: SlackWorld, act: SlowAct, anna: str
    ) -> None:
        """From anywhere: three seconds to open something are not spent on work."""
        act.answer = said("Two buyers wait.", room=Address("slack", "T1", "C7"))
        act.goes_on.clear()
        assert await world.shortcut(anna, "inbox")
        await shows(world, anna, "One moment…")
        await world.wait(lambda: act.actions, "the shortcut")
        act.goes_on.set()
        await shows(world, anna, "Two buyers wait.")

        assert isinstance(act.last, Shortcut)
        assert (act.last.name, act.last.place.address.chat, act.last.place.apart) == ("inbox", "", True)
        assert act.last.at is None
        assert world.failures == []

    async def test_a_shortcut_on_a_message_says_which_one_and_what_a_person_wrote(
        self, world: SlackWorld, act: SlowAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """On a card, and in its thread; our own words are nobody's, and people's come without Slack's marks."""
        act.answer = said("Which one?")
        assert await world.message_shortcut(anna, channel, card.message, "reply")
        await world.wait(lambda: act.actions, "the first")
        on_card = act.last
        talk = await world.say(anna, channel, "It is <blue> & @anna", thread_ts=card.message)
        assert await world.message_shortcut(anna, channel, talk, "save")
        await world.wait(lambda: len(act.actions) > 1, "the second")
        in_thread = act.last

        assert isinstance(on_card, Shortcut)
        assert isinstance(in_thread, Shortcut)
        assert (on_card.at, on_card.text, on_card.conversation) == (card, "", CONVERSATION)
        assert (in_thread.at, in_thread.text, in_thread.conversation) == (card, "It is <blue> & @anna", None)
        assert not in_thread.place.apart

    async def test_an_answer_leads_to_others_in_its_window_and_a_form_stands_above_it(
        self, world: SlackWorld, act: SlowAct, anna: str
    ) -> None:
        """Its buttons act on the room that the core named, from elsewhere; what the form brings is told directly."""
        where = Address("slack", world.workspace.id, world.add_channel("shop", anna))
        act.answer = said("One waits.", Button((Words("Ann"),), Verb.OPEN, CONVERSATION), room=where)
        await world.shortcut(anna, "inbox")
        await shows(world, anna, "One waits.")
        act.answer = said("Ann: Is it blue?", Button((Words("Reply"),), Verb.REPLY, CONVERSATION, opens=True))
        assert await world.click_view(anna, "Ann")
        await shows(world, anna, "Is it blue?")
        pressed = act.last
        act.answer = Answer(form=form(UNTIL, stays=False))
        assert await world.click_view(anna, "Reply")
        await shows(world, anna, "Until")
        act.answer = said("On its way.", Button((Words("Undo"),), Verb.UNDO, CONVERSATION))
        await world.submit(anna, None, {"until/typed": "Yes."})
        direct = world.direct(anna)
        await world.wait(lambda: world.messages(direct.id), "the answer")
        sent = act.last
        act.answer = said("Taken back.", replaces=True)
        assert await world.click(anna, direct.id, world.messages(direct.id)[0].ts, "Undo")
        await world.wait(lambda: "Taken back." in plain(world.messages(direct.id)[0]), "the undo")

        assert isinstance(pressed, Press)
        assert isinstance(sent, Submit)
        assert isinstance(act.last, Press)
        for done in (pressed, sent, act.last):
            assert (done.place.address, done.place.apart) == (where, True)
        assert act.last.ref is None
        assert "Is it blue?" in plain(await shows(world, anna, "Is it blue?"))

    async def test_a_form_that_stays_is_answered_in_its_place(
        self, world: SlackWorld, act: SlowAct, anna: str, channel: str, platform: SlackPlatform
    ) -> None:
        """At once it says that it takes a moment; what was wrong stands at its field, with what was typed."""
        act.answer = Answer(form=form(UNTIL))
        go = Button((Words("Go away"),), Verb.AWAY, choice="form", opens=True)
        shown = await home(platform, world, anna, channel, go)
        assert await world.click_view(anna, "Go away", view=shown.id)
        await shows(world, anna, "Until")
        wrong = Field("until", (Words("Until"),), 60, value="never", short=True, fault=(Quote("<never> is no time"),))
        act.answer = Answer(form=form(wrong))
        act.goes_on.clear()
        await world.submit(anna, None, {"until/typed": "never"})
        await shows(world, anna, "One moment…")
        act.goes_on.set()
        again = await shows(world, anna, "<never> is no time")

        assert isinstance(act.last, Submit)
        assert act.last.values == {"until": "never"}
        assert (act.last.place.address.chat, act.last.place.apart) == (channel, True)
        assert "never" in plain(again)
        assert "submit" in again.given

    async def test_what_a_quick_core_answers_is_not_overtaken_by_the_acknowledgement(
        self, world: SlackWorld, act: SlowAct, anna: str, channel: str, platform: SlackPlatform
    ) -> None:
        """However fast, it is shown after Slack has put the waiting window there."""
        go = Button((Words("Go away"),), Verb.AWAY, choice="form", opens=True)
        for number in range(5):
            act.answer = Answer(form=form(UNTIL))
            shown = await home(platform, world, anna, channel, go)
            await world.click_view(anna, "Go away", view=shown.id)
            await shows(world, anna, "Until")
            act.answer = said(f"Preview {number}")
            await world.submit(anna, None, {"until/typed": "4h"})
            await shows(world, anna, f"Preview {number}")
            await world.close(anna)

    async def test_who_closes_the_window_is_told_directly(
        self, world: SlackWorld, act: SlowAct, anna: str, channel: str, platform: SlackPlatform
    ) -> None:
        """What was done was done; a button that is pressed twice is pressed once."""
        act.answer = said("You are back.")
        shown = await home(platform, world, anna, channel, Button((Words("Back"),), Verb.AVAILABILITY, "s-1", "back"))
        act.goes_on.clear()
        assert await world.click_view(anna, "Back", view=shown.id)
        await shows(world, anna, "One moment…")
        await world.close(anna)
        act.goes_on.set()
        direct = world.direct(anna)
        await world.wait(lambda: world.messages(direct.id), "the answer")

        assert "You are back." in plain(world.messages(direct.id)[0])
        assert len(act.actions) == 1

    async def test_a_form_that_would_come_too_late_is_given_up(
        self, world: SlackWorld, act: SlowAct, anna: str, channel: str, card: CardRef
    ) -> None:
        """Slack opens one within three seconds of the press: before they are over the person hears to press again."""
        act.goes_on.clear()
        assert await world.click(anna, channel, card.message, "Reply to Ann")
        await world.wait(lambda: any("press again" in plain(each) for each in world.ephemerals(anna)), "the words")

        assert world.trigger_seconds > OPEN_SECONDS
        assert world.view(anna) is None

    async def test_while_the_store_is_away_nothing_opens(
        self, world: SlackWorld, act: SlowAct, mailbox: Mailbox, anna: str
    ) -> None:
        """Slack says that it failed, and the person tries again."""
        world.ack_seconds = 0.3
        mailbox.down = True
        heard = await world.shortcut(anna, "inbox")

        assert not heard
        assert world.view(anna) is None
        assert act.actions == []

    async def test_a_visit_is_told_and_other_tabs_are_not(self, world: SlackWorld, act: SlowAct, anna: str) -> None:
        """Opening the messages asks nothing of us."""
        world.emit(world.workspace.id, {"type": "app_home_opened", "user": anna, "tab": "messages", "channel": "D1"})
        await world.open_home(anna)
        await world.wait(lambda: act.actions, "the visit")
        await world.delivered()

        assert [type(action) for action in act.actions] == [Visit]
        assert act.last.by.user == anna


class TestHome:
    async def test_each_drawing_follows_the_last(
        self, platform: SlackPlatform, world: SlackWorld, anna: str, channel: str
    ) -> None:
        """Slack is told which drawing it takes the place of; an outrun one is not shown, and the next one is."""
        shown = await home(platform, world, anna, channel)
        await home(platform, world, anna, channel)
        known = [call.request.get("hash") for call in world.wire.calls(method="views.publish")]
        world.redraw(shown, {"type": "home", "blocks": []})
        with pytest.raises(TryLater) as outrun:
            await home(platform, world, anna, channel)
        again = await home(platform, world, anna, channel)

        assert known[0] is None
        assert known[1] is not None
        assert outrun.value.after == 0
        assert "Bell" in plain(again)

    async def test_it_is_known_who_can_look_into_a_channel(
        self, platform: SlackPlatform, world: SlackWorld, anna: str
    ) -> None:
        """Everybody into an open one, its members into a private one; and where somebody is, as far as we are there."""
        bob = world.add_user("bob")
        open_one = world.add_channel("open", anna)
        private = world.add_channel("private", anna, kind="private")
        without_us = world.add_channel("secret", anna, kind="private", bot=False)
        team = world.workspace.id

        async def reads(user: str, channel: str) -> bool:
            return await platform.reads(Identity("slack", team, user), Address("slack", team, channel))

        chats = await platform.chats_of(Identity("slack", team, anna))
        assert [await reads(user, open_one) for user in (anna, bob)] == [True, True]
        assert [await reads(user, private) for user in (anna, bob)] == [True, False]
        assert not await reads(anna, without_us)
        assert {chat.chat for chat in chats} == {open_one, private}

    async def test_a_token_of_another_workspace_draws_nothing(
        self, platform: SlackPlatform, world: SlackWorld, faults: Faults, anna: str
    ) -> None:
        """Nor is anything asked of Slack."""
        faults.add(Fault("slack", "views.publish"))
        with pytest.raises(Rejected, check=says("another workspace")):
            await platform.show_overview(Identity("slack", "T0OTHER", anna), Overview(()))

        assert world.wire.calls(method="views.publish") == []
