"""What is written to the log: everybody's lines alike, at the level that was asked for, and no token in any of them."""

import json
import subprocess
import sys

SPEAKING = """
import logging, sys
from core.observability import log, set_up_logging

set_up_logging(as_json=sys.argv[1] == "json", level=getattr(logging, sys.argv[2]))
token = ":".join(["123456789", "AAF-abcdefghijklmnopqrstuvwxyz01234"])
log().info("ours", why=[f"in a list {token}"], nested={"error": ValueError(token)})
logging.getLogger("bots.slack.answers").info("a platform's: %s", token)
logging.getLogger("aiohttp.client").info("a stranger's chatter")
try:
    raise ValueError(token)
except ValueError:
    logging.getLogger("uvicorn.error").exception("a stranger's trouble")
    log().exception("our trouble")
"""


def spoken(form: str, level: str = "INFO") -> str:
    done = subprocess.run(
        [sys.executable, "-c", SPEAKING, form, level], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == ""
    return done.stderr


def test_each_line_is_json_where_that_is_wanted() -> None:
    """A machine that reads the log finds one object a line, also of what Slack's and Telegram's adapters say."""
    lines = [json.loads(line) for line in spoken("json").splitlines()]

    assert [line["event"] for line in lines] == [
        "ours",
        "a platform's: …",
        "a stranger's trouble",
        "our trouble",
    ]
    assert [line["level"] for line in lines] == ["info", "info", "error", "error"]
    assert all("Traceback" in line["exception"] for line in lines[2:])


def test_no_token_stands_in_any_line() -> None:
    """A token in a list, in an error or in a traceback is blotted out like one in plain sight."""
    for form in ("json", "plain"):
        said = spoken(form)

        assert "AAF-" not in said
        assert said.count("…") >= 5


def test_a_command_says_only_what_is_wrong() -> None:
    """Where warnings were asked for, the platforms' and our own news stay unsaid."""
    said = spoken("plain", "WARNING")

    assert "our trouble" in said
    assert "ours" not in said
    assert "platform's" not in said
