"""Reports of what was on the screen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.signing import IDLE
from models.conversation import Message
from models.people import SignedIn
from tests.rows import NOW, add_conversation, add_member, add_workspace
from tests.visits import Visitor


def report(visitor, body, workspace="north"):
    headers = {"X-CSRFToken": visitor.page_token()}
    return visitor.client.post(f"/seen?workspace={workspace}", json=body, headers=headers, environ_base=visitor.address)


@pytest.fixture
def message(database, north):
    add_conversation(database, north)
    with database.read() as db:
        return db.scalar(select(Message.id))


def seen(database):
    with database.read() as db:
        return db.scalar(select(Message.seen))


def test_what_a_page_showed_is_seen(database, ann, message):
    ann.open("/queue?workspace=north")
    assert report(ann, {"messages": [message]}).status_code == 204
    assert seen(database) == NOW


def test_a_report_is_no_sign_of_a_person(database, ann, message, clock):
    ann.open("/queue?workspace=north")
    clock.on(timedelta(minutes=30))
    report(ann, {"messages": [message]})
    with database.read() as db:
        assert db.scalar(select(SignedIn.last_active)) == NOW
    clock.on(IDLE)
    assert report(ann, {"messages": [message]}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        None,
        "x",
        {"messages": 1},
        {"messages": ["1"]},
        {"messages": [True]},
        {"messages": [0]},
        {"messages": [2**63]},
        {"messages": [1] * 201},
    ],
)
def test_a_report_that_makes_no_sense_is_refused(ann, message, body):
    ann.open("/queue?workspace=north")
    assert report(ann, body).status_code in {400, 415}


def test_only_those_who_may_read_report(server, database, north, message):
    add_member(database, north, "ana", "Analyst")
    visitor = Visitor(server)
    visitor.sign_in("ana")
    visitor.open("/wallboard/main?workspace=north")
    assert report(visitor, {"messages": [message]}).status_code == 403
    assert seen(database) is None


def test_a_report_reaches_no_other_workspace(server, database, message):
    south = add_workspace(database, "south")
    add_member(database, south, "sam", "Operator")
    visitor = Visitor(server)
    visitor.sign_in("sam")
    visitor.open("/wallboard/main?workspace=south")
    assert report(visitor, {"messages": [message]}, "south").status_code == 204
    assert report(visitor, {"messages": [message]}, "north").status_code == 404
    assert seen(database) is None


@pytest.mark.parametrize("raw", [b"[" * 5_000, b'{"messages": ' + b"[" * 5_000, b"\xff", b""])
def test_a_report_that_is_not_json_is_answered_400(ann, raw):
    ann.open("/queue?workspace=north")
    headers = {"X-CSRFToken": ann.page_token(), "Content-Type": "application/json"}
    answer = ann.client.post("/seen?workspace=north", data=raw, headers=headers, environ_base=ann.address)
    assert answer.status_code == 400


def test_a_report_needs_the_token_of_its_page(ann, message):
    answer = ann.client.post("/seen?workspace=north", json={"messages": [message]}, environ_base=ann.address)
    assert answer.status_code == 400
