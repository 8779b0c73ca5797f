"""The one way out to Slack: a shared session, ten seconds, no retries of its own, errors translated."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.slack.config import Config
from bots.slack.errors import FAILURES, NotThere, Unpresentable, by_code, translate
from core.errors import OutsideError, Rejected, TryLater

# A lost answer counts as unknown; less than half of a delivery's lease. Connecting has its own limit, because what
# never connected was surely not sent.
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=4)
Plain = Callable[[], dict[str, Any]]
Method = Callable[..., Awaitable[AsyncSlackResponse]]

log = logging.getLogger(__name__)


class Client:
    """slack_sdk opens a session and a connection for each call unless it is given one; this one is opened at first use.

    Its retry handlers are turned off: they send again after a lost answer, and people read the message twice.
    """

    def __init__(self, config: Config) -> None:
        # The SDK writes out every call for its debug log unless its logger has a level, and buyers' words with it.
        quiet = logging.getLogger("bots.slack.web")
        quiet.setLevel(logging.INFO)
        self.web = AsyncWebClient(
            config.bot_token, base_url=config.api_url, timeout=10, retry_handlers=[], logger=quiet
        )
        if urlsplit(config.api_url).hostname in ("127.0.0.1", "localhost", "::1"):
            self.web.proxy = None  # the SDK takes a proxy from the environment and knows no NO_PROXY

    def connect(self) -> aiohttp.ClientSession:
        if self.web.session is None or self.web.session.closed:
            self.web.session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self.web.session

    async def call(self, method: Method, *, twice_hurts: bool = False, **arguments: Any) -> dict[str, Any]:
        """What Slack answered; raises `OutsideError`. Give `twice_hurts` for what people would see twice."""
        response = await self.answer(method, twice_hurts=twice_hurts, **arguments)
        return response.data if isinstance(response.data, dict) else {}

    async def answer(self, method: Method, *, twice_hurts: bool = False, **arguments: Any) -> AsyncSlackResponse:
        """The same with its headers."""
        self.connect()
        try:
            return await method(**arguments)
        except (*FAILURES, AttributeError) as error:  # AttributeError: slack_sdk 3.47 on a 200 of plain text
            raise translate(error, twice_hurts=twice_hurts) from error

    async def show(self, method: Method, shown: dict[str, Any], plain: Plain, **arguments: Any) -> dict[str, Any]:
        """Posts or redraws; what Slack cannot present is sent once more in plain words, then `Rejected`."""
        twice_hurts = method != self.web.chat_update
        try:
            return await self.call(method, twice_hurts=twice_hurts, **arguments, **shown)
        except Unpresentable as error:
            log.error("Slack did not take a drawn message and gets it in plain words: %s", error.detail)
        return await self.call(method, twice_hurts=twice_hurts, **arguments, **plain())

    async def respond(self, url: str, message: dict[str, Any]) -> None:
        """Answers by a `response_url`: five times, within 30 minutes, whatever a channel's rules for posting."""
        try:
            async with self.connect().post(url, json=message, proxy=self.web.proxy, allow_redirects=False) as response:
                status, said = response.status, await response.text()
        except FAILURES as error:
            raise translate(error, twice_hurts=True) from error
        if status == 429:
            raise TryLater("Slack asks to wait.", everything=True)
        if status >= 500:
            raise translate(TimeoutError(), twice_hurts=True)
        if status != 200 or '"ok":false' in said.replace(" ", ""):
            raise _refused(said)

    async def aclose(self) -> None:
        if self.web.session is not None:
            await self.web.session.close()


def _refused(said: str) -> OutsideError:
    """Slack answers with a bare word or with JSON; the words it uses are those of the Web API."""
    for code in ("used_url", "expired_url", "channel_not_found", "is_archived", "invalid_blocks", "no_text"):
        if code in said:
            return (
                NotThere("Slack no longer takes this answer.")
                if code.endswith("_url")
                else by_code(code) or Rejected(code)
            )
    return Rejected("Slack does not take this answer.")
