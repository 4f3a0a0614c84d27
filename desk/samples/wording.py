"""A sample in words and figures, as a working paper and the terminal have it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from desk.samples.records import EvaluatedSample, RecordedSample
from tools.core import money
from tools.judgement.sampling.evaluate import LimitParts

METHOD: Final = "Monetary-unit sampling, systematic from a random start (ISA 530; AICPA, Audit Sampling)"
Shown = Callable[[int], str]


def described(sample: RecordedSample) -> dict[str, Any]:
    """Give every figure that a sample stands on; amounts as text for readers."""
    aims, selection, shown = sample.request.aims, sample.selection, _amount_writer(sample)
    totals, planned = selection.totals, selection.plan
    return {
        "sample": sample.sample_id,
        "method": METHOD,
        "audit": sample.request.run_id,
        "sources": ", ".join(sample.request.sources),
        "population": f"{totals['rows']} rows of {shown(totals['book_minor'])} that were not flagged",
        "left_aside": f"{totals['flagged_rows']} rows flagged, {totals['zero_rows']} of 0",
        "below_zero": f"{totals['negative_rows']} rows, counted by their size",
        "tolerable_misstatement": shown(aims.tolerable_minor),
        "expected_misstatement": shown(aims.expected_minor),
        "confidence": f"{aims.confidence}%",
        "reliability_factor": str(planned.reliability),
        "expansion_factor": str(planned.expansion),
        "sampling_interval": shown(planned.interval_minor),
        "planned_size": planned.size,
        "seed": str(selection.seed),
        "random_start": shown(selection.start),
        "rows_selected": len(selection.rows),
    }


def concluded(result: EvaluatedSample) -> dict[str, Any]:
    """Give the same with what the audited rows show, and the conclusion in a sentence."""
    shown, evaluation = _amount_writer(result.sample), result.evaluation
    return {
        **described(result.sample),
        **_limit("overstatement", evaluation.over, shown),
        **_limit("understatement", evaluation.under, shown),
        "conclusion": conclusion(result),
    }


def conclusion(result: EvaluatedSample) -> str:
    """Say what a sample shows, and what to do where that is too much."""
    aims, shown = result.sample.request.aims, _amount_writer(result.sample)
    worst = max(result.evaluation.over.upper_limit, result.evaluation.under.upper_limit)
    within = worst <= aims.tolerable_minor
    advice = "" if within else " Test more, ask for a correction, or change what relies on it (ISA 530, A23)."
    return (
        f"With {aims.confidence}% confidence no more than {shown(worst)} is misstated in one direction: "
        f"{'within' if within else 'above'} the tolerable {shown(aims.tolerable_minor)}.{advice}"
    )


def _limit(way: str, parts: LimitParts, shown: Shown) -> dict[str, Any]:
    return {
        f"{way}s": parts.misstatements,
        f"{way}_most_likely": shown(parts.most_likely),
        f"{way}_basic_allowance": shown(parts.basic),
        f"{way}_incremental_allowance": shown(parts.incremental),
        f"{way}_upper_limit": shown(parts.upper_limit),
    }


def _amount_writer(sample: RecordedSample) -> Shown:
    return partial(money.to_display, currency=sample.request.aims.currency)
