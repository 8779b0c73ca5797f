"""The command line where nothing runs yet: sellers, shops, codes, the doctor, and what is typed wrong."""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.fixtures.command import PROGRAM, Prompt, Said, clean_environment, open_seller

CALLBACK = "https://market.example/shopbell"
DEAD = "redis://127.0.0.1:1"
SECRET = "a-secret-that-is-long-enough-for-tests-0123456789"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a Shopbell that runs, so that commands need not start a Redis each."""
    data = tmp_path_factory.mktemp("service")
    settings = clean_environment({"SHOPBELL_DATA": str(data)})
    command = [*PROGRAM, "run", "--only", "worker", "--json"]
    with subprocess.Popen(
        command, cwd=data, env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        yield data
        running.terminate()


def test_a_seller_opens(shopbell: Prompt) -> None:
    """`seller add` prints an id that the next command takes, and names that command."""
    said = shopbell("seller", "add", "Ann's [bold]Prints[/bold]")

    seller = re.search(r"\d\ds\w{20}", said.out)
    assert said.status == 0
    assert seller
    assert "Ann's [bold]Prints[/bold]" in said.out
    assert f"shopbell shop add --seller {seller[0]}" in said.out


def test_an_id_that_was_lost_is_found(shopbell: Prompt) -> None:
    """`seller list` names every seller and its shops, in words and as JSON; at first it says how to open one."""
    none = shopbell("seller", "list")
    sellers = [open_seller(shopbell, name) for name in ("Zoe", "Ann's [b]Prints[/b]")]
    opened = shopbell("shop", "add", "--seller", sellers[1], "--name", "My site", "--callback-url", CALLBACK, "--json")

    said, told = shopbell("seller", "list"), shopbell("seller", "list", "--json")

    shop = opened.data["shop"]
    assert "shopbell seller add NAME" in none.out
    assert said.out.splitlines() == [
        f"Seller Ann's [b]Prints[/b]: {sellers[1]}",
        f"  Shop My site: {shop}, counted by fiverr, replies go to {CALLBACK}",
        f"Seller Zoe: {sellers[0]}",
    ]
    shown = {"shop": shop, "name": "My site", "policy": "fiverr", "callback_url": CALLBACK}
    assert told.data["sellers"][0] == {"seller": sellers[1], "name": "Ann's [b]Prints[/b]", "shops": [shown]}


def test_a_shop_opens(shopbell: Prompt) -> None:
    """`shop add --json` answers with the id, both secrets and where events go, and nothing else."""
    seller = open_seller(shopbell)
    shopbell.set(SHOPBELL_PUBLIC_URL="https://bell.example/")

    said = shopbell("shop", "add", "--seller", seller, "--name", "My site", "--callback-url", CALLBACK, "--json")

    assert (said.status, said.err) == (0, "")
    assert set(said.data) == {"shop", "secret_in", "secret_out", "events_url"}
    assert said.data["events_url"] == f"https://bell.example/v1/shops/{said.data['shop']}/events"
    assert said.data["secret_in"] != said.data["secret_out"]


def test_a_shop_opens_in_words(shopbell: Prompt) -> None:
    """For people, `shop add` says that the secrets are shown once, and what a shop without a callback cannot."""
    seller = open_seller(shopbell)

    said = shopbell("shop", "add", "--seller", seller, "--name", "Market", "--policy", "fiverr")

    assert said.status == 0
    assert "not shown again" in said.out
    assert "copy their replies" in said.out


def test_secrets_are_told_once(shopbell: Prompt) -> None:
    """No later command shows a secret, and neither the files nor the log hold one in plain."""
    seller = open_seller(shopbell)
    shop = shopbell("shop", "add", "--seller", seller, "--name", "My site", "--json").data
    code = shopbell("link", "--seller", seller, "--json").data["code"]
    shopbell.set(SHOPBELL_LISTEN="127.0.0.1:1")

    later = [shopbell("shop", "test", shop["shop"]), shopbell("doctor"), shopbell("link", "--seller", seller)]

    kept = b"".join(path.read_bytes() for path in shopbell.folder.rglob("*") if path.is_file())
    for secret in (shop["secret_in"], shop["secret_out"], code):
        assert all(secret not in said.out + said.err for said in later)
        assert secret.encode() not in kept


def test_a_link_code(shopbell: Prompt) -> None:
    """`link` prints a code good for ten minutes with a way for each chat, also where no chat is set up."""
    seller, before = open_seller(shopbell), datetime.now(UTC)
    said = shopbell("link", "--seller", seller, "--json")

    code = said.data["code"]
    assert set(said.data) == {"code", "slack", "telegram", "expires_at"}
    assert (said.data["slack"], said.data["telegram"]) == (f"/shopbell link {code}", f"/link {code}")
    assert_expires(said, before, timedelta(minutes=10))


def test_an_invitation(shopbell: Prompt) -> None:
    """`--for 7d` makes a code that is good for a week."""
    seller, before = open_seller(shopbell), datetime.now(UTC)
    said = shopbell("link", "--seller", seller, "--role", "manager", "--for", "7d", "--json")

    assert_expires(said, before, timedelta(days=7))


def assert_expires(said: Said, before: datetime, lifetime: timedelta) -> None:
    """That long after it was made: between `before` and now, as far as the clock of Redis can be read at all."""
    made, unsure = datetime.fromisoformat(said.data["expires_at"]) - lifetime, timedelta(seconds=5)
    assert before - unsure <= made <= datetime.now(UTC) + unsure


def test_the_doctor_on_a_new_machine(shopbell: Prompt) -> None:
    """The doctor is content with the embedded Redis, and says what a newcomer does next."""
    said = shopbell("doctor", "--json")

    levels = {finding["what"]: finding["level"] for finding in said.data["findings"]}
    assert (said.status, said.data["ok"]) == (0, True)
    assert levels["Each write is on disk before it is acknowledged."] == "good"
    assert levels["The secret opens what was sealed with it."] == "good"
    assert levels["There is no seller yet."] == "warn"
    assert levels["No chat platform is set up."] == "warn"
    assert "refuse" not in levels.values()


def test_the_doctor_on_a_wrong_secret(shopbell: Prompt) -> None:
    """A secret that does not open the store is a finding that must be mended, in words."""
    shopbell.set(SHOPBELL_SECRET=SECRET)
    open_seller(shopbell)
    shopbell.set(SHOPBELL_SECRET=SECRET[::-1])

    said = shopbell("doctor")

    assert said.status == 1
    assert "✗ mend" in said.out
    assert "SHOPBELL_SECRET is not the one" in said.out


def test_the_doctor_without_redis(shopbell: Prompt) -> None:
    """A Redis that does not answer is a finding with a cure; its password is not shown."""
    shopbell.set(REDIS_URL="redis://ann:hush-hush@127.0.0.1:1", SHOPBELL_SECRET=SECRET)

    said = shopbell("doctor", "--json")

    wrong = [finding for finding in said.data["findings"] if finding["level"] == "refuse"]
    assert said.status == 1
    assert [("127.0.0.1:1" in finding["what"], bool(finding["cure"])) for finding in wrong] == [(True, True)]
    assert "hush-hush" not in said.out + said.err


def test_a_cure_is_copied_in_one_piece(shopbell: Prompt) -> None:
    """However narrow the terminal, a command that the doctor names stands in one line."""
    shopbell.set(REDIS_URL="redis://127.0.0.1:1", COLUMNS="40")

    said = shopbell("doctor")

    assert said.status == 1
    assert "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'" in said.out


def test_the_doctor_tells_all_faults_of_the_settings(shopbell: Prompt) -> None:
    """Settings that cannot be are findings too, all at once."""
    shopbell.set(SHOPBELL_LISTEN="nowhere", SHOPBELL_PUBLIC_URL="ftp://x")

    said = shopbell("doctor", "--json")

    assert said.status == 1
    assert {finding["what"].split()[0] for finding in said.data["findings"]} == {
        "SHOPBELL_LISTEN",
        "SHOPBELL_PUBLIC_URL",
    }


def test_the_doctor_on_a_webhook_without_an_address(shopbell: Prompt) -> None:
    """Who calls from outside needs SHOPBELL_PUBLIC_URL, and the doctor says so."""
    shopbell.set(TELEGRAM_WEBHOOK_SECRET="0123456789abcdef")

    said = shopbell("doctor", "--json")

    assert any("Telegram is polled" in finding["what"] for finding in said.data["findings"])


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("seller", "add", " "), "1 to 80 printable characters"),
        (("seller", "add", "a\x1b[2Jb"), "1 to 80 printable characters"),
        (("shop", "add", "--seller", "nobody", "--name", "x"), "shopbell seller list"),
        (("shop", "add", "--seller", "99saaaaaaaaaaaaaaaaaaaa", "--name", "x"), "shopbell seller list"),
        (
            ("shop", "add", "--seller", "{seller}", "--name", "x", "--policy", "etsy"),
            "custom, etsy-star-seller, fiverr",
        ),
        (
            ("shop", "add", "--seller", "{seller}", "--name", "x", "--callback-url", "http://a.example"),
            "begin with https://.\n",
        ),
        (
            ("shop", "add", "--seller", "{seller}", "--name", "x", "--callback-url", "http://127.0.0.1:9/x"),
            "SHOPBELL_ALLOW_LOCAL_CALLBACKS=1",
        ),
        (("shop", "add", "--seller", "{seller}", "--name", "x", "--reply-limit", "0"), "greater than or equal to 1"),
        (("shop", "test", "nothing"), "shopbell seller list"),
        (("link", "--seller", "nobody"), "shopbell seller list"),
        (("link", "--seller", "{seller}", "--for", "soon"), "10m, 12h or 7d"),
        (("link", "--seller", "{seller}", "--for", "31d"), "1m to 30d"),
        (("link", "--seller", "{seller}", "--role", "king"), "'--role': 'king' is not one of 'owner'"),
        (("link",), "--seller"),
        (("run", "--only", "api,carrier-pigeon"), "it knows api, slack, telegram, worker"),
        (("play", "--host", "0.0.0.0"), "127.0.0.1"),
        (("ring",), "ring"),
    ],
)
def test_what_is_typed_wrong(shopbell: Prompt, service: Path, arguments: tuple[str, ...], cure: str) -> None:
    """A wrong argument ends with status 2 and one sentence that names the cure, on stderr or as JSON."""
    shopbell.set(SHOPBELL_DATA=str(service))
    seller = open_seller(shopbell)
    given = [argument.format(seller=seller) for argument in arguments]

    said, told = shopbell(*given), shopbell(*given, "--json")

    assert (said.status, said.out) == (2, "")
    assert cure in said.err
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) == 1
    assert (told.status, told.err) == (2, "")
    assert list(told.data) == ["error"]


def test_faults_of_the_settings_come_all_at_once(shopbell: Prompt) -> None:
    """Every command names each setting that is wrong, and does nothing."""
    shopbell.set(SLACK_BOT_TOKEN="nonsense", TELEGRAM_BOT_TOKEN="nonsense", REDIS_URL=DEAD, SHOPBELL_SECRET=SECRET)
    shopbell.monkeypatch.delenv("REDIS_URL")

    said = shopbell("link", "--seller", "x")

    assert said.status == 2
    assert "SLACK_BOT_TOKEN" in said.err
    assert "TELEGRAM_BOT_TOKEN" in said.err


def test_a_redis_that_does_not_answer(shopbell: Prompt) -> None:
    """Without its Redis a command ends with status 1, and says where it looked and what to do."""
    shopbell.set(REDIS_URL=DEAD, SHOPBELL_SECRET=SECRET)

    told = shopbell("seller", "add", "Ann", "--json")

    assert (told.status, told.err) == (1, "")
    assert "127.0.0.1:1" in told.data["error"]
    assert "REDIS_URL" in told.data["error"]


def test_a_platform_that_is_not_set_up(shopbell: Prompt) -> None:
    """`run --only slack` without Slack's settings ends, rather than waiting for what cannot come."""
    said = shopbell("run", "--only", "slack")

    assert said.status == 2
    assert said.err.splitlines()[-1] == "--only slack, but Slack is not set up here."


def test_help(shopbell: Prompt) -> None:
    """`shopbell` alone lists the commands."""
    said = shopbell("--help")

    assert said.status == 0
    assert all(command in said.out for command in ("run", "play", "seller", "shop", "link", "doctor"))


def test_the_version(shopbell: Prompt) -> None:
    """`shopbell --version` says which one is installed."""
    said = shopbell("--version")

    assert (said.status, said.out) == (0, f"shopbell {version('shopbell')}\n")


def test_a_data_folder_that_cannot_be_made_is_named(shopbell: Prompt) -> None:
    """A file in its place: status 2, and which setting."""
    (shopbell.folder / "file").touch()
    shopbell.set(SHOPBELL_DATA=str(shopbell.folder / "file" / "data"))

    said = shopbell("seller", "add", "Ann")

    assert said.status == 2
    assert "SHOPBELL_DATA" in said.err
    assert "Traceback" not in said.err
