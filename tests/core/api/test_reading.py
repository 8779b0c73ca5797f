"""What a marketplace may read of its shop, over HTTP: signed, exact, page by page, and whole as CSV."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from core.api.app import create_app
from core.api.server import Server
from core.domain.signatures import sign
from core.errors import StoreDown
from core.services.events import EventDoor
from core.services.rates import state
from core.store.coalescer import Program
from core.store.scripts import Scripts
from tests.core.api.conftest import Said, healthy, references
from tests.fixtures.core import MINUTE, Stage
from tests.fixtures.doubling import Doubling
from tests.fixtures.rates import HOUR, Market, market, ruled

PROBLEM = "application/problem+json"


@dataclass
class Reader:
    """A marketplace that signs what it asks for."""

    http: aiohttp.ClientSession
    url: str
    market: Market

    async def __call__(self, target: str, headers: Mapping[str, str] | None = None, **signing: Any) -> Said:
        path = f"/v1/shops/{self.market.shop}/{target}"
        asked = {**self.signed(f"GET {path}", **signing), **(headers or {})}
        async with self.http.get(self.url + path, headers=asked) as response:
            return Said(response.status, response.headers, await response.read())

    def signed(self, what: str, at: int | None = None, secret: str = "") -> dict[str, str]:
        seconds = self.market.stage.clock.wall() // 1000 if at is None else at
        signature = sign(secret or self.market.secret, "read_1", seconds, what.encode())
        return {"webhook-id": "read_1", "webhook-timestamp": str(seconds), "webhook-signature": signature}


@pytest.fixture
async def reader(still: Stage) -> AsyncIterator[Reader]:
    """A shop with two answered in time, one late, one breached, one spam, two pending."""
    shop = await market(still, ruled())
    for number in range(2):
        await shop.asked(-300 + number, f"met-{number}")
        await shop.answered(-290, f"met-{number}")
    await shop.asked(-280, "late")
    await shop.answered(-10, "late")
    await shop.asked(-200, "breached")
    await shop.reported(await shop.asked(-190, "spam"), -189, "spam")
    await shop.asked(-60, "pending")
    await shop.asked(-30, "pending-order", "o-1")
    app = create_app(EventDoor(still.deps), still.clock, healthy, deps=still.deps)
    async with Server(app, "127.0.0.1:0") as server, aiohttp.ClientSession(auto_decompress=False) as http:
        yield Reader(http, server.url, shop)


async def test_rates_with_all_that_is_to_be_said_of_them(reader: Reader) -> None:
    """Both rates, what cost them, what is at risk, and what a marketplace's own number says."""
    await state(reader.market.stage.deps, await reader.market.measured(), 75, 1)  # type: ignore[arg-type]

    said = await reader("rates")
    inbox, order = said.json["rates"]

    assert (said.status, said.json["shop"], said.json["name"]) == (200, reader.market.shop, "Market")
    assert (inbox["of"], inbox["rate"]["percent"], inbox["rate"]["met"], inbox["rate"]["missed"]) == ("inbox", 50, 2, 2)
    assert [miss["conversation"] for miss in inbox["misses"]] == ["breached", "late"]
    assert [(each["conversation"], each["percent_alone"]) for each in inbox["at_risk"]] == [("pending", 40)]
    assert (inbox["affordable_misses"], inbox["answers_to_recover"], inbox["threshold"]) == (0, 16, 90)
    assert inbox["window"] == {"days": 1, "min_sample": 0, "fallback_last": None, "fallback_days": None}
    assert inbox["marketplace"]["percent"] == 75
    assert (inbox["marketplace"]["points"], inbox["marketplace"]["misses"]) == (25, -1)
    assert {each["part"] for each in inbox["unverified"]} >= {"away", "threshold"}
    assert (order["of"], order["rate"]["percent"], order["on_day"], order["marketplace"]) == ("order", None, None, None)


async def test_one_kind_and_a_coming_day(reader: Reader) -> None:
    """On that day the misses of today have aged out, and what is pending decides."""
    # The day after tomorrow is still to come if midnight passes before it is asked for.
    day = datetime.fromtimestamp(reader.market.stage.clock.now() / 1000, UTC).date() + timedelta(days=2)

    said = await reader(f"rates?kind=inbox&day={day}")
    [inbox] = said.json["rates"]

    assert datetime.fromisoformat(inbox["on_day"]["at"]) == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert inbox["on_day"]["if_missed"]["missed"] >= inbox["on_day"]["as_it_is"]["missed"]


async def test_the_ledger_page_by_page_adds_up_to_the_rate(reader: Reader) -> None:
    """Each obligation once, what is pending first; the two columns sum to what `rates` says."""
    rates = {each["of"]: each["rate"] for each in (await reader("rates")).json["rates"]}
    entries, target = [], "ledger?limit=3"
    while target:
        page = (await reader(target)).json
        entries += page["entries"]
        target = f"ledger?limit=3&cursor={page['cursor']}" if page["cursor"] else ""

    for kind, rate in rates.items():
        own = [entry for entry in entries if entry["kind"] == kind]
        assert (sum(each["met"] for each in own), sum(each["missed"] for each in own)) == (rate["met"], rate["missed"])
    assert [(each["conversation"], each["verdict"], each["reason"]) for each in entries] == [
        ("pending", "pending", None),
        ("pending-order", "pending", None),
        ("spam", "excluded", "spam"),
        ("breached", "missed", None),
        ("late", "late", None),
        ("met-1", "in_time", None),
        ("met-0", "in_time", None),
    ]


@pytest.mark.parametrize(
    ("asked", "accept"),
    [("?format=csv", ""), ("", "text/csv"), ("", "application/json;q=0.5, text/csv"), ("?kind=inbox", "text/csv")],
)
async def test_the_ledger_as_csv(reader: Reader, asked: str, accept: str) -> None:
    """By the query or by Accept: the same entries as a table that adds up."""
    said = await reader(f"ledger{asked}", {"accept": accept} if accept else None)
    rows = list(csv.DictReader(io.StringIO(said.body.decode(), newline="")))

    assert (said.status, said.headers["content-type"]) == (200, "text/csv; header=present; charset=utf-8")
    assert said.headers["transfer-encoding"] == "chunked"
    assert sum(int(row["met"]) for row in rows) == 2
    assert sum(int(row["missed"]) for row in rows) == 2
    assert len(rows) == (6 if "kind" in asked else 7)


async def test_a_long_ledger_comes_in_pieces(reader: Reader) -> None:
    """More than a page in Redis: one heading, every entry once."""
    for number in range(450):
        await reader.market.asked(-1, f"many-{number}")

    said = await reader("ledger?format=csv&kind=inbox")
    rows = list(csv.DictReader(io.StringIO(said.body.decode(), newline="")))

    assert len(rows) == 456
    assert len({row["obligation"] for row in rows}) == 456


async def test_a_buyers_name_is_no_formula(reader: Reader) -> None:
    """A spreadsheet shows what a marketplace calls a conversation, and runs none of it."""
    await reader.market.asked(-5, '=HYPERLINK("https://evil.example","x")')

    body = (await reader("ledger?format=csv")).body.decode()

    assert "\"'=HYPERLINK(" in body


async def test_the_ledger_of_a_stretch_of_time(reader: Reader) -> None:
    """From an instant on, and before another."""
    base = reader.market.base

    def at(minute: int) -> str:
        return datetime.fromtimestamp((base + minute * MINUTE) / 1000, UTC).isoformat().replace("+00:00", "Z")

    said = await reader(f"ledger?from={at(-299)}&to={at(-60)}")

    assert [entry["conversation"] for entry in said.json["entries"]] == ["spam", "breached", "late", "met-1"]


async def test_obligations_by_state(reader: Reader) -> None:
    """What is open, what is breached, and what became of the others."""
    listed = {}
    for wanted in ("open", "breached", "answered", "spam", "waived", "expired"):
        found = (await reader(f"obligations?state={wanted}")).json["obligations"]
        listed[wanted] = [(each["conversation"], each["state"]) for each in found]
    whole = (await reader("obligations?kind=order")).json["obligations"]

    assert listed["open"] == [("pending", "open"), ("pending-order", "open")]
    assert listed["breached"] == [("breached", "breached")]
    assert [name for name, _ in listed["answered"]] == ["late", "met-1", "met-0"]
    assert [name for name, _ in listed["spam"]] == ["spam"]
    assert listed["waived"] == listed["expired"] == []
    assert [(each["order"], each["buyer"], each["counts"]) for each in whole] == [("o-1", "Ann", True)]


async def test_nobody_reads_without_the_secret(reader: Reader) -> None:
    """Unsigned, signed with another secret, for another target or method, too old: one and the same 401."""
    path = f"/v1/shops/{reader.market.shop}/ledger"
    now = reader.market.stage.clock.wall() // 1000
    refused = [
        await reader("ledger", {"webhook-signature": ""}),
        await reader("ledger", secret="whsec_" + "A" * 43 + "="),
        await reader("ledger", reader.signed(f"GET {path}?kind=order")),
        await reader("ledger", reader.signed(f"POST {path}")),
        await reader("ledger", reader.signed(path)),
        await reader("ledger?kind=order", reader.signed(f"GET {path}")),
        await reader("ledger", at=now - 301),
        await reader("ledger", at=now + 302),
    ]

    assert {said.status for said in refused} == {401}
    assert len({said.body for said in refused}) == 1
    assert refused[0].headers["content-type"] == PROBLEM
    assert (await reader("ledger", at=now - 298)).status == 200


async def test_a_signature_of_an_event_opens_nothing(reader: Reader) -> None:
    """What was signed for one door does not open the other: the target is no JSON, and an event no target."""
    body = b"{}"
    path = f"/v1/shops/{reader.market.shop}"

    signed = reader.signed(f"GET {path}/events")
    async with reader.http.post(f"{reader.url}{path}/events", data=body, headers=signed) as events:
        assert events.status == 401
    ledger = await reader("ledger", reader.signed(body.decode()))

    assert ledger.status == 401


async def test_an_unknown_shop_is_not_found(reader: Reader) -> None:
    """Also one whose id is no id."""
    for shop in ("01p" + "a" * 20, "nonsense", "99p" + "a" * 20, "x" * 500):
        path = f"/v1/shops/{shop}/rates"
        async with reader.http.get(reader.url + path, headers=reader.signed(f"GET {path}")) as response:
            assert (response.status, response.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("rates?kind=both", "kind"),
        ("rates?day=tomorrow", "day"),
        ("rates?day=2020-01-01", "day"),
        ("rates?day=9999-12-31", "day"),
        ("obligations?state=late", "state"),
        ("obligations?limit=0", "limit"),
        ("obligations?limit=501", "limit"),
        ("ledger?limit=ten", "limit"),
        ("ledger?cursor=abc", "cursor"),
        ("ledger?cursor=" + "1" * 100, "cursor"),
        ("ledger?cursor=1795428000000.owed.5.01oaaaaaaaaaaaaaaaaaaa1", "cursor"),
        ("ledger?from=yesterday", "from"),
        ("ledger?from=2026-11-23T10:00:00", "from"),
        ("ledger?to=2026-99-23T10:00:00Z", "to"),
        ("ledger?from=2026-11-23T10:00:00Z&to=2026-11-23T10:00:00Z", "from"),
        ("ledger?format=xml", "format"),
        ("ledger?format=csv&limit=5", "limit"),
        ("ledger?format=csv&cursor=1795428000000.owed..", "cursor"),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong(reader: Reader, target: str, field: str) -> None:
    """A problem that names the field."""
    said = await reader(target)

    assert (said.status, said.headers["content-type"], said.json["field"]) == (422, PROBLEM, field)
    assert said.json["detail"]


class Gone(Doubling):
    """A Redis that went away."""

    async def call(self, *args: str | bytes | float) -> Any:
        raise StoreDown("Redis does not answer")

    async def script(self, program: Program, keys: Sequence[str], args: Iterable[str | bytes | int | float]) -> Any:
        raise StoreDown("Redis does not answer")


async def test_redis_that_does_not_answer_is_a_problem_of_its_own(reader: Reader) -> None:
    """503, to be asked again."""
    whole = reader.market.stage.deps
    gone = Gone(whole.store.engine)
    deps = replace(whole, store=replace(whole.store, engine=gone, scripts=Scripts(gone)))
    async with Server(create_app(EventDoor(deps), deps.clock, healthy, deps=deps), "127.0.0.1:0") as server:
        said = await replace(reader, url=server.url)("rates")

    assert (said.status, said.headers["content-type"], said.headers["retry-after"]) == (503, PROBLEM, "5")


async def test_the_description_has_what_can_be_read(reader: Reader) -> None:
    """/docs shows the four routes, their parameters and their problems."""
    async with reader.http.get(f"{reader.url}/openapi.json") as response:
        document = await response.json()
    paths = {path.rpartition("/")[2]: path for path in document["paths"] if path.startswith("/v1/shops/{shop}/")}
    route = document["paths"][paths["ledger"]]["get"]

    assert set(paths) == {"events", "rates", "availability", "obligations", "ledger"}
    assert {each["name"] for each in route["parameters"]} >= {"from", "to", "cursor", "format", "webhook-signature"}
    assert set(route["responses"]) == {"200", "401", "404", "422", "503"}
    assert set(route["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    assert references(document) <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


async def test_the_window_is_what_the_policy_says_at_the_time_of_asking(reader: Reader) -> None:
    """What has aged out is in the ledger still, and in the rate no more."""
    reader.market.stage.clock.shift += 30 * HOUR
    fresh = await reader("rates?kind=inbox")

    assert fresh.json["rates"][0]["rate"]["met"] == 0
    assert len((await reader("ledger?kind=inbox")).json["entries"]) == 6
