"""How the house names things: by the nouns of the field, and a class by a name that means one thing."""

from __future__ import annotations

import ast
import tokenize
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
WORDS: Final = frozenset(
    "found held told said one other some given made kept known asked taken meant wanted "
    "seen had drawn here there them".split()
)
MOST: Final = 5  # of those words in a thousand lines
FOLDERS: Final = tuple(
    ROOT / name for name in ("tools", "nodes", "graph", "desk", "prompts", "samples", "benchmarks")
)
EACH_NODE_ITS_OWN: Final = {"Reads", "Writes"}  # what a node reads and writes of the state


def _words(path: Path) -> int:
    """Count the words in a file's names; `left` too, where no `right` is beside it."""
    with path.open(encoding="utf-8") as file:
        names = Counter(
            token.string for token in tokenize.generate_tokens(file.readline) if token.type == tokenize.NAME
        )
    lone_left = names["left"] if not names["right"] else 0
    return lone_left + sum(count for name, count in names.items() if name in WORDS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_names_are_nouns_of_the_field(folder: Path) -> None:
    """Pronouns and participles say nothing of what a name stands for: at most 5 in a thousand lines."""
    files = sorted(folder.rglob("*.py"))
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    words = Counter({str(path.relative_to(ROOT)): _words(path) for path in files})
    worst = ", ".join(f"{name} {count}" for name, count in words.most_common(5) if count)
    assert 1000 * words.total() <= MOST * lines, f"{words.total()} in {lines} lines, most in: {worst}"


def test_a_class_name_means_one_thing() -> None:
    """No two files of the house define one; a leading underscore keeps a name to its file."""
    places: dict[str, list[str]] = defaultdict(list)
    for top in ("tools", "nodes", "graph", "desk"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(str(path.relative_to(ROOT)))
    shared = {name for name, files in places.items() if len(files) > 1} - EACH_NODE_ITS_OWN
    assert not shared, "\n".join(f"{name}: {', '.join(places[name])}" for name in sorted(shared))
