"""Ask for an expert in the panel, and the one who is called answers with one press."""

import json

import pytest

from data.experts import keep_skill, sign_on
from tests.panel import callback, open_form, press, run, submit
from tests.rows import NOW, add_conversation, add_member, scope_of
from tests.visits import Visitor


@pytest.fixture
def eve(server, database, north):
    """An expert at her desk."""
    who = scope_of(north, add_member(database, north, "eve", "Operator"))
    boss = scope_of(north, who.user_id, "Supervisor")
    keep_skill(database, boss, who.user_id, "Arabic speaker", None, NOW)
    sign_on(database, who, NOW)
    visitor = Visitor(server)
    visitor.sign_in("eve")
    return visitor.open("/queue?workspace=north")


def notice(visitor):
    entry = callback(visitor, output="alarm.children")
    return json.dumps(run(visitor, entry, "live-alarms.data", {}).json["response"])


def test_an_expert_is_asked_for_and_comes(database, north, ann, eve):
    key = add_conversation(database, north)
    desk = ann.open(f"/conversation/{key}?workspace=north")
    assert "Arabic speaker (1 on duty of 1)" in open_form(desk, "expert", key).text
    assert "Skill: choose one" in submit(desk, "expert", key, skill="unchosen").text
    assert "An expert is called." in submit(desk, "expert", key, skill="Arabic speaker").text
    assert "being called for it already" in submit(desk, "expert", key, skill="Arabic speaker").text
    assert "You are asked for as an expert: Arabic speaker" in notice(eve)
    assert "as an expert" not in notice(ann)
    yes = {"type": "expert-answer", "id": 1, "answer": "yes"}
    assert press(ann, yes).status_code == 200 and "You have it" not in press(ann, yes).text
    assert "You have it" in press(eve, yes).text
    assert "it is over" in press(eve, yes | {"answer": "no"}).text
    assert "as an expert" not in notice(eve)


def test_nobody_on_duty_is_said_at_once(database, north, ann):
    key = add_conversation(database, north)
    desk = ann.open(f"/conversation/{key}?workspace=north")
    assert "No skill or language is kept here yet" in open_form(desk, "expert", key).text
    assert "supervisors are told" in submit(desk, "expert", key, skill="Diver").text
    assert "it is over" in press(desk, {"type": "expert-off", "id": 1}).text


def test_whoever_asked_calls_it_off(database, north, ann, eve):
    key = add_conversation(database, north)
    desk = ann.open(f"/conversation/{key}?workspace=north")
    submit(desk, "expert", key, skill="Arabic speaker")
    assert "Called off." in press(desk, {"type": "expert-off", "id": 1}).text
    assert "as an expert" not in notice(eve)
