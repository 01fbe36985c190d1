"""One reply to everybody in an incident: separate, paced, for those whom nobody else answers, and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.answers import answer_all, stop_answers
from data.audit import change
from data.desk import claim
from data.incidents import close_incident, open_incident
from data.outbox import withdraw
from data.queries.answers import answers_of
from data.states import close
from models.audit import COMMAND, AuditEvent
from models.outbox import UNDO, Outgoing, OutgoingState
from models.problems import AlreadyClaimed, BadValue, IncidentClosed, NotFound, NotPermitted, WrongState
from models.workspace import Outcome
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
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


@pytest.fixture
def ann(database, north):
    return scope_of(north, add_member(database, north, "ann", "Operator"))


@pytest.fixture
def conversations(database, north):
    return [add_conversation(database, north, text=f"Fire {number}") for number in range(4)]


@pytest.fixture
def fire(database, sue, conversations):
    return open_incident(database, sue, "Canal Street fire", "", conversations, NOW)


def replies(database):
    with database.read() as db:
        return list(db.scalars(select(Outgoing).order_by(Outgoing.id)))


def progress(database, north, fire, now=LATER):
    with database.read() as db:
        return answers_of(db, north, fire, now)


def test_each_gets_a_reply_of_their_own_one_after_the_other(database, north, sue, conversations, fire):
    handed = answer_all(database, sue, fire, "Keep away", LATER)
    assert [one.conversation_id for one in handed] == conversations
    found = replies(database)
    assert [reply.conversation_id for reply in found] == conversations
    waits = [reply.not_before - LATER for reply in found]
    assert waits == sorted(set(waits))
    assert waits[0] == UNDO
    [told] = progress(database, north, fire)
    assert (told.total, told.sent, told.waiting, told.stopped, told.people) == (4, 0, 4, 0, ())
    assert (told.text, told.by, told.undo_until) == ("Keep away", "Somebody", LATER + UNDO)
    assert progress(database, north, fire, LATER + UNDO)[0].undo_until is None
    with database.read() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "incident.answer")).one()
    assert "Keep away" not in repr(event.after)


def test_what_a_colleague_holds_and_what_is_closed_is_left_alone(database, north, sue, ann, conversations, fire):
    claim(database, ann, conversations[0], NOW)
    with database.read() as db:
        spam = db.scalar(select(Outcome.id).where(Outcome.workspace_id == north, Outcome.word == "spam"))
    close(database, ann, conversations[1], spam, NOW)
    handed = answer_all(database, sue, fire, "Keep away", LATER)
    assert [type(one.problem) for one in handed] == [AlreadyClaimed, type(None), type(None)]
    [told] = progress(database, north, fire)
    assert (told.total, told.waiting) == (3, 2)
    assert [one.conversation_id for one in told.people] == [conversations[0]]


def test_what_has_not_left_is_taken_back(database, north, sue, fire, monkeypatch):
    answer_all(database, sue, fire, "Keep away", LATER)
    [told] = progress(database, north, fire)
    first = replies(database)[0].id

    def too_late(db, scope, key, at):
        if key == first:
            raise WrongState(OutgoingState.SENDING, "withdraw")
        withdraw(db, scope, key, at)

    monkeypatch.setattr("data.answers.withdraw", too_late)
    assert stop_answers(database, sue, fire, told.batch, LATER) == (3, 1)
    assert stop_answers(database, sue, fire, told.batch, LATER) == (0, 1)
    [told] = progress(database, north, fire)
    assert (told.waiting, told.stopped) == (1, 3)


def test_two_replies_to_all_are_told_apart(database, north, sue, fire):
    answer_all(database, sue, fire, "Keep away", NOW)
    answer_all(database, sue, fire, "Open your windows", LATER)
    newest, older = progress(database, north, fire)
    assert (newest.text, older.text) == ("Open your windows", "Keep away")
    stop_answers(database, sue, fire, older.batch, LATER)
    assert [one.stopped for one in progress(database, north, fire)] == [0, 4]


def test_what_the_network_refused_needs_a_person(database, north, sue, fire):
    answer_all(database, sue, fire, "Keep away", NOW)
    key = replies(database)[0].id
    with change(database, north, COMMAND, LATER) as c:
        row = c.db.get_one(Outgoing, key)
        row.state, row.reason = str(OutgoingState.REJECTED), "the account is blocked"
        c.state("reply.rejected", "outgoing", key)
    [told] = progress(database, north, fire)
    assert [one.why for one in told.people] == ["the account is blocked"]


def test_nothing_and_nobody_are_refused(database, sue, fire):
    empty = open_incident(database, sue, "Empty", "", [], NOW)
    for key, text in ((fire, " "), (empty, "Keep away")):
        with pytest.raises(BadValue):
            answer_all(database, sue, key, text, NOW)
    close_incident(database, sue, fire, NOW)
    with pytest.raises(IncidentClosed):
        answer_all(database, sue, fire, "Keep away", NOW)
    assert replies(database) == []


def test_it_needs_the_right_to_run_incidents(database, ann, fire):
    for act in (lambda: answer_all(database, ann, fire, "x", NOW), lambda: stop_answers(database, ann, fire, 1, NOW)):
        with pytest.raises(NotPermitted):
            act()


def test_another_workspace_answers_and_stops_nothing(database, north, sue, fire):
    answer_all(database, sue, fire, "Keep away", NOW)
    [told] = progress(database, north, fire)
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor")
    own = open_incident(database, sam, "Ours", "", [], NOW)
    for act in (
        lambda: answer_all(database, sam, fire, "x", NOW),
        lambda: stop_answers(database, sam, fire, told.batch, NOW),
        lambda: stop_answers(database, sam, own, told.batch, NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert progress(database, north, fire)[0].waiting == 4
