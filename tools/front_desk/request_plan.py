"""How a request is carried out: by which pattern and agents, at which risk, started with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.core.errors import RunError, TieoutError, UsageError
from tools.front_desk import planning, sources
from tools.front_desk.changes.draft import of_words
from tools.front_desk.desk_context import store_and_settings
from tools.front_desk.understanding import from_dict
from tools.store import desk_requests


def pattern_of(understanding: Mapping[str, Any], named: str) -> tuple[str, str]:
    """Choose the pattern; or say why there is none."""
    try:
        return planning.chosen_pattern(from_dict(understanding), named), ""
    except UsageError as error:
        return "", str(error)


def steps_of(understanding: Mapping[str, Any], named: Sequence[str]) -> tuple[list[dict[str, str]], str]:
    """Choose who carries a request out; or say why nobody does."""
    reading_of = from_dict(understanding)
    try:
        steps = planning.chosen_steps(reading_of, named)
    except UsageError as error:
        return [], str(error)
    what = reading_of.intent.replace("_", " ")
    return steps, "" if steps else f"nothing at this desk can {what} yet."


def fitting_pattern(run_id: str, pattern: str, steps: Sequence[Mapping[str, str]]) -> tuple[str, str]:
    """Give the pattern by which so many steps can be carried out; or say why there is none.

    That a simpler one is taken is on record as a recovery from an error of the pattern.
    """
    store, _ = store_and_settings()
    named = planning.pattern_named(pattern)
    try:
        fitting = planning.fitting_pattern(named, steps)
    except UsageError as error:
        return pattern, str(error)
    if fitting != named:
        desk_requests.note_attempt(
            store, run_id, step="pattern", error_type="PATTERN_ERROR", strategy="AGENT_SWAP", number=1,
            success=True, error=f"{named} needs more than one step; carried out by {fitting}",
        )  # fmt: skip
    return fitting, ""


def risk_of(steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any]) -> tuple[str, str]:
    """Give the risk of what is about to start; or say why it cannot be."""
    try:
        for step in steps:
            inputs_of(step, understanding)
    except TieoutError as error:
        return "LOW", str(error)
    return planning.risk_of(steps) if steps else "LOW", ""


def inputs_of(step: Mapping[str, str], understanding: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an agent is started with. Raises RunError where the request does not say enough."""
    store, limits = store_and_settings()
    reading_of = from_dict(understanding)
    if step["agent"] == "audit":
        until = reading_of.period[1] if reading_of.period else None
        path = sources.of_past_audits(store, reading_of.parameters.get("file", ""))
        return {"sources": path, **({"as_of": until} if until else {})}
    if step["agent"] == "programme":
        return {"programme": sources.of_past_programmes(store, reading_of.parameters.get("file", ""))}
    if step["agent"] == "change":
        if reading_of.intent == "draft_test":
            return {"wanted": dict(reading_of.parameters)}
        wanted = {name: value for name, value in reading_of.parameters.items() if name != "sentence"}
        of_words(wanted, limits.rules)  # what cannot be a change is said before anybody is asked
        return {"wanted": wanted}
    if step["agent"] == "incident":
        name = reading_of.parameters.get("incident", "")
        if not name:
            raise RunError(
                "name the incident.",
                remedy="'tieout incident list' lists them; 'tieout investigate' opens one.",
            )
        return {"incident": name.upper()}
    return {}
