"""Draw the graphs into docs/graph.md: `python -m graph.picture`, with --check to see that it is current."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from graph import change, feedback, follow_up, front_desk, incident, recovery
from graph.audit import graph
from graph.investigation import build_investigation, build_observer
from graph.runtime.drawing import picture

TARGET = Path("docs/graph.md")
_HEAD = """# The audit's graph

Drawn from `graph/audit.py` by `make docs`; a test fails when it is not current. Dotted lines are routes
taken by what was found (`graph/audit_routes.py`). `await_gate` and `await_approval` stop for a person.

"""
_INVESTIGATION = """## Inside `investigate`

`graph/investigation.py`: the desk's own lookups see the gravest cases, and what they saw makes ranked
hypotheses. Where a model is set, three observers look further at each case side by side first; one that
fails or takes too long is left out.

"""
_OBSERVER = """Each observer is a conversation, bounded in turns, seconds and dollars: the model asks,
the desk looks up.

"""

_FEEDBACK = """
# Feedback's graph

Drawn from `graph/feedback.py`. `await_changes` stops for a person; what it is about is in
[feedback.md](feedback.md).

"""
_INCIDENT = """
# The incident's graph

Drawn from `graph/incident.py`: three observers at once, then every hypothesis is tried at once. It asks
nobody; [incidents.md](incidents.md) says what it does.

"""

_RECOVERY = """
# Recovery's graph

Drawn from `graph/recovery.py`. `await_claims` and `await_letters` stop for people; what it is about is in
[recovery.md](recovery.md).

"""
_FOLLOW_UP = """
# The graph of a day's follow-up

Drawn from `graph/follow_up.py`. `await_letters` stops for people.

"""

_FRONT_DESK = """
# The front desk's graph

Drawn from `graph/front_desk.py`. `clarify` stops to ask which reading is meant, `await_checkpoint` for
people's word; what may be asked is in [front-desk.md](front-desk.md).

"""

_CHANGE = """
# The graph of a change of the rules

Drawn from `graph/change.py`. `await_activation` stops for two people; what the gates are is in
[changes.md](changes.md).

"""


def page() -> str:
    """Give the page with the graphs as Mermaid drawings."""
    inside = f"{_INVESTIGATION}{_mermaid(build_investigation())}\n{_OBSERVER}{_mermaid(build_observer())}"
    others = f"{_FEEDBACK}{_mermaid(feedback.graph)}{_INCIDENT}{_mermaid(incident.graph)}"
    owed = f"{_RECOVERY}{_mermaid(recovery.graph)}{_FOLLOW_UP}{_mermaid(follow_up.graph)}"
    words = f"{_FRONT_DESK}{_mermaid(front_desk.graph)}{_CHANGE}{_mermaid(change.graph)}"
    return f"{_HEAD}{_mermaid(graph)}\n{inside}{others}{owed}{words}"


def _mermaid(compiled: CompiledStateGraph[Any, Any, Any, Any]) -> str:
    return f"```mermaid\n{picture(compiled).draw_mermaid().strip()}\n```\n"


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == page() else 1
    TARGET.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
