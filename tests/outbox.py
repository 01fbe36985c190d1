"""What tests of the outbox share: an answered-for conversation, a network that answers as told, and pollers' findings."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from data.desk import claim
from data.intake import AccountFacts, take
from data.outbox import queue_reply
from data.sending import send_one
from models.conversation import Contact, Conversation, Message
from models.outbox import UNDO, Outgoing
from models.posts import Author, Batch, Direction, Kind, Post, Receipt
from models.workspace import Account
from tests.fakes import SetClock
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of

ANSWER = "We are on our way"


class Ledger:
    """A network that keeps what it took, and answers each send as it was told: an exception, or a receipt."""

    def __init__(self, clock, *answers):
        self.clock, self.answers, self.taken, self.asked = clock, list(answers), [], []

    def __call__(self, account):
        self.asked.append(account)
        return self

    def send(self, reply):
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            answer = answer(reply)
        if isinstance(answer, BaseException):
            raise answer
        self.taken.append(reply)
        return answer or Receipt(f"9{len(self.taken):03}", self.clock())


class Desk:
    """One conversation that Ann holds, a clock, and everything that happens to her reply."""

    def __init__(self, database):
        self.database = database
        self.clock = SetClock(NOW + timedelta(minutes=5))
        self.workspace = add_workspace(database)
        self.conversation = add_conversation(database, self.workspace)
        self.ann = self.colleague("ann")
        claim(database, self.ann, self.conversation, self.clock())
        self.ledger = Ledger(self.clock)

    def colleague(self, name, role="Operator"):
        return scope_of(self.workspace, add_member(self.database, self.workspace, name, role), role)

    def hand_in(self, text=ANSWER, kind=Kind.PUBLIC, **facts):
        return queue_reply(self.database, self.ann, self.conversation, text, kind, self.clock(), **facts)

    def send(self, *answers):
        self.ledger.answers += answers
        return send_one(self.database, self.ledger, self.clock, lambda: 0.0)

    def hand_in_and_send(self, *answers):
        key = self.hand_in()
        self.clock.pass_by(seconds=UNDO.total_seconds())
        return key, self.send(*answers)

    def reply(self, key):
        return self.one(select(Outgoing).where(Outgoing.id == key))

    def one(self, statement):
        with self.database.read() as db:
            return db.scalars(statement).one()

    def all(self, statement):
        with self.database.read() as db:
            return list(db.scalars(statement))

    @property
    def account(self):
        home = self.one(select(Conversation).where(Conversation.id == self.conversation))
        found = self.one(select(Account).where(Account.id == home.account_id))
        return AccountFacts(self.workspace, found.id, found.channel)

    def ours(self, network_id="9001", text=f"@neighbour {ANSWER}", **facts):
        """A post of ours as a poller finds it."""
        home = self.one(select(Conversation).where(Conversation.id == self.conversation))
        who = self.one(select(Contact).where(Contact.id == home.contact_id))
        made = Post(
            network_id=network_id, sent=self.clock(), text=text, kind=Kind.PUBLIC, direction=Direction.OUT,
            contact=Author(who.network_id, who.handle, who.name, who.followers), parent_id=f"m{self.conversation}",
        )  # fmt: skip
        return replace(made, **facts)

    def polled(self, *posts, read=(Kind.PUBLIC,)):
        """A poll that reads our own posts to their end."""
        batch = Batch(posts, "next", ours_read=dict.fromkeys(read, self.clock()))
        return take(self.database, self.account, batch, self.clock(), self.clock)

    def messages(self):
        return self.all(select(Message).where(Message.direction == Direction.OUT))
