"""No reply leaves after a lockdown: senders race with it, over and over."""

import threading
from datetime import timedelta

import pytest

from data import sending
from data.lockdowns import begin_lockdown, end_lockdown, settle, under_way
from data.sending import send_one
from models.lockdown import OwnLockdown
from models.outbox import UNDO, OutgoingState
from models.posts import Receipt
from models.problems import BadValue, NotFound
from tests.outbox import Desk
from tests.rows import add_conversation, add_workspace, open_database

HOUR = timedelta(hours=1)
SENDERS = 3
REPLIES = 12


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    made = Desk(database)
    made.tom, made.gwen = made.colleague("tom", "Administrator"), made.colleague("gwen", "Administrator")
    yield made
    database.close()


class Network:
    """Notes every call when it begins, and answers once the lockdown stands: else SQLite's one writer would be the senders."""

    def __init__(self, clock):
        self.clock, self.begun, self.busy, self.go = clock, [], threading.Event(), threading.Event()

    def __call__(self, _account):
        return self

    def send(self, reply):
        self.begun.append(reply.text)
        self.busy.set()
        self.go.wait(20)
        return Receipt(f"8{reply.attempt_id}", self.clock())


def calls_after_lockdown(desk, name):
    """How many calls begin after a lockdown, but for those taken before it; after it has settled, not even those."""
    for number in range(REPLIES):
        desk.hand_in(f"{name} {number}")
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    network, over = Network(desk.clock), threading.Event()

    def send_all():
        tries_left = 10
        while tries_left:
            if send_one(desk.database, network, desk.clock, lambda: 0.0) is None and over.is_set():
                tries_left -= 1

    senders = [threading.Thread(target=send_all) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    network.busy.wait(20)
    (key,) = begin_lockdown(desk.database, desk.tom, None, HOUR, "fire drill", desk.clock())
    network.go.set()
    begun, moving = len(network.begun), under_way(desk.database, desk.workspace, desk.clock())
    assert settle(desk.database, desk.tom, desk.clock, timedelta(seconds=30)) == 0
    before = len(network.begun)
    over.set()
    for sender in senders:
        sender.join(60)
    late = len(network.begun) - before
    return max(late, len(network.begun) - begun - moving), key


def test_no_call_begins_after_a_lockdown(desk, rounds):
    for number in range(rounds(30)):
        late, key = calls_after_lockdown(desk, f"round {number}")
        assert late == 0
        end_lockdown(desk.database, desk.gwen, key, desk.clock())
        desk.clock.pass_by(seconds=60)
        while send_one(desk.database, desk.ledger, desk.clock, lambda: 0.0):
            pass


def test_a_sender_that_does_not_look_is_caught(desk, monkeypatch):
    monkeypatch.setattr(sending, "is_held_back", lambda *_: False)
    monkeypatch.setattr(sending, "held_back", lambda *_: sending.Outgoing.id.is_(None))
    late, _ = calls_after_lockdown(desk, "planted")
    assert late > 0


def test_a_reply_taken_before_is_put_back_if_its_call_has_not_begun(desk, monkeypatch):
    key = desk.hand_in()
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    taken = sending.claim_next(desk.database, desk.clock())
    assert under_way(desk.database, desk.workspace, desk.clock()) == 1
    begin_lockdown(desk.database, desk.tom, None, HOUR, "fire drill", desk.clock())
    assert settle(desk.database, desk.tom, desk.clock, timedelta(0)) == 1
    monkeypatch.setattr(sending, "claim_next", lambda *_: taken)
    assert desk.send() == "put back"
    assert (desk.reply(key).state, desk.ledger.taken) == (OutgoingState.QUEUED, [])


def test_a_lockdown_ends_by_itself_and_earlier_by_a_second_person(desk):
    key = desk.hand_in()
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    (held,) = begin_lockdown(desk.database, desk.tom, {desk.account.id}, HOUR, "fire drill", desk.clock())
    assert desk.send() is None
    with pytest.raises(OwnLockdown):
        end_lockdown(desk.database, desk.tom, held, desk.clock())
    end_lockdown(desk.database, desk.gwen, held, desk.clock())
    with pytest.raises(NotFound):
        end_lockdown(desk.database, desk.gwen, held, desk.clock())
    begin_lockdown(desk.database, desk.tom, None, HOUR, "again", desk.clock())
    assert desk.send() is None
    desk.clock.pass_by(seconds=HOUR.total_seconds())
    assert desk.send() == "sent"
    assert desk.reply(key).state == OutgoingState.SENT


def test_a_lockdown_of_one_account_leaves_the_others_alone(desk):
    other = add_conversation(desk.database, desk.workspace)
    key = desk.hand_in()
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    account = desk.account.id + 1
    assert other
    begin_lockdown(desk.database, desk.tom, {account}, HOUR, "fire drill", desk.clock())
    assert desk.send() == "sent"
    assert desk.reply(key).state == OutgoingState.SENT


def test_what_a_lockdown_may_not_be(desk):
    south = add_workspace(desk.database, "south")
    add_conversation(desk.database, south)
    foreign = desk.account.id + 1
    for accounts, lasts, reason, problem in (
        (None, HOUR, " ", BadValue),
        (None, timedelta(), "x", BadValue),
        (None, HOUR * 100, "x", BadValue),
        (set(), HOUR, "x", BadValue),
        ({foreign}, HOUR, "x", NotFound),
    ):
        with pytest.raises(problem):
            begin_lockdown(desk.database, desk.tom, accounts, lasts, reason, desk.clock())
