"""The settings of a Telegram bot."""

import pytest

from bots.telegram.config import DEFAULT_API, read_config
from core.errors import Misconfigured

TOKEN = "7001:shopbell-playground-token"
SECRET = "picked-by-chance-0123456789"


def test_without_a_token_there_is_no_telegram() -> None:
    """An operator without Telegram sets nothing and hears nothing."""
    assert read_config({"TELEGRAM_WEBHOOK_SECRET": "x", "SHOPBELL_PUBLIC_URL": "x"}) is None


def test_a_token_alone_polls() -> None:
    """One setting is enough."""
    config = read_config({"TELEGRAM_BOT_TOKEN": f" {TOKEN}\n"})

    assert config is not None
    assert (config.bot_id, config.api_url, config.webhook_base) == ("7001", DEFAULT_API, None)


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ({"TELEGRAM_WEBHOOK_SECRET": SECRET}, None),
        ({"SHOPBELL_PUBLIC_URL": "https://bell.example"}, None),
        ({"TELEGRAM_WEBHOOK_SECRET": SECRET, "SHOPBELL_PUBLIC_URL": "https://bell.example/"}, "https://bell.example"),
    ],
)
def test_a_secret_and_an_address_make_a_webhook(settings: dict[str, str], base: str | None) -> None:
    """Telegram calls us where it has both where and how; else we ask it."""
    config = read_config({"TELEGRAM_BOT_TOKEN": TOKEN, **settings})

    assert config is not None
    assert config.webhook_base == base


def test_all_faults_are_told_at_once() -> None:
    """An operator mends everything in one go."""
    with pytest.raises(Misconfigured) as caught:
        read_config(
            {
                "TELEGRAM_BOT_TOKEN": "oops",
                "TELEGRAM_API_URL": "nowhere",
                "TELEGRAM_WEBHOOK_SECRET": "short",
                "SHOPBELL_PUBLIC_URL": "gopher://x",
            }
        )

    named = [fault.split()[0] for fault in caught.value.faults]
    assert named == ["TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_WEBHOOK_SECRET", "SHOPBELL_PUBLIC_URL"]


@pytest.mark.parametrize("public", ["http://bell.example", "https://localhost", "https://bell.example:8080"])
def test_an_address_that_telegram_would_not_call_is_refused(public: str) -> None:
    """Telegram's own servers call https on four ports; the fault says so before the first message is lost."""
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "SHOPBELL_PUBLIC_URL": public}

    with pytest.raises(Misconfigured):
        read_config(settings)
    assert read_config({**settings, "TELEGRAM_API_URL": "http://127.0.0.1:1"}) is not None


def test_no_secret_shows_in_a_log() -> None:
    """A config that is printed by mistake names no token and no secret."""
    config = read_config(
        {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "SHOPBELL_PUBLIC_URL": "https://bell.example"}
    )

    assert TOKEN not in repr(config)
    assert SECRET not in repr(config)
