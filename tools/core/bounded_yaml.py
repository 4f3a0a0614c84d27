"""YAML within bounds: size, depth, values and aliases are counted while it is read, before anything is built.

What is wrong is said by its line and column, never by what stands there: a path may name somebody's secret.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import yaml
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, SequenceNode

from tools.core import settings

Place = Sequence[str | int]
REMEDY: Final = "Quote a value that holds a colon, a hash or a bracket, and indent with blanks."
# How PyYAML begins its sentences, and what we say: its own go on with what stands in the file.
_PLAIN: Final = (
    ("mapping values are not allowed", "a colon stands where a value was expected"),
    ("could not find expected ':'", "a key has no colon behind it"),
    ("found character '\\t'", "a tab stands where blanks were expected"),
    ("found character '%'", "a value begins with a percent sign"),
    ("found character '@'", "a value begins with an at sign"),
    ("found character '`'", "a value begins with a backtick"),
    ("found unexpected end of stream", "a quoted text does not end"),
    ("found undefined alias", "an alias has no anchor before it"),
    ("found duplicate anchor", "an anchor stands twice"),
    ("found unknown escape character", "a double-quoted text holds an escape that there is not"),
    ("could not determine a constructor", "a tag ('!...') is not taken here"),
    ("found unhashable key", "a list or a mapping stands where a key was expected"),
    ("expected a single document", "the file holds more than one document"),
    ("but found another document", "the file holds more than one document"),
    ("expected <block end>", "the line is not indented as the lines before it"),
    ("expected ',' or", "a bracket is not closed"),
    ("while parsing a flow node", "a bracket is not closed"),
)


class YamlError(ValueError):
    """What is wrong with a text, and where; `remedy` says what to do."""

    def __init__(self, reason: str, line: int = 0, column: int = 0, remedy: str = REMEDY) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column, self.remedy = reason, line, column, remedy

    def at(self, path: Path | str) -> str:
        """Name the place in a file: file, line and column where they are known."""
        return ":".join(str(part) for part in (path, self.line, self.column) if part)


@dataclass(frozen=True)
class Bounds:
    """How much of a text is taken: bytes, levels, values with each alias counted as what it stands for."""

    size: int = 1_000_000
    depth: int = 50
    values: int = 100_000

    @classmethod
    def of_settings(cls) -> Self:
        """Take the bounds that the settings say."""
        limits = settings.load()
        return cls(limits.yaml_bytes, limits.yaml_depth, limits.yaml_values)


@dataclass(frozen=True)
class Yaml:
    """A text that was read: its value, and its nodes to look lines up."""

    value: Any
    root: Node | None

    def line(self, place: Place) -> int | None:
        """Give the line of the deepest existing part of a place such as ("sources", "card", "kind")."""
        line, node = None, self.root
        for part in place:
            child = _child(node, part)
            if child is None:
                break
            line, node = child
        return line


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which counts what it composes."""

    def __init__(self, text: str, bounds: Bounds) -> None:
        super().__init__(text)
        self._bounds, self._values, self._depth = bounds, 0, 0
        self._weights: dict[str, int | None] = {}

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:  # noqa: ANN401 - PyYAML's own
        """Compose one value, and count it; an alias counts as all that it stands for."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            weight = self._weights.get(str(event.anchor), 1)
            if weight is None:
                raise YamlError("an alias stands for what it is part of", line)
            self._count(weight, line)
            return super().compose_node(parent, index)
        before, anchor = self._values, event.anchor
        self._count(1, line)
        self._depth += 1
        if self._depth > self._bounds.depth:
            raise _beyond(f"is nested deeper than {self._bounds.depth} levels", "TIEOUT_YAML_DEPTH", line)
        if anchor is not None:
            self._weights[anchor] = None
        node = super().compose_node(parent, index)
        if anchor is not None:
            self._weights[anchor] = self._values - before
        self._depth -= 1
        return node

    def _count(self, weight: int, line: int) -> None:
        self._values += weight
        if self._values > self._bounds.values:
            reason = f"stands for more than {self._bounds.values:,} values, aliases counted as what they name"
            raise _beyond(reason, "TIEOUT_YAML_VALUES", line)


class Texts(Loader):
    """Every value is the text that stands there: 0012 stays an account, yes a word; pydantic knows better."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load(text: str, bounds: Bounds | None = None, loader: type[Loader] = Loader) -> Any:  # noqa: ANN401 - any YAML
    """Give the value of a YAML text. Raises YamlError."""
    return parse(text, bounds, loader).value


def parse(text: str, bounds: Bounds | None = None, loader: type[Loader] = Loader) -> Yaml:
    """Give the value of a YAML text, with its nodes. Raises YamlError naming line, column, limit, setting."""
    limits = bounds or Bounds.of_settings()
    if len(text) > limits.size:
        raise _beyond(f"is larger than {limits.size:,} bytes", "TIEOUT_YAML_BYTES")
    try:
        reader = loader(text, limits)
        root = reader.get_single_node()
        return Yaml(None if root is None else reader.construct_document(root), root)
    except YamlError:
        raise
    except yaml.YAMLError as error:
        raise _refusal(error) from None
    except Exception:  # noqa: BLE001 - PyYAML's constructors raise whatever a tag on a wrong text leads to
        raise YamlError("a value is not what its form says, such as a day that there is not") from None


def read(path: Path, bounds: Bounds | None = None, loader: type[Loader] = Loader) -> Yaml:
    """Read a YAML file in UTF-8. Raises YamlError, or OSError when it cannot be read."""
    limits = bounds or Bounds.of_settings()
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise YamlError("is no file", remedy="Name a file.")
        data = file.read(limits.size + 1)
    if len(data) > limits.size:
        raise _beyond(f"is larger than {limits.size:,} bytes", "TIEOUT_YAML_BYTES")
    try:
        return parse(data.decode("utf-8-sig"), limits, loader)
    except UnicodeDecodeError as error:
        raise YamlError(f"is not UTF-8 at byte {error.start}", remedy="Save it as UTF-8.") from None


def _beyond(reason: str, setting: str, line: int = 0) -> YamlError:
    return YamlError(reason, line, remedy=f"Make it smaller, or raise {setting}.")


def _refusal(error: yaml.YAMLError) -> YamlError:
    """Word an error of PyYAML without what stands in the text."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    if isinstance(error, yaml.reader.ReaderError):
        return YamlError(f"not YAML: character {error.position} is one that no text holds")
    theirs = " ".join(filter(None, (getattr(error, "problem", ""), getattr(error, "context", ""))))
    reason = next((plain for begin, plain in _PLAIN if begin in theirs), "it breaks off here")
    return YamlError(f"not YAML: {reason}", line, column)


def _child(node: Node | None, part: str | int) -> tuple[int, Node] | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None
