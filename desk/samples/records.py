"""Samples on record: drawn once, in the trail of their audit with their seed, and evaluated against it.

draw(settings, store, request, person) -> RecordedSample      the same request draws the same rows
on_record(store, run_id, sample_id) -> RecordedSample
evaluated(store, returned) -> EvaluatedSample              a workbook held to the selection on record
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from desk.samples.workbook import Returned
from tools.books.engine import Books
from tools.core import money
from tools.core.digest import digest
from tools.core.errors import RunError, UsageError
from tools.core.settings import Settings
from tools.identity.people import Person
from tools.judgement.sampling.evaluate import AuditedRow, Evaluation, evaluate
from tools.judgement.sampling.plan import SampleAims, plan
from tools.judgement.sampling.select import SampledPopulation, Selection, select
from tools.runs import run_files, workspace
from tools.store import Store, flags, runs, trail

SELECTED: Final = "sample selected"
_SHORT: Final = 12


@dataclass(frozen=True)
class SampleRequest:
    """What a sample is to be drawn from, and how."""

    run_id: str
    sources: tuple[str, ...]
    aims: SampleAims
    seed: int


@dataclass(frozen=True)
class RecordedSample:
    """A sample on record; its id is a digest of all that determines it."""

    sample_id: str
    request: SampleRequest
    selection: Selection


@dataclass(frozen=True)
class EvaluatedSample:
    """A sample and what it shows."""

    sample: RecordedSample
    evaluation: Evaluation


def draw(settings: Settings, store: Store, request: SampleRequest, person: Person) -> RecordedSample:
    """Draw a sample of what nobody examined as flagged, and put it on record. Raises RunError."""
    examined = flags.rows_examined(store, runs.find(store, request.run_id).entity, request.sources)
    with _books(settings, store, request.run_id) as books:
        _require_sources(books, request.sources)
        selection = select(books, SampledPopulation(request.sources, examined), request.aims, request.seed)
    determined = {"run_id": request.run_id, "flagged": digest(examined), **_request_fields(request)}
    sample = RecordedSample(digest(determined)[:_SHORT], request, selection)
    rows = [[str(row["row_key"]), int(row["amount_minor"])] for row in selection.rows]
    details = {"sample_id": sample.sample_id, **determined, "totals": dict(selection.totals), "rows": rows}
    trail.append(
        store,
        request.run_id,
        person.user,
        SELECTED,
        outputs=digest(rows),
        sizes={"rows": len(rows)},
        details=details,
        once=f"{SELECTED} {sample.sample_id}",
    )
    return sample


def on_record(store: Store, run_id: str, sample_id: str) -> RecordedSample:
    """Give a sample as its record has it: its rows by key and amount. Raises RunError where there is none."""
    for entry in trail.entries(store, runs.find(store, run_id).run_id):
        if entry["action"] == SELECTED and entry["details"]["sample_id"] == sample_id:
            return _of(entry["details"])
    raise RunError(
        f"run {run_id} has no sample {sample_id} on record.", remedy="'tieout sample select' draws one."
    )


def evaluated(store: Store, returned: Returned) -> EvaluatedSample:
    """Evaluate a workbook that came back. Raises RunError where its rows are not those on record."""
    sample = on_record(store, returned.run_id, returned.sample_id)
    aims, audited = sample.request.aims, returned.audited
    booked = {str(row["row_key"]): int(row["amount_minor"]) for row in sample.selection.rows}
    _require_rows(returned, [key for key in booked if key not in audited], "has no audited amount")
    _require_rows(returned, [key for key in audited if key not in booked], "is not of this sample")
    rows = [
        AuditedRow(key, amount, money.to_minor(audited[key], aims.currency)) for key, amount in booked.items()
    ]
    evaluation = evaluate(rows, sample.selection.plan.interval_minor, aims.confidence)
    return EvaluatedSample(sample, evaluation)


def currency_of(settings: Settings, store: Store, run_id: str, sources: Sequence[str]) -> str:
    """Give the currency of some sources. Raises UsageError where they have none, or several."""
    with _books(settings, store, run_id) as books:
        _require_sources(books, sources)
        rows = books.rows(
            "SELECT DISTINCT currency FROM txn WHERE scope = 'window' AND list_contains($sources, source)"
            " AND currency IS NOT NULL ORDER BY currency",
            {"sources": list(sources)},
        )
    if len(rows) == 1:
        return str(rows[0]["currency"])
    listed = ", ".join(str(row["currency"]) for row in rows) or "none"
    raise UsageError(
        f"{', '.join(sources)} has amounts in: {listed}.", remedy="Name one currency by --currency."
    )


def _of(details: Mapping[str, Any]) -> RecordedSample:
    aims = SampleAims(**details["aims"])
    request = SampleRequest(details["run_id"], tuple(details["sources"]), aims, int(details["seed"]))
    rows = [{"row_key": key, "amount_minor": amount} for key, amount in details["rows"]]
    planned = plan(details["totals"]["book_minor"], aims)
    return RecordedSample(
        details["sample_id"], request, Selection(rows, details["totals"], planned, request.seed)
    )


def _request_fields(request: SampleRequest) -> dict[str, Any]:
    seed = str(request.seed)  # a number of 64 bits is no JSON number everywhere
    return {"sources": list(request.sources), "aims": asdict(request.aims), "seed": seed}


def _books(settings: Settings, store: Store, run_id: str) -> Books:
    run_files.require(store, settings, run_id)
    return Books.open(workspace.run_folder(settings, run_id) / workspace.SNAPSHOT, settings)


def _require_sources(books: Books, sources: Sequence[str]) -> None:
    for source in sources:
        if source not in books.manifest.sources:
            names = ", ".join(sorted(books.manifest.sources))
            raise UsageError(f"there is no source '{source}'.", remedy=f"The run read {names}.")


def _require_rows(returned: Returned, keys: Sequence[str], wrong: str) -> None:
    if keys:
        more = f", and {len(keys) - 1} more" if len(keys) > 1 else ""
        raise RunError(f"row {keys[0]} {wrong}{more}.", place=returned.place)
