"""Elements of an XML message by their names without a namespace, and what they say."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def decimal_of(text: str | None) -> Decimal | None:
    """Read a number; None where it is none, or has no end."""
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def local_name(element: Element) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child_of(element: Element, name: str) -> Element | None:
    """Give the first child of a name."""
    return next((child for child in element if local_name(child) == name), None)


def at_path(element: Element, *path: str) -> Element | None:
    """Give the element at the end of a path of children."""
    at: Element | None = element
    for name in path:
        at = child_of(at, name) if at is not None else None
    return at


def text_at(element: Element, *path: str) -> str:
    """Give the text at the end of a path of children, "" where there is none."""
    end = at_path(element, *path)
    return (end.text or "").strip() if end is not None else ""


def texts_at(element: Element, name: str, *path: str) -> list[str]:
    """Give the texts at the end of a path that begins anywhere below, those that are there."""
    texts = (text_at(element, *path) for element in element.iter() if local_name(element) == name)
    return [text for text in texts if text]
