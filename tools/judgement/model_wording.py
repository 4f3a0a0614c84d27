"""Let a model word the explanations of the gravest and the least certain flags; nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from tools.books.engine import Books
from tools.core.digest import digest
from tools.core.settings import Settings
from tools.judgement import flag_facts
from tools.judgement.claim_check import Claim, why_false
from tools.judgement.judge import Row, read_flags, write_flags
from tools.models.answer_cache import Answers
from tools.models.budget import Budget, BudgetError
from tools.models.masking import Mask

if TYPE_CHECKING:
    from tools.models.calls import Call
    from tools.models.model import Model

MOST_CLAIMS = 5
WORDING = ("explanation", "explained_by", "explanation_note")
OPEN_SCORES = (40, 60)
UNSURE = 0.70
NODE = "escalate"  # on whose budget it goes
OPEN = "template: no claim of the model held"


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
    budget: Budget | None = None,
    cache: Answers | None = None,
    record: Callable[[Call], None] | None = None,
) -> Phrased:
    """Reword explanations in `judged`/flag.parquet, where settings name a model; else change nothing.

    Only `WORDING` changes; everything else of a flag is as before (see `substance`). On any failure the
    template stands and explanation_note says why. budget: the run's; the settings' where it is left out.
    cache: where answers are kept. record: told of each call. Raises BudgetError when the setting says so.
    """
    if not settings.model:
        return Phrased()
    flags = read_flags(judged)
    chosen = choose(flags, settings)
    if not chosen:
        return Phrased()
    from tools.models.model import Model  # noqa: PLC0415 - only a run with a model pays for it

    limit = budget or Budget(
        settings.model_budget_dollars, settings.model_budget_tokens, nodes=settings.model_node_limits,
        case=settings.model_case_limit,
    )  # fmt: skip
    model = Model(settings, limit, node=NODE, cache=cache, record=record)
    outcome = Phrased(asked=len(chosen))
    hidden = flag_facts.names(books, chosen)
    _ask_all(model, chosen, hidden, prompt, outcome)
    still_open = [flag for flag in chosen if flag["explanation_note"] == OPEN]
    if still_open and settings.model_dear not in ("", settings.model):
        _ask_all(model, still_open, hidden, prompt, outcome, dear=True)
    outcome.dollars = f"{sum((Decimal(call.dollars) for call in model.calls), Decimal(0)):f}"
    outcome.tokens = sum(call.tokens_in + call.tokens_out for call in model.calls)
    outcome.calls = [call.as_dict() for call in model.calls]
    write_flags(flags, judged)
    return outcome


def _ask_all(
    model: Model,
    chosen: Sequence[Row],
    hidden: Sequence[tuple[str, str]],
    prompt: PromptText,
    outcome: Phrased,
    *,
    dear: bool = False,
) -> None:
    """Ask about all of them in batches side by side, and word what comes back."""
    size = model.settings.model_batch
    batches = [chosen[at : at + size] for at in range(0, len(chosen), size)]
    prepared = [_prepare(batch, Mask(hidden), prompt) for batch in batches]
    ask = partial(_notes, model, dear=dear)
    with ThreadPoolExecutor(model.settings.model_parallel) as pool:
        answers = [pool.submit(copy_context().run, ask, batch) for batch in prepared]
    for batch, answer in zip(prepared, answers, strict=True):
        _apply(batch, answer.result(), outcome)


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
    """Flags under the names that a model is told, and what it is told. One batch is one conversation."""

    mask: Mask
    flags: dict[str, Row]
    facts: dict[str, dict[str, str]]
    system: str
    user: str


def _prepare(batch: Sequence[Row], mask: Mask, prompt: PromptText) -> _Batch:
    named = {f"F{number}": flag for number, flag in enumerate(batch, start=1)}
    facts = {name: flag_facts.hidden(flag_facts.of(flag, name), mask) for name, flag in named.items()}
    schema = json.dumps(Notes.model_json_schema())
    data = json.dumps(facts, indent=1, ensure_ascii=False)
    system, user = prompt.render(claims=str(MOST_CLAIMS), schema=schema, data=data)
    return _Batch(mask, named, facts, system, user)


def _notes(model: Model, batch: _Batch, *, dear: bool) -> Notes | str:
    """Give a model's notes, or why there are none."""
    from tools.models.calls import ModelQuestion  # noqa: PLC0415 - as above
    from tools.models.endpoint import ModelError  # noqa: PLC0415 - only a run with a model pays for it

    room = model.settings.model_answer_tokens * len(batch.flags)
    cases = tuple(sorted({flag["case_id"] for flag in batch.flags.values() if flag["case_id"]}))
    try:
        return model.ask(
            ModelQuestion(batch.system, batch.user, Notes, "explain_case", room, cases), dear=dear
        )
    except BudgetError as error:
        if model.settings.on_budget == "stop":
            raise
        return error.message
    except ModelError as error:
        return str(error)


def _apply(batch: _Batch, answer: Notes | str, outcome: Phrased) -> None:
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
                outcome.removed.append(batch.mask.show(why))
            else:
                claims[note.flag].append(claim)
    outcome.removed_claims = len(outcome.removed)
    for name, flag in batch.flags.items():
        _word(flag, claims[name], batch.mask, outcome)


def _refused(name: str, claim: Claim, batch: _Batch) -> str:
    if name not in batch.flags:
        return f"about {name}, which was not asked"
    return why_false(claim, batch.facts[name], batch.system)


def _word(flag: Row, claims: Sequence[Claim], mask: Mask, outcome: Phrased) -> None:
    """Put the claims that stand in place of the template's words; without a finding it stands.

    Its first line, what was found, always stays.
    """
    findings = [claim for claim in claims if claim.kind == "finding"]
    if not findings:
        flag["explanation_note"] = OPEN
        return
    template = flag["explanation"].splitlines()
    lines = [template[0], *(_line(claim, mask) for claim in findings)]
    for kind, label in (("innocent", "Innocent reading: "), ("test", "What would tell: ")):
        own = [_line(claim, mask) for claim in claims if claim.kind == kind]
        lines += [label + text for text in own] or [line for line in template if line.startswith(label)]
    flag["explanation"] = "\n".join(lines)
    flag["explained_by"], flag["explanation_note"] = "model", None
    outcome.worded += 1
    outcome.kept_claims += len(claims)


def _line(claim: Claim, mask: Mask) -> str:
    cited = ", ".join(name.partition(".")[2] or name for name in claim.evidence)
    return f"{mask.show(' '.join(claim.text.split()))} [{cited}]"
