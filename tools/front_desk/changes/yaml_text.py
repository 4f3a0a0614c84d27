"""Edit the text of a YAML file: one value is set, or one edit taken back; every other line stays."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node

from tools.core import bounded_yaml
from tools.core.bounded_yaml import YamlError
from tools.core.errors import RulesError

_REMEDY = (
    "Write the rules file's keys one below the other, or edit it by hand and draft from that: --rules FILE."
)


def _dumper(style: str) -> type[yaml.SafeDumper]:
    """Make a dumper that writes texts of several lines in a style."""

    class Dumper(yaml.SafeDumper):
        pass

    Dumper.add_representer(
        str,
        lambda dumper, text: dumper.represent_scalar(
            "tag:yaml.org,2002:str", text, style=style if "\n" in text else None
        ),
    )
    return Dumper


_BLOCK: Final = _dumper("|")  # texts of several lines as they stand
_FLOW: Final = _dumper('"')  # in quotes, for a place within a line


def with_value(text: str, path: Sequence[str], value: object) -> str:
    """Give a YAML text with a value at a path of keys; keys that are missing are added.

    Raises RulesError where it cannot be put there.
    """
    try:
        expected = _set(bounded_yaml.load(text) or {}, path, value)
        edited = _edited(text, path, value)
        same = bounded_yaml.load(edited) == expected
    except YamlError as error:
        raise RulesError(f"{error.reason}.", place="rules file", remedy=error.remedy) from None
    if not same:
        raise RulesError(f"{'.'.join(path)} cannot be set in this text.", place="rules file", remedy=_REMEDY)
    return edited


def taken_back(before: str, after: str, current: str) -> str:
    """Give a text without one edit of it, while later edits of other lines stay.

    before, after: of the edit. Raises RulesError where later edits touched the same lines.
    """
    a, b, c = (text.splitlines(keepends=True) for text in (before, after, current))
    places = _places(b, c)
    result, end = [], 0
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, b, a, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start, stop = _span(places, i1, i2, len(c))
        if start < end or c[start:stop] != b[i1:i2]:
            raise RulesError(
                "later changes touched the same lines.",
                place="rules file",
                remedy="Roll the later change back first.",
            )
        result += c[end:start] + a[j1:j2]
        end = stop
    return "".join(result + c[end:])


def _places(edited: list[str], current: list[str]) -> dict[int, int]:
    """Give line number of the edited text -> of the text now, for lines that stand in both."""
    blocks = difflib.SequenceMatcher(None, edited, current, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}


def _span(places: dict[int, int], first: int, last: int, lines: int) -> tuple[int, int]:
    """Give where lines first to last stand now; an empty span stands after the line before it."""
    if first < last:
        start = places.get(first, lines + 1)
        return start, start + last - first
    start = (
        places[first - 1] + 1 if first and first - 1 in places else places.get(first, lines if first else 0)
    )
    return start, start


def _set(mapping: dict[str, Any], path: Sequence[str], value: object) -> dict[str, Any]:
    key, *rest = path
    below = mapping.get(key)
    return {**mapping, key: _set(below if isinstance(below, dict) else {}, rest, value) if rest else value}


def _edited(text: str, path: Sequence[str], value: object) -> str:
    root = bounded_yaml.parse(text).root
    if not isinstance(root, MappingNode):
        return _ended(text) + _dumped(_nested(path, value), 0)
    node, rest = root, list(path)
    while rest:
        below = next((child for key, child in node.value if key.value == rest[0]), None)
        if below is None:
            return _added(text, node, rest, value)
        rest = rest[1:]
        if not rest:
            return _replaced(text, below, value)
        if not isinstance(below, MappingNode):
            return _replaced(text, below, _nested(rest, value))
        node = below
    return text


def _replaced(text: str, node: Node, value: object) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    old = text[start:end]
    space = old[len(old.rstrip()) :]
    flow = yaml.dump(value, Dumper=_FLOW, default_flow_style=True, width=10_000, allow_unicode=True)
    return text[:start] + flow.removesuffix("\n").removesuffix("\n...") + space + text[end:]


def _added(text: str, node: MappingNode, path: Sequence[str], value: object) -> str:
    if node.flow_style or not node.value:
        flow = yaml.dump(_nested(path, value), Dumper=_FLOW, default_flow_style=True, width=10_000).strip()
        place = node.end_mark.index - 1
        return text[:place] + (", " if node.value else "") + flow[1:-1] + text[place:]
    leaf: Node = node
    while isinstance(leaf, MappingNode) and leaf.value and not leaf.flow_style:
        leaf = leaf.value[-1][1]
    end = leaf.end_mark.index
    if text[:end].endswith("\n"):  # a block of text, or of a list
        place = len(text[:end].rstrip()) + 1
    else:
        place = text.find("\n", end) + 1 or len(text)
    column = node.value[0][0].start_mark.column
    return _ended(text[:place]) + _dumped(_nested(path, value), column) + text[place:]


def _nested(path: Sequence[str], value: object) -> Any:  # noqa: ANN401 - any YAML
    return {path[0]: _nested(path[1:], value)} if path else value


def _dumped(value: object, column: int) -> str:
    lines = yaml.dump(value, Dumper=_BLOCK, sort_keys=False, allow_unicode=True, width=10_000).splitlines()
    return "".join(f"{' ' * column}{line}\n" if line else "\n" for line in lines)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
