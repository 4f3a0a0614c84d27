"""Audit a data set with the whole graph, once without a model and once with a scripted one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import sources_for
from graph.runtime import session
from tests.graph.small import TOKENS, settings_of, users
from tests.honest_model import model
from tests.openai_server import Body, Reply, serve
from tools.books import manifest
from tools.core import bounded_yaml, settings
from tools.core.environment_variables import with_variables
from tools.judgement.judge import read_flags
from tools.judgement.model_wording import substance
from tools.runs.workspace import SNAPSHOT, newest, run_folder
from tools.store import close_stores, flags, open_store, trail

CALL_SECONDS: Final = 1.0
# What a small and a large model of the trade cost at the time of writing, dollars a million tokens.
PRICES: Final = (
    '{"small": {"input": "0.15", "output": "0.60"}, "large": {"input": "2.50", "output": "10.00"}}'
)


@dataclass(frozen=True)
class Ran:
    """One audit: its flags' digests, its trail, and what was sent to the endpoint."""

    transactions: int
    suspects: int
    flags: int
    digest: str  # of the judged flags but for their wording
    stored: str  # of the flags in the store, the same
    model: Mapping[str, Any]
    investigated: Mapping[str, Any]
    trail: list[dict[str, Any]]
    snapshot: Path
    sent: tuple[bytes, ...] = ()

    def seconds(self, action: str) -> float:
        """Give how long a node took."""
        took = [int(entry["duration_ms"]) for entry in self.trail if entry["action"] == action]
        return sum(took) / 1000

    @property
    def looking(self) -> float:
        """Seconds from the end of judgement to the end of the investigation."""
        at = {entry["action"]: datetime.fromisoformat(entry["at"]) for entry in self.trail}
        if "merge_hypotheses" not in at:
            return 0.0
        return (at["merge_hypotheses"] - at["escalate"]).total_seconds()


@contextmanager
def both(folder: Path) -> Iterator[tuple[Ran, Ran]]:
    """Audit the books in a folder without a model, and with one that takes a second a call."""
    with tempfile.TemporaryDirectory(prefix="tieout-model-") as work:
        sources = _sources(folder, Path(work) / "books")
        plain = _audited(sources, Path(work) / "plain", {})
        with serve(then=_slow) as server:
            named = {
                "TIEOUT_MODEL": "small",
                "TIEOUT_MODEL_DEAR": "large",
                "TIEOUT_MODEL_BASE_URL": server.url,
                "TIEOUT_MODEL_PRICES": PRICES,
            }
            modelled = _audited(sources, Path(work) / "asked", named)
        yield plain, replace(modelled, sent=tuple(server.raw))


def _slow(body: Body) -> Reply:
    return replace(model(body), after=CALL_SECONDS)


def _sources(folder: Path, books: Path) -> Path:
    """Give the folder's own sources file, or lay ours beside links to its files."""
    own = folder / "sources.yaml"
    if own.is_file():
        return own.resolve()
    books.mkdir()
    for path in folder.iterdir():
        (books / path.name).symlink_to(path.resolve())
    declared = sources_for(folder)
    for text in sorted(Path(str(resources.files("benchmarks") / "sources")).glob("*.yaml")):
        declaration = bounded_yaml.read(text).value
        if declared is not None and set(declaration["sources"]) == set(declared.sources):
            (books / "sources.yaml").write_text(text.read_text(encoding="utf-8"), encoding="utf-8")
            return books / "sources.yaml"
    raise SystemExit(f"{folder}: no sources file fits these books.")


def _audited(sources: Path, folder: Path, named: Mapping[str, str]) -> Ran:
    folder.mkdir()
    users(folder)
    (folder / "rules.yaml").write_text("{}\n", encoding="utf-8")  # the defaults
    with with_variables({**settings_of(folder), **named}):
        standing = session.start({"sources": str(sources)}, thread_id=folder.name)
        if standing.asked and standing.next == ("await_gate",):
            standing = session.answer(
                folder.name, [{"type": "approve", "subject": "gate"}], token=TOKENS["dana"]
            )
        return _ran(standing)


def _ran(standing: session.ThreadState) -> Ran:
    limits, values = settings.load(), standing.values
    store = open_store(limits.database_url)
    flag_rows = [flag.as_dict() for flag in flags.find(store, run_id=standing.run_id, limit=1_000_000)]
    run = run_folder(limits, standing.run_id)
    judged = newest(run, "judged")
    rows = read_flags(judged) if judged else []
    results = values.get("judged") or {}
    entries = trail.entries(store, standing.run_id)
    close_stores()
    return Ran(
        transactions=manifest.read(run / SNAPSHOT).tables["txn"].rows,
        suspects=values["merged"]["suspects"],
        flags=len(rows),
        digest=substance(rows),
        stored=substance([_stored_fields(flag) for flag in flag_rows]),
        model=results.get("model") or {},
        investigated=values.get("investigated") or {},
        trail=entries,
        snapshot=run / SNAPSHOT,
    )


def _stored_fields(flag: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what differs between any two runs, and the words."""
    changing = {"run_id", "created_at", "components"}
    return {name: value for name, value in flag.items() if name not in changing} | {
        "steps": flag["components"]["steps"]
    }
