"""Notes from the panel: written, told to whom they name, corrected and struck out by their author alone."""

import json

import pytest
from sqlalchemy import select

from data.notes import add_note
from data.people import grant
from models.audit import COMMAND
from models.notes import Note, Notification
from tests.panel import callback, open_form, run, submit
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def desk(ann, conversation):
    return ann.open(f"/conversation/{conversation}?workspace=north")


@pytest.fixture
def ben(database, north):
    return scope_of(north, add_member(database, north, "ben", "Operator"))


def rows(database, entity):
    with database.read() as db:
        return list(db.scalars(select(entity).order_by(entity.id)))


def correction(visitor, note, text, trigger="correct-submit", workspace="north"):
    values = {
        "correct-submit.n_clicks": 1,
        "correct-strike.n_clicks": 1,
        "correct-form.data-conversation": "1",
        "correct-note.data": note,
        "correct-text.value": text,
    }
    return run(visitor, callback(visitor, trigger=trigger), f"{trigger}.n_clicks", values, workspace)


def refusal(answer):
    return answer.json["sideUpdate"]["notice"]["children"]


def test_the_form_offers_colleagues_who_may_read_here(database, north, desk, conversation, ben):
    add_member(database, north, "dee", "Analyst")
    form = json.dumps(open_form(desk, "note", conversation).json["response"]["panel-form"]["children"])
    assert '"data-sign-in": "ben"' in form
    assert "dee" not in form


def test_a_note_is_kept_and_calls_whom_it_names(database, desk, conversation, ben):
    answer = submit(desk, "note", conversation, text="@ben look").json["response"]
    assert answer["notice"]["children"] == "The note is kept."
    assert answer["panel-form"]["children"] == []
    assert [row.text for row in rows(database, Note)] == ["@ben look"]
    assert [row.user_id for row in rows(database, Notification)] == [ben.user_id]


@pytest.mark.parametrize("text", ["", None, "  "])
def test_nothing_is_no_note(database, desk, conversation, text):
    assert refusal(submit(desk, "note", conversation, text=text)) == "Note: write something first."
    assert rows(database, Note) == []


def test_a_note_that_is_not_submitted_is_not_kept(database, desk, conversation):
    assert submit(desk, "note", conversation, clicks=None, text="x").status_code == 204


def test_its_author_corrects_it_and_strikes_it_out(database, desk, conversation):
    submit(desk, "note", conversation, text="Number 14")
    [note] = rows(database, Note)
    form = json.dumps(open_form(desk, "correct", note.id).json["response"]["panel-form"]["children"])
    assert "Number 14" in form
    said = correction(desk, note.id, "Number 41").json["response"]["notice"]["children"]
    assert said == "The note is corrected. What it said before is kept."
    assert [row.text for row in rows(database, Note)] == ["Number 41"]
    correction(desk, note.id, "", trigger="correct-strike")
    assert rows(database, Note)[0].struck == NOW
    assert refusal(correction(desk, note.id, "again")).startswith("This note was struck out")


def test_nobody_else_does(database, desk, conversation, ben):
    key = add_note(database, ben, conversation, "Mine", NOW)
    wanted = "Only whoever wrote a note may correct it or strike it out."
    answers = (
        open_form(desk, "correct", key),
        correction(desk, key, "Yours"),
        correction(desk, key, "", trigger="correct-strike"),
    )
    assert [refusal(answer) for answer in answers] == [wanted] * 3


def test_notes_of_another_workspace_are_not_found(database, desk, ben):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Operator"))
    foreign = add_conversation(database, south)
    key = add_note(database, sam, foreign, "a secret", NOW)
    for answer in (
        open_form(desk, "note", foreign),
        submit(desk, "note", foreign, text="x"),
        open_form(desk, "correct", key),
        open_form(desk, "correct", 10**6),
        correction(desk, key, "x"),
        correction(desk, "nonsense", "x", trigger="correct-strike"),
    ):
        assert refusal(answer) == "There is no such thing here, or you have no role in its workspace."
        assert "secret" not in answer.text


def test_an_auditor_writes_none(database, north, server, conversation):
    eve = add_member(database, north, "eve", "Auditor")
    grant(database, north, eve, "Analyst", NOW, COMMAND)
    visitor = Visitor(server)
    visitor.sign_in("eve")
    visitor.open(f"/conversation/{conversation}?workspace=north")
    assert submit(visitor, "note", conversation, text="x").status_code == 403
    assert "right to assess" in refusal(open_form(visitor, "note", conversation))
