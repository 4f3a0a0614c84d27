"""The columns of everything that is listed: stable names, documented in docs/command-line.md."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import Column

_AMOUNT = Column("amount", "Decimal text, in `currency`.", kind="money", heading="Amount")
_CURRENCY = Column("currency", "ISO 4217 code of the row's amounts.")
_FILE = Column("file", "File of the source that the row came from.")
_LINE = Column("line", "Line of that file.", kind="number")
_PAIR = Column("pair", "Pair of sources, as named in the sources file.", heading="Pair")

RUNS: Final = Listing(
    "runs",
    (
        Column("run_id", "The run.", heading="Run"),
        Column(
            "status", "open, waiting, paused, closed, failed or abandoned.", kind="word", heading="Status"
        ),
        Column(
            "outcome",
            "clean, flagged, partial, empty, stopped or untested, once it is known.",
            heading="Outcome",
            flex=2,
        ),
        Column("entity", "Whose books.", heading="Entity", flex=1),
        Column("window_from", "First day audited; empty: from the beginning."),
        Column("window_to", "Last day audited.", heading="Books to"),
        Column("started_by", "Who started it.", heading="Started by", flex=1),
        Column("started_at", "When, UTC."),
        Column("ended_at", "When it ended, UTC."),
        Column("sources_path", "Its sources file."),
        Column("next_try_at", "When a paused run is due again, UTC."),
        Column("error", "Why it failed or paused."),
    ),
    "No runs yet: 'tieout audit SOURCES' starts one.",
)

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
        _AMOUNT,
        _CURRENCY,
        Column("observed", "What was seen.", below=True),
        Column("place", "Of a table's cell: where it stands, and what was expected.", below=True),
        Column("threshold", "What it was held against."),
        Column("population", "Among which rows."),
        Column("partner_key", "The row that it was compared with, if any."),
        Column("field", "The column that is wrong, if it is one."),
        _FILE,
        _LINE,
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
        _PAIR,
        Column(
            "amount", "Decimal text: what of the left row this line covers.", kind="money", heading="Amount"
        ),
        _CURRENCY,
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
        _PAIR,
        Column("side", "left, right or statement: where the row stands."),
        Column("txn_id", "What the source calls it.", heading="Id", flex=1),
        Column("row_key", "The row."),
        Column("reason", "timing, amount, fee, fx, duplicate, wrong_party, missing, ...", heading="Reason"),
        Column("posted_on", "Posting day.", heading="Posted"),
        Column("vendor", "As written in the books.", heading="Vendor", flex=2),
        _AMOUNT,
        _CURRENCY,
        Column("difference", "Decimal text: what is missing to the nearest candidate.", kind="money"),
        Column("nearest_key", "Nearest candidate."),
        Column("why_not", "Why that was not a match.", below=True),
        Column("age_days", "Days since posting, at the end of the window.", kind="number", heading="Days"),
        _FILE,
        _LINE,
    ),
    "No such breaks.",
)

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
        _AMOUNT,
        Column("exposure", "Decimal text: money at risk.", kind="money"),
        _CURRENCY,
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
        _FILE,
        _LINE,
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

TRAIL: Final = Listing(
    "trail",
    (
        Column("run_id", "The run."),
        Column("seq", "Place in its chain.", kind="number", heading="No."),
        Column("at", "When, UTC."),
        Column("time", "Time of day, UTC.", heading="Time"),
        Column("actor", "Who did it: a node, or a person.", heading="Who", flex=1),
        Column("action", "What was done.", heading="What", flex=2),
        Column("duration_ms", "How long it took.", kind="number", heading="ms"),
        Column("sizes", "Rows or bytes that went in and came out."),
        Column("inputs", "Digest of what went in.", heading="In", flex=1),
        Column("outputs", "Digest of what came out.", heading="Out", flex=1),
        Column("model", "The model that was asked, if any."),
        Column("tokens_in", "Tokens sent to it.", kind="number"),
        Column("tokens_out", "Tokens that came back.", kind="number"),
        Column("cost", "Decimal text: dollars."),
        Column("error", "What went wrong.", below=True),
        Column("details", "What else was recorded."),
        Column("prev_hash", "Hash of the entry before."),
        Column("hash", "Hash of this entry."),
    ),
    "Nothing is on this trail.",
)

PROBLEMS: Final = Listing(
    "problems",
    (
        Column("run_id", "The run.", heading="Run"),
        Column("seq", "Entry; 0 is the trail as a whole.", kind="number", heading="No."),
        Column("what", "What is wrong with it.", heading="What", flex=1),
    ),
    "Nothing was changed.",
)

SETTINGS: Final = Listing(
    "settings",
    (
        Column("name", "Variable that sets it, in the environment or in .env.", heading="Setting"),
        Column("value", "What is in force; secrets are masked.", heading="Value", flex=1),
        Column("source", "environment, .env or default.", heading="From"),
        Column("description", "What it does.", below=True),
    ),
    "No settings.",
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

HEALTH: Final = Listing(
    "health",
    (
        Column("name", "The part of the desk.", heading="Part", flex=1),
        Column("level", "ok, warning or error.", kind="word", heading="State"),
        Column("message", "What it says.", heading="Says", flex=2),
        Column("remedy", "What to do.", below=True),
    ),
    "Nothing to look at.",
)

STUCK: Final = Listing(
    "status",
    (
        Column("kind", "run, approval, flag or cycle.", kind="word", heading="What"),
        Column("name", "Which one: a run, a request, a flag, an entity.", heading="Which", flex=1),
        Column("since", "Since when, UTC.", heading="Since"),
        Column("message", "What about it.", below=True),
    ),
    "Nothing waits too long.",
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

LISTINGS: Final = (
    RUNS,
    CASES,
    FINDINGS,
    MATCHES,
    BREAKS,
    FLAGS,
    TESTS,
    APPROVALS,
    TRAIL,
    PROBLEMS,
    SETTINGS,
    NOTICES,
    HEALTH,
    STUCK,
    PROPOSALS,
    RULES,
)
