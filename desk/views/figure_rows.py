"""A governed figure as a row."""

from __future__ import annotations

from typing import Any

from tools.front_desk.figures import Figure


def figure_row(figure: Figure) -> dict[str, Any]:
    """Give a figure with its definition, grain, dimensions, unit and owner."""
    return {
        "figure": figure.name,
        "unit": figure.unit,
        "definition": f"{figure.definition}; {figure.population.about}",
        "grain": figure.population.grain,
        "dimensions": list(figure.population.dimensions),
        "not_included": figure.population.not_included,
        "owner": figure.population.owner,
    }
