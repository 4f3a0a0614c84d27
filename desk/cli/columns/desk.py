"""How the desk itself does: runs, trail, settings, health."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import Column

RUNS: Final = Listing(
    "runs",
    (
        Column("run_id", "The run.", heading="Run"),
        Column(
            "status", "open, waiting, paused, closed, failed or abandoned.", kind="word", heading="Status"
        ),
        Column(
            "outcome",
            "clean, flagged, partial, empty, stopped or untested, once known; or under other rules.",
            heading="Outcome",
        ),
        Column("graph", "audit, feedback, ...", heading="Graph"),
        Column("entity", "Whose books.", heading="Entity", flex=1),
        Column("window_from", "First day audited; empty: from the beginning."),
        Column("window_to", "Last day audited.", heading="Books to"),
        Column("started_by", "Who started it."),
        Column("started_at", "When, UTC."),
        Column("ended_at", "When it ended, UTC."),
        Column("sources_path", "Its sources file."),
        Column("other_rules", "The file of its rules, where they are not the desk's."),
        Column("next_try_at", "When a paused run is due again, UTC."),
        Column("error", "Why it failed or paused."),
    ),
    "No runs yet: 'tieout audit SOURCES' starts one.",
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
