"""Column types that read back the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Double,
    Integer,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

BIG_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys by itself


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring an aware time to UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value.isoformat()}: the store keeps aware times only")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give it aware: SQLite has forgotten the zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that every engine can keep: books carry NULs and broken surrogates, PostgreSQL does not."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what no engine can keep."""
        del dialect
        return None if value is None else clean(value)


def clean(value: str) -> str:
    """Replace NULs and lone surrogates by U+FFFD; all else stays."""
    if value.isascii() and "\x00" not in value:
        return value
    return "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in value)


def clean_deep(value: object) -> object:
    """Do so in every text of a JSON value, keys too: strict readers take no lone surrogate, however spelt."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean_deep(key): clean_deep(item) for key, item in value.items()}
    return [clean_deep(item) for item in value] if isinstance(value, list | tuple) else value


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: CleanText(),
        bool: Boolean(),
        int: BigInteger(),
        float: Double(),
        date: Date(),
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }

    def as_dict(self) -> dict[str, Any]:
        """Give the row as JSON primitives: dates and times as ISO text."""
        return {
            column.key: primitive(getattr(self, column.key))
            for column in self.__mapper__.column_attrs
            if not column.key.startswith("_")  # SQLAlchemy's own, by which it tells kinds of runs apart
        }


def primitive(value: object) -> object:
    """Turn a column's value into a JSON primitive."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
