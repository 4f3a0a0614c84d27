"""What Loki says of services: templates of lines that are new, or many times as frequent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tools.core.errors import SettingsError
from tools.incidents.subject import IncidentBench
from tools.incidents.systems import clients, log_silence, windows
from tools.incidents.systems.clients import HttpAnswer
from tools.investigation.observation import Observation

MOST: Final = 3  # templates of a service
_ERRORS: Final = ("error", "fatal", "exception", "panic", "traceback")


@dataclass(frozen=True)
class CountedLines:
    """Templates of lines, how often and when each was first seen (nanoseconds). seconds: the time covered."""

    counts: Counter[str]
    first: dict[str, int]
    seconds: float


def frequent(
    bench: IncidentBench, letter: str, observer: str = "applications", only: str = ""
) -> Iterator[Observation]:
    """Count templates of lines before and since: a template that is new, or many times as frequent.

    Both times are asked for apart: of what is cut off, the part that came says how frequent a line is.
    """
    limits = bench.settings
    begin, began, until = windows.around(bench.subject)
    asked: list[log_silence.ServiceLines] = []
    for service in windows.services_of(bench.subject, limits.topology):
        text = f'{{{limits.service_label}="{windows.quoted(service)}"}}' + (f' |~ "{only}"' if only else "")
        quiet = clients.loki(limits.loki_url, text, begin, began)
        answer = clients.loki(limits.loki_url, text, began, until)
        asked.append(log_silence.ServiceLines(service, quiet, answer))
        before, since = _templates(quiet, answer)
        frequent_lines = _more(service, before, since, every=bool(only))
        for number, (line, expected, words) in enumerate(frequent_lines, 1):
            cut = "" if answer.is_whole and quiet.is_whole else " (of the newest lines: there are more)"
            yield Observation(
                f"{letter}{service}.{number}", observer, "log template", f"{words}{cut}.", node=service,
                value=float(since.counts[line]), expected=round(expected, 2),
                deviation=round((since.counts[line] - expected) / max(expected, 1.0) ** 0.5, 3), unit="lines",
                first_seen=datetime.fromtimestamp(since.first[line] / 1e9, UTC).isoformat(), scope=service,
                quality="CIRCUMSTANTIAL" if cut else "DIRECT", query=answer.query,
            )  # fmt: skip
    if not only:
        yield from log_silence.silent(asked, letter, observer)


def _more(
    service: str, before: CountedLines, since: CountedLines, *, every: bool
) -> Iterator[tuple[str, float, str]]:
    """Give the templates of errors that are more frequent than before: line, count expected, in words."""
    scale = since.seconds / max(before.seconds, 1.0)
    more = {line: count - before.counts[line] * scale for line, count in since.counts.items()}
    asked = [line for line in more if more[line] > 0 and (every or _is_error(line))]
    for line in sorted(asked, key=lambda text: (-more[text], text))[:MOST]:
        times = f"{since.counts[line]} times in {since.seconds / 60:.0f} minutes"
        earlier = f"{before.counts[line]} times in {before.seconds / 60:.0f} minutes before"
        yield line, before.counts[line] * scale, f"{service} logged '{line[:160]}' {times}, {earlier}"


def _is_error(line: str) -> bool:
    return any(word in line.lower() for word in _ERRORS)


def _templates(quiet: HttpAnswer, since: HttpAnswer) -> tuple[CountedLines, CountedLines]:
    try:
        from drain3 import TemplateMiner
        from drain3.template_miner_config import TemplateMinerConfig
    except ImportError:
        raise SettingsError(
            "drain3 is not installed.", remedy="Run: pip install 'tieout[incidents]'."
        ) from None
    miner = TemplateMiner(config=TemplateMinerConfig())
    both = [
        [(at, miner.add_log_message(line)["cluster_id"]) for at, line, _ in sorted(answer.value, key=_time)]
        for answer in (quiet, since)
    ]
    names = {cluster.cluster_id: cluster.get_template() for cluster in miner.drain.clusters}
    before, now = (
        _line_counts(answer, [(at, names[cluster]) for at, cluster in lines])
        for answer, lines in zip((quiet, since), both, strict=True)
    )
    return before, now


def _line_counts(answer: HttpAnswer, lines: Sequence[tuple[int, str]]) -> CountedLines:
    begin, end = answer.span
    covered = end - begin if answer.is_whole or not lines else end - lines[0][0] / 1e9
    first: dict[str, int] = {}
    for at, name in lines:
        first.setdefault(name, at)
    return CountedLines(Counter(name for _, name in lines), first, max(covered, 1.0))


def _time(line: tuple[int, str, Any]) -> int:
    return line[0]
