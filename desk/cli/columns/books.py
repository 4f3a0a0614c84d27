"""What the checks found in the books."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.shared import AMOUNT, CURRENCY, FILE, LINE, PAIR
from desk.cli.rows import Listing
from desk.cli.table import Column

FINDINGS: Final = Listing(
    "findings",
    (
        Column("check", "quality, reconciliation or anomaly."),
        Column("test", "The test that found it.", heading="Test", flex=2),
        Column("score", "0 to 100, as the test documents.", kind="number", heading="Score"),
        Column("row_key", "The row: the same over runs."),
        Column("source", "Source of the row."),
        Column("txn_id", "What the source calls it.", heading="Id", flex=1),
        Column("posted_on", "Posting day.", heading="Posted"),
        Column("vendor", "As written in the books.", heading="Vendor", flex=2),
        AMOUNT,
        CURRENCY,
        Column("observed", "What was seen.", below=True),
        Column("place", "Of a table's cell: where it stands, and what was expected.", below=True),
        Column("threshold", "What it was held against."),
        Column("population", "Among which rows."),
        Column("partner_key", "The row that it was compared with, if any."),
        Column("field", "The column that is wrong, if it is one."),
        Column("off", "Decimal text: what a journal or an account is off by.", kind="money"),
        FILE,
        LINE,
    ),
    "Nothing found.",
)

MATCHES: Final = Listing(
    "matches",
    (
        Column("left_id", "txn_id on the left side.", heading="Left", flex=2),
        Column("right_id", "txn_id on the right side.", heading="Right", flex=2),
        Column("kind", "1:1, 1:N, N:1, N:M or offset.", heading="Kind"),
        Column("pass", "The pass that matched them.", heading="Pass", flex=2),
        Column("confidence", "0 to 1; under 0.70 is low.", kind="share", heading="Conf."),
        PAIR,
        Column(
            "amount", "Decimal text: what of the left row this line covers.", kind="money", heading="Amount"
        ),
        CURRENCY,
        Column("difference", "Decimal text: left less right.", kind="money"),
        Column("difference_reason", "fee, fx, discount, ...", heading="Difference", flex=1),
        Column("group_id", "Lines of one match share it."),
        Column("left_key", "Row key on the left side."),
        Column("right_key", "Row key on the right side."),
    ),
    "No matches.",
)

BREAKS: Final = Listing(
    "breaks",
    (
        PAIR,
        Column("side", "left, right or statement: where the row stands."),
        Column("txn_id", "What the source calls it.", heading="Id", flex=1),
        Column("row_key", "The row."),
        Column(
            "reason",
            "timing, prior_period, amount, fee, fx, duplicate, wrong_party, missing, ...",
            heading="Reason",
        ),
        Column("posted_on", "Posting day.", heading="Posted"),
        Column("vendor", "As written in the books.", heading="Vendor", flex=2),
        AMOUNT,
        CURRENCY,
        Column("difference", "Decimal text: what is missing to the nearest candidate.", kind="money"),
        Column("nearest_key", "Nearest candidate."),
        Column("why_not", "Why that was not a match.", below=True),
        Column("age_days", "Days since posting, at the end of the window.", kind="number", heading="Days"),
        FILE,
        LINE,
    ),
    "No such breaks.",
)

TESTS: Final = Listing(
    "tests",
    (
        Column("check", "quality, reconciliation or anomaly.", heading="Check"),
        Column("test", "The test.", heading="Test", flex=1),
        Column("status", "ran, not_applicable or failed.", kind="word", heading="Status"),
        Column("rows", "Rows that it looked at.", kind="number", heading="Rows"),
        Column("findings", "What it found.", kind="number", heading="Found"),
        Column("seconds", "How long it took.", kind="share", heading="Seconds"),
        Column("reason", "Why it did not run, or failed.", below=True),
    ),
    "No test ran.",
)
