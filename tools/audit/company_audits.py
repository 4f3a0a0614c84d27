"""Audits of many companies, put down as tasks for the workers: one a company, its periods in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tools.audit import rules_in_use
from tools.checks.engines import opening
from tools.core.clock import clock
from tools.core.errors import SourcesError, TieoutError
from tools.core.settings import Settings
from tools.ledger import sources
from tools.runs.starting import audit_company_later
from tools.store import Store

FILE_NAME = "sources.yaml"


@dataclass(frozen=True)
class CompanyOrders:
    """What was put down: new tasks, those that an earlier command had put down, and what was refused, why."""

    new: int
    earlier: int
    refusals: tuple[str, ...]

    @property
    def companies(self) -> int:
        """All that were named."""
        return self.new + self.earlier + len(self.refusals)


def put_down(
    store: Store,
    settings: Settings,
    places: Sequence[Path],
    days: Sequence[date],
    *,
    rules: Path | None,
    starter: str,
) -> CompanyOrders:
    """Put down an audit of each sources file in these places, up to each of these days; by default today.

    A file that cannot be audited stops no other. One entity is named by one file: a second is refused.
    Raises RulesError for rules that none of them could be audited under.
    """
    days = days or [clock().now().date()]
    values = {"rules": str(rules.resolve())} if rules else {}
    rules_in_use.choose(values.get("rules"), settings, within=None, parent=None)
    refusals: list[str] = []
    fresh: list[bool] = []
    entities: dict[str, Path] = {}
    for path in sources_files(places):
        try:
            _require_auditable(path, settings, entities)
        except TieoutError as error:
            refusals.append(str(error))
            continue
        order = {"sources": str(path), **values}
        fresh.append(audit_company_later(store, order, days, starter=starter)[1])
    return CompanyOrders(fresh.count(True), fresh.count(False), tuple(refusals))


def sources_files(places: Sequence[Path]) -> Iterator[Path]:
    """Give the sources files: those named, and each sources.yaml below a folder, ordered by name."""
    for place in places:
        if place.is_dir():
            yield from sorted(path.resolve() for path in place.rglob(FILE_NAME))
        else:
            yield place.resolve()


def _require_auditable(path: Path, settings: Settings, entities: dict[str, Path]) -> None:
    if not path.is_file():
        raise SourcesError("there is no such sources file.", place=str(path), remedy="Name one that exists.")
    declared = sources.load(path)
    opening.check(declared, settings, None)
    first = entities.setdefault(declared.entity.name, path)
    if first != path:
        raise SourcesError(
            f"'{declared.entity.name}' is the entity of {first} too.",
            place=f"{path}: entity.name",
            remedy="Give each company a name of its own: windows and flags go by it.",
        )
