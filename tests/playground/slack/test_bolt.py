"""People's hands and a real Bolt app, over HTTP and over Socket Mode."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bots.playground.slack import CannotDo, SlackWorld, plain
from bots.playground.wire import Wire

BUTTON = {"type": "button", "action_id": "reply", "value": "c-1", "text": {"type": "plain_text", "text": "Reply"}}
CARD: list[dict[str, Any]] = [
    {"type": "section", "block_id": "head", "text": {"type": "mrkdwn", "text": "*Maria* asks"}},
    {"type": "actions", "block_id": "do", "elements": [BUTTON]},
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "reply_form",
    "title": {"type": "plain_text", "text": "Reply to Maria"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "c-1",
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": {"type": "plain_text", "text": "Your reply"},
            "element": {"type": "plain_text_input", "action_id": "words", "max_length": 20},
        }
    ],
}


async def test_a_click_opens_a_form_whose_words_arrive(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """Reply on a card opens a modal in time, and what is typed there reaches the app."""
    typed: list[str] = []

    @app.action("reply")
    async def reply(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("reply_form")
    async def sent(ack: AsyncAck, view: dict[str, Any]) -> None:
        typed.append(view["state"]["values"]["text"]["words"]["value"])
        await ack()

    card = await client.chat_postMessage(channel=channel, text="Maria asks", blocks=CARD)
    assert await world.click(anna, channel, card["ts"], "Reply")
    view = await world.wait(lambda: world.view(anna), "the form")
    answer = await world.submit(anna, view.id, {"text/words": "On its way"})

    assert (answer, typed, world.view(anna)) == ({}, ["On its way"], None)
    assert plain(view).splitlines() == ["Reply to Maria", "Your reply", "[Send]"]
    assert wire.problems() == []


async def test_slack_checks_a_form_before_the_app_sees_it(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """An empty or too long field is refused in the form, and nothing is sent."""
    await open_form(app, world, client, anna, channel)

    empty = await world.submit(anna)
    long = await world.submit(anna, values={"text/words": "x" * 21})

    assert empty == {"response_action": "errors", "errors": {"text": "Please complete this required field."}}
    assert long["errors"] == {"text": "Must be at most 20 characters."}
    assert wire.calls(method="view_submission") == []


async def test_the_app_answers_a_form_with_errors_update_push_and_clear(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """Each response_action does to the modal what Slack does."""
    second = {**FORM, "title": {"type": "plain_text", "text": "Really?"}, "callback_id": "second"}
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {"text": "Boris has answered."}},
        {"response_action": "update", "view": second},
        {"response_action": "push", "view": FORM},
        {"response_action": "clear"},
    ]

    @app.view({"type": "view_submission", "callback_id": "reply_form"})
    @app.view("second")
    async def sent(ack: AsyncAck) -> None:
        await ack(**answers.pop(0))

    await open_form(app, world, client, anna, channel)
    refused = await world.submit(anna, values={"text/words": "Hello"})
    await world.submit(anna)
    updated = world.view(anna)
    await world.submit(anna)
    stack = [view.given["callback_id"] for view in world.views[anna]]
    await world.submit(anna, values={"text/words": "Hello"})

    assert refused["errors"] == {"text": "Boris has answered."}
    assert updated is not None
    assert updated.values["text"]["words"]["value"] == "Hello"
    assert stack == ["second", "reply_form"]
    assert world.view(anna) is None
    assert wire.problems() == []


async def test_a_wrong_answer_to_a_form_is_a_problem(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """An error for a field that is not there shows the person trouble, and the wire says why."""

    @app.view("reply_form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"nowhere": "Boris has answered."})

    await open_form(app, world, client, anna, channel)
    await world.submit(anna, values={"text/words": "Hello"})

    assert [call.problems for call in wire.problems()] == [("no input block 'nowhere' for an error",)]
    assert "trouble" in world.failures[0].shown
    assert world.view(anna) is not None


async def test_closing_a_form_tells_an_app_that_asked(
    heard: str, app: AsyncApp, world: SlackWorld, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """notify_on_close brings what was typed to the app."""
    closed: list[str] = []

    @app.view_closed("reply_form")
    async def gone(ack: AsyncAck, view: dict[str, Any]) -> None:
        await ack()
        closed.append(view["private_metadata"])

    await open_form(app, world, client, anna, channel)
    await world.close(anna)

    assert (closed, world.view(anna)) == (["c-1"], None)


async def test_a_command_answers_in_its_acknowledgement_and_later(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, anna: str, channel: str
) -> None:
    """The first answer is for the person alone, a later one through response_url for all."""

    @app.command("/shopbell")
    async def shopbell(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
        await ack(f"Looking for {command['text']}")
        await respond(text="Here it is", response_type="in_channel")

    body = await world.command(anna, channel, "/shopbell", "inbox")
    shown = await world.wait(lambda: world.messages(channel), "the later answer")

    assert body["text"] == "Looking for inbox"
    assert [plain(message) for message in world.ephemerals(anna)] == ["Looking for inbox"]
    assert [plain(message) for message in shown] == ["Here it is"]
    assert wire.problems() == []


async def test_a_response_url_replaces_and_deletes_and_wears_out(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """replace_original and delete_original reach ephemerals too, and the sixth use is refused."""
    respond_of: list[AsyncRespond] = []

    @app.action("reply")
    async def reply(ack: AsyncAck, respond: AsyncRespond) -> None:
        respond_of.append(respond)
        await ack()

    await client.chat_postEphemeral(channel=channel, user=anna, text="Send?", blocks=CARD)
    await world.click(anna, channel, world.ephemerals(anna)[0].ts, "reply")
    await respond_of[0](text="Sent", replace_original=True)
    replaced = [plain(message) for message in world.ephemerals(anna)]
    await respond_of[0](delete_original=True)
    deleted = world.ephemerals(anna)
    statuses = [(await respond_of[0](text="again")).status_code for _ in range(4)]

    assert (replaced, deleted) == (["Sent"], [])
    assert statuses == [200, 200, 200, 404]
    assert [call.problems for call in wire.problems()] == [("used_url",)]


async def test_a_mention_is_an_event_and_other_talk_is_not(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """Only a message that names the bot reaches an app that has no history scope."""
    events: list[dict[str, Any]] = []

    @app.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        events.append(event)

    card = await client.chat_postMessage(channel=channel, text="Maria asks")
    await world.say(anna, channel, "I think we should wait", card["ts"])
    ts = await world.say(anna, channel, "@shopbell a < b & see https://x.example/?a=1&b=2", card["ts"])
    await world.wait(lambda: events, "the mention")
    await world.delivered()

    assert [(e["ts"], e["thread_ts"]) for e in events] == [(ts, card["ts"])]
    assert events[0]["text"] == f"<@{world.bot}> a &lt; b &amp; see <https://x.example/?a=1&amp;b=2>"
    assert plain(world.messages(channel, card["ts"])[0]) == "I think we should wait"


async def test_shortcuts_home_and_menus(
    heard: str, app: AsyncApp, world: SlackWorld, wire: Wire, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """Message shortcuts, the Home tab and an overflow on it reach the app with what they carry."""
    seen: list[Any] = []
    more = {"type": "overflow", "action_id": "more", "options": [option("Report spam", "spam"), option("Later", "l")]}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Waiting: 2"}, "accessory": more}

    @app.shortcut("report")
    async def report(ack: AsyncAck, shortcut: dict[str, Any]) -> None:
        await ack()
        seen.append(shortcut["message"]["text"])

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})

    @app.action("more")
    async def menu(ack: AsyncAck, action: dict[str, Any], body: dict[str, Any]) -> None:
        await ack()
        seen.append((action["selected_option"]["value"], body["view"]["type"]))

    ts = await world.say(anna, channel, "buy pills")
    await world.message_shortcut(anna, channel, ts, "report")
    await world.open_home(anna)
    home = await world.wait(lambda: world.home_view(anna), "the Home tab")
    await world.click_view(anna, "more", "spam", view=home.id)

    assert seen == ["buy pills", ("spam", "home")]
    assert wire.problems() == []


@pytest.mark.parametrize("echo", ["after", "before", "twice", "never"])
async def test_metadata_comes_back_as_asked(
    heard: str, echo: str, app: AsyncApp, world: SlackWorld, client: AsyncWebClient, channel: str
) -> None:
    """The echo of our own post comes before or after the response, twice or never."""
    order: list[str] = []

    @app.event("message_metadata_posted")
    async def echoed(event: dict[str, Any], ack: AsyncAck) -> None:
        order.append(event["metadata"]["event_payload"]["delivery"])
        await ack()

    world.echo = echo  # type: ignore[assignment]
    metadata = {"event_type": "shopbell_card", "event_payload": {"delivery": "d-1"}}
    await client.chat_postMessage(channel=channel, text="Maria asks", metadata=metadata)
    order.append("response")
    await world.delivered()

    expected = {
        "after": ["d-1", "response"],
        "before": ["d-1", "response"],
        "twice": ["d-1", "d-1", "response"],
        "never": ["response"],
    }
    assert sorted(order) == expected[echo]
    assert echo != "before" or order == expected["before"]


async def test_a_person_cannot_do_what_slack_does_not_show(
    heard: str, world: SlackWorld, client: AsyncWebClient, anna: str, channel: str
) -> None:
    """Hands reach only what the person sees: rooms, messages, buttons, views."""
    private = world.add_channel("bosses", kind="private")
    guest = world.add_user("guest", is_restricted=True)
    card = await client.chat_postMessage(channel=channel, text="Maria asks", blocks=CARD)

    with pytest.raises(CannotDo, match="cannot see bosses"):
        await world.command(anna, private, "/shopbell")
    with pytest.raises(CannotDo, match="cannot see orders"):
        await world.click(guest, channel, card["ts"], "Reply")
    with pytest.raises(AssertionError, match="only \\['Reply'\\]"):
        await world.click(anna, channel, card["ts"], "Report")
    with pytest.raises(CannotDo, match="no view open"):
        await world.submit(anna)


async def test_a_stranger_clicks_with_a_foreign_team(
    heard: str, app: AsyncApp, world: SlackWorld, client: AsyncWebClient, channel: str
) -> None:
    """In a shared channel the app can tell a person of another company."""
    teams: list[tuple[str, str]] = []

    @app.action("reply")
    async def reply(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        teams.append((body["team"]["id"], body["user"]["team_id"]))

    eve = world.add_user("eve", team="T0ELSEWHERE")
    await world.join(eve, channel)
    card = await client.chat_postMessage(channel=channel, text="Maria asks", blocks=CARD)
    await world.click(eve, channel, card["ts"], "reply")

    assert teams == [(world.workspace.id, "T0ELSEWHERE")]


async def test_a_reconnect_loses_nothing(
    socket: None, app: AsyncApp, world: SlackWorld, anna: str, channel: str
) -> None:
    """After Slack recycles the connection the SDK comes back, and an event sent meanwhile is sent again."""
    events: list[str] = []

    @app.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        events.append(event["text"])

    world.retry_scale = 0.001
    await world.disconnect()
    await world.wait(lambda: len(world.sockets), "the SDK to come back", seconds=15)
    await world.say(anna, channel, "@shopbell hello")

    await world.wait(lambda: events, "the mention", seconds=15)


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


async def open_form(app: AsyncApp, world: SlackWorld, client: AsyncWebClient, user: str, channel: str) -> None:
    @app.action("reply")
    async def reply(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    card = await client.chat_postMessage(channel=channel, text="Maria asks", blocks=CARD)
    await asyncio.gather(world.click(user, channel, card["ts"], "Reply"))
    await world.wait(lambda: world.view(user), "the form")
