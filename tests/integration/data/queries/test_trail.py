"""One conversation's trail: its messages as they came and every event that speaks of it."""

from datetime import timedelta

import pytest

from data import desk
from data.queries import trail as trails
from data.queries.trail import trail
from models.problems import NotFound, NotPermitted
from models.snapshots import Arrived
from tests.rows import NOW, add_conversation, add_member, add_workspace, open_database, scope_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def home(database):
    return add_workspace(database)


@pytest.fixture
def key(database, home):
    user_id = add_member(database, home, "ann", "Operator")
    key = add_conversation(database, home)
    scope = scope_of(home, user_id)
    for number in range(1, 4):
        desk.claim(database, scope, key, NOW + number * timedelta(minutes=2))
        desk.release(database, scope, key, NOW + number * timedelta(minutes=2, seconds=20))
    add_conversation(database, home)
    return key


def told(found):
    return ["arrived" if isinstance(one, Arrived) else one.action for one in found.rows]


def test_it_is_told_in_the_order_of_time(database, home, key):
    found = trail(database, scope_of(home, 1, "Supervisor"), key, 0, LATER)
    assert told(found) == ["arrived", "store", *["claim", "release"] * 3]
    assert (found.contact, found.channel, found.later) == ("Neighbour", "x", None)


def test_a_long_one_is_read_a_page_at_a_time(database, home, key, monkeypatch):
    monkeypatch.setattr(trails, "PAGE", 3)
    scope, after, pages = scope_of(home, 1, "Supervisor"), 0, []
    while after is not None:
        found = trail(database, scope, key, after, LATER)
        pages.append(told(found))
        after = found.later
    assert pages == [["arrived", "store", "claim", "release"], ["claim", "release", "claim"], ["release"]]


def test_it_is_for_those_who_may_read_it_in_its_own_workspace(database, home, key):
    with pytest.raises(NotPermitted):
        trail(database, scope_of(home, 1, "Operator"), key, 0, LATER)
    other = add_workspace(database, "south")
    with pytest.raises(NotFound):
        trail(database, scope_of(other, 1, "Supervisor", "south"), key, 0, LATER)
    with pytest.raises(NotFound):
        trail(database, scope_of(home, 1, "Supervisor"), 999_999, 0, LATER)
