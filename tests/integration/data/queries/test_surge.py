"""A surge on the wall and in the report, told from what the same hours of past weeks brought."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from data.queries.heading import heading
from data.queries.reports.activity import activity_report
from data.queries.surge import surge_now
from data.queries.wallboard import wallboard
from models.conversation import Message
from models.people import SignedIn
from models.permissions import BUILT_IN_ROLES, Scope
from models.reporting import report_filters_from
from tests.histories import DAY, HOUR, History, message
from tests.rows import add_member, open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def north(database_url):
    database = open_database(database_url)
    history = History(database)
    with history.at_once():
        account = history.account()
        history.messages([account], history.instants(900, NOW - 60 * DAY, NOW - HOUR), kinds=("public",))
    yield history, account
    database.close()


def receive(history, account, times, text="Smoke over the old mill on Canal Street tonight", **values):
    rows = [message(next(history.numbers), account, at) | {"text": text, **values} for at in times]
    history.write(lambda c, home: c.db.execute(insert(Message), [home | row for row in rows]))


def found(history, now=NOW):
    with history.database.read() as db:
        head = heading(db, history.id, now)
        return surge_now(db, head.ways, head.began, now)


def test_a_burst_is_on_the_wall_within_five_minutes_and_says_whether_the_desk_keeps_up(north):
    history, account = north
    database = history.database
    assert found(history) is None
    receive(history, account, [NOW - number * MINUTE / 4 for number in range(16)])
    receive(history, account, [NOW - MINUTE] * 9, spam=True)
    receive(history, account, [NOW - 2 * MINUTE] * 9, direction="out")
    first = wallboard(database, history.id, NOW).surge
    assert (first.count, first.window, first.people, first.forecast, first.breach) == (16, 5 * MINUTE, 0, False, None)
    assert NOW - first.since < 5 * MINUTE

    conversation = history.conversation(account)
    for number in range(20):
        start = NOW - DAY - number * HOUR
        history.turn(conversation, account, start, claimed=start + MINUTE, replied=start + 11 * MINUTE)
    person = add_member(database, history.id, "ann", "Operator", NOW)
    stranger = add_member(database, History(database, "south", 2).id, "bob", "Operator", NOW)
    with database.write() as db:
        for number, user in enumerate((person, stranger)):
            db.add(SignedIn(user_id=user, token_hash=str(number), began=NOW, last_active=NOW - MINUTE))
    turns = [history.turn(conversation, account, NOW - MINUTE) for _ in range(3)]
    for turn in turns:
        receive(history, account, [NOW - MINUTE], turn_id=turn)
    then = found(history)
    assert (then.people, then.forecast) == (1, True)
    assert then.breach is not None and then.breach > NOW


@pytest.mark.parametrize(("role", "told"), [("Supervisor", True), ("Analyst", False)])
def test_the_report_groups_what_is_said_much_the_same_and_shows_words_to_readers_only(north, role, told):
    history, account = north
    conversation = history.conversation(account)
    receive(history, account, [NOW - number * MINUTE / 9 for number in range(43)], conversation_id=conversation)
    receive(history, account, [NOW - MINUTE], text="Have you found a small brown dog by the river?")
    scope = Scope(history.id, history.slug, BUILT_IN_ROLES[role], 1, "Joy")
    filters = report_filters_from({"period": "7d"}, NOW.date())
    report = activity_report(history.database, scope, filters, NOW)
    (group,) = report.alike
    assert (group.count, bool(group.text), group.conversation_id is not None) == (43, told, told)
    last = report_filters_from({"period": "last-month"}, NOW.date())
    assert activity_report(history.database, scope, last, NOW).surge is None


def test_hours_of_the_last_day_stand_beside_the_median_of_eight_weeks(north):
    history, _ = north
    scope = Scope(history.id, history.slug, BUILT_IN_ROLES["Analyst"], 1, "Lewis")
    filters = report_filters_from({"period": "7d"}, NOW.date())
    report = activity_report(history.database, scope, filters, NOW)
    board = wallboard(history.database, history.id, NOW)
    medians = {hour.begins: hour.usual for hour in board.inbound.hours}
    assert len(report.hours) == 24
    for hour in report.hours:
        assert (hour.count is None) == (hour.begins + HOUR > NOW)
        if hour.begins in medians:
            assert hour.usual.median == medians[hour.begins]
    narrowed = report_filters_from({"period": "7d", "channel": "facebook"}, NOW.date())
    assert {one.count for one in activity_report(history.database, scope, narrowed, NOW).hours} == {0, None}


def test_a_workspace_that_has_just_begun_knows_of_no_surge(database_url):
    database = open_database(database_url)
    history = History(database)
    account = history.account()
    history.messages([account], [NOW - number * MINUTE / 9 for number in range(60)])
    assert found(history) is None
    database.close()
