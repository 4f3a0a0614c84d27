"""The text of a users file with one user's lines changed; every comment and line of the rest stays as it is.

with_user(text, user, fields) -> str     a new user behind the last
with_key(text, user, key, word) -> str   one key of a user, where it stands or behind the last
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent
from typing import Any, Final

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from tools.core import bounded_yaml

_INDENT: Final = 2


def with_user(text: str, user: str, fields: Mapping[str, Any]) -> str:
    """Put an entry behind the last one."""
    users = _child(bounded_yaml.parse(text).root, "users") if text.strip() else None
    if users is None:
        return f"{_ended(text)}users:\n{_block(user, fields, _INDENT)}"
    if isinstance(users, MappingNode) and users.value and not users.flow_style:
        column = users.value[0][0].start_mark.column
        return _with_lines(text, _next_line(users), _block(user, fields, column))
    if isinstance(users, MappingNode) and users.value:
        lines = f", {user}: {_flow(fields)}"
        at = users.end_mark.index - 1
        return text[:at].rstrip() + lines + text[at:]
    start, end = users.start_mark.index, users.end_mark.index  # empty: {} or nothing
    return f"{text[:start].rstrip(' ')}\n{_block(user, fields, _INDENT).rstrip()}{text[end:]}"


def with_key(text: str, user: str, key: str, word: str) -> str:
    """Set one key of a user's entry, where it stands or behind the last."""
    entry = _child(_child(bounded_yaml.parse(text).root, "users"), user)
    if not isinstance(entry, MappingNode):
        return text  # an alias' target or such: what results is seen to be wrong
    if value := _child(entry, key):
        return text[: value.start_mark.index] + word + text[value.end_mark.index :]
    if entry.flow_style:
        at = entry.end_mark.index - 1
        return f"{text[:at].rstrip()}, {key}: {word}{text[at:]}"
    column = entry.value[0][0].start_mark.column
    return _with_lines(text, _next_line(entry), f"{' ' * column}{key}: {word}\n")


def _child(node: Node | None, name: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _next_line(node: Node) -> int:
    """Give the number of the line behind a value, before blank lines and comments that follow it."""
    while isinstance(node, CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(node, MappingNode) else last
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return int(node.end_mark.line)
    return int(node.end_mark.line) + 1


def _with_lines(text: str, number: int, lines: str) -> str:
    rows = _ended(text).splitlines(keepends=True)
    if rows and rows[0].endswith("\r\n"):
        lines = lines.replace("\n", "\r\n")
    return "".join((*rows[:number], lines, *rows[number:]))


def _block(user: str, fields: Mapping[str, Any], column: int) -> str:
    entry = {user: dict(fields)}
    # Characters that end a line somewhere (NEL, U+2028) are escaped. None: inner lists on one line.
    shown = all(word.isprintable() for word in fields.values() if isinstance(word, str))
    text = yaml.safe_dump(entry, sort_keys=False, allow_unicode=shown, default_flow_style=None)
    text = text if not text.startswith("{") else yaml.safe_dump(entry, sort_keys=False)
    return indent(text, " " * column)


def _flow(fields: Mapping[str, Any]) -> str:
    text = yaml.safe_dump(dict(fields), sort_keys=False, default_flow_style=True, width=1 << 16)
    return text.strip()


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
