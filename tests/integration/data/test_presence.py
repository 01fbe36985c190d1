"""Who is looking and who is writing: told while it is so and a few seconds longer, to every process, and to nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.database import Database
from data.people import disable_user
from data.presence import MOST_PAGES, Beat, beat, leave, looking, marks
from data.viewing import AGAIN, note_view
from models.audit import COMMAND, AuditEvent, Revision
from models.permissions import KIOSK_PERMISSIONS, Scope
from models.presence import BEAT, KEPT, LIFE, STILL_WRITING, Presence
from models.problems import BadValue, DatabaseBusy, NotFound, NotPermitted
from models.snapshots.claims import Looking, Watcher
from tests.claims import EMERGENCY, Room, minutes
from tests.rows import AUDIT_KEY, NOW, add_conversation, add_workspace, open_database, scope_of

TICK = timedelta(microseconds=1)


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Room(opened)
    opened.close()


@pytest.fixture
def ann(room):
    return room.hire("ann")


@pytest.fixture
def bob(room):
    return room.hire("bob")


@pytest.fixture
def key(room):
    return room.receive(EMERGENCY)


def says(room, scope, key, page="a" * 8, **facts):
    return beat(room.database, scope, Beat(key, page, **facts), room.now)


def number(room):
    with room.database.read() as db:
        return tuple(db.execute(select(Revision.presence, Revision.number)).one())


def mark(room, key):
    with room.database.read() as db:
        return marks(db, room.id, room.now).get(key)


def test_people_see_each_other_and_not_themselves(room, ann, bob, key):
    assert says(room, ann, key) == Looking()
    assert says(room, bob, key) == Looking((Watcher("Ann", False),))
    assert says(room, ann, key) == Looking((Watcher("Bob", False),))


def test_writing_is_told_while_it_goes_on(room, ann, bob, key):
    says(room, ann, key, typed=True)
    assert looking(room.database, bob, key, room.now).watchers == (Watcher("Ann", True),)
    assert looking(room.database, bob, key, room.after(seconds=STILL_WRITING.total_seconds())).watchers == (
        Watcher("Ann", False),
    )


def test_who_falls_silent_is_gone_within_seconds(room, ann, bob, key):
    says(room, ann, key)
    assert timedelta(seconds=15) > LIFE
    assert looking(room.database, bob, key, room.now + LIFE - TICK).watchers
    assert not looking(room.database, bob, key, room.now + LIFE).watchers


def test_leaving_is_told_at_once(room, ann, bob, key):
    says(room, ann, key)
    leave(room.database, ann, "a" * 8, room.now)
    assert not looking(room.database, bob, key, room.now).watchers
    before = number(room)
    leave(room.database, ann, "a" * 8, room.now)
    leave(room.database, bob, "a" * 8, room.now)
    assert number(room) == before


def test_one_window_of_two_may_close(room, ann, bob, key):
    says(room, ann, key, page="a" * 8)
    says(room, ann, key, page="b" * 8, typed=True)
    leave(room.database, ann, "b" * 8, room.now)
    assert looking(room.database, bob, key, room.now).watchers == (Watcher("Ann", False),)


def test_going_to_another_conversation_leaves_the_first(room, ann, bob, key):
    other = room.receive()
    says(room, ann, key, typed=True)
    says(room, ann, other)
    assert not looking(room.database, bob, key, room.now).watchers
    assert looking(room.database, bob, other, room.now).watchers == (Watcher("Ann", False),)


def test_only_what_others_would_see_raises_the_number_and_never_the_revision(room, ann, key):
    presence, revision = number(room)
    says(room, ann, key)
    assert number(room) == (presence + 1, revision)
    room.after(seconds=BEAT.total_seconds())
    says(room, ann, key)
    assert number(room) == (presence + 1, revision)
    says(room, ann, key, typed=True)
    assert number(room) == (presence + 2, revision)
    leave(room.database, ann, "a" * 8, room.now)
    assert number(room) == (presence + 3, revision)


def test_the_feed_hears_of_who_came_wrote_and_left(room, ann, key):
    assert mark(room, key) is None
    seen = []
    for act in (
        lambda: says(room, ann, key),
        lambda: says(room, ann, key, typed=True),
        lambda: room.after(seconds=STILL_WRITING.total_seconds()),
        lambda: room.after(seconds=(LIFE - STILL_WRITING).total_seconds()),
    ):
        act()
        seen.append(mark(room, key))
    assert None not in seen
    assert seen[0] == seen[2]
    assert len({*seen[:2], seen[3]}) == 3
    room.after(seconds=KEPT.total_seconds())
    assert mark(room, key) is None


def test_another_process_sees_the_same(room, ann, bob, key, database_url):
    says(room, ann, key)
    other = Database(database_url, AUDIT_KEY)
    try:
        assert looking(other, bob, key, room.now).watchers == (Watcher("Ann", False),)
    finally:
        other.close()


def test_another_workspace_is_told_nothing(room, ann, key):
    says(room, ann, key)
    south = add_workspace(room.database, "south")
    sam = scope_of(south, room.hire("sam").user_id)
    with pytest.raises(NotFound):
        says(room, sam, key)
    assert looking(room.database, sam, key, room.now) == Looking()
    theirs = add_conversation(room.database, south)
    with pytest.raises(NotFound):
        says(room, ann, theirs)
    with room.database.read() as db:
        assert marks(db, south, room.now) == {}


def test_a_kiosk_and_a_command_look_at_nothing(room, key):
    kiosk = Scope(room.id, "north", KIOSK_PERMISSIONS, kiosk_id=1)
    with pytest.raises(NotPermitted):
        says(room, kiosk, key)
    with pytest.raises(NotPermitted):
        leave(room.database, kiosk, "a" * 8, room.now)
    with pytest.raises(NotFound):
        says(room, scope_of(room.id, None), key)


def test_the_table_stays_small(room, ann, key):
    for one in range(MOST_PAGES):
        says(room, ann, key, page=f"{one:08}")
    with pytest.raises(BadValue):
        says(room, ann, key, page="f" * 8)
    room.after(seconds=(KEPT + LIFE).total_seconds() + 1)
    says(room, ann, key, page="f" * 8)
    with room.database.read() as db:
        assert db.scalar(select(func.count()).select_from(Presence)) == 1


def test_typing_and_pressing_put_a_lapse_off_and_looking_does_not(room, ann, key):
    room.claim(ann, key)
    for facts, acted in (({}, NOW), ({"acted": True}, NOW + minutes(2)), ({"typed": True}, NOW + minutes(3))):
        room.after(minutes=1)
        says(room, ann, key, **facts)
        assert room.hold(key).acted == acted


def test_a_holder_who_has_gone_quiet_is_told_to_all_who_look(room, ann, bob, key):
    room.claim(ann, key)
    room.after(seconds=149)
    assert says(room, bob, key).quiet is None
    room.after(seconds=1)
    found = says(room, bob, key)
    assert (found.quiet, found.mine, found.acted, found.lapses) == ("Ann", False, NOW, NOW + minutes(5))
    assert says(room, ann, key).mine
    room.lapse(minutes=3)
    assert says(room, bob, key).quiet is None


def test_where_nothing_can_be_written_what_stands_there_is_told(room, ann, bob, key, monkeypatch):
    says(room, ann, key)

    def full(*_):
        raise DatabaseBusy

    monkeypatch.setattr(room.database, "write", full)
    assert says(room, bob, key).watchers == (Watcher("Ann", False),)
    leave(room.database, ann, "a" * 8, room.now)


def views(room, key):
    return [(one.at, one.user_id) for one in room.events(key) if one.action == "view"]


def test_a_view_is_one_event_in_ten_minutes_for_each_person(room, ann, bob, key):
    assert note_view(room.database, ann, key, room.now)
    assert not note_view(room.database, ann, key, room.after(minutes=9))
    assert note_view(room.database, bob, key, room.now)
    assert note_view(room.database, ann, key, NOW + AGAIN)
    assert views(room, key) == [(NOW, ann.user_id), (NOW + minutes(9), bob.user_id), (NOW + AGAIN, ann.user_id)]


def test_a_view_says_who_in_which_session_and_redraws_nothing(room, key):
    ann, _ = room.enter("ann")
    before = number(room)
    note_view(room.database, ann, key, room.now)
    event = room.last(key)
    assert (event.action, event.object, event.session_id, event.after) == ("view", "conversation", ann.session_id, None)
    assert number(room) == before


def test_two_windows_that_open_at_once_make_one_event(room, ann, key, monkeypatch):
    from data import viewing

    real = viewing.change

    def first_the_other(*asked):
        monkeypatch.setattr(viewing, "change", real)
        assert note_view(room.database, ann, key, room.now)
        return real(*asked)

    monkeypatch.setattr(viewing, "change", first_the_other)
    assert not note_view(room.database, ann, key, room.now)
    assert len(views(room, key)) == 1


def test_opening_counts_as_an_act_of_the_holder_and_being_redrawn_does_not(room, ann, key):
    room.claim(ann, key)
    note_view(room.database, ann, key, room.after(minutes=1))
    note_view(room.database, ann, key, room.after(minutes=1), by_hand=False)
    assert room.hold(key).acted == NOW + minutes(1)


def test_what_cannot_be_recorded_is_shown_all_the_same_and_logged(room, ann, key, monkeypatch, caplog):
    def busy(*_):
        raise DatabaseBusy

    monkeypatch.setattr(room.database, "write", busy)
    assert not note_view(room.database, ann, key, room.now)


def test_nobody_in_particular_views_nothing(room, key):
    assert not note_view(room.database, scope_of(room.id, None), key, room.now)
    with pytest.raises(NotPermitted):
        note_view(room.database, Scope(room.id, "north", KIOSK_PERMISSIONS, kiosk_id=1), key, room.now)
    with room.database.read() as db:
        assert not list(db.scalars(select(AuditEvent).where(AuditEvent.action == "view")))


def test_somebody_disabled_is_seen_no_longer_than_their_last_beat(room, ann, bob, key):
    says(room, ann, key)
    disable_user(room.database, ann.user_id, room.now, COMMAND)
    assert not looking(room.database, bob, key, room.now + LIFE).watchers
