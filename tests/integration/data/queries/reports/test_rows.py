"""Rows for files: every one of the period once, flat in memory, nothing of a contact without the permission."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from random import Random

import openpyxl
import pytest
from pyarrow import parquet
from sqlalchemy import insert

from data.exports import Sheet, csv_parts, parquet_parts, workbook_parts
from data.figures import figures_csv
from data.queries.reports import rows
from data.queries.reports.activity import activity_report
from data.queries.reports.rows import ROWS
from models.conversation import Message
from models.engagement import PostFigures
from models.permissions import BUILT_IN_ROLES, Permission, Scope
from models.problems import NotPermitted
from models.reporting import report_filters_from
from models.tables import tables_of
from tests.histories import DAY, HOUR, History, message
from tests.rows import open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
PERSONAL = {"text", "contact name", "contact handle"}
TEXTS = {"messages": PERSONAL, "conversations": PERSONAL - {"text"}, "turns": set(), "posts": {"text"}}


@pytest.fixture
def north(database_url):
    database = open_database(database_url)
    north, south = History(database, "north"), History(database, "south", 2)
    for history in (north, south):
        with history.at_once():
            accounts = [history.account("x"), history.account("facebook")]
            history.messages(accounts, history.instants(300, NOW - 40 * DAY, NOW))
            history.turns(accounts, history.instants(40, NOW - 40 * DAY, NOW), NOW)
    yield north
    database.close()


def scope(history, role):
    return Scope(history.id, history.slug, BUILT_IN_ROLES[role], 1, "Lewis")


def filters(**fields):
    return report_filters_from({"period": "28d", **fields}, NOW.date())


def taken(history, what, role="Supervisor", **fields):
    found = ROWS[what](history.database, scope(history, role), filters(**fields), NOW)
    return [dict(zip(found.headings, row, strict=True)) for row in found.rows]


def random_filters(seed):
    rng = Random(seed)
    period = rng.choice(["7d", "28d", "90d", "month", "last-month", "year", "custom", "custom", "custom"])
    first = NOW.date() - rng.randrange(60) * DAY
    chosen = {"period": period, "from": first.isoformat(), "to": (first + rng.randrange(200) * DAY).isoformat()}
    narrowed = {
        "channel": rng.choice(["", "", "x", "facebook", "mastodon"]),
        "account": rng.choice(["", "", "1", "2", "3"]),
    }
    return report_filters_from({**chosen, **narrowed}, NOW.date())


def exported(parts):
    return list(csv.reader(io.StringIO(b"".join(parts).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("seed", range(5))
def test_files_of_figures_and_of_rows_have_the_totals_of_the_screen(north, seed):
    """Twenty random filters each: a hundred in all."""
    for number in range(20):
        chosen = random_filters(f"{seed} {number}")
        report = activity_report(north.database, scope(north, "Analyst"), chosen, NOW)
        figures = exported([figures_csv(report.head, tables_of(report))])
        begins = figures.index(["Inbound messages"]) + 2
        lines = figures[begins : begins + len(report.buckets)]
        assert sum(int(line[3] or 0) for line in lines) == report.total, chosen
        found = ROWS["messages"](north.database, scope(north, "Supervisor"), chosen, NOW)
        headings, *lines = exported(csv_parts(found.headings, found.rows))
        kept = [dict(zip(headings, line, strict=True)) for line in lines]
        counted = [row for row in kept if row["direction"] == "in" and row["spam"] == "False"]
        assert len(counted) == report.total, chosen
        assert Counter(row["kind"] for row in counted) == {
            part.key: part.count for part in report.by_kind if part.count
        }
        assert len({row["message"] for row in kept}) == len(kept)


def test_files_of_excel_and_parquet_have_the_totals_of_the_screen_too(north, rounds):
    for number in range(rounds(100)):
        chosen = random_filters(f"{number // 20} {number % 20}")
        total = activity_report(north.database, scope(north, "Analyst"), chosen, NOW).total
        for read in (read_excel, read_parquet):
            lines = read(ROWS["messages"](north.database, scope(north, "Supervisor"), chosen, NOW))
            assert sum(line["direction"] == "in" and not line["spam"] for line in lines) == total, (read, chosen)


def read_excel(found):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(workbook_parts(Sheet("Rows", found.headings, found.rows)))))
    headings, *lines = book.active.iter_rows(values_only=True)
    return [dict(zip(headings, line, strict=True)) for line in lines]


def read_parquet(found):
    whole = io.BytesIO(b"".join(parquet_parts(found.headings, found.kinds, found.rows)))
    return parquet.read_table(whole).to_pylist()


def test_a_post_of_ours_comes_with_its_newest_figures(north):
    account = north.account("x", handle="@posts")
    post = north.add(Message, **(message(9_000, account, NOW - DAY) | {"direction": "out"}))
    for taken_at, given in ((NOW - HOUR, {"impressions": 30, "likes": 2}), (NOW - DAY / 2, {"impressions": 10})):
        row = {"workspace_id": north.id, "account_id": account, "message_id": post, "taken": taken_at, **given}
        north.write(lambda c, home, row=row: c.db.execute(insert(PostFigures).values(row)))
    (row,) = taken(north, "posts", account=str(account))
    assert (row["post"], row["impressions"], row["likes"], row["quotes"]) == (post, 30, 2, None)
    assert row["figures as at"] == NOW - HOUR


@pytest.mark.parametrize("what", sorted(ROWS))
def test_rows_are_the_same_whatever_the_stretch(north, what, monkeypatch):
    whole = taken(north, what)
    monkeypatch.setattr(rows, "STRETCH", 7)
    assert taken(north, what) == whole
    assert whole or what in ("conversations", "posts")


@pytest.mark.parametrize("what", sorted(ROWS))
def test_an_analyst_takes_nothing_of_a_contact(north, what):
    found = ROWS[what](north.database, scope(north, "Analyst"), filters(), NOW)
    assert not PERSONAL & set(found.headings)
    texts = ROWS[what](north.database, scope(north, "Supervisor"), filters(), NOW)
    assert PERSONAL & set(texts.headings) == TEXTS[what]


@pytest.mark.parametrize("what", sorted(ROWS))
@pytest.mark.parametrize("role", sorted(BUILT_IN_ROLES))
def test_rows_need_their_permissions(north, what, role):
    held = BUILT_IN_ROLES[role]
    if {Permission.EXPORT, Permission.REPORT} <= held:
        assert ROWS[what](north.database, scope(north, role), filters(), NOW).headings
    else:
        with pytest.raises(NotPermitted):
            ROWS[what](north.database, scope(north, role), filters(), NOW)


def test_one_account_is_a_part_of_all(north):
    whole = taken(north, "turns")
    with north.database.read() as db:
        accounts = [
            row.id for row in db.scalars(rows.select(rows.Account).where(rows.Account.workspace_id == north.id))
        ]
    parts = [taken(north, "turns", account=str(one)) for one in accounts]
    assert sorted(row["turn"] for part in parts for row in part) == sorted(row["turn"] for row in whole)


def test_conversations_are_those_that_moved_in_the_period(north):
    account = north.account("mastodon")
    inside = north.conversation(account, last_at=NOW - DAY)
    north.conversation(account, last_at=NOW - 60 * DAY)
    assert [row["conversation"] for row in taken(north, "conversations", channel="mastodon")] == [inside]
    north.turn(inside, account, NOW - HOUR, staffed=90_000_000, replied=NOW - HOUR / 2)
    assert [row["staffed wait (s)"] for row in taken(north, "turns", channel="mastodon")] == [90]
