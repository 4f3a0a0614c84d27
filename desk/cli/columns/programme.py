"""The columns of a programme's tasks, and of workers."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Listing
from desk.cli.table import TableColumn

STEPS: Final = Listing(
    "programme",
    (
        TableColumn("task", "The task.", heading="Task"),
        TableColumn("name", "What it is.", heading="Name", flex=2),
        TableColumn("phase", "Its phase.", flex=1),
        TableColumn(
            "status",
            "waiting, queued, running, with_person, failed, escalated; done, accepted, skipped, dropped.",
            heading="Status",
        ),
        TableColumn("who", "Who does it: a person, or a worker.", heading="Who", flex=1),
        TableColumn("when", "From when to when by the plan, UTC, for readers.", heading="By the plan"),
        TableColumn("start", "When it starts by the plan, UTC."),
        TableColumn("finish", "When it ends by the plan, UTC."),
        TableColumn("critical", "Whether a delay of it delays the whole."),
        TableColumn("slack_hours", "By how many hours of the calendar it may end later.", kind="number"),
        TableColumn("tries", "How often it was given out.", kind="number"),
        TableColumn("why", "What it waits for, or how it went.", below=True),
    ),
    "No tasks.",
)
WORKERS: Final = Listing(
    "workers",
    (
        TableColumn("name", "The worker.", heading="Worker"),
        TableColumn("health", "alive, silent, gone or ended.", heading="Health"),
        TableColumn("host", "Its machine.", heading="Machine", flex=1),
        TableColumn("pid", "Its process there.", kind="number"),
        TableColumn("done", "Tasks that it did.", kind="number", heading="Done"),
        TableColumn("failed", "Tasks that failed with it.", kind="number", heading="Failed"),
        TableColumn("memory_mb", "Memory that it takes, MB.", kind="number"),
        TableColumn("cpu_percent", "Processor time that it takes, percent.", kind="number"),
        TableColumn("latency_ms", "How long the store took to answer it, ms.", kind="number"),
        TableColumn("heartbeat_at", "When it last showed that it lives, UTC.", "time", heading="Last seen"),
        TableColumn("started_at", "Since when, UTC."),
    ),
    "No workers. 'tieout work' starts some.",
)
