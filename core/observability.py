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
_OURS = ("bots", "core")


def redact(text: str) -> str:
    return _SECRETS.sub("…", text)


def _redacted(draw: structlog.typing.Processor) -> structlog.typing.Processor:
    """The whole line is looked over, so that no token hides in a list, an error or a traceback."""

    def redacted(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
        return redact(str(draw(logger, name, event)))

    return redacted


def set_up_logging(*, as_json: bool, level: int = logging.INFO) -> None:
    """One line an event on stderr, whoever says it; third parties from WARNING up, tokens blotted out everywhere.

    The platforms know nothing of the core, and say what they say by Python's own loggers: it comes out the same.
    """
    draw = _redacted(structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False))
    told: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *told],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, draw],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[*told, draw],
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
