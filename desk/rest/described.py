"""The REST interface's description (OpenAPI 3.1), from the models that hold its bodies."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from desk.rest.bodies import ExecuteSuite, TaskAnswer
from tools.programme import messages

LOOKS: Final = {
    "/status": "How a programme stands: running, waiting, completed or failed.",
    "/progress": "How far it is: overall_progress in percent, active_tasks, blocked, the plan's end.",
    "/final-report": "The final report as it stands.",
    "/tasks": "Each task with its status and why it stands where it does.",
}
_PLACE: Final = "#/components/schemas/{model}"
_RUN: Final = {
    "name": "run",
    "in": "query",
    "description": "Its id, or how that begins; without it, the newest.",
    "schema": {"type": "string"},
}


def openapi(root: str) -> dict[str, Any]:
    """Give the description; root: where the interface lies."""
    paths = {path: {"get": _call(summary, parameters=[_RUN])} for path, summary in LOOKS.items()}
    stream = _call("Messages between the programme and its workers.", parameters=[_RUN], sse=True)
    start = _call("Have a programme started by the workers.", body=ExecuteSuite, status="202")
    task = {"name": "task", "in": "path", "required": True, "schema": {"type": "string"}}
    word = _call("Say a person's word about a failed task.", body=TaskAnswer, parameters=[task])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tieout programmes", "version": "1"},
        "servers": [{"url": root or "/"}],
        "security": [{"bearer": []}],
        "paths": {
            "/execute-suite": {"post": start},
            **paths,
            "/messages": {"get": stream},
            "/tasks/{task}/answer": {"post": word},
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _schemas() -> dict[str, Any]:
    """Give the schema of every body and message, each model once, where the description's references look."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((body, "validation") for body in (ExecuteSuite, TaskAnswer)),
        *((kind, "serialization") for kind in messages.KINDS),
    ]
    _, schemas = models_json_schema(models, ref_template=_PLACE)
    return dict(schemas["$defs"])


def _call(
    summary: str,
    *,
    body: type[BaseModel] | None = None,
    parameters: list[dict[str, Any]] | None = None,
    status: str = "200",
    sse: bool = False,
) -> dict[str, Any]:
    media = "text/event-stream" if sse else "application/json"
    refusals = {code: {"description": text} for code, text in _REFUSALS.items()}
    call: dict[str, Any] = {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {status: {"description": summary, "content": {media: {}}}, **refusals},
    }
    if body is not None:
        call["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _PLACE.format(model=body.__name__)}}},
        }
    return call


_REFUSALS: Final = {
    "400": "It can't be done so: `error` says why.",
    "401": "No token, or one that is nobody's.",
    "403": "Whose token it is may not do that.",
    "404": "There is no such programme or task.",
    "413": "The body is too long.",
    "415": "The body is not JSON: send `Content-Type: application/json`.",
    "422": "The body does not fit: `error` names the key.",
    "429": "Too many tokens from here were nobody's: wait for as long as `Retry-After` says.",
    "503": "The store is away for now.",
}
