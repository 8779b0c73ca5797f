"""Whatever comes, the door answers in its own words: never a 5xx, never an unhandled exception."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.api.app import create_app
from core.api.json_text import Malformed, read_json
from tests.core.api.conftest import PATH, Caller, FixedClock, MemoryDoor, Said, healthy, received, signed

HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "content-encoding", "expect", "x"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)

CALLER = Caller(create_app(MemoryDoor(), FixedClock(), healthy))


def paths(value: Any, *, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    here = [above] if above else []
    return (
        here + [p for key, inner in value.items() for p in paths(inner, above=(*above, key))]
        if isinstance(value, dict)
        else here
    )


def with_value(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    event = json.loads(json.dumps(received(order={"id": "o", "title": "t", "status": "s"}, url="https://a.example/")))
    holder = event
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return dict(event)


def knock(body: bytes, headers: dict[str, str] | None = None, path: str = PATH, method: str = "POST") -> Said:
    return asyncio.run(CALLER(method, path, body, signed(body) if headers is None else headers))


def fine(said: Said) -> bool:
    problem = said.headers["content-type"] == "application/problem+json" and said.json["status"] == said.status
    return said.status == 202 or (400 <= said.status < 500 and problem)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(body: bytes) -> None:
    """Signed bytes of any kind are an event or a problem."""
    assert fine(knock(body))


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_any_json_is_answered(value: Any) -> None:
    """Signed JSON of any shape is an event or a problem, alone and in a batch."""
    assert fine(knock(json.dumps(value).encode()))
    assert fine(knock(json.dumps({"events": [value]}).encode()))


@settings(max_examples=200, deadline=None)
@given(path=st.sampled_from(paths(with_value(("id",), "e"))), value=json_values)
def test_any_value_in_any_field_is_answered(path: tuple[str, ...], value: Any) -> None:
    """One field of a good event with anything in it is taken, or answered with a problem."""
    assert fine(knock(json.dumps(with_value(path, value)).encode()))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(HEADERS), st.text(st.characters(max_codepoint=255)), max_size=6))
def test_any_headers_are_answered(headers: dict[str, str]) -> None:
    """Headers of any kind around a good body end in 401."""
    assert knock(b"{}", headers).status == 401


@settings(max_examples=100, deadline=None)
@given(path=st.text(max_size=30).map(lambda text: "/" + text), method=st.sampled_from(["GET", "POST", "PUT", "BREW"]))
def test_any_path_is_answered(path: str, method: str) -> None:
    """No path, however spelled, ends in an error of ours."""
    assert knock(b"", {}, path, method).status < 500


@settings(max_examples=200, deadline=None)
@given(value=json_values, spaced=st.booleans(), escaped=st.booleans())
def test_json_is_read_as_everybody_reads_it(value: Any, spaced: bool, escaped: bool) -> None:
    """What the strict reader takes, it reads as the standard library does, however it is written."""
    text = json.dumps(value, ensure_ascii=escaped, separators=(" , ", " : ") if spaced else None)
    try:
        body = text.encode()
        read = read_json(body)
    except (Malformed, UnicodeEncodeError):
        return
    assert read == json.loads(text)


@settings(max_examples=200, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["a", "b", 'a":', "c :"]), st.sampled_from(["1", '"x"', '"\\":"', '":"'])), max_size=4
    ),
    colon=st.sampled_from([":", " :", "\n:", " : "]),
)
def test_a_key_told_twice_is_always_seen(pairs: list[tuple[str, str]], colon: str) -> None:
    """No way of writing hides a key that stands twice, and none makes one look as if it did."""
    body = "{" + ",".join(json.dumps(key) + colon + value for key, value in pairs) + "}"
    twice = len({key for key, _ in pairs}) < len(pairs)
    try:
        read_json(body.encode())
    except Malformed:
        assert twice
    else:
        assert not twice
