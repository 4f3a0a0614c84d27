"""Flags: raised once over all runs, changed in status only."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.store.conftest import start
from tools.core.errors import RunError
from tools.store import Store, flags, trail, windows


def flag(number: int = 0, **columns: object) -> dict[str, Any]:
    """Make a flag."""
    return {
        "row_key": f"card:{number}-0",
        "source": "card",
        "vendor": f"Vendor {number}",
        "posted_on": date(2025, 3, 1),
        "amount_minor": 100 * number,
        "currency": "USD",
        "severity": "WARNING",
        "risk": "HIGH",
        "score": 60,
        "tests": [{"test": "round_amount"}],
        **columns,
    }


def kinds(store: Store, flag_id: str) -> list[str]:
    """Give what happened to a flag."""
    return [event.kind for event in flags.history(store, flag_id)]


def test_a_replay_writes_nothing(store: Store) -> None:
    """Proposing the same flags again in one run answers the same and adds no event."""
    start(store)
    first = flags.propose(store, "r1", [flag(1), flag(2), flag(1)])
    again = flags.propose(store, "r1", [flag(1), flag(2)])
    assert first == again
    assert len(first.new) == 2
    assert kinds(store, first.new[0]) == ["proposed"]


def test_a_known_flag_is_seen_again_once_a_run(store: Store) -> None:
    """A later run adds to the history of what an earlier one raised, and keeps its decision."""
    start(store)
    (flag_id,) = flags.propose(store, "r1", [flag(1)]).new
    flags.decide(store, "r1", {flag_id: "rejected"}, by="dana", note="agreed with the vendor")
    windows.close(store, "r1", outcome="flagged")
    start(store, "r2")
    for _ in range(2):
        proposed = flags.propose(store, "r2", [flag(1, severity="CRITICAL"), flag(2)])
    assert (proposed.known, len(proposed.new)) == ([flag_id], 1)
    assert kinds(store, flag_id) == ["proposed", "rejected", "seen again"]
    assert flags.get(store, flag_id).severity == "WARNING"


def test_flags_are_found_by_whose_books_they_are_of(store: Store) -> None:
    """What was decided in one company's books is not told in another's."""
    start(store, entity="North Ltd")
    start(store, "r2", entity="South Ltd")
    (north,) = flags.propose(store, "r1", [flag(1)]).new
    (south,) = flags.propose(store, "r2", [flag(2)]).new
    assert [row.flag_id for row in flags.find(store, entity="North Ltd")] == [north]
    assert [row.flag_id for row in flags.find(store, entity="South Ltd")] == [south]


def test_a_flag_that_nobody_decided_is_taken_over_from_an_abandoned_run(store: Store) -> None:
    """Its window is audited again, so its flags are asked about again; decided ones are not."""
    start(store)
    open_id, decided_id = flags.propose(store, "r1", [flag(1), flag(2)]).new
    flags.decide(store, "r1", {decided_id: "approved"}, by="rule")
    windows.abandon(store, "r1", by="dana")
    start(store, "r2")
    proposals = [flags.propose(store, "r2", [flag(1, severity="CRITICAL"), flag(2)]) for _ in range(2)]
    assert proposals == [flags.Proposed([open_id], [decided_id])] * 2
    assert (flags.get(store, open_id).run_id, flags.get(store, open_id).severity) == ("r2", "CRITICAL")
    assert kinds(store, open_id) == ["proposed", "taken over"]


def test_judging_again_changes_what_nobody_decided(store: Store) -> None:
    """Another judgement in the same run takes effect, withdraws what it drops, and is in the history."""
    start(store)
    first, second, third = flags.propose(store, "r1", [flag(1), flag(2), flag(3)]).new
    flags.decide(store, "r1", {third: "approved"}, by="dana")
    rejudged = [flag(1, severity="INFO", score=30), flag(3, severity="INFO")]
    flags.propose(store, "r1", rejudged, withdraw=True)
    flags.propose(store, "r1", rejudged, withdraw=True)
    assert [flags.get(store, name).severity for name in (first, third)] == ["INFO", "WARNING"]
    assert [flags.get(store, name).status for name in (first, second, third)] == [
        "proposed",
        "withdrawn",
        "approved",
    ]
    assert kinds(store, first) == ["proposed", "judged again"]
    flags.propose(store, "r1", [flag(2)])
    assert flags.get(store, second).status == "proposed"


def test_what_a_run_dropped_is_another_runs_to_raise(store: Store) -> None:
    """A withdrawn flag was decided by nobody; the run that sees it next asks about it."""
    start(store)
    (flag_id,) = flags.propose(store, "r1", [flag(1)]).new
    flags.propose(store, "r1", [], withdraw=True)
    windows.close(store, "r1", outcome="clean")
    start(store, "r2")
    assert flags.propose(store, "r2", [flag(1)]).new == [flag_id]
    assert kinds(store, flag_id) == ["proposed", "withdrawn", "taken over"]
    assert flags.get(store, flag_id).status == "proposed"


def test_deciding_again_writes_nothing(store: Store) -> None:
    """A decision has one event and one entry on the trail, however often it is replayed."""
    start(store)
    (flag_id,) = flags.propose(store, "r1", [flag(1)]).new
    for _ in range(2):
        flags.decide(store, "r1", {flag_id: "approved"}, by="dana", request_id="r1-flags-1")
    assert kinds(store, flag_id) == ["proposed", "approved"]
    assert [entry["action"] for entry in trail.entries(store, "r1")] == ["run started", "flags decided"]
    assert trail.verify(store) == []


def test_an_unknown_flag_is_decided_by_nobody(store: Store) -> None:
    """Nothing is decided when one of the flags is not there."""
    start(store)
    (flag_id,) = flags.propose(store, "r1", [flag(1)]).new
    with pytest.raises(RunError, match="'f-nowhere'"):
        flags.decide(store, "r1", {flag_id: "approved", "f-nowhere": "approved"}, by="dana")
    assert flags.get(store, flag_id).status == "proposed"


def test_a_review_is_kept_with_its_history(store: Store) -> None:
    """The last review stands on the flag, all of them in the history."""
    start(store)
    (flag_id,) = flags.propose(store, "r1", [flag(1)]).new
    flags.review(store, flag_id[:6], "needs_information", by="dana")
    reviewed = flags.review(store, flag_id, "false_positive", by="lee", note="a renamed vendor")
    assert (reviewed.review, reviewed.reviewed_by, reviewed.review_note) == (
        "false_positive",
        "lee",
        "a renamed vendor",
    )
    assert kinds(store, flag_id) == ["proposed", "needs_information", "false_positive"]
    assert [row.flag_id for row in flags.find(store, review="false_positive")] == [flag_id]


def test_many_are_reviewed_at_once_or_none(store: Store) -> None:
    """One entry on the trail names them all; the same said again writes nothing; a stray name stops all."""
    start(store)
    names = flags.propose(store, "r1", [flag(1), flag(2)]).new
    for _ in range(2):
        flags.review_all(store, names, "confirmed", by="dana", note="both")
    with pytest.raises(RunError, match="'f-nowhere'"):
        flags.review_all(store, [*names, "f-nowhere"], "false_positive", by="lee")
    assert [kinds(store, name) for name in names] == [["proposed", "confirmed"]] * 2
    details = [
        entry["details"] for entry in trail.entries(store, "r1") if entry["action"] == "flags reviewed"
    ]
    assert details == [{"flag_ids": names, "verdict": "confirmed", "note": "both"}]


def test_flags_are_found_sorted_and_paged(store: Store) -> None:
    """The greatest exposure first; filters, other orders and pages."""
    start(store)
    rows = [
        flag(1, severity="CRITICAL", exposure_minor=500, currency="JPY", exposure_base=5),
        flag(2, severity="INFO", vendor="100% Café", case_id="c1"),
        flag(3, severity="WARNING", posted_on=None),
        flag(4, severity="WARNING", posted_on="2025-04-01", score=90),
    ]
    flags.propose(store, "r1", rows)

    def order(**query: Any) -> list[str]:  # noqa: ANN401 - any filter
        return [row.row_key.partition(":")[2][0] for row in flags.find(store, **query)]

    assert order() == ["4", "3", "2", "1"]
    assert order(sort="severity") == ["1", "4", "3", "2"]
    assert order(sort="score")[0] == "4"
    assert order(sort="posted_on") == ["4", "2", "1", "3"]
    assert order(limit=2, offset=1) == ["3", "2"]
    assert order(severity="WARNING", status="proposed", run_id="r1") == ["4", "3"]
    assert order(vendor="vendor") == ["4", "3", "1"]
    assert order(vendor="0% caf") == ["2"]
    assert order(case_id="c1") == ["2"]
    assert order(run_id="r2") == []
    assert flags.count(store, run_id="r1") == {
        "CRITICAL": {"proposed": 1},
        "INFO": {"proposed": 1},
        "WARNING": {"proposed": 2},
    }


def test_money_leaves_as_text(store: Store) -> None:
    """A flag's amounts are decimal text of its currency, beside the minor units."""
    start(store)
    (flag_id,) = flags.propose(store, "r1", [flag(1, amount_minor=-123456, currency="JPY")]).new
    row = flags.get(store, flag_id).as_dict()
    assert (row["amount"], row["exposure"], row["posted_on"]) == ("-123456", "123456", "2025-03-01")


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.exhaustive)])
def test_a_flood_of_flags(store: Store, count: int) -> None:
    """A run that floods is raised once, decided as a whole, and listed by what is gravest."""
    start(store)
    rows = [flag(number) for number in range(count)]
    new = flags.propose(store, "r1", rows).new
    again = flags.propose(store, "r1", rows).new
    flags.decide(store, "r1", dict.fromkeys(new, "approved"), by="rule")
    gravest = flags.find(store, run_id="r1", limit=100)
    assert (len(new), again == new, gravest[0].amount_minor) == (count, True, 100 * (count - 1))
    assert trail.verify(store) == []
