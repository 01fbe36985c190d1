"""A conversation through its callbacks: drawn again by news, claimed and given back by its buttons."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from data.desk import claim
from models.conversation import Conversation
from tests.panel import press, refresh
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of
from tests.visits import Visitor


def button(action, key):
    return {"type": action, "id": key}


def said(answer):
    """What the notice says, whether it was done or refused."""
    return (answer.json.get("sideUpdate") or answer.json["response"])["notice"]["children"]


def region(answer, name, prop="children"):
    return json.dumps(answer.json["response"].get(name, {}).get(prop), ensure_ascii=False)


def holder(database):
    with database.read() as db:
        return db.scalar(select(Conversation.holder_id))


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north, text="Read me whole")


@pytest.fixture
def desk(ann, conversation):
    return ann.open(f"/conversation/{conversation}?workspace=north")


def test_a_conversation_is_claimed_and_given_back(database, conversation, desk):
    claimed = press(desk, button("claim", conversation))
    assert said(claimed) == "You are answering this conversation."
    assert claimed.json["response"]["live-queue"]["data"] == {"as_at": NOW.isoformat()}
    assert holder(database) == 1
    assert said(press(desk, button("release", conversation))) == "You gave this conversation back."
    assert holder(database) is None


def test_the_loser_reads_who_won(database, north, conversation, desk):
    bob = add_member(database, north, "bob", "Operator")
    claim(database, scope_of(north, bob), conversation, NOW)
    answer = press(desk, button("claim", conversation))
    assert said(answer) == "Bob is already answering this conversation."
    assert holder(database) == bob


def test_a_button_that_was_only_drawn_was_not_pressed(database, conversation, desk):
    assert press(desk, button("claim", conversation), clicks=None).status_code == 204
    assert holder(database) is None


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_only_those_who_may_claim_do(server, database, north, conversation, role):
    add_member(database, north, "eve", role)
    visitor = Visitor(server)
    visitor.sign_in("eve")
    visitor.open("/wallboard/main?workspace=north")
    assert press(visitor, button("claim", conversation)).status_code == 403
    assert holder(database) is None


def test_news_draws_the_conversation_again(conversation, desk):
    path = f"/conversation/{conversation}"
    drawn = refresh(desk, path, shown=str(conversation))
    assert "Read me whole" in region(drawn, "panel-thread")
    assert "Nobody is answering." in region(drawn, "panel-head")


def test_regions_are_made_anew_only_where_they_look_otherwise(database, north, conversation, desk, clock):
    path, key = f"/conversation/{conversation}", str(conversation)
    first = refresh(desk, path, shown=key).json["response"]
    signs = (first["panel-head"]["data-sign"], first["panel-thread"]["data-sign"])
    clock.on(timedelta(seconds=20))
    again = refresh(desk, path, shown=key, signs=signs)
    assert [region(again, name) for name in ("panel-head", "panel-actions", "panel-thread")] == ["null"] * 3
    claim(database, scope_of(north, add_member(database, north, "bob", "Operator")), conversation, NOW)
    taken = refresh(desk, path, shown=key, signs=signs)
    assert "Bob" in region(taken, "panel-head")


def test_news_never_draws_a_form_or_the_composer_and_another_conversation_does(database, north, conversation, desk):
    same = refresh(desk, "/queue", f"&c={conversation}", shown=str(conversation))
    assert [region(same, name) for name in ("panel-form", "panel-composer")] == ["null"] * 2
    other = refresh(desk, "/queue", f"&c={conversation}", shown="999", changed="url.search")
    assert region(other, "panel-form") == "[]"
    assert region(other, "panel-thread", "data-conversation") == f'"{conversation}"'


def test_the_conversation_of_the_address_is_open_beside_the_list(conversation, desk):
    beside = refresh(desk, "/queue", f"&c={conversation}", changed="url.search")
    assert "Read me whole" in region(beside, "panel-thread")
    assert "Back to the list" in region(beside, "panel-actions")


@pytest.mark.parametrize("chosen", ["0", "x", "-1", "\u00b2", "9" * 30, "999", ""])
def test_an_address_that_names_no_conversation_opens_none(desk, chosen):
    answer = refresh(desk, "/queue", f"&c={chosen}", shown="1")
    assert "Choose a conversation" in region(answer, "panel-head")
    assert region(answer, "panel-actions") == region(answer, "panel-thread") == "[]"


def test_nothing_of_another_workspace_is_opened(database, desk):
    key = add_conversation(database, add_workspace(database, "south"), text="a secret of the south")
    for answer in (refresh(desk, "/queue", f"&c={key}"), refresh(desk, f"/conversation/{key}")):
        assert "secret" not in answer.text
        assert said(answer) == "There is no such thing here, or you have no role in its workspace."


@pytest.mark.parametrize("path", ["/accounts", "/conversation/x", "/nope"])
def test_news_elsewhere_draws_no_conversation(desk, path):
    assert refresh(desk, path).status_code == 204


def test_a_claim_on_a_busy_database_says_so_and_leaves_it_free(database, north, ann, while_others_write):
    key = add_conversation(database, north)
    ann.open(f"/conversation/{key}?workspace=north")
    with while_others_write():
        answer = press(ann, button("claim", key))
        assert ann.get(f"/conversation/{key}?workspace=north").status_code == 200
    busy = "The database is busy, so nothing was changed. Please try again in a moment."
    assert answer.json["sideUpdate"]["notice"]["children"] == busy
    with database.read() as db:
        assert db.get(Conversation, key).holder_id is None
