"""Each mode matches what belongs together, and says why the rest did not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.books import make_books
from tools.checks.reconciliation.reconcile import reconcile
from tools.ledger.sources import Entity, Pair, Source, Sources
from tools.rules.model import Rules

Rows = Sequence[dict[str, Any]]
SOURCE = Source(kind="card", path="none.csv")


def pair(mode: str = "one_to_one", **more: object) -> Pair:
    """Declare left against right."""
    return Pair.model_validate({"name": "pair", "left": "left", "right": "right", "mode": mode, **more})


def run(
    folder: Path, declared: Pair, rows: Rows, rejected: Rows = ()
) -> tuple[set[tuple[str, str]], dict[str, str]]:
    """Reconcile rows dated in January 2025; give the pairs, and the breaks with their reasons."""
    txn = [
        {"row_key": row["id"], "txn_id": row["id"], "posted_on": f"2025-01-{row['day']:02}", **row}
        for row in rows
    ]
    with make_books(folder, txn=txn, as_of="2025-01-31", rejected=rejected) as books:
        sources = Sources(
            entity=Entity(name="Test"), sources={"left": SOURCE, "right": SOURCE}, pairs=[declared]
        )
        reconcile(books, sources, Rules())
        matches = books.rows("SELECT left_key, right_key FROM match")
        broken = books.rows('SELECT row_key, reason FROM "break"')
    return {(m["left_key"], m["right_key"]) for m in matches}, {b["row_key"]: b["reason"] for b in broken}


def left(name: str, day: int, amount: int, **more: object) -> dict[str, Any]:
    """Make a row of the left source."""
    return {"source": "left", "id": name, "day": day, "amount_minor": amount, **more}


def right(name: str, day: int, amount: int, **more: object) -> dict[str, Any]:
    """Make a row of the right source."""
    return {"source": "right", "id": name, "day": day, "amount_minor": amount, **more}


def test_the_same_day_comes_before_a_nearer_name(tmp_path: Path) -> None:
    """An equal amount on the same day is matched; one of two days later takes what is left."""
    rows = [left("a", 6, 100), left("b", 8, 100), right("x", 6, 100), right("y", 9, 100), right("z", 20, 555)]
    pairs, broken = run(tmp_path, pair(), rows)
    assert (pairs, broken) == ({("a", "x"), ("b", "y")}, {"z": "missing"})


def test_a_statement_settles_the_charges_before_it(tmp_path: Path) -> None:
    """The payment that equals its period ties; charges after the last payment are one timing item."""
    rows = [left("a", 2, 100), left("b", 9, 250), left("c", 20, 70), right("pay", 10, 350)]
    pairs, broken = run(tmp_path, pair("statement"), rows)
    assert (pairs, broken) == ({("a", "pay"), ("b", "pay")}, {"c": "timing"})


def test_a_statement_that_does_not_tie_is_one_break(tmp_path: Path) -> None:
    """The difference is the statement's: no charge under it is broken."""
    rows = [left("a", 2, 100), left("b", 9, 250), left("b2", 9, 250), right("pay", 10, 350)]
    pairs, broken = run(tmp_path, pair("statement"), rows)
    assert ({name for name, _ in pairs}, broken) == ({"a", "b", "b2"}, {"pay": "statement_difference"})


def test_only_listed_categories_need_a_document(tmp_path: Path) -> None:
    """A charge without receipt breaks where its category asks for one, and is quiet elsewhere."""
    rows = [
        left("taxi", 2, 100, category="Travel"),
        left("hotel", 3, 900, category="Travel"),
        left("paper", 4, 30, category="Office"),
        right("receipt", 5, 900, linked_id="hotel"),
    ]
    declared = pair("documents", required_for={"category": ["Travel"]})
    pairs, broken = run(tmp_path, declared, rows)
    assert (pairs, broken) == ({("hotel", "receipt")}, {"taxi": "missing_receipt"})


def test_a_document_of_a_row_without_amount_is_not_blamed(tmp_path: Path) -> None:
    """The receipt names its charge, whose amount or date is missing: that is the charge's error, not two."""
    rows = [
        left("taxi", 2, 100, category="Travel"),
        {**left("hotel", 3, 0, category="Travel"), "amount_minor": None},
        {**left("train", 3, 80, category="Travel"), "posted_on": None},
        right("r1", 2, 100, linked_id="taxi"),
        right("r2", 3, 900, linked_id="hotel"),
        right("r3", 3, 80, linked_id="train"),
        right("r4", 9, 70, linked_id="bus"),
    ]
    declared = pair("documents", required_for={"category": ["Travel"]})
    pairs, broken = run(tmp_path, declared, rows)
    assert pairs == {("taxi", "r1"), ("hotel", "r2"), ("train", "r3")}
    assert set(broken) == {"r4"}


def test_a_row_whose_other_side_could_not_be_read_is_not_blamed(tmp_path: Path) -> None:
    """A rejected line holds the number: the receipt's charge is there, and so is the charge's receipt."""
    rows = [
        left("taxi", 2, 100, category="Travel"),
        left("train", 3, 80, category="Travel"),
        right("r1", 5, 900, linked_id="hotel"),
        right("r2", 5, 700, linked_id="bus"),
    ]
    rejected = [
        {"source": "left", "file": "card.csv", "line": 7, "reason": "no date", "raw": "hotel,2025-13-45,900"},
        {
            "source": "right",
            "file": "r.csv",
            "line": 4,
            "reason": "no date",
            "raw": "r9,2025-13-45,1.00,taxi",
        },
    ]
    declared = pair("documents", required_for={"category": ["Travel"]})
    _, broken = run(tmp_path, declared, rows, rejected)
    assert broken == {"taxi": "not_read", "train": "missing_receipt", "r1": "not_read", "r2": "missing"}


def test_a_row_that_is_audited_already_can_still_be_the_partner(tmp_path: Path) -> None:
    """A row that is read again finds its partner in the history, which itself is no break any more."""
    rows = [
        left("a", 20, 100),
        right("x", 19, 100, scope="history"),
        right("y", 3, 555, scope="history"),
        left("b", 20, 70),
    ]
    pairs, broken = run(tmp_path, pair(), rows)
    assert (pairs, broken) == ({("a", "x")}, {"b": "missing"})


def test_where_nothing_is_declared_to_agree_nothing_is_said_to(tmp_path: Path) -> None:
    """Without pairs, each test says that it could not run, and why; with one, those of its mode run."""
    rows = [left("a", 6, 100), right("x", 6, 100)]
    txn = [{**row, "row_key": row["id"], "posted_on": f"2025-01-{row['day']:02}"} for row in rows]
    reasons = {}
    for name, pairs in {"none": [], "rows": [pair()], "statement": [pair("statement")]}.items():
        (tmp_path / name).mkdir()
        with make_books(tmp_path / name, txn=txn) as books:
            sources = Sources(
                entity=Entity(name="Test"), sources={"left": SOURCE, "right": SOURCE}, pairs=pairs
            )
            results = reconcile(books, sources, Rules()).tests
        reasons[name] = {test.test: test.reason for test in results}
    no_pair = "no two sources are declared to agree"
    assert reasons["none"]["unmatched_row"] == reasons["statement"]["unmatched_row"] == no_pair
    assert reasons["none"]["duplicate_posting"] == f"{no_pair}, and there is no ledger"
    assert reasons["rows"]["unmatched_row"] == reasons["rows"]["duplicate_posting"] == ""
    assert reasons["rows"]["missing_receipt"] == "no source is declared to document another"
    assert reasons["none"]["statement_difference"] == "no source is declared to be paid by statement"
    assert reasons["statement"]["statement_difference"] == ""


def test_a_population_is_told_in_the_sources_own_names(tmp_path: Path) -> None:
    """What a break was held against is so many rows of one source, and the name of the other."""
    rows = [left("a", 6, 100), left("b", 7, 333), right("x", 6, 100)]
    txn = [{**row, "row_key": row["id"], "posted_on": f"2025-01-{row['day']:02}"} for row in rows]
    with make_books(tmp_path, txn=txn, as_of="2025-12-31") as books:
        sources = Sources(
            entity=Entity(name="Test"), sources={"left": SOURCE, "right": SOURCE}, pairs=[pair()]
        )
        reconcile(books, sources, Rules())
        findings = books.rows("SELECT DISTINCT row_key, population FROM finding")
    assert findings == [{"row_key": "b", "population": "2 rows of left, compared with right"}]


def test_a_rent_of_the_next_week_is_no_copy(tmp_path: Path) -> None:
    """Of a regular series, a row without its other side is missing there; one out of step is a copy."""
    vendor = {"vendor_key": "RENT", "vendor_name": "Rent"}
    rows = [left(f"l{day}", day, 100, **vendor) for day in (1, 8, 15, 22, 23)]
    rows += [right(f"r{day}", day, 100, **vendor) for day in (1, 8, 22)]
    pairs, broken = run(tmp_path, pair(window_days=1), rows)
    assert (len(pairs), broken) == (3, {"l15": "missing", "l23": "duplicate"})


def test_what_a_bank_prints_on_its_lines_is_no_firms_legal_form(tmp_path: Path) -> None:
    """Rents of one amount are told apart by day though a bank prints "CO" on its lines."""
    rows = []
    for at, (day, amount, name) in enumerate(
        [(day, 820_000, "Oak Plaza LP") for day in (1, 10, 20)]
        + [
            (2 + at, 11_300 + 1_711 * at, f"{name} Inc")
            for at, name in enumerate(("Birch", "Cedar", "Elm", "Fir", "Gum"))
        ]
    ):
        text = f"ORIG CO NAME:{name.upper()[:9]} CO ENTRY DESCR:PAYMENTS SEC:CCD"
        rows += [left(f"l{at}", day, amount, vendor_name=name, vendor_key=name.upper())]
        rows += [right(f"r{at}", day + 1, amount, description=text)]
    pairs, broken = run(tmp_path, pair(), rows)
    assert (pairs, broken) == ({(f"l{at}", f"r{at}") for at in range(8)}, {})


def test_what_comes_in_is_in_no_list_of_payments(tmp_path: Path) -> None:
    """Of a bank held against payments alone, lines of money coming in are counted; none is missing."""
    rows = [left("p1", 6, 500), left("p2", 7, 700), right("b1", 6, -500), right("b2", 8, -990)]
    rows += [right(f"in{day}", day, 1_000 + day) for day in (3, 9)]
    txn = [{**row, "row_key": row["id"], "posted_on": f"2025-01-{row['day']:02}"} for row in rows]
    kinds = {"left": "payment", "right": "bank"}
    with make_books(tmp_path, txn=txn, as_of="2025-12-31") as books:
        sources = Sources(
            entity=Entity(name="Test"),
            sources={name: Source(kind=kind, path="none.csv") for name, kind in kinds.items()},
            pairs=[pair(sign="opposite")],
        )
        reconciled = reconcile(books, sources, Rules())
        broken = books.rows("SELECT row_key FROM \"break\" WHERE side = 'right'")
    assert ([row["row_key"] for row in broken], [row["rows"] for row in reconciled.uncovered]) == (
        ["b2"],
        [2],
    )
