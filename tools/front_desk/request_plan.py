"""How a request is carried out: by which pattern and agents, at which risk, started with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.core.errors import RunError, TieoutError, UsageError
from tools.front_desk import planning, sources
from tools.front_desk.changes.draft import of_words
from tools.front_desk.opened import store_and_settings
from tools.front_desk.understanding import from_dict


def pattern_of(understanding: Mapping[str, Any], named: str) -> str:
    """Choose the pattern. Raises UsageError for one that there is not."""
    return planning.chosen_pattern(from_dict(understanding), named)


def steps_of(understanding: Mapping[str, Any], named: Sequence[str]) -> tuple[list[dict[str, str]], str]:
    """Choose who carries a request out; or say why nobody does."""
    reading_of = from_dict(understanding)
    try:
        steps = planning.chosen_steps(reading_of, named)
    except UsageError as error:
        return [], str(error)
    if len(steps) > 1:
        return [], "one thing at a time: ask for the second when the first has ended."
    what = reading_of.intent.replace("_", " ")
    return steps, "" if steps else f"nothing at this desk can {what} yet."


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
    if step["agent"] == "change":
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
