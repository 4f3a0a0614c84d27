"""The command line answers at once, says errors in one line, and ends with documented codes."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli import main
from desk.cli.app import PANELS, app
from desk.cli.columns import LISTINGS, MATCHES
from desk.cli.failures import guarded
from desk.cli.reference import LISTED, PATH, reference
from tests.desk.shell import environment_with, tieout
from tests.graph.small import write_books
from tests.processes import ROOT
from tools.core.errors import SettingsError, SourcesError

HEAVY = "alembic duckdb fsspec langchain_core langgraph numpy openai pandas pyarrow scipy sqlalchemy sqlglot"
COMMANDS = [name for _, names in PANELS for name in names]


def test_help_imports_nothing_heavy() -> None:
    """Help answers in under half a second because it imports only what prints it."""
    script = "import sys; from desk.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    completed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment_with(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in completed.stderr.split()}
    assert loaded & {*HEAVY.split(), "pydantic", "structlog"} == set()


def test_what_only_reads_the_store_imports_nothing_heavy(tmp_path: Path) -> None:
    """Listings answer soon: what reads books, runs graphs or knows the rules is not imported."""
    script = "import sys; from desk.cli import main; {}; print(*sys.modules, file=sys.stderr)"
    commands = [f"main([{name!r}])" for name in ("flags", "runs", "status")]
    completed = subprocess.run(
        [sys.executable, "-c", script.format("; ".join(commands))],
        cwd=tmp_path,
        env=environment_with(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = completed.stderr.split()
    assert {name.partition(".")[0] for name in loaded} & {*HEAVY.split()} - {"sqlalchemy"} == set()
    assert "tools.rules.model" not in loaded


def test_arrow_does_not_import_pandas_for_us() -> None:
    """Reading books loads no pandas, which the machine may have; who wants a DataFrame of Arrow gets it."""
    script = (
        "import sys; import tools.books.engine; import pyarrow; table = pyarrow.table({'a': ['1']});"
        "print('pandas' in sys.modules, table.to_pandas().shape)"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment_with(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert completed.stdout == "False (1, 1)\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_an_example(command: str) -> None:
    """The help of a command says how it is used."""
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"tieout {command}" in result.output.split("For example:")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["settings", "--nonsense"], "No such option: --nonsense"),
        (["settings", "--json", "--csv"], "--json and --csv exclude each other."),
        (["serve", "--config", "absent.json"], "absent.json: there is no such configuration of the Server."),
        (["serve", "--port", "0"], "Invalid value for '--port'"),
    ],
)
def test_wrong_use_is_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    """A command called wrongly ends with 2 and one line that says what to do."""
    completed = tieout(*arguments, cwd=tmp_path)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert message in completed.stderr
    assert completed.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("TIEOUT_LOG_LEVEL", "loud", "TIEOUT_LOG_LEVEL: 'loud' is no level. It takes DEBUG"),
        ("TIEOUT_RETRY_ATTEMPTS", "many", "TIEOUT_RETRY_ATTEMPTS: Input should be a valid integer"),
        ("TIEOUT_MODEL_PRICE", "cheap", "TIEOUT_MODEL_PRICE is not JSON"),
        ("TIEOUT_ENGINE_MEMORY_LIMIT", "lots", "is no amount of memory; write one such as 4GB"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, variable: str, value: str, message: str) -> None:
    """A malformed setting ends with 1 and one line that names its variable."""
    completed = tieout("runs", cwd=tmp_path, **{variable: value})
    assert (completed.returncode, completed.stderr.count("\n")) == (1, 1)
    assert message in completed.stderr
    assert "unexpected" not in completed.stderr


def test_what_is_wrong_and_what_to_do_are_two_sentences() -> None:
    """A remedy never runs into what pydantic or a driver said."""
    messages = [str(SettingsError(fault, remedy="Set it.")) for fault in ("bad (got 1)", "is bad.", "bad")]
    assert messages == ["bad (got 1). Set it.", "is bad. Set it.", "bad. Set it."]


def test_a_rules_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    """A slip in TIEOUT_RULES never audits by the defaults, whose approvals may ask less."""
    write_books(tmp_path)
    completed = tieout("audit", "sources.yaml", cwd=tmp_path, TIEOUT_RULES="ruels.yaml")
    assert completed.returncode == 1
    assert completed.stderr.splitlines()[-1] == (
        "tieout: ruels.yaml: there is no such file. Name a rules file that exists."
    )


def test_settings_say_where_they_come_from_and_keep_secrets(tmp_path: Path) -> None:
    """Each setting has its value, its source and what it does; passwords and keys are masked."""
    (tmp_path / ".env").write_text("TIEOUT_MODEL=small\nTIEOUT_MODEL_API_KEY=key-in-file\n")
    completed = tieout(
        "settings", "--json", cwd=tmp_path, DATABASE_URL="postgresql+psycopg://me:hush@db/books"
    )
    rows = {row["name"]: row for row in json.loads(completed.stdout)}
    assert (completed.returncode, completed.stderr) == (0, "")
    assert rows["DATABASE_URL"]["value"] == "postgresql+psycopg://me:***@db/books"
    assert [rows[name]["source"] for name in ("DATABASE_URL", "TIEOUT_MODEL", "TIEOUT_RULES")] == [
        "environment",
        ".env",
        "default",
    ]
    assert "key-in-file" not in completed.stdout
    assert all(row["description"] for row in rows.values())


def test_an_unexpected_error_is_one_line_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of ours ends with 1; its traceback is in a file that the line names."""
    monkeypatch.chdir(tmp_path)

    def fails() -> None:
        raise ZeroDivisionError("a\nb")

    assert guarded(fails) == 1
    error_line = capsys.readouterr().err
    assert error_line.count("\n") == 1
    assert "unexpected ZeroDivisionError: a b" in error_line
    assert "ZeroDivisionError" in (tmp_path / ".tieout" / "errors.log").read_text()


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """--debug shows where an error came from."""

    def fails() -> None:
        raise SourcesError("no such column.", place="card.csv", remedy="It has: a, b.")

    assert guarded(fails, debug=True) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("tieout: card.csv: no such column. It has: a, b.\nTraceback")


def test_debug_may_stand_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """--debug is taken before and after the command."""
    assert [main(["--debug", "settings", "--help"]), main(["settings", "--help", "--debug"])] == [0, 0]
    assert capsys.readouterr().err == ""


def test_the_reference_is_current() -> None:
    """docs/command-line.md names every command, option and column as they are: 'make docs' writes it."""
    assert PATH.read_text(encoding="utf-8") == reference()


def test_every_listing_is_documented() -> None:
    """No listing is missing from the reference, and a match begins with its documented columns."""
    assert {listing.name for listing in LISTED.values()} == {listing.name for listing in LISTINGS}
    columns = [column.name for column in MATCHES.columns]
    assert columns[:5] == ["left_id", "right_id", "kind", "pass", "confidence"]


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    """Nothing asked is wrong use, and shows what could be."""
    completed = tieout(cwd=tmp_path)
    assert completed.returncode == 2
    assert "Usage: tieout" in completed.stdout


def test_a_reader_who_leaves_is_no_error(tmp_path: Path) -> None:
    """`tieout settings | head -1` says nothing of broken pipes."""
    python = shlex.quote(sys.executable)
    pipeline = f"{python} -m desk.cli settings --csv | head -c1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    completed = subprocess.run(
        ["bash", "-c", pipeline],
        cwd=tmp_path,
        env=environment_with(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (completed.stdout, completed.stderr) == ("0\n", "")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CHECKPOINT_URL", "sqlite:///text.txt"), ("WORKSPACE_URL", "text.txt/runs")],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, variable: str, value: str) -> None:
    """A checkpoint file that is none, or a folder that cannot be made, is one line with its setting."""
    (tmp_path / "text.txt").write_text("this is a letter, and no database\n" * 20)
    sources = write_books(tmp_path)
    completed = tieout("audit", str(sources), cwd=tmp_path, **{variable: value})
    assert (completed.returncode, "Traceback" in completed.stderr) == (1, False)
    assert f"setting {variable} (" in completed.stderr.splitlines()[-1]
