"""Answers that are on record: why a flag is there, what a figure means, who may do what, what to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tools.core import money
from tools.core.errors import RunError, UsageError
from tools.core.settings import Settings
from tools.front_desk import agents, figures
from tools.front_desk.understanding import Understanding
from tools.identity import roles, users_file
from tools.store import Store, flags, proposals
from tools.store.models import Flag

_MOST: Final = 5
Answered = dict[str, Any]


def answer(store: Store, settings: Settings, reading: Understanding) -> Answered:
    """Answer from what is on record; a request that nothing is on record about says so."""
    try:
        return {
            "kind": reading.intent,
            "echo": reading.echo,
            **_ANSWERS[reading.intent](store, settings, reading),
        }
    except (RunError, UsageError) as error:
        return {"kind": "refused", "why": str(error)}


def _define(_store: Store, _settings: Settings, reading: Understanding) -> Answered:
    figure = figures.by_name(reading.figure)
    return {
        "lines": [
            f"{figure.label}: {figure.definition}; {figure.population.about}.",
            f"Unit: {figure.unit}; grain: {figure.population.grain}; owner: {figure.population.owner}.",
            f"Not included: {figure.population.not_included}.",
            f"It can be split by {', '.join(figure.population.dimensions)}.",
        ]
    }


def _explain(store: Store, _settings: Settings, reading: Understanding) -> Answered:
    parameters = reading.parameters
    chosen = _flags(store, parameters)
    if not chosen:
        raise RunError(
            f"no flag is on record for {', '.join(parameters.values())}.", remedy="'tieout flags' lists them."
        )
    return {
        "lines": [_flag(flag) for flag in chosen[:_MOST]],
        "flags": [flag.flag_id for flag in chosen[:_MOST]],
    }


def _flags(store: Store, parameters: Mapping[str, str]) -> list[Flag]:
    if "flag" in parameters:
        return [flags.get(store, parameters["flag"])]
    if "case" in parameters:
        return flags.find(store, case_id=f"C-{parameters['case'].removeprefix('c-')}", limit=_MOST)
    if "vendor" in parameters:
        return flags.find(store, vendor=parameters["vendor"], sort="severity", limit=_MOST)
    return [
        flag
        for flag in flags.find(store, sort="severity", limit=1000)
        if flag.person == parameters.get("person")
    ][:_MOST]


def _flag(flag: Flag) -> str:
    amount = money.to_display(flag.exposure_minor, flag.currency)
    return f"{flag.flag_id} {flag.severity}, {flag.lead_test}, {amount}, {flag.status}: {flag.explanation}"


def _controls(_store: Store, settings: Settings, _reading: Understanding) -> Answered:
    lines = [f"{role} may {', '.join(sorted(deeds))}." for role, deeds in roles.MAY.items()]
    if users_file.in_use(settings.users):
        users = users_file.read(settings.users).users
        lines += [f"{user} holds {', '.join(entry.roles)}." for user, entry in sorted(users.items())]
        deciders = [user for user, entry in users.items() if roles.may(entry.roles, "decide")]
        lines.append(f"{len(deciders)} may decide; CRITICAL takes two different people.")
        if len(deciders) < 3:  # noqa: PLR2004 - two beside whoever started it
            lines.append(
                "With fewer than three who may decide, a CRITICAL request of one of them cannot be settled."
            )
    else:
        lines.append("No users file is in use: nobody may decide.")
    lines.append("What payments and postings show: ask for self approved postings, or unapproved payments.")
    return {"lines": lines}


def _help(_store: Store, _settings: Settings, _reading: Understanding) -> Answered:
    names = ", ".join(figures.figures())
    starts = "; ".join(f"{agent.name}: {agent.does}" for agent in agents.AGENTS if agent.risk != "LOW")
    return {
        "lines": [
            f"Figures: {names}.",
            "Ask for one with a period, a vendor, a person, an account, a category, and by what to split it.",
            f"Start after a confirmation: {starts}.",
            "Decisions are made where they are asked: tieout approvals.",
        ]
    }


def _review_change(store: Store, _settings: Settings, reading: Understanding) -> Answered:
    name = reading.parameters.get("proposal", "")
    if not name:
        raise UsageError("name the change.", remedy="'tieout feedback list' lists them.")
    proposal = proposals.get(store, name)
    again = proposal.details.get("replay", {})
    lines = [f"{proposal.proposal_id}: {proposal.kind} {proposal.test} {proposal.vendor}, {proposal.status}."]
    lines += (
        [f"Replayed over {len(again.get('runs', []))} runs, it hides {again['hidden']['flags']} flags."]
        if again
        else []
    )
    return {"lines": [*lines, *(f"Refused: {why}" for why in proposal.details.get("refusals", []))]}


_ANSWERS: Final[Mapping[str, Callable[[Store, Settings, Understanding], Answered]]] = {
    "define": _define,
    "explain": _explain,
    "assess_controls": _controls,
    "help": _help,
    "review_change": _review_change,
}
