"""The desk in a notebook: tables with exact money, decisions and reviews by who is signed in."""

from __future__ import annotations

import builtins
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desk.api import Desk
from tests.desk.conftest import Invoke
from tests.desk.seeded import RUN
from tests.graph.small import TOKENS
from tests.waiting_desk import copy_waiting_desk
from tools.core.errors import IdentityError, SettingsError, UsageError
from tools.store import Store, flags


def test_every_table_has_its_rows(store: Store) -> None:
    """Runs, cases, flags, findings, matches, breaks, tests, approvals: as the command line lists them."""
    assert store.dialect == "sqlite"
    desk = Desk()
    counts = {
        name: len(getattr(desk, name)())
        for name in ("runs", "cases", "flags", "findings", "matches", "breaks", "tests", "approvals")
    }
    assert counts == {
        "runs": 1, "cases": 2, "flags": 2, "approvals": 2,
        "findings": 2, "matches": 1, "breaks": 1, "tests": 3,
    }  # fmt: skip


def test_money_is_exact(store: Store) -> None:
    """Amounts are decimals beside their currency; no column is made of floats but shares and scores."""
    assert store.dialect == "sqlite"
    desk = Desk()
    assert list(desk.flags()["amount"]) == [Decimal("12400.50")] * 2
    assert list(desk.cases()["exposure"]) == [Decimal("12400.50")] * 2
    assert list(desk.breaks()["amount"]) == [Decimal(-300)]
    assert list(desk.matches()["difference"]) == [Decimal("-0.05")]
    for frame in (desk.flags(), desk.cases(), desk.approvals(), desk.findings(), desk.breaks()):
        floats = [name for name in frame.columns if frame[name].dtype == "float64"]
        assert set(floats) <= {"confidence", "seconds"}


def test_the_same_rows_as_the_command_line(invoke: Invoke) -> None:
    """One code under both: names and values of `tieout cases --json` are those of desk.cases()."""
    rows = json.loads(invoke("cases", "--show", "decide", "--json")[1])
    frame = Desk().cases(show="decide")
    assert [row["case_id"] for row in rows] == list(frame["case_id"])
    assert [Decimal(row["exposure"]) for row in rows] == list(frame["exposure"])
    assert invoke("cases", "--vendor", "nobody")[0] == 0


def test_nothing_is_an_empty_table(store: Store) -> None:
    """What nobody has is a table without rows."""
    assert store.dialect == "sqlite"
    assert Desk().flags(vendor="nobody").empty


def test_a_review_needs_who_may(store: Store) -> None:
    """Signed in as an auditor one reviews; without a token nobody does."""
    (name, *_) = (flag.flag_id for flag in flags.find(store, run_id=RUN))
    with pytest.raises(IdentityError, match="signed in"):
        Desk().review(name, verdict="confirmed")
    frame = Desk(token="riley-token").review(name, verdict="confirmed", note="seen")
    assert (frame["review"][0], frame["reviewed_by"][0]) == ("confirmed", "riley")
    with pytest.raises(UsageError, match="is no review"):
        Desk(token="riley-token").review(name, verdict="fine")


def test_from_a_run_to_approved_flags(
    waiting_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one flag that takes two is rejected by both, the rest approved; each call gives what waits."""
    for name, value in copy_waiting_desk(waiting_desk, tmp_path).items():
        monkeypatch.setenv(name, value)
    dana, omar = Desk(TOKENS["dana"]), Desk(TOKENS["omar"])
    name = str(dana.flags("last", severity="CRITICAL", status="proposed")["flag_id"][0])
    assert not dana.reject(flag=name, note="known").empty
    omar.reject(flag=name, note="known")
    assert dana.flags()["status"][list(dana.flags()["flag_id"]).index(name)] == "rejected"
    with pytest.raises(IdentityError, match="no role"):
        Desk(TOKENS["riley"]).approve()
    assert not dana.approvals().empty
    assert dana.approve(note="seen").empty
    assert set(dana.flags()["status"]) == {"approved", "rejected"}
    assert list(dana.runs()["status"]) == ["closed"]


def test_without_pandas_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    imported = builtins.__import__

    def missing(name: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - Python's own
        if name == "pandas":
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SettingsError, match=r"pip install 'tieout\[notebook\]'"):
        Desk()
