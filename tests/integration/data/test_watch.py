"""Proof of watch: Thursday evening to Sunday, an alarm within its minutes and a gap exact to the minute."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import watch
from data.watch import Sight, beat, leave
from models import watch as models
from models.snapshots import QueueFilters
from models.watch import BEAT, LIFE, AccountWatch, Watch, gaps, unwatched
from tests.alarms import Alarmed
from tests.claims import minutes
from tests.rows import NOW, add_workspace, open_database, scope_of

THURSDAY = NOW.replace(day=26, hour=16, minute=0)
PAGE = "0123456789abcdef"


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    made = Alarmed(opened)
    made.clock.now = THURSDAY
    yield made
    opened.close()


def sit(room, who, until, filters=None, page=PAGE):
    """Somebody is at an open queue and does something between every two beats."""
    while room.now < until:
        beat(room.database, who, Sight(page, filters or QueueFilters(), timedelta(0)), room.now)
        room.clock.now = min(room.now + BEAT, until)


def watches(room, account=None):
    with room.database.read() as db:
        wanted = select(Watch.begun, Watch.until).where(Watch.account_id == (account or room.account.id))
        return [tuple(row) for row in db.execute(wanted.order_by(Watch.begun))]


def standing(room, account=None):
    with room.database.read() as db:
        return db.get(AccountWatch, (room.id, account or room.account.id))


def test_thursday_at_five_to_sunday_the_alarm_fires_and_the_gap_is_exact(room):
    """The last one goes home at 17:00; a message comes on Friday at 03:12; somebody signs on on Sunday at 09:00."""
    ann = room.hire("ann")
    sit(room, ann, THURSDAY.replace(hour=17))
    leave(room.database, ann, PAGE, room.now)
    room.meet(hours=10, minutes=12)
    assert room.alarms() == [], "nothing waits: an account without a watch is no alarm yet"
    room.post()
    came = room.now
    assert room.meet(minutes=2, microseconds=-1) == 0
    assert room.meet(microseconds=1) == 1
    (cause,) = room.causes()
    assert (cause.kind, cause.fell, cause.lag) == ("unwatched", came + minutes(2), timedelta(0))
    room.meet(minutes=4)
    assert room.kinds()[0] == ("unwatched", 1, True), "one alarm for the whole gap"
    sunday = THURSDAY.replace(day=29, hour=9)
    room.clock.now = sunday
    sit(room, ann, sunday + minutes(1))
    assert room.kinds()[0] == ("unwatched", 1, False), "it is over as soon as somebody watches"
    found = gaps(watches(room), THURSDAY, sunday + minutes(1))
    assert [(gap.begins, gap.ends) for gap in found] == [(THURSDAY.replace(hour=17), sunday)]
    assert unwatched(found) == timedelta(days=2, hours=16)


def test_an_open_tab_that_nobody_touches_ends_five_minutes_after_the_last_act(room):
    ann = room.hire("ann")
    for idle in range(0, 1200, 15):
        beat(
            room.database, ann, Sight(PAGE, QueueFilters(), timedelta(seconds=idle)), THURSDAY + timedelta(seconds=idle)
        )
    assert watches(room) == [(THURSDAY, THURSDAY + minutes(5))]


def test_counting_an_open_tab_would_be_seen(room, monkeypatch):
    """The planted fault: activity is not looked at."""
    monkeypatch.setattr(watch, "good_until", lambda at, _idle, _valid: (at, at + LIFE))
    ann = room.hire("ann")
    for idle in range(0, 1200, 15):
        beat(
            room.database, ann, Sight(PAGE, QueueFilters(), timedelta(seconds=idle)), THURSDAY + timedelta(seconds=idle)
        )
    assert watches(room) != [(THURSDAY, THURSDAY + minutes(5))]


def test_a_browser_that_vanishes_is_no_watch_for_long(room):
    ann = room.hire("ann")
    sit(room, ann, THURSDAY + minutes(1))
    assert watches(room)[0][1] == THURSDAY + minutes(1) - BEAT + LIFE


def test_two_people_are_one_watch_and_the_last_to_leave_ends_it(room):
    ann, bob = room.hire("ann"), room.hire("bob")
    beat(room.database, ann, Sight(PAGE, QueueFilters(), timedelta(0)), room.now)
    beat(room.database, bob, Sight(PAGE, QueueFilters(account=room.account.id), timedelta(0)), room.after(seconds=10))
    leave(room.database, ann, None, room.after(seconds=5))
    assert standing(room).until > room.now
    leave(room.database, bob, PAGE, room.after(seconds=5))
    assert watches(room) == [(THURSDAY, THURSDAY + timedelta(seconds=20))]


def test_only_the_accounts_in_the_filter_are_watched(room):
    other = room.open_account("@hub")
    ann = room.hire("ann")
    beat(room.database, ann, Sight(PAGE, QueueFilters(), timedelta(0)), room.now)
    beat(room.database, ann, Sight(PAGE, QueueFilters(account=other.id), timedelta(0)), room.after(seconds=10))
    assert watches(room) == [(THURSDAY, THURSDAY + timedelta(seconds=10))]
    assert watches(room, other.id)[0][1] > room.now
    beat(room.database, ann, Sight(PAGE, QueueFilters(words="fire"), timedelta(0)), room.after(seconds=10))
    assert standing(room, other.id).until == room.now


def test_only_who_may_claim_watches_and_nothing_crosses_a_workspace(room):
    for who in (room.hire("eve", "Auditor"), room.hire("lou", "Records officer")):
        if who.may("read messages"):
            beat(room.database, who, Sight(PAGE, QueueFilters(), timedelta(0)), room.now)
    south = add_workspace(room.database, "south")
    stranger = scope_of(south, room.hire("ann").user_id, slug="south")
    beat(room.database, stranger, Sight(PAGE, QueueFilters(account=room.account.id), timedelta(0)), room.now)
    leave(room.database, stranger, None, room.now)
    assert watches(room) == []


def test_what_somebody_saw_is_no_alarm(room):
    from data.desk import mark_seen
    from models.conversation import Message

    ann = room.hire("ann")
    room.post()
    with room.database.read() as db:
        keys = list(db.scalars(select(Message.id)))
    mark_seen(room.database, ann, keys, room.now)
    assert room.meet(minutes=3) == 0
    assert standing(room).look is None
    assert standing(room).state(room.now, minutes(2)) == models.WatchWord.UNWATCHED
