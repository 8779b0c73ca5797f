"""JSON, read strictly: what two parsers could understand differently is refused."""

import json
from typing import Any

import msgspec

_SPACE = b" \t\r\n"
_KEY_ENDS = b'":'


class Malformed(ValueError):
    """Not the JSON we read; the message says why, in words for whoever wrote it."""


def read_json(body: bytes) -> Any:
    """Raises Malformed: also for a key told twice, NaN, a lone surrogate, a number without bounds, too deep a nest."""
    try:
        value = msgspec.json.decode(body)
        if _may_tell_twice(body, value):
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


def _may_tell_twice(body: bytes, value: Any) -> bool:
    """Whether `body` may have a key that `value` lost; what ends a key is counted in both texts, also within words.

    The same words hold as many or more of it in `body`, whose spaces are taken out, so that the counts are equal only
    where no key is missing. Words that are escaped by number could look different.
    """
    if b"\\" in body and b"\\u" in body:  # One byte is looked for much faster than two, and is rare.
        return True
    told = body.translate(None, _SPACE).count(_KEY_ENDS)
    return told != msgspec.json.encode(value).count(_KEY_ENDS)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("A key stands twice in one object.")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_once)
