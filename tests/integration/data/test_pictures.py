"""One snapshot for all who look."""

import threading
from datetime import timedelta

import pytest

from data.audit import change
from data.pictures import Pictures
from models.audit import COMMAND
from models.problems import NotFound
from tests.rows import NOW, add_workspace, open_database


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class Snapshots:
    """Counts the snapshots that were made; a hold keeps one under way."""

    def __init__(self):
        self.made = []
        self.begun = threading.Event()
        self.hold = threading.Event()
        self.hold.set()

    def make(self, database, workspace_id, now):
        self.begun.set()
        self.hold.wait(10)
        self.made.append((workspace_id, now))
        return object()


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def snapshots():
    return Snapshots()


@pytest.fixture
def pictures(database, clock, snapshots):
    return Pictures(database, clock, {"main": snapshots.make, "hours": snapshots.make})


def test_all_who_look_within_five_seconds_see_one_snapshot(pictures, north, snapshots, clock):
    first = pictures.take("main", north)
    clock.now += timedelta(seconds=4.9)
    assert pictures.take("main", north) is first
    assert snapshots.made == [(north, NOW)]


def test_time_alone_makes_a_new_one(pictures, north, clock):
    first = pictures.take("main", north)
    clock.now += timedelta(seconds=5)
    assert pictures.take("main", north) is not first


def test_a_commit_makes_a_new_one(pictures, north, database):
    first = pictures.take("main", north)
    with change(database, north, COMMAND, NOW) as c:
        c.state("something done", "workspace", north)
    assert pictures.take("main", north) is not first


def test_boards_and_workspaces_have_their_own(pictures, north, database, snapshots):
    south = add_workspace(database, "south")
    seen = [pictures.take("main", north), pictures.take("hours", north), pictures.take("main", south)]
    assert len(set(map(id, seen))) == 3
    assert [workspace_id for workspace_id, _ in snapshots.made] == [north, north, south]


def test_of_many_who_ask_at_once_one_makes_it(pictures, north, snapshots):
    snapshots.hold.clear()
    found = []
    askers = [threading.Thread(target=lambda: found.append(pictures.take("main", north))) for _ in range(8)]
    for asker in askers:
        asker.start()
    assert snapshots.begun.wait(10)
    snapshots.hold.set()
    for asker in askers:
        asker.join(10)
    assert len(found) == 8
    assert len(set(map(id, found))) == len(snapshots.made) == 1


def test_there_is_no_picture_of_a_workspace_that_does_not_exist(pictures):
    with pytest.raises(NotFound):
        pictures.take("main", 999)
