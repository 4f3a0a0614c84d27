"""The REST interface held to its own description: whatever a caller sends, it answers as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as drawing
from hypothesis import strategies as st
from schemathesis import APIOperation, Case
from schemathesis.core import NotSet
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import ignored_auth
from starlette.applications import Starlette
from starlette.testclient import TestClient

from desk.rest.app import PATHS, rest
from desk.rest.bodies import ExecuteSuite, TaskAnswer
from desk.rest.described import openapi
from desk.web.app import Under
from tests.graph.small import TOKENS
from tests.programme.desks import do_all, start, write
from tools.store import Store

EXAMPLES = 5
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.lists(st.text(max_size=5)),
)
KEYS = sorted({*ExecuteSuite.model_fields, *TaskAnswer.model_fields, "x"})
BODIES = st.one_of(ODD, st.dictionaries(st.sampled_from(KEYS), ODD), st.fixed_dictionaries({"answer": ODD}))
NAMES = st.one_of(st.just("A1"), st.just(""), st.text(min_size=1, max_size=30))


def cases(operation: APIOperation[Any, Any, Any]) -> st.SearchStrategy[Case]:
    """Draw calls: bodies of any JSON, with and without the keys that are described, and odd names."""
    parts: dict[str, st.SearchStrategy[Any]] = {"query": st.fixed_dictionaries({}, optional={"run": NAMES})}
    if "{task}" in operation.path:
        parts["path_parameters"] = st.fixed_dictionaries({"task": NAMES.filter(bool)})
    if operation.method == "post":
        parts["body"] = BODIES
        parts["media_type"] = st.just("application/json")
    return st.builds(operation.Case, **parts)


def test_every_call_answers_as_it_is_described(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its status, content and headers, whatever it is sent; the calls are drawn here, schemathesis checks.

    What schemathesis draws with (hypothesis-jsonschema 0.23) does not work with hypothesis of today.
    """
    monkeypatch.setenv("TIEOUT_BOOKS_FOLDERS", str(tmp_path))
    start(write(tmp_path, [{"id": "A1", "test": "def test_it():\n    pass\n"}]))
    do_all(store)
    schema = schemathesis.openapi.from_dict(openapi("/api/v1"))
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) == len(rest().routes) - 1, "all but the description itself"
    riley = {"Authorization": f"Bearer {TOKENS['riley']}"}
    with TestClient(Starlette(routes=[Under(path, rest()) for path in PATHS]), headers=riley) as client:
        for operation in operations:

            @drawing(
                max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
            )
            @given(case=cases(operation))
            def answers_as_described(case: Case) -> None:
                case.validate_response(call(client, case), excluded_checks=[ignored_auth])

            answers_as_described()


def call(client: TestClient, case: Case) -> Response:
    """Send a call; give its answer as schemathesis takes it."""
    body = "null" if isinstance(case.body, NotSet) else json.dumps(case.body)
    task = quote(str(case.path_parameters.get("task", "")), safe="")
    path, kind = case.operation.path.replace("{task}", task), {"content-type": "application/json"}
    answer = client.request(case.method, f"/api/v1{path}", params=case.query, content=body, headers=kind)
    return Response(
        status_code=answer.status_code,
        headers={name: [value] for name, value in answer.headers.items()},
        content=answer.content,
        request=requests.Request(case.method, str(answer.url), client.headers, data=body).prepare(),
        elapsed=0.0,
        verify=False,
    )
