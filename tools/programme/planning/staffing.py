"""Who may do a task: by skill, role and name, and not where they post themselves."""

from __future__ import annotations

from collections.abc import Sequence

from tools.programme.definition import Definition
from tools.programme.steps import ProgrammeError, StepSpec


def who_may(
    definition: Definition, step: StepSpec, extra: frozenset[tuple[str, str]] = frozenset()
) -> list[str]:
    """Name who may do a person's task, in the order of the file.

    extra: (person, skill) that somebody would have besides, for asking what would help.
    Raises ProgrammeError, with the reason, where there is nobody.
    """
    task = step.task
    named = [task.preparer] if task.preparer else list(definition.people)
    able = [
        name
        for name in named
        if (not task.skill or task.skill in definition.people[name].skills or (name, task.skill) in extra)
        and (not task.role or task.role in definition.people[name].roles)
    ]
    independent = [name for name in able if not task.area or task.area not in definition.people[name].posts]
    if not independent:
        raise ProgrammeError(
            f"nobody may do task '{step.id}': {_why(step, named, able)}.", remedy="Name people."
        )
    return independent


def _why(step: StepSpec, named: Sequence[str], able: Sequence[str]) -> str:
    if able:
        return f"{', '.join(able)} post in {step.task.area} and so can't test it"
    needs = [f"the skill {step.task.skill}"] * bool(step.task.skill)
    needs += [f"the role {step.task.role}"] * bool(step.task.role)
    whom = step.task.preparer or ("no one" if named else "there are no people, and so no one")
    return (
        f"{whom} has {' and '.join(needs) or 'it'}"
        if not step.task.preparer
        else f"{whom} lacks {' and '.join(needs)}"
    )
