"""Sends against a network that takes and does not say so, says no, falls silent, limits; and senders killed on the way."""

import os
import random
import signal
import traceback
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select

from data.audit import change
from data.channels import connect
from data.channels.contract import OutcomeUnknown
from data.clock import utc_now
from data.desk import claim
from data.intake import AccountFacts, take
from data.outbox import queue_reply
from data.reconciling import reconcile
from data.sending import send_one
from models.audit import COMMAND
from models.conversation import Contact, Conversation, Message
from models.outbox import Outgoing
from models.posts import Author, Batch, Direction, Kind, Post
from models.problems import DatabaseBusy
from models.workspace import Account
from tests.integration.data.channels.conftest import FOUR_KEYS
from tests.ledger_server import FIRST_CONTACT, FIRST_PARENT, NUMBER, ledger_of, ledger_server
from tests.rows import add_member, add_workspace, open_database, scope_of
from tests.x_server import ME

SENDS, WORKERS, PER_CONVERSATION = 2_000, 3, 20
FATES = {
    "dropped": 10, "rejected": 10, "late": 5, "lost": 5, "limited": 10,
    "killed_first": 2.5, "killed_before": 2.5, "killed_after": 2.5, "killed_last": 2.5, "taken": 50,
}  # fmt: skip
"""In percent. A killed sender dies before its call, in it (before or after the network took the reply), or after it."""


class Mortal:
    """The connector to X in a sender that may be killed before and after its call."""

    def __init__(self, connector):
        self.connector = connector

    def send(self, reply):
        fate = NUMBER.search(reply.text)[2]
        if fate == "killed_first":
            os.kill(os.getpid(), signal.SIGKILL)
        receipt = self.connector.send(reply)
        if fate == "killed_last":
            os.kill(os.getpid(), signal.SIGKILL)
        return receipt


class Retrying(Mortal):
    """The planted bug: what timed out is sent again."""

    def send(self, reply):
        try:
            return super().send(reply)
        except OutcomeUnknown:
            return super().send(reply)


class Room:
    """A control room with everything to send, its senders as processes, and its poller."""

    def __init__(self, url, base, fates, connector=Mortal):
        self.base, self.connector, self.fates = base, connector, fates
        self.database = open_database(url)
        self.cursor, self.kills, self.ahead = None, 0, timedelta(0)
        self.workspace = add_workspace(self.database)
        self.ann = scope_of(self.workspace, add_member(self.database, self.workspace, "ann", "Operator"))
        self.account = self._account()
        self._hand_in(self._conversations(-(-len(fates) // PER_CONVERSATION)))

    def clock(self):
        return utc_now() + self.ahead

    def _account(self):
        with change(self.database, self.workspace, COMMAND, utc_now()) as c:
            row = Account(
                workspace_id=self.workspace, channel="x", connector="x", handle="northshire", created=utc_now(),
                audit_id=c.audit_id,
            )  # fmt: skip
            c.db.add(row)
            c.db.flush()
            c.state("create", "account", row.id)
        return AccountFacts(self.workspace, row.id, "x")

    def _conversations(self, number):
        sent = utc_now() - timedelta(hours=1)
        posts = [
            Post(
                str(FIRST_PARENT + n), sent, f"Is anybody there, {n}?", Kind.PUBLIC, Direction.IN,
                contact=Author(str(FIRST_CONTACT + n), f"c{FIRST_CONTACT + n}", f"Contact {n}"),
            )
            for n in range(number)
        ]  # fmt: skip
        take(self.database, self.account, Batch(tuple(posts), ""), utc_now(), utc_now, polled=False)
        with self.database.read() as db:
            order = select(Conversation.id).join(Contact, Contact.id == Conversation.contact_id)
            keys = list(db.scalars(order.order_by(Contact.network_id)))
        for key in keys:
            claim(self.database, self.ann, key, utc_now())
        return keys

    def _hand_in(self, conversations):
        handed_in = utc_now() - timedelta(minutes=1)
        for number, fate in enumerate(self.fates):
            text = f"Answer {number}: {fate}. See https://northshire.example.uk/{number} & keep <safe>"
            kind = Kind.PRIVATE if number % 10 == 9 else Kind.PUBLIC
            conversation = conversations[number // PER_CONVERSATION]
            queue_reply(self.database, self.ann, conversation, text, kind, handed_in)

    def x(self, process, read_timeout=0.3):
        given = {"base_url": f"{self.base}/{process}", "user_id": ME, "read_timeout": read_timeout}
        return connect("x", handle="northshire", settings=given, credentials=FOUR_KEYS, clock=self.clock)

    def send_all(self):
        """Senders until nothing is ready; one that was killed is followed by another."""
        self.x(os.getpid())  # what a connector imports is there before the fork, and not once more in each sender
        self.database.close()
        running = {self._fork() for _ in range(WORKERS)}
        while running:
            child, status = os.waitpid(-1, 0)
            if child not in running:
                continue
            running.discard(child)
            if os.WIFSIGNALED(status):
                self.kills += 1
                running.add(self._fork())
            else:
                assert status == 0

    def _fork(self):
        child = os.fork()
        if child:
            return child
        status = 1
        try:
            # The parent's database, which has no connection open here: what it has compiled stays warm.
            self._send_ready(self.connector(self.x(os.getpid())))
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _send_ready(self, connector):
        """As the schedule does it: a run that the database had no time for comes round again."""
        sent = True
        while sent:
            try:
                sent = send_one(self.database, lambda _account: connector, self.clock, random.random)
            except DatabaseBusy:
                sent = True

    def poll(self):
        connector, more = self.x(os.getpid(), read_timeout=20), True
        while more:
            batch = connector.fetch(self.cursor)
            take(self.database, self.account, batch, self.clock(), self.clock)
            self.cursor, more = batch.cursor, batch.more

    def replies(self):
        with self.database.read() as db:
            return list(db.scalars(select(Outgoing)))

    def messages(self):
        with self.database.read() as db:
            return list(db.scalars(select(Message).where(Message.direction == Direction.OUT)))


def deal(sends):
    fates = [fate for fate, percent in FATES.items() for _ in range(round(sends * percent / 100))]
    random.Random(6).shuffle(fates)
    return fates


def live_through(room, may_resend):
    """Everything is sent, limited ones wait a minute, the silent expire, two polls read our timeline, and again later."""
    room.send_all()
    room.ahead = timedelta(minutes=1)
    room.send_all()
    for minutes in (4, 5, 16, 17):
        room.ahead = timedelta(minutes=minutes)
        reconcile(room.database, room.clock(), may_resend)
        room.poll()
        reconcile(room.database, room.clock(), may_resend)
    room.send_all()


def breaches(room):
    """What the network's ledger and ours disagree on, in words; nothing where each reply stands there at most once."""
    ledger = ledger_of(room.base)
    times = Counter(number for number, _ in ledger)
    ids = dict(ledger)
    found = [f"answer {number} stands {count} times" for number, count in times.items() if count > 1]
    stored = Counter(one.network_id for one in room.messages())
    for reply in room.replies():
        number = int(NUMBER.search(reply.text)[1])
        if (reply.state == "sent") != (times[number] == 1):
            found.append(f"answer {number} is {reply.state} and stands {times[number]} times")
        if reply.state == "sent" and reply.network_id != ids[number]:
            found.append(f"answer {number} is known by the name of another")
    found += [f"post {name} is stored {count} times" for name, count in stored.items() if count > 1]
    if set(stored) != set(ids.values()):
        found.append("what is stored is not what was sent")
    return found


@pytest.fixture
def room_of(database_url):
    """A room with so many replies to send, and the network's server; all of it ends with the test."""
    with ExitStack() as ending:

        def make(fates, connector=Mortal):
            room = Room(database_url, ending.enter_context(ledger_server()), fates, connector)
            ending.callback(room.database.close)
            return room

        yield make


@pytest.mark.parametrize("may_resend", [False, True], ids=["a person decides", "the policy sends again"])
def test_every_reply_stands_in_the_ledger_at_most_once_and_is_sent_if_and_only_if_it_does(room_of, rounds, may_resend):
    sends = rounds(SENDS)
    room = room_of(deal(sends if sends == SENDS else sends // 2))
    live_through(room, lambda _workspace: may_resend)
    assert breaches(room) == []
    fates = Counter(room.fates)
    assert room.kills == sum(number for fate, number in fates.items() if fate.startswith("killed"))
    states = Counter(reply.state for reply in room.replies())
    assert set(states) == {"sent", "rejected", "needs a person"}
    unsent = fates["killed_first"] + fates["killed_before"] + (0 if may_resend else fates["lost"])
    assert states["needs a person"] >= unsent
    assert states["sent"] <= len(room.fates) - unsent - states["rejected"]
    credited = {one.user_id for one in room.messages()}
    assert credited == {room.ann.user_id}


def test_sending_again_after_a_time_out_would_be_caught(room_of):
    room = room_of(["dropped", "taken"] * 5, Retrying)
    room.send_all()
    assert any("times" in line for line in breaches(room))
    assert any("stands 2 times" in line for line in breaches(room))
