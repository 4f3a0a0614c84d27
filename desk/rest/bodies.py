"""What callers of the REST interface send."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RequestBody(BaseModel):
    """What every body is: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class ResourceLimits(RequestBody):
    """What all machines together may take: the programme's own limits have to lie within."""

    max_memory_gb: float | None = Field(None, gt=0)
    max_cpu_cores: int | None = Field(None, ge=1)


class ExecuteSuite(RequestBody):
    """Start a programme. suite_name: its file, in a folder where callers may name files.

    phases: where they are named, those of the file in their order. timeout_seconds: by when it is to be
    planned to end.
    """

    suite_name: str = Field(min_length=1, max_length=500)
    phases: list[str] | None = None
    timeout_seconds: float | None = Field(None, gt=0)
    resource_limits: ResourceLimits = ResourceLimits()
    key: str = Field("", max_length=200, description="The same key again is the same run.")


class TaskAnswer(RequestBody):
    """A person's answer about a failed task."""

    answer: Literal["approve", "reject", "retry", "skip"]
    note: str = Field("", max_length=2000)
    run: str = Field("", max_length=200)
