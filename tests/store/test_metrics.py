"""Metrics are counted in the store: exact on both databases, and what is a counter only rises."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tests.approval_requests import ask_people
from tests.clocks import TurnedClock
from tests.store.conftest import start
from tests.store.test_flags import flag
from tools.approvals import requests
from tools.core import clock
from tools.core.settings import Settings
from tools.operations import metrics
from tools.store import Store, flags, node_counts, open_store, outbox, run_figures, trail, windows
from tools.store.models import Review

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(store: Store, *kinds: str) -> Values:
    """Give every sample of the exposition, or of metrics of these kinds."""
    text = metrics.exposition(store, Settings()).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        if not kinds or family.type in kinds
        for sample in family.samples
    }


def value(values: Values, name: str, **labels: str) -> float | None:
    """Give one sample."""
    return values.get((f"tieout_{name}", tuple(sorted(labels.items()))))


def test_what_happened_is_counted(store: Store) -> None:
    """Runs, flags, reviews, requests, notices, models: each by the labels that the specification names."""
    turned_clock = TurnedClock(NOW)
    with clock.using(turned_clock):
        start(store, entity="North Ltd")
        severities = ("CRITICAL", "CRITICAL", "WARNING")
        raised = flags.propose(
            store, "r1", [flag(number, severity=name) for number, name in enumerate(severities)]
        ).new
        run_figures.put(store, "r1", run_figures.ROWS, {"general/card": 40, "inventory/ledger": 2})
        run_figures.put(store, "r1", run_figures.COMPLETENESS, {"": 0.8})
        run_figures.put(store, "r1", run_figures.MATCH_RATE, {"card_to_bank": 0.75})
        trail.append(store, "r1", "tieout", "model call", model="m", tokens_in=10, tokens_out=5, cost="0.125")
        trail.append(store, "r1", "tieout", "model call", model="m", tokens_in=1, cost="0.5")
        for outcome, seconds in (("done", 0.2), ("done", 7.0), ("failed", 2000.0)):
            node_counts.add(store, "audit", "reconcile", outcome, seconds)
        ask_people(store, "r1", needs={}, subjects=[])
        outbox.queue(store, outbox.Origin("run", "r1"), "ask", "approvers", {})
        turned_clock.sleep(5 * 3600)
        flags.review(store, raised[0], "false_positive", by="omar")
        flags.review(store, raised[2], "confirmed", by="omar")
        turned_clock.sleep(3600)
        flags.review(store, raised[2], "false_positive", by="dana")
        windows.close(store, "r1", outcome="flagged")
        values = read(store)
    assert value(values, "runs", graph="audit", status="closed") == 1
    assert value(values, "audit_completion_time_seconds_bucket", le="14400.0") == 0
    assert value(values, "audit_completion_time_seconds_bucket", le="86400.0") == 1
    assert value(values, "audit_completion_time_seconds_sum") == pytest.approx(6 * 3600)
    assert value(values, "transactions_processed_total", domain="inventory", kind="ledger") == 2
    assert value(values, "flags_created_total", severity="CRITICAL") == 2
    assert value(values, "flags_created_total", severity="INFO") == 0
    assert value(values, "unreviewed_flags", severity="CRITICAL") == 1
    assert value(values, "oldest_unreviewed_flag_age_seconds", severity="CRITICAL") == 6 * 3600
    assert value(values, "flag_reviews_total", verdict="false_positive") == 2
    assert value(values, "false_positive_rate_ratio") == 1
    assert value(values, "flag_review_time_seconds_count") == 2
    assert value(values, "flag_review_time_seconds_sum") == pytest.approx(10 * 3600)
    assert value(values, "completeness_ratio", entity="North Ltd") == 0.8
    assert value(values, "match_rate_ratio", entity="North Ltd", pair="card_to_bank") == 0.75
    assert value(values, "model_tokens_total", model="m", direction="in") == 11
    assert value(values, "model_cost_dollars_total", model="m") == 0.625
    assert value(values, "model_spent_dollars") == 0.625
    assert value(values, "agent_success_rate_ratio", agent="reconciliation") == pytest.approx(2 / 3)
    assert value(values, "agent_results_total", agent="quality", outcome="failed") == 0
    assert value(values, "node_errors_total", graph="audit", node="reconcile") == 1
    bucket = "node_duration_seconds_bucket"
    bucket_counts = [
        value(values, bucket, graph="audit", node="reconcile", le=le) for le in ("0.25", "10.0", "+Inf")
    ]
    assert bucket_counts == [1, 2, 3]
    assert value(values, "open_requests", kind="flags", age="24h") == 1
    assert value(values, "oldest_open_request_age_seconds", kind="flags") == 6 * 3600
    assert value(values, "notices", status="queued") == 1
    assert value(values, "notices_sent_total") == 0


def test_counting_is_exact_under_concurrency(store: Store) -> None:
    """Eight threads that count at once lose nothing."""
    start(store)

    def count() -> None:
        for _ in range(10):
            node_counts.add(store, "audit", "reconcile", "done", 0.2)
            with store.begin() as session:
                run_figures.add(session, "r1", run_figures.FLAGS, {"INFO": 1, "WARNING": 2})

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    values = read(store)
    assert value(values, "node_executions_total", graph="audit", node="reconcile", outcome="done") == 80
    assert value(values, "flags_created_total", severity="WARNING") == 160


Act = Callable[[Store, int], object]


def _raise(severity: str) -> Act:
    return lambda store, number: flags.propose(store, f"r{number % 2}", [flag(number % 3, severity=severity)])


def _review(verdict: Review) -> Act:
    def act(store: Store, number: int) -> None:
        rows = flags.find(store)
        if rows:
            flags.review(store, rows[number % len(rows)].flag_id, verdict, by=f"p{number % 2}")

    return act


def _withdraw(store: Store, number: int) -> None:
    flags.propose(store, f"r{number % 2}", [], withdraw=True)


def _deliver(store: Store, number: int) -> None:
    outbox.queue(store, outbox.Origin("run", "r0"), f"ask-{number}", "approvers", {})
    batch = outbox.claim(store)
    if batch:
        outbox.mark_sent(store, batch)


def _ask(store: Store, number: int) -> None:
    del number
    request = ask_people(store, "r0", needs={}, subjects=[])
    requests.close(store, request.request_id, "decided")


ACTS: tuple[Act, ...] = (
    _raise("CRITICAL"), _raise("INFO"), _review("confirmed"), _review("false_positive"), _withdraw, _deliver,
    _ask, lambda store, number: node_counts.add(store, "audit", "enrich", "done", number),
)  # fmt: skip


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), min_size=2, max_size=8))
def test_what_is_a_counter_only_rises(
    migrated_file: Path, tmp_path: Path, acts: list[tuple[Act, int]]
) -> None:
    """Whatever is judged again, withdrawn, reviewed again: no counter and no bucket ever falls."""
    shutil.copy(migrated_file, tmp_path / "tieout.db")
    store = open_store(f"sqlite:///{tmp_path}/tieout.db")
    turned = TurnedClock(NOW)
    with clock.using(turned):
        for number in range(2):
            start(store, f"r{number}", entity=f"E{number}")
        before = read(store, "counter", "histogram")
        for act, number in acts:
            turned.sleep(timedelta(hours=number).total_seconds())
            act(store, number)
            after = read(store, "counter", "histogram")
            assert {
                name: after.get(name, 0.0) for name in before if after.get(name, 0.0) < before[name]
            } == {}
            before = after
    store.close()


def test_an_empty_store_has_its_series(store: Store) -> None:
    """What alerts are written against is there before anything happened: rates see the first event."""
    values = read(store)
    assert value(values, "flags_created_total", severity="CRITICAL") == 0
    assert value(values, "agent_results_total", agent="anomaly", outcome="failed") == 0
    assert value(values, "audit_completion_time_seconds_count") == 0
