"""What a programme file says: people, machines, phases, tasks; validated, every default in one place.

The limits, the pool, recovery and monitoring have the defaults of the document that asked for them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Name = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Kind = Literal["graph", "command", "person", "group"]
Mode = Literal["parallel", "sequential", "sequential_with_parallel_subtasks"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
COMMANDS: Final = ("pytest", "tieout")
SECONDS_AN_HOUR: Final = 3600.0


class SectionModel(BaseModel):
    """What all parts share: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FigureBounds(SectionModel):
    """What a named figure has to reach."""

    min: float | None = None
    max: float | None = None


class Resources(SectionModel):
    """What a task takes while it runs."""

    memory_mb: int = Field(512, ge=1)
    cpu_cores: int = Field(1, ge=1)
    disk_mb: int = Field(100, ge=0)


class TaskClass(SectionModel):
    """What tasks of a class share; max_parallel: how many of them at a time."""

    resources: Resources = Resources()
    timeout_seconds: float = Field(600, gt=0)
    max_parallel: int = Field(3, ge=1)
    template: str = ""


class Link(SectionModel):
    """What a task depends on, and how long after its end it may start (hours of the calendar)."""

    task: Id
    min_lag_hours: float = Field(0, ge=0)
    max_lag_hours: float | None = Field(None, ge=0)


class TaskDefinition(SectionModel):
    """A task as the file has it."""

    id: Id
    name: Name
    kind: Kind = "person"
    action: Literal["do", "review", "sign"] = "do"
    task_class: Id = Field("default", alias="class")
    template: str = ""
    procedure: str = ""
    objective: str = ""
    assertion: str = ""
    risk: Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"] = "MEDIUM"
    population: str = ""
    sample: str = ""
    area: str = ""
    role: str = ""
    skill: str = ""
    preparer: str = ""
    reviewer: str = ""
    reviews: tuple[Id, ...] = ()  # tasks whose preparers can't do this one
    graph: str = ""
    input: dict[str, Any] = {}
    command: tuple[str, ...] = ()
    depends_on: tuple[Link, ...] = ()
    run_if: Literal["success", "done", "always"] = "success"
    subtasks: tuple[TaskDefinition, ...] = ()
    hours: tuple[float, float, float] | None = None
    seconds: tuple[float, float, float] | None = None
    resources: Resources | None = None
    timeout_seconds: float | None = Field(None, gt=0)
    success_criteria: dict[str, FigureBounds] = {}
    critical: bool = True
    deadline: datetime | None = None
    artifacts: tuple[str, ...] = ()
    signed: bool = False  # its working paper needs a preparer and a reviewer

    @field_validator("depends_on", mode="before")
    @classmethod
    def _names_alone(cls, value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        return [{"task": entry} if isinstance(entry, str) else entry for entry in value]

    @field_validator("hours", "seconds", mode="before")
    @classmethod
    def _three_points(cls, value: object) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (value, value, value)
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> TaskDefinition:
        for points in (self.hours, self.seconds):
            if points and not 0 < points[0] <= points[1] <= points[2]:
                raise ValueError("a duration is low, likely and high: above 0, none below the one before")
        if self.hours and self.seconds:
            raise ValueError("give the duration in hours or in seconds, not in both")
        if self.kind == "graph" and not self.graph:
            raise ValueError("a task of kind graph names its graph")
        if self.kind == "command" and (not self.command or self.command[0] not in COMMANDS):
            raise ValueError(f"a command begins with one of {', '.join(COMMANDS)}; there is no shell")
        if any(word.startswith("/") or ".." in word.split("/") for word in self.command):
            raise ValueError("a command's files lie in the programme's folder")
        return self

    @property
    def points(self) -> tuple[float, float, float]:
        """Give the duration in seconds: low, likely, high."""
        if self.hours:
            low, likely, high = self.hours
            return (low * SECONDS_AN_HOUR, likely * SECONDS_AN_HOUR, high * SECONDS_AN_HOUR)
        default = (SECONDS_AN_HOUR,) * 3 if self.kind == "person" else (60.0,) * 3
        return self.seconds or (default[0], default[1], default[2])


class Phase(SectionModel):
    """Tasks between two gates. wait_seconds: how long a phase of machines may take before that is told."""

    id: Id
    name: Name
    mode: Mode = "parallel"
    wait_seconds: float = Field(600, gt=0)
    tasks: tuple[TaskDefinition, ...] = Field(min_length=1)


class Absence(SectionModel):
    """Days on which a person is away, both included."""

    from_day: date = Field(alias="from")
    to_day: date = Field(alias="to")
    why: str = ""


class WorkerDefinition(SectionModel):
    """A person of the team: a user of the desk, with skills and hours."""

    skills: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    hours_per_day: float = Field(8, gt=0, le=24)
    absences: tuple[Absence, ...] = ()
    posts: tuple[str, ...] = ()  # areas in which this person posts, and so can't test


class Calendar(SectionModel):
    """When people work. around_the_clock: no nights, no weekends (programmes of machines alone)."""

    around_the_clock: bool = False
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
    begins: time = time(9)
    ends: time = time(17)
    country: str = ""
    slot_minutes: int = Field(15, ge=1, le=240)

    @model_validator(mode="after")
    def _has_hours(self) -> Calendar:
        if self.begins >= self.ends and not self.around_the_clock:
            raise ValueError("a day begins before it ends")
        return self


class Limits(SectionModel):
    """What all machines together have."""

    max_agents: int = Field(6, ge=1)
    total_memory_mb: int = Field(8192, ge=1)
    total_cpu_cores: int = Field(8, ge=1)


class Pool(SectionModel):
    """How many workers there are, and when one is gone."""

    min_agents: int = Field(3, ge=1)
    max_agents: int = Field(6, ge=1)
    scale_up_threshold: float = 0.8
    scale_down_threshold: float = 0.3
    unresponsive_seconds: float = 120
    agent_timeout: float = 300


class Recovery(SectionModel):
    """How often and how fast a task is tried again, and who is told."""

    max_retries: int = Field(2, ge=0)
    retry_delay: float = Field(30, ge=0)
    escalation_threshold: int = Field(3, ge=1)
    timeout_grace: float = Field(60, ge=0)
    remind_before_hours: float = Field(4, ge=0)  # of the calendar: how long before a task is due
    remind_every_hours: float = Field(8, gt=0)  # of the calendar: from one reminder to the next level
    wheel_folder: str = ""  # wheels from which what cannot be imported is installed, without a network
    human_notification_webhook: str = ""  # a recipient of TIEOUT_NOTIFY, told whenever a person is asked


class Monitoring(SectionModel):
    """How often what is looked at, and when an alert acts."""

    metrics_interval: float = Field(10, ge=1, le=30)
    health_check_interval: float = Field(30, ge=5)
    log_rotation_mb: int = Field(100, ge=1)
    log_retention_days: int = Field(7, ge=1)
    failure_rate: float = 0.2
    memory_usage: float = 0.9
    slower_than_baseline: float = 2.0


class Definition(SectionModel):
    """A programme."""

    name: Name
    version: str = "1.0.0"
    entity: str = ""
    objective: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    starts_at: datetime | None = None
    deadline: datetime | None = None
    plan_approval: Literal["person", "automatic"] = "person"
    calendar: Calendar = Calendar()
    people: dict[str, WorkerDefinition] = {}
    classes: dict[str, TaskClass] = {}
    limits: Limits = Limits()
    pool: Pool = Pool()
    recovery: Recovery = Recovery()
    monitoring: Monitoring = Monitoring()
    phases: tuple[Phase, ...] = Field(min_length=1)
