"""Peer: Splink 5. Link bank and ledger by amount, day, name and reference, trained without labels."""

from __future__ import annotations

import logging
import time
from typing import Any

from benchmarks.speed.checks import against_truth
from benchmarks.speed.peers.sides import open_sides


def run(folder: str) -> tuple[float, dict[str, Any]]:
    """Train, predict, take each ledger line's likeliest bank line; precision and recall against the truth."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.perf_counter()
    connection = open_sides(folder)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.92, 0.8]),
            cl.ExactMatch("amount_minor"),
            cl.ExactMatch("reference"),
            _days_apart(),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("amount_minor"),
            block_on("reference"),
            block_on("name", "posted_day"),
        ],
    )
    api = DuckDBAPI(connection)
    ledger, bank = api.register("ledger_side"), api.register("bank_side")
    linker = Linker([ledger, bank], settings, log_level=logging.ERROR)
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("amount_minor", "name")], recall=0.7)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
    train.estimate_parameters_using_expectation_maximisation(block_on("amount_minor"))
    train.estimate_parameters_using_expectation_maximisation(block_on("reference"))
    predicted = linker.inference.predict(threshold_match_probability=0.9).as_duckdbpyrelation()
    predicted.create_view("predicted")
    # A bank line may stand for several ledger lines (a deposit), never the other way round.
    best = connection.sql(
        """
        SELECT arg_max(CASE WHEN left_first THEN unique_id_r ELSE unique_id_l END, match_weight) AS right_id,
               CASE WHEN left_first THEN unique_id_l ELSE unique_id_r END AS left_id
        FROM (SELECT *, source_dataset_l = $ledger AS left_first FROM predicted)
        GROUP BY left_id
    """,
        params={"ledger": ledger.dataset_display_name},
    )
    links = connection.from_arrow(best.project("left_id, right_id").to_arrow_table())
    seconds = time.perf_counter() - started
    return seconds, against_truth(connection, links, folder)


def _days_apart() -> dict[str, Any]:
    apart = "abs(posted_day_l - posted_day_r)"
    return {
        "output_column_name": "posted_day",
        "comparison_levels": [
            {"sql_condition": "posted_day_l IS NULL OR posted_day_r IS NULL", "is_null_level": True},
            {"sql_condition": f"{apart} <= 1", "label_for_charts": "a day"},
            {"sql_condition": f"{apart} <= 5", "label_for_charts": "a week"},
            {"sql_condition": "ELSE", "label_for_charts": "later"},
        ],
    }
