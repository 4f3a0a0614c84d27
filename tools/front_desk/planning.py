"""Choose how an understood request is carried out: pattern, agents, and the risk of what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from tools.core.errors import UsageError
from tools.core.severity_levels import RISKS
from tools.front_desk import agents
from tools.front_desk.agents import Agent, Risk
from tools.front_desk.understanding import Pattern, Understanding

SEVERAL: Final[Mapping[str, Pattern]] = {"several_in_turn": "chain", "several_at_once": "parallel"}
# A pattern that cannot be carried out, and the simpler one that is taken instead.
SIMPLER: Final[Mapping[Pattern, Pattern]] = {"parallel": "chain", "chain": "direct"}
REFINED: Final = ("change_suppress", "change_threshold", "draft_test")
READS: Final = ("figure", "list", "compare", "define", "explain", "help", "assess_controls", "review_change")


def suggest_pattern(reading: Understanding) -> Pattern:
    """Choose the pattern that an intent calls for."""
    if reading.intent in SEVERAL:
        return SEVERAL[reading.intent]
    if reading.intent == "run_programme":
        return "hierarchical"
    if reading.intent in REFINED:
        return "refine"
    return "human_first" if reading.intent in ("decide", "rollback") else "direct"


def capabilities_of(reading: Understanding) -> list[str]:
    """Give what has to be done, in its order."""
    return reading.parameters.get("does", reading.intent).split(",")


def fitting_pattern(pattern: Pattern, steps: Sequence[Mapping[str, str]]) -> Pattern:
    """Give the pattern, or the nearest simpler one that so many steps can be carried out by.

    Raises UsageError where none can.
    """
    if len(steps) > 1 and pattern not in ("parallel", "chain", "human_first"):
        raise UsageError(
            f"the pattern '{pattern}' starts one thing, and {len(steps)} are asked for.",
            remedy="Name 'chain' or 'parallel'.",
        )
    while len(steps) == 1 and pattern in SIMPLER:
        pattern = SIMPLER[pattern]
    return pattern


def suggest_agents(reading: Understanding) -> list[str]:
    """Name the agents that can do what is asked, in their order; empty where none can."""
    able = [agents.able(capability) for capability in capabilities_of(reading)]
    return [chosen[0].name for chosen in able] if all(able) else []


def chosen_pattern(reading: Understanding, named: str = "") -> Pattern:
    """Give the pattern that the caller names, or the one that fits. Raises UsageError for an unknown one."""
    return pattern_named(named) if named else suggest_pattern(reading)


def pattern_named(named: str) -> Pattern:
    """Give a pattern by its name. Raises UsageError for one that there is not."""
    pattern: Pattern | None = next((word for word in get_args(Pattern) if word == named), None)
    if pattern is None:
        raise UsageError(
            f"there is no pattern '{named}'.", remedy=f"There are: {', '.join(get_args(Pattern))}."
        )
    return pattern


def chosen_steps(reading: Understanding, named: Sequence[str] = ()) -> list[dict[str, str]]:
    """Give the agents with what each is to do; those that the caller names, in that order.

    Raises UsageError where one cannot do what is asked.
    """
    capabilities = capabilities_of(reading)
    if named:
        able = [_able(agents.by_name(name), capabilities) for name in named]
        missing = [do for do in capabilities if do not in {capability for _, capability in able}]
        if missing:
            raise UsageError(f"nobody of {', '.join(named)} can {' or '.join(missing)}.")
        return [{"agent": agent.name, "capability": capability} for agent, capability in able]
    chosen = suggest_agents(reading)
    return [{"agent": name, "capability": do} for name, do in zip(chosen, capabilities, strict=False)]


def _able(agent: Agent, capabilities: Sequence[str]) -> tuple[Agent, str]:
    fitting = [capability for capability in capabilities if capability in agent.capabilities]
    if not fitting:
        can = ", ".join(sorted(agent.capabilities))
        raise UsageError(f"{agent.name} cannot do {' or '.join(capabilities)}.", remedy=f"It can: {can}.")
    return agent, fitting[0]


def risk_of(steps: Sequence[Mapping[str, str]]) -> Risk:
    """Give the greatest risk of what the steps do; reading is LOW whoever does it."""
    risks = [agents.by_name(step["agent"]).risk for step in steps if step["capability"] not in READS]
    return max(risks, key=RISKS.index, default="LOW")
