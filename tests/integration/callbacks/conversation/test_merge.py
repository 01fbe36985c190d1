"""Merging from the panel, what the person was in touch about before, and taking a merge back."""

import json
import re

import pytest
from sqlalchemy import select

from data.audit import change
from data.desk import claim
from data.merging import CONTACTS, CONVERSATIONS, together
from models.audit import COMMAND
from models.conversation import Conversation
from models.merging import ContactMerge, ConversationMerge
from tests.panel import callback, open_form, press, run, submit
from tests.rows import NOW, add_conversation, add_workspace, scope_of


@pytest.fixture
def pair(database, north):
    """Two conversations of two contacts of the same name."""
    return [add_conversation(database, north, text=text) for text in ("The first", "The second")]


@pytest.fixture
def desk(ann, pair):
    return ann.open(f"/conversation/{pair[0]}?workspace=north")


def contact(database, conversation):
    with database.read() as db:
        return db.get_one(Conversation, conversation).contact_id


def group(database, north, kind, key):
    with database.read() as db:
        return set(together(db, kind, north, key))


def drawn(answer):
    return json.dumps(answer.json["response"]["panel-form"]["children"])


def refusal(answer):
    return answer.json["sideUpdate"]["notice"]["children"]


def merge(desk, key, person="", thread="", reason="the same photo", clicks=1):
    return submit(desk, "merge", key, person=str(person), thread=str(thread), reason=reason, clicks=clicks)


def test_one_person_then_one_thread_then_neither(database, north, desk, pair):
    people = [contact(database, key) for key in pair]
    form = drawn(open_form(desk, "merge", pair[0]))
    assert f'"value": "{people[1]}"' in form
    merge(desk, pair[0], person=people[1])
    assert group(database, north, CONTACTS, people[0]) == set(people)
    merge(desk, pair[0], thread=pair[1])
    assert group(database, north, CONVERSATIONS, pair[1]) == set(pair)
    page = desk.get(f"/conversation/{pair[0]}?workspace=north")
    assert page.status_code == 200
    form = drawn(open_form(desk, "merge", pair[0]))
    assert len(re.findall(r'"type": "unmerge"', form)) == 2
    press(desk, {"type": "unmerge", "kind": "conversation", "id": only(database, ConversationMerge)})
    press(desk, {"type": "unmerge", "kind": "contact", "id": only(database, ContactMerge)})
    assert group(database, north, CONTACTS, people[0]) == {people[0]}
    assert group(database, north, CONVERSATIONS, pair[1]) == {pair[1]}


def only(database, entity):
    with database.read() as db:
        return db.scalars(select(entity.id)).one()


def test_the_thread_shows_both_parts_and_says_which(database, desk, pair):
    people = [contact(database, key) for key in pair]
    merge(desk, pair[0], person=people[1])
    merge(desk, pair[0], thread=pair[1])
    entry = callback(desk, output="panel-head.data-sign")
    values = {"live-queue.data": {"revision": 9}, "url.pathname": f"/conversation/{pair[1]}"}
    told = json.dumps(run(desk, entry, "live-queue.data", values).json["response"])
    for words in ("The first", "The second", "One thread of: ", "One person: ", "made one thread of two conversations"):
        assert words in told


def test_without_a_choice_or_a_reason_the_form_stays(database, desk, pair):
    assert refusal(merge(desk, pair[0])) == "Merge: choose a person or a conversation first."
    other = contact(database, pair[1])
    assert refusal(merge(desk, pair[0], person=other, reason=" ")) == "Reason: say why: it stands in the record."
    assert merge(desk, pair[0], person=other, clicks=None).status_code == 204


def test_names_are_looked_for_as_they_are_typed(database, desk, pair):
    handle = f"neighbour{contact(database, pair[1])}"
    entry = callback(desk, trigger="merge-sought")
    values = {"merge-sought.value": "neighbour", "merge-of.data": pair[0]}
    found = run(desk, entry, "merge-sought.value", values).json["response"]["merge-person"]["options"]
    assert len(found) == 2
    assert handle
    assert run(desk, entry, "merge-sought.value", values | {"merge-of.data": "x"}).status_code == 204


def test_another_workspace_is_not_found(database, desk, pair):
    south = add_workspace(database, "south")
    foreign = add_conversation(database, south, text="a secret")
    answers = (
        open_form(desk, "merge", foreign),
        open_form(desk, "past", foreign),
        merge(desk, pair[0], person=contact(database, foreign)),
        merge(desk, pair[0], thread=foreign),
        press(desk, {"type": "unmerge", "kind": "contact", "id": 10**6}),
        press(desk, {"type": "unmerge", "kind": "workspace", "id": 1}),
    )
    for answer in answers:
        assert refusal(answer).startswith("There is no such thing here")
        assert "secret" not in answer.text


def test_the_past_says_when_and_by_whom_it_was_closed(database, north, desk, pair):
    ann = scope_of(north, 1)
    claim(database, ann, pair[0], NOW)
    with change(database, north, COMMAND, NOW) as c:
        c.state("nothing", "conversation", pair[0])
    people = [contact(database, key) for key in pair]
    merge(desk, pair[0], person=people[1])
    form = drawn(open_form(desk, "past", pair[0]))
    assert form.count("not closed") == 2
    assert f"/conversation/{pair[1]}?workspace=north" in form
    assert "2 contacts so far" in form
