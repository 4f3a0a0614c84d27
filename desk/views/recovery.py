"""Recovery as pages and commands show it: the pipeline."""

from __future__ import annotations

from typing import Any

from tools.checks.rules_file import load_rules
from tools.core.settings import Settings
from tools.recovery import pipeline
from tools.store import open_store


def pipeline_view(settings: Settings) -> dict[str, Any]:
    """Give counts of all eleven states, and by currency what live claims are worth, as decimal text."""
    store, rules = open_store(settings.database_url), load_rules(settings.rules).recovery
    return {
        "counts": pipeline.counts(store),
        "high": pipeline.value(store, rules.contingency_fee),
        "all": pipeline.value(store, rules.contingency_fee, ""),
        "recovered": pipeline.recovered(store),
    }
