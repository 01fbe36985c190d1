"""The form that assesses, and undo, through their callbacks."""

import json

import pytest
from sqlalchemy import select

from models.assessing import Assessment
from models.conversation import Conversation, Message
from tests.panel import callback, open_form, press, refresh, run, submit
from tests.rows import add_conversation, add_member, add_workspace
from tests.visits import Visitor


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def desk(ann, conversation):
    return ann.open(f"/conversation/{conversation}?workspace=north")


def rows(database, entity):
    with database.read() as db:
        return list(db.scalars(select(entity)))


def save(visitor, key, newest, grade="priority", workspace="north", **answers):
    values = {
        "assess-submit.n_clicks": 1,
        "assess-form.data-conversation": str(key),
        "panel-thread.data-newest": newest,
        "assess-grade.value": grade,
        **{f"assess-{name}.value": text for name, text in answers.items()},
    }
    return run(visitor, callback(visitor, trigger="assess-submit"), "assess-submit.n_clicks", values, workspace)


def undo_of(answer):
    """The event that the notice offers to take back."""
    return answer.json["response"]["notice"]["children"][2]["props"]["id"]


def test_the_form_begins_with_the_grade_it_has_and_the_answers_given_last(database, desk, conversation):
    newest = rows(database, Message)[0].id
    save(desk, conversation, newest, threat="A man with a bat")
    drawn = json.dumps(open_form(desk, "assess", conversation).json["response"]["panel-form"]["children"])
    assert '"value": "priority"' in drawn
    assert "A man with a bat" in drawn
    for name in ("Threat", "Harm", "Risk", "Investigation", "Vulnerability", "Engagement"):
        assert name in drawn


def test_saving_says_so_offers_undo_and_undo_takes_it_back(database, desk, conversation):
    newest = rows(database, Message)[0].id
    answer = save(desk, conversation, newest)
    assert "Assessed as Priority." in answer.text
    assert rows(database, Conversation)[0].rank == 2
    taken = press(desk, undo_of(answer))
    assert taken.json["response"]["notice"]["children"] == "Taken back."
    assert rows(database, Conversation)[0].rank == 3
    again = press(desk, undo_of(answer))
    assert "cannot be undone any more" in again.json["sideUpdate"]["notice"]["children"]


@pytest.mark.parametrize("newest", ["", None, "0", "x"])
def test_what_was_not_on_the_screen_is_to_be_read_first_and_the_form_stays(database, desk, conversation, newest):
    answer = save(desk, conversation, newest).json
    assert "Read that first" in answer["sideUpdate"]["notice"]["children"]
    assert not answer.get("response")
    assert rows(database, Assessment) == []


def test_the_thread_names_the_newest_message_that_it_shows(database, desk, conversation):
    drawn = refresh(desk, f"/conversation/{conversation}").json["response"]
    assert drawn["panel-thread"]["data-newest"] == str(rows(database, Message)[0].id)


def test_only_those_who_may_assess_do(server, database, north, conversation):
    add_member(database, north, "eve", "Auditor")
    eve = Visitor(server)
    eve.sign_in("eve")
    eve.open(f"/conversation/{conversation}?workspace=north")
    assert save(eve, conversation, "1").status_code == 403
    assert "do not include the right to assess" in open_form(eve, "assess", conversation).text


def test_nobody_takes_back_what_happened_in_another_workspace(database, desk):
    add_workspace(database, "south")
    answer = press(desk, {"type": "undo", "id": 1})
    assert "There is no such thing here" in answer.text


@pytest.mark.parametrize(
    ("form", "fields", "said", "state"),
    [
        ("snooze", {"until": "60"}, "Snoozed until 15:30.", "snoozed"),
        ("snooze", {"until": "own", "day": "2026-11-24", "time": "08:00"}, "Snoozed until 24 Nov, 08:00.", "snoozed"),
        ("partner", {"who": "Highways"}, "Left to a partner.", "with a partner"),
        ("topic", {"word": "1"}, "About: Crime report.", "open"),
        ("topic", {"word": "none"}, "About: nothing in particular.", "open"),
    ],
)
def test_each_form_does_what_it_is_for_and_can_be_undone(database, desk, conversation, form, fields, said, state):
    assert (
        open_form(desk, form, conversation).json["response"]["panel-form"]["children"]["props"]["id"] == f"{form}-form"
    )
    answer = submit(desk, form, conversation, **fields)
    assert said in answer.text
    assert answer.json["response"]["panel-form"]["children"] == []
    assert rows(database, Conversation)[0].state == state
    press(desk, undo_of(answer))
    assert rows(database, Conversation)[0].state == "open"


@pytest.mark.parametrize(
    ("form", "fields", "why"),
    [
        ("snooze", {"until": ""}, "choose until when"),
        ("snooze", {"until": "own", "day": "", "time": None}, "give a day and a time"),
        ("snooze", {"until": "own", "day": "2020-01-01", "time": "08:00"}, "choose a time from now"),
        ("partner", {"who": "  "}, "say who deals with it"),
        ("partner", {"who": {"a": 1}}, "say who deals with it"),
        ("topic", {"word": "999"}, "choose one of the list"),
        ("topic", {"word": "x"}, "choose one of the list"),
    ],
)
def test_what_makes_no_sense_leaves_form_and_conversation(database, desk, conversation, form, fields, why):
    answer = submit(desk, form, conversation, **fields).json
    assert why in answer["sideUpdate"]["notice"]["children"]
    assert not answer.get("response")
    assert rows(database, Conversation)[0].state == "open"


def test_what_is_snoozed_is_taken_back_by_one_button(database, desk, conversation):
    submit(desk, "snooze", conversation, until="60")
    drawn = refresh(desk, f"/conversation/{conversation}").text
    assert "Open again" in drawn
    assert "until 15:30" in drawn
    answer = press(desk, {"type": "resume", "id": conversation})
    assert answer.json["response"]["notice"]["children"] == "It is open again."
    assert rows(database, Conversation)[0].state == "open"
