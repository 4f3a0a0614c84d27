"""Suspects and evidence become flags: severity, risk, confidence, explanation."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tools.books.arrow_rows import read, write
from tools.books.engine import Books
from tools.books.evidence_kinds import declared_kinds
from tools.books.judgement_tables import FLAG
from tools.core.digest import digest
from tools.judgement import counted_once, explain
from tools.judgement.confidence import confidence
from tools.judgement.materiality import materiality
from tools.judgement.severity import SeverityVerdict, overridden, risk, verdict
from tools.judgement.suppressions import suppressed
from tools.rules.model import Rules
from tools.rules.test_header import load
from tools.store.raising import flag_id_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """What was judged. exposure_minor is of the flags, in the entity's currency."""

    suspects: int
    flags: int
    by_severity: dict[str, int]
    by_risk: dict[str, int]
    exposure_minor: int
    currency: str

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def judge(
    books: Books,
    suspects: Path,
    evidence: Path,
    rules: Rules,
    *,
    out: Path,
    results: Iterable[Mapping[str, Any]] = (),
    degraded: Sequence[str] = (),
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> Judged:
    """Write `out`/flag.parquet: one flag for each suspect that is grave enough.

    suspects: folder of suspect.parquet and case.parquet. evidence: folder of evidence.parquet.
    results: what became of each test (TestResult as dicts). degraded: checks that failed or ran in part.
    overrides: severities that a person set, by flag or case.
    """
    rows = read(suspects / "suspect.parquet")
    case_of = {case["case_id"]: case for case in read(suspects / "case.parquet")}
    hits: dict[str, list[Row]] = defaultdict(list)
    for hit in read(evidence / "evidence.parquet"):
        hits[hit["row_key"]].append(hit)
    bench = _Bench(books, rules, _untested(results), degraded, overrides)
    flags = [
        flag
        for row in rows
        if (flag := bench.flag(row, hits[row["row_key"]], case_of.get(row["case_id"], {}))) is not None
    ]
    flags = counted_once.settled(flags, {row["row_key"]: row["counted_with"] for row in rows})
    write_flags(flags, out)
    return Judged(
        suspects=len(rows),
        flags=len(flags),
        by_severity=dict(Counter(flag["severity"] for flag in flags)),
        by_risk=dict(Counter(flag["risk"] for flag in flags)),
        exposure_minor=sum(flag["exposure_base"] for flag in flags),
        currency=books.manifest.currency,
    )


def read_flags(folder: Path) -> list[Row]:
    """Give the flags of a judged folder, the gravest case first."""
    return read(folder / "flag.parquet")


def write_flags(flags: Iterable[Row], folder: Path) -> None:
    """Write flags to a judged folder, the gravest case first."""
    ordered = sorted(flags, key=lambda flag: (flag["rank"] or 0, flag["row_key"]))
    write(ordered, FLAG, folder / "flag.parquet")


class _Bench:
    """What is the same for every suspect of a run."""

    def __init__(
        self,
        books: Books,
        rules: Rules,
        untested: float,
        degraded: Sequence[str],
        overrides: Mapping[str, str],
    ) -> None:
        self.rules, self.untested, self.degraded, self.overrides = rules, untested, degraded, overrides
        self.declared = declared_kinds(books)
        self.currency, self.entity = books.manifest.currency, books.manifest.entity
        named = books.rows("SELECT person_id, min(person_name) AS name FROM employee GROUP BY person_id")
        self.kinds = set(books.manifest.sources.values())
        self.people = {row["person_id"]: row["name"] for row in named if row["person_id"] and row["name"]}
        self.materiality = materiality(books, rules.severity.materiality)
        self.day = date.fromisoformat(books.manifest.as_of[:10])
        doubt = load("reconciliation", "uncertain_match")
        self.unsure = float(rules.params(doubt)["under"] or 0)

    def flag(self, row: Row, hits: Sequence[Row], case: Mapping[str, Any]) -> Row | None:
        """Give a suspect's flag, or None where it is not grave enough to be one."""
        tests = json.loads(row["tests"])
        approvals = [hit for hit in hits if hit["kind"] == "approval"]
        judged = overridden(self._verdict(row, tests, approvals), self._override(row))
        if judged.severity is None:
            return None
        return {
            **{name: row[name] for name in FLAG if name in row},
            "fingerprint": fingerprint(row, self.entity),
            "amount_minor": row["amount_minor"] or 0,  # a line that could not be read has none
            "vendor": row["vendor_name"],
            "person": row["person_name"] or row["person_id"],
            "rank": case.get("rank"),
            **self._gravity(row, tests, approvals, judged),
            **self._wording(row, tests, hits, judged, crowd=case.get("calmed_by") or ""),
        }

    def _gravity(
        self, row: Row, tests: Sequence[Row], approvals: Sequence[Row], judged: SeverityVerdict
    ) -> Row:
        """Give what a flag says of severity, risk and confidence, with the steps to each."""
        sure, steps = confidence(
            row,
            tests,
            approvals,
            degraded=self.degraded,
            untested=self.untested,
            unsure=self.unsure,
            rules=self.rules.severity,
        )
        overall = self.materiality.overall if self.materiality else None
        return {
            "severity": judged.severity,
            "risk": risk(judged, row["exposure_base"], overall, self.rules.approval),
            "score": judged.score,
            "confidence": sure,
            "role": judged.role,
            "components": json.dumps(
                {"severity": [s.as_dict() for s in judged.steps], "confidence": [s.as_dict() for s in steps]}
            ),
        }

    def _wording(
        self, row: Row, tests: Sequence[Row], hits: Sequence[Row], judged: SeverityVerdict, *, crowd: str
    ) -> Row:
        """Give a flag's explanation, and the documents that it has and lacks."""
        missing = explain.not_found(row, hits, self.declared, judged)
        cited = [*map(_cited, hits), *({"found": False, "kind": kind} for kind in missing)]
        return {
            "explanation": explain.note(
                row, tests, hits, missing, self.people, kinds=self.kinds, crowd=crowd
            ),
            "explained_by": "template",
            "documents": json.dumps(cited),
        }

    def _override(self, row: Row) -> str | None:
        flag_id = flag_id_of(fingerprint(row, self.entity))
        return self.overrides.get(flag_id) or self.overrides.get(row["case_id"])

    def _verdict(self, row: Row, tests: Sequence[Row], approvals: Sequence[Row]) -> SeverityVerdict:
        judged = verdict(
            row,
            tests,
            approvals,
            self.declared,
            self.rules.severity,
            strong_over=self.rules.suspects.anomaly_over,
            currency=self.currency,
            materiality=self.materiality,
        )
        return suppressed(
            judged,
            row,
            tests,
            self.rules.learned.suppressions,
            day=self.day,
            strong_over=self.rules.suspects.anomaly_over,
            currency=self.currency,
        )


def fingerprint(row: Mapping[str, Any], entity: str) -> str:
    """Digest of what makes a flag the same one in another run: whose books, row, lead test, its partner row.

    The nearest candidate of a break is no partner: it changes as rows come in. Two companies' banks may
    write the very same line; the twelfth line of a file is another one once the file was replaced; and what
    is wrong with a source as a whole this month is not what was wrong with it last month.
    """
    partner = None if row["lead_check"] == "reconciliation" else row["partner_key"]
    if row["kind"] == "line":
        partner = digest(row["description"])
    elif row["kind"] == "source":
        partner = digest([test["observed"] for test in json.loads(row["tests"])][:1])
    return digest([entity, digest([row["row_key"], row["lead_test"], partner])])


def _cited(hit: Mapping[str, Any]) -> Row:
    return {"found": True} | {k: value for k, value in hit.items() if k != "row_key" and value is not None}


def _untested(results: Iterable[Mapping[str, Any]]) -> float:
    statuses = [result["status"] for result in results]
    return sum(status != "ran" for status in statuses) / len(statuses) if statuses else 0.0
