"""Claims lapse when their holder has gone quiet or gone away, at the instant promised, and it is on the record."""

import pytest
from sqlalchemy import select

from data import lapsing
from data.audit import actor_of, change
from data.desk import claim, release
from data.holds import act, acted, retime
from data.intake import AccountFacts, take
from data.lapsing import AT_ONCE, look
from data.people import change_password, disable_user, grant, withdraw
from data.practice import practice
from data.signing import IDLE, LONGEST, keep_alive, session_of, sign_out
from models.audit import COMMAND, AuditEvent
from models.claims import Hold
from models.conversation import Contact, Conversation
from models.posts import Author, Batch, Direction, Kind, Post
from models.workspace import Account, Grade
from tests.claims import EMERGENCY, PRIORITY, STANDARD, Room, minutes
from tests.rows import NOW, open_database


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Room(opened)
    opened.close()


@pytest.mark.parametrize(("rank", "idle"), [(EMERGENCY, 5), (PRIORITY, 15), (STANDARD, 60)])
def test_a_claim_lapses_after_the_idle_minutes_of_its_grade_and_not_before(room, rank, idle):
    ann, key = room.hire("ann"), room.receive(rank)
    room.claim(ann, key)
    assert room.lapse(minutes=idle, microseconds=-1) == 0
    assert room.holder(key) == ann.user_id
    assert room.lapse(microseconds=1) == 1
    assert room.holder(key) is None
    assert room.intervals(key) == [(ann.user_id, NOW, NOW + minutes(idle))]
    event = room.last(key)
    assert (event.action, event.actor, event.user_id) == ("lapse", "watchroom", None)
    assert event.before == {"holder": ann.user_id}
    assert event.after["why"].startswith(f"nothing was done here for {idle} ")
    assert room.hold(key).lapsed == room.now


def test_staffed_time_stands_still_while_the_office_is_shut(room):
    ann, key = room.hire("ann"), room.receive(STANDARD)
    room.clock.now = NOW.replace(hour=16, minute=30)
    room.claim(ann, key)
    assert room.lapse(hours=12) == 0
    assert room.lapse(hours=4, minutes=59) == 0, "at 09:29 half an hour was staffed last night and 29 minutes today"
    assert room.lapse(minutes=1) == 1


def test_a_lapse_is_said_once_and_looking_again_changes_nothing(room):
    ann, key = room.hire("ann"), room.receive(EMERGENCY)
    room.claim(ann, key)
    room.lapse(minutes=5)
    events = len(room.events(key))
    look(room.database, room.clock)
    assert len(room.events(key)) == events


def test_what_the_holder_does_puts_the_lapse_off_and_what_others_do_does_not(room):
    ann, bob, key = room.hire("ann"), room.hire("bob"), room.receive(EMERGENCY)
    room.claim(ann, key)
    assert act(room.database, ann, key, room.after(minutes=4))
    assert not act(room.database, bob, key, room.after(minutes=4))
    assert room.lapse() == 0
    assert room.lapse(minutes=1) == 1
    assert not act(room.database, ann, key, room.now), "a claim that has lapsed is not brought back by typing"
    assert room.holder(key) is None


def test_another_change_by_the_holder_counts_as_an_act(room):
    ann, bob, key = room.hire("ann"), room.hire("bob"), room.receive(EMERGENCY)
    room.claim(ann, key)
    for scope in (ann, bob):
        with change(room.database, room.id, actor_of(scope), room.after(minutes=2)) as c:
            conversation = c.db.get_one(Conversation, key)
            conversation.flags = [scope.name]
            acted(c, conversation)
            c.state("flag", "conversation", key)
    assert room.hold(key).acted == NOW + minutes(2)


def test_a_claim_that_was_given_back_leaves_nothing_to_lapse(room):
    ann, key = room.hire("ann"), room.receive()
    room.claim(ann, key)
    release(room.database, ann, key, room.now)
    assert room.hold(key) is None
    assert room.lapse(days=3) == 0


def test_claiming_again_after_a_lapse_begins_anew(room):
    ann, key = room.hire("ann"), room.receive(EMERGENCY)
    room.claim(ann, key)
    room.lapse(minutes=5)
    room.claim(ann, key)
    assert (room.hold(key).lapsed, room.hold(key).acted) == (None, room.now)
    assert len(room.intervals(key)) == 2


def test_signing_out_ends_what_was_claimed_in_that_session(room):
    ann, token = room.enter("ann")
    key = room.receive()
    room.claim(ann, key)
    sign_out(room.database, token, room.after(minutes=1))
    assert room.lapse() == 1
    assert room.last(key).after["why"] == "the session ended (signed out)"


def test_signing_out_of_another_browser_ends_nothing(room):
    ann, _ = room.enter("ann")
    _, phone = room.enter("ann", known=True)
    key = room.receive()
    room.claim(ann, key)
    sign_out(room.database, phone, room.now)
    assert room.lapse() == 0


def test_the_claim_follows_its_holder_to_the_browser_where_they_act(room):
    ann, desk = room.enter("ann")
    phone, _ = room.enter("ann", known=True)
    key = room.receive()
    room.claim(ann, key)
    assert act(room.database, phone, key, room.now)
    sign_out(room.database, desk, room.now)
    assert room.lapse() == 0
    assert room.holder(key) == ann.user_id


def test_a_session_that_idles_out_ends_the_claim(room):
    ann, _ = room.enter("ann")
    key = room.receive()
    room.clock.now = NOW.replace(hour=20)
    ann, _ = room.enter("ann", known=True)
    room.claim(ann, key)
    assert room.lapse(seconds=IDLE.total_seconds()) == 0
    assert room.lapse(seconds=1) == 1
    assert room.last(key).after["why"] == "the session ended (it timed out)"


def test_a_session_that_was_kept_alive_meanwhile_keeps_its_claim(room):
    room.clock.now = NOW.replace(hour=20)
    ann, token = room.enter("ann")
    key = room.receive()
    room.claim(ann, key)
    keep_alive(room.database, session_of(room.database, token, room.now), room.after(minutes=50))
    assert room.lapse(minutes=11) == 0
    assert room.hold(key).look == NOW.replace(hour=20) + minutes(50) + IDLE


def test_no_session_is_longer_than_a_shift_and_neither_is_its_claim(room):
    room.clock.now = NOW.replace(hour=18)
    ann, token = room.enter("ann")
    key = room.receive()
    room.claim(ann, key)
    for _ in range(12):
        keep_alive(room.database, session_of(room.database, token, room.now), room.after(minutes=59))
        room.lapse()
    assert room.holder(key) == ann.user_id
    assert room.lapse(seconds=(LONGEST - 12 * minutes(59)).total_seconds() + 1) == 1


@pytest.mark.parametrize("how", ["disabled", "password", "role"])
def test_who_is_shut_out_holds_nothing(room, how):
    ann, _ = room.enter("ann")
    key = room.receive()
    room.claim(ann, key)
    at = room.after(minutes=1)
    if how == "disabled":
        disable_user(room.database, ann.user_id, at, COMMAND)
    elif how == "password":
        change_password(room.database, ann.user_id, "another long password", at, COMMAND)
    else:
        grant(room.database, room.id, ann.user_id, "Analyst", at, COMMAND)
        withdraw(room.database, room.id, ann.user_id, "Operator", at, COMMAND)
    assert room.lapse() == 1
    why = {"disabled": "the user was disabled", "password": "the session ended (password changed)"}
    assert room.last(key).after["why"] == why.get(how, "the right to claim was withdrawn")


def test_losing_one_of_two_roles_that_may_claim_loses_no_claim(room):
    ann, key = room.hire("ann"), room.receive()
    grant(room.database, room.id, ann.user_id, "Supervisor", room.now, COMMAND)
    room.claim(ann, key)
    withdraw(room.database, room.id, ann.user_id, "Operator", room.after(minutes=1), COMMAND)
    assert room.lapse() == 0
    assert room.holder(key) == ann.user_id


def test_a_workspace_sets_its_own_idle_time_for_a_grade(room):
    with change(room.database, room.id, COMMAND, room.now) as c:
        grade = c.db.scalars(select(Grade).where(Grade.workspace_id == room.id, Grade.rank == STANDARD)).one()
        grade.idle_seconds, grade.idle_clock = 120, "public"
        c.state("change", "grade", grade.id)
    ann, key = room.hire("ann"), room.receive(STANDARD)
    room.claim(ann, key)
    assert room.lapse(minutes=2) == 1


def test_a_grade_that_rises_brings_the_lapse_nearer(room):
    ann, key = room.hire("ann"), room.receive(STANDARD)
    room.claim(ann, key)
    room.grade(key, EMERGENCY)
    with room.database.write() as db:
        retime(db, practice(db, room.id), [key])
    assert room.hold(key).lapses == NOW + minutes(5)
    assert room.lapse(minutes=5) == 1


def test_a_rule_that_raises_the_grade_brings_the_lapse_nearer(room):
    ann, key = room.hire("ann"), room.receive(STANDARD)
    room.claim(ann, key)
    with room.database.read() as db:
        found = db.get_one(Conversation, key)
        who, account = db.get_one(Contact, found.contact_id), db.get_one(Account, found.account_id)
    author = Author(who.network_id, who.handle, who.name)
    said = Post(
        "new", room.after(minutes=1), "He has a knife and he is going to kill her", Kind.PUBLIC, Direction.IN, author
    )
    take(
        room.database, AccountFacts(room.id, account.id, account.channel), Batch((said,), "next"), room.now, room.clock
    )
    assert room.conversation(key).rank == EMERGENCY
    assert room.hold(key).lapses == NOW + minutes(5)


def test_many_claims_lapse_round_by_round(room):
    ann = room.hire("ann")
    keys = [room.receive(EMERGENCY) for _ in range(3)]
    for key in keys:
        room.claim(ann, key)
    assert len(keys) <= AT_ONCE
    assert room.lapse(minutes=5) == 3
    with room.database.read() as db:
        assert len(list(db.scalars(select(AuditEvent).where(AuditEvent.action == "lapse")))) == 3


def test_a_hold_that_no_longer_fits_its_conversation_is_forgotten(room):
    ann, bob, key = room.hire("ann"), room.hire("bob"), room.receive(EMERGENCY)
    room.claim(ann, key)
    with change(room.database, room.id, COMMAND, room.now) as c:
        c.db.get_one(Conversation, key).holder_id = bob.user_id
        c.state("restore", "conversation", key)
    assert room.lapse(minutes=5) == 0
    assert (room.holder(key), room.hold(key)) == (bob.user_id, None)


def test_a_claim_that_was_renewed_while_the_chore_looked_stands(room, monkeypatch):
    ann, key = room.hire("ann"), room.receive(EMERGENCY)
    room.claim(ann, key)
    seen = []

    def late(database, workspace_id, conversation_id, now):
        act(database, ann, key, now)
        seen.append(conversation_id)
        return real(database, workspace_id, conversation_id, now)

    real = lapsing._end_claim
    monkeypatch.setattr(lapsing, "_end_claim", late)
    assert room.lapse(minutes=5) == 0
    assert seen == [key]
    assert room.holder(key) == ann.user_id


def test_a_claim_made_before_holds_were_kept_can_be_given_back(room):
    ann, key = room.hire("ann"), room.receive()
    room.claim(ann, key)
    with room.database.write() as db:
        db.delete(db.get_one(Hold, (room.id, key)))
    release(room.database, ann, key, room.after(minutes=1))
    assert room.holder(key) is None


def test_claiming_what_one_holds_already_puts_the_lapse_off(room):
    ann, key = room.hire("ann"), room.receive(EMERGENCY)
    room.claim(ann, key)
    claim(room.database, ann, key, room.after(minutes=1))
    assert room.hold(key).acted == NOW + minutes(1)
    assert len(room.events(key)) == 3
