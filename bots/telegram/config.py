"""The settings of a Telegram bot, checked all at once."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from core.errors import Misconfigured

SETTINGS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_API_URL")
DEFAULT_API = "https://api.telegram.org"
SECRET_MIN = 16
WEBHOOK_PORTS = (443, 80, 88, 8443)  # core.telegram.org/bots/webhooks, for its own servers

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Config(BaseModel):
    """`webhook_base` is where Telegram finds us, without a path; None where we poll."""

    model_config = ConfigDict(frozen=True)

    token: str = Field(repr=False)
    api_url: str = DEFAULT_API
    webhook_base: str | None = None
    webhook_secret: str = Field(default="", repr=False)

    @property
    def bot_id(self) -> str:
        return self.token.partition(":")[0]


def read_config(settings: Mapping[str, str]) -> Config | None:
    """None without a token; raises Misconfigured with every fault."""
    token = settings.get("TELEGRAM_BOT_TOKEN", "").strip()
    if not token:
        return None
    secret = settings.get("TELEGRAM_WEBHOOK_SECRET", "").strip()
    public = settings.get("SHOPBELL_PUBLIC_URL", "").strip().rstrip("/")
    api = settings.get("TELEGRAM_API_URL", "").strip().rstrip("/") or DEFAULT_API
    webhook = bool(secret and public)
    faults = [*_token_faults(token), *_api_faults(api), *(_secret_faults(secret) if secret else ())]
    if webhook:
        faults += _public_faults(public, own_server=api != DEFAULT_API)
    if faults:
        raise Misconfigured(faults)
    return Config(
        token=token, api_url=api, webhook_base=public if webhook else None, webhook_secret=secret if webhook else ""
    )


def _token_faults(token: str) -> list[str]:
    if _TOKEN.fullmatch(token):
        return []
    return ["TELEGRAM_BOT_TOKEN is not a bot's token: it looks like 123456:ABC-DEF… Copy it from @BotFather, /mybots."]


def _api_faults(api: str) -> list[str]:
    parts = urlsplit(api)
    if parts.scheme in ("http", "https") and parts.hostname:
        return []
    return [f"TELEGRAM_API_URL is not an address: give one such as {DEFAULT_API}, or leave it out."]


def _secret_faults(secret: str) -> list[str]:
    if not _SECRET.fullmatch(secret):
        return ["TELEGRAM_WEBHOOK_SECRET may have 1 to 256 of A-Z, a-z, 0-9, _ and -, as Telegram asks."]
    if len(secret) < SECRET_MIN:
        return [f"TELEGRAM_WEBHOOK_SECRET has {len(secret)} characters: use at least {SECRET_MIN}, picked by chance."]
    return []


def _public_faults(public: str, *, own_server: bool) -> list[str]:
    """`own_server`: a Bot API server of the operator's own takes plain http and any port."""
    try:
        parts = urlsplit(public)
        port = parts.port
    except ValueError:
        return ["SHOPBELL_PUBLIC_URL is not an address: give one such as https://bell.example."]
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ["SHOPBELL_PUBLIC_URL is not an address: give one such as https://bell.example."]
    if own_server:
        return []
    faults = []
    if parts.scheme != "https" or parts.hostname in _LOOPBACK:
        faults.append(
            "Telegram calls webhooks over https from outside: give SHOPBELL_PUBLIC_URL such an address, "
            "or leave TELEGRAM_WEBHOOK_SECRET out to poll."
        )
    if port is not None and port not in WEBHOOK_PORTS:
        ports = ", ".join(str(known) for known in WEBHOOK_PORTS)
        faults.append(f"SHOPBELL_PUBLIC_URL has port {port}: Telegram calls webhooks at ports {ports} only.")
    return faults
