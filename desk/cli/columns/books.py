"""What the checks found in the books."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.shared import AMOUNT, CURRENCY, FILE, LINE, PAIR
from desk.cli.rows import Listing
from desk.cli.table import TableColumn

FINDINGS: Final = Listing(
    "findings",
    (
        TableColumn("check", "quality, reconciliation or anomaly."),
        TableColumn("test", "The test that found it.", heading="Test", flex=2),
        TableColumn("score", "0 to 100, as the test documents.", kind="number", heading="Score"),
        TableColumn("row_key", "The row: the same over runs."),
        TableColumn("source", "Source of the row."),
        TableColumn("txn_id", "What the source calls it.", heading="Id", flex=1),
        TableColumn("posted_on", "Posting day.", heading="Posted"),
        TableColumn("vendor", "As written in the books.", heading="Vendor", flex=2),
        AMOUNT,
        CURRENCY,
        TableColumn("observed", "What was seen.", below=True),
        TableColumn("place", "Of a table's cell: where it stands, and what was expected.", below=True),
        TableColumn("threshold", "What it was held against."),
        TableColumn("population", "Among which rows."),
        TableColumn("partner_key", "The row that it was compared with, if any."),
        TableColumn("field", "The column that is wrong, if it is one."),
        TableColumn("off", "Decimal text: what a journal or an account is off by.", kind="money"),
        FILE,
        LINE,
    ),
    "Nothing found.",
)

MATCHES: Final = Listing(
    "matches",
    (
        TableColumn("left_id", "txn_id on the left side.", heading="Left", flex=2),
        TableColumn("right_id", "txn_id on the right side.", heading="Right", flex=2),
        TableColumn("kind", "1:1, 1:N, N:1, N:M or offset.", heading="Kind"),
        TableColumn("pass", "The pass that matched them.", heading="Pass", flex=2),
        TableColumn("confidence", "0 to 1; under 0.70 is low.", kind="share", heading="Conf."),
        PAIR,
        TableColumn(
            "amount", "Decimal text: what of the left row this line covers.", kind="money", heading="Amount"
        ),
        CURRENCY,
        TableColumn("difference", "Decimal text: left less right.", kind="money"),
        TableColumn("difference_reason", "fee, fx, discount, ...", heading="Difference", flex=1),
        TableColumn("group_id", "Lines of one match share it."),
        TableColumn("left_key", "Row key on the left side."),
        TableColumn("right_key", "Row key on the right side."),
    ),
    "No matches.",
)

BREAKS: Final = Listing(
    "breaks",
    (
        PAIR,
        TableColumn("side", "left, right or statement: where the row stands."),
        TableColumn("txn_id", "What the source calls it.", heading="Id", flex=1),
        TableColumn("row_key", "The row."),
        TableColumn(
            "reason",
            "timing, prior_period, later_period, unpaid, amount, fee, fx, duplicate, missing, ...",
            heading="Reason",
        ),
        TableColumn("posted_on", "Posting day.", heading="Posted"),
        TableColumn("vendor", "As written in the books.", heading="Vendor", flex=2),
        AMOUNT,
        CURRENCY,
        TableColumn("difference", "Decimal text: what is missing to the nearest candidate.", kind="money"),
        TableColumn("nearest_key", "Nearest candidate."),
        TableColumn("why_not", "Why that was not a match.", below=True),
        TableColumn(
            "age_days", "Days since posting, at the end of the window.", kind="number", heading="Days"
        ),
        FILE,
        LINE,
    ),
    "No such breaks.",
)

TESTS: Final = Listing(
    "tests",
    (
        TableColumn("check", "quality, reconciliation or anomaly.", heading="Check"),
        TableColumn("test", "The test.", heading="Test", flex=1),
        TableColumn("status", "ran, not_applicable or failed.", kind="word", heading="Status"),
        TableColumn("rows", "Rows that it looked at.", kind="number", heading="Rows"),
        TableColumn("findings", "What it found.", kind="number", heading="Found"),
        TableColumn("seconds", "How long it took.", kind="share", heading="Seconds"),
        TableColumn("reason", "Why it did not run, or failed.", below=True),
    ),
    "No test ran.",
)
