"""Replies really leave: the outbox as the elected process runs it, from handing in to the contact's turn being answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import delivery
from data.accounts import NewAccount, add_account
from data.audit import change
from data.channels.contract import OutcomeUnknown
from data.clock import utc_now
from data.credentials import CredentialsBox
from data.delivery import Sender
from data.desk import claim
from data.outbox import queue_reply
from data.polling import Pollers
from models.audit import COMMAND
from models.conversation import Conversation, Message, Turn
from models.outbox import UNDO, Outgoing
from models.posts import Kind
from models.workspace import Account
from tests.fakes import wait_until
from tests.outbox import ANSWER, Desk
from tests.rows import add_conversation, add_member, add_workspace, open_database, scope_of

BOX = CredentialsBox("k" * 32)


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def desk(database):
    return Desk(database)


def aim(database, workspace, path):
    """Every account replays an empty file."""
    path.write_text("")
    with change(database, workspace, COMMAND, utc_now()) as c:
        for account in c.db.scalars(select(Account)):
            account.settings = {"path": str(path), "format": "jsonl"}
        c.state("account.settings", "account")


def test_a_reply_leaves_by_itself_and_its_turn_is_answered(database, tmp_path):
    workspace = add_workspace(database, at=utc_now())
    handed_in = utc_now() - UNDO
    conversation = add_conversation(database, workspace, handed_in - timedelta(minutes=5))
    ann = scope_of(workspace, add_member(database, workspace, "ann", "Operator"))
    aim(database, workspace, tmp_path / "posts.jsonl")
    claim(database, ann, conversation, handed_in)
    key = queue_reply(database, ann, conversation, ANSWER, Kind.PUBLIC, handed_in)
    pollers = Pollers(database, utc_now, BOX, chores=delivery.chores(database, utc_now, BOX))
    pollers.start()

    def sent():
        with database.read() as db:
            return db.get(Outgoing, key).state == "sent"

    try:
        assert wait_until(sent)
        assert {"send-1", "send-2", "send-3", "reconcile"} <= pollers.jobs
    finally:
        pollers.stop()
    with database.read() as db:
        home = db.get(Conversation, conversation)
        assert (home.state, home.since, home.holder_id) == ("waiting for the contact", None, ann.user_id)
        assert db.scalars(select(Turn.replied_by)).one() == ann.user_id
        assert db.scalars(select(Message.text).where(Message.direction == "out")).one() == ANSWER


def sender(desk):
    return Sender(desk.database, desk.clock, BOX, connect=lambda _name, **_facts: desk.ledger, chance=lambda: 0.0)


def test_a_sender_goes_on_until_nothing_is_ready(desk):
    for number in range(3):
        desk.hand_in(f"{ANSWER} {number}")
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    assert sender(desk).send_ready() == 3
    assert [one.text for one in desk.ledger.taken] == [f"{ANSWER} {number}" for number in range(3)]
    assert sender(desk).send_ready() == 0


def test_a_sender_begins_nothing_more_after_its_spell(desk, monkeypatch):
    for number in range(3):
        desk.hand_in(f"{ANSWER} {number}")
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    times = iter([0.0, 0.0, delivery.SPELL.total_seconds()])
    monkeypatch.setattr(delivery, "monotonic", lambda: next(times))
    assert sender(desk).send_ready() == 1


def test_what_is_handed_in_waits_out_its_undo(desk):
    desk.hand_in()
    assert sender(desk).send_ready() == 0


def test_a_connector_is_made_anew_where_its_account_was_changed(desk):
    made = []

    def connect(name, **facts):
        made.append((name, facts["settings"]))
        return desk.ledger

    one = Sender(desk.database, desk.clock, BOX, connect=connect, chance=lambda: 0.0)
    for number in range(3):
        desk.hand_in(f"{ANSWER} {number}")
        desk.clock.pass_by(seconds=UNDO.total_seconds())
        if number == 2:
            with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
                c.db.scalars(select(Account)).one().settings = {"path": "elsewhere"}
                c.state("account.settings", "account")
        assert one.send_ready() == 1
    assert made == [("replay", {}), ("replay", {"path": "elsewhere"})]


def test_a_reply_in_doubt_is_looked_for(desk):
    key, outcome = desk.hand_in_and_send(OutcomeUnknown("the line broke"))
    assert outcome == "unknown"
    desk.clock.pass_by(minutes=31)
    delivery.chores(desk.database, desk.clock, BOX)[-1][2]()
    assert desk.reply(key).state == "needs a person"


def test_credentials_under_another_key_refuse_the_reply_and_say_why(desk):
    other = CredentialsBox("z" * 32)
    new = NewAccount("x", "locked", credentials={"bearer_token": "b"})
    add_account(desk.database, other, desk.workspace, new, desk.clock, COMMAND)
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        home, locked = c.db.scalars(select(Account).order_by(Account.id)).all()
        home.credentials = locked.credentials
        c.state("account.credentials", "account", home.id)
    key = desk.hand_in()
    desk.clock.pass_by(seconds=UNDO.total_seconds())
    assert sender(desk).send_ready() == 1
    assert desk.reply(key).state == "rejected"
    assert "enter them again" in desk.reply(key).reason
