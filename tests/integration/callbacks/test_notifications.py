"""What calls a person to a conversation: the number in the bar, the list, and what reads it."""

import json

import pytest

from data.desk import claim
from data.moving import take_over
from data.notes import add_note
from data.queries.notifications import unread
from layouts.notifications import WORDS
from models.claims import Told
from tests.panel import callback, press, run
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of


@pytest.fixture
def ben(database, north):
    return scope_of(north, add_member(database, north, "ben", "Operator"))


@pytest.fixture
def called(database, north, ann, ben):
    """Ann is called twice; returns the keys of the notes."""
    key = add_conversation(database, north)
    return [add_note(database, ben, key, f"@ann {text}", NOW) for text in ("look", "and here")]


@pytest.fixture
def me(database, north):
    return scope_of(north, 1)


def bar(visitor):
    answer = run(visitor, callback(visitor, output="unread.children"), "live-notifications.data", {})
    return json.dumps(answer.json["response"]["unread"]["children"])


def listed(visitor):
    values = {"url.pathname": "/notifications"}
    entry = callback(visitor, output="notifications-body.children")
    return run(visitor, entry, "live-notifications.data", values)


def report(visitor, notes):
    """What a page says that it showed."""
    headers = {"X-CSRFToken": visitor.page_token()}
    body = {"messages": [], "notes": notes}
    return visitor.client.post("/seen?workspace=north", json=body, headers=headers, environ_base=visitor.address)


def test_the_bar_counts_what_is_unread(ann, called):
    desk = ann.open("/notifications?workspace=north")
    assert "@ 2" in bar(desk)
    text = listed(desk).text
    for words in ("and here", "named you in a note", "Mark all as read", "2 unread"):
        assert words in text


def test_one_is_read_then_all(database, ann, me, called):
    desk = ann.open("/notifications?workspace=north")
    press(desk, {"type": "read", "id": 1})
    assert unread(database, me) == 1
    entry = callback(desk, trigger="notifications-all")
    assert run(desk, entry, "notifications-all.n_clicks", {}).status_code == 204
    run(desk, entry, "notifications-all.n_clicks", {"notifications-all.n_clicks": 1})
    assert unread(database, me) == 0
    assert "nothing new for you" in bar(desk)
    assert "Mark as read" not in listed(desk).text


def test_a_note_that_the_screen_showed_is_read(database, ann, me, called):
    desk = ann.open("/queue?workspace=north")
    assert report(desk, called[:1]).status_code == 204
    assert unread(database, me) == 1
    for odd in ([True], ["x"], "x", [0], list(range(1, 500))):
        assert report(desk, odd).status_code == 400
    assert unread(database, me) == 1


def test_without_one_the_page_says_what_will_appear(ann):
    assert "Nobody has called you yet" in listed(ann.open("/notifications?workspace=north")).text


def test_the_list_is_drawn_only_on_its_page(ann):
    desk = ann.open("/queue?workspace=north")
    values = {"url.pathname": "/queue"}
    entry = callback(desk, output="notifications-body.children")
    assert run(desk, entry, "live-notifications.data", values).status_code == 204


def test_nobody_reads_anothers(database, ann, north):
    south = add_workspace(database, "south")
    sam = scope_of(south, add_member(database, south, "sam", "Operator"))
    tom = scope_of(south, add_member(database, south, "tom", "Operator"))
    add_note(database, sam, add_conversation(database, south), "@tom a secret", NOW)
    desk = ann.open("/notifications?workspace=north")
    press(desk, {"type": "read", "id": 1})
    assert unread(database, tom) == 1
    assert "secret" not in listed(desk).text


def test_what_became_of_a_claim_is_told_in_plain_words(server, database, north, ann):
    key = add_conversation(database, north)
    sue = scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")
    claim(database, scope_of(north, 1), key, NOW)
    take_over(database, sue, key, "I know him", NOW)
    text = listed(ann.open("/notifications?workspace=north")).text
    assert "took over what you held" in text
    assert "struck out" not in text


def test_every_kind_of_news_of_claims_has_its_words():
    assert set(Told) <= set(WORDS)
