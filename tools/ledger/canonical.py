"""One file's cells as canonical rows: the SELECT that makes them.

Reads a relation `batch` (c0 .. cN, line, problem, raw, aside) and gives, for each of its rows, the canonical
columns that the source maps, and then `outcome` (row, rejected, filtered), `reason`, `raw`, `key_hash` and
where it comes from (at_...). Layers: cells (t_: text or missing) → parsed (d_, m_: dates, n_: short
amounts) → apart (p_: parts of other amounts) → exact (x_: their decimal text) → valued (a_: minor units, r_:
whether digits were dropped) → typed (canonical values) → judged (reason) → hashed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.books import tables
from tools.books.engine import quoted
from tools.ledger import asides, date_formats
from tools.ledger.amount_columns import CREDIT_IS_IN, PARTS, AmountColumns
from tools.ledger.date_columns import DateColumns
from tools.ledger.readers.csv_records import RAW
from tools.ledger.sources import DERIVED, TRANSACTIONS, Entity, Source, table_of

_JOINT: Final = "chr(31)"
_HASH: Final = 20  # hexadecimal digits: two of 10 million rows are alike by chance once in 10 billion runs


class FileQuery:
    """Writes the SELECT for one file; `values` are what it binds."""

    def __init__(self, source: Source, entity: Entity, cells: Mapping[str, str], *, typed: bool) -> None:
        """`cells`: column of the file -> column of the batch. `typed`: what was a date is in ISO 8601."""
        self.source, self.entity, self.cells = source, entity, cells
        self.named = {**cells, **{name: _together(cells, parts) for name, parts in source.joined.items()}}
        self.canonical = tables.CANONICAL[table_of(source.kind)]
        self.values: dict[str, Any] = {}
        self.dates = DateColumns(source, entity, self.canonical, self._bind, typed)
        self.amounts = AmountColumns(source, entity, self.canonical, self.named, self._bind)

    def sql(self, *, source: str, file: str | None) -> str:
        """Give the statement for rows of this source and file; None: of the file that each row names."""
        file_name = "file_name" if file is None else self._bind(file)
        typed = self._typed()
        amount = "amount_minor" if "amount_minor" in typed else "CAST(NULL AS BIGINT)"
        judged = "WHEN left_out IS NOT NULL THEN 'filtered' WHEN reason IS NOT NULL THEN 'rejected'"
        outcome = f"CASE {judged} ELSE 'row' END"
        return f"""
            WITH cells AS (SELECT *, {_aliased(self._cells())} FROM batch),
                 parsed AS (SELECT *, {_aliased(self._parsed())} FROM cells),
                 apart AS (SELECT *, {_aliased(self._apart())} FROM parsed),
                 exact AS (SELECT *, {_aliased(self._exact())} FROM apart),
                 valued AS (SELECT *, {_aliased(self.amounts.valued())} FROM exact),
                 typed AS (SELECT *, {_aliased(typed)} FROM valued),
                 judged AS (SELECT *, {self._reason()} AS reason, {self._aside_reason()} AS left_out
                            FROM typed),
                 hashed AS (SELECT *, {self._hashes()} FROM judged)
            SELECT {", ".join(quoted(name) for name in typed)}, {self._key_hash()},
                   {self._bind(source)} AS at_source, {self._bind(self.source.kind)} AS at_kind,
                   {file_name} AS at_file, line AS at_line, code AS at_code, {amount} AS at_amount,
                   {outcome} AS outcome, coalesce(left_out, reason) AS reason, {self._raw()} AS raw
            FROM hashed
        """  # noqa: S608 - names of our own; values are bound

    def _bind(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def _cells(self) -> dict[str, str]:
        columns = self.source.columns
        return {f"t_{name}": f"cell({self.named[column]})" for name, column in columns.items()}

    def _aside_reason(self) -> str:
        """Say why a row is no posting of the source: what its line is, or that `where` leaves it out."""
        conditions = [
            f"NOT coalesce(list_contains({self._bind(values)}, {self.named[column]}), FALSE)"
            for column, values in self.source.where.items()
        ]
        conditions += [
            f"coalesce(list_contains({self._bind(values)}, {self.named[column]}), FALSE)"
            for column, values in self.source.where_not.items()
        ]
        where = f"WHEN problem IS NULL AND ({' OR '.join(conditions)}) THEN 'where'" if conditions else ""
        return f"CASE WHEN aside IS NOT NULL THEN aside {where} ELSE {self._aside()} END"

    def _aside(self) -> str:
        if not self.source.leave_out:
            return "NULL"
        dates = [name for name in ("posted_on", "posted_at") if name in self.source.columns]
        day = f"coalesce({', '.join(f'd_{n}, CAST(m_{n} AS DATE)' for n in dates)})" if dates else "NULL"
        amounts = [f"t_{name}" for name in ("amount", "debit", "credit") if name in self.source.columns]
        placeholders = {name: self._bind(value) for name, value in asides.bound(list(self.cells)).items()}
        return asides.expression(
            self.source.leave_out,
            dict(self.cells),
            day=day,
            dates=[f"t_{name}" for name in dates],
            amounts=amounts,
            bind=placeholders,
        )

    def _parsed(self) -> dict[str, str]:
        parsed = {}
        for name in self.dates.names():
            parsed[f"d_{name}"], parsed[f"m_{name}"] = self.dates.parsed(f"t_{name}")
        for name in self.amounts.names():
            mark = self._bind(self.source.decimal_mark)
            fine = f"{name}_e9" in self.canonical
            parsed[f"n_{name}"] = "CAST(NULL AS DECIMAL(13, 4))" if fine else f"short(t_{name}, {mark})"
        return {**parsed, "code": self._code()}

    def _apart(self) -> dict[str, str]:
        mark = self._bind(self.source.decimal_mark)
        away = "(?:dr|db|d|s)" if self.source.kind in CREDIT_IS_IN else "(?:cr|c|h)"
        parts = {f"p_{n}": f"parts(n_{n}, tidied(t_{n}, '{away}'), {mark})" for n in self.amounts.names()}
        return {"places": self.amounts.places(), **parts}

    def _exact(self) -> dict[str, str]:
        return {f"x_{n}": f"decimal_text(p_{n}, code)" for n in self.amounts.names()} or {"x_": "NULL"}

    def _typed(self) -> dict[str, str]:
        typed = {n: f"t_{n}" for n in self.source.columns if self.canonical.get(n) == "VARCHAR"}
        typed.update({n: self.dates.day(n) for n in self.dates.names() if self.canonical[n] == "DATE"})
        typed.update(
            {n: self.dates.moment(n) for n in self.dates.names() if self.canonical[n] == "TIMESTAMP"}
        )
        for column in self.amounts.columns:
            if (expression := self.amounts.minor(column)) is not None:
                typed[column] = expression
        if "currency" in self.canonical:
            typed["currency"] = "code"
        if "card_last4" in typed:
            typed["card_last4"] = "last_four(t_card_last4)"
        if "recurring" in typed:
            typed["recurring"] = "yes_or_no(t_recurring)"
        return {**typed, **(self._posting() if self.source.kind in TRANSACTIONS else self.dates.period())}

    def _posting(self) -> dict[str, str]:
        """Give what is derived of a posting's own values."""
        columns = self.source.columns
        dates = [self.dates.day(name) for name in ("posted_on", "posted_at") if name in columns]
        moments = [self.dates.moment(name) for name in ("posted_at", "posted_on") if name in columns]
        rounded = [name for name in self.amounts.valued() if name.startswith("r_")]
        return {
            **self._party(),
            "posted_on": f"coalesce({', '.join(dates)})",
            "posted_at": f"coalesce({', '.join(moments)})",
            "rounded": " OR ".join(rounded),
        }

    def _party(self) -> dict[str, str]:
        """Give the other party where payee and payer have a column each: who it is, the amount says."""
        columns = self.source.columns
        if not {"payee", "payer"} & set(columns):
            return {}
        payee, payer = (self._party_cell(name) if name in columns else "NULL" for name in ("payee", "payer"))
        comes_in = ">" if self.source.kind in CREDIT_IS_IN else "<"
        amount = self.amounts.minor("amount_minor")
        named = ["t_vendor_name"] if "vendor_name" in columns else []
        side = f"CASE WHEN {amount} {comes_in} 0 THEN {payer} ELSE {payee} END"
        if self.source.ourselves:  # who collects from us is the one who ordered it
            side = f"coalesce({side}, {payee}, {payer})"
        return {"vendor_name": f"coalesce({', '.join([*named, side])}, NULL)"}

    def _party_cell(self, name: str) -> str:
        """Give a cell that names a party, NULL where it is ourselves."""
        if not self.source.ourselves:
            return f"t_{name}"
        own = self._bind([name.casefold() for name in self.source.ourselves])
        return f"CASE WHEN list_contains({own}, lower(t_{name})) THEN NULL ELSE t_{name} END"

    def _code(self) -> str:
        fixed = self.source.currency
        if "currency" in self.source.columns:
            return f"coalesce(upper(t_currency), {self._bind(fixed)})"
        return self._bind(fixed or self.entity.currency)

    def _reason(self) -> str:
        """Say why a row is rejected: the first cell that is there but not a value of its column."""
        form = f"in the format {self.source.date_format}" if self.source.date_format else "as in ISO 8601"
        form = "as a spreadsheet counts days" if self.source.date_format == date_formats.SERIAL else form
        mark = f"with the decimal mark {self.source.decimal_mark}"
        cases = ["WHEN problem IS NOT NULL THEN problem"]
        for name in self.dates.names():
            bad = f"in_range(coalesce(d_{name}, CAST(m_{name} AS DATE))) IS NULL"
            cases.append(_case(name, bad, self._bind(f"is no date {form}")))
        for name in (name for name in self.amounts.names() if name not in PARTS):
            bad = f"a_{name} IS NULL"
            cases.append(_case(name, bad, self._bind(f"is no amount {mark}")))
        return f"CASE {' '.join(cases)} END"

    def _raw(self) -> str:
        cells = ", ".join(self.cells.values())
        return f"CASE WHEN reason IS NOT NULL THEN coalesce(raw, left(concat_ws('|', {cells}), {RAW})) END"

    def _hashes(self) -> str:
        """Hash a posting: of its content, of that with its txn_id, and of its other cells by name."""
        if self.source.kind not in TRANSACTIONS:
            return "TRUE AS unhashed"
        own = [n for n in self.canonical if n not in DERIVED and n in (*self._typed(), "posted_at")]
        texts = {n: f"'{n}=' || CAST({quoted(n)} AS VARCHAR)" for n in sorted(own)}
        content = ", ".join(text for name, text in texts.items() if name != "txn_id")
        content_hash = f"left(sha256(concat_ws({_JOINT}, {content})), {_HASH})"
        mapped = [self.source.columns.get(n) for n in ("txn_id", "amount", "debit", "credit")]
        rest = ", ".join(
            f"{self._bind(f'{name}=')} || nullif({cell}, '')"
            for name, cell in sorted(self.cells.items())
            if name not in mapped
        )
        rest_hash = f"left(sha256(concat_ws({_JOINT}, {rest or 'NULL'})), {_HASH})"
        return f"{content_hash} AS content_hash, {rest_hash} AS rest_hash"

    def _key_hash(self) -> str:
        """Name a posting by its content and its txn_id."""
        if self.source.kind not in TRANSACTIONS:
            return "CAST(NULL AS VARCHAR) AS key_hash"
        txn_id = "txn_id" if "txn_id" in self.source.columns else "NULL"
        key = f"left(sha256(concat_ws({_JOINT}, content_hash, {txn_id})), {_HASH})"
        return f"content_hash, rest_hash, {key} AS key_hash"


def _aliased(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{expression} AS {quoted(name)}" for name, expression in expressions.items())


def _together(cells: Mapping[str, str], parts: Sequence[str]) -> str:
    """Write SQL that puts the cells of several columns together, those that are missing left away."""
    listed = ", ".join(f"cell({cells[part]})" for part in parts)
    return f"nullif(concat_ws(' ', {listed}), '')"


def _case(name: str, bad: str, message: str) -> str:
    return (
        f"WHEN t_{name} IS NOT NULL AND {bad} THEN concat('{name}: ''', left(t_{name}, 60), ''' ', {message})"
    )
