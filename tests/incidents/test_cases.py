"""A case of the books: the deterministic reading, and what a model that looks further adds to it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from desk import incidents as incident_desk
from desk.views.incident import overview
from tests.openai_server import Body, Reply, serve
from tests.waiting_desk import copy_waiting_desk
from tools.core import settings
from tools.incidents import rerun
from tools.store import cases, incidents, open_store, runs

LOOKUPS = {
    "query_ledger": {"vendor": "Cedar Print", "most": 3},
    "search_documents": {"words": "cedar", "most": 2},
    "find_decisions": {"most": 2},
}


def answer_as_model(body: Body) -> Reply:
    """Answer as a model that looks once, then reports; as one that words nothing, where it is to word."""
    if not body.get("tools"):
        return Reply(json.dumps({"notes": []}))
    if any(message["role"] == "assistant" for message in body["messages"]):
        reading = {"cause": "paid_twice", "text": "It was charged twice.", "confidence": 70, "test": "Ask."}
        report = {"hypotheses": [{**reading, "evidence_for": ["F1.T1"], "evidence_against": []}]}
        return Reply("", calls=(("report_hypotheses", json.dumps(report)),))
    name = next(tool["function"]["name"] for tool in body["tools"] if tool["function"]["name"] in LOOKUPS)
    return Reply("", calls=((name, json.dumps(LOOKUPS[name])),))


def test_a_case_is_read_without_a_model_and_looked_into_further_with_one(
    waiting_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted doublet is first of its kind both times; a lookup is evidence that can be seen again."""
    monkeypatch.chdir(tmp_path)
    for name, value in copy_waiting_desk(waiting_desk, tmp_path).items():
        monkeypatch.setenv(name, value)
    store = open_store(settings.load().database_url)
    run_id = runs.find(store, "last").run_id
    case = cases.of_run(store, run_id)[0]
    read_by_audit = [item["cause"] for item in case.details["investigation"]["hypotheses"]]
    row = incident_desk.open_target(store, case.case_id, opened_by="riley")
    incident_desk.investigate(store, row)
    plain = overview(store, incidents.get(store, row.incident_id))
    with serve(then=answer_as_model) as server:
        monkeypatch.setenv("TIEOUT_MODEL", "small")
        monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", server.url)
        incident_desk.investigate(store, row)
    page = overview(store, incidents.get(store, row.incident_id))
    first_three = [hypothesis["cause"] for hypothesis in plain["hypotheses"][:3]]
    assert "repeated_id" in first_three
    assert read_by_audit == [hypothesis["cause"] for hypothesis in plain["hypotheses"]]
    assert [hypothesis["cause"] for hypothesis in page["hypotheses"][:3]] == first_three
    texts = {item["observation_id"]: item["text"] for item in page["observations"]}
    assert texts.keys() > {item["observation_id"] for item in plain["observations"]}
    assert "to Cedar Print" in texts["B2"]
    assert all(0 < Decimal(spent) < Decimal("6.67") for spent in page["result"]["spent_by"].values())
    again = list(rerun.see_again(store, settings.load(), incidents.get(store, row.incident_id)))
    assert "F1.T1" in {each.observation_id for each in again}
    assert [(each.before, each.now) for each in again if each.outcome != "same"] == []
