"""The pages as an application: `app` is what LangGraph Server merges its own routes into."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from desk.notices.background import delivering
from desk.server.closed_routes import Closed
from desk.server.lasting_threads import Lasting
from desk.web.endpoints import ERRORS
from desk.web.middleware import Guard
from desk.web.pages.metrics import Metrics
from desk.web.rendering import HERE
from desk.web.routes import ROUTES
from desk.web.sessions import Sessions, Tries

ROOT = "/desk"


def pages() -> Starlette:
    """Make the pages, with sessions of their own."""
    sessions = Sessions()
    static = Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    made = Starlette(
        routes=[static, *ROUTES], middleware=[Middleware(Guard, sessions=sessions)], exception_handlers=ERRORS
    )
    made.state.sessions, made.state.tries = sessions, Tries()
    return made


async def front(request: Request) -> Response:
    """Lead people to the desk; programs that ask whether the Server is up are told so."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"{ROOT}/", status_code=303)
    return JSONResponse({"ok": True})


app = Starlette(
    routes=[Route("/", front), Route(ROOT, front), Mount(ROOT, pages())],
    middleware=[Middleware(Closed), Middleware(Metrics), Middleware(Lasting)],
    lifespan=delivering,
)
