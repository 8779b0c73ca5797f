"""What Slack needs to be told, and what is wrong with it, all at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.errors import Misconfigured

TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
SETTINGS = (*TOKENS, "SLACK_API_URL", "SLACK_READ_BACK")
API_URL = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class Config:
    """`app_token` receives by Socket Mode, `signing_secret` by HTTP; at least one of them is there.

    `read_back`: the token has a history scope, so that what was posted can be looked up.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = API_URL
    read_back: bool = False


def read_config(settings: Mapping[str, str]) -> Config | None:
    """None when nothing of Slack's is set; raises `Misconfigured` with every fault."""
    bot, app, secret = (settings.get(name, "").strip() for name in TOKENS)
    if not (bot or app or secret):
        return None
    url = settings.get("SLACK_API_URL", "").strip() or API_URL
    read_back = settings.get("SLACK_READ_BACK", "").strip()
    if faults := [*_token_faults(bot, app, secret), *_other_faults(url, read_back)]:
        raise Misconfigured(faults)
    return Config(bot, app, secret, url if url.endswith("/") else f"{url}/", read_back == "1")


def _token_faults(bot: str, app: str, secret: str) -> list[str]:
    faults = []
    if not bot:
        faults.append("SLACK_BOT_TOKEN is not set, but another Slack setting is: copy it from OAuth & Permissions.")
    elif not bot.startswith(("xoxb-", "xoxe.xoxb-")):
        faults.append("SLACK_BOT_TOKEN does not begin with xoxb-: copy the Bot User OAuth Token.")
    if app and not app.startswith("xapp-"):
        faults.append("SLACK_APP_TOKEN does not begin with xapp-: make an app-level token with connections:write.")
    if secret.startswith(("xox", "xapp-")):
        faults.append("SLACK_SIGNING_SECRET is a token: copy the Signing Secret from Basic Information.")
    if bot and not (app or secret):
        faults.append(
            "SLACK_BOT_TOKEN is set, but nothing receives: set SLACK_APP_TOKEN (Socket Mode) "
            "or SLACK_SIGNING_SECRET (events by HTTP)."
        )
    return faults


def _other_faults(url: str, read_back: str) -> list[str]:
    faults = []
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        faults.append(f"SLACK_API_URL is no http(s) address: leave it out for {API_URL}.")
    if read_back not in ("", "0", "1"):
        faults.append("SLACK_READ_BACK is neither 1 nor 0: set 1 only if the app has a history scope.")
    return faults
