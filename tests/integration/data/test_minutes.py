"""The main board's figures by the minute: noted once, compared with what the record says, let go after a while."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import minutes
from data.keeping import chores
from data.minutes import forget, note_minute, note_minutes
from data.moments import find_moment, minute_of
from data.queries.past import queue_at, wallboard_as_at
from data.queries.wallboard import wallboard
from data.reading import note_failure
from data.rebuilding import _mend
from data.settings import load_settings
from models.past import KNOWN_FROM, Former, Minute, VolumeMove
from models.problems import NotFound, NotKnown, NotPermitted
from models.snapshots import QueueFilters
from models.workspace import Heartbeat, Installation
from tests import rows
from tests.arrivals import MONDAY, add_colleague, asks, edit, found, person
from tests.rows import scope_of

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def town(database_url):
    opened = rows.open_database(database_url)
    add_colleague(opened)
    yield found(opened)
    opened.close()


@pytest.fixture
def home(town):
    return town.account.workspace_id


@pytest.fixture
def scope(home):
    return scope_of(home, 1, "Supervisor")


def kept(town, entity):
    with town.database.read() as db:
        return db.scalar(select(func.count()).select_from(entity))


def test_a_minute_is_noted_once(town, home):
    assert note_minutes(town.database, lambda: MONDAY) == 1
    assert note_minutes(town.database, lambda: MONDAY + timedelta(seconds=59)) == 0
    assert note_minutes(town.database, lambda: MONDAY + MINUTE) == 1
    assert [one.at for one in town.rows(Minute)] == [MONDAY, MONDAY + MINUTE]


def test_a_board_that_changed_while_it_was_drawn_is_drawn_again(town, home, monkeypatch):
    drawn = []

    def busy(*given):
        board = wallboard(*given)
        if len(drawn) < 2:
            town.take(asks(f"m{len(drawn)}", 1), at=MONDAY + MINUTE)
        drawn.append(board.revision)
        return board

    monkeypatch.setattr(minutes, "wallboard", busy)
    assert note_minute(town.database, home, MONDAY + 2 * MINUTE)
    assert len(drawn) == 3
    monkeypatch.setattr(minutes, "TRIES", 0)
    assert not note_minute(town.database, home, MONDAY + 3 * MINUTE)


def test_two_at_once_note_one(town, home):
    board = wallboard(town.database, home, MONDAY)
    for _ in range(2):
        minutes._write(town.database, board, home, 1)
    assert len(town.rows(Minute)) == 1


def test_the_wall_of_then_says_what_it_said(town, home, scope):
    """What came, was edited and was answered later is not on it; what the connectors did is, from the note."""
    first = asks("a", 1, "hello", person("ann"))
    town.take(first, at=MONDAY + 2 * MINUTE)
    with town.database.write() as db:
        db.merge(Heartbeat(name="poller", holder="here", at=MONDAY + 3 * MINUTE))
        note_failure(db, home, town.account.id, "no answer", False, MONDAY + 2 * MINUTE)
    note_minute(town.database, home, MONDAY + 3 * MINUTE)
    then = wallboard(town.database, home, MONDAY + 3 * MINUTE)
    town.take(edit(first, 4, "fire"), asks("b", 4, "car", person("ben")), at=MONDAY + 5 * MINUTE)
    now = MONDAY + 10 * MINUTE
    past = wallboard_as_at(town.database, scope, MONDAY + 3 * MINUTE, now)
    assert (past.mark.noted, past.mark.same) == (True, True)
    assert (past.board.waiting, past.board.inbound, past.board.accounts) == (then.waiting, then.inbound, then.accounts)
    assert past.board.poller_alive
    assert wallboard(town.database, home, now).waiting != then.waiting


def test_a_minute_that_nobody_noted_is_drawn_from_the_record_alone(town, home, scope):
    town.take(asks("a", 1), at=MONDAY + 2 * MINUTE)
    now = MONDAY + 10 * MINUTE
    past = wallboard_as_at(town.database, scope, MONDAY + 5 * MINUTE, now)
    assert (past.mark.noted, past.mark.same, past.mark.at) == (False, None, MONDAY + 5 * MINUTE)
    assert sum(one.count for one in past.board.waiting) == 1
    assert (past.board.accounts.worst, past.board.accounts.others) == ((), 0)
    before = wallboard_as_at(town.database, scope, MONDAY + MINUTE, now)
    assert sum(one.count for one in before.board.waiting) == 0, "it was not stored yet, though it had been sent"


def test_figures_that_are_not_those_of_then_are_told(town, home, scope):
    town.take(asks("a", 1), at=MONDAY + 2 * MINUTE)
    note_minute(town.database, home, MONDAY + 3 * MINUTE)
    with town.database.write() as db:
        noted = db.get_one(Minute, (home, MONDAY + 3 * MINUTE))
        noted.figures = {**noted.figures, "waiting": []}
    assert wallboard_as_at(town.database, scope, MONDAY + 3 * MINUTE, MONDAY + DAY).mark.same is False


def test_the_queue_of_then_has_its_rows_in_their_order(town, home, scope):
    town.take(asks("a", 1, "hello", person("ann", "@ann")), at=MONDAY + 2 * MINUTE)
    town.take(
        asks("b", 4, "fire at the mill", person("ben")),
        asks("c", 5, "more from me", person("ann", "@annie")),
        at=MONDAY + 6 * MINUTE,
    )
    then = queue_at(town.database, scope, QueueFilters(), MONDAY + 3 * MINUTE, MONDAY + DAY).queue
    assert [(row.first_line, row.contact) for row in then.rows] == [("hello", "Ann")]
    later = queue_at(town.database, scope, QueueFilters(), MONDAY + 7 * MINUTE, MONDAY + DAY).queue
    assert [row.first_line for row in later.rows] == ["fire at the mill", "more from me"]


def test_nothing_is_shown_of_what_is_not_known(town, home, scope):
    now = MONDAY + DAY
    for at in (MONDAY - timedelta(days=400), now + MINUTE):
        with pytest.raises(NotKnown):
            wallboard_as_at(town.database, scope, at, now)
    with pytest.raises(NotPermitted):
        queue_at(town.database, scope_of(home, 1), QueueFilters(), MONDAY, now)
    with pytest.raises((NotKnown, NotFound)):
        wallboard_as_at(town.database, scope_of(999, 1, "Supervisor"), MONDAY, now)


def test_what_is_older_than_the_past_reaches_is_let_go(town, home, scope):
    town.take(asks("a", 1), at=MONDAY + 2 * MINUTE)
    town.take(asks("b", 3), at=MONDAY + 4 * MINUTE)
    note_minute(town.database, home, MONDAY + 4 * MINUTE)
    town.take(asks("c", 60 * 24 * 3), at=MONDAY + 3 * DAY)
    note_minute(town.database, home, MONDAY + 3 * DAY)
    before = kept(town, Former)
    assert forget(town.database, DAY, MONDAY + 3 * DAY) > 0
    assert 0 < kept(town, Former) < before
    assert [one.at for one in town.rows(Minute)] == [MONDAY + 3 * DAY]
    assert forget(town.database, DAY, MONDAY + 3 * DAY) == 0
    with pytest.raises(NotKnown):
        wallboard_as_at(town.database, scope, MONDAY + 4 * MINUTE, MONDAY + 3 * DAY)
    assert wallboard_as_at(town.database, scope, MONDAY + 3 * DAY, MONDAY + 3 * DAY).mark.same
    assert forget(town.database, timedelta(0), MONDAY + 80 * DAY) > 0
    assert kept(town, VolumeMove) == 0
    with town.database.read() as db:
        assert db.get(Installation, KNOWN_FROM).value == (MONDAY + 80 * DAY).isoformat()


def test_the_chores_do_all_of_it(town, home, tmp_path):
    settings = load_settings(
        {
            "WATCHROOM_DATABASE_URL": town.database.url,
            "WATCHROOM_VAR": str(tmp_path),
            "WATCHROOM_AUDIT_KEY": "a" * 32,
        }
    )
    for _, _, work in chores(town.database, lambda: MONDAY, settings):
        work()
    assert [one.at for one in town.rows(Minute)] == [minute_of(MONDAY)]


def test_a_row_that_got_a_column_since_is_read_as_a_new_one_would_be(town, home, scope):
    """Kept before a migration added a column: what it would have had then."""
    town.take(asks("a", 1), at=MONDAY + 2 * MINUTE)
    town.take(asks("b", 3), at=MONDAY + 4 * MINUTE)
    with town.database.write() as db:
        for row in db.scalars(select(Former).where(Former.entity == "conversation")):
            row.facts = row.facts.replace('"media"', '"medium"').replace('"flags"', '"flag"')
    rows_then = queue_at(town.database, scope, QueueFilters(), MONDAY + 3 * MINUTE, MONDAY + DAY).queue.rows
    assert [(one.media, one.flags) for one in rows_then] == [(False, ())]


def test_sums_made_again_move_nothing_of_the_past(town, home, scope):
    """A rebuild takes every sum away and puts it back: what was stays what it was."""
    town.take(asks("a", 1, "cheap"), asks("b", 1), at=MONDAY + 2 * MINUTE)
    note_minute(town.database, home, MONDAY + 3 * MINUTE)
    town.take(asks("c", 4), at=MONDAY + 5 * MINUTE)
    _mend(town.database, home)
    with town.database.read() as db:
        assert find_moment(db, home, MONDAY + 3 * MINUTE, MONDAY + DAY).noted
    assert wallboard_as_at(town.database, scope, MONDAY + 3 * MINUTE, MONDAY + DAY).mark.same
