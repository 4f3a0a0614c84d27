"""The queue of cases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.views import signatures
from desk.views.ranking import lines_of, ranking_row
from desk.web.endpoints import text, visitor_of
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import open_desk
from desk.web.pages.approvals import BRIEF
from desk.web.rendering import page, query
from tools.approvals import requests
from tools.approvals.votes import Ballot
from tools.core.severity_levels import GRAVEST_FIRST
from tools.feedback.ranking import learn
from tools.identity.people import Person
from tools.store import Store, case_events, case_flags, queue, saved_filters
from tools.store.models import Case, FlagStatus
from tools.store.queue import Key
from tools.store.queue_filters import QueueFilters, Show

STATUSES: tuple[str, ...] = get_args(FlagStatus)
REVIEWS = ("confirmed", "false_positive", "needs_information")
TABS: tuple[tuple[Show, str], ...] = (
    ("decide", "To decide"),
    ("review", "To review"),
    ("mine", "Mine"),
    ("all", "All cases"),
)
SIZE = 25
LONGEST = 200
_EXPOSURE = re.compile(r"-?[0-9]{1,18}")  # what a store keeps as a number
_CHANCE = re.compile(r"[0-9]{1,5}")
_KEPT = frozenset({"show", "severity", "status", "review", "vendor", "test", "text", "run_id", "order"})
_TITLE = re.compile(r"(.*), (\d+ rows?)", re.DOTALL)


def front(request: Request) -> Response:
    """Lead to the tab where work waits."""
    store = open_desk().store
    counts = _seen_by(visitor_of(request).person, store, signatures.open_ballots(store)).counts
    show = next((name for name, _ in TABS if counts[name] and name != "mine"), "all")
    return RedirectResponse(f"{request.scope.get('root_path', '')}/cases?show={show}", status_code=303)


def show(request: Request) -> Response:
    """Show a page of cases."""
    store, person = open_desk().store, visitor_of(request).person
    ballots = signatures.open_ballots(store)
    seen, ranking = _seen_by(person, store, ballots), learn.newest(store)
    filters = replace(
        wanted_of(request.query_params, learned=ranking is not None and ranking.in_use),
        user=person.user if person else "",
        signed=seen.signed,
    )
    page_of_queue = queue.page(
        store,
        filters,
        after=_key(request.query_params.get("after")),
        before=_key(request.query_params.get("before")),
        size=SIZE,
    )
    params = {
        name: value for name, value in vars(filters).items() if value and name not in ("user", "signed")
    }
    return page(
        request,
        "queue.html",
        {
            "section": "queue",
            "rows": rows_of(store, page_of_queue.cases, ballots),
            "total": page_of_queue.total,
            "tabs": [
                (name, label, seen.counts[name])
                for name, label in TABS
                if name != "mine" or person is not None
            ],
            "requests": len(requests.waiting(store)),
            "wanted": filters,
            "choices": queue.choices(store),
            "severities": GRAVEST_FIRST,
            "statuses": STATUSES,
            "reviews": REVIEWS,
            "narrowed": bool(set(params) - {"show", "order"}),
            "saved": saved_filters.of(store, person.user) if person else [],
            "this_view": query(params),
            "learned": lines_of(ranking_row(ranking)) if ranking else [],
            "by_chance": ranking is not None and ranking.in_use,
            "other_order": query({**params, "order": "exposure" if filters.order == "chance" else "chance"}),
            "answers": BRIEF,
            "said": message_of(request),
            "next": query({**params, "after": _text(page_of_queue.after)}) if page_of_queue.after else "",
            "previous": query({**params, "before": _text(page_of_queue.before)})
            if page_of_queue.before
            else "",
        },
    )


async def save_filters(request: Request, form: FormData) -> Response:
    """Keep the filters in force under a name, or forget those of one."""
    person, name = signed_in(request), text(form, "name", 200)
    if text(form, "forget"):
        await to_thread.run_sync(lambda: saved_filters.remove(open_desk().store, person.user, name))
    else:
        view = query({key: value for key, value in parse_qsl(text(form, "query", 2000)) if key in _KEPT})
        await to_thread.run_sync(lambda: saved_filters.save(open_desk().store, person.user, name, view))
    return back(request, form, "filters")


@dataclass(frozen=True)
class SeenCases:
    """What the tabs count for a person, and the cases on which they have done their part."""

    counts: dict[Show, int]
    signed: tuple[str, ...]


def _seen_by(person: Person | None, store: Store, ballots: Sequence[Ballot]) -> SeenCases:
    user = person.user if person else ""
    signed = tuple(signatures.signed_cases(store, user, ballots)) if user else ()
    return SeenCases(queue.counts(store, user=user, signed=signed), signed)


def wanted_of(params: Mapping[str, str], *, learned: bool = False) -> QueueFilters:
    """Read the filters; what is not one of ours does not narrow. learned: an order by chance is in use."""

    def one_of(name: str, allowed: tuple[str, ...]) -> str:
        value = params.get(name, "")
        return value if value in allowed else ""

    show: Show = next((tab for tab, _ in TABS if tab == params.get("show")), "all")
    return QueueFilters(
        show=show,
        severity=one_of("severity", GRAVEST_FIRST),
        status=one_of("status", STATUSES),
        review=one_of("review", REVIEWS),
        vendor=params.get("vendor", "").strip()[:LONGEST],
        test=params.get("test", "").strip()[:LONGEST],
        text=params.get("text", "").strip()[:LONGEST],
        run_id=params.get("run_id", "").strip()[:LONGEST],
        order="chance" if learned and params.get("order") != "exposure" else "exposure",
    )


def rows_of(store: Store, cases: Sequence[Case], ballots: Sequence[Ballot]) -> list[dict[str, Any]]:
    """Give cases as the queue lists them: with their standing, signatures, dates and who has them."""
    ids = [case.case_id for case in cases]
    standing, signed = case_flags.status_counts(store, ids), signatures.of_cases(store, ids, ballots)
    moments, people = case_flags.moments(store, ids), case_events.assignees(store, ids)
    chances = case_flags.chances(store, ids)
    return [
        {
            "case": case,
            "name": name_of(case),
            **dict.fromkeys(STATUSES, 0),
            **standing[case.case_id],
            "signed": signed.get(case.case_id),
            "moments": moments.get(case.case_id),
            "assignee": people.get(case.case_id, ""),
            "chance": chances.get(case.case_id),
        }
        for case in cases
    ]


def name_of(case: Case) -> dict[str, str]:
    """Take a case's title apart: what kind of thing it is, whom it is about, how many rows."""
    details: Mapping[str, Any] = case.details
    family = str(details.get("family", ""))
    title = case.title.removeprefix(f"{family.replace('_', ' ')}: ")
    parts = _TITLE.fullmatch(title) if family else None
    name, rows = parts.groups() if parts else (title, "")
    return {"family": family, "name": name, "rows": rows}


def _key(text: str | None) -> Key | None:
    exposure, _, rest = (text or "").partition("~")
    case_id, _, chance = rest.partition("~")
    if not (_EXPOSURE.fullmatch(exposure) and case_id):
        return None
    return Key(int(exposure), case_id, int(chance) if _CHANCE.fullmatch(chance) else 0)


def _text(key: Key | None) -> str:
    return f"{key.exposure}~{key.case_id}" + (f"~{key.chance}" if key.chance else "") if key else ""
