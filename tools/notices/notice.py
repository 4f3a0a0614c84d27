"""What a notice says, as data, and to whom it goes. The desk words and delivers it (desk/notices)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from textwrap import shorten
from typing import Any

from tools.core import recipients, settings
from tools.core.severity_levels import Risk
from tools.store import Store, flags, outbox, runs
from tools.store.columns import clean
from tools.store.models import Approval

MOST_ITEMS = 10
MOST_NAMES = 200
_WHY = 300  # characters of an explanation


@dataclass(frozen=True)
class Notice:
    """One notice: JSON primitives, amounts as decimal text; names and texts as the books have them.

    kind: gate, flags, feedback, escalation or alert. items: title, severity, amount, flags, why, choices,
    people, page. choices: what happens on each answer; an item may have its own.
    roles: to whom it goes besides approvers.
    page: path on the review pages. names: label -> names that a masked notice hides.
    """

    run_id: str
    kind: recipients.Kind
    risk: Risk
    title: str
    entity: str = ""
    why: Sequence[str] = ()
    items: Sequence[Mapping[str, Any]] = ()
    more: int = 0
    choices: str = ""
    page: str = ""
    roles: Collection[str] = ()
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def tell(store: Store, name: str, notice: Notice) -> list[str]:
    """Queue a notice for everybody whom the settings name for it, once; give their names.

    name: under which it is queued once a run and recipient.
    """
    told = recipients.chosen(settings.load().notify, notice.kind, notice.risk, notice.roles)
    payload = _cleaned(
        {key: value for key, value in asdict(notice).items() if key not in {"run_id", "roles"}}
    )
    for recipient in told:
        outbox.queue(store, notice.run_id, name, recipient, payload)
    return told


def of_request(store: Store, asked: Approval) -> Notice:
    """Give the notice of a request to people."""
    subjects: list[dict[str, Any]] = asked.payload["subjects"]
    held = flags.find(store, run_id=asked.run_id, status="proposed", limit=1_000_000)
    gate = asked.kind == "gate"
    return Notice(
        run_id=asked.run_id,
        kind="gate" if gate else "flags",
        risk=_risk(asked.risk),
        title="A run stopped at its gate" if gate else _cases(len(subjects)),
        entity=runs.get(store, asked.run_id).entity,
        why=asked.payload["reasons"],
        items=[] if gate else [_item(subject) for subject in subjects[:MOST_ITEMS]],
        more=0 if gate else max(0, len(subjects) - MOST_ITEMS),
        choices=str(subjects[0]["choices"]) if gate else "",
        page=f"runs/{asked.run_id}",
        roles=sorted({flag.role for flag in held if flag.role}),
        names={
            "VENDOR": _named(flag.vendor for flag in held),
            "PERSON": _named(flag.person for flag in held),
        },
    )


def of_escalation(store: Store, asked: Approval, role: str, hours: int) -> Notice:
    """Give the notice of a request that waited too long, to the senior role and whoever is told of those."""
    asking = of_request(store, asked)
    return replace(
        asking,
        kind="escalation",
        title=f"Undecided for {hours} hours: {asking.title}",
        why=[f"It waited too long and goes to the {role}, too; nothing was approved by it.", *asking.why],
        roles=[*asking.roles, role],
    )


def _item(subject: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "page": f"cases/{subject['subject']}" if not subject["subject"].startswith("others-") else "",
        "choices": subject["choices"],
        "title": subject["title"],
        "severity": subject["severity"],
        "amount": f"{subject['exposure']} {subject['currency']}".strip(),
        "flags": subject["flags"],
        "why": shorten(str(subject["why"]), _WHY, placeholder=" \u2026"),
        "people": subject["quorum"],
    }


def _cases(count: int) -> str:
    return "1 case to decide" if count == 1 else f"{count} cases to decide"


def _risk(word: str) -> Risk:
    return next((risk for risk in recipients.ASKED if risk == word), "HIGH")


def _named(names: Iterable[str | None]) -> list[str]:
    return sorted({name for name in names if name})[:MOST_NAMES]


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Replace what no database keeps: books carry NULs and broken surrogates."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(key): _cleaned(held) for key, held in value.items()}
    return [_cleaned(held) for held in value] if isinstance(value, list | tuple) else value
