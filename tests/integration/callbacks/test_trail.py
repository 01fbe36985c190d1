"""One conversation's trail as a page."""

import pytest

from tests.rows import add_conversation, add_member, add_workspace
from tests.visits import Visitor


@pytest.fixture
def joy(server, database, north):
    add_member(database, north, "joy", "Supervisor")
    visitor = Visitor(server)
    visitor.sign_in("joy")
    return visitor


def drawn(visitor, path, search="?workspace=north"):
    return visitor.call(
        {
            "output": "..page.children...page.data-drawn..",
            "outputs": [{"id": "page", "property": "children"}, {"id": "page", "property": "data-drawn"}],
            "inputs": [{"id": "url", "property": "pathname", "value": path}],
            "state": [
                {"id": "url", "property": "search", "value": search},
                {"id": "page", "property": "data-drawn", "value": None},
                {"id": "url", "property": "search", "value": search},
            ],
            "changedPropIds": ["url.pathname"],
        }
    ).text


def test_a_supervisor_reads_what_happened(joy, database, north):
    key = add_conversation(database, north)
    joy.open(f"/trail/{key}?workspace=north")
    said = drawn(joy, f"/trail/{key}")
    assert "A message of the contact arrived" in said
    assert f"Everything on the record of conversation {key}" in said
    assert "Monday 23 November 2026" in said
    assert "Nothing later" in drawn(joy, f"/trail/{key}", "?workspace=north&after=999999")


def test_it_is_nobody_elses(joy, server, database, north, ann):
    key = add_conversation(database, north)
    assert ann.get(f"/trail/{key}?workspace=north").status_code == 403
    south = add_workspace(database, "south")
    foreign = add_conversation(database, south)
    joy.open(f"/trail/{key}?workspace=north")
    assert "Everything on the record" not in drawn(joy, f"/trail/{foreign}")
    assert joy.get("/trail?workspace=north").status_code == 404
    assert joy.get("/trail/x?workspace=north").status_code == 404
    assert Visitor(server).get(f"/trail/{key}?workspace=north").status_code == 302
