"""Where a model is set it words what the grammar does not read: checked, offered, never answered."""

from __future__ import annotations

import json

import pytest

from desk.front_desk import pick
from tests.front_desk.conftest import ask_desk
from tests.graph.small import TOKENS
from tests.openai_server import Reply, Status, serve
from tools.store import Store

QUESTION = "how much dough went to Alder Supply in March 2025"


def scripted(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Set a model that answers as scripted."""
    monkeypatch.setenv("TIEOUT_MODEL", "small")
    monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", url)


def test_a_wording_is_offered_and_chosen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names leave as tokens; what is chosen is computed as if it had been asked in those words."""
    assert store.dialect == "sqlite"
    plain = ask_desk("spend with Alder Supply in March 2025")
    wording = json.dumps({"wording": "spend with [VENDOR_1] [VENDOR_2] in March 2025"})
    with serve(Reply(wording)) as server:
        scripted(monkeypatch, server.url)
        standing = ask_desk(QUESTION)
        asked = json.dumps(server.requests)
    assert (standing.kind, "alder" in asked.casefold()) == ("choose", False), standing
    picked = pick(standing.thread_id, 1, token=TOKENS["riley"])
    assert picked.result["answer"]["query_id"] == plain.result["answer"]["query_id"]
    assert picked.understanding["read_by"] == "model"


@pytest.mark.parametrize(
    "act",
    [
        Reply(json.dumps({"wording": "start an audit"})),
        Reply(json.dumps({"wording": "spend with Elm Catering in March 2025"})),
        Reply(json.dumps({"wording": "spend over 900 in March 2025"})),
        Reply(json.dumps({"wording": ""})),
        Reply("SELECT * FROM txn"),
        Status(401),
    ],
)
def test_what_a_model_adds_is_not_offered(
    store: Store, monkeypatch: pytest.MonkeyPatch, act: Reply | Status
) -> None:
    """An act, a name or a limit of its own, nonsense, no answer: it is refused as without a model."""
    assert store.dialect == "sqlite"
    with serve(act, then=act) as server:
        scripted(monkeypatch, server.url)
        standing = ask_desk(QUESTION)
    assert (standing.kind, "dough" in standing.result["unread"]) == ("out_of_scope", True)


def test_what_the_grammar_reads_is_not_shown_to_a_model(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is the same with and without."""
    assert store.dialect == "sqlite"
    with serve() as server:
        scripted(monkeypatch, server.url)
        assert ask_desk("spend in March 2025").kind == "figure"
        assert server.requests == []
