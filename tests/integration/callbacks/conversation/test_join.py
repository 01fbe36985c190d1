"""Incidents from the panel: joined, opened with a conversation, and left again."""

import json

import pytest

from data.incidents import add_to_incident, close_incident, open_incident
from data.queries.incidents import incidents
from data.queries.members import incident_of
from tests.panel import open_form, submit
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


@pytest.fixture
def fire(database, sue):
    return open_incident(database, sue, "Canal Street fire", "482", [], NOW)


@pytest.fixture
def desk(ann, conversation):
    return ann.open(f"/conversation/{conversation}?workspace=north")


@pytest.fixture
def boss(server, sue):
    visitor = Visitor(server)
    visitor.sign_in("sue")
    return visitor.open("/queue?workspace=north")


def of(database, north, key):
    with database.read() as db:
        return incident_of(db, north, key)


def drawn(answer):
    return json.dumps(answer.json["response"]["panel-form"]["children"])


def refusal(answer):
    return answer.json["sideUpdate"]["notice"]["children"]


def test_an_operator_joins_one_that_goes_on_and_opens_none(database, north, desk, conversation, fire):
    form = drawn(open_form(desk, "join", conversation))
    assert "Canal Street fire (482)" in form
    assert "A new incident" not in form
    assert submit(desk, "join", conversation, incident=str(fire)).json["response"]["panel-form"]["children"] == []
    assert of(database, north, conversation).id == fire
    assert "right to incident" in refusal(submit(desk, "join", conversation, incident="new", name="x", reference=""))


def test_a_supervisor_opens_one_with_the_conversation(database, north, boss, conversation):
    assert "A new incident" in drawn(open_form(boss, "join", conversation))
    submit(boss, "join", conversation, incident="new", name="Flood", reference="12")
    mark = of(database, north, conversation)
    assert (mark.name, mark.reference, mark.open) == ("Flood", "12", True)


def test_without_a_choice_the_form_stays(desk, conversation, fire):
    assert refusal(submit(desk, "join", conversation, incident="")) == "Incident: choose one."


def test_where_none_goes_on_the_form_says_who_opens_one(database, desk, sue, conversation, fire):
    close_incident(database, sue, fire, NOW)
    form = drawn(open_form(desk, "join", conversation))
    assert "A supervisor opens one" in form
    assert "join-submit" not in form


def test_a_member_is_taken_out_of_the_incident_that_was_shown(database, north, desk, sue, conversation, fire):
    add_to_incident(database, sue, fire, [conversation], NOW)
    assert f'"out-{fire}"' in drawn(open_form(desk, "join", conversation))
    submit(desk, "join", conversation, incident=f"out-{fire + 1}")
    submit(desk, "join", conversation, incident="out-x")
    assert of(database, north, conversation).id == fire
    submit(desk, "join", conversation, incident=f"out-{fire}")
    assert of(database, north, conversation) is None


def test_whoever_is_late_reads_to_which_incident_it_belongs(database, sue, desk, conversation, fire):
    other = open_incident(database, sue, "Another", "", [conversation], NOW)
    assert refusal(submit(desk, "join", conversation, incident=str(fire))) == (
        "This conversation belongs to the incident “Another”. Take it out there first."
    )
    assert incidents(database, sue, other, NOW).chosen.members[0].id == conversation


def test_another_workspace_joins_nothing(database, desk, conversation, fire):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Supervisor"), "Supervisor")
    foreign, theirs = add_conversation(database, south), open_incident(database, sam, "Secret", "", [], NOW)
    for answer in (
        open_form(desk, "join", foreign),
        submit(desk, "join", foreign, incident=str(fire)),
        submit(desk, "join", conversation, incident=str(theirs)),
    ):
        assert refusal(answer).startswith("There is no such thing here")
        assert "Secret" not in answer.text
