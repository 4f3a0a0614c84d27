"""The whole order of hypotheses of a number, as a person sees it: three observers, disproof, confidence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.core import settings
from tools.incidents import conclude, kinds
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation import disproof
from tools.investigation.hypothesis import RankedHypothesis
from tools.store import open_store

WHEN = datetime(2025, 1, 6, tzinfo=UTC)


Parts = frozenset[tuple[str, str]]


def parts(hypothesis: RankedHypothesis) -> Parts:
    """Give the (dimension, value) pairs of the element that a hypothesis is about, if it is about one."""
    named = (hypothesis.details or {}).get("parts", ())
    return frozenset((str(name), str(value)) for name, value in named)


def order(question: dict[str, Any], work: Path) -> list[RankedHypothesis]:
    """Look, make hypotheses, try each, and rank them, as `tieout investigate --metric` does."""
    subject = Subject("INC-1", "number", "", "HIGH", WHEN, (), question)
    bench = IncidentBench(subject, settings.load(), open_store(f"sqlite:///{work}/desk.db"), work)
    observers = kinds.by_name("number").observers
    seen = [observation for observer in observers for observation in observer.look(bench)]
    statuses = {observer.name: {"status": "ran"} for observer in observers}
    hypotheses = conclude.made_of(subject, seen, statuses)
    about = conclude.context(subject, seen)
    tried = {each.hypothesis_id: disproof.attempts_at(each, about) for each in hypotheses}
    return conclude.judged(subject, seen, hypotheses, tried, parts=statuses)
