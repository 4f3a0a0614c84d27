"""How the desk itself does: runs, trail, settings, health."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import TableColumn

RUNS: Final = Listing(
    "runs",
    (
        TableColumn("run_id", "The run.", heading="Run"),
        TableColumn(
            "status", "open, waiting, paused, closed, failed or abandoned.", kind="word", heading="Status"
        ),
        TableColumn(
            "outcome",
            "clean, flagged, partial, empty, stopped or untested, once known; or under other rules.",
            heading="Outcome",
        ),
        TableColumn("graph", "audit, feedback, ...", heading="Graph"),
        TableColumn("entity", "Whose books.", heading="Entity", flex=1),
        TableColumn("window_from", "First day audited; empty: from the beginning."),
        TableColumn("window_to", "Last day audited.", heading="Books to"),
        TableColumn("started_by", "Who started it."),
        TableColumn("started_at", "When, UTC."),
        TableColumn("ended_at", "When it ended, UTC."),
        TableColumn("sources_path", "Its sources file."),
        TableColumn("other_rules", "The file of its rules, where they are not the desk's."),
        TableColumn("next_try_at", "When a paused run is due again, UTC."),
        TableColumn("error", "Why it failed or paused."),
    ),
    "No runs yet: 'tieout audit SOURCES' starts one.",
)

TRAIL: Final = Listing(
    "trail",
    (
        TableColumn("run_id", "The run."),
        TableColumn("seq", "Place in its chain.", kind="number", heading="No."),
        TableColumn("at", "When, UTC."),
        TableColumn("time", "Time of day, UTC.", heading="Time"),
        TableColumn("actor", "Who did it: a node, or a person.", heading="Who", flex=1),
        TableColumn("action", "What was done.", heading="What", flex=2),
        TableColumn("duration_ms", "How long it took.", kind="number", heading="ms"),
        TableColumn("sizes", "Rows or bytes that went in and came out."),
        TableColumn("inputs", "Digest of what went in.", heading="In", flex=1),
        TableColumn("outputs", "Digest of what came out.", heading="Out", flex=1),
        TableColumn("model", "The model that was asked, if any."),
        TableColumn("tokens_in", "Tokens sent to it.", kind="number"),
        TableColumn("tokens_out", "Tokens that came back.", kind="number"),
        TableColumn("cost", "Decimal text: dollars."),
        TableColumn("error", "What went wrong.", below=True),
        TableColumn("details", "What else was recorded."),
        TableColumn("prev_hash", "Hash of the entry before."),
        TableColumn("hash", "Hash of this entry."),
    ),
    "Nothing is on this trail.",
)

PROBLEMS: Final = Listing(
    "problems",
    (
        TableColumn("run_id", "The run.", heading="Run"),
        TableColumn("seq", "Entry; 0 is the trail as a whole.", kind="number", heading="No."),
        TableColumn("what", "What is wrong with it.", heading="What", flex=1),
    ),
    "Nothing was changed.",
)

SETTINGS: Final = Listing(
    "settings",
    (
        TableColumn("name", "Variable that sets it, in the environment or in .env.", heading="Setting"),
        TableColumn("value", "What is in force; secrets are masked.", heading="Value", flex=1),
        TableColumn("source", "environment, .env or default.", heading="From"),
        TableColumn("description", "What it does.", below=True),
    ),
    "No settings.",
)

HEALTH: Final = Listing(
    "health",
    (
        TableColumn("name", "The part of the desk.", heading="Part", flex=1),
        TableColumn("level", "ok, warning or error.", kind="word", heading="State"),
        TableColumn("message", "What it says.", heading="Says", flex=2),
        TableColumn("remedy", "What to do.", below=True),
    ),
    "Nothing to look at.",
)

STUCK: Final = Listing(
    "status",
    (
        TableColumn(
            "kind", "run, approval, flag, cycle, task, claim or letter.", kind="word", heading="What"
        ),
        TableColumn("name", "Which one: a run, request, flag, entity or task.", heading="Which", flex=1),
        TableColumn("since", "Since when, UTC.", heading="Since"),
        TableColumn("message", "What about it.", below=True),
    ),
    "Nothing waits too long.",
)

EVIDENCE: Final = Listing(
    "evidence seen again",
    (
        TableColumn("observation_id", "The piece of evidence.", heading="Evidence"),
        TableColumn("observer", "Who saw it.", heading="Observer"),
        TableColumn("outcome", "same, differs, gone; or why its observer did not look.", heading="Outcome"),
        TableColumn("before", "What was seen then.", heading="Then", flex=2),
        TableColumn("now", "What is seen now.", heading="Now", flex=2),
    ),
    "Nothing was seen that could be seen again.",
)

INCIDENTS: Final = Listing(
    "incidents",
    (
        TableColumn("incident_id", "The incident.", heading="Incident"),
        TableColumn("kind", "number, books, system or desk.", heading="Kind"),
        TableColumn("severity", "How grave it is.", kind="word", heading="Severity"),
        TableColumn("status", "open, investigated or closed.", kind="word", heading="Status"),
        TableColumn("outcome", "confirmed, likely, inconclusive or nothing unusual.", heading="Outcome"),
        TableColumn("title", "What is asked.", heading="Question", flex=2),
        TableColumn("opened_by", "Who opened it."),
        TableColumn("opened_at", "When, UTC."),
        TableColumn("began_at", "When it began, UTC."),
        TableColumn("run_id", "The run that looked into it last.", heading="Run"),
        TableColumn("verdict", "What a person said: right, wrong or other_cause.", heading="Verdict"),
    ),
    "No incidents yet: 'tieout investigate CASE' opens one.",
)
