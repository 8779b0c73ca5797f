"""JSON, read strictly: what two parsers could understand differently is refused."""

import json
from typing import Any

import msgspec

_SPACE = b" \t\r\n"


class Malformed(ValueError):
    """Not the JSON we read; the message says why, in words for whoever wrote it."""


def read_json(body: bytes) -> Any:
    """Raises Malformed: also for a key told twice, NaN, a lone surrogate, a number without bounds, too deep a nest."""
    try:
        value = msgspec.json.decode(body)
        if b"\\u" in body or _count_keys(body) != _count_keys(msgspec.json.encode(value)):
            _reread(body)
    except RecursionError:
        raise Malformed("It is nested too deeply.") from None
    except UnicodeDecodeError as error:
        raise Malformed(f"It is not UTF-8: {error.reason}.") from None
    except msgspec.DecodeError as error:
        raise Malformed(f"{error}.") from None
    return value


def _reread(body: bytes) -> None:
    try:
        _DECODER.decode(body.decode())
    except json.JSONDecodeError as error:
        raise Malformed(f"{error.msg} at character {error.pos}.") from None


def _count_keys(text: bytes) -> int:
    """At least how many keys there are; words with a quote before a colon are counted too, but then in both texts.

    So two texts with the same words have the same count only where none has a key that the other dropped. Words that
    are escaped by number could look different, and are read the slow way.
    """
    return text.translate(None, _SPACE).count(b'":')


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("A key stands twice in one object.")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_once)
