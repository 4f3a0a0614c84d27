"""Prometheus, Loki and Tempo over HTTP: bounded questions, and a word where an answer is not whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from tools.core.errors import SettingsError, UnreachableError

MOST_POINTS: Final = 5_000
MOST_ENTRIES: Final = 5_000
MOST_TRACES: Final = 20
SECONDS: Final = 20.0
PROMETHEUS, LOKI, TEMPO = "TIEOUT_PROMETHEUS_URL", "TIEOUT_LOKI_URL", "TIEOUT_TEMPO_URL"
_STEPS: Final = (15, 30, 60, 120, 300)  # seconds; no coarser: an hour keeps twelve points


@dataclass(frozen=True)
class HttpAnswer:
    """What came back, and the question that gives it again. is_whole: nothing was cut off."""

    value: Any
    query: dict[str, Any]
    is_whole: bool = True

    @property
    def span(self) -> tuple[float, float]:
        """Give the range that Loki was asked for, in seconds."""
        begin, end = (float(self.query["parameters"][name]) / 1e9 for name in ("start", "end"))
        return begin, end


def step_of(begin: float, end: float, series: int = 1) -> int:
    """Give the least step with which all points of a range stay within the bound, as far as there is one."""
    return next((step for step in _STEPS if (end - begin) / step * series <= MOST_POINTS), _STEPS[-1])


def prometheus(url: str, text: str, begin: float, end: float) -> HttpAnswer:
    """Ask Prometheus for a range: [{"metric": labels, "values": [[time, text]]}], the coarser the more."""
    # Counted over the range: what ended before its end comes back, too.
    count = f"count(present_over_time({text}[{max(1, round(end - begin))}s]))"
    series = _number_of(url, "/api/v1/query", {"query": count, "time": f"{end:.0f}"}, PROMETHEUS)
    step = step_of(begin, end, int(series or 1))
    parameters = {"query": text, "start": f"{begin:.0f}", "end": f"{end:.0f}", "step": str(step)}
    body = _get(url, "/api/v1/query_range", parameters, PROMETHEUS)
    rows = _result(body, url, PROMETHEUS)
    with _read_as(PROMETHEUS, url):
        rows = [
            {
                "metric": {str(name): str(value) for name, value in row["metric"].items()},
                "values": [
                    [float(at), value] for at, value in row["values"] if begin <= float(at) <= end + step
                ],
            }
            for row in rows
        ]
    return HttpAnswer(rows, _query("prometheus", parameters), is_whole=not body.get("warnings"))


def loki(url: str, text: str, begin: float, end: float) -> HttpAnswer:
    """Ask Loki for lines: [(nanoseconds, line, labels)], the newest first; cut off at the bound.

    Loki does not say what it leaves out, so it is asked for the number of lines, too.
    """
    parameters = {
        "query": text, "start": f"{begin * 1e9:.0f}", "end": f"{end * 1e9:.0f}", "limit": str(MOST_ENTRIES),
        "direction": "backward",
    }  # fmt: skip
    body = _get(url, "/loki/api/v1/query_range", parameters, LOKI)
    streams = _result(body, url, LOKI)
    with _read_as(LOKI, url):
        lines = [
            (int(at), str(line), stream["stream"])
            for stream in streams
            for at, line in stream["values"]
            if begin <= int(at) / 1e9 <= end
        ]
    count = f"sum(count_over_time({text}[{max(1, round(end - begin))}s]))"
    there = _number_of(url, "/loki/api/v1/query", {"query": count, "time": parameters["end"]}, LOKI)
    whole = len(lines) < MOST_ENTRIES and len(lines) >= (there or 0)
    return HttpAnswer(lines, _query("loki", parameters), is_whole=whole)


def tempo(url: str, service: str, begin: float, end: float) -> HttpAnswer:
    """Ask Tempo for a service's traces: lists of spans: service, name, start, seconds, id, parent, error."""
    parameters = {
        "tags": f"service.name={service}",
        "start": f"{begin:.0f}",
        "end": f"{end:.0f}",
        "limit": str(MOST_TRACES),
    }
    body = _get(url, "/api/search", parameters, TEMPO)
    traces = body.get("traces") or []
    with _read_as(TEMPO, url):
        names = [str(row["traceID"]) for row in traces[:MOST_TRACES]]
        spans = [_spans(_get(url, f"/api/traces/{quote(name, safe='')}", {}, TEMPO)) for name in names]
    return HttpAnswer(spans, _query("tempo", parameters), is_whole=len(traces) < MOST_TRACES)


@contextmanager
def _read_as(setting: str, url: str) -> Iterator[None]:
    """Read an answer by its shape. Raises UnreachableError, naming the setting, where it has another."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreachableError(
            f"what came has not the shape of such a server's answer ({type(error).__name__}: {error}).",
            place=f"setting {setting} ({url})",
        ) from None


def _spans(trace: dict[str, Any]) -> list[dict[str, Any]]:
    spans = []
    for batch in trace.get("batches") or trace.get("resourceSpans") or []:
        attributes = batch.get("resource", {}).get("attributes", [])
        names = {row["key"]: row["value"].get("stringValue", "") for row in attributes}
        for scope in batch.get("scopeSpans") or batch.get("instrumentationLibrarySpans") or []:
            for span in scope["spans"]:
                begin, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
                code = span.get("status", {}).get("code", 0)
                spans.append(
                    {
                        "service": names.get("service.name", ""),
                        "name": span["name"],
                        "start": begin / 1e9,
                        "seconds": (end - begin) / 1e9,
                        "id": span["spanId"],
                        "parent": span.get("parentSpanId", ""),
                        "error": code in (2, "STATUS_CODE_ERROR"),
                    }
                )
    return spans


def _number_of(url: str, path: str, parameters: dict[str, str], setting: str) -> float | None:
    """Ask for a number; None where the server does not count: the question itself is still asked."""
    try:
        rows = _result(_get(url, path, parameters, setting), url, setting)
        return float(rows[0]["value"][1]) if rows else None
    except (UnreachableError, KeyError, TypeError, ValueError):
        return None


def _result(body: dict[str, Any], url: str, setting: str) -> list[Any]:
    rows = body.get("data", {}).get("result") if isinstance(body.get("data"), dict) else None
    if not isinstance(rows, list):
        raise UnreachableError(
            "what came is no answer of such a server: no data.result.", place=f"setting {setting} ({url})"
        )
    return rows


def _query(engine: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {"engine": engine, "parameters": parameters}


def _get(url: str, path: str, parameters: dict[str, str], setting: str) -> dict[str, Any]:
    try:
        import httpx  # noqa: PLC0415 - of the extra `incidents`
    except ImportError:
        raise SettingsError(
            "httpx is not installed.", remedy="Run: pip install 'tieout[incidents]'."
        ) from None
    try:
        response = httpx.get(f"{url.rstrip('/')}{path}", params=parameters, timeout=SECONDS)
        response.raise_for_status()
        body = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise UnreachableError(f"does not answer: {error}", place=f"setting {setting} ({url})") from None
    if not isinstance(body, dict):
        raise UnreachableError("what came is no JSON object.", place=f"setting {setting} ({url})")
    if body.get("status") == "error":
        raise UnreachableError(f"refuses: {body.get('error', '')}", place=f"setting {setting} ({url})")
    return body
