"""Metrics: what happened is counted as it happened, and nobody's words or names are in it."""

from prometheus_client.parser import text_string_to_metric_families

from core.services.metrics import metrics_text
from core.store import keys
from core.store.auditor import ROLE
from tests.fixtures.audits import Hands, walk
from tests.fixtures.busy import busy_day
from tests.fixtures.core import Stage


async def samples(stage: Stage) -> dict[tuple[str, ...], float]:
    """Each value by its name and its labels' values."""
    text = (await metrics_text(stage.deps)).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_busy_day_is_counted(stage: Stage) -> None:
    """Events by result, deliveries by kind and outcome, how long they waited, how late moments were."""
    await busy_day(stage)
    await stage.buyer_writes("Again", event="evt-1", message="m-twice")
    await stage.buyer_writes("Again", event="evt-1", message="m-twice")

    told = await samples(stage)

    assert told["shopbell_events_total", "duplicate"] == 1
    assert told["shopbell_events_total", "ignored"] == 1
    assert told["shopbell_events_total", "accepted"] > 10
    assert told["shopbell_deliveries_total", "card", "sent"] == 14
    assert told["shopbell_deliveries_total", "reply", "sent"] == 2
    assert told["shopbell_deliveries_total", "reply", "failed"] == 1
    assert told["shopbell_deliveries_total", "reply", "parked"] == 1
    assert told["shopbell_delivery_wait_seconds_count", "card"] == 14
    assert told["shopbell_moment_lateness_seconds_count",] >= 1
    assert told["shopbell_redis_round_trips_total",] > 10
    assert told["shopbell_store_up",] == 1


async def test_no_words_no_names_and_no_ids_are_told(stage: Stage) -> None:
    """Whoever may read the numbers learns nothing of a seller or a buyer."""
    await busy_day(stage)
    text = (await metrics_text(stage.deps)).decode()

    for secret in ("blue", "Ann", "Bell", "Example", "c-1", stage.seller, stage.shop, "sales"):
        assert secret not in text


async def test_what_the_auditor_found_is_told_by_every_process(stage: Stage) -> None:
    """Also by one that never walked: it is kept for all of them."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?", message="m-first")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")
    before = await samples(stage)
    await Hands(stage).take_the_moment()
    await walk(stage)

    told = await samples(stage)

    assert ("shopbell_auditor_found_total", "moment_missing") not in before
    assert told["shopbell_auditor_found_total", "moment_missing"] == 1
    assert told["shopbell_auditor_mended_total", "moment_missing"] == 1
    assert told["shopbell_auditor_found_total", "lane_late"] == 0
    assert told["shopbell_auditor_left",] == 0
    kept = await stage.deps.store.engine.call("HGET", keys.audit(keys.role_tag(ROLE)), "walked_at")
    assert round(told["shopbell_auditor_walked_at_seconds",] * 1000) == int(kept)
