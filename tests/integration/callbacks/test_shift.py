"""The shift is handed over as it stood, and the next supervisor accepts it by name; each stays as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.queries.shift import picture_at, shift
from data.shifts import accept_shift, give_shift, take_shift_back
from data.watch import Sight, beat, leave
from models.audit import AuditEvent
from models.conversation import Conversation
from models.problems import BadValue, NotFound, NotPermitted
from models.shifts import NotYourShift, ShiftHandOver, ShiftOver
from models.snapshots import QueueFilters
from models.snapshots.shifts import picture_from
from models.watch import BEAT
from tests.panel import callback, run
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor

PAGE = {"url.pathname": "/shift"}


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


@pytest.fixture
def tom(database, north):
    return scope_of(north, add_member(database, north, "tom", "Supervisor"), "Supervisor")


def boss(server, name, path="/shift"):
    visitor = Visitor(server)
    visitor.sign_in(name)
    return visitor.open(f"{path}?workspace=north")


def give(visitor, **values):
    entry = callback(visitor, trigger="shift-give")
    return run(visitor, entry, "shift-give.n_clicks", PAGE | {"shift-give.n_clicks": 1} | values)


def press(visitor, kind, key):
    entry = callback(visitor, trigger=kind)
    name = f'{{"id":{key},"type":"{kind}"}}.n_clicks'
    return run(visitor, entry, name, PAGE | {"buttons": [({"type": kind, "id": key}, 1)]})


def refreshed(visitor, path="/shift"):
    return run(visitor, callback(visitor, output="shift-picture"), "live-queue.data", {"url.pathname": path})


def test_a_shift_is_handed_over_accepted_by_name_and_kept(server, database, north, ann, sue, tom, clock):
    key = add_conversation(database, north, NOW - timedelta(hours=3), text="Is anybody there?")
    one, two = boss(server, "sue"), boss(server, "tom")
    assert "Neighbour" in refreshed(one).text
    assert refreshed(one, "/queue").status_code == 204
    said = {"shift-note.value": "Two crews are out", "shift-taker.value": str(tom.user_id)}
    assert "handed over" in give(one, **said).text
    assert "waits already" in give(one, **said).text
    assert "Take the shift over as Tom" in refreshed(two).text
    assert "Take the shift over" not in refreshed(one).text
    assert press(ann.open("/shift?workspace=north"), "shift-over", 1).status_code == 403
    assert "Somebody else has to take" in press(one, "shift-over", 1).text
    clock.on(timedelta(minutes=5))
    assert "The shift is yours" in press(two, "shift-over", 1).text
    assert "over already" in press(two, "shift-back", 1).text
    page = two.get("/_dash-layout", Referer="http://localhost/shift/1?workspace=north").text
    for words in ("Two crews are out", "Taken over by Tom", "Neighbour"):
        assert words in page
    with database.read() as db:
        [row] = db.scalars(select(ShiftHandOver))
        told = list(
            db.scalars(select(AuditEvent).where(AuditEvent.action.startswith("shift.")).order_by(AuditEvent.id))
        )
        assert db.get_one(Conversation, key).due is not None
    assert [one["id"] for one in row.facts["due"]] == [key]
    assert "Neighbour" not in str(row.facts)
    assert [one.action for one in told] == ["shift.give", "shift.accept"]
    assert "crews" not in str([one.after for one in told])


def test_it_is_built_of_a_chosen_minute(database, north, sue):
    early = add_conversation(database, north, NOW + timedelta(minutes=5))
    late = add_conversation(database, north, NOW + timedelta(minutes=30))
    end = NOW + timedelta(hours=3)
    now = picture_at(database, sue, None, end)
    assert [one.id for one in now.due] == [early, late]
    then = picture_at(database, sue, NOW + timedelta(minutes=20), end)
    assert then is not None and then.due == ()
    assert dict(then.waiting)["Standard"] == 1 and dict(now.waiting)["Standard"] == 2
    assert then.accounts is None and now.accounts is not None
    assert picture_at(database, sue, NOW - timedelta(days=400), end) is None
    assert shift(database, sue, None, end + timedelta(days=1), end).picture is None


def test_it_hands_over_when_nobody_watched_an_account_since_the_last_one(database, north, sue, tom):
    def at(minutes):
        return NOW + timedelta(minutes=minutes)

    def look(begin, end):
        now = at(begin)
        while now < at(end):
            beat(database, sue, Sight("0123456789abcdef", QueueFilters(), timedelta(0)), now)
            now += BEAT
        leave(database, sue, None, at(end))

    add_conversation(database, north)
    look(0, 2)
    look(7, 8)
    first = give_shift(database, sue, picture_at(database, sue, None, at(9)), "", None, at(9))
    accept_shift(database, tom, first, at(9))
    look(30, 31)
    look(31.5, 32)
    picture = picture_at(database, sue, None, at(40))
    handle = picture.gaps[0].handle
    assert [(one.handle, one.begins, one.ends) for one in picture.gaps] == [
        (handle, at(9), at(30)),
        (handle, at(32), None),
    ], "none before the last hand-over, none of half a minute"
    with database.read() as db:
        assert picture_from(db.get_one(ShiftHandOver, first).facts).gaps[0].begins == at(2)
    foreign = add_workspace(database, "south")
    sam = scope_of(foreign, add_member(database, foreign, "sam", "Supervisor"), "Supervisor", "south")
    assert picture_at(database, sam, None, at(40)).gaps == ()


def test_a_hand_over_that_its_giver_could_take_would_be_seen(database, north, sue, monkeypatch):
    """The planted fault: nobody looks who gave it. No constraint stops it then: nobody else has read what was handed over."""
    key = give_shift(database, sue, picture_at(database, sue, None, NOW), "", None, NOW)
    with pytest.raises(NotYourShift):
        accept_shift(database, sue, key, NOW)

    def take(row, by, at):
        row.accepted, row.accepted_by = at, by

    monkeypatch.setattr(ShiftHandOver, "accept", take)
    accept_shift(database, sue, key, NOW)
    with database.read() as db:
        row = db.get_one(ShiftHandOver, key)
    assert row.accepted_by == row.given_by


def test_what_may_not_be_is_refused(database, north, sue, tom):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor", "south")
    bob = scope_of(north, add_member(database, north, "bob", "Operator"))
    picture = picture_at(database, sue, None, NOW)
    for act, problem in (
        (lambda: give_shift(database, bob, picture, "", None, NOW), NotPermitted),
        (lambda: give_shift(database, sue, picture, "", sam.user_id, NOW), BadValue),
        (lambda: give_shift(database, sue, picture, "", sue.user_id, NOW), BadValue),
        (lambda: give_shift(database, sue, picture, "x" * 10_000_000, None, NOW), BadValue),
        (lambda: accept_shift(database, tom, 1, NOW), NotFound),
    ):
        with pytest.raises(problem):
            act()
    key = give_shift(database, sue, picture, "", None, NOW)
    for act, problem in (
        (lambda: accept_shift(database, sam, key, NOW), NotFound),
        (lambda: take_shift_back(database, sam, key, NOW), NotFound),
        (lambda: accept_shift(database, sue, key, NOW), NotYourShift),
        (lambda: shift(database, sam, key, None, NOW), NotFound),
    ):
        with pytest.raises(problem):
            act()
    take_shift_back(database, tom, key, NOW)
    with pytest.raises(ShiftOver):
        accept_shift(database, tom, key, NOW)
    assert give_shift(database, sue, picture, "", None, NOW) != key
