"""What the wall and the register say of watches, against the intervals."""

from datetime import timedelta

import pytest

from data.queries.accounts import accounts
from data.queries.strip import strip, watched
from data.watch import Sight, beat, leave
from models.snapshots import QueueFilters, WatchWord
from models.watch import LIFE
from tests.alarms import Alarmed
from tests.claims import minutes
from tests.rows import NOW, open_database


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Alarmed(opened)
    opened.close()


def shown(room, who):
    return accounts(room.database, who, room.now).rows[0].cell.watch


def test_the_register_says_who_watches_and_what_was_missed_this_month(room):
    ann = room.hire("ann")
    sight = Sight("0123456789abcdef", QueueFilters(), timedelta(0))
    beat(room.database, ann, sight, room.now)
    assert (shown(room, ann).state, shown(room, ann).people, shown(room, ann).month) == ("watched", 1, timedelta(0))
    leave(room.database, ann, None, room.after(seconds=30))
    room.post()
    room.after(minutes=90, seconds=30)
    mark = shown(room, ann)
    assert (mark.state, mark.since) == (WatchWord.UNWATCHED, NOW + timedelta(seconds=30))
    assert (mark.month, mark.arrived) == (minutes(90) + timedelta(seconds=30), 1)
    room.clock.now = NOW.replace(month=12, day=1, hour=1, minute=0)
    assert (shown(room, ann).month, shown(room, ann).arrived) == (minutes(60), 0), "the month began at midnight"
    room.open_account("@zulu")
    beat(room.database, ann, sight, room.now)
    page = accounts(room.database, ann, room.now, "2026-11")
    first, second = page.unwatched
    whole = NOW.replace(month=12, day=1, hour=0, minute=0) - NOW
    assert (first.length, first.arrived, first.known) == (whole - timedelta(seconds=30), 1, NOW)
    assert (page.months, page.month, second.length) == (("2026-11",), "2026-11", None), "not known, and never 0"
    other = accounts(room.database, ann, room.now, "2026-12")
    assert (other.months, other.month, other.unwatched) == (("2026-11",), "", ())
    room.clock.now = NOW.replace(year=2027, month=1, day=2)
    beat(room.database, ann, sight, room.now)
    december = accounts(room.database, ann, room.now, "2026-12").unwatched[0]
    assert (december.length, december.known) == (timedelta(days=31) - LIFE, None)


def test_the_wall_puts_what_nobody_watches_before_what_is_well(room):
    ann = room.hire("ann")
    others = [room.open_account(f"@hub{number}") for number in range(5)]
    for one in (room.account, *others):
        room.post(account=one)
    sight = Sight("0123456789abcdef", QueueFilters(account=others[4].id), timedelta(0))
    beat(room.database, ann, sight, room.after(seconds=1))
    with room.database.read() as db:
        found = strip([one.cell for one in watched(db, room.id, room.now)])
    assert [cell.watch.state for cell in found.worst] == [WatchWord.UNWATCHED] * 4
    assert (found.others, found.others_well) == (2, False)
