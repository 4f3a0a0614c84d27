"""What a notice says, as data, and to whom it goes. The desk words and delivers it (desk/notices)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from textwrap import shorten
from typing import Any

from tools.core import recipients, settings
from tools.core.severity_levels import Risk
from tools.store import Store, outbox, runs
from tools.store.columns import clean
from tools.store.models import ApprovalRequest, AuditRun

RUN = "run"  # the kind of origin that a run is
MOST_ITEMS = 10
MOST_NAMES = 200
_WHY = 300  # characters of an explanation
_ADDRESS = frozenset({"origin_kind", "origin_id", "roles"})
_KINDS: Mapping[str, recipients.Kind] = {
    "gate": "gate",
    "flags": "flags",
    "changes": "feedback",
    "claims": "claims",
    "letters": "letters",
}


@dataclass(frozen=True)
class Notice:
    """One notice: JSON primitives, amounts as decimal text; names and texts as the books have them.

    origin_id: what it is about, a run unless origin_kind says otherwise. kind: approval, gate, flags,
    feedback, escalation or alert. items: title, severity, amount, flags, why, choices, people, page.
    choices: what happens on each answer; an item may have its own. roles: to whom it goes besides approvers.
    page: path on the review pages; command: what shows it in a terminal. names: label -> names that a masked
    notice hides.
    """

    origin_id: str
    kind: recipients.Kind
    risk: Risk
    title: str
    entity: str = ""
    why: Sequence[str] = ()
    items: Sequence[Mapping[str, Any]] = ()
    more: int = 0
    choices: str = ""
    page: str = ""
    command: str = "tieout approvals"
    roles: Collection[str] = ()
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    origin_kind: str = RUN


def tell(store: Store, name: str, notice: Notice, *, also: str = "") -> list[str]:
    """Queue a notice for everybody whom the settings name for it, once; give their names.

    name: under which it is queued once an origin and recipient. also: a recipient of the settings who gets
    it whatever else they are told of.
    """
    known = settings.load().notify
    addressees = recipients.names_for(known, notice.kind, notice.risk, notice.roles)
    addressees += [also] if also in known and also not in addressees else []
    payload = _cleaned({key: value for key, value in asdict(notice).items() if key not in _ADDRESS})
    for recipient in addressees:
        outbox.queue(store, outbox.Origin(notice.origin_kind, notice.origin_id), name, recipient, payload)
    return addressees


def of_request(store: Store, request: ApprovalRequest) -> Notice:
    """Give the notice of a request to people."""
    payload = request.payload
    subjects: list[dict[str, Any]] = payload["subjects"]
    gate = request.kind == "gate"
    return Notice(
        origin_id=request.run_id,
        kind=_KINDS.get(request.kind, "approval"),
        risk=_risk(request.risk),
        title=request.title,
        entity=_entity(store, request.run_id),
        why=payload["reasons"],
        items=[] if gate else [_item(subject) for subject in subjects[:MOST_ITEMS]],
        more=0 if gate else max(0, len(subjects) - MOST_ITEMS),
        choices=str(subjects[0].get("choices", "")) if subjects else "",
        page=payload.get("page") or f"runs/{request.run_id}",
        roles=payload.get("roles", []),
        names=payload.get("names", {}),
    )


def _entity(store: Store, run_id: str) -> str:
    run = runs.get(store, run_id)
    return run.entity if isinstance(run, AuditRun) else str(run.counts.get("entity", ""))


def of_escalation(store: Store, request: ApprovalRequest, role: str, hours: int) -> Notice:
    """Give the notice of a request that waited too long, to the senior role and whoever is told of those."""
    asking = of_request(store, request)
    return replace(
        asking,
        kind="escalation",
        title=f"Undecided for {hours} hours: {asking.title}",
        why=[f"It waited too long and goes to the {role}, too; nothing was approved by it.", *asking.why],
        roles=[*asking.roles, role],
    )


def _item(subject: Mapping[str, Any]) -> dict[str, Any]:
    why = subject.get("why") or subject["description"]
    reasons = why if isinstance(why, str) else " ".join(map(str, why))
    return {
        "page": subject.get("page", ""),
        "choices": subject.get("choices", ""),
        "title": subject.get("title") or subject["description"],
        "severity": subject.get("severity") or subject["risk"],
        "amount": f"{subject.get('exposure', '')} {subject.get('currency', '')}".strip(),
        "flags": subject.get("flags", 0),
        "why": shorten(reasons, _WHY, placeholder=" \u2026"),
        "people": subject.get("quorum", 1),
    }


def _risk(word: str) -> Risk:
    return next((risk for risk in recipients.ASKED if risk == word), "HIGH")


def hidden_names(names: Iterable[str | None]) -> list[str]:
    """Give the names that a masked notice hides, each once."""
    return sorted({name for name in names if name})[:MOST_NAMES]


def _cleaned(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Replace what no database keeps: books carry NULs and broken surrogates."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(key): _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list | tuple) else value
