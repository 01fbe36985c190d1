"""The desk: one winner, the loser is told who won, and what was on the screen is kept once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.desk import claim, mark_seen, release
from models.audit import AuditEvent
from models.conversation import Conversation, Interval, Message, Turn
from models.problems import AlreadyClaimed, NotFound, NotHolder, NotPermitted
from tests.rows import NOW, add_conversation, add_member, add_workspace, open_database, scope_of

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


def operator(database, workspace_id, name):
    return scope_of(workspace_id, add_member(database, workspace_id, name, "Operator"))


def read(database, statement):
    with database.read() as db:
        return db.scalar(statement)


def test_claiming_says_who_holds_the_conversation_and_since_when(database, north, conversation):
    ann = operator(database, north, "ann")
    claim(database, ann, conversation, LATER)
    with database.read() as db:
        held = db.get_one(Conversation, conversation)
        assert (held.holder_id, held.held_since) == (ann.user_id, LATER)
        assert db.scalar(select(Turn.claimed)) == LATER
        interval = db.scalars(select(Interval)).one()
        assert (interval.kind, interval.user_id, interval.begun, interval.ended) == ("claim", ann.user_id, LATER, None)
        event = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (event.action, event.object_id, event.after) == ("claim", conversation, {"holder": ann.user_id})


def test_the_loser_is_told_who_won(database, north, conversation):
    ann, bob = operator(database, north, "ann"), operator(database, north, "bob")
    claim(database, ann, conversation, NOW)
    with pytest.raises(AlreadyClaimed) as refused:
        claim(database, bob, conversation, LATER)
    assert (refused.value.holder_id, refused.value.name, refused.value.since) == (ann.user_id, "Ann", NOW)
    assert read(database, select(func.count()).select_from(Interval)) == 1


def test_claiming_twice_changes_nothing(database, north, conversation):
    ann = operator(database, north, "ann")
    claim(database, ann, conversation, NOW)
    events = read(database, select(func.count()).select_from(AuditEvent))
    claim(database, ann, conversation, LATER)
    assert read(database, select(func.count()).select_from(AuditEvent)) == events
    assert read(database, select(Conversation.held_since)) == NOW


def test_two_people_cannot_claim_the_same_conversation(database, north, rounds):
    people = [operator(database, north, name) for name in ("ann", "bob", "cas", "dee")]
    for _ in range(rounds(50)):
        conversation = add_conversation(database, north)
        won, lost = race(database, people, conversation)
        assert len(won) == 1
        assert {problem.holder_id for problem in lost} == {won[0].user_id}
        assert len(lost) == len(people) - 1
        held = select(func.count()).select_from(Interval).where(Interval.conversation_id == conversation)
        assert read(database, held) == 1


def race(database, people, conversation):
    start, won, lost = threading.Barrier(len(people)), [], []

    def run(scope):
        start.wait()
        try:
            claim(database, scope, conversation, NOW)
            won.append(scope)
        except AlreadyClaimed as problem:
            lost.append(problem)

    threads = [threading.Thread(target=run, args=(scope,)) for scope in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won, lost


def test_giving_back_ends_the_claim_and_lets_another_take_it(database, north, conversation):
    ann, bob = operator(database, north, "ann"), operator(database, north, "bob")
    claim(database, ann, conversation, NOW)
    release(database, ann, conversation, LATER)
    assert read(database, select(Conversation.holder_id)) is None
    assert read(database, select(Interval.ended)) == LATER
    claim(database, bob, conversation, LATER)
    assert read(database, select(Conversation.holder_id)) == bob.user_id


def test_the_turn_keeps_when_it_was_first_claimed(database, north, conversation):
    ann, bob = operator(database, north, "ann"), operator(database, north, "bob")
    claim(database, ann, conversation, NOW)
    release(database, ann, conversation, NOW)
    claim(database, bob, conversation, LATER)
    assert read(database, select(Turn.claimed)) == NOW


def test_only_the_holder_gives_back(database, north, conversation):
    ann, bob = operator(database, north, "ann"), operator(database, north, "bob")
    claim(database, ann, conversation, NOW)
    with pytest.raises(NotHolder):
        release(database, bob, conversation, LATER)
    assert read(database, select(Conversation.holder_id)) == ann.user_id


@pytest.mark.parametrize("act", [claim, release])
def test_a_conversation_of_another_workspace_is_not_found(database, north, conversation, act):
    south = add_workspace(database, "south")
    with pytest.raises(NotFound):
        act(database, operator(database, south, "sam"), conversation, NOW)


@pytest.mark.parametrize("act", [claim, release])
@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_claiming_needs_the_right_to(database, north, conversation, act, role):
    with pytest.raises(NotPermitted):
        act(database, scope_of(north, add_member(database, north, "eve", role), role), conversation, NOW)


def test_a_message_is_seen_once(database, north, conversation):
    ann = operator(database, north, "ann")
    message = read(database, select(Message.id))
    assert mark_seen(database, ann, [message], NOW) == 1
    assert mark_seen(database, ann, [message], LATER) == 0
    assert read(database, select(Message.seen)) == NOW


def test_seeing_nothing_new_writes_nothing(database, north, conversation):
    ann = operator(database, north, "ann")
    events = read(database, select(func.count()).select_from(AuditEvent))
    assert mark_seen(database, ann, [10_000], NOW) == 0
    assert read(database, select(func.count()).select_from(AuditEvent)) == events


def test_nobody_sees_messages_of_another_workspace(database, north, conversation):
    south = add_workspace(database, "south")
    message = read(database, select(Message.id))
    assert mark_seen(database, operator(database, south, "sam"), [message], NOW) == 0
    assert read(database, select(Message.seen)) is None
