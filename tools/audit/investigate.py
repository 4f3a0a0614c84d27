"""Look into the gravest cases: each observer's part published whole, so that a replay repeats none of it."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from typing import Any

from tools.audit.read_cases import observations_of, reading_of
from tools.books.engine import Books
from tools.core import settings
from tools.core.digest import digest
from tools.core.settings import Settings
from tools.core.timeouts import LateError, within
from tools.investigation import casefile, conversation, hypotheses, observers
from tools.investigation.casefile import Fact
from tools.investigation.lookups import Bench
from tools.investigation.results import concluded, of_case
from tools.judgement import flag_facts
from tools.judgement.model_wording import PromptText
from tools.models import spending
from tools.models.budget import BudgetError
from tools.models.calls import Turn
from tools.models.endpoint import ModelError
from tools.models.masking import Mask
from tools.models.model import REFINEMENTS, Model
from tools.runs.run_files import intact_folder
from tools.runs.workspace import SNAPSHOT, Attempt, published, run_folder, seal
from tools.store import incidents, open_store

NODE = "investigate"  # on whose budget it goes
ANSWER_TOKENS = 1500
HURRY = 0.75  # of its time: from then on an observer has to report

State = Mapping[str, Any]


def open_case(state: State, prompt: PromptText) -> dict[str, Any]:
    """Begin an observer's conversation: what the desk saw of the case as facts, masked."""
    limits = settings.load()
    run = intact_folder(limits, state["run_id"])
    observer = observers.by_name(state["observer"])
    observations = observations_of(reading_of(state["run_id"], state["reading"], state["case_id"]))
    texts = {item.observation_id: item.text for item in observations}
    name = f"observed-{digest([state['case_id'], observer.name, texts])[:16]}"
    if published(run, name):
        return {**_nothing_yet(name), "ended": "known"}
    with Books.open(run / SNAPSHOT, limits) as books:
        mask = Mask(flag_facts.names_in(books, texts.values()))
    hidden = {
        item.observation_id: mask.hide(item.text, letter=item.observer == "documents")
        for item in observations
    }
    system, user = prompt.render(
        view=observer.view,
        turns=str(limits.investigate_steps),
        most=str(hypotheses.MOST),
        data=json.dumps(hidden, indent=1, ensure_ascii=False),
    )
    return {
        **_nothing_yet(name),
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "facts": {
            each: {**fact, "text": hidden[each]} for each, fact in casefile.facts_of(observations).items()
        },
        "tokens": mask.tokens,
    }


def ask_model(state: State) -> dict[str, Any]:
    """Take the observer's next turn. A model that is away, or a budget that is used up, ends its part."""
    limits, started = settings.load(), time.monotonic()
    seconds = limits.investigate_seconds - state["seconds"]
    if seconds <= 0:
        return {"ended": _late(limits)}
    model = Model(
        limits,
        spending.budget_of(limits, state["run_id"]),
        node=NODE,
        cache=spending.answers(limits, state["run_id"]),
        record=spending.recorder(limits, state["run_id"]),
    )
    try:
        reply = model.turn(_turn(state, limits, seconds))
    except BudgetError as error:
        if limits.on_budget == "stop":
            raise
        return {"ended": error.message}
    except ModelError as error:
        return {"ended": error.message}
    steps = state["steps"] + 1
    update = conversation.after_reply(reply, steps, limits.investigate_steps)
    return {
        **update,
        "messages": [*state["messages"], *update["messages"]],
        "invalid": state["invalid"] + update["invalid"],
        "steps": steps,
        "seconds": state["seconds"] + time.monotonic() - started,
    }


def use_tools(state: State) -> dict[str, Any]:
    """Do what the model asked of the desk, within the observer's time."""
    limits, started = settings.load(), time.monotonic()
    opened: list[Books] = []

    def late() -> None:
        for books in opened:
            books.connection.interrupt()

    try:
        seconds = limits.investigate_seconds - state["seconds"]
        update = within(seconds, lambda: _do_lookups(state, limits, opened), late=late)
    except LateError:
        return {"ended": _late(limits)}
    return {**update, "seconds": state["seconds"] + time.monotonic() - started}


def conclude(state: State) -> dict[str, Any]:
    """Publish what the observer's model came to, held against its facts; give it as counts under its name."""
    limits = settings.load()
    run = run_folder(limits, state["run_id"])
    result = published(run, state["name"])
    if result is None:
        with Attempt(run, state["name"]) as attempt:
            flags = casefile.flags_of(state["flags"], state["case_id"])
            result = attempt.publish(concluded(state, flags[0]))
    seal(open_store(limits.database_url), run, state["name"])
    summary = {"name": state["name"], "status": result["status"], "readings": len(result["readings"])}
    return {f"{state['case_id']}:{state['observer']}": summary}


def merge(state: State, observations: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Rank each case's hypotheses; give counts, and where each case's result lies.

    observations: where models' parts lie, under case and observer; none where no model looked further.
    """
    limits = settings.load()
    run, store = intact_folder(limits, state["run_id"]), open_store(limits.database_url)
    by_case: dict[str, dict[str, dict[str, Any]]] = {case_id: {} for case_id in state["reading"]["cases"]}
    for key in sorted(observations):
        case_id, _, observer = key.rpartition(":")
        part = published(run, observations[key]["name"])
        if part is not None:
            by_case[case_id][observer] = part
    name = f"investigation-{digest([state['reading'], dict(observations)])[:16]}"
    result = published(run, name)
    if result is None:
        verdicts = incidents.verdicts(store)
        cases = {
            case_id: of_case(
                reading_of(state["run_id"], state["reading"]["name"], case_id), by_observer, verdicts
            )
            for case_id, by_observer in by_case.items()
        }
        result = Attempt(run, name).publish({"cases": cases})
    seal(store, run, name)
    return {"name": name, **_counts(result["cases"].values())}


def _counts(cases: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    statuses = [observer for case in cases for observer in case["observers"].values()]
    return {
        "cases": len(cases),
        "observers": len(statuses),
        "degraded": sorted({status["error"] for status in statuses if status["status"] != "ran"}),
        "readings": sum(len(case["hypotheses"]) for case in cases),
        "removed": sum(case["removed"] for case in cases),
    }


def results(run_id: str, investigated: Mapping[str, Any]) -> dict[str, Any]:
    """Give the result of each case that was looked into."""
    result = published(run_folder(settings.load(), run_id), investigated["name"]) if investigated else None
    return dict(result["cases"]) if result else {}


def _nothing_yet(name: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"messages": [], "facts": {}, "tokens": {}, "report": {}, "ended": ""}
    return {**empty, "name": name, "steps": 0, "invalid": 0, "seconds": 0.0}


def _turn(state: State, limits: Settings, seconds: float) -> Turn:
    last = state["steps"] >= limits.investigate_steps - 1
    hurry = state["steps"] and state["seconds"] > HURRY * limits.investigate_seconds
    return Turn(
        state["messages"],
        conversation.tools_of(observers.by_name(state["observer"])),
        "investigate_case",
        ANSWER_TOKENS,
        must=conversation.REPORT if last or hurry else "",
        seconds=seconds,
        cases=(state["case_id"],),
        dear=state["invalid"] >= REFINEMENTS,
    )


def _do_lookups(state: State, limits: Settings, opened: list[Books]) -> dict[str, Any]:
    observer = observers.by_name(state["observer"])
    facts: dict[str, Fact] = state["facts"]
    with Books.open(run_folder(limits, state["run_id"]) / SNAPSHOT, limits) as books:
        opened.append(books)
        bench = Bench(
            books,
            open_store(limits.database_url),
            state["run_id"],
            {name: fact["key"] for name, fact in facts.items() if fact["kind"] == "row"},
        )
        mask = Mask(tokens=state["tokens"])
        number = sum(name.startswith(observer.letter) for name in facts)
        asking = state["messages"][-1]
        calls = json.dumps(conversation.calls_shown(asking, mask, bench.rows))
        messages, new_facts = conversation.answered(asking, observer, bench, mask, number)
    return {
        "messages": [*state["messages"], *messages],
        "facts": {**facts, **{name: {**fact, "calls": calls} for name, fact in new_facts.items()}},
        "tokens": mask.tokens,
    }


def _late(limits: Settings) -> str:
    return f"not finished in {limits.investigate_seconds:g} s"
