"""What a marketplace may read of its shop: rates, availability, obligations, and the ledger as JSON or CSV.

A request is signed like an event, with the shop's inward secret; what is signed in place of a body is the request's
method and target, `GET /v1/shops/…?…`, exactly as sent.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import StreamingResponse

from core.api.ingest import Refusal
from core.api.problems import BAD_SIGNATURE, MEDIA_TYPE, UNKNOWN_SHOP, invalid_query
from core.domain.ledger import csv_lines
from core.domain.obligations import ObligationKind, ObligationState
from core.domain.signatures import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, BadSignature, confirm, read_claim
from core.errors import UnknownShop
from core.ids import is_id
from core.observability import log
from core.services import ledger, rates
from core.services.availability_records import AvailabilityRecord, read_availability
from core.services.deps import Deps
from core.services.ledger import Cursor, Listing
from core.services.rate_records import (
    LedgerRecord,
    ObligationsRecord,
    RatesRecord,
    read_rates,
    to_ledger,
    to_obligations,
)
from core.store.shops import KnownShop

MOST = 500  # entries of a page
DEFAULT = 100
CSV = "text/csv"
_LONGEST_SHOP = 64
_LONGEST_CURSOR = 80
_LONGEST_TIME = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNED = (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER)

Kind = Annotated[ObligationKind | None, Query(description="Only messages of this kind; both by default.")]
_from = Query(alias="from", max_length=_LONGEST_TIME, description="RFC 3339: what counts from this instant on.")
_to = Query(alias="to", max_length=_LONGEST_TIME, description="RFC 3339: what counts from before this instant.")
Limit = Annotated[int | None, Query(ge=1, le=MOST, description=f"How many at most, {DEFAULT} by default.")]
After = Annotated[str | None, Query(max_length=_LONGEST_CURSOR, description="The `cursor` of the page before.")]
Signature = Annotated[str, Header(description="As for events; what is signed is `GET /v1/shops/…?…`, as sent.")]

_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"description": "The signature does not match, is missing, or is more than five minutes old.", **_PROBLEM},
    404: {"description": "No such shop.", **_PROBLEM},
    422: {"description": "The request is not valid; `field` says where.", **_PROBLEM},
    503: {"description": "Nothing can be read now; ask again.", **_PROBLEM},
}


router = APIRouter(prefix="/v1/shops/{shop}", tags=["reading"], responses=_REFUSALS)
"""The routes; the application's state has the `deps` that they work with."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A shop that asks for itself."""

    deps: Deps
    known: KnownShop


async def believed(
    request: Request,
    shop: Annotated[str, Path(description="The shop's id.")],
    webhook_id: Signature = "",
    webhook_timestamp: Signature = "",
    webhook_signature: Signature = "",
) -> Asking:
    deps: Deps = request.app.state.deps
    return Asking(deps, await _believed(deps, request, shop))


Believed = Annotated[Asking, Depends(believed)]


@router.get("/rates", summary="The rates, what cost them, and what they will be")
async def get_rates(
    asking: Believed,
    kind: Kind = None,
    day: Annotated[date | None, Query(description="A coming day, by the seller's calendar.")] = None,
) -> RatesRecord:
    """Exact to the second, and never from a cache."""
    at = None if day is None else rates.start_of_day(asking.known, day, asking.deps.clock.now())
    if day is not None and at is None:
        raise Refusal(invalid_query("day", f"A day to come, at most {rates.MOST_DAYS_AHEAD} days ahead."))
    return await read_rates(asking.deps, asking.known, kind, at)


@router.get("/availability", summary="Whether the shop is away, what is planned, and what is not confirmed")
async def get_availability(asking: Believed) -> AvailabilityRecord:
    """What members are told: what buyers see, what counts meanwhile, and what the marketplace says of it."""
    found = await read_availability(asking.deps, asking.known.shop.id)
    if found is None:
        raise Refusal(UNKNOWN_SHOP)
    return found


@router.get("/obligations", summary="What is owed, and what became of it")
async def get_obligations(
    asking: Believed,
    *,
    state: Annotated[ObligationState | None, Query(description="Only those in this state.")] = None,
    kind: Kind = None,
    limit: Limit = None,
    cursor: After = None,
) -> ObligationsRecord:
    """What is owed by its deadline, then what is settled, newest first."""
    listed = await ledger.list_obligations(
        asking.deps, asking.known, _kinds(kind), state=state, cursor=_cursor(cursor), limit=limit or DEFAULT
    )
    return to_obligations(listed)


@router.get(
    "/ledger",
    summary="Every obligation behind the rates, with its verdict and why",
    response_model=LedgerRecord,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
async def get_ledger(
    request: Request,
    asking: Believed,
    *,
    kind: Kind = None,
    since: Annotated[str | None, _from] = None,
    until: Annotated[str | None, _to] = None,
    limit: Limit = None,
    cursor: After = None,
    format: Annotated[Literal["json", "csv"] | None, Query(description="In place of `Accept`.")] = None,  # noqa: A002
) -> Any:
    """As JSON page by page, or by `Accept: text/csv` whole, as a table for a spreadsheet."""
    start, end = _instant(since, "from"), _instant(until, "to")
    if start is not None and end is not None and start >= end:
        raise Refusal(invalid_query("from", "It must be earlier than `to`."))
    if format == "csv" or (format is None and _prefers_csv(request.headers.get("accept", ""))):
        for name, given in (("limit", limit), ("cursor", cursor)):
            if given is not None:
                raise Refusal(invalid_query(name, "It is for JSON: as CSV the ledger comes whole."))
        return await _csv(ledger.every_entry(asking.deps, asking.known, _kinds(kind), since=start or 0, until=end))
    listed = await ledger.list_ledger(
        asking.deps,
        asking.known,
        _kinds(kind),
        since=start or 0,
        until=end,
        cursor=_cursor(cursor),
        limit=limit or DEFAULT,
    )
    return to_ledger(listed)


async def _believed(deps: Deps, request: Request, shop: str) -> KnownShop:
    """The shop, once it is sure that it asks for itself."""
    given = {name: request.headers.getlist(name) for name in _SIGNED}
    try:
        if any(len(values) > 1 for values in given.values()):
            raise BadSignature("a header stands twice")
        claim = read_claim({name: values[0] for name, values in given.items() if values})
        known = await rates.know(deps, shop[: _LONGEST_SHOP + 1])
        confirm(claim, target_of(request.scope), known.secrets.inward, deps.clock.wall() // 1000)
    except BadSignature as error:
        # A stranger's words stand in no line, and this one may be a stranger.
        log().info("reading_refused", shop=shop if is_id(shop, "shop") else None, why=str(error))
        raise Refusal(BAD_SIGNATURE) from None
    except UnknownShop:
        raise Refusal(UNKNOWN_SHOP) from None
    return known


def target_of(scope: Any) -> bytes:
    """What is signed: `GET /v1/shops/…?…`, byte for byte as it came."""
    query = scope["query_string"]
    return b"%b %b%b" % (scope["method"].encode(), scope["raw_path"], b"?" + query if query else b"")


def _kinds(kind: ObligationKind | None) -> tuple[ObligationKind, ...]:
    return tuple(ObligationKind) if kind is None else (kind,)


def _cursor(text: str | None) -> Cursor | None:
    if text is None:
        return None
    found = ledger.read_cursor(text)
    if found is None:
        raise Refusal(invalid_query("cursor", "It is the `cursor` of the page before, as it was given."))
    return found


def _instant(text: str | None, field: str) -> int | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            raise ValueError
        return max(0, int((when - _EPOCH).total_seconds() * 1000))
    except (ValueError, OverflowError):
        raise Refusal(invalid_query(field, "A time by RFC 3339, with its zone: 2026-11-23T10:00:00Z.")) from None


def _prefers_csv(accept: str) -> bool:
    """Whether CSV is asked for, and JSON is not, or less."""
    weights = {CSV: 0.0, "application/json": 0.0}
    for asked in accept.lower().split(","):
        kind, *parameters = [part.strip() for part in asked.split(";")]
        if kind in weights:
            weights[kind] = max(weights[kind], _weight(parameters))
    return weights[CSV] > weights["application/json"]


def _weight(parameters: list[str]) -> float:
    given = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    return float(given) if given.replace(".", "", 1).isdecimal() and given.isascii() else 0.0


async def _csv(pages: AsyncIterator[Listing]) -> StreamingResponse:
    """The first page is read before anything is answered: what goes wrong with it is still a problem of its own."""
    first = await anext(pages)

    async def lines() -> AsyncIterator[str]:
        yield "".join(csv_lines(first.entries))
        async for page in pages:
            _, *more = csv_lines(page.entries)
            if more:
                yield "".join(more)

    headers = {
        "content-disposition": 'attachment; filename="ledger.csv"',
        "vary": "accept",
        "cache-control": "no-store",
    }
    return StreamingResponse(lines(), media_type=f"{CSV}; header=present", headers=headers)
