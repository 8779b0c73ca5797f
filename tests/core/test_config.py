"""Settings: from the environment and a file, every fault at once, each with its cure."""

from pathlib import Path

import pytest

from bots.registry import sections
from core.config import load
from core.errors import Misconfigured

SECRET = "a-secret-that-is-long-enough-for-tests-0123456789"


def faults(environ: dict[str, str], folder: Path) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as refused:
        load(environ, folder, sections())
    return refused.value.faults


def test_nothing_set_is_well(tmp_path: Path) -> None:
    """Shopbell brings its Redis along, listens on loopback, and has no chat yet; an empty value is none."""
    settings, _ = load({"REDIS_URL": "", "SHOPBELL_LOG_JSON": ""}, tmp_path, sections())

    assert (settings.redis_url, settings.listen, settings.secret) == (None, "127.0.0.1:8080", None)
    assert settings.events_base == "http://127.0.0.1:8080"


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    """Top-level names are ours, a table's are its platform's."""
    (tmp_path / "shopbell.toml").write_text(
        'redis_url = "redis://in-file:1/0"\nlisten = "0.0.0.0:80"\nallow_local_callbacks = true\n'
        '[slack]\nbot_token = "xoxb-in-file"\napp_token = "xapp-1"\n'
    )
    environ = {"SLACK_BOT_TOKEN": "xoxb-in-environment", "SHOPBELL_SECRET": SECRET}

    settings, named = load(environ, tmp_path, sections())

    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == "redis://in-file:1/0"
    assert (settings.address, settings.allow_local_callbacks) == (("0.0.0.0", 80), True)
    assert (named["SLACK_BOT_TOKEN"], named["SLACK_APP_TOKEN"]) == ("xoxb-in-environment", "xapp-1")
    assert SECRET not in repr(settings)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    """Ours and those of both platforms, the file's and the environment's, in one go and without a secret in it."""
    (tmp_path / "shopbell.toml").write_text('listn = "x"\nlog_json = "maybe"\n[slack]\nbot_tokn = "xoxb-1"\n')
    environ = {
        "REDIS_URL": "localhost:6379",
        "SHOPBELL_SECRET": "short",
        "SHOPBELL_LISTEN": "8080",
        "SHOPBELL_PUBLIC_URL": "bell.example",
        "SLACK_APP_TOKEN": "xoxb-secret",
        "TELEGRAM_BOT_TOKEN": "secret",
    }

    said = faults(environ, tmp_path)

    named = [
        "shopbell.toml sets SHOPBELL_LISTN",
        "shopbell.toml sets SLACK_BOT_TOKN",
        "REDIS_URL must be an address such as redis://",
        "SHOPBELL_SECRET must have at least 32 characters",
        "SHOPBELL_LISTEN must be HOST:PORT",
        "SHOPBELL_PUBLIC_URL must be an address",
        "SHOPBELL_LOG_JSON",
        "SLACK_BOT_TOKEN is not set",
        "SLACK_APP_TOKEN does not begin with xapp-",
        "TELEGRAM_BOT_TOKEN is not a bot's token",
    ]
    assert [part for part in named if not any(part in fault for fault in said)] == []
    assert len(said) == len(named)
    assert not any("secret" in fault.replace("two secrets", "") for fault in said)


def test_a_redis_of_ones_own_needs_a_secret(tmp_path: Path) -> None:
    """What seals the tokens must not lie beside them; the cure is a command to copy."""
    (said,) = faults({"REDIS_URL": "redis://127.0.0.1:6379"}, tmp_path)

    assert "SHOPBELL_SECRET is not set" in said
    assert "secrets.token_urlsafe" in said


@pytest.mark.parametrize("url", ["redis://h:1/0", "rediss://u:p@h", "unix:///run/s.sock", "redis+sentinel://a:1,b:2/x"])
def test_every_form_of_redis_is_taken(tmp_path: Path, url: str) -> None:
    """Single, with TLS, by socket, and by its sentinels."""
    settings, _ = load({"REDIS_URL": url, "SHOPBELL_SECRET": f"{SECRET},{SECRET},"}, tmp_path)

    assert settings.redis_url is not None


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SHOPBELL_LOG_JSON", "maybe", "is a switch: set it to 1, or to 0."),
        ("SHOPBELL_TEXT_DAYS", "a month", "must be a whole number."),
        ("SHOPBELL_TEXT_DAYS", "0", "must be at least 1."),
        ("SHOPBELL_TEXT_DAYS", "401", "must be at most 400."),
        ("SHOPBELL_METRICS_TOKEN", "short", "must have at least 16 characters."),
    ],
)
def test_a_fault_is_said_plainly(tmp_path: Path, name: str, value: str, says: str) -> None:
    """Whoever sets it need not know what it is read with."""
    assert faults({name: value}, tmp_path) == (f"{name} {says}",)


def test_a_file_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    """A missing quote is found by its line."""
    (tmp_path / "shopbell.toml").write_text('redis_url = "redis://\n')

    (said,) = faults({}, tmp_path)

    assert said.startswith("shopbell.toml cannot be read")
    assert "line 1" in said
