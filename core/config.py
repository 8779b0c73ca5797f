"""Settings, from the environment or `shopbell.toml`; every fault is reported at once, each with its cure.

In the file, `redis_url` is REDIS_URL, `listen` is SHOPBELL_LISTEN, and `bot_token` under `[slack]` is SLACK_BOT_TOKEN.
The environment wins over the file. Each platform reads its own section, and says what is wrong with it.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import Misconfigured

FILE = "shopbell.toml"
SECRET_MINIMUM = 32  # characters of a secret
TOO_SHORT = f"must have at least {SECRET_MINIMUM} characters (two secrets as new,old)"
NO_SECRET = (
    "SHOPBELL_SECRET is not set, and with REDIS_URL it must be: it seals tokens. "
    "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
)
# Pydantic's faults in words for who sets things.
_PLAINLY = {
    "bool_parsing": "is a switch: set it to 1, or to 0",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} characters",
}
_OWN = "SHOPBELL_"
_REDIS = re.compile(r"(rediss?(\+(sentinel|cluster))?|unix)://.")


@dataclass(frozen=True, slots=True)
class Section:
    """What a platform reads: the names of its settings, and `faults` says what is wrong with them."""

    names: Collection[str]
    faults: Callable[[Mapping[str, str]], Sequence[str]]


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


def _redis_url(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _REDIS.match(value.get_secret_value()):
        raise ValueError("must be an address such as redis://127.0.0.1:6379/0")
    return value


def _secret(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not secrets_in(value.get_secret_value()):
        raise ValueError(TOO_SHORT)
    return value


def secrets_in(setting: str) -> tuple[str, ...]:
    """`new,old` as two secrets; none where one of them is too short."""
    found = tuple(part.strip() for part in setting.split(",") if part.strip())
    return () if any(len(secret) < SECRET_MINIMUM for secret in found) else found


def is_on(setting: str) -> bool:
    """A switch, for who reads it by its name."""
    return setting.strip().lower() in {"1", "true", "t", "yes", "y", "on"}


class Settings(BaseSettings):
    """Shopbell's own settings. Without `redis_url` it brings its own Redis along, in `data`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=True)

    redis_url: Annotated[SecretStr | None, Field(alias="REDIS_URL"), AfterValidator(_redis_url)] = None
    redis_server: Annotated[Path | None, Field(alias="SHOPBELL_REDIS_SERVER")] = None
    data: Annotated[Path, Field(alias="SHOPBELL_DATA")] = Path("~/.local/share/shopbell")
    listen: Annotated[str, Field(alias="SHOPBELL_LISTEN"), AfterValidator(_listen)] = "127.0.0.1:8080"
    public_url: Annotated[str, Field(alias="SHOPBELL_PUBLIC_URL"), AfterValidator(_public_url)] = ""
    secret: Annotated[SecretStr | None, Field(alias="SHOPBELL_SECRET"), AfterValidator(_secret)] = None
    allow_local_callbacks: Annotated[bool, Field(alias="SHOPBELL_ALLOW_LOCAL_CALLBACKS")] = False
    heartbeat_url: Annotated[SecretStr | None, Field(alias="SHOPBELL_HEARTBEAT_URL")] = None
    metrics_token: Annotated[SecretStr | None, Field(alias="SHOPBELL_METRICS_TOKEN", min_length=16)] = None
    show_pictures: Annotated[bool, Field(alias="SHOPBELL_SHOW_PICTURES")] = True
    contact: Annotated[str, Field(alias="SHOPBELL_CONTACT", max_length=200)] = ""
    text_days: Annotated[int, Field(alias="SHOPBELL_TEXT_DAYS", ge=1, le=400)] = 30
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


def load(environ: Mapping[str, str], folder: Path, sections: Sequence[Section] = ()) -> tuple[Settings, dict[str, str]]:
    """Our settings, and all of them by their upper-case names for the platforms. Raises Misconfigured."""
    in_file = _from_file(folder / FILE)
    named = {**in_file, **{name: value for name, value in environ.items() if value != ""}}
    faults = [*_unknown(in_file, sections)]
    settings = None
    try:
        settings = Settings.model_validate(named)
    except ValidationError as error:
        faults += [_fault(found) for found in error.errors(include_input=False)]
    if "REDIS_URL" in named and "SHOPBELL_SECRET" not in named:
        faults.append(NO_SECRET)
    faults += [fault for section in sections for fault in section.faults(named)]
    if settings is None or faults:
        raise Misconfigured(list(dict.fromkeys(faults)))
    return settings, named


def _from_file(path: Path) -> dict[str, str]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured([f"{path.name} cannot be read: {error}."]) from error
    own = _own_names()
    named: dict[str, str] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            named |= {f"{key}_{name}".upper(): _text(inner) for name, inner in value.items()}
        else:
            named[key.upper() if key.upper() in own else f"{_OWN}{key}".upper()] = _text(value)
    return named


def _unknown(in_file: Mapping[str, str], sections: Sequence[Section]) -> list[str]:
    """A name that nobody reads is a slip of the pen; the environment is not ours alone, a file is."""
    known = _own_names().union(*(section.names for section in sections))
    return [
        f"{FILE} sets {name}, which there is not."
        for name in sorted(in_file)
        if name not in known and (sections or name.startswith(_OWN))
    ]


def _own_names() -> set[str]:
    return {str(field.alias) for field in Settings.model_fields.values()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fault(found: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in found["loc"])
    plainly = _PLAINLY.get(found["type"])
    if plainly:
        return f"{name} {plainly.format(**found.get('ctx', {}))}."
    said = str(found["msg"]).removeprefix("Value error, ")
    return f"{name} {said[0].lower()}{said[1:]}."
