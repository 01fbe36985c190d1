"""Workspaces side by side, and topics against posts: from each workspace's own rows, and only where the person belongs."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from data.people import grant, withdraw
from data.queries.reports.activity import activity_report
from data.queries.reports.compare import compare_report, scopes_of
from data.queries.reports.response import response_report
from data.queries.reports.topics import topics_report
from data.rollups import Cell, count_messages
from models.audit import COMMAND
from models.conversation import Message
from models.permissions import BUILT_IN_ROLES, Scope
from models.problems import NotPermitted
from models.reporting import report_filters_from
from models.workspace import Topic
from tests.histories import DAY, HOUR, History, message
from tests.rows import add_member, open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)


@pytest.fixture
def county(database_url):
    """Three workspaces with messages; Lewis reads reports in the first two and is an operator in the third."""
    database = open_database(database_url)
    found = [History(database, slug, number) for number, slug in enumerate(("north", "east", "south"), 1)]
    for history in found:
        with history.at_once():
            history.accounts = [history.account("x"), history.account("facebook")]
            history.messages(history.accounts, history.instants(60, NOW - 40 * DAY, NOW - HOUR))
            history.turns(history.accounts, history.instants(25, NOW - 20 * DAY, NOW - HOUR), NOW)
    lewis = add_member(database, found[0].id, "lewis", "Analyst", NOW)
    for history, role in zip(found[1:], ("Analyst", "Operator"), strict=True):
        grant(database, history.id, lewis, role, NOW, COMMAND)
    yield found, Scope(found[0].id, "north", BUILT_IN_ROLES["Analyst"], lewis, "Lewis")
    database.close()


def filters(**fields):
    return report_filters_from({"period": "28d", **fields}, NOW.date())


def test_each_row_is_that_workspaces_own_report_and_a_role_withdrawn_counts_at_once(county):
    found, scope = county
    database = found[0].database
    report = compare_report(database, scope, filters(channel="x", account=str(found[0].accounts[0])), NOW)
    assert [row.workspace.slug for row in report.rows] == ["north", "east"]
    for row, history in zip(report.rows, found, strict=False):
        own = Scope(history.id, history.slug, BUILT_IN_ROLES["Analyst"], scope.user_id, "Lewis")
        came = activity_report(database, own, filters(channel="x"), NOW)
        answers = response_report(database, own, filters(channel="x"), NOW)
        assert (row.messages, row.before, row.days) == (came.total, came.before, 28)
        assert (row.answered, row.first, row.service) == (
            answers.answered,
            answers.groups[0].public,
            answers.groups[0].service,
        )
        assert row.urgent == sum(part.count for part in came.by_grade if part.key != "standard")
    withdraw(database, found[1].id, scope.user_id, "Analyst", NOW, COMMAND)
    assert [one.slug for one in scopes_of(database, scope)] == ["north"]
    with pytest.raises(NotPermitted):
        compare_report(database, Scope(found[0].id, "north", BUILT_IN_ROLES["Operator"], scope.user_id), filters(), NOW)


def test_topics_count_messages_by_account_and_the_posts_that_rules_read(county):
    found, scope = county
    north = found[0]
    database, account = north.database, north.accounts[0]
    with database.read() as db:
        roads = db.scalar(select(Topic.id).where(Topic.workspace_id == north.id, Topic.word == "Roads and traffic"))
    cell = Cell(NOW - DAY, account, "public", "in", north.ways.grade_ids[3], roads, 0)
    north.write(lambda c, _: count_messages(c.db, north.id, north.ways.zone, {cell: 7}))
    texts = (
        "Ring road closed, traffic is diverted",
        "Good morning",
        "A reply about the traffic",
        "Old news of traffic",
    )
    rows = [
        message(9_000 + n, account, NOW - 2 * HOUR) | {"direction": "out", "text": text} for n, text in enumerate(texts)
    ]
    rows[3]["sent"] = NOW - 60 * DAY
    rows[2]["conversation_id"] = north.conversation(account)
    north.write(lambda c, home: [c.db.execute(insert(Message), [home | row]) for row in rows])
    report = topics_report(database, scope, filters(), NOW)
    by_word = {row.word: row for row in report.rows}
    whole = activity_report(database, scope, filters(), NOW)
    assert report.messages == whole.total == sum(row.messages for row in report.rows)
    assert {part.key: part.count for part in whole.by_topic if part.count} == {
        row.word: row.messages for row in report.rows if row.messages
    }
    assert by_word["Roads and traffic"].messages == 7
    assert dict(zip(report.accounts, by_word["Roads and traffic"].accounts, strict=True))[str(account)] == 7
    assert report.posts == 2
    assert {word: row.posts for word, row in by_word.items() if row.posts} in (
        {"Roads and traffic": 1, "": 1},
        {"": 2},
    )
    assert report.workspaces == ("East",)
    assert topics_report(database, scope, filters(account=str(account)), NOW).workspaces == ()
