"""The four messages between a programme and its workers, as docs/programme.md publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from tools.core.clock import clock
from tools.store import Store
from tools.store.models import ProgrammeMessage


class Message(BaseModel):
    """What every message has; each of its fields is there, also one that is the same in all of a type."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    message_id: str
    timestamp: datetime


class MachineResources(BaseModel):
    """What a task may take."""

    model_config = ConfigDict(extra="forbid")

    memory_mb: int
    cpu_cores: int
    disk_mb: int


class TaskDetails(BaseModel):
    """What is to be done."""

    model_config = ConfigDict(extra="forbid")

    task_id: str
    task_type: str
    role: str
    priority: str
    timeout_seconds: float
    resources: MachineResources
    execution_template: str
    dependencies: list[str]
    success_criteria: dict[str, float]


class TaskAssignment(Message):
    """The programme gives a task to a worker."""

    message_type: Literal["task_assignment"] = "task_assignment"
    orchestrator_id: str
    target_agent: str
    task_details: TaskDetails


class Progress(BaseModel):
    """How far a task is."""

    model_config = ConfigDict(extra="forbid")

    percentage: float
    current_test: str
    tests_completed: int
    tests_remaining: int
    estimated_completion: datetime | None


class Usage(BaseModel):
    """What a task takes now."""

    model_config = ConfigDict(extra="forbid")

    memory_usage_mb: float
    cpu_utilization: float
    disk_usage_mb: float


class ProgressUpdate(Message):
    """A worker says how far it is."""

    message_type: Literal["progress_update"] = "progress_update"
    agent_id: str
    task_id: str
    progress: Progress
    resources: Usage
    status: str


class ExecutionSummary(BaseModel):
    """When a task ran, and how it ended."""

    model_config = ConfigDict(extra="forbid")

    start_time: datetime
    end_time: datetime
    duration_seconds: float
    exit_code: int


class TaskCompletion(Message):
    """A worker has done a task. test_results: the figures that it reached."""

    message_type: Literal["task_completion"] = "task_completion"
    agent_id: str
    task_id: str
    final_status: str
    execution_summary: ExecutionSummary
    test_results: dict[str, Any]
    artifacts: list[str]
    next_actions: list[str]


class FailureDetails(BaseModel):
    """What went wrong, and where."""

    model_config = ConfigDict(extra="forbid")

    error_type: str
    error_message: str
    failed_tests: list[str]
    error_context: dict[str, Any]


class RecoveryAttempt(BaseModel):
    """What was done about it."""

    model_config = ConfigDict(extra="forbid")

    attempt: int
    action: str
    result: str
    timestamp: datetime


class FailureNotification(Message):
    """A worker could not do a task."""

    message_type: Literal["failure_notification"] = "failure_notification"
    agent_id: str
    task_id: str
    failure_details: FailureDetails
    recovery_attempts: list[RecoveryAttempt]
    escalation_required: bool
    recommended_actions: list[str]


KINDS: Final[tuple[type[Message], ...]] = (
    TaskAssignment,
    ProgressUpdate,
    TaskCompletion,
    FailureNotification,
)


def schemas() -> dict[str, dict[str, Any]]:
    """Give the JSON Schema of each message by its type."""
    return {
        str(kind.model_fields["message_type"].default): kind.model_json_schema(mode="serialization")
        for kind in KINDS
    }


def send(store: Store, run_id: str, step_id: str, message: Message) -> None:
    """Keep a message, in the transaction that this thread is in: by SSE and webhook it leaves from there."""
    body = message.model_dump(mode="json")
    with store.begin() as session:
        session.add(
            ProgrammeMessage(
                run_id=run_id, step_id=step_id, kind=body["message_type"], body=body, at=clock().now()
            )
        )


def heading(run_id: str, step_id: str, *marks: object) -> dict[str, Any]:
    """Give a message's id, the same for the same thing said, and its time."""
    return {
        "message_id": "-".join(map(str, ("msg", run_id, step_id, *marks))),
        "timestamp": clock().now(),
    }


def named_bounds(criteria: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """Give criteria as the messages write them: min_pass_rate, max_execution_time."""
    return {f"{bound}_{name}": value for name, bound, value in criteria}
