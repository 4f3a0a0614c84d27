"""The kinds of incident: which three observers look at each, and how hypotheses are made of what they see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tools.core.errors import UsageError
from tools.incidents import cases, desks
from tools.incidents.numbers import dimensions, rules, sources
from tools.incidents.numbers import hypotheses as of_numbers
from tools.incidents.subject import IncidentBench, Subject
from tools.incidents.systems import observers as of_systems
from tools.investigation import case_reading
from tools.investigation.hypothesis import RankedHypothesis
from tools.investigation.observation import Observation

Look = Callable[[IncidentBench], list[Observation]]


@dataclass(frozen=True)
class IncidentObserver:
    """One view of an incident."""

    name: str
    look: Look


@dataclass(frozen=True)
class Kind:
    """A kind of incident."""

    name: str
    observers: tuple[IncidentObserver, ...]
    hypotheses: Callable[[Subject, Sequence[Observation]], list[RankedHypothesis]]
    edges: Callable[[Subject, Sequence[Observation]], Mapping[str, Sequence[str]]]
    symptom: Callable[[Subject, Sequence[Observation]], str]

    def observer(self, name: str) -> IncidentObserver:
        """Give an observer by its name."""
        return next(observer for observer in self.observers if observer.name == name)


def _first_node(subject: Subject, observations: Sequence[Observation]) -> str:
    del subject
    return observations[0].node if observations else ""


def _no_node(subject: Subject, seen: Sequence[Observation]) -> str:
    """Give none: each flagged row of a case is a symptom of its own."""
    del subject, seen
    return ""


KINDS: Final[tuple[Kind, ...]] = (
    Kind(
        "number",
        (
            IncidentObserver(dimensions.NAME, dimensions.look),
            IncidentObserver(sources.NAME, sources.look),
            IncidentObserver(rules.NAME, rules.look),
        ),
        of_numbers.hypotheses,
        of_numbers.edges,
        _first_node,
    ),
    Kind(
        "books",
        tuple(IncidentObserver(view.name, cases.observer(view.read)) for view in case_reading.OBSERVERS),
        cases.hypotheses,
        cases.edges,
        _no_node,
    ),
    Kind(
        "desk",
        (
            IncidentObserver("runs", desks.of_runs),
            IncidentObserver("store", desks.of_store),
            IncidentObserver("outside", desks.of_outside),
        ),
        desks.hypotheses,
        desks.edges,
        desks.symptom,
    ),
    Kind(
        "system",
        (
            IncidentObserver("applications", of_systems.applications),
            IncidentObserver("databases", of_systems.databases),
            IncidentObserver("network", of_systems.network),
        ),
        of_systems.hypotheses,
        of_systems.edges,
        of_systems.symptom,
    ),
)


def by_name(name: str) -> Kind:
    """Give a kind by its name. Raises UsageError where there is none."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise UsageError(
        f"there is no kind of incident '{name}'.",
        remedy=f"There are: {', '.join(kind.name for kind in KINDS)}.",
    )
