"""The front desk as people meet it: over the graph, with what is asked, started and refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from desk import front_desk
from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection
from desk.front_desk import ask, pick, run_sql
from desk.overdue import settle_overdue
from graph import catalogue, question
from graph.runtime import session
from tests.clocks import TurnedClock
from tests.front_desk.conftest import ask_desk
from tests.graph.small import TOKENS
from tests.processes import run_process
from tests.variations import first_of
from tools.core import clock, settings
from tools.core.errors import IdentityError, RunError, UsageError
from tools.front_desk import agents, checkpoints, free_sql, leftovers, snapshot
from tools.runs import tasks
from tools.store import Store, desk_requests, runs, trail


def approve(run_id: str, user: str, note: str = "") -> None:
    """Approve what a request asks, as a person does on the command line."""
    carry_out.carry_out(
        carry_out.prepare(settings.load(), run_id, "approve", SubjectSelection(), TOKENS[user], note=note)
    )


def test_a_figure_is_answered_and_on_record(store: Store) -> None:
    """The run is closed, the use is recorded, the trail holds."""
    standing = ask_desk("spend by vendor in March 2025")
    assert standing.kind == "figure"
    assert standing.result["answer"]["values"][0]["part"] == "Cedar Print"
    assert runs.get(store, standing.run_id).outcome == "figure"
    assert desk_requests.get(store, standing.run_id).understanding["figure"] == "spend"
    assert trail.verify(store) == []


def test_a_plain_question_is_recorded_as_the_graph_records_it(store: Store) -> None:
    """The same steps, answer and end as on a thread; and it can be looked at again."""
    plain = ask_desk("spend in March 2025")
    threaded = ask("spend in March 2025", token=TOKENS["riley"], thread_id="front-desk-1")
    steps, threaded_steps = (
        [(entry["actor"], entry["action"]) for entry in trail.entries(store, answer.run_id)]
        for answer in (plain, threaded)
    )
    assert steps == threaded_steps
    assert plain.result == threaded.result
    for answer in (plain, threaded):
        shown = front_desk.result_of(desk_requests.get(store, answer.run_id))
        assert (shown.run_id, shown.echo, shown.result) == (answer.run_id, plain.echo, plain.result)


def test_a_plain_question_needs_no_langgraph(store: Store) -> None:
    """Its import alone takes longer than an answer."""
    assert store.dialect == "sqlite"
    script = (
        "import sys; from desk.front_desk import ask; ask('spend in March 2025', token=sys.argv[1]);"
        "sys.exit(any(name.partition('.')[0] in ('langgraph', 'langchain_core') for name in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", script, TOKENS["riley"]], check=False)
    assert ended.returncode == 0


def test_a_choice_is_offered_and_taken(store: Store) -> None:
    """By its number; another number is asked again."""
    standing = ask_desk("card charges in March")
    assert (standing.kind, len(standing.choices)) == ("choose", 2)
    with pytest.raises(UsageError, match="there is no choice 9"):
        pick(standing.thread_id, 9, token=TOKENS["riley"])
    picked = pick(standing.thread_id, 2, token=TOKENS["riley"])
    assert (picked.kind, picked.result["answer"]["figure"]) == ("figure", "charge_count")
    assert runs.get(store, standing.run_id).status == "closed"


def test_a_follow_up_leans_on_the_same_persons_question(store: Store) -> None:
    """Not on somebody else's."""
    assert store.dialect == "sqlite"
    ask_desk("spend with Alder Supply in March 2025")
    assert ask_desk("and by person?").result["answer"]["parameters"]["by"] == "person"
    assert ask_desk("and by person?", "kim").kind == "out_of_scope"


def test_nothing_starts_before_somebody_confirms_it(store: Store) -> None:
    """The task is put down after the word, once, in the name of whoever asked."""
    standing = ask_desk("start an audit")
    assert standing.request_id
    assert tasks.list_tasks(store) == []
    with pytest.raises(IdentityError, match="vera has no role that may decide"):
        approve(standing.run_id, "vera")
    approve(standing.run_id, "riley")
    (task,) = tasks.list_tasks(store)
    assert (task.kind, task.requested_by, task.parameters["graph"]) == ("start_graph", "riley", "audit")
    assert runs.get(store, standing.run_id).outcome == "started"
    assert desk_requests.get(store, standing.run_id).hand_offs[0]["task_id"] == task.task_id
    with pytest.raises(RunError, match="nothing is left to decide"):
        approve(standing.run_id, "dana")
    assert trail.verify(store) == []


def test_a_change_of_the_rules_is_drafted_and_tested_by_a_worker(store: Store) -> None:
    """Words change no rule: after somebody's word a worker takes the draft through its gates."""
    standing = ask_desk("set sigma of amount_outside_sigma to 4")
    assert "test amount_outside_sigma, sigma 4" in standing.question
    approve(standing.run_id, "riley")
    (task,) = tasks.list_tasks(store)
    assert task.parameters["graph"] == "change"
    assert task.parameters["input"]["wanted"]["parameter:sigma"] == "4"
    assert "4" not in settings.load().rules.read_text()


def test_a_change_that_cannot_be_is_said_so(store: Store) -> None:
    """Without a last day there is no suppression."""
    standing = ask_desk("suppress duplicate_posting for Cedar Print up to 500")
    assert (standing.kind, "is no day" in standing.result["why"]) == ("refused", True)
    assert tasks.list_tasks(store) == []


def test_an_auditor_asks_in_sql_and_nobody_else(store: Store) -> None:
    """Rows of the newest books, on the trail; a viewer is refused, and so is what runs too long."""
    rows = run_sql("SELECT count(*) AS n FROM txn", token=TOKENS["riley"]).rows
    assert rows[0]["n"] > 60
    assert trail.verify(store) == []
    with pytest.raises(IdentityError, match="may not run SQL"):
        run_sql("SELECT 1", token=TOKENS["vera"])
    with pytest.raises(UsageError, match="is not run"):
        run_sql("SELECT * FROM read_text('/etc/passwd')", token=TOKENS["riley"])
    with pytest.raises(UsageError, match="gave nothing"):
        run_sql("SELECT no_such_column FROM txn", token=TOKENS["riley"])
    entries = trail.entries(store, trail.DESK)
    noted = [(entry["action"], entry["actor"]) for entry in entries if entry["action"].startswith("sql")]
    assert noted == [("sql run", "riley"), ("sql refused", "riley"), ("sql refused", "riley")]
    assert "read_text" in entries[-2]["details"]["statement"]
    assert trail.verify(store) == []


@pytest.mark.parametrize(
    "division", ["1 / 0", "0 / 0", "-1.0 / 0", "sum(1) / (count(*) - count(*))", "exp(10000)"]
)
def test_what_is_no_finite_number_is_said_so(store: Store, division: str) -> None:
    """A division by zero is no value: its column is named, and the remedy; never inf, which is no JSON."""
    assert store.dialect == "sqlite"
    with pytest.raises(UsageError, match="column share holds no finite number"):
        run_sql(f"SELECT {division} AS share", token=TOKENS["riley"])


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT length(lpad('x', 2000000000, 'y')) AS n",
        pytest.param(
            "SELECT count(*) AS n FROM txn a, txn b, txn c, txn d, txn e, txn f, txn g",
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(
            "SELECT group_concat(a.row_key || b.row_key || c.row_key) FROM txn a, txn b, txn c, txn d",
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(
            "SELECT count(DISTINCT a.row_key || b.row_key || d.row_key) FROM txn a, txn b, txn c, txn d",
            marks=pytest.mark.exhaustive,
        ),
        "SELECT max(levenshtein(lpad('a', 200000, 'b'), lpad('c', 200000, 'd'))) FROM txn a, txn b",
        (
            "SELECT max(length(regexp_replace(lpad(a.row_key || b.row_key, 90000, 'a'), '(a+)+(a+)+$', 'b')))"
            " FROM txn a, txn b"
        ),
        pytest.param(
            "SELECT row_number() OVER (ORDER BY a.row_key || d.row_key) FROM txn a, txn b, txn c, txn d",
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_what_runs_away_is_ended(store: Store, monkeypatch: pytest.MonkeyPatch, attack: str) -> None:
    """Also in a call of the engine that hears no interruption; the desk goes on."""
    assert store.dialect == "sqlite"
    monkeypatch.setattr(free_sql, "SECONDS", 0.5)
    with pytest.raises(UsageError, match=r"longer than 0\.5 s|more memory|Out of Memory"):
        run_sql(attack, token=TOKENS["riley"])


def test_the_engine_behind_sql_reaches_no_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the text's list to let something through, the engine would not."""
    opened = snapshot.at_folder(*snapshot.newest_folder(store, settings.load()), settings.load())
    free_sql.lock(opened.books, {"txn"})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text("secret")
    for attack in (
        "SELECT * FROM read_text('x.txt')",
        "COPY txn TO 'y.csv'",
        "ATTACH 'z.db'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            opened.books.connection.execute(attack)
    opened.books.close()
    assert not (tmp_path / "y.csv").exists()


def test_a_rejected_start_starts_nothing(store: Store) -> None:
    """No is no."""
    standing = ask_desk("start an audit")
    carry_out.carry_out(
        carry_out.prepare(settings.load(), standing.run_id, "reject", SubjectSelection(), TOKENS["dana"])
    )
    assert tasks.list_tasks(store) == []
    assert runs.get(store, standing.run_id).outcome == "turned down"


def test_time_out_is_no(store: Store) -> None:
    """A checkpoint that nobody answers in time ends; an answer after that does nothing."""
    standing = ask_desk("start an audit")
    with clock.using(TurnedClock(clock.clock().now() + timedelta(hours=25))):
        settle_overdue(store)
        assert runs.get(store, standing.run_id).outcome == checkpoints.TIMED_OUT
        with pytest.raises(RunError):
            approve(standing.run_id, "dana")
    assert tasks.list_tasks(store) == []
    (row,) = checkpoints.history(store, 1)
    assert (row["type"], row["outcome"]) == ("CRITICAL", checkpoints.TIMED_OUT)
    assert {entry["name"]: entry["timed_out"] for entry in checkpoints.statistics(store)}[
        "CRITICAL MEDIUM"
    ] == 1


@pytest.mark.parametrize(
    "text", ["approve all flags", "approve this", "reject everything", "genehmige alle Befunde"]
)
def test_a_decision_is_handed_over(store: Store, text: str) -> None:
    """Nothing is decided from a sentence, whoever says it."""
    standing = ask_desk(text, "dana")
    assert standing.kind == "refused"
    assert "tieout approvals" in standing.result["why"]
    assert tasks.list_tasks(store) == []


def test_another_file_is_never_audited_from_words(store: Store) -> None:
    """Books that no audit has read are started by hand."""
    standing = ask_desk("audit /etc/passwd.yaml")
    assert standing.kind == "refused"
    assert "by hand" in standing.result["why"]
    assert tasks.list_tasks(store) == []


def _die_answering(folder: Path) -> None:
    os.chdir(folder)

    def answer(_state: object) -> dict[str, object]:
        os.kill(os.getpid(), signal.SIGKILL)
        return {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(question, "answer", answer)
        ask("card spend in March 2025", token=TOKENS["riley"])


def test_a_killed_question_is_ended(store: Store, tmp_path: Path) -> None:
    """Its run does not stay open for ever; within a day it does, and what people are asked stays."""
    died = run_process(_die_answering, tmp_path, cwd=tmp_path, environment=dict(os.environ))
    assert died.returncode == -signal.SIGKILL, died.stderr
    (killed,) = runs.list_runs(store, kind="front_desk", status="open")
    asked, offered = ask_desk("start an audit"), ask_desk("balance")
    settle_overdue(store)
    assert runs.get(store, killed.run_id).status == "open"
    moment = clock.clock().now() + leftovers.KEPT + timedelta(seconds=5)
    assert leftovers.end_leftovers(store, moment) == [offered.run_id, killed.run_id]
    assert leftovers.end_leftovers(store, moment) == []
    assert runs.get(store, asked.run_id).status == "waiting"
    assert runs.get(store, killed.run_id).outcome == leftovers.ENDED
    with pytest.raises(UsageError, match="nobody chose in time"):
        pick(offered.thread_id, 1, token=TOKENS["riley"])
    assert trail.verify(store) == []


def test_every_agent_is_a_graph_of_the_catalogue() -> None:
    """The registry and the catalogue name the same graphs."""
    assert {agent.name for agent in agents.AGENTS} <= {entry.name for entry in catalogue.GRAPHS}


def _die_at(node: str, folder: Path) -> None:
    os.chdir(folder)

    def watch(mode: str, chunk: object) -> None:
        if mode == "updates" and isinstance(chunk, dict) and node in chunk:
            os.kill(os.getpid(), signal.SIGKILL)

    session.start(
        {"text": "start an audit"}, graph="front_desk", thread_id="killed", token=TOKENS["riley"], watch=watch
    )


@pytest.mark.parametrize("node", first_of(["ask_checkpoint", "understand"]))
def test_a_killed_request_goes_on(store: Store, tmp_path: Path, node: str) -> None:
    """Killed after a node it goes on behind it: one run, one checkpoint."""
    died = run_process(_die_at, node, tmp_path, cwd=tmp_path, environment=dict(os.environ))
    assert died.returncode == -signal.SIGKILL, died.stderr
    standing = session.resume("killed", token=TOKENS["riley"])
    assert standing.asked is not None
    approve(standing.run_id, "riley")
    assert len(tasks.list_tasks(store)) == 1
