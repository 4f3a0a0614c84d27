"""The front desk on its page: asked, chosen, refused, and what waits led to the approvals."""

from __future__ import annotations

from desk.web.app import app
from tests.graph.small import TOKENS
from tests.web.conftest import browser
from tools.runs import tasks
from tools.store import Store


def test_a_question_is_asked_chosen_and_answered(store: Store) -> None:
    """With definition, query and rows; a word that is not understood is named; nothing starts from words."""
    with browser(app) as riley:
        assert riley.enter(TOKENS["riley"]) == 303
        assert riley.send_form("/desk/ask", text="card charges in March") == 303
        place = riley.answer.headers["location"]
        assert "Which of these?" in riley.get(place).text
        assert riley.send_form(f"/desk/ask/{place.rpartition('=')[2]}/choose", choice="2") == 303
        text = riley.get(riley.answer.headers["location"]).text
        for words in (
            "how many card charges",
            "Not included",
            "Rows behind it",
            "SELECT",
            "Charge count, 2025-03",
        ):
            assert words in text
        riley.send_form("/desk/ask", text="and by day?")
        drawn = riley.get(riley.answer.headers["location"]).text
        assert '<svg class="bars"' in drawn
        assert "Charge count, by day, 2025-03" in drawn
        riley.send_form("/desk/ask", text="list the card charges of Alder Supply")
        listed = riley.get(riley.answer.headers["location"]).text
        assert "Together" in listed
        assert '<details class="inline-decide" open>' in listed
        riley.send_form("/desk/ask", text="how many card charges and how many flags in March 2025")
        both = riley.get(riley.answer.headers["location"]).text
        assert both.count("Rows behind it") == len(("charge_count", "flag_count"))
        riley.send_form("/desk/ask", text="spend by planet")
        assert "planet" in riley.get(riley.answer.headers["location"]).text
        riley.send_form("/desk/ask", text="start an audit")
        assert "Nothing has happened yet" in riley.get(riley.answer.headers["location"]).text
        assert "start audit" in riley.get("/desk/approvals").text
    assert tasks.list_tasks(store) == []


def test_who_is_not_signed_in_reads_and_asks_nothing(store: Store) -> None:
    """The form is off."""
    assert store.dialect == "sqlite"
    with browser(app) as nobody:
        text = nobody.get("/desk/ask").text
        assert "Sign in to ask." in text
