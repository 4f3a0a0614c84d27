"""Small books that each hold one kind of error: what has to come out, by the folder's name.

A folder named after a kind (initials, honest_twins ...) is audited by its own sources file, or, where the
kind is about it, by the one that `tieout init` proposes; the answer is right or it is not.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet, folders, has, proposed
from benchmarks.figures import Figure, pairs
from tools.ledger.sources import Sources, load

_STRONG: Final = 70
_INITIALS_BEAT: Final = 0.97


def find(root: Path) -> list[DataSet]:
    """Give every folder that is named after a kind and has a sources file."""
    named = [f for f in folders(root) if f.name in JUDGES and has(f, "sources.yaml")]
    return [DataSet(folder.name, (folder,)) for folder in named]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give the figures of one kind."""
    (folder,) = data_set.folders
    sources = proposed(folder) if folder.name in _BY_PROPOSAL else load(folder / "sources.yaml")
    if sources is None:
        return [Figure("read", 0, "exactly", 1, "tieout init proposes nothing")]
    with audit(sources, work) as audited:
        return JUDGES[folder.name](audited, sources, folder)


def _matches(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        true = {tuple(row.values()) for row in csv.DictReader(file)}
    matched = set(audited.rows("SELECT left_id, right_id FROM match WHERE kind <> 'offset'"))
    return pairs(matched, true, name="pairs", beat=_INITIALS_BEAT)


def _columns(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    read = {name for source in sources.sources.values() for name in source.columns}
    named = len(read & {"vendor_name", "vendor_id"})
    card = len(read & {"card_last4", "person_id"})
    return [
        Figure("merchant columns read", named, "exactly", 2),
        Figure("card column read", card, "at least", 1),
        _flags(audited, "SELECT count(*) FROM flag", "flags", 0),
    ]


def _day_of_audit(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    future = audited.scalar("SELECT count(*) FROM finding WHERE test = 'future_date'")
    return [Figure("dates in the future named", future, "at least", 1)]


def _splits(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    """Hold them against two purchases of a card on one day at one merchant that pass the limit together."""
    with audited.connection.cursor() as cursor:
        true = {row[0] for row in cursor.execute(_PLANTED_SPLITS).fetchall()}
    rows = audited.rows("SELECT row_key FROM finding WHERE test = 'split_under_limit' AND score > 70")
    return pairs([(row[0],) for row in rows], [(key,) for key in true], name="split rows", beat=0.9)


_PLANTED_SPLITS: Final = """
    WITH apart AS (
        SELECT person_id, posted_on, vendor_id, count(*) AS n, sum(amount_minor) AS total
        FROM txn WHERE amount_minor BETWEEN 75000 AND 250000
        GROUP BY ALL HAVING count(*) = 2 AND sum(amount_minor) > 250000
    )
    SELECT row_key FROM txn JOIN apart USING (person_id, posted_on, vendor_id)
    WHERE amount_minor BETWEEN 75000 AND 250000
"""


def _flags(audited: Audited, sql: str, name: str, expected: int) -> Figure:
    return Figure(name, int(audited.scalar(sql)), "exactly", expected)


def _loud(audited: Audited, test: str = "") -> int:
    rows = audited.rows("SELECT lead_test FROM flag WHERE severity <> 'INFO'")
    return sum(test in ("", lead) for (lead,) in rows)


def _block(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    flagged = audited.rows("SELECT case_id FROM flag WHERE lead_test = 'repeated_block'")
    return [
        Figure("copies in the block", len(flagged), "exactly", 36),
        Figure("cases of it", len({case for (case,) in flagged}), "exactly", 1),
        Figure("others above INFO", _loud(audited) - _loud(audited, "repeated_block"), "exactly", 0),
    ]


def _quiet(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    return [Figure("flags above INFO", _loud(audited), "exactly", 0)]


def _invoice_lines(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    rows = audited.rows(
        "SELECT t.invoice_no, t.posted_on::VARCHAR FROM finding f JOIN txn t USING (row_key) "
        "WHERE f.test LIKE 'duplicate%' AND f.score > 70"
    )
    return [
        Figure("double payments", len(rows), "exactly", 1),
        Figure("TP-77 on 19 December", rows.count(("TP-77", "2019-12-19")), "exactly", 1),
        Figure("others above INFO", _loud(audited) - len(rows), "exactly", 0),
    ]


def _swapped(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    differing = (
        "SELECT t.txn_id FROM txn t JOIN txn r ON r.linked_id = t.txn_id "
        "WHERE t.amount_minor <> r.amount_minor"
    )
    flagged = audited.rows("SELECT txn_id FROM flag WHERE lead_test = 'transposed_digits'")
    return pairs(flagged, audited.rows(differing), name="swapped receipts", beat=1.0)


def _respelled(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    names = [row[0] for row in audited.rows("SELECT vendor_name FROM txn")]
    rare = {name for name, n in Counter(names).items() if n == 1}
    rows = audited.rows(
        "SELECT t.vendor_name FROM finding f JOIN txn t USING (row_key) "
        "WHERE f.test = 'respelled_vendor' AND f.score > 70"
    )
    return pairs(rows, [(name,) for name in rare], name="respelled names", beat=1.0)


def _persons(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    far = (
        "SELECT row_key FROM txn "
        "JOIN (SELECT person_id, median(amount_minor) AS usual FROM txn GROUP BY person_id) u "
        "USING (person_id) "
        "WHERE amount_minor >= 4.5 * u.usual"
    )
    rows = audited.rows("SELECT row_key FROM finding WHERE test = 'amount_against_person' AND score > 70")
    return pairs(rows, audited.rows(far), name="charges unlike the person's", beat=1.0)


def _formats(audited: Audited, sources: Sources, folder: Path) -> list[Figure]:  # noqa: ARG001 - every judge takes them
    rows = audited.rows("SELECT observed FROM finding WHERE field IS NOT NULL")
    return [
        Figure("cells named", len(rows), "exactly", 1),
        Figure("1234-567 among them", sum("1234-567" in text for (text,) in rows), "exactly", 1),
    ]


_BY_PROPOSAL: Final = frozenset({"card_columns", "init_as_of"})
JUDGES: Final[Mapping[str, Callable[[Audited, Sources, Path], list[Figure]]]] = {
    "initials": _matches,
    "coincidence": _matches,
    "card_columns": _columns,
    "card_split": _splits,
    "repeated_block": _block,
    "honest_twins": _quiet,
    "invoice_lines": _invoice_lines,
    "order_codes": _quiet,
    "transposed_receipt": _swapped,
    "respelled_middle": _respelled,
    "init_as_of": _day_of_audit,
    "person_amount": _persons,
    "second_formats": _formats,
}
