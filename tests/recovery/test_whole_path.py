"""From confirmed flags to money that came back: both gates, a mail server, a bank file, a process killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection
from desk.views.run_overview import overview
from desk.views.store_rows import run_row
from graph.runtime import session
from tests.clocks import TurnedClock
from tests.graph.small import TOKENS
from tests.processes import run_process
from tests.recovery import debts
from tests.variations import first_of
from tools.core import clock, settings
from tools.recovery import claims, pipeline
from tools.recovery.sending import send_due
from tools.store import Store, open_store, runs, trail


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a desk over books in which money is owed, with flags that a person approved."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    path = debts.write(tmp_path)
    opened = open_store(settings.load().database_url)
    debts.confirm(opened, debts.rows(path, tmp_path / "look"))
    yield opened
    opened.close()


def approve(run_id: str, user: str) -> None:
    """Approve all that the run asks."""
    carry_out.carry_out(
        carry_out.prepare(settings.load(), run_id, "approve", SubjectSelection(), TOKENS[user])
    )


def page_of(store: Store, run_id: str) -> dict[str, Any]:
    """Give a run's page."""
    return overview(store, settings.load(), runs.get(store, run_id))


def claims_by_party(store: Store) -> dict[str, tuple[str, str, str]]:
    """Give each claim's state, amount and what came back, by party."""
    rows = claims.rows(store, claims.ClaimFilter())
    return {row["party"]: (row["status"], row["amount"], row["recovered"]) for row in rows}


def test_what_was_paid_twice_comes_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims to the cent, without what was returned; nothing is sent unasked; the money wins its claim."""
    with debts.mail_server() as (url, accepted), clock.using(TurnedClock(debts.NOON)):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        values = {"sources": str(tmp_path / "sources.yaml")}
        thread = session.start(values, graph="recovery", token=TOKENS["riley"])
        assert claims_by_party(store) == {
            "Alder Supply": ("scored", "1000.25", "0.00"),
            "Cedar Print": ("scored", "300.00", "0.00"),
        }  # Beacon Travel gave it back
        approve(thread.run_id, "dana")
        assert {row[0] for row in claims_by_party(store).values()} == {"approved"}
        assert send_due(store, settings.load()).sent == 0, "letters wait for a person, too"
        approve(thread.run_id, "dana")
        assert send_due(store, settings.load()).sent == 2
        assert sorted(to for to, _ in accepted) == ["accounts@alder.example", "accounts@cedar.example"]
        assert "1,000.25 USD" in next(text for to, text in accepted if "alder" in to)
        assert send_due(store, settings.load()).sent == 0, "none goes out twice"
        later = {"sources": str(tmp_path / "later.yaml")}
        day = session.start(later, graph="follow_up", token=TOKENS["riley"])
        assert day.values["money"] == {"postings": 1, "won": 1}
        assert claims_by_party(store) == {
            "Alder Supply": ("won", "1000.25", "1000.25"),
            "Cedar Print": ("contacted", "300.00", "0.00"),  # somebody else paid the same amount
        }
        assert pipeline.counts(store)["won"] == 1
        expected = {row["party"]: row["expected"] for row in claims.rows(store, claims.ClaimFilter())}
        assert expected["Alder Supply"] == "0.00", "of what is open now"
        listed = run_row(runs.get(store, thread.run_id))
        assert (listed["entity"], listed["sources_path"]) == (debts.ENTITY, values["sources"])
        assert "Letters: 2 queued." in page_of(store, thread.run_id)["came_of"]
        assert "Money: 1 posting applied, 1 claim won." in page_of(store, day.run_id)["came_of"]
    assert trail.verify(store) == []


def _die_at(node: str, folder: Path, graph: str = "recovery", file: str = "sources.yaml") -> None:
    def watch(mode: str, chunk: object) -> None:
        if mode == "updates" and isinstance(chunk, dict) and node in chunk:
            os.kill(os.getpid(), signal.SIGKILL)

    values = {"sources": str(folder / file)}
    session.start(values, graph=graph, thread_id="killed", token=TOKENS["riley"], watch=watch)


@pytest.mark.parametrize("node", first_of(("scout", "open_recovery", "analyse", "ask_claims")))
def test_a_killed_recovery_goes_on(store: Store, tmp_path: Path, node: str) -> None:
    """Killed behind a node it goes on: the same claims once, one request, both gates in order."""
    died = run_process(_die_at, node, tmp_path, cwd=tmp_path, environment=dict(os.environ))
    assert died.returncode == -signal.SIGKILL, died.stderr
    thread = session.resume("killed")
    assert thread.asked is not None
    assert len(claims_by_party(store)) == 2
    approve(thread.run_id, "dana")
    approve(thread.run_id, "omar")
    assert session.look("killed").values["outcome"] == "pursued"


@pytest.mark.parametrize(
    "node", first_of(("match_money", "open_day", "read_replies", "check_stuck", "track", "due_letters"))
)
def test_a_killed_day_goes_on(store: Store, tmp_path: Path, node: str) -> None:
    """Killed behind a node the daily run goes on: the money counts once."""
    with clock.using(TurnedClock(debts.NOON)):
        values = {"sources": str(tmp_path / "sources.yaml")}
        approve(session.start(values, graph="recovery", token=TOKENS["riley"]).run_id, "dana")
        day = (node, tmp_path, "follow_up", "later.yaml")
        died = run_process(_die_at, *day, cwd=tmp_path, environment=dict(os.environ))
        assert died.returncode == -signal.SIGKILL, died.stderr
        session.resume("killed")
    assert claims_by_party(store)["Alder Supply"] == ("won", "1000.25", "1000.25")
    assert trail.verify(store) == []
