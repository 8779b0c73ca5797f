"""What /docs shows of what FastAPI does not see: the hot route, a reply's files, and what a callback is told."""

from typing import Any

import msgspec

from core.api.problems import MEDIA_TYPE, Problem
from core.api.wire import AnyEvent, Batch, KnownEvent, Results
from core.marketplaces.wire import TOLD
from core.services import files

PATH = "/v1/shops/{shop}/events"
FILES = f"{files.PATH}{{token}}"
_REF = "#/components/schemas/{name}"

_DESCRIPTION = """\
One event, or `{"events": [ … ]}` with up to 500. Signed by [Standard Webhooks](https://www.standardwebhooks.com) with
the shop's inward secret. The same event may come late, twice or out of order: the outcome is the same. Fields that are
not listed are ignored; a type that is not listed is kept and answered as `ignored`. One event may have
256 KB, a batch 5 MB.
"""

_REFUSALS = {
    "400": "The body is not the JSON we read.",
    "401": "The signature does not match, is missing, or is more than five minutes away from our clock.",
    "404": "No such shop.",
    "405": "Only POST.",
    "408": "The body did not arrive within ten seconds.",
    "413": "The body is too large.",
    "422": "The event is not valid; `field` says where. In a batch the event's own result says so.",
    "503": "Nothing was recorded; send the same again after `Retry-After` seconds.",
}

_FILE_REFUSALS = {
    "404": "No such file, or it cannot be read in its chat now.",
    "405": "Only GET and HEAD.",
    "410": "It was deleted, or its time is over: 76 hours after the reply was accepted.",
    "503": "The chat does not give it now, or too many files are on their way; ask again after `Retry-After` seconds.",
}

_ANSWERS = {
    "2XX": "It is done. The body may say `message_id`, and `accepted_at` where that was earlier than this answer.",
    "409": "It was there already: it is done.",
    "429": "Again later, no sooner than `Retry-After`; 408, 425, 5xx and no answer are taken so too. For 75 hours.",
    "401": "The shop is paused and its members are told; 403, 404, 405, 410 and redirects are taken so too.",
    "4XX": "Refused: `detail` is shown to the member who did it.",
}


def add_ingest(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with the hot route in it."""
    (event, unknown, batch, results, problem), schemas = msgspec.json.schema_components(
        [KnownEvent, AnyEvent, Batch, Results, Problem], ref_template=_REF
    )
    document.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
    refusals = {
        status: {"description": why, "content": {MEDIA_TYPE: {"schema": problem}}} for status, why in _REFUSALS.items()
    }
    document.setdefault("paths", {})[PATH] = {
        "post": {
            "tags": ["events"],
            "summary": "Tell Shopbell what happened on the marketplace",
            "description": _DESCRIPTION,
            "operationId": "post_events",
            "parameters": [
                {"name": "shop", "in": "path", "required": True, "schema": {"type": "string"}},
                *_SIGNED,
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"anyOf": [event, unknown, batch]}}},
            },
            "responses": {
                "202": {
                    "description": "Safe on disk.",
                    "content": {"application/json": {"schema": results}},
                },
                **refusals,
            },
        }
    }
    document["paths"][FILES] = _files(problem)
    told, schemas = msgspec.json.schema_components(TOLD, ref_template=_REF)
    document["components"]["schemas"].update(schemas)
    names = (each["$ref"].rpartition("/")[2] for each in told)
    document["webhooks"] = {name: _callback(name, schemas[name], ref) for name, ref in zip(names, told, strict=True)}
    return document


def _files(problem: dict[str, Any]) -> dict[str, Any]:
    refusals = {
        status: {"description": why, "content": {MEDIA_TYPE: {"schema": problem}}}
        for status, why in _FILE_REFUSALS.items()
    }
    return {
        "get": {
            "tags": ["reading"],
            "summary": "Fetch what a member attached to a reply",
            "description": "At the `url` of a reply's attachment, as it is given. `HEAD` tells its type and size.",
            "operationId": "get_file",
            "parameters": [{"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}],
            "responses": {
                "200": {
                    "description": "The bytes, as they come from the chat.",
                    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
                },
                **refusals,
            },
        }
    }


def _callback(name: str, schema: dict[str, Any], ref: dict[str, Any]) -> dict[str, Any]:
    types = schema["properties"]["type"]["enum"]
    return {
        "post": {
            "tags": ["callback"],
            "summary": f"{' and '.join(types)}: {schema['description']}",
            "operationId": f"callback_{name}",
            "parameters": _SIGNED,
            "requestBody": {"required": True, "content": {"application/json": {"schema": ref}}},
            "responses": {status: {"description": what} for status, what in _ANSWERS.items()},
        }
    }


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": {"type": "string"}}


_SIGNED = [
    _header("webhook-id", "Unique, the same on every try: 1 to 255 of A-Z a-z 0-9 _ -"),
    _header("webhook-timestamp", "Seconds since 1970, of this try"),
    _header("webhook-signature", "`v1,<base64>`, several parted by spaces while a secret is replaced"),
]
