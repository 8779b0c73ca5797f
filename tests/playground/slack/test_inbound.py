"""How Slack delivers and repeats, what a person sees when nobody answers, and faults on demand."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.playground.faults import Fault, Faults
from bots.playground.slack import APP_TOKEN, SlackStandIn, SlackWorld
from bots.playground.wire import Wire

SECRET = "a signing secret"


class Endpoint:
    """An app that keeps what it gets and answers as it is told, 200 when it is told nothing."""

    def __init__(self) -> None:
        self.got: list[tuple[str | None, str | None, dict[str, Any]]] = []
        self.answers: list[web.Response] = []
        self.pause = 0.0

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        base = f"v0:{request.headers['X-Slack-Request-Timestamp']}:{body}".encode()
        signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        assert request.headers["X-Slack-Signature"] == signature
        event = json.loads(body) if body.startswith("{") else {}
        if "challenge" in event:
            return web.json_response({"challenge": event["challenge"]})
        retry = request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")
        self.got.append((*retry, event))
        # Chosen before the pause: whoever is slow must not take the answer that was meant for a later call.
        answer = self.answers.pop(0) if self.answers else web.Response()
        await asyncio.sleep(self.pause)
        return answer


@pytest.fixture
async def endpoint(world: SlackWorld) -> AsyncIterator[Endpoint]:
    endpoint, app = Endpoint(), web.Application()
    app.router.add_post("/", endpoint.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.retry_scale = 0.0001
    await world.connect_http(f"http://127.0.0.1:{runner.addresses[0][1]}/", SECRET)
    yield endpoint
    await runner.cleanup()


async def test_an_event_is_tried_four_times_with_the_same_id(
    endpoint: Endpoint, world: SlackWorld, anna: str, channel: str
) -> None:
    """Three retries, numbered, with a reason, and never a fifth try."""
    endpoint.answers = [web.Response(status=500) for _ in range(5)]

    await world.say(anna, channel, "@shopbell hello")
    await world.delivered()

    assert [got[:2] for got in endpoint.got] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]
    assert len({got[2]["event_id"] for got in endpoint.got}) == 1


async def test_an_app_may_refuse_retries(endpoint: Endpoint, world: SlackWorld, anna: str, channel: str) -> None:
    """x-slack-no-retry ends the tries."""
    endpoint.answers = [web.Response(status=500, headers={"x-slack-no-retry": "1"})]

    await world.say(anna, channel, "@shopbell hello")
    await world.delivered()

    assert len(endpoint.got) == 1


async def test_silence_is_shown_to_the_person(
    endpoint: Endpoint, world: SlackWorld, wire: Wire, anna: str, channel: str
) -> None:
    """No answer in time, a bad answer, no app at all: each has Slack's word for it."""
    world.ack_seconds, endpoint.pause = 0.05, 0.2
    assert await world.command(anna, channel, "/shopbell", "help") == {}
    world.ack_seconds, endpoint.pause = 3.0, 0.0
    endpoint.answers = [web.Response(status=500)]
    await world.command(anna, channel, "/shopbell")
    world.disconnect_http()
    await world.command(anna, channel, "/shopbell")

    assert [failure.shown for failure in world.failures] == [
        "operation_timeout",
        "http_service_error",
        "dispatch_failed",
    ]
    assert [call.status for call in wire.calls(method="command./shopbell")] == [None, 500, None]


async def test_a_wrong_url_is_not_accepted(endpoint: Endpoint, world: SlackWorld, slack: SlackStandIn) -> None:
    """An address that does not answer the challenge is refused, as on Slack's settings page."""
    with pytest.raises(ConnectionError, match="did not answer the challenge"):
        await world.connect_http(f"{slack.url}/nowhere", SECRET)


async def test_only_subscribed_events_are_sent(endpoint: Endpoint, world: SlackWorld, anna: str, channel: str) -> None:
    """Messages arrive once their kind of channel is subscribed to, and a direct message has its own."""
    dm = world.direct(anna).id
    await world.say(anna, channel, "hello")
    world.subscriptions |= {"message.channels", "message.im"}
    await world.say(anna, channel, "hello again")
    await world.say(anna, dm, "hello bot")
    await world.remove_bot(channel)
    await world.say(anna, channel, "@shopbell gone?")
    await world.revoke_token(uninstall=True)
    await world.delivered()

    seen = sorted((got[2]["event"]["type"], got[2]["event"].get("channel_type", "")) for got in endpoint.got)
    assert seen == [
        ("app_uninstalled", ""),
        ("channel_left", ""),
        ("member_left_channel", "C"),
        ("message", "channel"),
        ("message", "im"),
        ("tokens_revoked", ""),
    ]


async def test_an_envelope_that_is_not_acknowledged_comes_again(
    slack: SlackStandIn, world: SlackWorld, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """Socket Mode says hello, repeats what nobody acknowledged, and uses another connection when one breaks."""
    world.ack_seconds, world.retry_scale = 0.05, 0.001
    url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        await world.say(anna, channel, "@shopbell hello")
        first = await socket.receive_json()
        second = await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await world.delivered()
        world.sockets.break_off()

        assert hello["type"] == "hello"
        assert first["payload"]["event_id"] == second["payload"]["event_id"]
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_faults_happen_to_the_calls_they_name(
    client: AsyncWebClient, world: SlackWorld, faults: Faults, wire: Wire, channel: str
) -> None:
    """A status in place of processing, a lost request, a lost answer, and none of it elsewhere."""
    other = world.add_channel("other")
    faults.add(Fault("slack", "chat.*", {"channel": channel}, "status", 503, {"ok": False, "error": "later"}, times=1))
    faults.add(Fault("slack", "chat.postMessage", {"channel": channel}, "drop_before", times=1))
    faults.add(Fault("slack", "chat.postMessage", {"channel": channel}, "drop_after", times=1))

    await client.chat_postMessage(channel=other, text="fine")
    with pytest.raises(SlackApiError, match="later"):
        await client.chat_postMessage(channel=channel, text="one")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=channel, text="two")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=channel, text="three")
    await client.chat_postMessage(channel=channel, text="four")

    assert [message.text for message in world.messages(channel)] == ["three", "four"]
    assert [call.status for call in wire.calls("slack", "chat.postMessage")] == [200, 503, None, None, 200]
    assert faults.all() == {}
    assert wire.problems() == []


async def test_the_page_has_the_same_hands(slack: SlackStandIn, world: SlackWorld, anna: str, channel: str) -> None:
    """Hands answer over HTTP, and say what a person cannot do."""
    async with aiohttp.ClientSession() as session:

        async def hand(name: str, **arguments: Any) -> tuple[int, Any]:
            async with session.post(f"{slack.url}/slack/hands/{name}", json=arguments) as response:
                return response.status, await response.json()

        status, said = await hand("say", user=anna, channel=channel, text="hello")
        _, shown = await hand("messages", channel=channel)
        results = [(await hand(*call, **more))[0] for call, more in (
            (("submit",), {"user": anna}),
            (("say",), {"user": anna}),
            (("aclose",), {}),
        )]  # fmt: skip

    assert (status, shown["result"][0]["ts"]) == (200, said["result"])
    assert results == [409, 400, 404]
