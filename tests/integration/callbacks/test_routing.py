"""The router: what stands at an address, for whoever looks at it."""

import json

import pytest

from data.kiosks import create_kiosk
from data.people import withdraw
from models.audit import COMMAND
from tests.rows import NOW, add_conversation, add_member, add_workspace, mark_demonstration
from tests.visits import Visitor


def ask(visitor, path, search, before=None):
    body = {
        "output": "..page.children...page.data-drawn..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "page", "property": "data-drawn"}],
        "inputs": [{"id": "url", "property": "pathname", "value": path}],
        "state": [
            {"id": "url", "property": "search", "value": search},
            {"id": "page", "property": "data-drawn", "value": before},
            {"id": "url", "property": "search", "value": search},
        ],
        "changedPropIds": ["url.pathname"],
    }
    return visitor.call(body)


def drawn(visitor, path, search="?workspace=north"):
    """What the router draws at an address, as the text of its JSON."""
    answer = ask(visitor, path, search)
    assert answer.status_code == 200, answer.text
    return json.dumps(answer.json, ensure_ascii=False, separators=(",", ":"))


@pytest.fixture
def desk(ann):
    return ann.open("/queue?workspace=north")


@pytest.mark.parametrize("board", ["main", "hours", "response"])
def test_a_board_stands_at_its_address(desk, board):
    assert f'"data-board":"{board}"' in drawn(desk, f"/wallboard/{board}")


def test_the_wallboards_own_address_is_the_main_board(desk):
    assert '"data-board":"main"' in drawn(desk, "/wallboard")


def test_the_bar_names_the_person_the_workspace_and_their_pages(desk):
    page = drawn(desk, "/wallboard/main")
    for part in ('"Ann"', '"North"', "/queue?workspace=north", "/accounts?workspace=north", '"aria-current":"page"'):
        assert part in page
    assert "Demonstration" not in page


def test_a_demonstration_says_so_on_every_page(database, desk):
    mark_demonstration(database)
    assert "Demonstration: every message here is invented." in drawn(desk, "/wallboard/main")


@pytest.mark.parametrize("path", ["/nope", "/wallboard/secret", "/conversation/x", ""])
def test_an_address_without_a_page_says_so(desk, path):
    assert "There is nothing at this address" in drawn(desk, path)


def test_a_page_that_a_role_does_not_open_says_so(server, database, north):
    add_member(database, north, "ana", "Analyst")
    visitor = Visitor(server)
    visitor.sign_in("ana")
    visitor.open("/wallboard/main?workspace=north")
    page = drawn(visitor, "/queue")
    assert "You may not open Queue here" in page
    assert "/queue?workspace=north" not in page


def test_another_workspace_is_nothing_at_all(database, desk):
    add_conversation(database, add_workspace(database, "south"), text="a secret of the south")
    for path in ("/queue", "/wallboard/main", "/conversation/1", "/accounts"):
        page = drawn(desk, path, "?workspace=south")
        assert "There is nothing at this address" in page
        assert "secret" not in page
        assert "South" not in page


def test_a_conversation_of_another_workspace_is_not_found(database, north, desk):
    key = add_conversation(database, add_workspace(database, "south"), text="a secret of the south")
    page = drawn(desk, f"/conversation/{key}")
    assert "There is nothing at this address" in page
    assert "secret" not in page


def test_somebody_who_lost_their_last_role_sees_nothing(database, north, desk):
    withdraw(database, north, 1, "Operator", NOW, COMMAND)
    assert "There is nothing at this address" in drawn(desk, "/queue", "")


def test_a_kiosk_sees_its_board_without_a_bar_of_pages(database, north, visitor):
    add_conversation(database, north, text="a contact's own words")
    visitor.open(f"/kiosk/{create_kiosk(database, north, 'Duty desk', 'main', NOW, COMMAND)}")
    page = drawn(visitor, "/wallboard/main")
    assert '"data-board":"main"' in page
    for part in ("Sign out", '"href":"/queue', "own words", "Neighbour", "neighbour"):
        assert part not in page
    assert "You may not open Queue here" in drawn(visitor, "/queue")


def test_the_page_is_in_the_theme_of_the_person(database, ann):
    assert 'data-theme="dark"' in ann.get("/wallboard/main?workspace=north").text


def test_a_page_that_stands_already_is_not_drawn_again(desk):
    first = ask(desk, "/queue", "?workspace=north")
    before = first.json["response"]["page"]["data-drawn"]
    assert ask(desk, "/queue", "?workspace=north&view=mine", before).status_code == 204
    assert ask(desk, "/accounts", "?workspace=north", before).status_code == 200


def layout(visitor, referrer):
    answer = visitor.get("/_dash-layout", Referer=referrer)
    assert answer.status_code == 200
    return json.dumps(answer.json, ensure_ascii=False, separators=(",", ":"))


def test_the_first_answer_holds_the_page_of_who_asks(database, north, desk):
    add_conversation(database, north, text="A tree is down on Mill Road")
    page = layout(desk, "http://localhost/queue?workspace=north&view=nobody")
    assert "A tree is down on Mill Road" in page
    assert '"data-drawn":"/queue?north"' in page
    assert ask(desk, "/queue", "?workspace=north", before="/queue?north").status_code == 204


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "http://elsewhere.example/queue?workspace=north",
        "http://localhost/nowhere",
        "http://localhost/conversation/999?workspace=north",
        "http://localhost/queue?workspace=north&c=999",
    ],
)
def test_where_that_says_nothing_the_router_draws(database, north, desk, referrer):
    add_conversation(database, north, text="A tree is down on Mill Road")
    page = layout(desk, referrer)
    assert "A tree is down" not in page
    assert '"id":"page"' in page


def test_the_first_answer_holds_nothing_of_a_workspace_one_is_not_in(database, desk):
    add_conversation(database, add_workspace(database, "south"), text="a secret of the south")
    assert "secret" not in layout(desk, "http://localhost/queue?workspace=south")


def test_a_kiosks_first_answer_holds_no_queue(database, north, server):
    token = create_kiosk(database, north, "Wall", "main", NOW, COMMAND)
    add_conversation(database, north, text="a secret of the desk")
    wall = Visitor(server)
    wall.get(f"/kiosk/{token}")
    assert "secret" not in layout(wall, "http://localhost/queue?workspace=north")
    assert '"data-board":"main"' in layout(wall, "http://localhost/wallboard/main?workspace=north")
