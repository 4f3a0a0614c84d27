"""Choose how an understood request is carried out: pattern, agents, and the risk of what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, get_args

from tools.core.errors import UsageError
from tools.core.severity_levels import RISKS
from tools.front_desk import agents
from tools.front_desk.agents import Agent, Risk
from tools.front_desk.understanding import Pattern, Understanding

# What has to be done one after the other: capabilities in their order.
CHAINS: Final[Mapping[str, Sequence[str]]] = {"chain_audit_recovery": ("run_audit", "run_recovery")}
REFINED: Final = ("change_suppress", "change_threshold", "draft_test")
READS: Final = ("figure", "list", "compare", "define", "explain", "help", "assess_controls", "review_change")


@dataclass(frozen=True)
class RequestPlan:
    """How a request is carried out. steps: the agents in order, each with what it is to do."""

    pattern: Pattern
    steps: Sequence[Mapping[str, str]]
    risk: Risk
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def suggest_pattern(reading: Understanding) -> Pattern:
    """Choose the pattern that an intent calls for."""
    if reading.intent in CHAINS:
        return "chain"
    if reading.intent == "run_programme":
        return "hierarchical"
    if reading.intent in REFINED:
        return "refine"
    return "human_first" if reading.intent in ("decide", "rollback") else "direct"


def suggest_agents(reading: Understanding) -> list[str]:
    """Name the agents that can do what is asked, in their order; empty where none can."""
    needed = CHAINS.get(reading.intent, (reading.intent,))
    able = [agents.able(capability) for capability in needed]
    return [chosen[0].name for chosen in able] if all(able) else []


def chosen_pattern(reading: Understanding, named: str = "") -> Pattern:
    """Give the pattern that the caller names, or the one that fits. Raises UsageError for an unknown one."""
    if not named:
        return suggest_pattern(reading)
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
    capabilities = list(CHAINS.get(reading.intent, (reading.intent,)))
    if named:
        able = [_able(agents.named(name), capabilities) for name in named]
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
    risks = [agents.named(step["agent"]).risk for step in steps if step["capability"] not in READS]
    return max(risks, key=RISKS.index, default="LOW")
