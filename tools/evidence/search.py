"""Look for what would explain each suspect: receipts, messages, calendar, approvals, vendor, decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.books.arrow_rows import as_table, read, write
from tools.books.engine import Books
from tools.books.evidence_kinds import declared_kinds
from tools.books.judgement_tables import EVIDENCE
from tools.core import formatting, money
from tools.core.settings import Settings
from tools.core.sql_files import sql
from tools.evidence import embedding_search
from tools.evidence.approval_phrases import tells
from tools.evidence.approvals import ApprovalEvidence, MailMessage, NamingMessage, StaffDirectory, find, heard
from tools.evidence.excerpts import cut
from tools.rules.model import Rules

Found = dict[str, Any]


@dataclass(frozen=True)
class Searched:
    """What was looked through and found. declared: evidence sources that these books have.

    note: what could not be done.
    """

    documents: int
    suspects: int
    hits: int
    by_kind: dict[str, int]
    declared: list[str]
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def search(
    books: Books,
    suspects: Path,
    rules: Rules,
    *,
    out: Path,
    decisions: Iterable[Mapping[str, Any]] = (),
    settings: Settings | None = None,
) -> Searched:
    """Write `out`/evidence.parquet: for each suspect the documents that speak of it.

    suspects: suspect.parquet. decisions: earlier reviewed flags as rows with flag_id, vendor, lead_test,
    verdict, by, at and note. settings: where they name an embedding model, documents close in meaning come
    beside those that name a row. Documents are data: their words are quoted, never followed.
    """
    parameters = {**rules.evidence.model_dump(), "common": list(rules.evidence.common_words)}
    rows = _suspected(books, suspects)
    for step in ("document", "asked", "counted", "slim", "linked", "hit"):
        books.execute(sql("tools.evidence", step), parameters)
    hits, note = _hits(books), ""
    if settings is not None and settings.embeddings_model:
        hits, note = embedding_search.blended(books, rows, hits, rules.evidence, settings)
    results = [
        *_receipts(books, parameters),
        *hits,
        *_calendar(books, parameters),
        *_approvals(books, rows, rules),
        *_vendors(books),
        *_decisions(rows, decisions),
    ]
    numbered = _numbered(results)
    write(numbered, EVIDENCE, out / "evidence.parquet")
    by_kind: dict[str, int] = defaultdict(int)
    for hit in numbered:
        by_kind[hit["kind"]] += 1
    counts = books.count("paper"), len(rows), len(numbered)
    return Searched(*counts, dict(by_kind), declared_kinds(books), note)


def _suspected(books: Books, path: Path) -> list[dict[str, Any]]:
    rows = read(path)
    amounts = [
        {"row_key": row["row_key"], "amount_text": money.to_text(abs(row["amount_minor"]), row["currency"])}
        for row in rows
        if row["amount_minor"] is not None
    ]
    columns = {"row_key": "VARCHAR", "amount_text": "VARCHAR"}
    books.connection.register("amount_text", as_table(amounts, columns))
    books.connection.read_parquet(str(path)).create_view("suspect_file", replace=True)
    books.execute(
        "CREATE OR REPLACE TEMP TABLE suspected AS "
        "SELECT f.*, a.amount_text FROM suspect_file f LEFT JOIN amount_text a USING (row_key)"
    )
    return rows


def _receipts(books: Books, parameters: Mapping[str, Any]) -> list[Found]:
    receipts = books.rows(sql("tools.evidence", "receipt"), parameters)
    return [
        {
            **{key: hit[key] for key in ("row_key", "kind", "doc_id", "score", "why")},
            "at": hit["dated"],
            "excerpt": f"receipt {hit['doc_id']} of {hit['dated']}: {hit['vendor_name']}, "
            f"{money.to_display(hit['amount_minor'], hit['currency'])}",
        }
        for hit in receipts
    ]


def _hits(books: Books) -> list[Found]:
    hits = books.rows(
        "SELECT h.row_key, h.kind, h.doc, p.doc_id, p.shown, p.dated, h.score, h.link, h.term "
        "FROM hit h JOIN paper p ON p.doc = h.doc ORDER BY h.row_key, h.kind, h.place"
    )
    return [
        {
            **{key: hit[key] for key in ("row_key", "kind", "doc", "doc_id")},
            **cut(hit["shown"] or "", hit["term"]),
            "at": hit["dated"],
            "score": round(float(hit["score"]), 4),
            "why": hit["link"],
        }
        for hit in hits
    ]


def _calendar(books: Books, parameters: Mapping[str, Any]) -> list[Found]:
    return [
        {**hit, "kind": "calendar", "at": hit["dated"], "score": 1.0, "why": "in the person's calendar"}
        for hit in books.rows(sql("tools.evidence", "calendar"), parameters)
    ]


def _approvals(books: Books, rows: Iterable[Mapping[str, Any]], rules: Rules) -> list[Found]:
    directory = StaffDirectory(
        books.rows("SELECT * FROM employee"),
        books.rows("SELECT * FROM authority"),
        books.manifest.currency,
    )
    threads: dict[str, list[MailMessage]] = defaultdict(list)
    phrases = rules.evidence.approval_phrases
    books.execute(sql("tools.evidence", "telling"), {"tells": tells(phrases)})
    for message in books.rows("SELECT * FROM telling ORDER BY thread_id, sent_at, doc_id, body"):
        threads[message["thread_id"]].append(heard(message, phrases))
    linked: dict[str, dict[str, list[NamingMessage]]] = defaultdict(lambda: defaultdict(list))
    for mail in books.rows(sql("tools.evidence", "thread")):
        named = NamingMessage(mail["doc_id"], str(mail["sent_at"] or ""), mail["sender"] or "", mail["link"])
        linked[mail["row_key"]][mail["thread_id"]].append(named)
    approvals = []
    for row in rows:
        of_row = [(named, threads[thread]) for thread, named in linked[row["row_key"]].items()]
        best = _best(find(row, of_row, directory), rules.evidence.hits)
        approvals += [
            {
                "row_key": row["row_key"],
                "kind": "approval",
                "score": 1.0,
                "at": approval.approved_at,
                **asdict(approval),
            }
            for approval in best
        ]
    return approvals


def _best(approvals: list[ApprovalEvidence], most: int) -> list[ApprovalEvidence]:
    """Keep some: those that count first, then the latest."""
    latest = sorted(approvals, key=lambda approval: (approval.approved_at, approval.doc_id), reverse=True)
    return sorted(latest, key=lambda approval: (True, None, False).index(approval.may_approve))[:most]


def _vendors(books: Books) -> list[Found]:
    return [
        {
            "row_key": row["row_key"],
            "kind": "vendor",
            "doc_id": f"vendor:{row['master_id'] or row['vendor_key']}",
            "excerpt": _profile(row),
            "score": 1.0,
            "at": str(row["last_on"] or ""),
            "why": "the books' own history",
        }
        for row in books.rows(sql("tools.evidence", "vendor"))
    ]


def _profile(row: Mapping[str, Any]) -> str:
    currency, n = row["currency"], row["n"]
    median = money.to_display(round(row["middle"] or 0), currency)
    named = formatting.noun(row["kind"], n)
    if n == 1:
        parts = [f"this is its only {named}"]
    else:
        parts = [f"{n} {named} from {row['first_on']} to {row['last_on']}", f"median {median}"]
        if row["kind"] not in {"bank", "ledger"}:  # where both sides are posted, a sum says nothing
            parts.append(f"total {money.to_display(int(row['total'] or 0), currency)}")
    if row["created_on"]:
        parts.append(f"on the vendor master since {row['created_on']}")
    if row["bank_changed_on"]:
        parts.append(f"bank details changed on {row['bank_changed_on']}")
    if row["recurring"] == "yes":
        parts.append("declared recurring")
    return ", ".join(parts)


def _decision_text(decision: Mapping[str, Any]) -> str:
    return f"{formatting.plain(decision['verdict'])} by {decision['by']}: {decision['note'] or '-'}"


def _decisions(rows: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> list[Found]:
    """Earlier decisions on the same vendor and test, the latest three a row."""
    by_like: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for decision in decisions:
        by_like[str(decision["vendor"] or "").lower(), decision["lead_test"]].append(decision)
    return [
        {
            "row_key": row["row_key"],
            "kind": "decision",
            "doc_id": f"flag:{decision['flag_id']}",
            "excerpt": _decision_text(decision),
            "score": 1.0,
            "at": str(decision["at"]),
            "why": "same vendor and test",
        }
        for row in rows
        for decision in _latest(by_like[str(row["vendor_name"] or "").lower(), row["lead_test"]])
    ]


def _latest(decisions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(
        decisions, key=lambda decision: (str(decision["at"]), str(decision["flag_id"])), reverse=True
    )[:3]


def _numbered(hits: list[Found]) -> list[Found]:
    """Drop repeats, put in order, number: E1, E2 ..."""
    unique = {(hit["row_key"], hit["kind"], hit["doc_id"]): hit for hit in reversed(hits)}
    order = sorted(unique.values(), key=lambda h: (h["row_key"], h["kind"], -h["score"], h["doc_id"]))
    return [{**hit, "evidence_id": f"E{number}"} for number, hit in enumerate(order, start=1)]
