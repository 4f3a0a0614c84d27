"""The proposal as YAML: every guess with its reason behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from tools.ledger.guess.pair_guess import PairGuess
from tools.ledger.guess.source_draft import SourceDraft

_HEAD: Final = """\
# Proposed by 'tieout init' from the files in this folder. Behind each guess stands its reason; CHECK marks
# those that need your eye. Nothing is ever written over: correct this file, then run: tieout audit {name}
"""
_NOT_READ: Final = """\
# !!! NOT READ: nothing of these files is in the books. Each is a finding of every audit while it stands here.
# Add a source for it below, or take its line out once you have decided that it is none of the books."""


def render(
    name: str,
    entity: Mapping[str, tuple[Any, str]],
    drafts: Sequence[SourceDraft],
    pairs: Sequence[PairGuess],
    *,
    aside: Mapping[str, str],
    not_read: Mapping[str, str],
) -> str:
    """Write the sources file. entity: key -> value, reason. aside, not_read: files -> why."""
    lines = [_HEAD.format(name=name), "entity:"]
    lines += [_line(2, key, value, why) for key, (value, why) in entity.items()]
    lines.append('  # materiality: "5000.00"  # what would matter to a reader of the accounts: yours to say')
    if not_read:
        lines += ["", _NOT_READ, "not_read:"]
        lines += [_line(2, file, why, "") for file, why in sorted(not_read.items())]
    lines += ["", "sources:"]
    for draft in drafts:
        lines += _source(draft)
    lines += ["pairs:" if pairs else "pairs: []  # no two of these sources show the same money"]
    for pair in pairs:
        lines += _pair(pair)
    if aside:
        lines += ["", "# Not used:", *(f"# - {file}: {why}" for file, why in sorted(aside.items()))]
    return "\n".join(lines) + "\n"


def _source(draft: SourceDraft) -> list[str]:
    lines = [f"  {draft.name}:", _line(4, "kind", draft.kind, draft.why.get("kind", ""))]
    lines.append(_line(4, "path", draft.path, draft.why.get("path", f"{draft.file.rows:,} rows")))
    if draft.columns:
        lines.append("    columns:")
        lines += [_line(6, k, v, draft.why.get(f"columns.{k}", "")) for k, v in draft.columns.items()]
    lines += [_line(4, key, value, draft.why.get(key, "")) for key, value in draft.options.items()]
    return [*lines, ""]


def _pair(pair: PairGuess) -> list[str]:
    first, *rest = pair.value.items()
    lines = [f"  - {first[0]}: {scalar(first[1])}  # {pair.why}"]
    return lines + [_line(4, key, value, "") for key, value in rest]


def _line(indent: int, key: str, value: object, why: str) -> str:
    return f"{' ' * indent}{scalar(key)}: {scalar(value)}" + (f"  # {' '.join(why.split())}" if why else "")


def scalar(value: object) -> str:
    """Write a value as YAML has it within a line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True).strip()
    return text.removesuffix("\n...").removesuffix("...").strip()
