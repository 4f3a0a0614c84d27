"""What the desk holds is listed for readers and for programs, and hostile text does nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from desk.cli.columns import LISTINGS
from desk.views.safe_text import visible
from tests.desk.conftest import Invoke
from tests.desk.seeded import RUN
from tools.store import Store
from tools.store.verify_trail import main as verify_trail

ROWS = {
    "runs": ["runs"],
    "findings": ["findings"],
    "matches": ["matches", RUN],
    "breaks": ["breaks", "last"],
    "flags": ["flags", "last"],
    "tests": ["show", "--tests"],
    "approvals": ["approvals"],
    "trail": ["trail", RUN[:9]],
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_have_their_documented_columns(invoke: Invoke, name: str) -> None:
    """--json and --csv have the listing's columns, in order, and the same number of rows."""
    columns = [column.name for listing in LISTINGS if listing.name == name for column in listing.columns]
    code, text, errors = invoke(*ROWS[name], "--json")
    rows = json.loads(text)
    assert (code, errors, len(rows) > 0) == (0, "", True)
    assert [list(row) for row in rows] == [columns] * len(rows)
    read = list(csv.reader(io.StringIO(invoke(*ROWS[name], "--csv")[1])))
    assert (read[0], len(read)) == (columns, len(rows) + 1)


@pytest.mark.parametrize("name", ROWS)
def test_tables_fit_and_obey_nothing(invoke: Invoke, name: str) -> None:
    """A table stays within 80 columns, and shows an escape sequence instead of obeying it."""
    code, text, _ = invoke(*ROWS[name])
    lines = text.splitlines()
    assert (code, [line for line in lines if len(line) > 80 or line != visible(line)]) == (0, [])


def test_hostile_vendors_are_data(invoke: Invoke) -> None:
    """JSON gives a vendor exactly; CSV quotes what would be a formula."""
    assert json.loads(invoke("flags", "--json")[1])[0]["vendor"] == "=Pine [red]\x1b[31m"
    assert "'=Pine [red]\\x1b[31m" in invoke("flags", "--csv")[1]
    assert "=Pine [red]" in invoke("flags")[1]


def test_the_page_says_where_a_run_stands(invoke: Invoke) -> None:
    """Sources, checks, suspects, flags by severity, and what is asked with the commands that come next."""
    code, text, hints = invoke("show")
    assert code == 0
    for words in (
        "Pine & Co",
        "Data quality",
        "Suspects: 3 rows in 2 cases",
        "12,400.50",
        "Case c1",
        "0 of 2",
    ):
        assert words in text
    assert f"tieout approve {RUN}" in hints


def test_the_page_as_json(invoke: Invoke) -> None:
    """The same page, with money as decimal text."""
    page = json.loads(invoke("show", "--json")[1])
    assert list(page) == [
        "run",
        "sources",
        "versions",
        "rejected",
        "checks",
        "suspects",
        "cases",
        "flags",
        "came_of",
        "next",
        "model",
        "asks",
    ]
    assert page["sources"][0] == {
        "source": "books",
        "currency": "USD",
        "files": 1,
        "rows": 2,
        "rejected": 1,
        "left_out": 0,
        "left_out_why": "",
        "sum": "0.05",
    }
    assert [(row["check"], row["ran"], row["not_applicable"]) for row in page["checks"]] == [
        ("quality", 1, 1),
        ("reconciliation", 0, 0),
        ("anomaly", 1, 0),
    ]
    assert [(row["severity"], row["exposure"]) for row in page["flags"]] == [
        ("CRITICAL", [{"currency": "USD", "amount": "12400.50"}]),
        ("WARNING", [{"currency": "USD", "amount": "12400.50"}]),
    ]
    assert [row["subject"] for row in page["asks"]["subjects"]] == ["c1", "c2"]


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        (["flags", "--status", "proposed"], 2),
        (["flags", "--severity", "critical"], 1),
        (["flags", "--case", "c2"], 1),
        (["flags", "--vendor", "pine"], 2),
        (["flags", "--status", "approved"], 0),
        (["findings", "--over", "50"], 1),
        (["findings", "--check", "anomaly", "--test", "round"], 1),
        (["matches", "--under", "0.5"], 0),
        (["breaks", "--pair", "card_to_bank", "--reason", "missing"], 1),
        (["runs", "--status", "closed"], 0),
        (["flags", "--limit", "1"], 1),
    ],
)
def test_rows_can_be_chosen(invoke: Invoke, arguments: list[str], rows: int) -> None:
    """Each filter narrows the listing."""
    assert len(json.loads(invoke(*arguments, "--json")[1])) == rows


def test_a_test_that_there_is_none_of_is_refused(invoke: Invoke) -> None:
    """A mistyped name is wrong use, and the error names what there is: it is not "nothing found"."""
    code, text, errors = invoke("findings", "--test", "rounds")
    assert (code, text) == (2, "")
    assert "'rounds' is no test of this run" in errors
    assert "Did you mean 'round'?" in errors


def test_a_case_is_explained_by_all_its_flags(invoke: Invoke) -> None:
    """What a case's name gives is its title and each of its flags; with --json, each as it is by itself."""
    case = json.loads(invoke("cases", "--json")[1])[0]
    code, text, errors = invoke("explain", case["case_id"])
    explained = json.loads(invoke("explain", case["case_id"], "--json")[1])
    members = {flag["flag_id"] for flag in explained["flags"]}
    listed = json.loads(invoke("flags", "--case", case["case_id"], "--json")[1])
    assert (code, errors) == (0, "")
    assert members == {flag["flag_id"] for flag in listed}
    assert members <= set(text.split())
    assert " ".join(case["title"].split()) in " ".join(text.split())


def test_a_flag_is_explained(invoke: Invoke) -> None:
    """The explanation names tests, steps, documents found and not found, history, file and line."""
    flag = json.loads(invoke("flags", "--json")[1])[0]["flag_id"]
    code, text, _ = invoke("explain", flag[:6])
    explanation = json.loads(invoke("explain", flag, "--json")[1])
    assert code == 0
    for words in ("Paid twice.", "duplicate_payment", "+40", "m1", "not found: receipt", "card.csv:2"):
        assert words in text
    assert [event["what"] for event in explanation["history"]] == ["proposed"]
    assert max(len(line) for line in text.splitlines() if not line.startswith("source")) <= 80


@pytest.mark.parametrize("name", ["card:a", "A1"])
def test_a_posting_is_followed(invoke: Invoke, name: str) -> None:
    """From file and line over tests, matches and flags, by the row key or what the source calls it."""
    code, text, errors = invoke("lineage", name)
    lineage = json.loads(invoke("lineage", name, "--json")[1])
    assert (code, errors) == (0, "")
    for words in ("card.csv, line", "12,400.50 USD", "round", "B1", "CRITICAL", "proposed"):
        assert words in text
    assert [line for line in text.splitlines() if line != visible(line)] == []
    assert (lineage["row_key"], lineage["row"]["amount"]) == ("card:a", "12400.50")


def test_verify_finds_what_was_changed(invoke: Invoke, store: Store) -> None:
    """An untouched trail is whole; one whose entry was changed ends with 1 and says which."""
    assert invoke("verify")[0] == 0
    _tamper(store)
    code, text, _ = invoke("verify", RUN, "--json")
    assert code == 1
    assert (RUN, 1) in {(row["run_id"], row["seq"]) for row in json.loads(text)}


def test_an_exported_trail_verifies_by_itself(invoke: Invoke, tmp_path: Path) -> None:
    """The export is what the verifier without dependencies takes."""
    path = tmp_path / "trail.jsonl"
    path.write_text(invoke("trail", "--export")[1])
    assert verify_trail([str(path)]) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "nope"], 1, "there is no run that begins with 'nope'. 'tieout runs' lists them."),
        (["lineage", "nope"], 1, "there is no flag and no transaction 'nope'."),
        (["explain", "nope"], 1, "there is no flag 'nope'. 'tieout flags' lists them."),
        (["explain", "C-nope"], 1, "there is no case that begins with 'C-nope'. 'tieout cases' lists them."),
        (["show", "--csv"], 2, "a run's page is no list of rows. Give --tests with --csv, or --json."),
        (
            ["trail", "x'; DROP TABLE trail; --"],
            1,
            "there is no run that begins with 'x'; DROP TABLE trail; --'.",
        ),
    ],
)
def test_what_is_not_there_is_said(invoke: Invoke, arguments: list[str], code: int, words: str) -> None:
    """An unknown run or flag is one line with the remedy."""
    exit_code, _, errors = invoke(*arguments)
    assert (exit_code, errors.count("\n")) == (code, 1)
    assert words in errors


def test_abandoning_gives_the_books_back(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started a run, or an approver, may end it; anybody else may not."""
    monkeypatch.setenv("TIEOUT_TOKEN", "riley-token")
    refused = invoke_without_token(invoke, monkeypatch)
    assert (refused[0], "did not start run" in refused[2]) == (1, True)
    monkeypatch.setenv("TIEOUT_TOKEN", "dana-token")
    assert invoke("abandon", RUN, "--note", "wrong file")[0] == 0
    again = invoke("abandon", RUN)
    assert (again[0], f"run {RUN} is abandoned already" in again[2]) == (1, True)
    assert json.loads(invoke("runs", "--json")[1])[0]["status"] == "abandoned"


def invoke_without_token(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Abandon as nobody in particular."""
    monkeypatch.delenv("TIEOUT_TOKEN")
    return invoke("abandon", RUN)


def _tamper(store: Store) -> None:
    with store.engine.begin() as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE trail SET action = 'closed' WHERE seq = 1")
