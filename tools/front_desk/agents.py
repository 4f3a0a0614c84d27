"""The registry of what can be set to work: each graph with its capabilities, inputs, risk and cost.

A test holds it against the catalogue of graphs: what is not in both is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tools.core.errors import UsageError

Risk = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]


@dataclass(frozen=True)
class Agent:
    """A graph that works for others. cost: low reads, middle computes, high takes a model or a letter."""

    name: str
    capabilities: frozenset[str]
    inputs: tuple[str, ...]
    risk: Risk
    cost: Literal["low", "middle", "high"]
    does: str


AGENTS: Final[Sequence[Agent]] = (
    Agent("audit", frozenset({"run_audit"}), ("sources",), "MEDIUM", "middle",
          "reads the books anew, tests them, raises flags and asks people about them"),
    Agent("feedback", frozenset({"run_feedback"}), (), "MEDIUM", "middle",
          "reads reviews and proposes changes of the rules, which people decide"),
    Agent("recovery", frozenset({"run_recovery"}), (), "MEDIUM", "middle",
          "makes claims of confirmed findings, and asks people before each letter"),
    Agent("incident", frozenset({"run_incident"}), ("incident",), "MEDIUM", "middle",
          "looks into an incident that was opened, and ranks what may have caused it"),
    Agent("programme", frozenset({"run_programme"}), ("programme",), "MEDIUM", "middle",
          "carries a programme of audit tasks out again, and asks people about its plan before any starts"),
    Agent("change", frozenset({"change_suppress", "change_threshold", "draft_test"}), ("wanted",),
          "MEDIUM", "middle",
          "drafts a change of the rules and takes it through tests and gates, after which two people decide"),
    Agent("front_desk",
          frozenset(
              {"figure", "list", "compare", "define", "explain", "help", "assess_controls", "review_change"}
          ),
          (), "LOW", "low", "answers from governed figures and what is on record"),
)  # fmt: skip


def able(capability: str) -> list[Agent]:
    """Give who can do something, the least risk first."""
    order = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
    return sorted(
        (agent for agent in AGENTS if capability in agent.capabilities),
        key=lambda agent: order.index(agent.risk),
    )


def by_name(name: str) -> Agent:
    """Give an agent by its name. Raises UsageError for one that there is not."""
    for agent in AGENTS:
        if agent.name == name:
            return agent
    names = ", ".join(agent.name for agent in AGENTS)
    raise UsageError(f"there is no agent '{name}'.", remedy=f"There are: {names}.")
