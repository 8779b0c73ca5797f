"""The whole of this Slack as tests and the page hold it: state, people's hands, and ways to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bots.playground.slack import reading
from bots.playground.slack.hands import Hands
from bots.playground.slack.state import Json, Message, View
from bots.playground.wire import PATIENCE

T = TypeVar("T")


class SlackWorld(Hands):
    """Looking adds nothing: what is read here is what the people of this Slack have in front of them."""

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What stands in a channel, oldest first, or the replies of a thread without their parent."""
        return self.posts[channel].at(thread_ts or None)

    def message(self, channel: str, ts: str) -> Message:
        return self.posts[channel][ts]

    def ephemerals(self, user: str) -> list[Message]:
        return [whisper for whisper in self.whispers if whisper.only_for == user]

    def view(self, user: str) -> View | None:
        """The modal on top."""
        stack = self.views.get(user)
        return stack[-1] if stack else None

    def home_view(self, user: str) -> View | None:
        return self.homes.get(user)

    def find_button(self, shown: Message | View, name: str) -> Json:
        return reading.find_button(shown, name)

    async def wait(self, condition: Callable[[], T | None], description: str, seconds: float = PATIENCE) -> T:
        """The condition's first true value; raises AssertionError with the description and the last calls."""
        return await self.wire.wait(condition, description, seconds)
