"""The time around a service's incident, the services to look at, and how a query quotes a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tools.core.clock import clock
from tools.core.errors import SettingsError
from tools.incidents.subject import Subject

CONTROL: Final = 3600.0  # seconds before the incident that say what is usual
LEAST: Final = 300.0  # seconds since, however short ago it began


def around(subject: Subject) -> tuple[float, float, float]:
    """Give when the time before begins, when the incident began, and until when to look.

    An alert is sent some minutes after what it is about: at least its last five minutes count as since.
    """
    began = subject.began_at.timestamp()
    until = min(clock().now().timestamp(), began + CONTROL)
    began = min(began, until - LEAST)
    return began - CONTROL, began, until


def services_of(subject: Subject, topology: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the affected services and all that they depend on."""
    reached, front = list(subject.affected), list(subject.affected)
    while front:
        front = [callee for node in front for callee in topology.get(node, ()) if callee not in reached]
        front = list(dict.fromkeys(front))
        reached += front
    return reached


def quoted(name: str) -> str:
    """Escape a name for a query's quotes: PromQL and LogQL write strings as Go does."""
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def unset(names: str) -> SettingsError:
    """Say that a source is not set."""
    return SettingsError("is not set, so services cannot be looked at.", place=f"setting {names}")
