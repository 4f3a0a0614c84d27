"""The signed file: as it was written it verifies anywhere; every change of it is named."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from desk.papers.engagement import engagement
from tests.desk.shell import tieout
from tests.graph.small import TOKENS, settings_of
from tests.programme.desks import PASSES, Task, do_all, person, settle, standing_of, start, write
from tools.core import settings
from tools.core.errors import IdentityError, RunError
from tools.programme import completion, sampling, signing
from tools.programme.completion import Evidence
from tools.programme.working_papers import package, papers
from tools.store import Store, close_stores


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a desk and its programme that has ended: a command with evidence, a paper with two signatures."""
    folder = tmp_path_factory.mktemp("ended")
    with pytest.MonkeyPatch.context() as patch:
        store = settle(folder, patch)
        run_id = _ended_programme(store, folder)
        close_stores()
    return folder, run_id


@pytest.fixture
def store(ended: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the store of a copy of that desk."""
    shutil.copytree(ended[0], tmp_path, dirs_exist_ok=True)
    opened = settle(tmp_path, monkeypatch)
    yield opened
    opened.close()


@pytest.fixture
def run_id(ended: tuple[Path, str], store: Store) -> str:
    """Give the programme, in the copy."""
    assert standing_of(store, ended[1]).run.outcome == "completed"
    return ended[1]


def _ended_programme(store: Store, tmp_path: Path) -> str:
    tasks: list[Task] = [
        {"id": "A1", "test": PASSES},
        {"id": "T1", "hours": 1, "signed": True, "objective": "Cash exists."},
    ]
    state = start(write(tmp_path, tasks, people={"riley": {}}))
    do_all(store)
    signing.sign(store, state.run_id, "T1", person("riley"), conclusion="It does.")
    signing.sign(store, state.run_id, "T1", person("omar"))
    do_all(store)
    assert standing_of(store, state.run_id).run.outcome == "completed"
    return state.run_id


def opened_in_libreoffice(path: Path) -> str:
    """Give the text of a workbook as LibreOffice reads it; where there is none, as openpyxl does."""
    if (office := shutil.which("soffice")) is None:
        return " ".join(openpyxl.load_workbook(path).sheetnames)
    profile = f"-env:UserInstallation={(path.parent / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "fods", "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return path.with_suffix(".fods").read_text(encoding="utf-8")


@pytest.mark.usefixtures("run_id")
def test_a_file_verifies_elsewhere_and_every_change_shows(tmp_path: Path) -> None:
    """On a machine without the desk, with its public key alone; changed, added, gone, signed by another."""
    settings_here = settings_of(tmp_path) | {"TIEOUT_TOKEN": TOKENS["dana"]}
    report = tieout("programme", "report", str(tmp_path / "file.zip"), cwd=tmp_path, **settings_here)
    assert report.returncode == 0, report.stderr
    key = report.stderr.split()[-1]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    good = tieout("programme", "verify", str(tmp_path / "file.zip"), "--key", key, cwd=elsewhere)
    assert (good.returncode, good.stdout) == (0, "")
    with zipfile.ZipFile(tmp_path / "file.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for change, problem in {
        "report.json": "report.json was changed.",
        "more.txt": "more.txt was added.",
        "trail.jsonl": "trail.jsonl is gone.",
        "manifest.json": "its list of files is not as it was signed.",
    }.items():
        forged = {**files, change: files.get(change, b"") + b" "}
        if change == "trail.jsonl":
            del forged[change]
        with zipfile.ZipFile(tmp_path / "forged.zip", "w") as archive:
            for name, data in forged.items():
                archive.writestr(name, data)
        problems, _ = package.verify(tmp_path / "forged.zip", key)
        assert problems == [problem]
    assert package.verify(tmp_path / "file.zip", "00" * 32)[0] == [
        "it was signed by another key than the one that is trusted."
    ]
    book = openpyxl.load_workbook(io.BytesIO(files["papers.xlsx"]))
    assert book.sheetnames[:2] == ["Index", "Plan versions"]
    assert book.sheetnames[2] == "ISA 240"
    assert b"Cash exists." in files["report.html"]
    (tmp_path / "papers.xlsx").write_bytes(files["papers.xlsx"])
    assert "Plan versions" in opened_in_libreoffice(tmp_path / "papers.xlsx")


def test_evidence_that_was_changed_is_not_signed(store: Store, run_id: str, tmp_path: Path) -> None:
    """Nobody signs what is not what was kept."""
    paper = next((tmp_path / "desk" / "runs" / run_id / "tasks" / "evidence").iterdir())
    paper.write_bytes(b"other")
    with pytest.raises(RunError, match="was changed after it was kept"):
        package.write(
            store, settings.load(), engagement(settings.load(), store, run_id), tmp_path / "file.zip"
        )
    assert not (tmp_path / "file.zip").exists()


def test_a_change_after_the_signature_makes_it_void(store: Store, run_id: str) -> None:
    """Other evidence is another paper: both signatures are void, with the reason, and it is open again."""
    completion.keep(store, run_id, "T1", [Evidence("late.pdf", "0" * 64, 3)])
    assert papers.void_if_changed(store, run_id, "T1", "evidence was added") == ["riley", "omar"]
    paper = papers.paper(store, standing_of(store, run_id), "T1")
    assert paper["status"] == "with_person"
    assert {each["void"] for each in paper["signatures"]} == {
        "the paper changed after it was signed: evidence was added"
    }


def test_a_sample_stands_on_its_paper_and_voids_what_was_signed(store: Store, tmp_path: Path) -> None:
    """Who may prepare the task puts it there; nobody else; the preparer's signature is void, and says why."""
    tasks: list[Task] = [{"id": "T1", "hours": 1, "signed": True}]
    run_id = start(write(tmp_path, tasks, people={"riley": {}})).run_id
    signing.sign(store, run_id, "T1", person("riley"), conclusion="It does.")
    sample = {"sample": "s1", "planned_size": 93, "conclusion": "Within."}
    with pytest.raises(IdentityError, match="kim is not among the programme's people"):
        sampling.put_down(store, run_id, "T1", person("kim"), sample=sample)
    assert sampling.put_down(store, run_id, "T1", person("riley"), sample=sample) == ["riley"]
    paper = papers.paper(store, standing_of(store, run_id), "T1")
    assert (paper["sampling"]["planned_size"], paper["result"]) == (93, {})
    assert paper["signatures"][0]["void"] == "the paper changed after it was signed: sample evaluated"
