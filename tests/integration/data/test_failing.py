"""An account that cannot be read calls somebody once, when that has lasted long enough, until posts come again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import failing
from data.accounts import pause_account
from data.alarming import until_next
from data.alarms import set_ways
from data.reading import note_failure, note_success
from models.audit import COMMAND, AuditEvent
from models.posts import Batch
from tests.alarms import Alarmed
from tests.claims import minutes
from tests.rows import open_database


class Reading(Alarmed):
    """Polls of the account fail and succeed when a test says so."""

    def fail(self, account=None, refused=False, **how_long):
        at = self.after(**how_long)
        with self.database.write() as db:
            note_failure(db, self.id, (account or self.account).id, "answered 503", refused, at)
        return at

    def read(self, **how_long):
        at = self.after(**how_long)
        with self.database.write() as db:
            note_success(db, self.id, self.account.id, Batch((), "next"), 0, at)


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Reading(opened)
    opened.close()


def story(room):
    """Failing from the first poll on; the second one shows it; then it is read, fails and is refused at once."""
    began = room.fail()
    assert room.meet(minutes=6) == 0, "one failure is no outage"
    known = room.fail()
    told = [room.meet(), room.meet(seconds=10)]
    room.read(minutes=5)
    told.append(room.meet(seconds=5))
    return began, known, told


def test_an_account_that_cannot_be_read_is_told_of_once_and_is_over_when_it_is_read_again(room):
    began, known, told = story(room)
    assert told == [1, 0, 0]
    (cause,) = room.causes()
    assert (cause.kind, cause.account_id, cause.fell) == ("failing", room.account.id, began + minutes(5))
    assert cause.lag == timedelta(0) and cause.raised == known
    (alarm,) = room.alarms()
    assert (alarm.words, alarm.cleared) == ("answered 503", room.now)

    hub = room.open_account("@hub")
    room.fail(refused=True)
    room.fail(hub, refused=True)
    assert until_next(room.database, room.now + minutes(5) - timedelta(seconds=2)) == timedelta(seconds=2)
    assert room.meet(minutes=5, microseconds=-1) == 0
    assert room.meet(microseconds=1) == 2, "a refusal is an outage at once, and each account has its own"
    pause_account(room.database, room.id, hub.id, room.now, COMMAND)
    room.read()
    room.fail(seconds=1)
    assert room.meet(seconds=1) == 0
    assert [one.open for one in room.alarms()] == [False] * 3, "what is paused, or worked in between, is over"
    with room.database.read() as db:
        found = db.scalars(select(AuditEvent.action).where(AuditEvent.action.like("alarm.%")).order_by(AuditEvent.id))
        assert list(found) == ["alarm.raise", "alarm.over", "alarm.raise", "alarm.over"]


def test_the_workspace_says_for_how_long(room):
    set_ways(room.database, room.id, {"failing_seconds": 0}, room.now, COMMAND)
    room.fail(refused=True)
    assert room.meet() == 1


def test_an_alarm_that_nobody_ends_would_be_seen(room, monkeypatch):
    """The planted fault: an account that is read again stays failing."""
    monkeypatch.setattr(failing, "_end", lambda _change, _standing: [])
    story(room)
    assert [one.cleared for one in room.alarms()] != [room.now]
