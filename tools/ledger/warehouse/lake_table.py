"""What tables of a lake share: the URL names one table, which is all of its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from tools.core.errors import SourcesError
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.table_reader import ListedTable


class LakeTable:
    """A table of a lake. format_name: as people call it; missing, refused: the library's own errors."""

    format_name: ClassVar[str]
    missing: ClassVar[tuple[type[Exception], ...]]
    refused: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, place: Location) -> None:
        self._place = place

    def tables(self) -> list[ListedTable]:
        """Give the one table."""
        return [ListedTable(self._place.address.rstrip("/").rpartition("/")[2], None)]

    def close(self) -> None:
        """Nothing is kept open between two reads."""

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what the library raises into SourcesError, or UnreachableError when the table is away."""
        try:
            yield
        except self.missing:
            raise SourcesError(f"there is no {self.format_name} table.", place=self._place.place) from None
        except OSError as error:
            raise self._place.away(str(error)) from None
        except self.refused as error:
            raise self._place.refusal(self.format_name, str(error)) from None
