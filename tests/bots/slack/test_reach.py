"""What Slack tells of the ways to a channel: opened, closed, or all of them shut at once."""

import pytest

from bots.playground.slack import SlackWorld
from bots.slack.adapter import SlackPlatform
from core.domain.actions import Reach
from core.domain.rooms import Address, Room
from core.errors import to_keep
from core.rendering import in_english
from tests.bots.slack.conftest import a_card
from tests.fixtures.ports import Mailbox, RecordingAct

pytestmark = pytest.mark.usefixtures("heard")


async def test_an_archived_channel_and_our_leaving_are_told(
    world: SlackWorld, act: RecordingAct, anna: str, channel: str
) -> None:
    """The core hears at once which rooms can no longer be reached, and why."""
    other = world.add_channel("other", anna)
    await world.archive(channel)
    await world.remove_bot(other)

    await world.wait(lambda: len(act.actions) >= 2, "the news")
    news = {action.place.address.chat: action for action in act.actions if isinstance(action, Reach)}
    assert not news[channel].reachable
    assert "archived" in in_english(to_keep(news[channel].problem))
    assert not news[other].reachable


async def test_an_invitation_opens_a_room_again(world: SlackWorld, act: RecordingAct, anna: str, channel: str) -> None:
    """When we are invited back, what waited for the channel can go; others who join are none of our business."""
    world.subscriptions.add("member_joined_channel")
    for who in (anna, world.bot):
        event = {"type": "member_joined_channel", "user": who, "channel": channel, "channel_type": "C"}
        world.emit(world.workspace.id, event)

    await world.wait(lambda: act.actions, "the news")
    await world.delivered()
    assert [(action.by.user, action.place.address) for action in act.actions] == [
        (world.bot, Address("slack", world.workspace.id, channel))
    ]
    assert isinstance(act.last, Reach)
    assert act.last.reachable


async def test_a_revoked_token_is_told_without_asking_slack(
    world: SlackWorld, act: RecordingAct, mailbox: Mailbox
) -> None:
    """The news that the token is dead does not itself need the token."""
    await world.revoke_token()

    await world.wait(lambda: act.actions, "the news")
    assert isinstance(act.last, Reach)
    assert "revoked" in in_english(to_keep(act.last.problem))
    assert mailbox.errors == []


async def test_everything_that_is_nobodys_business_is_acknowledged(
    world: SlackWorld, platform: SlackPlatform, act: RecordingAct, room: Room, anna: str, channel: str
) -> None:
    """Echoes of our own posts, shortcuts and events without a meaning here are not repeated by Slack."""
    await platform.post(room, a_card(), delivery="d-1")
    world.emit(world.workspace.id, {"type": "app_home_opened", "user": anna, "tab": "home", "channel": channel})
    assert await world.shortcut(anna, "nothing")
    await world.delivered()

    assert (act.actions, world.failures) == ([], [])
    assert [call.status for call in world.wire.calls(method="event.message_metadata_posted")] == [200]


async def test_tokens_of_people_may_be_revoked(world: SlackWorld, mailbox: Mailbox) -> None:
    """Only the bot's own token is our way in: others say nothing of the workspace."""
    world.emit(world.workspace.id, {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    world.emit(world.workspace.id, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U2"]}})
    await world.delivered()

    assert [mail.address and mail.address.chat for mail in mailbox.kept] == [""]
