"""What people decide on, review and are told."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.shared import AMOUNT, CURRENCY, FILE, LINE
from desk.cli.rows import Listing
from desk.cli.table import Column

FLAGS: Final = Listing(
    "flags",
    (
        Column("severity", "CRITICAL, WARNING or INFO.", kind="word", heading="Severity"),
        Column(
            "status", "proposed, approved, rejected, skipped or withdrawn.", kind="word", heading="Status"
        ),
        Column("flag_id", "The flag: the same over runs.", heading="Flag"),
        Column("run_id", "The run that raised it."),
        Column("case_id", "The case that it belongs to."),
        Column("txn_id", "What the source calls the row."),
        Column("source", "Source of the row."),
        Column("posted_on", "Posting day.", heading="Posted"),
        Column("vendor", "As written in the books.", heading="Vendor", flex=1),
        AMOUNT,
        Column("exposure", "Decimal text: money at risk.", kind="money"),
        CURRENCY,
        Column("score", "Severity points, 0 to 100.", kind="number"),
        Column("confidence", "0 to 1.", kind="share"),
        Column("risk", "LOW, MEDIUM, HIGH or CRITICAL: how many have to approve."),
        Column("summary", "The explanation's first sentence or two.", below=True),
        Column("explanation", "Why it was raised, in full."),
        Column("tests", "Tests that contributed, each with what it observed."),
        Column("review", "confirmed, false_positive or needs_information, once reviewed."),
        Column("reviewed_by", "Who said so last."),
        Column("reviewed_at", "When, UTC."),
        Column("review_note", "Why."),
        Column("row_key", "The row."),
        FILE,
        LINE,
        Column("created_at", "When it was raised, UTC."),
    ),
    "No flags.",
)

CASES: Final = Listing(
    "cases",
    (
        Column("case_id", "The case.", heading="Case"),
        Column("severity", "Of its gravest flag.", kind="word", heading="Severity"),
        Column("run_id", "The run that made it.", heading="Run"),
        Column("title", "What it is about.", below=True),
        Column("exposure", "Decimal text: money at risk.", kind="money", heading="Exposure"),
        Column("currency", "ISO 4217 code of the exposure."),
        Column("flags", "How many flags it has.", kind="number", heading="Flags"),
        Column("proposed", "Those that wait.", kind="number", heading="Waiting"),
        Column("approved", "Those approved.", kind="number"),
        Column("rejected", "Those rejected.", kind="number"),
        Column("skipped", "Those skipped.", kind="number"),
        Column("unreviewed", "Those decided that nobody has reviewed.", kind="number", heading="To review"),
    ),
    "No such cases.",
)

APPROVALS: Final = Listing(
    "approvals",
    (
        Column("run_id", "The run that waits.", heading="Run"),
        Column("request_id", "What it asks, as a whole."),
        Column("kind", "gate or flags."),
        Column("case_id", "The case to decide; 'gate' at the gate.", heading="Case"),
        Column("title", "What it is about.", below=True),
        Column("severity", "Of its gravest flag.", kind="word", heading="Severity"),
        Column("risk", "MEDIUM, HIGH or CRITICAL."),
        Column("flags", "How many flags are open.", kind="number", heading="Flags"),
        Column(
            "exposure", "Decimal text: money at risk; of several, in words.", kind="money", heading="Exposure"
        ),
        Column("currency", "ISO 4217 code of the exposure; empty where there are several."),
        Column("quorum", "How many different people have to agree.", kind="number"),
        Column("signed", "Who said what so far.", below=True),
        Column("why", "Why its gravest flag was raised."),
        Column("choices", "What happens on each answer."),
        Column("expires_at", "When it goes to the senior role, too, UTC."),
        Column("escalated_at", "When it did, UTC."),
        Column("requested_at", "Since when, UTC."),
        Column("age_hours", "Hours that it has waited.", kind="number", heading="Hours"),
    ),
    "Nothing waits for a person.",
)

NOTICES: Final = Listing(
    "notices",
    (
        Column("recipient", "Whom it goes to, as named in TIEOUT_NOTIFY.", heading="To", flex=1),
        Column("run_id", "The run that it is about.", heading="Run"),
        Column("kind", "What it is.", heading="What", flex=1),
        Column("status", "queued or given_up.", kind="word", heading="Status"),
        Column("attempts", "How often it was tried.", kind="number", heading="Tries"),
        Column("queued_at", "Since when, UTC.", heading="Since"),
        Column("next_try_at", "When it is tried next, UTC."),
        Column("error", "Why it was not delivered.", below=True),
        Column("message_id", "The notice."),
        Column("batch", "The message that it goes out in."),
    ),
    "No notice waits.",
)

PROPOSALS: Final = Listing(
    "proposals",
    (
        Column("proposal_id", "The proposal.", heading="Proposal"),
        Column(
            "status",
            "open, refused, superseded, rejected, applied or rolled_back.",
            kind="word",
            heading="Status",
        ),
        Column("kind", "suppress, loosen or tighten."),
        Column("test", "The test that it is about."),
        Column("vendor", "The vendor, for suppress."),
        Column("what", "What it changes, up to which amount and until when.", heading="Change", flex=2),
        Column("n", "Reviewed flags that it stands on.", kind="number", heading="n"),
        Column("false_positives", "Of these, false positives.", kind="number"),
        Column("confirmed", "Of these, confirmed.", kind="number"),
        Column("rate", "Share of false positives.", kind="share", heading="False"),
        Column("wilson_low", "Its Wilson lower bound.", kind="share", heading="At least"),
        Column("runs", "Past runs that it was replayed on.", kind="number"),
        Column("hidden", "What it would have hidden, in money.", heading="Hides"),
        Column("missed", "Of that, what people confirmed.", heading="Misses"),
        Column("unseen", "Of that, what nobody reviewed."),
        Column("regained", "For tighten: what it would have found of what people confirmed."),
        Column("barred", "Who may not approve it: whoever gave most of its reviews."),
        Column("note", "Why it was refused, or what was said when it was decided.", below=True),
        Column("decided_by", "Who decided."),
        Column("made_at", "When it was proposed, UTC."),
        Column("since", "Reviews from then."),
        Column("until", "To then."),
    ),
    "Nothing was proposed.",
)

RULES: Final = Listing(
    "rules",
    (
        Column("digest", "The version, as runs name it.", heading="Version", flex=1),
        Column("saved_at", "When it was first seen, UTC.", heading="Since"),
        Column("author", "Who brought it.", heading="By"),
        Column("reason", "Why.", heading="Why", flex=1),
        Column("proposal_id", "The proposal that was applied or rolled back."),
        Column("diff", "What changed.", below=False),
    ),
    "No version of the rules is kept yet.",
)

USERS: Final = Listing(
    "users",
    (
        Column("user", "The name that decisions record.", heading="User"),
        Column("name", "The person's full name.", heading="Name", flex=1),
        Column("roles", "What the user may do: docs/security.md.", heading="Roles", flex=1),
        Column("signs_in", "By a token of ours, a JWT, or both.", heading="Signs in by"),
        Column("status", "active or disabled.", kind="word", heading="Status"),
    ),
    "The users file names nobody.",
)
