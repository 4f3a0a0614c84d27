"""A programme's tasks in one row: subtasks beside their group, the order of phases and modes as dependencies.

read(path) -> Programme         validated; every refusal names the file, the line and the key
of(definition) -> Programme     the same out of what the store has
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tools.core import bounded_yaml
from tools.core.bounded_yaml import YamlError
from tools.core.errors import TieoutError
from tools.core.refusal_text import dotted, expected
from tools.programme.definition import Definition, Link, Phase, Resources, TaskClass, TaskDefinition
from tools.runs.recovery_table import OWED


class ProgrammeError(TieoutError):
    """A programme file does not say what it should."""


@dataclass(frozen=True)
class StepSpec:
    """A task with all that it waits for. links: what the file says; order: what phase and mode add."""

    task: TaskDefinition
    phase: str
    links: tuple[Link, ...]
    order: tuple[str, ...] = ()
    parent: str = ""
    resources: Resources = field(default_factory=Resources)
    timeout_seconds: float = 600.0
    max_parallel: int = 3

    @property
    def id(self) -> str:
        """Give its name in the programme."""
        return self.task.id

    def is_owed(self, error_kind: str) -> bool:
        """Say whether people owe what failed: their own task, or a signature under a machine's."""
        return error_kind in OWED and (self.task.kind == "person" or error_kind == "signoff_refused")

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Name what has to end before it, each once."""
        return tuple(dict.fromkeys((*(link.task for link in self.links), *self.order)))


@dataclass(frozen=True)
class ProgrammeSteps:
    """A definition and its steps in the order of the file."""

    definition: Definition
    steps: Mapping[str, StepSpec] = field(repr=False)

    @cached_property
    def followers(self) -> dict[str, list[str]]:
        """Name for each step those that wait for it."""
        after: dict[str, list[str]] = {name: [] for name in self.steps}
        for name, step in self.steps.items():
            for before in step.waits_for:
                after[before].append(name)
        return after

    def downstream(self, name: str) -> list[str]:
        """Name all that waits for a step, directly or not, in the order of the file."""
        reached, ahead = set[str](), [name]
        while ahead:
            fresh = [after for after in self.followers[ahead.pop()] if after not in reached]
            reached.update(fresh)
            ahead += fresh
        return [each for each in self.steps if each in reached]

    @cached_property
    def phases(self) -> list[str]:
        """Name the phases in order."""
        return [phase.id for phase in self.definition.phases]

    def in_phase(self, phase: str) -> list[StepSpec]:
        """Give a phase's steps."""
        return [step for step in self.steps.values() if step.phase == phase]


def read(path: Path) -> ProgrammeSteps:
    """Read a programme file. Raises ProgrammeError with its line and key."""
    try:
        parsed = bounded_yaml.read(path)
    except OSError as error:
        raise ProgrammeError(
            f"cannot be read: {error.strerror or error}.",
            place=str(path),
            remedy="samples/programmes has two to begin with.",
        ) from None
    except YamlError as error:
        raise ProgrammeError(f"{error.reason}.", place=error.at(path), remedy=error.remedy) from None
    try:
        return of(Definition.model_validate(parsed.value))
    except ValidationError as error:
        first = error.errors()[0]
        line = parsed.line(first["loc"])
        place = f"{path}:{line}" if line else str(path)
        raise ProgrammeError(
            f"{dotted(first['loc']) or 'the file'}: {expected(first)}.",
            place=place,
            remedy="docs/programme.md lists every key.",
        ) from None
    except ProgrammeError as error:
        error.place = str(path)
        raise


def of(definition: Definition | Mapping[str, Any]) -> ProgrammeSteps:
    """Lay a definition's tasks out.

    Raises ProgrammeError for a name that stands twice or nowhere, and for a circle.
    """
    valid = definition if isinstance(definition, Definition) else Definition.model_validate(definition)
    steps: dict[str, StepSpec] = {}
    for phase in valid.phases:
        for step in _of_phase(valid, phase):
            if step.id in steps:
                raise ProgrammeError(f"the task '{step.id}' stands twice.", remedy="Give each its own id.")
            steps[step.id] = step
    _refuse_unknown_names(valid, steps)
    _refuse_circles(steps)
    return ProgrammeSteps(valid, steps)


def _of_phase(definition: Definition, phase: Phase) -> Iterator[StepSpec]:
    earlier: tuple[str, ...] = ()
    for task in phase.tasks:
        inner = [_spec(definition, phase.id, sub, earlier, parent=task) for sub in task.subtasks]
        yield from inner
        whole = task.model_copy(update={"kind": "group"}) if inner else task
        yield _spec(definition, phase.id, whole, earlier + tuple(step.id for step in inner))
        if phase.mode != "parallel":
            earlier = (task.id,)


def _spec(
    definition: Definition,
    phase: str,
    task: TaskDefinition,
    order: Sequence[str],
    *,
    parent: TaskDefinition | None = None,
) -> StepSpec:
    shared = definition.classes.get(task.task_class, TaskClass())
    return StepSpec(
        task=task,
        phase=phase,
        links=(*(parent.depends_on if parent else ()), *task.depends_on),
        order=tuple(order),
        parent=parent.id if parent else "",
        resources=task.resources or shared.resources,
        timeout_seconds=task.timeout_seconds or shared.timeout_seconds,
        max_parallel=shared.max_parallel,
    )


def _refuse_unknown_names(definition: Definition, steps: Mapping[str, StepSpec]) -> None:
    phases = [phase.id for phase in definition.phases]
    for step in steps.values():
        named = [*step.waits_for, *step.task.reviews]
        for name in named:
            if name not in steps:
                raise ProgrammeError(f"task '{step.id}' names '{name}', which is no task.")
            if phases.index(steps[name].phase) > phases.index(step.phase):
                raise ProgrammeError(f"task '{step.id}' waits for '{name}', which is of a later phase.")
        if step.task.task_class not in {"default", *definition.classes}:
            raise ProgrammeError(
                f"task '{step.id}' is of class '{step.task.task_class}', which is not there."
            )
        for person in filter(None, (step.task.preparer, step.task.reviewer)):
            if person not in definition.people:
                raise ProgrammeError(f"task '{step.id}' names {person}, who is not among the people.")
        if step.task.preparer and step.task.preparer == step.task.reviewer:
            raise ProgrammeError(f"{step.task.preparer} would review their own task '{step.id}'.")
        _refuse_what_fits_nowhere(definition, step)


def _refuse_what_fits_nowhere(definition: Definition, step: StepSpec) -> None:
    if step.task.kind not in {"graph", "command"}:
        return
    needs, limits = step.resources, definition.limits
    if needs.memory_mb > limits.total_memory_mb or needs.cpu_cores > limits.total_cpu_cores:
        raise ProgrammeError(
            f"task '{step.id}' takes {needs.memory_mb} MB and {needs.cpu_cores} cores; "
            f"all machines have {limits.total_memory_mb} MB and {limits.total_cpu_cores}."
        )


def _refuse_circles(steps: Mapping[str, StepSpec]) -> None:
    try:
        TopologicalSorter({name: step.waits_for for name, step in steps.items()}).prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise ProgrammeError(f"tasks wait for each other in a circle: {circle}.") from None
