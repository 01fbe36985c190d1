"""Closing many at once: of one grade, each on the record by itself, and what changed meanwhile is left as it is."""

import pytest
from sqlalchemy import select, update

from data.audit import change
from data.many import close_all
from models.audit import COMMAND, AuditEvent
from models.claims import MixedGrades
from models.conversation import Conversation
from models.problems import BadValue, NotFound, NotPermitted
from models.workspace import Grade, Outcome
from tests.rows import NOW, add_conversation, add_member, add_workspace, open_database, scope_of


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def ann(database, north):
    return scope_of(north, add_member(database, north, "ann", "Operator"))


@pytest.fixture
def outcome(database, north):
    with database.read() as db:
        return db.scalar(select(Outcome.id).where(Outcome.workspace_id == north, Outcome.word == "answered"))


def states(database):
    with database.read() as db:
        return dict(db.execute(select(Conversation.id, Conversation.state)).all())


def test_those_of_one_grade_are_closed_each_with_its_event(database, north, ann, outcome):
    keys = [add_conversation(database, north) for _ in range(3)]
    assert close_all(database, ann, keys[:1], outcome, "", NOW).done == (keys[0],)
    moved = close_all(database, ann, [*keys, keys[1]], outcome, "", NOW)
    assert (moved.done, moved.left) == ((keys[1], keys[2]), (keys[0],))
    assert set(states(database).values()) == {"closed"}
    with database.read() as db:
        closed = db.scalars(select(AuditEvent.object_id).where(AuditEvent.action == "close").order_by(AuditEvent.id))
        assert list(closed) == keys


def test_never_across_grades(database, north, ann, outcome):
    first, second = add_conversation(database, north), add_conversation(database, north)
    with change(database, north, COMMAND, NOW) as c:
        grade = c.db.scalars(select(Grade).where(Grade.workspace_id == north, Grade.key == "priority")).one()
        c.db.execute(
            update(Conversation)
            .where(Conversation.id == second)
            .values(rank=grade.rank, grade_id=grade.id, audit_id=c.audit_id)
        )
        c.state("regrade", "conversation", second)
    with pytest.raises(MixedGrades):
        close_all(database, ann, [first, second], outcome, "", NOW)
    assert set(states(database).values()) == {"open"}


def test_nothing_is_closed_where_one_is_not_here_or_none_or_too_many_are_chosen(database, north, ann, outcome):
    mine = add_conversation(database, north)
    theirs = add_conversation(database, add_workspace(database, "south"))
    with pytest.raises(NotFound):
        close_all(database, ann, [mine, theirs], outcome, "", NOW)
    for keys in ([], range(1, 202)):
        with pytest.raises(BadValue):
            close_all(database, ann, keys, outcome, "", NOW)
    with pytest.raises(BadValue):
        close_all(database, ann, [mine], 10**9, "", NOW)
    with pytest.raises(NotPermitted):
        close_all(database, scope_of(north, ann.user_id, "Analyst"), [mine], outcome, "", NOW)
    assert set(states(database).values()) == {"open"}
