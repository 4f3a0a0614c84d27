"""The four messages as they were asked for: each is one of ours, and no field of it may be missing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tools.programme import messages

EXAMPLES: dict[str, dict[str, Any]] = {
    each["message_type"]: each
    for each in map(
        json.loads,
        (
            """
            {
                "message_type": "task_assignment",
                "message_id": "msg_001",
                "timestamp": "2025-07-10T10:00:00Z",
                "orchestrator_id": "orchestrator_main",
                "target_agent": "agent_001",
                "task_details": {
                    "task_id": "A1",
                    "task_type": "unit_test",
                    "role": "Model Test Specialist",
                    "priority": "high",
                    "timeout_seconds": 600,
                    "resources": {
                        "memory_mb": 512,
                        "cpu_cores": 1,
                        "disk_mb": 100
                    },
                    "execution_template": "template_a",
                    "dependencies": [],
                    "success_criteria": {
                        "min_pass_rate": 0.95,
                        "max_execution_time": 600,
                        "required_coverage": 0.95
                    }
                }
            }
            """,
            """
            {
                "message_type": "progress_update",
                "message_id": "msg_002",
                "timestamp": "2025-07-10T10:02:30Z",
                "agent_id": "agent_001",
                "task_id": "A1",
                "progress": {
                    "percentage": 65,
                    "current_test": "test_employee_equity_calculation",
                    "tests_completed": 29,
                    "tests_remaining": 16,
                    "estimated_completion": "2025-07-10T10:03:45Z"
                },
                "resources": {
                    "memory_usage_mb": 145,
                    "cpu_utilization": 85,
                    "disk_usage_mb": 23
                },
                "status": "running"
            }
            """,
            """
            {
                "message_type": "task_completion",
                "message_id": "msg_003",
                "timestamp": "2025-07-10T10:05:30Z",
                "agent_id": "agent_001",
                "task_id": "A1",
                "final_status": "success",
                "execution_summary": {
                    "start_time": "2025-07-10T10:00:00Z",
                    "end_time": "2025-07-10T10:05:30Z",
                    "duration_seconds": 330,
                    "exit_code": 0
                },
                "test_results": {
                    "total_tests": 45,
                    "passed": 43,
                    "failed": 2,
                    "pass_rate": 0.956,
                    "coverage_percentage": 96.2
                },
                "artifacts": [
                    "A1_results.json",
                    "A1_coverage.json",
                    "A1_agent_report.json"
                ],
                "next_actions": [
                    "Task B1 can proceed when A2 and A3 complete"
                ]
            }
            """,
            """
            {
                "message_type": "failure_notification",
                "message_id": "msg_004",
                "timestamp": "2025-07-10T10:05:30Z",
                "agent_id": "agent_002",
                "task_id": "A2",
                "failure_details": {
                    "error_type": "calculation_error",
                    "error_message": "AssertionError: Expected 2083.33, got 2083.34",
                    "failed_tests": ["test_equity_vesting_precision"],
                    "error_context": {
                        "test_file": "tests/test_calculators.py",
                        "line_number": 152,
                        "function": "test_equity_vesting_calculation"
                    }
                },
                "recovery_attempts": [
                    {
                        "attempt": 1,
                        "action": "automatic_retry",
                        "result": "failed",
                        "timestamp": "2025-07-10T10:04:00Z"
                    }
                ],
                "escalation_required": true,
                "recommended_actions": [
                    "Review floating-point precision in equity calculations",
                    "Add tolerance to financial calculations",
                    "Manual investigation required"
                ]
            }
            """,
        ),
    )
}
OPEN = ("success_criteria", "test_results", "error_context")  # named as the programme names them


def fields(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - JSON
    """Give the way to each field, at any depth, but within what is open."""
    inner = enumerate(content) if isinstance(content, list) else content.items()
    for name, value in inner:
        if isinstance(name, str):
            yield (*path, name)
        if isinstance(value, dict | list) and name not in OPEN and not _texts(value):
            yield from fields(value, (*path, name))


def _texts(value: dict[str, Any] | list[Any]) -> bool:
    return isinstance(value, list) and not any(isinstance(each, dict) for each in value)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_example_holds_to_the_published_schema(kind: str) -> None:
    """As it stands, and read by our model; without any one of its fields, or with one more, it does not."""
    example, schema = EXAMPLES[kind], messages.schemas()[kind]
    jsonschema.validate(example, schema)
    model = next(each for each in messages.KINDS if each.model_fields["message_type"].default == kind)
    model.model_validate(example)
    jsonschema.validate(model.model_validate(example).model_dump(mode="json"), schema)
    for path in fields(example):
        for change in (without, renamed):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(change(example, path), schema)


def without(example: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Leave a field out."""
    changed: Any = copy.deepcopy(example)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return dict(changed)


def renamed(example: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Name a field otherwise."""
    changed: Any = copy.deepcopy(example)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[f"{path[-1]}_"] = inner.pop(path[-1])
    return dict(changed)
