"""Files that people open in spreadsheets: whatever a stranger wrote stays text."""

import csv
import io
import json
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from sqlalchemy import select

from data import exports
from data.exports import CUT, LONGEST_CELL, Sheet, csv_parts, harmless, note_export, write_xlsx
from models.audit import AuditEvent
from models.permissions import BUILT_IN_ROLES, Scope
from tests.rows import NOW, add_member, add_workspace, open_database

HOSTILE = [
    '=HYPERLINK("http://example.invalid","win")',
    "+44 20 7946 0000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "%0A=1+1",
    "|calc",
    "http://example.invalid/x",
    "mailto:a@example.invalid",
    "internal:Sheet1!A1",
    "{=1+1}",
    "{array",
    "1e309",
    "NaN",
    "\x00\x01\x1f\x7f",
    "_x0041_",
    "\ud800 lone",
    "ŵŷ Zażółć اردو 🇬🇧",
]


def read_csv(parts):
    return list(csv.reader(io.StringIO(b"".join(parts).decode("utf-8-sig"), newline="")))


def book_of(*sheets):
    holder = io.BytesIO()
    write_xlsx(holder, sheets)
    holder.seek(0)
    return openpyxl.load_workbook(holder)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_a_csv_file(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "%", "|"))
    assert harmless(text).endswith(text)


@pytest.mark.parametrize("text", ["hello", "5 miles = far", "a-b", "it's", ""])
def test_ordinary_text_is_left_alone(text):
    assert harmless(text) == text


def test_numbers_below_nought_stay_numbers():
    assert read_csv(csv_parts(["n"], [(-3,), (-0.5,)])) == [["n"], ["-3"], ["-0.5"]]


def test_a_csv_file_says_what_it_says_in_every_language():
    assert read_csv(csv_parts(["Testun"], [('ŵŷ, Zażółć\n"اردو"',)])) == [["Testun"], ['ŵŷ, Zażółć\n"اردو"']]


def test_times_are_utc_and_what_is_not_known_is_empty():
    london = datetime(2026, 7, 1, 12, tzinfo=UTC)
    rows = read_csv(csv_parts(["a", "b", "c"], [(london, date(2026, 7, 1), None)]))
    assert rows[1] == ["2026-07-01T12:00:00+00:00", "2026-07-01", ""]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_every_text_comes_back_from_a_csv_file(texts):
    clean = [text.replace("\x00", "") for text in texts]
    read = read_csv(csv_parts(["h"] * len(clean), [clean]))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [[c.removeprefix("'") for c in clean]]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    page = book_of(Sheet("Texts", ["Text"], [(text,) for text in HOSTILE])).active
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert len(cells) == len(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(cells)


def test_a_workbook_has_real_dates_numbers_and_frozen_headings():
    at = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    page = book_of(Sheet("Kinds", ["a", "b", "c", "d", "e", "f"], [(at, date(2026, 7, 1), 3, 0.25, True, None)])).active
    values = [cell.value for cell in page[2]]
    assert [str(value) for value in values[:2]] == ["2026-07-01 12:30:00", "2026-07-01 00:00:00"]
    assert values[2:] == [3, 0.25, True, None]
    assert page["A2"].is_date and page["B2"].is_date
    assert page.freeze_panes == "A2"


def test_a_text_longer_than_a_cell_says_that_it_was_cut():
    page = book_of(Sheet("Long", ["Text"], [("x" * 40_000,)])).active
    assert len(page["A2"].value) == LONGEST_CELL
    assert page["A2"].value.endswith(CUT)


def test_rows_beyond_a_sheet_go_on_in_a_further_one(monkeypatch):
    monkeypatch.setattr(exports, "LAST_ROW", 3)
    book = book_of(Sheet("A name of exactly thirty-one cha", ["n"], [(n,) for n in range(8)]))
    assert [len(page.title) <= 31 for page in book.worksheets] == [True] * 3
    assert [[row[0].value for row in page.iter_rows(min_row=2)] for page in book.worksheets] == [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7],
    ]


def test_an_export_is_an_event(database_url):
    database = open_database(database_url)
    north = add_workspace(database)
    user = add_member(database, north, "lewis", "Analyst")
    scope = Scope(north, "north", BUILT_IN_ROLES["Analyst"], user, "Lewis", session_id=None, address="192.0.2.7")
    note_export(database, scope, "report", {"report": "activity"}, NOW)
    with database.read() as db:
        event = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.object, event.user_id, event.address) == ("export", "report", user, "192.0.2.7")
    assert json.dumps(event.after) == '{"report": "activity"}'
    database.close()


def test_a_parquet_file_has_real_types_and_every_text_as_it_is(monkeypatch):
    monkeypatch.setattr(exports, "GROUP", 5)
    at = datetime(2026, 7, 1, 12, 30, 0, 123_456, tzinfo=UTC)
    kinds = (int, datetime, bool, float, str)
    texts = [text.encode(errors="replace").decode() for text in HOSTILE]
    given = [(number, at, number % 2 == 0, 0.5, text) for number, text in enumerate(texts)] + [(None,) * 5]
    parts = list(exports.parquet_parts(["a", "b", "c", "d", "e"], kinds, given))
    assert len(parts) > len(given) / 5
    table = parquet.read_table(io.BytesIO(b"".join(parts)))
    assert [str(one) for one in table.schema.types] == ["int64", "timestamp[us, tz=UTC]", "bool", "double", "string"]
    assert [tuple(row.values()) for row in table.to_pylist()] == given


def test_an_empty_parquet_file_has_its_columns():
    whole = b"".join(exports.parquet_parts(["a"], (int,), []))
    assert parquet.read_table(io.BytesIO(whole)).schema.names == ["a"]
