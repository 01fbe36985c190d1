"""Handing over: offered with a note, held by its giver until somebody accepts, and over in one way only."""

import pytest
from sqlalchemy import select

from data.desk import release
from data.handing import accept, decline, offer, take_back
from data.takers import To
from models.claims import NotForYou, OfferedAlready, OfferOver
from models.notes import Notification
from models.problems import BadValue, NotFound, NotHolder, NotPermitted
from tests.claims import EMERGENCY, Room, minutes
from tests.rows import NOW, add_member, add_workspace, open_database, scope_of


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
def key(room, ann):
    found = room.receive(EMERGENCY)
    room.claim(ann, found)
    return found


def give(room, scope, key, to, note="I go home now: he has a dog"):
    return offer(room.database, scope, key, to, note, room.now)


def told(room):
    with room.database.read() as db:
        return [(one.user_id, one.kind) for one in db.scalars(select(Notification).order_by(Notification.id))]


def test_until_it_is_accepted_the_giver_holds_it(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    assert room.holder(key) == ann.user_id
    event = room.last(key)
    assert (event.action, event.after["to"], event.after["holder"]) == ("hand over", bob.user_id, ann.user_id)
    assert "dog" not in repr(event.after)
    assert told(room) == [(bob.user_id, "handed over")]


def test_accepting_moves_the_claim_in_one_event(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    accept(room.database, bob, key, room.after(minutes=1))
    assert room.holder(key) == bob.user_id
    assert room.intervals(key) == [(ann.user_id, NOW, room.now), (bob.user_id, room.now, None)]
    assert room.hold(key).user_id == bob.user_id
    event = room.last(key)
    assert (event.action, event.before, event.after["holder"]) == (
        "accept hand-over", {"holder": ann.user_id}, bob.user_id,
    )  # fmt: skip
    (given,) = room.offers(key)
    assert (given.state, given.ended, given.ended_by) == ("accepted", room.now, bob.user_id)
    assert told(room)[-1] == (ann.user_id, "hand-over accepted")


def test_declining_says_why_and_leaves_it_with_the_giver(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    decline(room.database, bob, key, "I am on the phone", room.after(minutes=1))
    assert room.holder(key) == ann.user_id
    assert (room.last(key).action, room.last(key).reason) == ("decline hand-over", "I am on the phone")
    assert told(room)[-1] == (ann.user_id, "hand-over declined")
    give(room, ann, key, To(user_id=bob.user_id))


def test_its_giver_takes_it_back(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    take_back(room.database, ann, key, room.now)
    with pytest.raises(OfferOver):
        accept(room.database, bob, key, room.now)
    assert room.holder(key) == ann.user_id


def test_a_supervisor_takes_it_back_and_nobody_else_does(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    with pytest.raises(NotForYou):
        take_back(room.database, bob, key, room.now)
    take_back(room.database, room.hire("sue", "Supervisor"), key, room.now)
    assert room.offers(key)[0].state == "withdrawn"


def test_a_team_is_offered_it_and_its_quickest_member_takes_it(room, ann, bob, key):
    cas = room.hire("cas")
    team = room.team("Night", ann, bob, cas)
    give(room, ann, key, To(team_id=team))
    assert sorted(told(room)) == [(bob.user_id, "handed over"), (cas.user_id, "handed over")]
    with pytest.raises(NotForYou):
        accept(room.database, ann, key, room.now)
    accept(room.database, cas, key, room.now)
    with pytest.raises(OfferOver):
        accept(room.database, bob, key, room.now)
    assert room.holder(key) == cas.user_id


def test_nobody_accepting_in_time_leaves_it_with_the_giver_who_is_told(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    room.clock.pass_by(minutes=4)
    from data.holds import act

    act(room.database, ann, key, room.now)
    assert room.lapse(minutes=1) == 1
    assert (room.holder(key), room.last(key).action) == (ann.user_id, "hand-over timed out")
    assert told(room)[-1] == (ann.user_id, "hand-over timed out")
    assert room.lapse() == 0


def test_a_claim_that_lapses_first_leaves_it_assigned_to_whom_it_was_meant_for(room, ann, bob, key):
    room.clock.pass_by(minutes=1)
    give(room, ann, key, To(user_id=bob.user_id))
    assert room.lapse(minutes=5) == 1
    found = room.conversation(key)
    assert (found.holder_id, found.assigned_id) == (None, bob.user_id)
    assert room.offers(key)[0].state == "overtaken"
    assert told(room)[-1] == (ann.user_id, "claim lapsed")


def test_giving_it_back_ends_the_hand_over(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    release(room.database, ann, key, room.now)
    with pytest.raises(OfferOver):
        accept(room.database, bob, key, room.now)


def test_one_hand_over_at_a_time(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    with pytest.raises(OfferedAlready):
        give(room, ann, key, To(user_id=bob.user_id))


def test_only_the_holder_hands_over(room, ann, bob, key):
    with pytest.raises(NotHolder):
        give(room, bob, key, To(user_id=ann.user_id))


def test_a_hand_over_says_why(room, ann, bob, key):
    with pytest.raises(BadValue):
        give(room, ann, key, To(user_id=bob.user_id), note="  ")


def test_it_goes_only_to_somebody_who_may_claim_here(room, ann, key):
    south = add_workspace(room.database, "south")
    stranger = add_member(room.database, south, "sam", "Operator")
    reader = room.hire("eve", "Auditor")
    empty = room.team("Empty")
    own = room.team("Own", ann)
    for to in (To(stranger), To(reader.user_id), To(ann.user_id), To(team_id=empty), To(team_id=own), To(999), To()):
        with pytest.raises(BadValue):
            give(room, ann, key, to)
    assert room.offers(key) == []


def test_a_hand_over_of_another_workspace_is_not_found(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    south = add_workspace(room.database, "south")
    sam = scope_of(south, bob.user_id)
    for act in (accept, take_back):
        with pytest.raises(NotFound):
            act(room.database, sam, key, room.now)
    with pytest.raises(NotFound):
        decline(room.database, sam, key, "", room.now)
    assert room.offers(key)[0].state == "offered"


def test_who_may_not_claim_answers_no_hand_over(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    with pytest.raises(NotPermitted):
        accept(room.database, scope_of(room.id, bob.user_id, "Auditor"), key, room.now)


def test_accepting_twice_is_told(room, ann, bob, key):
    give(room, ann, key, To(user_id=bob.user_id))
    accept(room.database, bob, key, room.now)
    with pytest.raises(OfferOver):
        accept(room.database, bob, key, room.now)
    assert room.hold(key).acted == NOW
    assert minutes(5) == room.hold(key).lapses - NOW
