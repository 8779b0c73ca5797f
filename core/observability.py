"""What Shopbell says of itself: structured lines, without tokens and without anybody's words; and its fault points."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, cast

import structlog

# Tokens of Slack, of Telegram and of Standard Webhooks, wherever they turn up.
_SECRETS = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|\b\d{6,}:[\w-]{30,}|whsec_[\w+/=-]+|(?<=link )[0-9a-z]{20,}")
# These name URLs with tokens, or whole bodies, below this level.
_CHATTY = ("telegram", "httpx", "httpcore", "slack_sdk", "slack_bolt", "aiohttp", "uvicorn", "asyncio")


def redact(text: str) -> str:
    return _SECRETS.sub("…", text)


def _redact_event(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


def set_up_logging(*, as_json: bool, level: int = logging.INFO) -> None:
    """One line an event on stderr; third parties' own loggers from WARNING up, tokens blotted out everywhere."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Redacting())
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(levelname)s %(name)s %(message)s", force=True
    )
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact_event,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def log() -> structlog.typing.FilteringBoundLogger:
    return cast(structlog.typing.FilteringBoundLogger, structlog.get_logger())


Fault = Callable[[str], None]
_faults: list[Fault] = []


def boundary(name: str) -> None:
    """A point between two steps at which a test may end the process; nothing in production."""
    for fault in _faults:
        fault(name)


def inject(fault: Fault) -> None:
    _faults.append(fault)
