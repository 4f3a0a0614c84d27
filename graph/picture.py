"""Draw the graph into docs/graph.md: `python -m graph.picture`, with --check to see that it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from graph.audit import graph

TARGET = Path("docs/graph.md")
_HEAD = """# The audit's graph

Drawn from `graph/audit.py` by `make docs`; a test fails when it is not current. Dotted lines are routes
taken by what was found (`graph/routes.py`). `await_gate` and `await_approval` stop for a person.

"""


def page() -> str:
    """Give the page with the graph as a Mermaid drawing."""
    return f"{_HEAD}```mermaid\n{graph.get_graph().draw_mermaid().strip()}\n```\n"


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == page() else 1
    TARGET.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
