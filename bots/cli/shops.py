"""`shopbell shop`: open one, and try it both ways."""

import json
import secrets as chance
import sys
from dataclasses import asdict, dataclass
from typing import Annotated

import aiohttp
import typer

from bots.cli.output import DONE, FAILED, AsJson, Report, busy, carry_out, rfc3339
from bots.cli.policies import policy_called
from bots.cli.session import session
from bots.wiring import Opened
from core.domain.files import MEGA, MOST_BYTES, FileLimits, in_bytes, is_type_pattern
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from core.errors import Misconfigured, OutsideError
from core.marketplaces.egress import ForbiddenTarget, check_url
from core.policies import load as load_policies
from core.rendering import in_english
from core.services.callbacks import end_rotation, move_callback, rotate_secrets
from core.services.shops import DEFAULT_POLICY, DEFAULT_REPLY_LIMIT, add_shop, find_shop, take_files

TEST_TYPE = "shopbell.test"  # unknown on purpose: it is kept as ignored, and rings nobody
TEST_WORDS = "Is it blue? (A test of Shopbell: nobody but you wrote this.)"
TEST_SECONDS = 15

AnId = Annotated[str, typer.Argument(help="The shop's id.")]

commands = typer.Typer(name="shop", help="Shops: a seller's accounts at marketplaces.", no_args_is_help=True)


@commands.command("add")
def add(
    seller: Annotated[str, typer.Option(help="The seller's id.")],
    name: Annotated[str, typer.Option(help="As members will read it.")],
    policy: Annotated[
        str | None, typer.Option(help="The marketplace's rules: a name of `policy list`, or a file of yours, *.toml.")
    ] = None,
    callback_url: Annotated[str | None, typer.Option(help="Where replies go; without it they go by hand.")] = None,
    reply_limit: Annotated[
        int, typer.Option(min=1, max=DEFAULT_REPLY_LIMIT, help="Characters that the marketplace takes in one reply.")
    ] = DEFAULT_REPLY_LIMIT,
    as_json: AsJson = False,
) -> int:
    """Open a shop; its two secrets are printed now and never again."""

    async def work() -> Report:
        rules = policy_called(policy or _asked(as_json=as_json))
        async with session() as shopbell:
            if callback_url is not None:
                _check(callback_url, allow_local=shopbell.settings.allow_local_callbacks)
            shop, fresh = await add_shop(
                shopbell.deps, seller, name, policy=rules, callback_url=callback_url, reply_limit=reply_limit
            )
        return _added(shop, fresh, events_url(shopbell, shop))

    return carry_out(work, as_json=as_json)


@commands.command("callback")
def callback(shop: AnId, url: Annotated[str, typer.Argument(help="Where replies go.")], as_json: AsJson = False) -> int:
    """Send a shop's replies to another address; those that wait are tried at once."""

    async def work() -> Report:
        async with session() as shopbell:
            _check(url, allow_local=shopbell.settings.allow_local_callbacks)
            found = await move_callback(shopbell.deps, shop, url)
        return Report({"shop": shop, "callback_url": url}, [f"Replies of {found.name} go to {url} now."])

    return carry_out(work, as_json=as_json)


@commands.command("files")
def files(
    shop: AnId,
    count: Annotated[int, typer.Option(min=0, max=20, help="Files that it takes with one reply; 0 for none.")] = 5,
    megabytes: Annotated[int, typer.Option(min=1, max=MOST_BYTES // MEGA, help="The largest that it takes.")] = 20,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="What it takes, as image/* or application/pdf; anything else.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say which files the marketplace takes with a reply: it is given their addresses here, and fetches them."""

    async def work() -> Report:
        wanted = tuple(text.strip().lower() for text in types or ())
        if wrong := [text for text in wanted if not is_type_pattern(text)]:
            raise Misconfigured([f"{wrong[0]!r} is no type: write one as image/png, or as image/* for all of a kind."])
        limits = FileLimits(count, megabytes * MEGA, wanted)
        async with session() as shopbell:
            found = await take_files(shopbell.deps, shop, limits)
            known = bool(shopbell.settings.public_url)
        return Report({"shop": shop, "files": asdict(limits)}, _takes(found, limits, known=known))

    return carry_out(work, as_json=as_json)


@commands.command("rotate")
def rotate(
    shop: AnId,
    done: Annotated[bool, typer.Option("--done", help="Both sides have the new ones: the old end here.")] = False,
    as_json: AsJson = False,
) -> int:
    """Make a fresh secret each way; the old ones are good too until --done."""

    async def work() -> Report:
        async with session() as shopbell:
            if done:
                found = await end_rotation(shopbell.deps, shop)
                return Report({"shop": shop}, [f"Only the newest secrets of {found.name} are good now."])
            found, fresh = await rotate_secrets(shopbell.deps, shop)
        data = {"shop": shop, "secret_in": fresh.inward[0], "secret_out": fresh.outward[0]}
        words = [
            f"Sign events with    {fresh.inward[0]}",
            f"Replies carry also  {fresh.outward[0]}",
            f"Keep them now. When the marketplace uses both: shopbell shop rotate {shop} --done",
        ]
        return Report(data, words)

    return carry_out(work, as_json=as_json)


@commands.command("test")
def try_shop(
    shop: AnId,
    ring: Annotated[
        bool, typer.Option("--ring", help="As a buyer's message: a card in each linked chat, owed like any other.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Send a signed test event to the running Shopbell, and a signed ping to the callback. Rings nobody by itself."""

    async def work() -> Report:
        async with session() as shopbell:
            found, secrets = await find_shop(shopbell.deps, shop)
            with busy("Trying both ways…"):
                event = await _try_event(shopbell, found, secrets, ring=ring)
                callback = await _try_callback(shopbell, found, secrets)
        ok = event.ok and callback.ok
        data = {"ok": ok, "event": asdict(event), "callback": asdict(callback)}
        return Report(data, [f"In:  {event}", f"Out: {callback}"], status=DONE if ok else FAILED)

    return carry_out(work, as_json=as_json)


@dataclass(frozen=True, slots=True)
class Trial:
    """One way tried; `cure` says what to do where it is not ok."""

    ok: bool
    said: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{'✓' if self.ok else '✗'} {self.said}{f' → {self.cure}' if self.cure else ''}"


def _asked(*, as_json: bool) -> str:
    """Which rules, where a person can be asked; else those that Shopbell was made for."""
    if as_json or not sys.stdin.isatty():
        return DEFAULT_POLICY
    for each in load_policies().values():
        typer.echo(f"  {each.name:<18}{each.title}", err=True)
    return str(typer.prompt("By which rules does the marketplace count?", default=DEFAULT_POLICY, err=True))


def _check(url: str, *, allow_local: bool) -> None:
    try:
        check_url(url, allow_local=allow_local)
    except ForbiddenTarget as error:
        cure = " On this machine itself: SHOPBELL_ALLOW_LOCAL_CALLBACKS=1." if _is_local(url) else ""
        raise Misconfigured([f"{error}{cure}"]) from error


def _is_local(url: str) -> bool:
    try:
        check_url(url, allow_local=True)
    except ForbiddenTarget:
        return False
    return True


def _takes(shop: Shop, limits: FileLimits, *, known: bool) -> list[str]:
    if not limits.count:
        return [f"{shop.name} takes no files."]
    types = f", each {' or '.join(limits.types)}" if limits.types else ""
    words = [f"{shop.name} takes up to {limits.count} files with a reply, of {in_bytes(limits.bytes)} at most{types}."]
    if not shop.callback_url:
        words.append("It has no callback yet: set one with shopbell shop callback.")
    if not known:
        words.append("It fetches them at SHOPBELL_PUBLIC_URL, which is not set: until then members are told so.")
    return words


def events_url(shopbell: Opened, shop: Shop) -> str:
    return f"{shopbell.settings.events_base}/v1/shops/{shop.id}/events"


def _added(shop: Shop, fresh: ShopSecrets, url: str) -> Report:
    secret_in, secret_out = fresh.inward[0], fresh.outward[0]
    words = [
        f"Shop {shop.name}: {shop.id}, counted by {shop.policy}",
        f"Events go to    {url}",
        f"signed with     {secret_in}",
    ]
    if shop.callback_url:
        words += [f"Replies go to   {shop.callback_url}", f"signed with     {secret_out}"]
    else:
        words.append("It has no callback, so members copy their replies to the site.")
    words += [
        "Keep the secrets now: they are not shown again.",
        f"Next: shopbell link --seller {shop.seller}",
        f"Once a chat is linked: shopbell shop test {shop.id} --ring",
    ]
    return Report(
        {"shop": shop.id, "secret_in": secret_in, "secret_out": secret_out, "events_url": url},
        words,
    )


async def _try_event(shopbell: Opened, shop: Shop, secrets: ShopSecrets, *, ring: bool) -> Trial:
    url, id, wall = events_url(shopbell, shop), f"test_{chance.token_hex(8)}", shopbell.clock.wall()
    told = _test_message(id, rfc3339(wall)) if ring else {"type": TEST_TYPE, "data": {}}
    body = json.dumps({"id": id, "at": rfc3339(wall), **told}).encode()
    headers = {
        "content-type": "application/json",
        ID_HEADER: id,
        TIMESTAMP_HEADER: str(wall // 1000),
        SIGNATURE_HEADER: sign(secrets.inward[0], id, wall // 1000, body),
    }
    try:
        timeout = aiohttp.ClientTimeout(total=TEST_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            return _heard(response.status, await response.text(), url)
    except (aiohttp.ClientError, TimeoutError):
        cure = "Start it with shopbell run, or set SHOPBELL_LISTEN or SHOPBELL_PUBLIC_URL to where it runs."
        return Trial(False, f"Nobody answers at {url}.", cure)


def _test_message(id: str, at: str) -> dict[str, object]:
    data = {
        "conversation": id,
        "buyer": {"id": "shopbell-test", "name": "Test buyer"},
        "message": {"id": id, "text": TEST_WORDS, "sent_at": at},
    }
    return {"type": "message.received", "data": data}


def _heard(status: int, body: str, url: str) -> Trial:
    if status == 202:
        return Trial(True, f"{url} took a signed event.")
    cures = {
        401: "That Shopbell has other secrets for this shop: see that both use the same Redis.",
        404: "That Shopbell does not know this shop: see that both use the same Redis.",
        503: "It runs, but its Redis does not answer: shopbell doctor",
    }
    return Trial(False, f"{url} answered {status}: {body[:200]}", cures.get(status, "See what stands before it."))


async def _try_callback(shopbell: Opened, shop: Shop, secrets: ShopSecrets) -> Trial:
    marketplace = shopbell.deps.marketplaces[shop.marketplace]
    if not marketplace.capabilities(shop).sends:
        return Trial(True, "The shop has no callback; members copy their replies to the site.")
    try:
        await marketplace.check(shop, secrets)
    except OutsideError as error:
        return Trial(
            False, f"{shop.callback_url}: {in_english(error.kept)}", "It must take a POST signed with secret_out."
        )
    return Trial(True, f"{shop.callback_url} took a signed ping.")
