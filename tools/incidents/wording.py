"""Let a model word an incident's hypotheses; what it claims is checked, and the ranking stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from tools.books.engine import Books
from tools.core import settings
from tools.core.settings import Settings
from tools.incidents import purse
from tools.incidents.observe import read_published as read_seen
from tools.judgement import flag_facts
from tools.judgement.claim_check import Claim, why_false
from tools.judgement.model_wording import PromptText
from tools.models.budget import BudgetError
from tools.models.calls import ModelQuestion
from tools.models.endpoint import ModelError
from tools.models.masking import Mask
from tools.runs import run_files
from tools.runs.workspace import SNAPSHOT, Attempt, published, seal
from tools.store import incidents, open_store

NODE: Final = "synthesis"
ANSWER: Final = "model-answer"
MOST: Final = 5  # hypotheses that are worded
MOST_CLAIMS: Final = 3  # of each
MOST_FACTS: Final = 12  # of each
_ROOM: Final = 400  # tokens of an answer about one hypothesis
State = Mapping[str, Any]


class HypothesisNote(BaseModel):
    """A model's claims about one hypothesis."""

    model_config = ConfigDict(extra="forbid")

    hypothesis: str
    claims: list[Claim]


class IncidentNotes(BaseModel):
    """A model's answer about an incident's hypotheses."""

    model_config = ConfigDict(extra="forbid")

    notes: list[HypothesisNote] = Field(max_length=MOST)


def is_wanted(budget: str) -> bool:
    """Say whether a model words hypotheses: where one is set, and something may be spent."""
    return bool(settings.load().model) and Decimal(budget) > 0


def ask(state: State, prompt: PromptText) -> dict[str, Any]:
    """Ask the dear model, within what is left of the budget. Gives why there is no answer, "" where there is.

    state: run_id, incident_id, limit, observers, observed. The answer is published; a replay asks nothing.
    """
    limits = settings.load()
    folder = run_files.intact_folder(limits, state["run_id"])
    stored = published(folder, ANSWER)
    if stored is None:
        stored = Attempt(folder, ANSWER).publish(_answer(state, limits, prompt))
    seal(open_store(limits.database_url), folder, ANSWER)
    return {"note": stored["note"], "over_budget": stored["over_budget"]}


def check(state: State) -> dict[str, Any]:
    """Keep the claims that their facts give, by hypothesis and with what they cite; say why others went."""
    folder = run_files.intact_folder(settings.load(), state["run_id"])
    stored = published(folder, ANSWER) or {"notes": [], "facts": {}, "tokens": {}, "system": ""}
    mask = Mask(tokens=stored["tokens"])
    claims, removed = dict[str, list[dict[str, Any]]](), list[str]()
    for note in stored["notes"]:
        name = note["hypothesis"]
        facts = stored["facts"].get(name)
        for claim in map(Claim.model_validate, note["claims"]):
            why = (
                f"about {name}, which was not asked"
                if facts is None
                else why_false(claim, facts, stored["system"])
            )
            if why:
                removed.append(mask.show(why))
            else:
                text = mask.show(" ".join(claim.text.split()))
                checked = {"kind": claim.kind, "text": text, "evidence": list(claim.evidence)}
                claims.setdefault(name, []).append(checked)
    return {"claims": claims, "removed": removed}


def _answer(state: State, limits: Settings, prompt: PromptText) -> dict[str, Any]:
    facts = _facts(state)
    mask = Mask(_names(state, limits, [text for texts in facts.values() for text in texts.values()]))
    hidden = {
        name: {fact: mask.hide(text, letter=True) for fact, text in texts.items()}
        for name, texts in facts.items()
    }
    system, user = prompt.render(
        claims=str(MOST_CLAIMS),
        schema=json.dumps(IncidentNotes.model_json_schema()),
        data=json.dumps(hidden, indent=1, ensure_ascii=False),
    )
    notes, note, over_budget = list[dict[str, Any]](), "", False
    share = purse.Share(Decimal(state["limit"]), tuple(state["observers"]))
    question = ModelQuestion(system, user, IncidentNotes, "word_incident", _ROOM * len(facts))
    try:
        answer = purse.models(limits, state["run_id"], share, NODE).ask(question, dear=True)
        notes = [each.model_dump() for each in answer.notes]
    except BudgetError as error:
        note, over_budget = error.message, True
    except ModelError as error:
        note = str(error)
    return {
        "notes": notes, "note": note, "over_budget": over_budget, "facts": hidden, "tokens": mask.tokens,
        "system": system,
    }  # fmt: skip


def _facts(state: State) -> dict[str, dict[str, str]]:
    """Give the first hypotheses' facts: what was seen for and against each, and how it was tried."""
    folder = run_files.intact_folder(settings.load(), state["run_id"])
    ranking = (published(folder, "ranking") or {"hypotheses": []})["hypotheses"]
    texts = {item.observation_id: item.text for item in read_seen(state["run_id"], state["observed"])}
    facts = {}
    for hypothesis in ranking[:MOST]:
        cited = [*hypothesis["evidence_for"], *hypothesis["evidence_against"]]
        name = str(hypothesis["hypothesis_id"])
        facts[name] = {f"{name}.H": str(hypothesis["statement"])} | {
            each: texts[each] for each in dict.fromkeys(cited) if each in texts
        }
    return {name: dict(list(texts_of.items())[:MOST_FACTS]) for name, texts_of in facts.items()}


def _names(state: State, limits: Settings, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Give the names of people and vendors in texts, where the incident is about a run's books."""
    row = incidents.get(open_store(limits.database_url), state["incident_id"])
    run_id = str(row.question.get("run_id", ""))
    folder = run_files.intact_folder(limits, run_id) / SNAPSHOT if run_id else None
    if folder is None or not folder.is_dir():
        return []
    with Books.open(folder, limits) as books:
        return flag_facts.names_in(books, texts)
