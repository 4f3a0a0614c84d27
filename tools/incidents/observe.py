"""One observer's part: bounded in time and money, published whole, never a reason for the others to stop."""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import structlog

from tools.core import settings
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.core.timeouts import LateError, within
from tools.incidents import kinds, purse
from tools.incidents.purse import Share
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation.observation import Observation
from tools.judgement.model_wording import PromptText
from tools.models.budget import BudgetError
from tools.runs import run_files
from tools.runs.workspace import Attempt, published, seal
from tools.store import incidents, open_store

_log = structlog.get_logger(__name__)


def observe(
    incident_id: str,
    run_id: str,
    observer: str,
    *,
    share: Share | None = None,
    prompt: PromptText | None = None,
) -> dict[str, Any]:
    """Let an observer look. Gives its part's place and counts; what it could not see is said, not raised.

    Looks within the setting `investigate_seconds`; a replay takes up what was published. share, prompt: with
    which a model may look further, where one is set.
    """
    limits = settings.load()
    store = open_store(limits.database_url)
    folder = run_files.intact_folder(limits, run_id)
    name = f"observed-{observer}"
    part = published(folder, name)
    if part is None:
        subject = Subject.of(incidents.get(store, incident_id))
        part = Attempt(folder, name).publish(
            _part(IncidentBench(subject, limits, store, folder, share, prompt), observer, limits)
        )
    seal(store, folder, name)
    return {key: part[key] for key in ("name", "status", "error", "seconds", "count", "spent")}


def read_published(run_id: str, parts: Mapping[str, Mapping[str, Any]]) -> list[Observation]:
    """Read back what observers published."""
    folder = run_files.intact_folder(settings.load(), run_id)
    results = [published(folder, str(part["name"])) for part in parts.values() if part["status"] != "failed"]
    return [Observation(**observation) for part in results if part for observation in part["observations"]]


def _part(bench: IncidentBench, observer: str, limits: Settings) -> dict[str, Any]:
    started = time.monotonic()
    look = kinds.by_name(bench.subject.kind).observer(observer).look
    status, error, observations = "ran", "", list[Observation]()
    try:
        observations = within(limits.investigate_seconds, lambda: look(bench))
    except LateError:
        status, error = "failed", f"not finished in {limits.investigate_seconds:g} s"
    except BudgetError as used_up:
        status, error = "failed", used_up.message
    except TieoutError as wrong:
        status, error = "failed", str(wrong)
    except Exception as wrong:  # noqa: BLE001 - whatever a driver raises, the other observers go on
        status, error = "failed", f"{type(wrong).__name__}: {wrong}"
    seconds = round(time.monotonic() - started, 3)
    _record(bench.subject, observer, status, error, len(observations))
    return {
        "name": f"observed-{observer}",
        "status": status,
        "error": error,
        "seconds": seconds,
        "count": len(observations),
        "spent": str(_spent(bench, observer)),
        "observations": [observation.as_dict() for observation in observations],
    }


def _spent(bench: IncidentBench, observer: str) -> Decimal:
    node = f"{purse.NODE}{observer}"
    return purse.spent_by_node(bench.store, bench.folder.name).get(node, Decimal("0.0000"))


def _record(subject: Subject, observer: str, status: str, error: str, count: int) -> None:
    about = {"incident_id": subject.incident_id, "observer": observer}
    if status == "ran":
        _log.info("observer_completed", observation_count=count, **about)
    else:
        _log.warning("observer_failed", error=error, **about)
