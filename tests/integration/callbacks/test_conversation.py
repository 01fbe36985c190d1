"""A conversation through its callbacks: drawn again by news, claimed and given back by its buttons."""

import json

import pytest
from sqlalchemy import select

from data.desk import claim
from models.conversation import Conversation
from tests.rows import NOW, add_conversation, add_member, scope_of
from tests.visits import Visitor


def press(visitor, action, key, clicks=1, workspace="north"):
    """Press the claim or the release button of a conversation."""
    dash = visitor.client.application.extensions["watchroom"].dash
    button = {"type": action, "id": key}
    name = next(
        entry["output"]
        for entry in dash._callback_list
        if any(action in json.dumps(part["id"]) and part["property"] == "n_clicks" for part in entry["inputs"])
    )
    outputs = [one.rsplit(".", 1) for one in name.strip(".").split("...")]
    return visitor.call(
        {
            "output": name,
            "outputs": [{"id": one, "property": prop} for one, prop in outputs],
            "inputs": [[{"id": button, "property": "n_clicks", "value": clicks}]],
            "state": [
                [{"id": button, "property": "id", "value": button}],
                {"id": "url", "property": "search", "value": f"?workspace={workspace}"},
            ],
            "changedPropIds": [json.dumps(button, sort_keys=True, separators=(",", ":")) + ".n_clicks"],
        }
    )


def news(visitor, path):
    return visitor.call(
        {
            "output": "conversation-panel.children",
            "outputs": {"id": "conversation-panel", "property": "children"},
            "inputs": [{"id": "live-queue", "property": "data", "value": {"revision": 9}}],
            "state": [
                {"id": "url", "property": "pathname", "value": path},
                {"id": "url", "property": "search", "value": "?workspace=north"},
            ],
            "changedPropIds": ["live-queue.data"],
        }
    )


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
    claimed = press(desk, "claim", conversation).json["response"]
    assert claimed["notice"]["children"] == "You are answering this conversation."
    assert claimed["live-queue"]["data"] == {"as_at": NOW.isoformat()}
    assert holder(database) == 1
    assert (
        press(desk, "release", conversation).json["response"]["notice"]["children"]
        == "You gave this conversation back."
    )
    assert holder(database) is None


def test_the_loser_reads_who_won(database, north, conversation, desk):
    bob = add_member(database, north, "bob", "Operator")
    claim(database, scope_of(north, bob), conversation, NOW)
    answer = press(desk, "claim", conversation)
    assert answer.json["sideUpdate"]["notice"]["children"] == "Bob is already answering this conversation."
    assert holder(database) == bob


def test_a_button_that_was_only_drawn_was_not_pressed(database, conversation, desk):
    assert press(desk, "claim", conversation, clicks=None).status_code == 204
    assert holder(database) is None


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_only_those_who_may_claim_do(server, database, north, conversation, role):
    add_member(database, north, "eve", role)
    visitor = Visitor(server)
    visitor.sign_in("eve")
    visitor.open("/wallboard/main?workspace=north")
    assert press(visitor, "claim", conversation).status_code == 403
    assert holder(database) is None


def test_news_draws_the_conversation_again(conversation, desk):
    assert "Read me whole" in news(desk, f"/conversation/{conversation}").text


@pytest.mark.parametrize("path", ["/queue", "/conversation/x", "/nope"])
def test_news_elsewhere_draws_no_conversation(desk, path):
    assert news(desk, path).status_code == 204


def test_a_claim_on_a_busy_database_says_so_and_leaves_it_free(database, north, ann, while_others_write):
    key = add_conversation(database, north)
    ann.open(f"/conversation/{key}?workspace=north")
    with while_others_write():
        answer = press(ann, "claim", key)
        assert ann.get(f"/conversation/{key}?workspace=north").status_code == 200
    said = "The database is busy, so nothing was changed. Please try again in a moment."
    assert answer.json["sideUpdate"]["notice"]["children"] == said
    with database.read() as db:
        assert db.get(Conversation, key).holder_id is None
