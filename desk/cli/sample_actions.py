"""What `tieout sample` does, action by action."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from desk import programmes
from desk.cli.exit_codes import ExitCode
from desk.cli.screen import err, out, plain_utf8
from desk.samples import records, wording, workbook
from desk.samples.records import SampleRequest
from desk.views.safe_text import json_text, one_line
from tools.core import money
from tools.core.errors import RunError, UsageError
from tools.core.settings import Settings
from tools.identity.people import Person
from tools.judgement.sampling import plan as planning
from tools.judgement.sampling.plan import SampleAims
from tools.programme import records as programme_records
from tools.programme import sampling
from tools.store import Store, runs


class WrittenAims(NamedTuple):
    """What a sample has to show, as it was written."""

    tolerable: str
    expected: str
    confidence: int
    currency: str

    def read(self, currency: str) -> SampleAims:
        """Give the aims in a currency. Raises UsageError for what is no amount."""
        tolerable = _minor(self.tolerable, "--tolerable", currency)
        return SampleAims(tolerable, _minor(self.expected, "--expected", currency), self.confidence, currency)


class SampleOrder(NamedTuple):
    """What is to be selected, and into which workbook."""

    sources: tuple[str, ...]
    run: str
    aims: WrittenAims
    seed: int | None
    path: Path


class SampledPaper(NamedTuple):
    """The working paper that a sample goes on; without a task, none."""

    run_id: str
    task: str

    @classmethod
    def of(cls, store: Store, programme: str, task: str) -> Self | None:
        """Find it. Raises RunError for what is no programme or no task of it."""
        if not task:
            return None
        run_id = programme_records.find(store, programme)
        standing = programme_records.load(store, run_id)
        if task not in standing.steps:
            raise RunError(f"there is no task '{task}'.", remedy="'tieout programme status' lists them.")
        return cls(run_id, task)


def plan(book: str, aims: WrittenAims, *, as_json: bool) -> ExitCode:
    """Say how many rows a sample of a book value takes."""
    currency = aims.currency or "USD"
    named = planning.plan(_minor(book, "--book", currency), aims.read(currency))
    values = {
        "planned_size": named.size,
        "sampling_interval": money.to_text(named.interval_minor, currency),
        "reliability_factor": str(named.reliability),
        "expansion_factor": str(named.expansion),
    }
    _show(values, as_json=as_json)
    return ExitCode.DONE


def select(
    settings: Settings,
    store: Store,
    order: SampleOrder,
    person: Person,
    paper: SampledPaper | None,
    *,
    as_json: bool,
) -> ExitCode:
    """Select a sample, put it on record and on its task's paper, and write its workbook."""
    run_id = runs.find(store, order.run or _audit_of(store, paper)).run_id
    currency = order.aims.currency or records.currency_of(settings, store, run_id, order.sources)
    if paper and (why := sampling.refusal(programme_records.load(store, paper.run_id), paper.task, person)):
        raise UsageError(why)
    seed = secrets.randbits(64) if order.seed is None else order.seed
    request = SampleRequest(run_id, order.sources, order.aims.read(currency), seed)
    sample = records.draw(settings, store, request, person)
    values = wording.described(sample)
    _write(order.path, workbook.render(sample.selection.rows, values, currency))
    if paper:
        _on_paper(settings, store, paper, person, values=values, path=order.path)
    _show(values, as_json=as_json)
    err().print(one_line(f"{order.path}: fill in its column Audited."), soft_wrap=True)
    return ExitCode.DONE


def evaluate(
    settings: Settings, store: Store, path: Path, person: Person, paper: SampledPaper | None, *, as_json: bool
) -> ExitCode:
    """Evaluate a workbook that came back, and put what it shows on its task's paper."""
    result = records.evaluated(store, workbook.read(path))
    values = wording.concluded(result)
    if paper:
        _on_paper(settings, store, paper, person, values=values, path=path)
    _show(values, as_json=as_json)
    tolerable = result.sample.request.aims.tolerable_minor
    worst = max(result.evaluation.over.upper_limit, result.evaluation.under.upper_limit)
    return ExitCode.DONE if worst <= tolerable else ExitCode.FAILED


def _audit_of(store: Store, paper: SampledPaper | None) -> str:
    if paper is None:
        return "last"
    return sampling.audit_of(programme_records.load(store, paper.run_id), paper.task) or "last"


def _on_paper(
    settings: Settings,
    store: Store,
    paper: SampledPaper,
    person: Person,
    *,
    values: Mapping[str, Any],
    path: Path,
) -> None:
    evidence = programmes.evidence_of(settings, paper.run_id, paper.task, [path])
    voided = sampling.put_down(store, paper.run_id, paper.task, person, sample=values, evidence=evidence)
    if voided:
        message = f"{paper.task} has changed: the signatures of {', '.join(voided)} are void."
        err().print(one_line(message), style="warning", soft_wrap=True)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise RunError(f"cannot be written: {error.strerror or error}.", place=str(path)) from None


def _show(values: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        plain_utf8()
        print(json_text(dict(values), indent=1))
        return
    for name, value in values.items():
        out().print(one_line(f"{name.replace('_', ' ').capitalize()}: {value}"), soft_wrap=True)


def _minor(text: str, option: str, currency: str) -> int:
    value = workbook.number_of(text)
    if value is None:
        raise UsageError(f"{option} '{text}' is no amount.", remedy="Write it as 125000 or 125000.00.")
    return money.to_minor(value, currency)
