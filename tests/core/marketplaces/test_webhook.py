"""Replies by signed webhook: what the marketplace answers decides what becomes of them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from standardwebhooks import Webhook as Oracle

from core.clock import SystemClock
from core.domain.members import Identity
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import new_secret
from core.errors import AccessLost, Rejected, TryLater
from core.marketplaces.webhook import Webhook
from core.ports.marketplace import OutgoingAvailability, OutgoingReply, OutgoingSpamReport
from core.rendering import in_english
from tests.fixtures.problems import says

SECRETS = ShopSecrets((new_secret(),), (new_secret(), new_secret()))
WRITTEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Site:
    """A marketplace's callback that answers as it is told."""

    url: str = ""
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append((headers, await request.read()))
        return web.Response(status=self.status, text=self.body, headers=self.headers)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site, app = Site(), web.Application()
    app.router.add_post("/in", site.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    yield site
    await runner.cleanup()


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    connector = Webhook(SystemClock(), allow_local=True)
    yield connector
    await connector.aclose()


def a_shop(site: Site) -> Shop:
    return Shop("07p" + "a" * 20, "07s" + "a" * 20, "Example Market", "fiverr", callback_url=site.url)


def a_reply(text: str = "Yes, it is.", written: datetime = WRITTEN) -> OutgoingReply:
    author, at = Identity("slack", "T1", "U1", "Sam"), round(written.timestamp() * 1000)
    return OutgoingReply("07m" + "b" * 20, "c-77", text, author, "m-1", at)


async def test_a_reply_is_signed_with_both_secrets_and_says_what_it_answers(site: Site, webhook: Webhook) -> None:
    """Any receiver of Standard Webhooks verifies it, with the new secret or the old one."""
    await webhook.send(a_shop(site), SECRETS, a_reply())

    headers, body = site.heard[0]
    for secret in SECRETS.outward:
        Oracle(secret).verify(body, headers)
    event = json.loads(body)
    assert event["type"] == "reply.created"
    assert headers["webhook-id"] == event["data"]["reply"]["id"] == a_reply().id
    assert event["data"]["conversation"] == "c-77"
    assert event["data"]["in_reply_to"] == "m-1"
    assert event["data"]["reply"]["text"] == "Yes, it is."
    assert event["data"]["reply"]["author"]["name"] == "Sam"


@pytest.mark.parametrize(("withdrawn", "type"), [(False, "spam.reported"), (True, "spam.withdrawn")])
async def test_a_spam_report_names_the_message_the_reason_and_who(
    site: Site, webhook: Webhook, withdrawn: bool, type: str
) -> None:
    """Under its own id, the same on every try; a receipt that names an hour is believed."""
    site.status, site.body = 200, json.dumps({"accepted_at": "2026-11-23T10:00:05Z"})
    reporter, at = Identity("slack", "T1", "U1", "Sam"), round(WRITTEN.timestamp() * 1000)
    report = OutgoingSpamReport("07m" + "b" * 20 + "-reported-1", "c-77", "m-1", "scam", reporter, at, withdrawn)

    receipt = await webhook.report_spam(a_shop(site), SECRETS, report)

    headers, body = site.heard[0]
    Oracle(SECRETS.outward[0]).verify(body, headers)
    event = json.loads(body)
    assert event == {
        "id": report.id,
        "type": type,
        "at": "2026-11-23T10:00:00.000Z",
        "data": {
            "conversation": "c-77",
            "message": "m-1",
            "reason": "scam",
            "reporter": {"id": reporter.key, "name": "Sam"},
        },
    }
    assert headers["webhook-id"] == report.id
    assert receipt.accepted_at == at + 5_000


async def test_a_refused_report_has_the_marketplaces_words(site: Site, webhook: Webhook) -> None:
    """And one that it had already is done."""
    reporter, at = Identity("slack", "T1", "U1", "Sam"), round(WRITTEN.timestamp() * 1000)
    report = OutgoingSpamReport("07mx-reported-1", "c-77", "m-1", "scam", reporter, at)
    site.status, site.body = 422, json.dumps({"detail": "We see no spam there."})

    with pytest.raises(Rejected, check=says("We see no spam there")):
        await webhook.report_spam(a_shop(site), SECRETS, report)
    site.status = 409

    assert (await webhook.report_spam(a_shop(site), SECRETS, report)).repeated


async def test_the_marketplaces_own_time_counts_where_it_is_plausible(site: Site, webhook: Webhook) -> None:
    """Between the writing and its answer, also where it answers a later try; else when it answered."""
    now = datetime.now(tz=UTC)
    written = now - timedelta(minutes=10)
    for told, counts in [
        (written + timedelta(minutes=1), written + timedelta(minutes=1)),
        (written - timedelta(minutes=1), now),
        (now + timedelta(minutes=1), now),
    ]:
        site.body = json.dumps({"message_id": "r-9", "accepted_at": told.isoformat()})

        receipt = await webhook.send(a_shop(site), SECRETS, a_reply(written=written))

        assert receipt.message_key == "r-9"
        assert abs(receipt.accepted_at - counts.timestamp() * 1000) < 5_000


async def test_every_try_says_the_same(site: Site, webhook: Webhook) -> None:
    """The id and the bytes stay over all tries; only the signature's time is of the try."""
    for _ in range(2):
        await webhook.send(a_shop(site), SECRETS, a_reply())
        await asyncio.sleep(0.01)

    (first, body), (second, again) = site.heard
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again


async def test_a_ping_is_signed(site: Site, webhook: Webhook) -> None:
    """A check reaches the callback as an event of its own, and says what is wrong there."""
    await webhook.check(a_shop(site), SECRETS)
    site.status = 401
    with pytest.raises(AccessLost, check=says("did not accept our signature")):
        await webhook.check(a_shop(site), SECRETS)

    headers, body = site.heard[0]
    Oracle(SECRETS.outward[0]).verify(body, headers)
    assert json.loads(body)["type"] == "ping"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[1]",
        '{"accepted_at": 5, "message_id": {}}',
        "\x00",
        '{"accepted_at": "x"}',
        "[" * 60_000,
        "x" * 200_000,
    ],
)
async def test_whatever_a_2xx_says_it_is_done(site: Site, webhook: Webhook, body: str) -> None:
    """A receipt needs no body."""
    site.body = body

    receipt = await webhook.send(a_shop(site), SECRETS, a_reply())

    assert receipt.message_key is None


async def test_what_it_had_already_is_done(site: Site, webhook: Webhook) -> None:
    """409: the answer to the first try was lost."""
    site.status = 409

    assert (await webhook.send(a_shop(site), SECRETS, a_reply())).repeated


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
async def test_a_problem_of_its_own_is_waited_out(site: Site, webhook: Webhook, status: int) -> None:
    """Retry-After is obeyed; only this conversation waits."""
    site.status, site.headers = status, {"Retry-After": "17"}

    with pytest.raises(TryLater) as raised:
        await webhook.send(a_shop(site), SECRETS, a_reply())

    assert raised.value.after == 17
    assert raised.value.everything is False


async def test_a_429_pauses_the_shop_as_long_as_it_asks(site: Site, webhook: Webhook) -> None:
    """By a date too, and never longer than a day."""
    site.status, site.headers = 429, {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}

    with pytest.raises(TryLater) as raised:
        await webhook.send(a_shop(site), SECRETS, a_reply())

    assert raised.value.everything is True
    assert raised.value.after == 86_400


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "-5",
        "1e5",
        "soon",
        "Mon, 01 Jan 99999999999 00:00:00 GMT",
        "Mon, 1 Jan 2026 1:1:1 +99999999999999",
        "9" * 400,
    ],
)
async def test_a_nonsensical_retry_after_is_no_error(site: Site, webhook: Webhook, asked: str) -> None:
    """What cannot be read is as if it had not been said, and what is too long is a day."""
    site.status, site.headers = 503, {"Retry-After": asked}

    with pytest.raises(TryLater) as raised:
        await webhook.send(a_shop(site), SECRETS, a_reply())

    assert raised.value.after in (None, 86_400)


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 405, 410])
async def test_a_shop_whose_callback_is_wrong_waits_for_a_person(site: Site, webhook: Webhook, status: int) -> None:
    """The reply is not lost: a person mends it, with a sentence that says what."""
    site.status, site.headers = status, {"Location": "https://elsewhere.example/"}

    with pytest.raises(AccessLost, check=says(rf"{status}.*\. \w+")):
        await webhook.send(a_shop(site), SECRETS, a_reply())

    assert len(site.heard) == 1


@pytest.mark.parametrize(
    ("body", "headers", "said"),
    [
        ('{"detail": "No phone numbers."}', {}, "No phone numbers."),
        ('{"title": "Too rude"}', {}, "Too rude"),
        ("Plainly no.", {"Content-Type": "text/plain"}, "Plainly no."),
        ("", {}, "it refused the message (422) and did not say why."),
        ("[" * 60_000, {"Content-Type": "application/json"}, "it refused the message (422) and did not say why."),
        ("<html>Oops</html>", {"Content-Type": "text/html"}, "it refused the message (422) and did not say why."),
        (json.dumps({"detail": "x" * 5_000}), {}, "x" * 300),
    ],
)
async def test_a_refusal_brings_the_marketplaces_own_words(
    site: Site, webhook: Webhook, body: str, headers: dict[str, str], said: str
) -> None:
    """The member who typed reads them."""
    site.status, site.body, site.headers = 422, body, headers

    with pytest.raises(Rejected) as raised:
        await webhook.send(a_shop(site), SECRETS, a_reply())

    assert in_english(raised.value.kept) == said


async def test_an_absence_and_its_end_are_told(site: Site, webhook: Webhook) -> None:
    """Signed like a reply, under an id of its own, with the note that buyers read; the newest `at` holds."""
    start, end, said = (round((WRITTEN + timedelta(hours=each)).timestamp() * 1000) for each in (1, 9, 0))
    away = OutgoingAvailability("07p-availability-1", start, end, "Gone fishing", False, said)
    back = OutgoingAvailability("07p-availability-2", None, None, "", True, said)

    await webhook.set_availability(a_shop(site), SECRETS, away)
    await webhook.set_availability(a_shop(site), SECRETS, back)

    (headers, body), (_, other) = site.heard
    Oracle(SECRETS.outward[0]).verify(body, headers)
    assert headers["webhook-id"] == away.id
    assert json.loads(body) == {
        "id": away.id,
        "type": "availability.changed",
        "at": "2026-11-23T10:00:00.000Z",
        "data": {
            "available": False,
            "from": "2026-11-23T11:00:00.000Z",
            "until": "2026-11-23T19:00:00.000Z",
            "note": "Gone fishing",
            "accept_messages": False,
        },
    }
    assert json.loads(other)["data"] == {
        "available": True,
        "from": None,
        "until": None,
        "note": None,
        "accept_messages": True,
    }


async def test_an_absence_that_is_refused_says_why(site: Site, webhook: Webhook) -> None:
    """In the marketplace's own words, as for a reply."""
    site.status, site.body = 422, json.dumps({"detail": "Absences are for level two."})

    with pytest.raises(Rejected, check=says(r"Absences are for level two\.")):
        await webhook.set_availability(a_shop(site), SECRETS, OutgoingAvailability("a-1", 1, 2, "", True, 0))
