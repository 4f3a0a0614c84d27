"""What the front desk lists: figures, checkpoints, recovery attempts."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import TableColumn

FIGURES: Final = Listing(
    "figures",
    (
        TableColumn("figure", "Its name.", heading="Figure"),
        TableColumn("unit", "money, count, days, hours, share or day.", heading="Unit"),
        TableColumn("definition", "What it is.", heading="Definition", flex=2),
        TableColumn("grain", "What one row of it is."),
        TableColumn(
            "dimensions", "By what it may be split, and to what narrowed.", heading="Split by", flex=1
        ),
        TableColumn("not_included", "What it leaves out."),
        TableColumn("owner", "Who answers for it."),
    ),
    "No figures.",
)
VALUES: Final = Listing(
    "ask",
    (
        TableColumn("part", "Vendor, month, ... where it is split.", heading="Part", flex=1),
        TableColumn("value", "Decimal text in the figure's unit.", kind="money", heading="Value"),
        TableColumn("before", "The value that it is held against.", kind="money"),
        TableColumn("change", "Of the two.", kind="money"),
        TableColumn("percent", "The change in per cent."),
        TableColumn("currency", "ISO 4217 code of money; % of a share.", heading="Currency"),
        TableColumn("rows", "How many rows it is of.", kind="number", heading="Rows"),
    ),
    "No rows.",
)
LISTED: Final = Listing(
    "ask",
    (
        TableColumn("document", "Number or id of the row.", heading="Document", flex=1),
        TableColumn("day", "Its day.", heading="Day"),
        TableColumn("whose", "Vendor, person, account or source.", heading="Whose", flex=2),
        TableColumn("value", "Its amount.", kind="money", heading="Value"),
        TableColumn("currency", "ISO 4217 code.", heading="Currency"),
    ),
    "No rows.",
)
CHECKPOINTS: Final = Listing(
    "checkpoints",
    (
        TableColumn("type", "CRITICAL, SYNTHESIS, ERROR, VALIDATION or CONFIGURATION.", heading="Type"),
        TableColumn("risk", "LOW, MEDIUM, HIGH or CRITICAL.", kind="word", heading="Risk"),
        TableColumn("status", "open or closed.", kind="word", heading="Status"),
        TableColumn("outcome", "How it ended.", heading="Outcome"),
        TableColumn("title", "What was asked.", heading="Asked", flex=2),
        TableColumn("decisions", "APPROVE, REJECT, MODIFY, SKIP, by how many.", heading="Decisions", flex=1),
        TableColumn("people", "Who decided."),
        TableColumn("kind", "Kind of request."),
        TableColumn("run_id", "The run that asks."),
        TableColumn("request_id", "The request."),
        TableColumn("requested_at", "When, UTC."),
        TableColumn("waited_hours", "Until it was closed.", kind="share", heading="Hours"),
    ),
    "No checkpoints.",
)
CHECKPOINT_STATISTICS: Final = Listing(
    "checkpoints --stats",
    (
        TableColumn("by", "type and risk, or person.", heading="By"),
        TableColumn("name", "Which.", heading="Which", flex=1),
        TableColumn("count", "How many.", kind="number", heading="Count"),
        TableColumn("open", "Still open.", kind="number", heading="Open"),
        TableColumn("median_hours", "Median wait.", kind="share", heading="Median hours"),
        TableColumn("approve_rate", "Approved, of those decided.", kind="share", heading="Approved"),
        TableColumn("timed_out", "Not answered in time.", kind="number", heading="Timed out"),
    ),
    "No checkpoints.",
)
RECOVERIES: Final = Listing(
    "recoveries",
    (
        TableColumn("error_type", "LLM_ERROR, TOOL_ERROR, TIMEOUT, ...", heading="Error", flex=1),
        TableColumn("strategy", "RETRY, EXPONENTIAL_BACKOFF, ...", heading="Strategy", flex=1),
        TableColumn("tries", "How often it was tried.", kind="number", heading="Tries"),
        TableColumn("successes", "How often it helped.", kind="number", heading="Helped"),
        TableColumn("rate", "The share.", kind="share", heading="Rate"),
        TableColumn("low", "Lower Wilson bound.", kind="share"),
        TableColumn("high", "Upper Wilson bound.", kind="share", heading="At most"),
        TableColumn("proposal", "What the figures speak for.", heading="Proposal"),
    ),
    "Nothing had to be recovered yet.",
)
