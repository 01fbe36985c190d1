"""The form that closes a conversation: opened by its button, kept where it is refused, gone once it is done."""

import json

import pytest
from sqlalchemy import select

from data.states import close
from models.conversation import Conversation
from models.workspace import Outcome
from tests.panel import open_form, press, submit
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def desk(ann, conversation):
    return ann.open(f"/conversation/{conversation}?workspace=north")


def outcome(database, word, workspace_id=1):
    with database.read() as db:
        return db.scalar(select(Outcome.id).where(Outcome.workspace_id == workspace_id, Outcome.word == word))


def state(database, key):
    with database.read() as db:
        return db.get(Conversation, key).state


def test_the_form_offers_the_outcomes_of_the_workspace(desk, conversation):
    drawn = json.dumps(open_form(desk, "close", conversation).json["response"]["panel-form"]["children"])
    for word in ("answered", "passed to incident", "signposted to 999", "no reply needed", "spam", "duplicate"):
        assert word in drawn


def test_closing_says_so_and_shuts_the_form(database, north, desk, conversation):
    chosen = outcome(database, "no reply needed", north)
    answer = submit(desk, "close", conversation, outcome=str(chosen)).json["response"]
    assert "Closed: no reply needed." in json.dumps(answer["notice"]["children"])
    assert answer["panel-form"]["children"] == []
    assert answer["live-queue"]["data"] == {"as_at": NOW.isoformat()}
    assert state(database, conversation) == "closed"


@pytest.mark.parametrize("chosen", ["", "999", "x", None, "9" * 30])
def test_without_an_outcome_the_form_stays(database, desk, conversation, chosen):
    answer = submit(desk, "close", conversation, outcome=chosen).json
    assert answer["sideUpdate"]["notice"]["children"] == "Outcome: choose how it ended."
    assert "response" not in answer or "panel-form" not in answer["response"]
    assert state(database, conversation) == "open"


def test_whoever_is_late_reads_who_closed_it_and_keeps_the_form(database, north, desk, conversation):
    bob = scope_of(north, add_member(database, north, "bob", "Operator"))
    chosen = outcome(database, "spam", north)
    close(database, bob, conversation, chosen, NOW)
    answer = submit(desk, "close", conversation, outcome=str(chosen)).json
    assert answer["sideUpdate"]["notice"]["children"] == "Somebody has closed this conversation already."
    assert "response" not in answer or "panel-form" not in answer["response"]


def test_a_form_that_was_only_drawn_closes_nothing(database, north, desk, conversation):
    answer = submit(desk, "close", conversation, clicks=None, outcome=str(outcome(database, "spam", north)))
    assert answer.status_code == 204
    assert state(database, conversation) == "open"


def test_a_conversation_of_another_workspace_can_be_neither_opened_nor_closed(database, north, desk):
    south = add_workspace(database, "south")
    key = add_conversation(database, south, text="a secret of the south")
    refused = "There is no such thing here, or you have no role in its workspace."
    for answer in (open_form(desk, "close", key), submit(desk, "close", key, outcome=outcome(database, "spam", north))):
        assert answer.json["sideUpdate"]["notice"]["children"] == refused
        assert "secret" not in answer.text
    assert state(database, key) == "open"


def test_an_outcome_of_another_workspace_is_none_here(database, desk, conversation):
    theirs = outcome(database, "spam", add_workspace(database, "south"))
    assert "choose how it ended" in submit(desk, "close", conversation, outcome=str(theirs)).text
    assert state(database, conversation) == "open"


def test_only_those_who_may_close_do(server, database, north, conversation):
    add_member(database, north, "eve", "Auditor")
    eve = Visitor(server)
    eve.sign_in("eve")
    eve.open(f"/conversation/{conversation}?workspace=north")
    assert "do not include the right to close" in open_form(eve, "close", conversation).text
    assert submit(eve, "close", conversation, outcome=outcome(database, "spam", north)).status_code == 403
    assert state(database, conversation) == "open"


def test_a_form_of_no_such_name_is_refused(desk, conversation):
    assert "There is no such thing here" in open_form(desk, "nonsense", conversation).text


def test_a_button_that_was_only_drawn_opens_nothing(desk, conversation):
    drawn = press(desk, {"type": "open-form", "form": "close", "id": conversation}, clicks=None)
    assert drawn.status_code == 204
