"""Files for people: the only place that writes them, so that nothing a stranger wrote can act in a spreadsheet.

Text is only ever text. In CSV a text that a spreadsheet would take for a formula is led by an apostrophe; in XLSX every text
is written as one, whatever it looks like. Every export is an event.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import IO, Any

from data.audit import actor_of, change
from data.database import Database
from models.permissions import Scope

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "%", "|")
"""What a spreadsheet may take for the beginning of a formula or a command. Source: OWASP, CSV Injection."""
LONGEST_CELL = 32_767
"""Characters of one cell of a spreadsheet (Excel's specification)."""
LAST_ROW = 1_048_575
"""The number of the last row of a sheet, counted from 0 (Excel's specification)."""
PART = 1 << 16
"""Bytes of a part of a file on its way."""
CUT = " … (cut: longer than a cell may be)"

Value = str | int | float | bool | date | datetime | None
Kind = type[str | int | float | bool | date | datetime]
"""What a column holds, where a file keeps it."""
Rows = Iterable[Sequence[Value]]
GROUP = 10_000
"""Rows of a Parquet file that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for a file: its name, its headings, and its rows, which are read once."""

    name: str
    headings: Sequence[str]
    rows: Rows


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: led by an apostrophe where it would be, also behind blanks."""
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(FORMULA) else text


class _Drain(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, given: Any) -> int:
        part = bytes(given)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def take(self) -> bytes:
        """What came since the last time."""
        taken, self._parts = b"".join(self._parts), []
        return taken


def parquet_parts(headings: Sequence[str], kinds: Sequence[Kind], rows: Rows) -> Iterator[bytes]:
    """A Parquet file in parts, a group of rows at a time; instants are UTC to the microsecond. Text is only ever text there."""
    import pyarrow as pa  # takes a fifth of a second, which nobody else should wait for
    from pyarrow import parquet

    types = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: pa.timestamp("us", tz="UTC")}
    types |= {date: pa.date32()}
    schema = pa.schema([(name, types.get(kind, pa.string())) for name, kind in zip(headings, kinds, strict=True)])
    drain, left = _Drain(), iter(rows)
    with parquet.ParquetWriter(drain, schema) as writer:
        while group := list(islice(left, GROUP)):
            columns = [pa.array(column, one.type) for column, one in zip(zip(*group, strict=True), schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            yield drain.take()
    yield drain.take()


def csv_parts(headings: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """A CSV file in parts, as rows come: UTF-8 with its mark, so that Excel reads Welsh; instants in UTC, dates as ISO."""
    yield "\ufeff".encode()
    yield _line(headings)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[Value]) -> bytes:
    holder = io.StringIO()
    csv.writer(holder).writerow([_plain(cell) for cell in cells])
    return holder.getvalue().encode(errors="replace")


def _plain(cell: Value) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else cell


def write_xlsx(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook, a row at a time: frozen headings, real dates (instants in UTC), and no formula or link from a text.

    Rows beyond what a sheet holds go on in a further one.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            str: book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        }
        for sheet in sheets:
            _write_sheet(book, sheet, formats)


def workbook_parts(sheet: Sheet) -> Iterator[bytes]:
    """A workbook of one sheet in parts: written to a file of its own first, which is gone afterwards."""
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, [sheet])
        file.seek(0)
        while part := file.read(PART):
            yield part


def _write_sheet(book: Any, sheet: Sheet, formats: dict[type, Any]) -> None:
    page, part, number = _begin(book, sheet, 1, formats), 1, 0
    for row in sheet.rows:
        number += 1
        if number > LAST_ROW:
            part, number = part + 1, 1
            page = _begin(book, sheet, part, formats)
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, formats)


def _begin(book: Any, sheet: Sheet, part: int, formats: dict[type, Any]) -> Any:
    ending = f" {part}" if part > 1 else ""
    page = book.add_worksheet(f"{sheet.name[: 31 - len(ending)]}{ending}")
    page.freeze_panes(1, 0)
    page.set_column(0, max(len(sheet.headings) - 1, 0), 18)
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, formats[str])
    return page


def _write_cell(page: Any, row: int, column: int, cell: Value, formats: dict[type, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        text = cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - len(CUT)] + CUT
        page.write_string(row, column, text.encode("utf-8", "replace").decode())
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.astimezone(UTC), formats[datetime])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats[date])
    else:
        page.write_number(row, column, cell)


def note_export(database: Database, scope: Scope, what: str, facts: dict[str, Any], at: datetime) -> None:
    """Put an export on the record, before its first byte leaves: what of, by which filters."""
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        c.state("export", what, after=facts)
