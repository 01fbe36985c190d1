"""A report's figures as a file: the tables of the screen, cell by cell, with what they are of."""

import io
from collections.abc import Iterator

from data.exports import Sheet, Value, csv_parts, write_xlsx
from models.snapshots import ReportHead, Wait
from models.tables import Cell, Column, FigureTable, What, about, minutes

NAMES = {
    "inbound": "Messages",
    "buckets": "By day or month",
    "groups": "By grade",
    "parts": "Where the wait went",
    "engagement": "By day or month",
    "posts": "Posts",
}
"""Sheets named other than by their own title."""


def figures_csv(head: ReportHead, tables: tuple[FigureTable, ...]) -> bytes:
    """All tables below one another, each with its title, after what the file is of."""
    rows: list[tuple[Value, ...]] = []
    for table in tables:
        rows += [(), (table.title,), tuple(_heading(column) for column in table.columns)]
        rows += [_row(table, row, head) for row in table.rows]
    first, *rest = about(head)
    return b"".join(csv_parts(first, [*rest, *rows]))


def figures_xlsx(head: ReportHead, tables: tuple[FigureTable, ...]) -> bytes:
    """A sheet a table; the first says what the file is of."""
    holder = io.BytesIO()
    write_xlsx(holder, _sheets(head, tables))
    return holder.getvalue()


def _sheets(head: ReportHead, tables: tuple[FigureTable, ...]) -> Iterator[Sheet]:
    first, *rest = about(head)
    yield Sheet("About", first, rest)
    for table in tables:
        headings = [_heading(column) for column in table.columns]
        rows = (_row(table, row, head) for row in table.rows)
        yield Sheet(NAMES.get(table.key, table.title)[:31], headings, rows)


def _heading(column: Column) -> str:
    return f"{column.name} (min)" if column.what is What.WAIT else column.name


def _row(table: FigureTable, row: tuple[Cell, ...], head: ReportHead) -> tuple[Value, ...]:
    return tuple(_value(column, cell, head) for column, cell in zip(table.columns, row, strict=True))


def _value(column: Column, cell: Cell, head: ReportHead) -> Value:
    """A cell as a spreadsheet takes it: waits in minutes, and one that is only known to be longer as the words say it."""
    if isinstance(cell, Wait):
        length = round(minutes(cell), 2)
        return length if cell.reached else f"> {length}"
    if column.what is What.ACCOUNT:
        return next((one.handle for one in head.accounts if str(one.id) == cell), "")
    return cell
