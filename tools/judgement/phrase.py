"""Let a model word the explanations of the gravest and the least certain flags; nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from tools.budget import Budget, BudgetError
from tools.digest import digest
from tools.engine import Books
from tools.judgement import facts
from tools.judgement.claims import Claim, why_false
from tools.judgement.judge import Row, read_flags, write_flags
from tools.masking import Mask
from tools.settings import Settings

if TYPE_CHECKING:
    from tools.models import Call, Model

MOST_CLAIMS = 5
WORDING = ("explanation", "explained_by", "explanation_note")
OPEN_SCORES = (40, 60)
UNSURE = 0.70


class PromptText(Protocol):
    """A prompt with $slots."""

    def render(self, **slots: str) -> tuple[str, str]:
        """Give the system and the user message."""
        ...


class Note(BaseModel):
    """A model's claims about one flag."""

    model_config = ConfigDict(extra="forbid")

    flag: str
    claims: list[Claim]


class Notes(BaseModel):
    """A model's answer about a batch of flags."""

    model_config = ConfigDict(extra="forbid")

    notes: list[Note]


@dataclass
class Phrased:
    """What a model did. dollars is decimal text; degraded says why templates stand where it was asked."""

    asked: int = 0
    worded: int = 0
    kept_claims: int = 0
    removed_claims: int = 0
    removed: list[str] = field(default_factory=list)  # why, each
    dollars: str = "0"
    tokens: int = 0
    degraded: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives, without the calls: they are on the trail."""
        return {name: value for name, value in asdict(self).items() if name != "calls"}


def phrase(
    books: Books,
    judged: Path,
    settings: Settings,
    prompt: PromptText,
    *,
    cache: Path | None = None,
    record: Callable[[Call], None] | None = None,
    spent: Decimal = Decimal(0),
) -> Phrased:
    """Reword explanations in `judged`/flag.parquet, where settings name a model; else change nothing.

    Only `WORDING` changes; everything else of a flag is as before (see `substance`). On any failure the
    template stands and explanation_note says why. cache: where answers are kept. record: told of each
    call. spent: dollars that the run has spent before. Raises BudgetError when the setting says to stop.
    """
    if not settings.model:
        return Phrased()
    flags = read_flags(judged)
    chosen = choose(flags, settings)
    if not chosen:
        return Phrased()
    from tools.models import Model  # noqa: PLC0415 - only a run with a model pays for it

    budget = Budget(max(Decimal(0), settings.model_budget_dollars - spent), settings.model_budget_tokens)
    model = Model(settings, budget, cache=cache, record=record)
    mask = Mask(facts.names(books, chosen))
    outcome = Phrased(asked=len(chosen))
    batches = [chosen[at : at + settings.model_batch] for at in range(0, len(chosen), settings.model_batch)]
    prepared = [_prepare(batch, mask, prompt) for batch in batches]
    with ThreadPoolExecutor(settings.model_parallel) as pool:
        answers = [pool.submit(copy_context().run, _asked, model, one, settings) for one in prepared]
    for one, answer in zip(prepared, answers, strict=True):
        _apply(one, answer.result(), mask, outcome)
    outcome.dollars, outcome.tokens = f"{budget.spent:f}", budget.used
    outcome.calls = [call.as_dict() for call in model.calls]
    write_flags(flags, judged)
    return outcome


def choose(flags: Sequence[Row], settings: Settings) -> list[Row]:
    """Give the flags that a model words: of the gravest cases, between 40 and 60 points, or unsure."""
    low, high = OPEN_SCORES
    chosen = [
        flag
        for flag in flags
        if (flag["rank"] or 0) <= settings.model_cases
        or low <= flag["score"] <= high
        or flag["confidence"] < UNSURE
    ]
    return chosen[: settings.model_flags]


def substance(flags: Iterable[Mapping[str, Any]]) -> str:
    """Digest flags without their wording: the same with and without a model."""
    rows = [{name: value for name, value in flag.items() if name not in WORDING} for flag in flags]
    return digest(sorted(rows, key=lambda row: str(row["fingerprint"])))


@dataclass(frozen=True)
class _Batch:
    flags: dict[str, Row]
    facts: dict[str, dict[str, str]]
    system: str
    user: str


def _prepare(batch: Sequence[Row], mask: Mask, prompt: PromptText) -> _Batch:
    named = {f"F{number}": flag for number, flag in enumerate(batch, start=1)}
    told = {
        name: {ident: mask.hide(text) for ident, text in facts.of(flag, name).items()}
        for name, flag in named.items()
    }
    schema = json.dumps(Notes.model_json_schema())
    data = json.dumps(told, indent=1, ensure_ascii=False)
    system, user = prompt.render(claims=str(MOST_CLAIMS), schema=schema, data=data)
    return _Batch(named, told, system, user)


def _asked(model: Model, batch: _Batch, settings: Settings) -> Notes | str:
    """Give a model's notes, or why there are none."""
    from tools.llm import ModelError  # noqa: PLC0415 - as above
    from tools.models import Question  # noqa: PLC0415 - only a run with a model pays for it

    room = settings.model_answer_tokens * len(batch.flags)
    try:
        return model.ask(Question(batch.system, batch.user, Notes, "explain_case", room))
    except BudgetError as error:
        if settings.on_budget == "stop":
            raise
        return str(error)
    except ModelError as error:
        return str(error)


def _apply(batch: _Batch, answer: Notes | str, mask: Mask, outcome: Phrased) -> None:
    if isinstance(answer, str):
        outcome.degraded = outcome.degraded or answer
        for flag in batch.flags.values():
            flag["explanation_note"] = f"template: {answer}"
        return
    claims: dict[str, list[Claim]] = {name: [] for name in batch.flags}
    for note in answer.notes:
        for claim in note.claims:
            why = _refused(note.flag, claim, batch)
            if why:
                outcome.removed.append(mask.show(why))
            else:
                claims[note.flag].append(claim)
    outcome.removed_claims = len(outcome.removed)
    for name, flag in batch.flags.items():
        _word(flag, claims[name], mask, outcome)


def _refused(name: str, claim: Claim, batch: _Batch) -> str:
    if name not in batch.flags:
        return f"about {name}, which was not asked"
    return why_false(claim, batch.facts[name], batch.system)


def _word(flag: Row, claims: Sequence[Claim], mask: Mask, outcome: Phrased) -> None:
    """Put the claims that stand in place of the template's words; without a finding it stands.

    Its first line, what was found, always stays.
    """
    found = [claim for claim in claims if claim.kind == "finding"]
    if not found:
        flag["explanation_note"] = "template: no claim of the model held"
        return
    template = flag["explanation"].splitlines()
    lines = [template[0], *(_line(claim, mask) for claim in found)]
    for kind, label in (("innocent", "Innocent reading: "), ("test", "What would tell: ")):
        own = [_line(claim, mask) for claim in claims if claim.kind == kind]
        lines += [label + text for text in own] or [line for line in template if line.startswith(label)]
    flag["explanation"] = "\n".join(lines)
    flag["explained_by"] = "model"
    outcome.worded += 1
    outcome.kept_claims += len(claims)


def _line(claim: Claim, mask: Mask) -> str:
    cited = ", ".join(name.partition(".")[2] or name for name in claim.evidence)
    return f"{mask.show(' '.join(claim.text.split()))} [{cited}]"
