"""What people decide on, review and are told."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.shared import AMOUNT, CURRENCY, FILE, LINE
from desk.cli.rows import Listing
from desk.cli.table import TableColumn

FLAGS: Final = Listing(
    "flags",
    (
        TableColumn("severity", "CRITICAL, WARNING or INFO.", kind="word", heading="Severity"),
        TableColumn(
            "status",
            "proposed, noted, approved, rejected, skipped or withdrawn.",
            kind="word",
            heading="Status",
        ),
        TableColumn("flag_id", "The flag: the same over runs.", heading="Flag"),
        TableColumn("run_id", "The run that raised it."),
        TableColumn("case_id", "The case that it belongs to."),
        TableColumn("txn_id", "What the source calls the row."),
        TableColumn("source", "Source of the row."),
        TableColumn("posted_on", "Posting day.", heading="Posted"),
        TableColumn("vendor", "As written in the books.", heading="Vendor", flex=1),
        AMOUNT,
        TableColumn("exposure", "Decimal text: money at risk.", kind="money"),
        CURRENCY,
        TableColumn("score", "Severity points, 0 to 100.", kind="number"),
        TableColumn("confidence", "0 to 1.", kind="share"),
        TableColumn("risk", "LOW, MEDIUM, HIGH or CRITICAL: how many have to approve."),
        TableColumn("summary", "The explanation's first sentence or two.", below=True),
        TableColumn("explanation", "Why it was raised, in full."),
        TableColumn("tests", "Tests that contributed, each with what it observed."),
        TableColumn("review", "confirmed, false_positive or needs_information, once reviewed."),
        TableColumn("reviewed_by", "Who said so last."),
        TableColumn("reviewed_at", "When, UTC."),
        TableColumn("review_note", "Why."),
        TableColumn("row_key", "The row."),
        FILE,
        LINE,
        TableColumn("created_at", "When it was raised, UTC."),
    ),
    "No flags.",
)

CASES: Final = Listing(
    "cases",
    (
        TableColumn("case_id", "The case.", heading="Case"),
        TableColumn("severity", "Of its gravest flag.", kind="word", heading="Severity"),
        TableColumn("run_id", "The run that made it.", heading="Run"),
        TableColumn("title", "What it is about.", below=True),
        TableColumn("exposure", "Decimal text: money at risk.", kind="money", heading="Exposure"),
        TableColumn("currency", "ISO 4217 code of the exposure."),
        TableColumn("flags", "How many flags it has.", kind="number", heading="Flags"),
        TableColumn("proposed", "Those that wait.", kind="number", heading="Waiting"),
        TableColumn("noted", "Those noted by rule.", kind="number"),
        TableColumn("approved", "Those approved.", kind="number"),
        TableColumn("rejected", "Those rejected.", kind="number"),
        TableColumn("skipped", "Those skipped.", kind="number"),
        TableColumn(
            "unreviewed", "Those decided that nobody has reviewed.", kind="number", heading="To review"
        ),
    ),
    "No such cases.",
)

APPROVALS: Final = Listing(
    "approvals",
    (
        TableColumn("run_id", "The run that waits.", heading="Run"),
        TableColumn("request_id", "What it asks, as a whole."),
        TableColumn("kind", "gate or flags."),
        TableColumn("case_id", "The case to decide; 'gate' at the gate.", heading="Case"),
        TableColumn("title", "What it is about.", below=True),
        TableColumn("severity", "Of its gravest flag.", kind="word", heading="Severity"),
        TableColumn("risk", "MEDIUM, HIGH or CRITICAL."),
        TableColumn("flags", "How many flags are open.", kind="number", heading="Flags"),
        TableColumn(
            "exposure", "Decimal text: money at risk; of several, in words.", kind="money", heading="Exposure"
        ),
        TableColumn("currency", "ISO 4217 code of the exposure; empty where there are several."),
        TableColumn("quorum", "How many different people have to agree.", kind="number"),
        TableColumn("signed", "Who said what so far.", below=True),
        TableColumn("why", "Why its gravest flag was raised."),
        TableColumn("choices", "What happens on each answer."),
        TableColumn("expires_at", "When it goes to the senior role, too, UTC."),
        TableColumn("escalated_at", "When it did, UTC."),
        TableColumn("requested_at", "Since when, UTC."),
        TableColumn("age_hours", "Hours that it has waited.", kind="number", heading="Hours"),
    ),
    "Nothing waits for a person.",
)

NOTICES: Final = Listing(
    "notices",
    (
        TableColumn("recipient", "Whom it goes to, as named in TIEOUT_NOTIFY.", heading="To", flex=1),
        TableColumn("run_id", "The run that it is about.", heading="Run"),
        TableColumn("kind", "What it is.", heading="What", flex=1),
        TableColumn("status", "queued or given_up.", kind="word", heading="Status"),
        TableColumn("attempts", "How often it was tried.", kind="number", heading="Tries"),
        TableColumn("queued_at", "Since when, UTC.", heading="Since"),
        TableColumn("next_try_at", "When it is tried next, UTC."),
        TableColumn("error", "Why it was not delivered.", below=True),
        TableColumn("message_id", "The notice."),
        TableColumn("batch", "The message that it goes out in."),
    ),
    "No notice waits.",
)

PROPOSALS: Final = Listing(
    "proposals",
    (
        TableColumn("proposal_id", "The proposal.", heading="Proposal"),
        TableColumn(
            "status",
            "open, refused, superseded, rejected, applied or rolled_back.",
            kind="word",
            heading="Status",
        ),
        TableColumn("kind", "suppress, loosen or tighten."),
        TableColumn("test", "The test that it is about."),
        TableColumn("vendor", "The vendor, for suppress."),
        TableColumn("what", "What it changes, up to which amount and until when.", heading="Change", flex=2),
        TableColumn("n", "Reviewed flags that it stands on.", kind="number", heading="n"),
        TableColumn("false_positives", "Of these, false positives.", kind="number"),
        TableColumn("confirmed", "Of these, confirmed.", kind="number"),
        TableColumn("rate", "Share of false positives.", kind="share", heading="False"),
        TableColumn("wilson_low", "Its Wilson lower bound.", kind="share", heading="At least"),
        TableColumn("runs", "Past runs that it was replayed on.", kind="number"),
        TableColumn("hidden", "What it would have hidden, in money.", heading="Hides"),
        TableColumn("missed", "Of that, what people confirmed.", heading="Misses"),
        TableColumn("unseen", "Of that, what nobody reviewed."),
        TableColumn("regained", "For tighten: what it would have found of what people confirmed."),
        TableColumn("barred", "Who may not approve it: whoever gave most of its reviews."),
        TableColumn("note", "Why it was refused, or what was said when it was decided.", below=True),
        TableColumn("decided_by", "Who decided."),
        TableColumn("made_at", "When it was proposed, UTC."),
        TableColumn("since", "Reviews from then."),
        TableColumn("until", "To then."),
    ),
    "Nothing was proposed.",
)

RULES: Final = Listing(
    "rules",
    (
        TableColumn("digest", "The version, as runs name it.", heading="Version", flex=1),
        TableColumn("saved_at", "When it was first seen, UTC.", heading="Since"),
        TableColumn("author", "Who brought it.", heading="By"),
        TableColumn("reason", "Why.", heading="Why", flex=1),
        TableColumn("proposal_id", "The proposal that was applied or rolled back."),
        TableColumn("diff", "What changed.", below=False),
    ),
    "No version of the rules is kept yet.",
)

USERS: Final = Listing(
    "users",
    (
        TableColumn("user", "The name that decisions record.", heading="User"),
        TableColumn("name", "The person's full name.", heading="Name", flex=1),
        TableColumn("roles", "What the user may do: docs/security.md.", heading="Roles", flex=1),
        TableColumn("signs_in", "By a token of ours, a JWT, or both.", heading="Signs in by"),
        TableColumn("status", "active or disabled.", kind="word", heading="Status"),
    ),
    "The users file names nobody.",
)
