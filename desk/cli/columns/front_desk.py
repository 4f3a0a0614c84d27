"""What the front desk lists: figures, checkpoints, recovery attempts."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import Column

FIGURES: Final = Listing(
    "figures",
    (
        Column("figure", "Its name.", heading="Figure"),
        Column("unit", "money, count, days, hours, share or day.", heading="Unit"),
        Column("definition", "What it is.", heading="Definition", flex=2),
        Column("grain", "What one row of it is."),
        Column("dimensions", "By what it may be split, and to what narrowed.", heading="Split by", flex=1),
        Column("not_included", "What it leaves out."),
        Column("owner", "Who answers for it."),
    ),
    "No figures.",
)
VALUES: Final = Listing(
    "ask",
    (
        Column("part", "Vendor, month, ... where it is split.", heading="Part", flex=1),
        Column("value", "Decimal text in the figure's unit.", kind="money", heading="Value"),
        Column("before", "The value that it is held against.", kind="money"),
        Column("change", "Of the two.", kind="money"),
        Column("percent", "The change in per cent."),
        Column("currency", "ISO 4217 code of money.", heading="Currency"),
        Column("rows", "How many rows it is of.", kind="number", heading="Rows"),
    ),
    "No rows.",
)
CHECKPOINTS: Final = Listing(
    "checkpoints",
    (
        Column("type", "CRITICAL, SYNTHESIS, ERROR, VALIDATION or CONFIGURATION.", heading="Type"),
        Column("risk", "LOW, MEDIUM, HIGH or CRITICAL.", kind="word", heading="Risk"),
        Column("status", "open or closed.", kind="word", heading="Status"),
        Column("outcome", "How it ended.", heading="Outcome"),
        Column("title", "What was asked.", heading="Asked", flex=2),
        Column("decisions", "APPROVE, REJECT, MODIFY, SKIP, by how many.", heading="Decisions", flex=1),
        Column("people", "Who decided."),
        Column("kind", "Kind of request."),
        Column("run_id", "The run that asks."),
        Column("request_id", "The request."),
        Column("requested_at", "When, UTC."),
        Column("waited_hours", "Until it was closed.", kind="share", heading="Hours"),
    ),
    "No checkpoints.",
)
CHECKPOINT_STATISTICS: Final = Listing(
    "checkpoints --stats",
    (
        Column("by", "type and risk, or person.", heading="By"),
        Column("name", "Which.", heading="Which", flex=1),
        Column("count", "How many.", kind="number", heading="Count"),
        Column("open", "Still open.", kind="number", heading="Open"),
        Column("median_hours", "Median wait.", kind="share", heading="Median hours"),
        Column("approve_rate", "Approved, of those decided.", kind="share", heading="Approved"),
        Column("timed_out", "Not answered in time.", kind="number", heading="Timed out"),
    ),
    "No checkpoints.",
)
RECOVERIES: Final = Listing(
    "recoveries",
    (
        Column("error_type", "LLM_ERROR, TOOL_ERROR, TIMEOUT, ...", heading="Error", flex=1),
        Column("strategy", "RETRY, EXPONENTIAL_BACKOFF, ...", heading="Strategy", flex=1),
        Column("tries", "How often it was tried.", kind="number", heading="Tries"),
        Column("successes", "How often it helped.", kind="number", heading="Helped"),
        Column("rate", "The share.", kind="share", heading="Rate"),
        Column("low", "Lower Wilson bound.", kind="share"),
        Column("high", "Upper Wilson bound.", kind="share", heading="At most"),
        Column("proposal", "What the figures speak for.", heading="Proposal"),
    ),
    "Nothing had to be recovered yet.",
)
