"""How the desk does, and what waits too long."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.operations import health, overdue


def show(request: Request) -> Response:
    """Show the parts of the desk and what is stuck."""
    desk = open_desk()
    parts = health.check(desk.settings)
    return page(
        request,
        "health.html",
        {
            "section": "health",
            "parts": parts,
            "worst": health.worst(parts),
            "stuck": overdue.find(desk.store),
        },
    )
