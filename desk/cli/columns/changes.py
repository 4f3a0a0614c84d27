"""What is listed of changes of the rules: changes, gates, results of tests."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import TableColumn

CHANGES: Final = Listing(
    "change",
    (
        TableColumn("change", "Its id.", heading="Change"),
        TableColumn(
            "kind",
            "setting, threshold, suppression, test, rules; suppress, loosen, tighten of feedback.",
            heading="Kind",
        ),
        TableColumn("title", "What it does.", heading="What", flex=2),
        TableColumn(
            "status",
            "open, testing, refused, superseded, rejected, applied, rolled_back.",
            kind="word",
            heading="Status",
        ),
        TableColumn("gates", "Gates passed in the last round.", heading="Gates"),
        TableColumn("rounds", "How often it was narrowed and tried again.", kind="number"),
        TableColumn("by", "Who drafted it.", heading="By"),
        TableColumn("made_at", "When, UTC."),
        TableColumn("decided_by", "Who decided.", heading="Decided"),
        TableColumn("note", "Why.", heading="Note", flex=1),
    ),
    "No changes of the rules.",
)
GATES: Final = Listing(
    "change gate",
    (
        TableColumn("name", "Which gate.", heading="Gate"),
        TableColumn("passed", "Whether it is passed.", heading="Passed"),
        TableColumn("measured", "What it saw.", heading="Saw", flex=1),
        TableColumn("limit", "What it asks for.", below=True),
        TableColumn("detail", "What failed, lived or was hidden.", below=True),
    ),
    "No gates.",
)
TEST_RESULTS: Final = Listing(
    "change results",
    (
        TableColumn("name", "Which test.", heading="Test", flex=2),
        TableColumn("type", "UNIT, INTEGRATION, FUNCTIONAL, SECURITY or PERFORMANCE.", heading="Type"),
        TableColumn("importance", "NORMAL, HIGH or CRITICAL.", heading="Importance"),
        TableColumn(
            "status", "PENDING, RUNNING, PASSED, FAILED, SKIPPED or ERROR.", kind="word", heading="Status"
        ),
        TableColumn("seconds", "How long it took.", kind="share", heading="Seconds"),
        TableColumn("detail", "What is wrong.", heading="What is wrong", flex=2),
    ),
    "No tests were run.",
)
