"""The rest of the web door: health, and the description that anybody may read."""

import re

from core.api.app import Health, create_app
from tests.core.api.conftest import Caller, FixedClock, MemoryDoor, references


async def test_health_says_what_works(caller: Caller) -> None:
    """A process that can do its work says so."""
    said = await caller("GET", "/health")

    assert (said.status, said.json) == (200, {"live": True, "ready": True, "checks": {"redis": "ok"}})


async def test_health_says_what_does_not() -> None:
    """A process that cannot work is alive but not ready: 503, with what is wrong."""

    async def ill() -> Health:
        return Health(False, {"redis": "does not answer"})

    caller = Caller(create_app(MemoryDoor(), FixedClock(), ill))
    said = await caller("GET", "/health")

    assert (said.status, said.json["ready"], said.json["checks"]) == (503, False, {"redis": "does not answer"})
    assert (await caller("GET", "/health/live")).status == 200


async def test_nothing_else_is_here(caller: Caller) -> None:
    """A path or a method that is not known is a problem like all others."""
    nowhere, wrong = await caller("GET", "/nowhere"), await caller("DELETE", "/health")

    assert (nowhere.status, nowhere.headers["content-type"]) == (404, "application/problem+json")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET")


async def test_the_description_has_the_hot_route(caller: Caller) -> None:
    """/docs shows the door, which FastAPI does not serve, with every schema it names."""
    document = (await caller("GET", "/openapi.json")).json
    again = (await caller("GET", "/openapi.json")).json
    route = document["paths"]["/v1/shops/{shop}/events"]["post"]

    assert document == again
    assert {parameter["name"] for parameter in route["parameters"]} >= {"webhook-id", "webhook-signature"}
    assert set(route["responses"]) == {"202", "400", "401", "404", "405", "408", "413", "422", "503"}
    assert references(document) <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


async def test_the_description_has_what_a_callback_is_told(caller: Caller) -> None:
    """/docs shows each event that a callback may get, with its fields and what each answer to it means."""
    document = (await caller("GET", "/openapi.json")).json
    told = [each["post"] for each in document["webhooks"].values()]
    schemas = document["components"]["schemas"]
    bodies = [schemas[each["requestBody"]["content"]["application/json"]["schema"]["$ref"][21:]] for each in told]

    assert sorted(type for body in bodies for type in body["properties"]["type"]["enum"]) == [
        "availability.changed",
        "ping",
        "reply.created",
        "seller.unreachable",
        "spam.reported",
        "spam.withdrawn",
    ]
    assert set(schemas["AvailabilityToldData"]["properties"]) >= {"available", "from", "until"}
    assert all(set(each["responses"]) == {"2XX", "401", "409", "429", "4XX"} for each in told)


async def test_the_docs_ask_no_other_host(caller: Caller) -> None:
    """Everything that the page loads comes from here, and the browser is told to load from nowhere else."""
    page = await caller("GET", "/docs")
    loaded = re.findall(r'(?:src|href)="(?!data:)([^"]*)"', page.body.decode())
    parts = [await caller("GET", f"/{part}") for part in loaded]
    started = parts[loaded.index("docs/start.js")].body

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert [(part.status, len(part.body) > 0) for part in parts] == [(200, True)] * 3
    assert b"//" not in page.body + started
    assert b"validatorUrl: null" in started
    assert set(re.findall(r"[\w-]+-src [^;]+", page.headers["content-security-policy"])) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src data:",
        "connect-src 'self'",
    }
