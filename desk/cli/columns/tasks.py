"""The columns of tasks."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import Column

TASKS: Final = Listing(
    "tasks",
    (
        Column("task_id", "The task."),
        Column("kind", "start_graph, resume_run, deliver_notices or tick.", heading="Task", flex=1),
        Column("status", "ready, running, succeeded, failed or cancelled.", kind="word", heading="Status"),
        Column("attempt", "How often a worker took it.", kind="number", heading="Tries"),
        Column("max_attempts", "How often one may.", kind="number"),
        Column("run_id", "The run that asked for it.", heading="For run", flex=1),
        Column("requested_by", "Who asked for it; what it starts is theirs."),
        Column("worker", "Who has it, or had it last.", heading="Worker", flex=1),
        Column("created_at", "When it was put down, UTC.", heading="Since"),
        Column("not_before", "Not to be taken before, UTC."),
        Column("started_at", "When it was taken last, UTC."),
        Column("heartbeat_at", "Last sign of life of its worker, UTC."),
        Column("lease_expires_at", "When another worker may take it, UTC."),
        Column("ended_at", "When it ended, UTC."),
        Column("priority", "The higher goes first.", kind="number"),
        Column("idempotency_key", "Put down once under this name."),
        Column("parameters", "What it was put down with."),
        Column("result", "What came of it."),
        Column("error", "Why the last attempt failed.", below=True),
    ),
    "No tasks. Runs are started with 'tieout audit'; 'tieout work' puts down and does what time asks for.",
)
