"""The one way out to Slack: a shared session, ten seconds, no retries of its own, errors translated."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.web.internal_utils import get_user_agent

from bots.slack.config import Config
from bots.slack.errors import FAILURES, NotThere, Unpresentable, by_code, said, translate
from core.errors import OutsideError, Rejected, TryLater

# A lost answer counts as unknown; less than half of a delivery's lease. Connecting has its own limit, because what
# never connected was surely not sent.
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=4)
UPLOAD = aiohttp.ClientTimeout(total=25, sock_connect=4)
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
        self._headers = {
            "Authorization": f"Bearer {config.bot_token}",
            "Content-Type": "application/json;charset=utf-8",
            "User-Agent": get_user_agent(),
        }
        if urlsplit(config.api_url).hostname in ("127.0.0.1", "localhost", "::1"):
            self.web.proxy = None  # the SDK takes a proxy from the environment and knows no NO_PROXY

    def connect(self) -> aiohttp.ClientSession:
        if self.web.session is None or self.web.session.closed:
            self.web.session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
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

    async def post(self, **message: Any) -> AsyncSlackResponse:
        """chat.postMessage, as a `Method`."""
        return await self._straight("chat.postMessage", message)

    async def update(self, **message: Any) -> AsyncSlackResponse:
        """chat.update, as a `Method`."""
        return await self._straight("chat.update", message)

    async def show(self, method: Method, shown: dict[str, Any], plain: Plain, **arguments: Any) -> dict[str, Any]:
        """Posts or redraws; what Slack cannot present is sent once more in plain words, then `Rejected`."""
        twice_hurts = method != self.update
        try:
            return await self.call(method, twice_hurts=twice_hurts, **arguments, **shown)
        except Unpresentable as error:
            log.error("Slack did not take a drawn message and gets it in plain words: %s", error)
        return await self.call(method, twice_hurts=twice_hurts, **arguments, **plain())

    async def respond(self, url: str, message: dict[str, Any]) -> None:
        """Answers by a `response_url`: five times, within 30 minutes, whatever a channel's rules for posting."""
        try:
            async with self.connect().post(url, json=message, proxy=self.web.proxy, allow_redirects=False) as response:
                status, answered = response.status, await response.text()
        except FAILURES as error:
            raise translate(error, twice_hurts=True) from error
        if status == 429:
            raise TryLater(said("limited"), everything=True)
        if status >= 500:
            raise translate(TimeoutError(), twice_hurts=True)
        if status != 200 or '"ok":false' in answered.replace(" ", ""):
            raise _refused(answered)

    def download(self, url: str, timeout: aiohttp.ClientTimeout) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """The bytes of a file of Slack's, as they come; no redirect is followed, for the token would go along."""
        headers = {"Authorization": self._headers["Authorization"], "Accept-Encoding": "identity"}
        return self.connect().get(url, headers=headers, timeout=timeout, proxy=self.web.proxy, allow_redirects=False)

    async def upload(self, url: str, pieces: AsyncIterator[bytes], size: int) -> None:
        """To an address that Slack gave for it, as it comes; nothing is shown by that."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        try:
            async with self.connect().post(
                url, data=pieces, headers=headers, timeout=UPLOAD, proxy=self.web.proxy, allow_redirects=False
            ) as response:
                status = response.status
        except FAILURES as error:
            raise translate(error, twice_hurts=False) from error
        if status != 200:
            raise TryLater(said("upload_failed", status=status))

    async def _straight(self, name: str, message: dict[str, Any]) -> AsyncSlackResponse:
        """What is drawn goes out as it is: the SDK's own way there costs as much again as the call."""
        url, body = f"{self.web.base_url}{name}", msgspec.json.encode(message)
        async with self.connect().post(url, data=body, headers=self._headers, proxy=self.web.proxy) as answered:
            try:
                read = msgspec.json.decode(await answered.read())
            except (msgspec.DecodeError, UnicodeDecodeError):
                read = None
        response = AsyncSlackResponse(
            client=self.web,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=read if isinstance(read, dict) else {},
            headers=answered.headers,  # type: ignore[arg-type]  # as the SDK itself hands them over
            status_code=answered.status,
        )
        response.validate()  # type: ignore[no-untyped-call]
        return response

    async def aclose(self) -> None:
        if self.web.session is not None:
            await self.web.session.close()


def _refused(answered: str) -> OutsideError:
    """Slack answers with a bare word or with JSON; the words it uses are those of the Web API."""
    for code in ("used_url", "expired_url", "channel_not_found", "is_archived", "invalid_blocks", "no_text"):
        if code in answered:
            return NotThere(said("answer_too_late")) if code.endswith("_url") else by_code(code) or Rejected(code)
    return Rejected(said("answer_refused"))
