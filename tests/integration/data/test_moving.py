"""Supervisors move work, one grade at a time; and what nobody works on may be taken over, on the record."""

import pytest
from sqlalchemy import func, select

from data.moving import MOST_AT_ONCE, assign, move_all, take_over
from data.takers import NOBODY, To, names_of, to_of
from models.audit import AuditEvent
from models.claims import Hold, HolderAtWork, MixedGrades
from models.notes import Notification
from models.problems import BadValue, NotFound, NotPermitted
from tests.claims import EMERGENCY, PRIORITY, STANDARD, Room
from tests.rows import NOW, add_conversation, add_workspace, open_database


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Room(opened)
    opened.close()


@pytest.fixture
def sue(room):
    return room.hire("sue", "Supervisor")


@pytest.fixture
def ann(room):
    return room.hire("ann")


@pytest.fixture
def bob(room):
    return room.hire("bob")


def told(room):
    with room.database.read() as db:
        return [(one.user_id, one.kind) for one in db.scalars(select(Notification).order_by(Notification.id))]


def test_an_assignment_says_who_should_answer_and_since_when(room, sue, ann):
    key = room.receive()
    assign(room.database, sue, key, To(user_id=ann.user_id), "knows the family", room.after(minutes=3))
    found = room.conversation(key)
    assert (found.assigned_id, found.team_id, found.holder_id) == (ann.user_id, None, None)
    assert room.turn(key).assigned == room.now
    event = room.last(key)
    assert (event.action, event.after["to"], event.reason) == ("assign", ann.user_id, "knows the family")
    assert told(room) == [(ann.user_id, "assigned")]


def test_the_turn_keeps_when_it_was_first_assigned(room, sue, ann, bob):
    key = room.receive()
    assign(room.database, sue, key, To(user_id=ann.user_id), "", NOW)
    assign(room.database, sue, key, To(user_id=bob.user_id), "", room.after(minutes=1))
    assert room.turn(key).assigned == NOW


def test_a_team_replaces_a_colleague_and_nobody_replaces_a_team(room, sue, ann, bob):
    key, team = room.receive(), room.team("Night", bob)
    assign(room.database, sue, key, To(user_id=ann.user_id), "", NOW)
    assign(room.database, sue, key, To(team_id=team), "", NOW)
    assert (room.conversation(key).assigned_id, room.conversation(key).team_id) == (None, team)
    assign(room.database, sue, key, NOBODY, "", NOW)
    assert (room.conversation(key).assigned_id, room.conversation(key).team_id) == (None, None)
    assert room.last(key).action == "unassign"


def test_moving_takes_it_from_whoever_is_not_meant_and_tells_them(room, sue, ann, bob):
    key = room.receive()
    room.claim(ann, key)
    assign(room.database, sue, key, To(user_id=bob.user_id), "Ann is in court", room.after(minutes=1))
    assert (room.holder(key), room.hold(key)) == (None, None)
    assert room.intervals(key) == [(ann.user_id, NOW, room.now)]
    event = room.last(key)
    assert (event.action, event.before["holder"], event.after["holder"]) == ("move", ann.user_id, None)
    assert told(room) == [(ann.user_id, "moved away"), (bob.user_id, "assigned")]


def test_whoever_is_meant_goes_on_holding_it(room, sue, ann, bob):
    key, team = room.receive(), room.team("Day", ann, bob)
    room.claim(ann, key)
    for to in (To(user_id=ann.user_id), To(team_id=team), NOBODY):
        assign(room.database, sue, key, to, "", NOW)
        assert room.holder(key) == ann.user_id


def test_only_who_moves_work_assigns(room, ann, bob):
    key = room.receive()
    with pytest.raises(NotPermitted):
        assign(room.database, ann, key, To(user_id=bob.user_id), "", NOW)
    with pytest.raises(NotPermitted):
        move_all(room.database, ann, [key], To(user_id=bob.user_id), "", NOW)


def test_it_is_assigned_only_to_somebody_who_could_take_it(room, sue):
    key = room.receive()
    for to in (To(user_id=room.hire("eve", "Auditor").user_id), To(team_id=999), To(user_id=999)):
        with pytest.raises(BadValue):
            assign(room.database, sue, key, to, "", NOW)
        with pytest.raises(BadValue):
            move_all(room.database, sue, [key], to, "", NOW)
    assert room.conversation(key).assigned_id is None


def test_many_of_one_grade_move_each_with_its_event(room, sue, ann, bob):
    keys = [room.receive(PRIORITY) for _ in range(4)]
    room.claim(ann, keys[0])
    moved = move_all(room.database, sue, [*keys, keys[0]], To(user_id=bob.user_id), "end of shift", room.now)
    assert (moved.done, moved.left) == (tuple(keys), ())
    assert {room.conversation(key).assigned_id for key in keys} == {bob.user_id}
    assert room.holder(keys[0]) is None
    assert [room.last(key).action for key in keys] == ["move", "assign", "assign", "assign"]


def test_no_act_moves_conversations_of_several_grades(room, sue, bob):
    keys = [room.receive(EMERGENCY), room.receive(STANDARD)]
    with pytest.raises(MixedGrades) as refused:
        move_all(room.database, sue, keys, To(user_id=bob.user_id), "", NOW)
    assert refused.value.words == ("Emergency", "Standard")
    assert all(room.conversation(key).assigned_id is None for key in keys)


def test_what_was_regraded_meanwhile_is_left_where_it_is(room, sue, bob, monkeypatch):
    from data import moving

    keys = [room.receive(STANDARD), room.receive(STANDARD)]
    real = moving._one_rank

    def then_regraded(*asked):
        found = real(*asked)
        room.grade(keys[1], EMERGENCY)
        return found

    monkeypatch.setattr(moving, "_one_rank", then_regraded)
    moved = move_all(room.database, sue, keys, To(user_id=bob.user_id), "", NOW)
    assert (moved.done, moved.left) == ((keys[0],), (keys[1],))
    assert room.conversation(keys[1]).assigned_id is None


def test_nothing_of_another_workspace_is_moved(room, sue, bob):
    south = add_workspace(room.database, "south")
    theirs = add_conversation(room.database, south)
    with pytest.raises(NotFound):
        move_all(room.database, sue, [room.receive(), theirs], To(user_id=bob.user_id), "", NOW)
    with pytest.raises(NotFound):
        assign(room.database, sue, theirs, To(user_id=bob.user_id), "", NOW)
    with pytest.raises(NotFound):
        take_over(room.database, sue, theirs, "because", NOW)


@pytest.mark.parametrize("number", [0, MOST_AT_ONCE + 1])
def test_one_act_moves_some_and_not_too_many(room, sue, bob, number):
    with pytest.raises(BadValue):
        move_all(room.database, sue, range(1, number + 1), To(user_id=bob.user_id), "", NOW)


def test_a_supervisor_takes_over_from_somebody_at_work_for_a_reason(room, sue, ann):
    key = room.receive(EMERGENCY)
    room.claim(ann, key)
    with pytest.raises(BadValue):
        take_over(room.database, sue, key, " ", NOW)
    assert take_over(room.database, sue, key, "I know him", room.after(seconds=30)) == "Ann"
    assert room.holder(key) == sue.user_id
    event = room.last(key)
    assert (event.action, event.before, event.after, event.reason) == (
        "take over", {"holder": ann.user_id}, {"holder": sue.user_id}, "I know him",
    )  # fmt: skip
    assert room.intervals(key) == [(ann.user_id, NOW, room.now), (sue.user_id, room.now, None)]
    assert told(room) == [(ann.user_id, "taken over")]


def test_a_colleague_takes_over_only_from_an_idle_holder(room, ann, bob):
    key = room.receive(EMERGENCY)
    room.claim(ann, key)
    with pytest.raises(HolderAtWork) as refused:
        take_over(room.database, bob, key, "she is away", room.after(seconds=149))
    assert refused.value.name == "Ann"
    assert take_over(room.database, bob, key, "she is away", room.after(seconds=1)) == "Ann"
    assert room.holder(key) == bob.user_id


def test_taking_over_ends_what_was_being_handed_over(room, sue, ann, bob):
    from data.handing import offer

    key = room.receive()
    room.claim(ann, key)
    offer(room.database, ann, key, To(user_id=bob.user_id), "yours", NOW)
    take_over(room.database, sue, key, "mine", NOW)
    assert room.offers(key)[0].state == "overtaken"


def test_taking_over_what_is_ones_own_or_nobodys(room, ann):
    key = room.receive()
    assert take_over(room.database, ann, key, "nobody is there", NOW) == ""
    assert room.last(key).action == "claim"
    assert take_over(room.database, ann, key, "again", room.after(minutes=1)) == ""
    assert (room.last(key).action, room.hold(key).acted) == ("claim", room.now)


def test_a_claim_of_which_nothing_is_known_may_be_taken_over(room, ann, bob):
    key = room.receive()
    room.claim(ann, key)
    with room.database.write() as db:
        db.delete(db.get_one(Hold, (room.id, key)))
    assert take_over(room.database, bob, key, "she left", NOW) == "Ann"


def test_one_event_for_each_move(room, sue, ann):
    key = room.receive()
    with room.database.read() as db:
        before = db.scalar(select(func.count()).select_from(AuditEvent))
    assign(room.database, sue, key, To(user_id=ann.user_id), "", NOW)
    with room.database.read() as db:
        assert db.scalar(select(func.count()).select_from(AuditEvent)) == before + 1


def test_work_may_be_given_to_colleagues_who_claim_and_to_teams_in_the_order_of_their_names(room, sue, ann):
    room.hire("eve", "Auditor")
    team = room.team("Night")
    with room.database.read() as db:
        people, teams = names_of(db, room.id)
    assert list(people.values()) == ["Ann", "Sue"]
    assert teams == {team: "Night"}


@pytest.mark.parametrize(("said", "meant"), [("user 7", To(user_id=7)), ("team 3", To(team_id=3)), ("nobody", NOBODY)])
def test_a_form_says_to_whom(said, meant):
    assert to_of(said) == meant


@pytest.mark.parametrize("said", ["", None, 7, "user", "user x", "user -1", "nobody 1", "user " + "9" * 19, "user ٣"])
def test_a_form_that_says_nobody_known_is_refused(said):
    with pytest.raises(BadValue):
        to_of(said)
