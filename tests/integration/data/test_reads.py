"""When our own posts were last read to their end, as X tells it and intake keeps it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.outbox import OwnRead
from models.posts import Kind
from tests.outbox import Desk
from tests.rows import open_database


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


def test_the_two_latest_readings_of_each_kind_are_kept(desk):
    begun = desk.clock()
    for _ in range(3):
        desk.polled(read=(Kind.PUBLIC,))
        desk.clock.pass_by(minutes=1)
    desk.polled(read=(Kind.PRIVATE,))
    kept = {one.kind: (one.previous, one.latest) for one in desk.all(select(OwnRead))}
    minute = timedelta(minutes=1)
    assert kept == {"public": (begun + minute, begun + 2 * minute), "private": (None, begun + 3 * minute)}


def test_a_reading_told_again_or_late_moves_nothing_back(desk):
    desk.clock.pass_by(minutes=1)
    desk.polled()
    latest = desk.clock()
    desk.clock.pass_by(minutes=-1)
    desk.polled()
    assert [(one.previous, one.latest) for one in desk.all(select(OwnRead))] == [(None, latest)]
