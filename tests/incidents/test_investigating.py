"""An investigation end to end: observers at once, some of which fail; what is kept, shown and judged."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from desk import incidents as incident_desk
from desk.cli.commands.investigate import investigate
from desk.papers import post_mortem
from desk.views.incident import overview
from desk.views.incident_summary import in_short
from desk.web.app import pages
from graph.runtime import session
from tests.graph.small import TOKENS, settings_of, users
from tests.incidents.test_numbers import rows_of
from tests.openai_server import Body, Reply, Server, serve
from tests.processes import run_process
from tools.core import settings
from tools.core.errors import IdentityError, UsageError
from tools.identity import people
from tools.incidents import kinds, lifecycle, purse, rerun
from tools.incidents.kinds import IncidentObserver
from tools.models.budget import BudgetError
from tools.store import Store, incidents, open_store, runs, trail

PARTS = ("dimensions", "sources", "rules")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the one desk of this file."""
    path = tmp_path_factory.mktemp("desk")
    users(path)
    return path


@pytest.fixture
def store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give that desk; each test opens incidents of its own."""
    for name, value in settings_of(folder).items():
        monkeypatch.setenv(name, value)
    return open_store(settings.load().database_url)


@pytest.fixture(scope="module")
def page(folder: Path) -> dict[str, Any]:
    """Give an incident that was looked into: the north's sales rose."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(folder).items():
            patch.setenv(name, value)
        return investigation_of(open_store(settings.load().database_url), sales(folder, shop="north"))


def sales(folder: Path, **element: str) -> incident_desk.NumberAsked:
    """Write a shop's sales, and ask why they moved."""
    path, rows = (
        folder / f"sales{element.get('shop', '')}.csv",
        rows_of(7, moved=element, factor=5 if element else 1),
    )
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return incident_desk.NumberAsked(
        "value", "shop,good", "2025-02-03..2025-02-12", "2025-01-19..2025-01-28", str(path), "day"
    )


def investigation_of(store: Store, question: incident_desk.NumberAsked, budget: str = "") -> dict[str, Any]:
    """Investigate a number and give the incident whole."""
    row = incident_desk.open_number(store, question, opened_by="riley")
    incident_desk.investigate(store, row, budget=budget)
    return overview(store, incidents.get(store, row.incident_id))


def replace_observers(monkeypatch: pytest.MonkeyPatch, **looks: Callable[..., Any]) -> None:
    """Put other observers of numbers in place of some."""
    number = kinds.by_name("number")
    observers = tuple(
        IncidentObserver(observer.name, looks.get(observer.name, observer.look))
        for observer in number.observers
    )
    replacement = replace(number, observers=observers)
    monkeypatch.setattr(
        kinds, "KINDS", tuple(replacement if kind.name == "number" else kind for kind in kinds.KINDS)
    )


def failing(_: object) -> list[Any]:
    """Fail as a driver does."""
    raise OSError("the source hung up")


def test_what_moved_is_first_with_evidence_and_attempts(store: Store, page: dict[str, Any]) -> None:
    """The element is first, its attempts are kept; an innocent reading and "not enough seen" stand there."""
    first = page["hypotheses"][0]
    assert first["subject"] == "shop=north"
    assert {hypothesis["cause"] for hypothesis in page["hypotheses"]} >= {"innocent", "not_enough_seen"}
    assert len(first["tried"]) == 5
    assert {attempt["outcome"] for attempt in first["tried"]} <= {"stands", "not_tried"}
    names = {observation["observation_id"] for observation in page["observations"]}
    assert set(first["evidence_for"]) <= names
    assert page["result"]["spent"] == "0.0000"
    assert page["summary"].startswith("value is ")
    for words in (
        "% more. The likeliest cause",
        "It moved by shop=north",
        "Next: See the rows of shop=north",
    ):
        assert words in page["summary"]
    headings = dict(in_short(page["kind"], page["observations"], page["hypotheses"]))
    assert list(headings) == ["What happened", "Why", "How sure", "What to do"]
    assert headings["Why"].startswith("It moved by shop=north")
    assert f"confidence {first['confidence']:.0%}" in headings["How sure"]
    assert trail.verify(store) == []


def test_on_a_quiet_number_nothing_is_unusual(store: Store, tmp_path: Path) -> None:
    """What moves as it always does is said to be so."""
    page = investigation_of(store, sales(tmp_path))
    assert page["result"]["outcome"] == "nothing unusual"
    assert page["hypotheses"][0]["cause"] == "innocent"


def test_of_three_that_fail_nothing_is_claimed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every error is named, and "not enough seen" stands alone."""
    replace_observers(monkeypatch, **dict.fromkeys(PARTS, failing))
    page = investigation_of(store, sales(tmp_path, shop="east"))
    assert set(page["result"]["missing"]) == set(PARTS)
    assert "the source hung up" in page["result"]["missing"]["rules"]
    assert page["result"]["outcome"] == "inconclusive"
    assert [hypothesis["cause"] for hypothesis in page["hypotheses"]] == ["not_enough_seen"]


def test_racing_spenders_never_pass_the_budget() -> None:
    """In a thousand random investigations none passes its third, and together they never pass the whole."""
    for seed in range(1000):
        _race(random.Random(seed))


def _race(chance: random.Random) -> None:
    total = Decimal(chance.randint(1, 2000)) / 100
    calls = {name: [Decimal(chance.randint(1, 400)) / 100 for _ in range(5)] for name in PARTS}
    budget, spent = purse.purse(total, PARTS), dict.fromkeys(PARTS, Decimal(0))

    def spend(name: str) -> None:
        node = f"{purse.NODE}{name}"
        for most in calls[name]:
            try:
                budget.reserve(most, 0, node=node)
            except BudgetError:
                return
            budget.settle((most, 0), most / 2, 0, node=node)
            spent[name] += most / 2

    threads = [threading.Thread(target=spend, args=(name,)) for name in PARTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.spent == sum(spent.values()) <= total
    assert max(spent.values()) <= purse.share_of(total)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("budget", ["ten", "-1", "NaN"])
def test_what_is_no_budget_is_refused(page: dict[str, Any], budget: str) -> None:
    """In words, with how to write it."""
    with pytest.raises(UsageError, match=r"is no amount of dollars\. Write it as 10\.00"):
        lifecycle.open_run(page["incident_id"], f"thread {budget}", "riley", budget)


def wording(body: Body) -> Reply:
    """Answer as a model that says one thing that its facts give, and one that they do not."""
    user = body["messages"][-1]["content"]
    facts = json.loads(user[user.index("their facts:") + 12 :])
    notes = []
    for name, texts in facts.items():
        first = next(iter(texts))
        claims = [("finding", texts[first]), ("finding", "It cost 123456 dollars in all.")]
        notes.append(
            {
                "hypothesis": name,
                "claims": [{"kind": kind, "text": text, "evidence": [first]} for kind, text in claims],
            }
        )
    return Reply(json.dumps({"notes": notes}))


def test_a_model_words_it_and_changes_nothing_else(
    store: Store, tmp_path: Path, page: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims that their facts give stand, others go; the ranking is the same, the cost is counted."""
    with serve(then=wording) as server:
        _set_model(monkeypatch, server)
        worded = investigation_of(store, sales(tmp_path, shop="north"))
    first = worded["hypotheses"][0]
    assert "shop=north" in first["words"][0]["text"]
    assert "123456" not in json.dumps(worded["hypotheses"])
    assert worded["result"]["words"]["removed"][0] == "states 123456, which its facts do not give"
    ranking = [[each["subject"], each["raw"]] for each in worded["hypotheses"]]
    assert ranking == [[each["subject"], each["raw"]] for each in page["hypotheses"]]
    assert Decimal(0) < Decimal(worded["result"]["spent"]) <= Decimal("10.00")


def test_a_used_up_budget_ends_with_code_4_and_all_that_was_seen(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is too dear says nothing: the desk's own words stand, and the command says so."""
    request = sales(folder, shop="south")
    monkeypatch.chdir(folder)
    named: dict[str, Any] = {"metric": "value", "by": "shop,good", "time": "day", "budget": "0.0001"}
    named |= {"window": request.window, "against": request.against, "file": Path(request.file)}
    with serve(then=wording) as server:
        _set_model(monkeypatch, server)
        with pytest.raises(purse.BudgetExceededError) as ended:
            investigate(**named)
    assert ended.value.exit_code == 4
    row = incidents.find(store, limit=1)[0]
    assert overview(store, row)["hypotheses"][0]["subject"] == "shop=south"
    assert row.result["spent"] == "0.0000"


def _set_model(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setenv("TIEOUT_MODEL", "small")
    monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", server.url)
    monkeypatch.setenv("TIEOUT_MODEL_WAIT_SECONDS", "0.01")


def _die_after(node: str, folder: Path, incident: str) -> None:
    os.chdir(folder)

    def watch(mode: str, chunk: object) -> None:
        if mode == "updates" and isinstance(chunk, dict) and node in chunk:
            os.kill(os.getpid(), signal.SIGKILL)

    session.start({"incident": incident}, graph="incident", thread_id=f"killed {node}", watch=watch)


@pytest.mark.parametrize("node", [pytest.param("observe", marks=pytest.mark.exhaustive), "rank"])
def test_a_killed_investigation_goes_on(store: Store, tmp_path: Path, node: str) -> None:
    """It has one run and one result, and no observer that had finished looks again."""
    row = incident_desk.open_number(store, sales(tmp_path, shop="north"), opened_by="riley")
    died = run_process(
        _die_after, node, tmp_path, row.incident_id, cwd=tmp_path, environment=dict(os.environ)
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    standing = session.resume(f"killed {node}")
    run = runs.get(store, standing.run_id)
    assert run.status == "closed"
    page = overview(store, incidents.get(store, row.incident_id))
    assert page["hypotheses"][0]["subject"] == "shop=north"
    observed = [entry for entry in trail.entries(store, run.run_id) if entry["action"] == "observe"]
    assert len(observed) == 3


def test_a_persons_verdict_is_recorded_and_calibrates(
    store: Store, tmp_path: Path, page: dict[str, Any]
) -> None:
    """Only who may review judges; what they say of a first hypothesis moves later confidences."""
    dana, limits = people.sign_in(TOKENS["dana"], settings.load()), settings.load()
    with pytest.raises(IdentityError, match="may not judge incidents"):
        incident_desk.judge(store, people.sign_in(TOKENS["vera"], limits), page["incident_id"], "right")
    incident_desk.judge(store, dana, page["incident_id"], "wrong", note="it was a test order")
    again = investigation_of(store, sales(tmp_path, shop="north"))
    assert again["hypotheses"][0]["confidence"] < page["hypotheses"][0]["confidence"]
    assert again["hypotheses"][0]["calibrated_on"] == page["hypotheses"][0]["calibrated_on"] + 1
    assert trail.verify(store) == []


def test_evidence_is_seen_again(store: Store, folder: Path, page: dict[str, Any]) -> None:
    """The same query gives the same; of other rows it gives what differs now, and what is gone."""
    row = incidents.get(store, page["incident_id"])
    assert {each.outcome for each in rerun.see_again(store, settings.load(), row)} == {"same"}
    path = folder / "salesnorth.csv"
    rows = path.read_text(encoding="utf-8")
    path.write_text(rows.replace("north", "nord"), encoding="utf-8")
    outcomes = {each.observation_id: each.outcome for each in rerun.see_again(store, settings.load(), row)}
    path.write_text(rows, encoding="utf-8")
    assert (outcomes["D1"], outcomes["D2"]) == ("same", "gone")
    with pytest.raises(UsageError, match="no evidence D99"):
        next(rerun.see_again(store, settings.load(), row, "D99"))


def test_a_post_mortem_escapes_what_the_books_say(page: dict[str, Any]) -> None:
    """A name is no markup, in Markdown nor in HTML."""
    odd = json.loads(json.dumps(page).replace("north", "<b>*north*</b>"))
    assert "<b>*north*" not in post_mortem.render(odd, html=True)
    assert "\\<b\\>\\*north\\*" in post_mortem.render(odd)


def test_the_pages_show_it_and_take_a_verdict(store: Store, page: dict[str, Any]) -> None:
    """The list and the page show what was found; a signed-in reviewer's verdict is recorded by its form."""
    address = f"/incidents/{page['incident_id']}"
    client = TestClient(pages(), base_url="http://127.0.0.1", client=("127.0.0.1", 50000))
    assert "shop=north" in client.get(address).text
    assert page["incident_id"] in client.get("/incidents").text
    assert f"# {page['incident_id']}" in client.get(f"{address}/report.md").text
    token = re.findall(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)[0]
    client.post("/sign-in", data={"csrf": token, "token": TOKENS["dana"]})
    token = re.findall(r'name="csrf" value="([^"]+)"', client.get(address).text)[0]
    verdict = {"csrf": token, "verdict": "right", "on": "E1", "back": address}
    response = client.post(f"{address}/verdict", data=verdict, headers={"Origin": "http://127.0.0.1"})
    assert "Recorded: your review." in response.text
    assert incidents.get(store, page["incident_id"]).verdict == "right"
