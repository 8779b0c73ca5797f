"""Settings, from the environment or `shopbell.toml`; every fault is reported at once, each with its cure.

In the file, `redis_url` is REDIS_URL, `listen` is SHOPBELL_LISTEN, and `bot_token` under `[slack]` is SLACK_BOT_TOKEN.
The environment wins over the file. Each platform reads its own section, which is handed on unread.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import Misconfigured

FILE = "shopbell.toml"
_OWN = "SHOPBELL_"


def _listen(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    return value


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("must be an address such as https://bell.example.com")
    return value.rstrip("/")


class Settings(BaseSettings):
    """Shopbell's own settings. Without `redis_url` it brings its own Redis along, in `data`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=True)

    redis_url: Annotated[SecretStr | None, Field(alias="REDIS_URL")] = None
    redis_server: Annotated[Path | None, Field(alias="SHOPBELL_REDIS_SERVER")] = None
    data: Annotated[Path, Field(alias="SHOPBELL_DATA")] = Path("~/.local/share/shopbell")
    listen: Annotated[str, Field(alias="SHOPBELL_LISTEN"), AfterValidator(_listen)] = "127.0.0.1:8080"
    public_url: Annotated[str, Field(alias="SHOPBELL_PUBLIC_URL"), AfterValidator(_public_url)] = ""
    secret: Annotated[SecretStr | None, Field(alias="SHOPBELL_SECRET")] = None
    allow_local_callbacks: Annotated[bool, Field(alias="SHOPBELL_ALLOW_LOCAL_CALLBACKS")] = False
    log_json: Annotated[bool, Field(alias="SHOPBELL_LOG_JSON")] = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load` was given and nothing else: the playground must never meet a real REDIS_URL."""
        return (init_settings,)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def events_base(self) -> str:
        """Where marketplaces reach us."""
        host, port = self.address
        here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        return self.public_url or f"http://{here}:{port}"


def load(environ: Mapping[str, str], folder: Path) -> tuple[Settings, dict[str, str]]:
    """Our settings, and all of them by their upper-case names for the platforms. Raises Misconfigured."""
    named = {**_from_file(folder / FILE), **{name: value for name, value in environ.items() if value != ""}}
    try:
        settings = Settings.model_validate(named)
    except ValidationError as error:
        raise Misconfigured([_fault(found) for found in error.errors(include_input=False)]) from None
    faults = []
    if settings.redis_url is not None and settings.secret is None:
        faults.append(
            "SHOPBELL_SECRET is not set, and with REDIS_URL it must be: it seals tokens. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if faults:
        raise Misconfigured(faults)
    return settings, named


def _from_file(path: Path) -> dict[str, str]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured([f"{path.name} cannot be read: {error}."]) from error
    own = {field.alias for field in Settings.model_fields.values()}
    named: dict[str, str] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            named |= {f"{key}_{name}".upper(): _text(inner) for name, inner in value.items()}
        else:
            named[key.upper() if key.upper() in own else f"{_OWN}{key}".upper()] = _text(value)
    if unknown := sorted(name for name in named if name.startswith(_OWN) and name not in own):
        raise Misconfigured([f"{path.name} sets {name}, which there is not." for name in unknown])
    return named


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fault(found: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in found["loc"])
    said = str(found["msg"]).removeprefix("Value error, ")
    return f"{name} {said[0].lower()}{said[1:]}."
