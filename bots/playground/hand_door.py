"""The door to people's hands: JSON by a hand's name, and words for what was asked wrongly or cannot be done."""

from __future__ import annotations

import inspect
import types
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from aiohttp import web

Json = dict[str, Any]

KINDS: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    types.NoneType: "null",
}


class AskedWrongly(ValueError):
    """What was sent is not what is taken here; the message says what is."""


async def use_hand(
    request: web.Request, hands: object, names: Collection[str], shown: Callable[[Any], Any] = lambda result: result
) -> web.Response:
    """`/…/hands/{name}` with the hand's arguments as a JSON object; its result, as `shown` makes JSON of it.

    404 for no such hand, 400 for what it does not take, 409 for what a person could not do.
    """
    name = request.match_info["name"]
    if name not in names:
        return refused(404, f"There is no hand {name!r}, only {', '.join(sorted(names))}.")
    hand = getattr(hands, name)
    try:
        given = await json_object(request)
        check(given, taken_by(hand), f"{name!r}")
        result = hand(**given)
        if isinstance(result, Awaitable):
            result = await result
    except (AskedWrongly, TypeError) as error:
        return refused(400, str(error))
    except KeyError as error:
        return refused(409, f"There is no {error}.")
    except (AssertionError, ValueError) as error:
        return refused(409, str(error))
    return web.json_response(shown(result))


def refused(status: int, words: str) -> web.Response:
    return web.json_response({"error": words[:1].upper() + words[1:]}, status=status)


async def json_object(request: web.Request) -> Json:
    """Only JSON that says so: a foreign web page cannot send that to loopback unasked. Raises AskedWrongly."""
    try:
        given = await request.json() if request.content_type == "application/json" else None
    except (ValueError, LookupError):
        given = None
    if not isinstance(given, dict):
        raise AskedWrongly("Send a JSON object, as application/json.")
    return given


def check(given: Mapping[str, object], taken: Mapping[str, tuple[Any, bool]], what: str) -> None:
    """`taken` tells of each name its type, and whether it must be given. Raises AskedWrongly."""
    for name, value in given.items():
        if name not in taken:
            raise AskedWrongly(f"{what} takes no {name!r}, only {', '.join(taken)}.")
        kind, _ = taken[name]
        if not _fits(value, kind):
            raise AskedWrongly(f"{what} takes {name!r} as {_in_words(kind)}, not {value!r}.")
    missing = [name for name, (_, needed) in taken.items() if needed and name not in given]
    if missing:
        raise AskedWrongly(f"{what} needs {', '.join(missing)}.")


def taken_by(hand: Callable[..., Any]) -> dict[str, tuple[Any, bool]]:
    parameters = inspect.signature(hand, eval_str=True).parameters
    return {name: (each.annotation, each.default is each.empty) for name, each in parameters.items()}


def _fits(value: object, kind: Any) -> bool:
    """Of what only a test can pass, bytes or a message, no JSON ever is."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin is list:
        return isinstance(value, list) and all(_fits(each, parts[0]) for each in value)
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float)
    plain = origin or kind
    return plain in KINDS and isinstance(value, plain)


def _in_words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(repr(part) for part in get_args(kind))
    kinds = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    said = [KINDS[each] for part in kinds if (each := get_origin(part) or part) in KINDS]
    return " or ".join(said) or "nothing that JSON can say"
