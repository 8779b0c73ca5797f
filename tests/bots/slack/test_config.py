"""Every fault of Slack's settings is said at once, with its cure."""

import pytest

from bots.slack.config import API_URL, Config, read_config
from core.errors import Misconfigured

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_nothing_set_is_no_slack() -> None:
    """A seller who has only Telegram is asked nothing about Slack."""
    assert read_config({"TELEGRAM_BOT_TOKEN": "1:a", "SLACK_API_URL": "http://127.0.0.1:1"}) is None


def test_good_settings_are_read() -> None:
    """Either way of receiving will do, and another API address gets the slash it needs."""
    assert read_config(GOOD) == Config("xoxb-1", "xapp-1", "", API_URL)
    other = {"SLACK_BOT_TOKEN": "xoxb-1 ", "SLACK_SIGNING_SECRET": "ab", "SLACK_API_URL": "http://127.0.0.1:1/api"}
    assert read_config(other | {"SLACK_READ_BACK": "1"}) == Config("xoxb-1", "", "ab", "http://127.0.0.1:1/api/", True)


@pytest.mark.parametrize(
    ("settings", "settings_named"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_BOT_TOKEN is set, but nothing receives"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN is not set"]),
        (
            {
                "SLACK_BOT_TOKEN": "xapp-1",
                "SLACK_APP_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": "xoxb-1",
                "SLACK_API_URL": "slack.com",
                "SLACK_READ_BACK": "yes",
            },
            ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "SLACK_READ_BACK"],
        ),
    ],
)
def test_every_fault_is_said_at_once(settings: dict[str, str], settings_named: list[str]) -> None:
    """Each fault names its setting; none hides behind another."""
    with pytest.raises(Misconfigured) as raised:
        read_config(settings)

    assert [name for name, fault in zip(settings_named, raised.value.faults, strict=True) if name in fault] == (
        settings_named
    )


def test_tokens_do_not_show() -> None:
    """A settings object in a log line gives nothing away."""
    assert "xoxb" not in repr(read_config(GOOD))
    assert "xapp" not in repr(read_config(GOOD))
