"""Which addresses are pages."""

import pytest

from callbacks.places import fields_of, find, first_place
from models.permissions import BUILT_IN_ROLES, KIOSK_PERMISSIONS, Scope
from models.problems import NoRole


@pytest.mark.parametrize(
    ("path", "page", "rest"),
    [
        ("/queue", "queue", ""),
        ("/accounts", "accounts", ""),
        ("/wallboard", "wallboard", "main"),
        ("/wallboard/main", "wallboard", "main"),
        ("/wallboard/hours", "wallboard", "hours"),
        ("/conversation/12", "conversation", "12"),
    ],
)
def test_an_address_is_a_page(path, page, rest):
    place = find(path)
    assert (place.page.name, place.rest) == (page, rest)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/queue/",
        "/queue/1",
        "/wallboard/",
        "/wallboard/x",
        "/conversation",
        "/conversation/",
        "/conversation/1/2",
        "/conversation/-1",
        "/conversation/²",
        "/conversation/9999999999999999999",
        "/queues",
        "queue",
    ],
)
def test_any_other_address_is_none(path):
    assert find(path) is None


def start(permissions):
    return first_place(Scope(1, "north", frozenset(permissions)), "hours").path


def test_people_start_where_their_work_is():
    assert start(BUILT_IN_ROLES["Operator"]) == "/queue"
    assert start(BUILT_IN_ROLES["Analyst"]) == "/wallboard/hours"
    assert start(KIOSK_PERMISSIONS) == "/wallboard/hours"


def test_who_may_open_nothing_is_told_so():
    with pytest.raises(NoRole):
        start(())


def test_what_no_database_keeps_is_as_if_the_address_did_not_have_it():
    assert fields_of("?q=%00&who=all&user=\ud800&who=me&page=") == {"who": "all"}
    assert fields_of(None) == {}
