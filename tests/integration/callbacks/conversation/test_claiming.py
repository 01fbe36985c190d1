"""Hand-overs, assignments and take-overs through the panel: by their forms and buttons, told in plain words."""

import json

import pytest
from sqlalchemy import select

from data.desk import claim
from data.handing import offer
from data.lapsing import lapse_due
from data.takers import To
from models.claims import HandOver
from models.conversation import Conversation
from tests.panel import open_form, press, refresh, submit
from tests.rows import NOW, add_conversation, add_member, scope_of
from tests.visits import Visitor


def said(answer):
    return (answer.json.get("sideUpdate") or answer.json["response"])["notice"]["children"]


def region(answer, name):
    return json.dumps(answer.json["response"].get(name, {}).get("children"), ensure_ascii=False)


@pytest.fixture
def key(database, north):
    return add_conversation(database, north)


def colleague(server, database, north, name, role="Operator"):
    scope = scope_of(north, add_member(database, north, name, role), role)
    visitor = Visitor(server)
    visitor.sign_in(name)
    visitor.open("/queue?workspace=north")
    return scope, visitor


@pytest.fixture
def bob(server, database, north):
    return colleague(server, database, north, "bob")


@pytest.fixture
def sue(server, database, north):
    return colleague(server, database, north, "sue", "Supervisor")


@pytest.fixture
def desk(ann, key):
    return ann.open(f"/conversation/{key}?workspace=north")


def conversation(database):
    with database.read() as db:
        return db.scalars(select(Conversation)).one()


def head(visitor, key):
    answer = refresh(visitor, f"/conversation/{key}", shown=str(key))
    return region(answer, "panel-head"), region(answer, "panel-actions")


def test_a_hand_over_is_offered_shown_to_both_and_accepted(database, desk, bob, key):
    scope, other = bob
    press(desk, {"type": "claim", "id": key})
    drawn = region(open_form(desk, "handover", key), "panel-form")
    assert f'"user {scope.user_id}"' in drawn
    assert '"Ann"' not in drawn
    answer = submit(desk, "handover", key, to=f"user {scope.user_id}", note="I go home: he has a dog")
    assert said(answer) == "Offered. You are answering this conversation until they accept."
    assert region(answer, "panel-form") == "[]"
    words, buttons = head(other, key)
    assert "he has a dog" in words
    assert '"accept"' in buttons
    words, buttons = head(desk, key)
    assert "You hand" in words
    assert '"take-back"' in buttons
    assert '"handover"' not in buttons
    assert said(press(other, {"type": "accept", "id": key})) == "You are answering this conversation."
    assert conversation(database).holder_id == scope.user_id
    assert "Bob accepted the hand-over from Ann." in region(
        refresh(desk, f"/conversation/{key}", shown=str(key)), "panel-thread"
    )


def test_a_hand_over_is_declined_with_a_reason(database, desk, bob, key):
    scope, other = bob
    press(desk, {"type": "claim", "id": key})
    submit(desk, "handover", key, to=f"user {scope.user_id}", note="yours")
    assert "Decline the hand-over" in region(open_form(other, "decline", key), "panel-form")
    assert said(submit(other, "decline", key, reason="on the phone")).startswith("Declined.")
    thread = region(refresh(desk, f"/conversation/{key}", shown=str(key)), "panel-thread")
    assert "Bob declined the hand-over: on the phone." in thread
    assert "Ann hands it over to Bob: “yours”." in thread


def test_a_hand_over_is_taken_back(database, desk, bob, key):
    scope, other = bob
    press(desk, {"type": "claim", "id": key})
    submit(desk, "handover", key, to=f"user {scope.user_id}", note="yours")
    assert said(press(desk, {"type": "take-back", "id": key})) == "You took the hand-over back."
    answer = press(other, {"type": "accept", "id": key})
    assert said(answer) == "This hand-over is over already: it was answered or taken back."


def test_a_refused_hand_over_keeps_the_form_and_says_why(database, desk, bob, key):
    scope, _ = bob
    answer = submit(desk, "handover", key, to=f"user {scope.user_id}", note="yours")
    assert said(answer) == "Somebody else is answering this conversation now, so nothing was changed."
    assert "panel-form" not in answer.json["response"]
    press(desk, {"type": "claim", "id": key})
    assert said(submit(desk, "handover", key, to=f"user {scope.user_id}", note=" ")) == "Note: say why in a few words."
    assert said(submit(desk, "handover", key, to="", note="x")) == "To: choose a colleague or a team."


def test_a_supervisor_assigns_and_the_head_says_to_whom(database, north, sue, bob, key):
    scope, other = bob
    _, supervisor = sue
    assert "nobody in particular" in region(open_form(supervisor, "assign", key), "panel-form")
    assert said(submit(supervisor, "assign", key, to=f"user {scope.user_id}", reason="")) == "Assigned."
    assert conversation(database).assigned_id == scope.user_id
    assert '" Assigned to ", "you"' in head(other, key)[0]
    assert "Bob" in head(supervisor, key)[0]
    assert said(submit(supervisor, "assign", key, to="nobody", reason="")) == "Assigned to nobody in particular."


def test_an_operator_assigns_nothing(database, desk, bob, key):
    assert '"assign"' not in head(desk, key)[1]
    assert said(open_form(desk, "assign", key)) == "Your roles here do not include the right to move work."
    assert submit(desk, "assign", key, to=f"user {bob[0].user_id}", reason="").status_code == 403


def test_a_supervisor_takes_over_and_a_colleague_waits_for_quiet(database, desk, bob, sue, key):
    claim(database, bob[0], key, NOW)
    assert "Take over from Bob" in region(open_form(desk, "takeover", key), "panel-form")
    busy = "Bob is at work on this conversation. Whoever moves work may still take it over."
    assert said(submit(desk, "takeover", key, reason="I know him")) == busy
    assert said(submit(sue[1], "takeover", key, reason="I know him")) == (
        "You are answering this conversation. Bob is told."
    )
    assert conversation(database).holder_id == sue[0].user_id


def test_the_head_says_whose_claim_lapsed_and_when(database, north, desk, bob, key):
    claim(database, bob[0], key, NOW)
    lapse_due(database, NOW.replace(hour=16))
    words, buttons = head(desk, key)
    assert "The claim of " in words
    assert '"Bob"' in words
    assert '"claim"' in buttons


def test_an_offer_to_somebody_else_offers_no_button(database, desk, bob, sue, key):
    claim(database, bob[0], key, NOW)
    offer(database, bob[0], key, To(user_id=sue[0].user_id), "yours", NOW)
    assert '"accept"' not in head(desk, key)[1]
    assert said(press(desk, {"type": "accept", "id": key})) == (
        "This hand-over is for somebody else, so nothing was changed."
    )
    assert '"take-back"' in head(sue[1], key)[1]
    with database.read() as db:
        assert db.scalars(select(HandOver)).one().state == "offered"
