"""`shopbell rates`: what a shop's rates are, what cost them, and the ledger behind them as CSV."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.wiring import opened
from core.config import load
from core.domain.conversations import Buyer
from core.domain.events import MessageReceived, MessageSent
from core.policies import load as load_policies
from core.services.events import EventDoor
from core.services.histories import fold
from core.services.sellers import add_seller
from core.services.shops import add_shop
from core.store.client import Engine
from core.store.conversations import conversation_id
from tests.fixtures.command import Prompt
from tests.fixtures.town import SECRET

HOUR = 3_600_000
HOSTILE = "\x1b[2J[bold]Zed[/bold]"


@pytest.fixture
async def shop(engine: Engine, engine_url: str, tmp_path: Path, shopbell: Prompt) -> AsyncIterator[str]:
    """Three answered in time, one missed, one waiting; told by an import, so that it is known since then."""
    environment = {"REDIS_URL": engine_url, "SHOPBELL_SECRET": SECRET}
    shopbell.set(**environment)
    async with opened(*load(environment, tmp_path)) as here:
        seller = await add_seller(here.deps, "Ann's Prints")
        found, _ = await add_shop(here.deps, seller.id, "My site", policy=load_policies()["fiverr"])
        door, now = EventDoor(here.deps), here.clock.now()

        async def told(number: int, hours: int, *, answered: bool, name: str = "Ann") -> None:
            conversation, at = f"c-{number}", now - hours * HOUR
            about = (conversation, Buyer(f"b-{number}", name), None, None, hours > 24)
            asked = MessageReceived(f"e-{number}", at, *about, message=f"m-{number}", text="Hi", sent_at=at)
            sent = MessageSent(f"s-{number}", at + HOUR, *about, message=f"r-{number}", text="Yes", sent_at=at + HOUR)
            await door.accept(found.id, "wh", [asked, *([sent] if answered else [])])
            await fold(here.deps, conversation_id(found.id, conversation))  # as a worker does for an import

        for number in range(3):
            await told(number, 50, answered=True)
        await told(3, 40, answered=False, name=HOSTILE)
        await told(4, 3, answered=False)
        yield found.id


async def test_the_rates_are_shown(shop: str, shopbell: Prompt) -> None:
    """A table for each rate, with what cost it and what is at risk, whose reading is stricter, and what comes next."""
    said = await shopbell.beside("rates", "--shop", shop)

    assert (said.status, said.err) == (0, "")
    assert "75 % of 4 messages, 1 missed, since " in said.out
    assert "[bold]Zed[/bold]" in said.out
    assert "\x1b" not in said.out
    assert "60 %" in said.out
    assert "1 h on average, median 1 h, 75 % within the soft target" in said.out
    assert "no data, since " in said.out
    assert "! fiverr-2025 is stricter on window: https://help.fiverr.com" in said.out
    assert "Not the marketplace's own numbers: Fiverr names the Order Response Rate" in said.out
    assert f"Next: shopbell rates --shop {shop} --csv ledger.csv" in said.out


async def test_the_rates_as_json_and_on_a_coming_day(shop: str, shopbell: Prompt) -> None:
    """The same object as the API's, for one kind, with the rate on that day."""
    day = datetime.now(UTC).date() + timedelta(days=2)

    told = (await shopbell.beside("rates", "--shop", shop, "--kind", "inbox", "--day", str(day), "--json")).data
    shown = await shopbell.beside("rates", "--shop", shop, "--kind", "inbox", "--day", str(day))

    [inbox] = told["rates"]
    assert (told["name"], inbox["of"], inbox["rate"]["percent"]) == ("My site", "inbox", 75)
    assert (inbox["on_day"]["if_answered"]["percent"], inbox["on_day"]["if_missed"]["percent"]) == (80, 60)
    assert f"on {day}" in shown.out
    assert "80 % of 5 messages" in shown.out


async def test_the_ledger_goes_to_stdout_or_into_a_file(shop: str, shopbell: Prompt) -> None:
    """Every message behind the rate, and a sum that is the rate."""
    plain = await shopbell.beside("rates", "--shop", shop, "--csv", "-")
    saved = await shopbell.beside("rates", "--shop", shop, "--csv", "ledger.csv", "--json")
    file = shopbell.folder / "ledger.csv"
    rows = list(csv.DictReader(io.StringIO(plain.out, newline="")))

    assert saved.data == {"file": "ledger.csv", "entries": 5}
    assert [row["conversation"] for row in rows][:2] == ["c-4", "c-3"]
    assert (sum(int(row["met"]) for row in rows), sum(int(row["missed"]) for row in rows)) == (3, 1)
    assert len(file.read_text().splitlines()) == 6
    assert sorted(path.name for path in shopbell.folder.glob("*ledger*")) == ["ledger.csv"]


async def test_a_ledger_says_how_far_it_is(shop: str, shopbell: Prompt) -> None:
    """On a terminal, beside what is written, and never in it."""
    shopbell.set(TTY_COMPATIBLE="1")

    said = await shopbell.beside("rates", "--shop", shop, "--csv", "-")

    assert "Reading the ledger" in said.err
    assert len(list(csv.DictReader(io.StringIO(said.out, newline="")))) == 5


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--day", "2020-01-01"), "--day is 2020-01-01"),
        (("--day", "tomorrow"), "'--day'"),
        (("--kind", "both"), "'--kind'"),
        (("--csv", "-", "--json"), "both want stdout"),
        (("--csv", "no/such/folder.csv"), "no/such/folder.csv cannot be written"),
    ],
)
async def test_what_is_typed_wrong_is_named(
    shop: str, shopbell: Prompt, arguments: tuple[str, ...], named: str
) -> None:
    """Status 2 and a sentence."""
    said = await shopbell.beside("rates", "--shop", shop, *arguments)

    assert said.status == 2
    assert named in said.out + said.err


async def test_an_unknown_shop_is_named(shop: str, shopbell: Prompt) -> None:
    """Also what is no id at all."""
    for unknown in ("01p" + "a" * 20, "nonsense"):
        said = await shopbell.beside("rates", "--shop", unknown)

        assert said.status == 2
        assert f"There is no shop '{unknown}' here" in said.err
