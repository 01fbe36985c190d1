"""A surge calls somebody once, and the alarm is over when it is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from data.surging import look, tell
from models.alarms import Alarm, AlarmCause
from models.audit import AuditEvent
from models.conversation import Message
from tests.histories import DAY, HOUR, History, message
from tests.rows import open_database

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


def receive(history, account, until):
    rows = [message(next(history.numbers), account, until - number * MINUTE / 6) for number in range(30)]
    history.write(lambda c, home: c.db.execute(insert(Message), [home | row for row in rows]))


def alarms(history):
    with history.database.read() as db:
        rows = db.execute(
            select(Alarm.words, Alarm.cleared, AlarmCause.fell).join(AlarmCause, AlarmCause.alarm_id == Alarm.id)
        )
        return rows.all()


def test_a_surge_is_told_of_once_and_is_over_when_it_is(north):
    history, account = north
    other = History(history.database, "south", 2)
    assert look(history.database, lambda: NOW) == timedelta(seconds=30)
    assert alarms(history) == []
    receive(history, account, NOW)
    assert [tell(history.database, history.id, NOW + number * MINUTE) for number in range(4)] == [
        True,
        False,
        False,
        False,
    ]
    ((words, cleared, fell),) = alarms(history)
    assert words.startswith("30 in 5 minutes, ") and words.endswith(" expected")
    assert cleared is None and NOW - 5 * MINUTE <= fell <= NOW
    assert not tell(history.database, other.id, NOW)

    assert tell(history.database, history.id, NOW + HOUR)
    assert [row.cleared for row in alarms(history)] == [NOW + HOUR]
    assert not tell(history.database, history.id, NOW + HOUR)
    receive(history, account, NOW + 2 * HOUR)
    look(history.database, lambda: NOW + 2 * HOUR)
    assert [row.cleared is None for row in alarms(history)] == [False, True]
    with history.database.read() as db:
        found = db.scalars(select(AuditEvent.action).where(AuditEvent.action.like("alarm.%")).order_by(AuditEvent.id))
        assert list(found) == ["alarm.raise", "alarm.over", "alarm.raise"]
