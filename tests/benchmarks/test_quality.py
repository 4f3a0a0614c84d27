"""Data sets are recognised by their shape, and figures are held against what there is to beat."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks.calibration import curve
from benchmarks.datasets import DataSet, fits, sources_for
from benchmarks.figures import Figure, Number, Rule, pairs
from benchmarks.quality import measure
from benchmarks.scorers import cards, labelled
from tools.ledger.sources import Sources


@pytest.mark.parametrize(
    ("ours", "rule", "beat", "verdict"),
    [
        (0.99, "at least", 0.98, "met"),
        (0.97, "at least", 0.98, "missed"),
        (3, "at most", 2, "missed"),
        (0, "exactly", 0, "met"),
        (None, "at least", 0.5, "missed"),
        (5, "shown", None, ""),
    ],
)
def test_a_figure_has_a_verdict(ours: Number | None, rule: Rule, beat: Number | None, verdict: str) -> None:
    """A figure is met or missed by its rule; what could not be measured is missed; what is shown has none."""
    assert verdict == Figure("figure", ours, rule, beat).verdict


def test_pairs_are_scored_by_f1() -> None:
    """Two of three found are right, two of four true are found: F1 is 4/7."""
    figures = pairs(
        [("a", "1"), ("b", "2"), ("x", "9")], [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")], name="p"
    )
    assert [round(2 / 3, 4), 0.5, round(4 / 7, 4)] == [figure.ours for figure in figures]


def test_confidence_that_keeps_its_word_has_no_error() -> None:
    """Nine in ten right among those said to be 0.9 is an error of nothing."""
    figures = curve([(0.9, True)] * 9 + [(0.9, False)])
    assert {figure.name: figure.ours for figure in figures} == {
        "confidence 0.90 to 0.95: right": 0.9,
        "expected calibration error": 0.0,
    }


def test_two_sides_are_recognised_by_their_files(tmp_path: Path) -> None:
    """A bank.csv, a gl.csv and a truth.csv in any folder are a data set, with nothing else to write."""
    folder = tmp_path / "anything" / "of_that_kind"
    folder.mkdir(parents=True)
    (folder / "bank.csv").write_text(
        "id,date,description,amount\nB1,2025-03-03,ACH DEBIT ALDER INC,-120.50\n"
    )
    (folder / "gl.csv").write_text(
        'id,date,description,amount,ref,entry_type\nG1,2025-03-03,"Alder Inc - parts",-120.50,AP-1,normal\n'
    )
    (folder / "truth.csv").write_text("bank_id,gl_id,type\nB1,G1,1to1\n")
    (scored,) = measure(tmp_path, only="of_that_kind")
    assert {f.name: f.ours for f in scored.figures if f.name == "pairs: F1"} == {"pairs: F1": 1.0}


def test_a_folder_may_bring_its_own_sources_file(tmp_path: Path) -> None:
    """A sources.yaml in the data set's folder is used before ours."""
    (tmp_path / "lines.csv").write_text("n,d,a\n1,2025-01-02,3.00\n")
    (tmp_path / "sources.yaml").write_text(
        "entity: {name: Own, currency: EUR}\n"
        "sources: {bank: {kind: bank, path: lines.csv, columns: {txn_id: n, posted_on: d, amount: a}}}\n"
    )
    sources = sources_for(tmp_path)
    assert sources is not None
    assert sources.entity.name == "Own"


def test_the_sample_is_always_among_the_labelled_books(tmp_path: Path) -> None:
    """With no data given, the shipped sample is still scored."""
    assert [data_set.name for data_set in labelled.find(tmp_path)] == ["samples"]


def test_ids_can_be_left_out() -> None:
    """Without ids, no card source maps or requires a txn_id, and the rest stays."""
    sources = sources_for(Path(labelled.__file__).parents[2] / "samples")
    assert sources is not None
    bare = cards.without_ids(sources)
    assert "txn_id" not in bare.sources["card"].columns
    assert "txn_id" not in (bare.sources["card"].required or [])
    assert bare.sources["bank"] == sources.sources["bank"]


def test_flags_are_counted_by_severity_and_by_confidence(tmp_path: Path) -> None:
    """How far each band can be trusted: each flag stands in one of each, right when its row is planted."""
    lines = [f"C{n},2025-03-{n + 1:02d},Acme,{10 + n}.00" for n in range(20)]
    (tmp_path / "card.csv").write_text("\n".join(["id,on,who,sum", *lines, lines[3], "C98,2025-03-05,,5.00"]))
    (tmp_path / "labels.csv").write_text(
        "file,line,txn_id,expect,kind,test,group,note\n"
        "card.csv,22,C3,found,row_repeated,repeated_id,row_repeated-1,again\n"
    )
    columns = "{txn_id: id, posted_on: on, vendor_name: who, amount: sum}"
    (tmp_path / "sources.yaml").write_text(
        "entity: {name: Own, currency: EUR, as_of: 2025-03-31}\n"
        f"sources: {{card: {{kind: card, path: card.csv, columns: {columns}}}}}\n"
    )
    figures = labelled.score(DataSet("own", (tmp_path,)), tmp_path / "work")
    by_name = {figure.name: figure for figure in figures if figure.name.startswith("flags")}
    total = sum(int(part.split()[0]) for part in str(by_name.pop("flags").ours).split(", "))
    counted = [int(figure.note.split()[2]) for name, figure in by_name.items() if "confidence" in name]
    assert (sum(counted), total > 1) == (total, True)
    right = [int(figure.note.split()[0]) for name, figure in by_name.items() if "confidence" not in name]
    assert 0 < sum(right) < total


@pytest.mark.parametrize(("mark", "form"), [(",", "%Y-%m-%d"), (".", "%d.%m.%Y"), (",", "%d.%m.%Y")])
def test_alike_headers_written_otherwise_are_proposed_for(tmp_path: Path, mark: str, form: str) -> None:
    """Our own sources file reads no amounts with decimal commas and no dotted dates, whatever the headers."""
    head = "payment_id,payment_date,customer,amount,memo\n"
    days = [date(2025, 3, 3) + timedelta(days=n) for n in range(30)]
    lines = [f'P{n},{day:{form}},Alder Inc,"{120 + n}{mark}50",wire' for n, day in enumerate(days)]
    (tmp_path / "payments.csv").write_text(head + "\n".join(lines))
    sources = Sources.model_validate(
        {
            "entity": {"name": "Books"},
            "sources": {
                "payment": {
                    "kind": "payment",
                    "path": "payments.csv",
                    "columns": {"txn_id": "payment_id", "posted_on": "payment_date", "amount": "amount"},
                }
            },
        }
    ).at(tmp_path)
    assert not fits(sources)
    payment = sources.sources["payment"].model_copy(update={"decimal_mark": mark, "date_format": form})
    assert fits(sources.model_copy(update={"sources": {"payment": payment}}).at(tmp_path))
