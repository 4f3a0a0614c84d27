"""What approve, reject, skip, modify and resume say before they touch a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.cli.running import carry_out
from graph.runtime.session import ThreadState
from tests.desk.conftest import Invoke
from tests.desk.seeded import RUN
from tools.core.errors import RunError, UnreachableError
from tools.core.retries import PausedError
from tools.core.settings import Settings
from tools.store import Store, runs


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["approve", RUN, "--case", "c1", "--severity", "info"], 2, "--case, --flag, --severity and --all"),
        (["approve", RUN], 1, "only a person who is signed in may decide. Set TIEOUT_TOKEN"),
        (
            ["approve", RUN, "--token-file", "absent"],
            1,
            "absent: the token file cannot be read (No such file",
        ),
        (["approve", RUN, "--token-file", "empty"], 1, "empty: the token file is empty."),
        (["approve", RUN, "--token-file", "stray"], 1, "this token belongs to nobody."),
        (["reject", RUN, "--token-file", "riley"], 1, "riley has no role that may decide; it takes one of"),
        (["approve", RUN, "--token-file", "dana"], 2, "a word on everything: 2 subjects with"),
        (["skip", RUN, "--token-file", "dana"], 2, f"Say so: tieout skip {RUN} --all; or name some"),
        (["reject", RUN, "--case", "c1", "--token-file", "dana"], 2, "to dismiss flags, say why"),
        (["skip", "2099", "--token-file", "dana"], 1, "there is no run that begins with '2099'."),
        (["modify", RUN, "--to", "INFO"], 2, "name the case, or the flag. Give --case CASE or --flag FLAG."),
        (
            ["approve", RUN, "--retry", "--token-file", "dana"],
            2,
            "takes approve, reject",
        ),
        (["resume"], 2, "name a run, or give --due."),
        (["resume", RUN, "--due"], 2, "name a run, or give --due."),
        (["audit", "."], 1, "sources.yaml: there is no such sources file. 'tieout init .' proposes one."),
        (
            ["audit", "absent.yaml"],
            1,
            "absent.yaml: there is no such sources file. 'tieout init .' proposes one.",
        ),
        (
            ["audit", "empty", "--as-of", "yesterday"],
            2,
            "Invalid value for '--as-of': 'yesterday' is no day; write it as 2025-12-31",
        ),
    ],
)
def test_each_refusal_is_one_clear_line(
    invoke: Invoke, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    """Wrong use ends with 2, what may not be with 1; the line says why and what to do."""
    for name in ("dana", "riley", "stray"):
        (tmp_path / name).write_text(f"{name}-token\n")
    (tmp_path / "empty").touch()
    exit_code, output, line = invoke(*arguments)
    assert (exit_code, output, line.count("\n")) == (code, "", 1)
    assert message in line


def test_nothing_due_is_said(invoke: Invoke) -> None:
    """A scheduler that finds nothing to take up is done."""
    assert invoke("resume", "--due") == (0, "", "No paused run is due.\n")


def _settings(store: Store) -> Settings:
    return Settings.model_validate({"DATABASE_URL": store.url.render_as_string(hide_password=False)})


def test_an_error_names_the_run_to_go_on_with(store: Store) -> None:
    """What the graph could only call RUN, or by its thread, has the run's name."""

    def pauses(**_: object) -> ThreadState:
        raise PausedError(UnreachableError("the bank is away.", place="bank.csv"), tries=5, next_try_at=None)

    def drains(**_: object) -> ThreadState:
        raise RunError("stopped on request.", place="thread-1", remedy="Go on: tieout resume RUN")

    with pytest.raises(PausedError, match=f"bank.csv: the bank is away.*tieout resume {RUN}"):
        carry_out(_settings(store), "thread-1", pauses, as_json=False)
    with pytest.raises(RunError, match=f"run {RUN}: stopped on request. Go on: tieout resume {RUN}"):
        carry_out(_settings(store), "thread-1", drains, as_json=False)
    assert runs.get(store, RUN).status == "waiting"
