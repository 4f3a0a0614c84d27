"""The sources file as YAML with places: which line a key stands on, and no key twice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from tools.core import bounded_yaml
from tools.core.bounded_yaml import Place, Yaml, YamlError
from tools.core.errors import SourcesError
from tools.core.refusal_text import dotted, plain_key


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: where it lies, its value, and its nodes to look lines up."""

    path: Path
    yaml: Yaml

    @property
    def value(self) -> Any:  # noqa: ANN401 - any YAML
        """What it says."""
        return self.yaml.value

    def place(self, place: Place) -> str:
        """Write a place for a reader: "sources.yaml:14: sources.card.kind"."""
        line = self.yaml.line(place)
        at = f"{self.path}:{line}" if line else str(self.path)
        key = dotted(place)
        return f"{at}: {key}" if key else at


def read(path: Path) -> YamlFile:
    """Read a YAML file. Raises SourcesError with the line of what is not YAML, or stands twice."""
    try:
        parsed = bounded_yaml.read(path, loader=bounded_yaml.Texts)
    except OSError as error:
        raise SourcesError(
            f"cannot be read: {error.strerror or error}",
            place=str(path),
            remedy="'tieout init FOLDER' proposes a sources file.",
        ) from None
    except YamlError as error:
        raise SourcesError(f"{error.reason}.", place=error.at(path), remedy=error.remedy) from None
    _refuse_repeats(path, parsed.root)
    return YamlFile(path, parsed)


def _refuse_repeats(path: Path, node: Node | None) -> None:
    if isinstance(node, MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if isinstance(key.value, str) and key.value in lines:
                raise SourcesError(
                    f"'{plain_key(key.value)}' stands here and on line {lines[key.value]}.",
                    place=f"{path}:{line}",
                    remedy="Give each its own name.",
                )
            lines[str(key.value)] = line
            _refuse_repeats(path, value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _refuse_repeats(path, item)
