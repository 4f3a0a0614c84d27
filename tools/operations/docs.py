"""Write the pages that are generated: `python -m tools.docs`, with --check to see that they are current.

docs/tests-of-the-books.md from the headers of the tests, docs/rules.md and rules.yaml from those and the
rules' own model, docs/sources.md from the model of the sources file, docs/engines.md from what engines can.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.checks.catalogue import NAMES, loaded, settable
from tools.ledger.sources_docs import sources_page
from tools.operations.engines_docs import engines_page
from tools.rules.leaves import is_section, leaves
from tools.rules.model import Rules
from tools.rules.test_header import BookTest

ROOT: Final = Path(__file__).parents[2]
TITLES: Final[Mapping[str, str]] = {
    "quality": "Data quality",
    "reconciliation": "Reconciliation",
    "anomaly": "Anomalies",
}
_ABOUT: Final = {"source": "a source", "line": "a line that could not be read", "cell": "a cell of a table"}
_ABSOLUTE: Final = {
    "money": "a threshold in money: at a hundred times the amounts, other books to it",
    "calendar": "days of the entity's calendar decide: seven days later may be another finding",
    "order": "which row stands behind which in a file decides",
}
_WIDTH: Final = 10_000  # a value stays on its line


def tests_page() -> str:
    """Write docs/tests-of-the-books.md."""
    lines = [
        "# Tests of the books",
        "",
        "Written by `make docs` from the header of each test, which stands at the top of its `.sql` file.",
        "A finding scores 0 to 100; above 70 it makes a suspect by itself, weaker ones only together.",
    ]
    for check in NAMES:
        lines += ["", f"## {TITLES[check]}"]
        for test in loaded(check):
            lines += ["", *_test(test)]
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """Write docs/rules.md: every key of the rules file."""
    lines = [
        "# The rules file",
        "",
        "Written by `make docs`. A rules file holds what differs from the defaults here; unknown keys are",
        "refused. `tieout audit ... --rules FILE` reads it, or the setting TIEOUT_RULES, or `rules.yaml`.",
        "",
        "| key | default | what it is |",
        "|---|---|---|",
        *(_row(key, field) for key, field in leaves(Rules)),
        "",
        "## Parameters of the tests",
        "",
        "Under `tests:`, by test. `enabled: false` stops a test.",
        "",
        "| test | parameters and their defaults |",
        "|---|---|",
        *(f"| {test.name} | {_params(test)} |" for check in NAMES for test in settable(check)),
    ]
    return "\n".join(lines) + "\n"


def rules_file() -> str:
    """Write rules.yaml: every key with its default, commented out."""
    lines = [
        "# The rules: what a company sets otherwise than by default. Take away the # of what you change,",
        "# and of the keys above it. Written by `make docs`; docs/rules.md says the same as a table.",
        *_section(Rules, 0),
    ]
    for check in NAMES:
        lines += [
            f"#   # {TITLES[check]}",
            *(f"#   {test.name}: {_flow(dict(test.params))}  # {test.title}" for test in settable(check)),
        ]
    return "\n".join(lines) + "\n"


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/tests-of-the-books.md": tests_page,
    "docs/rules.md": rules_page,
    "docs/sources.md": sources_page,
    "docs/engines.md": engines_page,
    "rules.yaml": rules_file,
}


def stale() -> list[str]:
    """Name the pages that are not what they would be if written now."""
    return [
        name
        for name, page in PAGES.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != page()
    ]


def main() -> None:
    """Write the pages, or say which are stale."""
    parser = argparse.ArgumentParser(description="Write the generated pages.")
    parser.add_argument("--check", action="store_true", help="only say whether they are current")
    if parser.parse_args().check:
        old = stale()
        sys.exit(f"not current: {', '.join(old)}; run 'make docs'" if old else 0)
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


def _test(test: BookTest) -> list[str]:
    facts = {
        "finds": _ABOUT.get(test.about, ""),
        "looks at": ", ".join(test.kinds),
        "needs": ", ".join(test.needs),
        "parameters": _params(test),
        "scores": test.scores,
        "history": f"{test.history} days" if test.history else "",
        "absolute": "; ".join(_ABSOLUTE[word] for word in test.absolute),
        "source": test.source,
    }
    lines = [f"- {name}: {fact}" for name, fact in facts.items() if fact]
    return [f"### {test.name}", "", f"{_sentence(test.title)} {_sentence(test.purpose)}", "", *lines]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _params(test: BookTest) -> str:
    return ", ".join(f"{name} = {_flow(value)}" for name, value in test.params.items())


def _section(model: type[BaseModel], depth: int) -> Iterator[str]:
    margin = "# " + "  " * depth
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        remark = f"  # {field.description}" if field.description else ""
        if is_section(field):
            yield f"{margin}{name}:"
            yield from _section(type(default), depth + 1)
        else:
            yield (
                f"{margin}{name}:{remark}"
                if name == "tests"
                else f"{margin}{name}: {_default(field)}{remark}"
            )


def _row(key: str, field: FieldInfo) -> str:
    return f"| {key} | {_default(field)} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    holder = Rules.model_construct(tests=field.get_default(call_default_factory=True))
    return _flow(holder.model_dump(mode="json", warnings=False)["tests"])


def _flow(value: object) -> str:
    """Write a value as YAML on one line."""
    return (
        yaml.safe_dump(value, default_flow_style=True, width=_WIDTH, sort_keys=False)
        .removesuffix("...\n")
        .strip()
    )


if __name__ == "__main__":
    main()
