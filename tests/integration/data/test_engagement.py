"""How our own posts fare: asked in time, within the budget, kept and never overwritten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.channels.contract import Refused
from data.credentials import CredentialsBox
from data.engagement import MOST, chores, due_posts, read_all
from data.polls import followed
from models.conversation import Message
from models.engagement import PostFigures
from models.posts import Engagement
from models.workspace import AccountPoll
from tests.fakes import NOON, SetClock
from tests.histories import History, message
from tests.rows import open_database

HOUR = timedelta(hours=1)


class Told:
    """A network that says the same of every post but ``silent`` ones, and keeps what it was asked."""

    def __init__(self, silent=(), failure=None, **figures):
        self.silent, self.failure, self.figures, self.asked = silent, failure, figures, []

    def engagement(self, network_ids):
        self.asked.append(list(network_ids))
        if self.failure:
            raise self.failure
        return {one: Engagement(one, self.figures) for one in network_ids if one not in self.silent}


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return History(database)


def ours(history, account, number, sent, **values):
    facts = message(number, account, sent) | {"direction": "out", **values}
    return history.add(Message, **facts)


def readings(database):
    with database.read() as db:
        rows = db.scalars(select(PostFigures).order_by(PostFigures.id))
        return [(row.message_id, row.taken, row.likes, row.impressions) for row in rows]


def test_our_public_posts_are_read_in_time_and_every_reading_is_kept(database, north):
    account = north.account()
    young = ours(north, account, 901, NOON - HOUR)
    week = ours(north, account, 902, NOON - timedelta(days=5))
    ours(north, account, 903, NOON - timedelta(days=31))
    ours(north, account, 904, NOON - HOUR, kind="private")
    ours(north, account, 905, NOON - HOUR, deleted=NOON)
    north.messages([account], [NOON - HOUR])
    clock, network = SetClock(NOON), Told(silent=("902",), likes=4, video_views=-1)
    assert read_all(database, lambda _: network, clock) == 2
    assert network.asked == [["901", "902"]]
    clock.pass_by(minutes=5)
    assert read_all(database, lambda _: network, clock) == 0
    clock.pass_by(minutes=10)
    network.figures = {"likes": 3}
    assert read_all(database, lambda _: network, clock) == 1
    later = NOON + timedelta(minutes=15)
    assert readings(database) == [(young, NOON, 4, None), (week, NOON, None, None), (young, later, 3, None)]


def test_counting_stops_before_listening_does(database, north):
    account = north.account(read_budget=100)
    north.poll(account, month="2026-11", reads=79)
    for number in range(5):
        ours(north, account, number, NOON - HOUR)
    network = Told(likes=1)
    assert read_all(database, lambda _: network, SetClock(NOON)) == 1
    with database.read() as db:
        assert db.get(AccountPoll, (north.id, account)).reads == 80
    assert read_all(database, lambda _: network, SetClock(NOON + HOUR)) == 0
    north_december = SetClock(NOON + timedelta(days=10))
    assert len(due_posts(database, followed(database)[0], north_december())) == 5


def test_one_question_is_about_as_many_posts_as_a_network_takes(database, north):
    account = north.account()
    with north.at_once():
        for number in range(MOST + 5):
            ours(north, account, number, NOON - HOUR)
    network = Told(likes=1)
    assert read_all(database, lambda _: network, SetClock(NOON)) == MOST
    assert read_all(database, lambda _: network, SetClock(NOON)) == 5


def test_a_network_that_fails_or_gives_nothing_holds_up_no_other(database, north):
    silent, refused, well = (north.account(handle=f"@{name}") for name in ("silent", "refused", "well"))
    for number, account in enumerate((silent, refused, well)):
        ours(north, account, number, NOON - HOUR)
    networks = {silent: Told(silent=("0",)), refused: Told(failure=Refused("no")), well: Told(likes=2)}
    assert read_all(database, lambda account: networks[account.id], SetClock(NOON)) == 1
    assert [likes for _, _, likes, _ in readings(database)] == [2]


def test_the_elected_process_reads_every_few_minutes(database, north):
    ((name, every, work),) = chores(database, SetClock(NOON), CredentialsBox("k" * 32))
    work()
    assert (name, every) == ("engagement", timedelta(minutes=5))
