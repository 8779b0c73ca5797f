"""The door at which a marketplace fetches what a member attached: signed, for a while, as it comes."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from core.api import files as door
from core.api.app import create_app
from core.api.server import Server
from core.domain.actions import Write
from core.domain.files import File, FileLimits
from core.errors import AccessLost, Rejected, TryLater
from core.policies import load
from core.ports.marketplace import OutgoingReply
from core.services.events import EventDoor
from core.services.files import FETCH_TIME
from core.store import keys
from core.store.conversations import conversation_id
from core.store.shops import add_shop, read_shop
from tests.contract.chalkboard.adapter import person, place
from tests.core.api.conftest import Said, healthy
from tests.fixtures.core import Stage

BYTES = bytes(range(256)) * 3
MINUTE = 60_000


@dataclass
class Market:
    """A marketplace with a reply of Sam's whose files it may fetch."""

    stage: Stage
    http: aiohttp.ClientSession
    url: str
    reply: OutgoingReply

    @property
    def path(self) -> str:
        return self.reply.attachments[0].url.removeprefix(self.stage.deps.outside.url)

    async def fetch(self, path: str = "", method: str = "GET") -> Said:
        async with self.http.request(method, self.url + (path or self.path)) as response:
            head = {name.lower(): value for name, value in response.headers.items()}
            return Said(response.status, head, await response.read())


@asynccontextmanager
async def served(stage: Stage) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    app = create_app(EventDoor(stage.deps), stage.clock, healthy, deps=stage.deps)
    async with Server(app, "127.0.0.1:0") as server, aiohttp.ClientSession() as http:
        yield http, server.url


async def answered(stage: Stage, file: File) -> OutgoingReply:
    """Sam's reply with a file, as the marketplace got it."""
    stage.bazaar.files = FileLimits(3, 100_000)
    stage.deps.outside.url = "https://bell.example"
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    target = conversation_id(stage.shop, "c-1")
    await stage.act(
        Write("w-1", person("sam"), place("sales"), "This one", conversation=target, alone=True, files=(file,))
    )
    await stage.wait(stage.bazaar.texts, "the reply at the marketplace")
    return next(iter(stage.bazaar.replies.values()))


@pytest.fixture
async def market(stage: Stage) -> AsyncIterator[Market]:
    reply = await answered(stage, stage.board.put_away("Größe 1.png", BYTES))
    await stage.wait(lambda: any("has it" in said for said in stage.board.said("sales")), "the receipt")
    async with served(stage) as (http, url):
        yield Market(stage, http, url, reply)


async def test_the_very_bytes_arrive(market: Market) -> None:
    """As an attachment that no browser shows or runs, under the name that its sender gave it."""
    said = await market.fetch()

    assert (said.status, hashlib.sha256(said.body).digest()) == (200, hashlib.sha256(BYTES).digest())
    assert said.headers["content-type"] == "image/png"
    assert said.headers["content-length"] == str(len(BYTES))
    assert said.headers["content-disposition"] == "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.png"
    assert said.headers["x-content-type-options"] == "nosniff"
    assert said.headers["cache-control"] == "private, no-store"


async def test_its_head_can_be_looked_at(market: Market) -> None:
    """How large it is and of what type, without a byte of it; the chat is not asked."""
    market.stage.board.drawers.clear()

    said = await market.fetch(method="HEAD")

    assert (said.status, said.body) == (200, b"")
    assert said.headers["content-length"] == str(len(BYTES))


async def test_it_may_be_fetched_again(market: Market) -> None:
    """A marketplace that broke off asks once more."""
    assert [(await market.fetch()).status for _ in range(3)] == [200] * 3


async def test_nothing_else_can_be_asked(market: Market) -> None:
    """There is nothing to write to."""
    said = await market.fetch(method="POST")

    assert (said.status, said.headers["allow"]) == (405, "GET, HEAD")


def changed(path: str) -> list[str]:
    head, _, token = path.rpartition("/")
    shop, message, _, mark = token.split(".")
    other = "07" + shop[2:3] + "a" * 20
    tokens = [
        f"{shop}.{message}.1.{mark}",
        f"{shop}.{message}.0.{mark[:-1]}{'A' if mark[-1] != 'A' else 'B'}",
        f"{shop}.{message}.0.",
        f"{shop}.{message[:-1]}{'a' if message[-1] != 'a' else 'b'}.0.{mark}",
        f"{other}.{message}.0.{mark}",
        f"{shop}.{message}.-0.{mark}",
        f"{shop}.{message}.²\u200b.{mark}",
        f"{shop}.{message}.0.{mark}.0",
        "x" * 5_000,
        "...",
        "%2e%2e%2f",
    ]
    return [f"{head}/{token}" for token in tokens]


async def test_what_we_did_not_sign_opens_nothing(market: Market) -> None:
    """Another number, another reply, another shop, a cut or a guess: all of them the same 404."""
    said = [await market.fetch(path) for path in changed(market.path)]

    assert {each.status for each in said} == {404}
    assert len({each.body for each in said}) == 1


async def test_another_shop_signs_for_itself_alone(market: Market) -> None:
    """What was signed for one shop of the seller does not open what was attached for the other."""
    stage, store = market.stage, market.stage.deps.store
    known = await read_shop(store, stage.shop)
    assert known is not None
    shop, secrets = known
    other = shop.id[:-1] + ("a" if shop.id[-1] != "a" else "b")
    await add_shop(store, shop.__class__(**{**_fields(shop), "id": other}), secrets, load()["fiverr"])
    said = f"{other}.{market.reply.id}.0"

    forged = f"/v1/files/{said}.{store.vault.sign(f'files/{other}', said)}"

    assert (await market.fetch(forged)).status == 404


def _fields(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


async def test_its_time_is_as_long_as_tries_last_and_ends(market: Market) -> None:
    """76 hours after the marketplace took the reply the address is worth nothing."""
    market.stage.pass_time(FETCH_TIME - MINUTE)
    late = await market.fetch()
    market.stage.pass_time(2 * MINUTE)
    over = await market.fetch()

    assert late.status == 200
    assert (over.status, (await market.fetch(method="HEAD")).status) == (410, 410)


async def test_nothing_is_on_offer_before_it_leaves(market: Market) -> None:
    """A held reply can still be taken back, and a refused one was never given."""
    store, message = market.stage.deps.store, market.reply.id
    name = keys.message(keys.tag_of(message), message)
    said = []
    for state in ("held", "stopped", "refused", "dropped", "sending"):
        await store.engine.call("HSET", name, "state", state)
        said.append((await market.fetch()).status)

    assert said == [410, 410, 410, 410, 200]


async def test_a_deleted_file_is_gone_and_its_members_are_told_once(market: Market) -> None:
    """The marketplace is told so, and the room what to do."""
    market.stage.board.drawers.clear()

    said = [await market.fetch() for _ in range(2)]
    await market.stage.wait(lambda: len(lost(market)) > 0, "the room to be told")

    assert [each.status for each in said] == [410, 410]
    (told,) = lost(market)
    assert told == (
        "Example Market could not fetch Größe 1.png, which is attached to a reply: The drawer is empty. "
        "Attach it to another reply, or send it on the site."
    )


def lost(market: Market) -> list[str]:
    return [said for said in market.stage.board.said("sales") if "could not fetch" in said]


async def test_a_chat_that_shuts_us_out_is_told_about_too(market: Market) -> None:
    """A revoked token can be mended: until then nothing is there."""
    market.stage.board.troubles["drawer"] = [AccessLost("The token was revoked.")]

    said = await market.fetch()
    await market.stage.wait(lambda: len(lost(market)) > 0, "the room to be told")

    assert said.status == 404
    assert "The token was revoked." in lost(market)[0]
    assert (await market.fetch()).status == 200


async def test_what_passes_is_asked_for_again(market: Market) -> None:
    """Nobody is told of a chat that is slow for a minute."""
    market.stage.board.troubles["drawer"] = [TryLater("Slow down.")]

    said = await market.fetch()

    assert (said.status, said.headers["retry-after"]) == (503, "30")
    assert lost(market) == []


async def test_half_a_file_does_not_look_like_one(market: Market) -> None:
    """Where the chat breaks off in the middle the connection is cut, and the marketplace knows."""
    market.stage.board.troubles["drawer"] = [None, None, TryLater("broke off")]

    with pytest.raises(aiohttp.ClientPayloadError):
        await market.fetch()

    assert (await market.fetch()).body == BYTES


async def test_a_file_that_grew_is_not_let_through(market: Market) -> None:
    """What the chat says of its size decides, and its members are told."""
    market.stage.bazaar.files = FileLimits(3, 500)

    said = await market.fetch()
    await market.stage.wait(lambda: len(lost(market)) > 0, "the room to be told")

    assert said.status == 410
    assert "It is larger than 500 B by now." in lost(market)[0]


async def test_a_chat_that_never_gives_it_is_not_asked_for_ever(market: Market) -> None:
    """The marketplace need not come again, and the members know."""
    market.stage.board.troubles["drawer"] = [Rejected("Nobody gets it.")]

    said = await market.fetch()
    await market.stage.wait(lambda: len(lost(market)) > 0, "the room to be told")

    assert said.status == 410
    assert "Nobody gets it." in lost(market)[0]


async def test_a_place_is_given_back_whatever_became_of_its_file(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one place alone the next file still comes through."""
    monkeypatch.setattr(door, "AT_ONCE", 1)
    async with served(market.stage) as (http, url):
        again = Market(market.stage, http, url, market.reply)
        market.stage.board.troubles["drawer"] = [TryLater("busy"), None, None, TryLater("broke off")]
        first = await again.fetch()
        with pytest.raises(aiohttp.ClientPayloadError):
            await again.fetch()
        said = await again.fetch()

    assert (first.status, said.status) == (503, 200)
