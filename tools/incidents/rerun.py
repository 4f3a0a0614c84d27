"""See evidence again: its observer looks once more, and what it sees now is laid beside what it saw then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.core.timeouts import LateError, within
from tools.incidents import cases, kinds
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation.conversation import MOST_TEXT
from tools.investigation.observation import Observation
from tools.runs.workspace import run_folder
from tools.store import Store, incidents
from tools.store.models import Incident, IncidentObservation


@dataclass(frozen=True)
class SeenAgain:
    """A piece of evidence then and now. outcome: same, differs, gone; or why its observer could not look."""

    observation_id: str
    observer: str
    before: str
    now: str
    outcome: str

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def see_again(store: Store, settings: Settings, row: Incident, name: str = "") -> Iterator[SeenAgain]:
    """Let observers look again at all evidence of an incident, or at one piece; nothing is kept.

    Raises UsageError where there is no such piece. A lookup in the books is done again by itself.
    """
    stored = incidents.observations(store, row.run_id)
    chosen = [each for each in stored if name in ("", each.observation_id)]
    if not chosen:
        raise UsageError(
            f"{row.incident_id} has no evidence {name or 'yet'}.",
            remedy=f"See: tieout incident show {row.incident_id}",
        )
    bench = IncidentBench(Subject.of(row), settings, store, run_folder(settings, str(row.run_id)))
    for observer in kinds.by_name(row.kind).observers:
        own = [each for each in chosen if each.observer == observer.name]
        if own:
            yield from _beside(own, bench, observer.look)


def _beside(own: list[IncidentObservation], bench: IncidentBench, look: kinds.Look) -> Iterator[SeenAgain]:
    try:
        present = within(bench.settings.investigate_seconds, lambda: look(bench))
    except LateError:
        for each in own:
            yield SeenAgain(each.observation_id, each.observer, each.text, "", "its observer is late")
        return
    by_node: dict[tuple[str, str, str], Observation] = {
        (item.observation_id, item.node, item.what): item for item in present
    }
    for each in own:
        now = by_node.get((each.observation_id, each.node, each.what))
        text = now.text if now else _repeat_lookup(bench, each)
        outcome = "gone" if text is None else "same" if _plain(text) == _plain(each.text) else "differs"
        yield SeenAgain(each.observation_id, each.observer, each.text, text or "", outcome)


def _plain(text: str) -> str:
    """Give a text as a model's lookup keeps it: on one line, cut off, names by any case."""
    return " ".join(text.split()).casefold()[:MOST_TEXT]


def _repeat_lookup(bench: IncidentBench, piece: IncidentObservation) -> str | None:
    """Do what a model looked up again; its observer alone would not."""
    return cases.looked_up(bench, piece.query) if piece.query.get("engine") == "lookup" else None
