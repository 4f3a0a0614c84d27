"""The trail: a chain that only grows, and that shows whatever was done to it."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.approval_requests import ask_people
from tests.store.conftest import start
from tools.approvals import requests
from tools.core.errors import SettingsError
from tools.store import Store, close_stores, connect, flags, open_store, runs, trail, windows
from tools.store.verify_trail import FIRST, entry_hash, key_id, signature

FORGED_LINK = """
UPDATE trail SET actor = 'lee', prev_hash = :prev, hash = :hash WHERE run_id = 'r1' AND seq = :seq
"""
FORGED = """
INSERT INTO decision (request_id, subject, verdict, "by", role, at, note, changes)
SELECT request_id, 'c1', 'approve', 'dana', '', requested_at, '', '{}' FROM request
"""


def problems(store: Store) -> list[str]:
    """Give what verifying everything finds, as text."""
    return [str(problem) for problem in trail.verify(store)]


@pytest.fixture
def run(store: Store) -> Store:
    """Give a store with one run, three entries on its trail."""
    start(store)
    trail.append(store, "r1", "tieout", "read", inputs="a", outputs="b", sizes={"rows": 3}, duration_ms=12)
    trail.append(store, "r1", "model", "explain", model="m", tokens_in=5, tokens_out=7, cost="0.00012")
    return store


def test_an_entry_carries_the_one_before(run: Store) -> None:
    """Each has its number, its hash and the hash before; the first has none before."""
    entries = trail.entries(run, "r1")
    assert [entry["seq"] for entry in entries] == [1, 2, 3]
    assert [entry["prev_hash"] for entry in entries] == [FIRST, entries[0]["hash"], entries[1]["hash"]]
    assert [entry["hash"] for entry in entries] == [entry_hash(entry) for entry in entries]
    assert problems(run) == []


def test_what_goes_in_comes_out(store: Store) -> None:
    """Details come back as they went in, but for what no database and no JSON takes in a text."""
    details = {"b": [1.5, 1e22, None], "text": "caf\u00e9 \ud800 \x00"}
    read = {"b": [1.5, 1e22, None], "text": "caf\u00e9 \ufffd \ufffd"}
    entry = trail.append(store, "r", "da\x00na", "did", error="a\ud800", details=details)
    assert trail.entries(store, "r") == [entry]
    assert (entry["actor"], entry["error"], entry["details"]) == ("da\ufffdna", "a\ufffd", read)
    assert trail.verify(store, "r") == []


def test_spending_is_exact(run: Store) -> None:
    """Tokens and dollars of a run add up as decimals."""
    trail.append(run, "r1", "model", "explain", tokens_in=1, cost=Decimal("1E-5"))
    assert trail.spent(run, "r1") == trail.Spent(6, 7, Decimal("0.00013"))


def test_what_happens_once_is_entered_once(store: Store) -> None:
    """A replay under the same key gives the entry that is there."""
    first = trail.append(store, "r1", "tieout", "closed", once="close")
    again = trail.append(store, "r1", "tieout", "closed again", once="close")
    assert first == again
    assert len(trail.entries(store, "r1")) == 1


def test_an_entry_goes_with_its_transaction(store: Store) -> None:
    """What is rolled back was never on the trail."""

    def fail() -> None:
        with store.begin():
            trail.append(store, "r1", "tieout", "close")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert trail.entries(store, "r1") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET actor = 'lee'",
        "DELETE FROM trail WHERE seq = 3",
        "UPDATE trail_head SET signature = 'x'",
        "UPDATE trail_head SET seq = 2",
        "DELETE FROM trail_head",
    ],
)
def test_the_database_refuses_to_change_it(run: Store, statement: str) -> None:
    """Triggers stand in the way of whoever has only a connection."""
    with pytest.raises(DBAPIError, match="the trail is append-only"), run.begin() as session:
        session.execute(text(statement))
    assert problems(run) == []


def test_the_database_refuses_to_empty_or_replace_it(run: Store) -> None:
    """TRUNCATE is a way to delete, too; SQLite has REPLACE."""
    statements = {
        "postgresql": ["TRUNCATE trail", "TRUNCATE trail_head"],
        "sqlite": [
            "INSERT OR REPLACE INTO trail SELECT * FROM trail WHERE seq = 2",
            "INSERT OR REPLACE INTO trail_head SELECT * FROM trail_head",
        ],
    }
    for statement in statements[run.dialect]:
        with pytest.raises(DBAPIError, match="the trail is append-only"), run.begin() as session:
            session.execute(text(statement))


def disarm(store: Store) -> None:
    """Do what an owner of the database can: take the triggers away."""
    with store.begin() as session:
        if store.dialect == "postgresql":
            for table in ("trail", "trail_head"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            return
        for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))


@pytest.mark.postgresql_for("seq > 1", "signature", "DELETE FROM trail WHERE run_id = 'r1' AND seq = 3")
@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE trail SET actor = 'lee' WHERE run_id = 'r1' AND seq = 2", "r1 2: was changed"),
        ("UPDATE trail SET duration_ms = 13 WHERE run_id = 'r1' AND seq = 2", "r1 2: was changed"),
        ("UPDATE trail SET details = '{\"x\": 1}' WHERE run_id = 'r1' AND seq = 3", "r1 3: was changed"),
        ("DELETE FROM trail WHERE run_id = 'r1' AND seq = 2", "r1 2: a gap or another order"),
        ("DELETE FROM trail WHERE run_id = 'r1' AND seq = 3", "r1: truncated"),
        ("UPDATE trail SET details = 'x' WHERE run_id = 'r1' AND seq = 3", "r1 3: was changed"),
        ("UPDATE trail SET seq = 5 - seq WHERE run_id = 'r1' AND seq > 1", "r1 2: does not follow"),
        ("UPDATE trail_head SET signature = 'x' WHERE run_id = 'r1'", "r1: the head is forged"),
        (
            "UPDATE trail_head SET key_id = 'x' WHERE run_id = 'r1'",
            "r1: the head was signed",
        ),
        ("DELETE FROM trail_head WHERE run_id = 'r1'", "r1: has no signed head"),
        ("DELETE FROM trail WHERE run_id = 'r1'", "r1: truncated"),
        ("UPDATE run SET status = 'closed'", "r1: the run is closed, the trail says"),
    ],
)
def test_what_an_owner_does_is_found(run: Store, statement: str, problem: str) -> None:
    """Without the triggers anything can be changed; verifying says what was."""
    disarm(run)
    with run.begin() as session:
        for step in _in_steps(statement):
            session.execute(text(step))
    assert any(line.startswith(problem) for line in problems(run)), problems(run)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE trail SET at = 'soon' WHERE run_id = 'r1' AND seq = 2", "r1 2: was changed"),
        ("UPDATE trail SET at = 'soon' WHERE run_id = 'seals' AND seq = 2", "seals 2: was changed"),
        ("UPDATE run SET ended_at = 'soon'", "r1: run r1"),
        ("UPDATE audit_run SET window_to = 'soon'", "r1: audit_run r1"),
        ("UPDATE run SET counts = '{'", "r1: run r1"),
    ],
)
def test_what_cannot_be_read_is_found(tmp_path: Path, statement: str, problem: str) -> None:
    """SQLite keeps any text where a time or JSON belongs: verifying names the row, readers say to verify."""
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    start(store)
    trail.append(store, "r1", "tieout", "read")
    disarm(store)
    with store.begin() as session:
        session.execute(text(statement))
    assert any(line.startswith(problem) for line in problems(store)), problems(store)
    assert len(problems(store)) < 4
    if "trail" not in statement:
        with pytest.raises(SettingsError, match=r"holds a value that cannot be read.*'tieout verify' names"):
            runs.list_runs(store)


def _in_steps(statement: str) -> list[str]:
    if "5 - seq" not in statement:
        return [statement]
    return [statement.replace("5 - seq", "15 - seq"), "UPDATE trail SET seq = seq - 10 WHERE seq > 9"]


def test_a_forged_chain_needs_the_key(run: Store) -> None:
    """Whoever computes all hashes anew still cannot sign the head."""
    disarm(run)
    before = FIRST
    with run.begin() as session:
        for entry in trail.entries(run, "r1"):
            forged = {**entry, "actor": "lee", "prev_hash": before}
            before = entry_hash(forged)
            session.execute(
                text(FORGED_LINK),
                {"prev": forged["prev_hash"], "hash": before, "seq": entry["seq"]},
            )
        head = {"run_id": "r1", "seq": 3, "hash": before, "key_id": key_id(trail.key(run))}
        session.execute(
            text("UPDATE trail_head SET hash = :hash, signature = :signature WHERE run_id = 'r1'"),
            {"hash": before, "signature": signature(head, b"a guess")},
        )
    assert "r1: the head is forged: its signature is not ours" in problems(run)


def test_an_older_head_does_not_pass_for_the_last(run: Store) -> None:
    """A trail cut back to an earlier state, whose head was signed then, is missed on the desk's trail."""
    older = trail.entries(run, "r1")
    with run.read() as session:
        head = session.execute(text("SELECT * FROM trail_head WHERE run_id = 'r1'")).mappings().one()
        old_head = dict(head)
    windows.close(run, "r1", outcome="clean")
    disarm(run)
    with run.begin() as session:
        session.execute(text("DELETE FROM trail WHERE run_id = 'r1' AND seq > :seq"), {"seq": len(older)})
        columns = "seq = :seq, hash = :hash, signature = :signature"
        session.execute(text(f"UPDATE trail_head SET {columns} WHERE run_id = :run_id"), old_head)  # noqa: S608 - our own columns
        session.execute(text("UPDATE run SET status = 'open'"))
    assert problems(run)[:2] == [
        "r1: the desk's trail names another entry 4: cut back or replaced",
        "r1: ends at entry 3, the seals say at 4: cut back, replaced or added to",
    ]


def test_a_trail_that_is_gone_is_missed(run: Store) -> None:
    """Without a row left anywhere, the desk's trail still names it."""
    disarm(run)
    with run.begin() as session:
        for table in ("trail", "trail_head", "audit_run", "run"):
            session.execute(text(f"DELETE FROM {table} WHERE run_id = 'r1'"))  # noqa: S608 - our own tables
    assert "r1: has no signed head" in problems(run)
    assert any(line.startswith("r1: the desk's trail names another entry 1") for line in problems(run))


@pytest.mark.postgresql_for("UPDATE flag", "DELETE")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE flag SET status = 'approved'",
        "UPDATE decision SET verdict = 'reject'",
        "UPDATE decision SET \"by\" = 'kim'",
        "DELETE FROM decision",
        FORGED,
    ],
)
def test_a_decision_that_nobody_made_is_found(run: Store, statement: str) -> None:
    """Nothing is recorded as approved that nobody approved: the trail says who did."""
    row = {"row_key": "a", "source": "card", "amount_minor": 1, "currency": "USD", "severity": "INFO"}
    flags.propose(run, "r1", [row])
    request = ask_people(run, "r1", "flags", needs={"c1": 1}).request_id
    requests.decide(run, request, {"c1": "approve"}, by="lee", roles=["approver"])
    assert problems(run) == []
    with run.begin() as session:
        session.execute(text(statement))
    assert len(problems(run)) >= 1


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a setting, a file beside the store that only its owner reads; with another key, it says so."""
    monkeypatch.delenv("TIEOUT_TRAIL_KEY")
    url = f"sqlite:///{tmp_path / 'desk' / 't.db'}"
    start(open_store(url))
    close_stores()
    path = tmp_path / "desk" / "trail.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert problems(open_store(url)) == []
    close_stores()
    path.write_text("another")
    assert all("signed with another key" in line for line in problems(open_store(url)))
    close_stores()
    path.write_text("")
    with pytest.raises(SettingsError, match=r"it is empty.*Set TIEOUT_TRAIL_KEY"):
        problems(open_store(url))
    close_stores()


def test_a_key_that_cannot_be_kept_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key nothing is signed, and so nothing is written; the error says what to set."""
    monkeypatch.delenv("TIEOUT_TRAIL_KEY")
    (tmp_path / "trail.key").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 't.db'}")
    with pytest.raises(SettingsError, match=r"cannot keep the key.*Set TIEOUT_TRAIL_KEY"):
        start(store)
    assert runs.list_runs(store) == []
    store.close()


def test_a_key_that_many_make_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several first signers one makes the key, and all take it."""
    monkeypatch.delenv("TIEOUT_TRAIL_KEY")
    stores = [connect(f"sqlite:///{tmp_path / 't.db'}") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(trail.key, stores))
    assert (len(set(keys)), [path.name for path in tmp_path.iterdir()]) == (1, ["trail.key"])


def test_a_whole_run_leaves_one_trail(run: Store) -> None:
    """What the store itself does is on the trail, in order, by whom."""
    windows.take(run, "r1", "E", ["card"], runs.get(run, "r1").started_at.date())
    windows.abandon(run, "r1", by="lee", reason="wrong file")
    actions = [(entry["actor"], entry["action"]) for entry in trail.entries(run, "r1")]
    assert actions[0] == ("dana", "run started")
    assert actions[3:] == [("tieout", "window claimed"), ("lee", "run abandoned")]
    assert [entry["action"] for entry in trail.entries(run, trail.DESK)] == ["run started", "run abandoned"]


def test_a_raw_connection_meets_the_triggers_too(tmp_path: Path) -> None:
    """They are in the file, not in our code."""
    store = open_store(f"sqlite:///{tmp_path / 't.db'}")
    start(store)
    raw = sqlite3.connect(tmp_path / "t.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("INSERT OR REPLACE INTO trail SELECT * FROM trail")
    raw.close()
    store.close()
