"""YAML with places: which line a key stands on, and no key twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from tools.core.errors import SourcesError

Place = Sequence[str | int]


class _Texts(yaml.SafeLoader):
    """Every value is the text that stands there: 0012 stays an account, yes a word; pydantic knows better."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: its value, and its nodes to look lines up."""

    path: Path
    value: Any
    root: Node | None

    def line(self, place: Place) -> int | None:
        """Give the line of the deepest existing part of a place such as ("sources", "card", "kind")."""
        line, node = None, self.root
        for part in place:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line

    def place(self, place: Place) -> str:
        """Write a place for a reader: "sources.yaml:14: sources.card.kind"."""
        line = self.line(place)
        at = f"{self.path}:{line}" if line else str(self.path)
        key = ".".join(str(part) for part in place)
        return f"{at}: {key}" if key else at


def read(path: Path) -> YamlFile:
    """Read a YAML file. Raises SourcesError with the line of what is not YAML, or stands twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourcesError(
            f"cannot be read: {error.strerror or error}",
            place=str(path),
            remedy="'tieout init FOLDER' proposes a sources file.",
        ) from None
    except UnicodeDecodeError as error:
        raise SourcesError(
            f"is not UTF-8 at byte {error.start}.", place=str(path), remedy="Save it as UTF-8."
        ) from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.load(text, Loader=_Texts)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError) as error:
        raise SourcesError(
            f"not YAML: {_problem(error)}",
            place=_at(path, error),
            remedy="Quote a value that holds a colon, a hash or a bracket, and indent with blanks.",
        ) from None
    _refuse_repeats(path, root)
    return YamlFile(path, value, root)


def _child(node: Node | None, part: str | int) -> tuple[int, Node] | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _refuse_repeats(path: Path, node: Node | None) -> None:
    if isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if isinstance(key.value, str) and key.value in seen:
                raise SourcesError(
                    f"'{key.value}' stands here and on line {seen[key.value]}.",
                    place=f"{path}:{line}",
                    remedy="Give each its own name.",
                )
            seen[str(key.value)] = line
            _refuse_repeats(path, value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _refuse_repeats(path, item)


def _problem(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error)


def _at(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{path}:{mark.line + 1}" if mark else str(path)
