"""Flags from the panel: what is ticked stands, what is not is cleared, and what makes no sense is refused."""

import json

import pytest

from data.flags import set_flag
from models.conversation import Conversation
from tests.panel import open_form, submit
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def desk(ann, conversation):
    return ann.open(f"/conversation/{conversation}?workspace=north")


def raised(database, key):
    with database.read() as db:
        return db.get_one(Conversation, key).raised


def test_flags_follow_what_is_ticked(database, desk, conversation):
    answer = submit(desk, "flag", conversation, words=["child", "vulnerable"]).json["response"]
    assert answer["notice"]["children"] == "Flagged: child, vulnerable."
    assert raised(database, conversation) == ["child", "vulnerable"]
    form = json.dumps(open_form(desk, "flag", conversation).json["response"]["panel-form"]["children"])
    assert '["child", "vulnerable"]' in form
    submit(desk, "flag", conversation, words=["vulnerable", "weapon"])
    assert raised(database, conversation) == ["vulnerable", "weapon"]
    answer = submit(desk, "flag", conversation, words=[]).json["response"]
    assert answer["notice"]["children"] == "No flag of yours stands here now."
    assert raised(database, conversation) is None


@pytest.mark.parametrize("words", [None, "child", [1, {"a": 2}]])
def test_what_makes_no_sense_sets_nothing(database, desk, conversation, words):
    submit(desk, "flag", conversation, words=words)
    assert raised(database, conversation) is None


def test_a_word_that_is_not_offered_is_refused(database, desk, conversation):
    answer = submit(desk, "flag", conversation, words=["<b>"])
    assert "There is no such thing here" in answer.json["sideUpdate"]["notice"]["children"]


def test_another_workspace_is_neither_shown_nor_flagged(database, desk):
    south = add_workspace(database, "south")
    foreign = add_conversation(database, south)
    set_flag(database, scope_of(south, add_member(database, south, "sam", "Operator")), foreign, "weapon", NOW)
    for answer in (open_form(desk, "flag", foreign), submit(desk, "flag", foreign, words=["child"])):
        assert "There is no such thing here" in answer.json["sideUpdate"]["notice"]["children"]
    assert raised(database, foreign) == ["weapon"]
