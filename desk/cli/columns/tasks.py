"""The columns of tasks."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import TableColumn

TASKS: Final = Listing(
    "tasks",
    (
        TableColumn("task_id", "The task."),
        TableColumn("kind", "start_graph, resume_run, deliver_notices or tick.", heading="Task", flex=1),
        TableColumn(
            "status", "ready, running, succeeded, failed or cancelled.", kind="word", heading="Status"
        ),
        TableColumn("attempt", "How often a worker took it.", kind="number", heading="Tries"),
        TableColumn("max_attempts", "How often one may.", kind="number"),
        TableColumn("run_id", "The run that asked for it.", heading="For run", flex=1),
        TableColumn("requested_by", "Who asked for it; what it starts is theirs."),
        TableColumn("worker", "Who has it, or had it last.", heading="Worker", flex=1),
        TableColumn("created_at", "When it was put down, UTC.", heading="Since"),
        TableColumn("not_before", "Not to be taken before, UTC."),
        TableColumn("started_at", "When it was taken last, UTC."),
        TableColumn("heartbeat_at", "Last sign of life of its worker, UTC."),
        TableColumn("lease_expires_at", "When another worker may take it, UTC."),
        TableColumn("ended_at", "When it ended, UTC."),
        TableColumn("priority", "The higher goes first.", kind="number"),
        TableColumn("idempotency_key", "Put down once under this name."),
        TableColumn("parameters", "What it was put down with."),
        TableColumn("result", "What came of it."),
        TableColumn("error", "Why the last attempt failed.", below=True),
    ),
    "No tasks. Runs are started with 'tieout audit'; 'tieout work' puts down and does what time asks for.",
)
