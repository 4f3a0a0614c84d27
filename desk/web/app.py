"""The pages as an application: `app` is what LangGraph Server merges its own routes into."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from desk.notices.background import delivering
from desk.rest.app import PATHS, rest
from desk.server.closed_routes import Closed
from desk.server.lasting_threads import Lasting
from desk.server.sign_in_limit import SignInLimit
from desk.web.middleware import HEADERS, RequestGuard
from desk.web.pages.alert_webhook import AlertWebhook
from desk.web.pages.metrics import Metrics
from desk.web.rendering import HERE
from desk.web.routes import ROUTES
from desk.web.sessions import Sessions
from desk.web.wrong import ERRORS

ROOT = "/desk"


def pages() -> Starlette:
    """Make the pages, with sessions of their own."""
    sessions = Sessions()
    static = Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    application = Starlette(
        routes=[static, *ROUTES],
        middleware=[Middleware(RequestGuard, sessions=sessions)],
        exception_handlers=ERRORS,
    )
    application.state.sessions = sessions
    return application


async def front(request: Request) -> Response:
    """Lead people to the desk; programs that ask whether the Server is up are told so."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"{ROOT}/", status_code=303, headers=HEADERS)
    return JSONResponse({"ok": True}, headers=HEADERS)


class Under(Mount):
    """A mount that takes every address under it: Starlette's leaves those with a line's end to others."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


app = Starlette(
    routes=[
        Route("/", front),
        Route(ROOT, front),
        *(Under(path, rest()) for path in PATHS),
        Under(ROOT, pages()),
    ],
    middleware=[
        Middleware(Closed),
        Middleware(Metrics),
        Middleware(AlertWebhook),
        Middleware(SignInLimit),
        Middleware(Lasting),
    ],
    lifespan=delivering,
)
