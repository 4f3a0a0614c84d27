"""Variations of a test of which the first tells most: the others run where everything is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def first_of(values: Iterable[object]) -> list[Any]:
    """Give parameters for a test, all but the first of them behind --exhaustive."""
    first, *further = values
    return [first, *(pytest.param(value, marks=pytest.mark.exhaustive) for value in further)]
