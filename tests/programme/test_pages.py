"""A programme on its pages: its plan drawn, its board, a paper signed by the form, a person's calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar
from starlette.applications import Starlette
from starlette.routing import Mount

from desk.web.app import pages
from tests.graph.small import TOKENS
from tests.programme.desks import Task, do_all, standing_of, start, write
from tests.web.conftest import browser
from tools.core.clock import clock
from tools.programme import progress
from tools.store import Store


def test_a_programme_is_shown_and_a_paper_signed(store: Store, tmp_path: Path) -> None:
    """Its page draws every task and says what each waits for; who may not sign is told why."""
    tasks: list[Task] = [
        {"id": "T1", "hours": 2, "skill": "cash", "signed": True, "name": "Cash <b>counted</b>"},
        {"id": "T2", "hours": 1, "depends_on": ["T1"]},
    ]
    team = {"riley": {"skills": ["cash"]}, "kim": {}}
    run_id = start(write(tmp_path, tasks, people=team)).run_id
    base = f"/desk/programmes/{run_id}"
    with browser(Starlette(routes=[Mount("/desk", pages())])) as visitor:
        assert run_id in visitor.get("/desk/programmes").text
        page = visitor.get(base).text
        assert page.count('class="planned') == len(tasks)
        assert "Waiting for T1 (with a person)" in page
        assert "Cash &lt;b&gt;counted" in page
        assert visitor.get(f"{base}/tasks/T9").status_code == 404
        assert "Sign in to sign this paper." in visitor.get(f"{base}/tasks/T1").text
        assert visitor.enter(TOKENS["kim"]) == 303
        assert "kim may not do T1: riley may" in visitor.get(f"{base}/tasks/T1").text
        assert visitor.enter(TOKENS["riley"]) == 303
        sign = f"{base}/tasks/T1/sign"
        assert visitor.send_form(sign, word="sign", conclusion="Counted.", back=f"{base}/tasks/T1") == 303
        assert "riley as preparer" in visitor.get(f"{base}/tasks/T1").text
        assert standing_of(store, run_id).steps["T1"].figures["conclusion"] == "Counted."
        days = Calendar.from_ical(visitor.get(f"{base}/calendar.ics?person=riley").content)
        assert [str(event["summary"]) for event in days.walk("VEVENT")] == ["T1: Cash <b>counted</b> (riley)"]
        lines = bytes(days.to_ical()).decode().splitlines()
        assert {line[-3:] for line in lines if line.startswith(("DTSTART", "DTEND"))} == {"00Z"}
        assert [paper["task"] for paper in visitor.get(f"{base}/report.json").json()["papers"]] == [
            "T1",
            "T2",
        ]
        assert "Cash &lt;b&gt;counted" in visitor.get(f"{base}/report").text
        assert "Cash &lt;b&gt;counted" in visitor.get(f"{base}/report.html").text
        assert visitor.get(f"{base}/report.exe").status_code == 404
        assert "No worker has been here yet" in visitor.get("/desk/workers").text


def test_an_ended_programme_says_when_it_ended_and_by_whom(store: Store, tmp_path: Path) -> None:
    """Its end is the moment at which it ended, beside the plan's; a paper names who reviewed it."""
    tasks: list[Task] = [
        {"id": "T1", "hours": 8, "signed": True, "preparer": "riley", "name": "Cash counted"},
        {
            "id": "T2",
            "hours": 8,
            "action": "sign",
            "preparer": "kim",
            "name": "Opinion",
            "depends_on": ["T1"],
        },
    ]
    run_id = start(write(tmp_path, tasks, people={"riley": {}, "kim": {}})).run_id
    base = f"/desk/programmes/{run_id}"
    with browser(Starlette(routes=[Mount("/desk", pages())])) as visitor:
        for name, person in (("T1", "riley"), ("T1", "dana"), ("T2", "kim")):
            assert visitor.enter(TOKENS[person]) == 303
            words = {"word": "sign", "conclusion": f"{name} is right.", "back": f"{base}/tasks/{name}"}
            assert visitor.send_form(f"{base}/tasks/{name}/sign", **words) == 303
            do_all(store)
        page = visitor.get(base).text
        assert ">Ended</dt>" in page
        assert "Done by riley on" in page
        assert "<dt>Reviewer</dt><dd>dana</dd>" in visitor.get(f"{base}/tasks/T1").text
        assert "<dt>Opinion</dt><dd>T2 is right. (kim)</dd>" in visitor.get(f"{base}/report").text
    now = progress.progress(standing_of(store, run_id))
    ended, planned = (now[key][:16].replace("T", " ") for key in ("ended_at", "estimated_completion"))
    assert progress.ending(now) == [f"Ended {ended}, planned for {planned}"]


def test_a_planned_end_that_is_over_is_no_promise() -> None:
    """A live programme says of it that it was planned."""
    far = clock().now() + timedelta(days=3)
    past = datetime(2020, 1, 1, tzinfo=UTC)
    now = {"estimated_range": (None, None), "ended_at": "", "critical_path": ["A1"], "late": []}
    ends = [progress.ending({**now, "estimated_completion": each.isoformat()})[0] for each in (far, past)]
    assert ends == [f"Ends {far:%Y-%m-%d %H:%M} UTC", "Was planned to end 2020-01-01 00:00 UTC"]
