"""What is looked at before a reply may go out, on the way in and with one's word for it on the record."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data.audit import change
from data.checks import OTHER_ACCOUNT
from data.outbox import approve
from data.reply_rules import block_word, create_template
from models.audit import COMMAND, AuditEvent
from models.conversation import Conversation, Message
from models.disclosure import Given
from models.outbox import Outgoing
from models.posts import Kind
from models.problems import BadValue, BlockedWords, NeedsConfirming, NotFound, WindowClosed
from models.workspace import Account
from tests.outbox import Desk
from tests.rows import add_conversation, add_workspace, open_database

NUMBER = "Ring her on 07700 900123"


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


def put(desk, **facts):
    """Set facts of the account and of the message."""
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        for entity in (Account, Message):
            told = {name: value for name, value in facts.items() if hasattr(entity, name)}
            if told:
                c.db.execute(
                    update(entity).where(entity.workspace_id == desk.workspace).values(audit_id=c.audit_id, **told)
                )
        c.state("test", "message")


def newest(desk):
    return desk.all(select(AuditEvent).where(AuditEvent.object == "outgoing").order_by(AuditEvent.id))[-1]


def test_a_personal_detail_goes_out_only_when_somebody_confirmed_it_and_that_is_kept(desk):
    with pytest.raises(NeedsConfirming) as asked:
        desk.hand_in(NUMBER)
    assert asked.value.doubts == (Given.PHONE,)
    assert desk.all(select(Outgoing)) == []
    key = desk.hand_in(NUMBER, confirmed=asked.value.doubts)
    assert desk.reply(key).state == "queued"
    assert newest(desk).after["confirmed"] == ["a telephone number"]


def test_confirming_one_doubt_confirms_no_other(desk):
    with pytest.raises(NeedsConfirming) as asked:
        desk.hand_in(f"{NUMBER} or at jo@mail.example.org", confirmed=[Given.PHONE])
    assert asked.value.doubts == (Given.EMAIL,)


def test_a_blocked_word_cannot_be_confirmed(desk):
    block_word(desk.database, desk.workspace, "calm down", desk.clock(), COMMAND)
    with pytest.raises(BlockedWords) as refused:
        desk.hand_in("Please CALM DOWN", confirmed=["calm down"])
    assert refused.value.words == ("calm down",)


def test_what_a_template_says_is_asked_about_nowhere(desk):
    create_template(desk.database, desk.workspace, "Ours", "Ring 01632 960999", desk.clock(), COMMAND)
    assert desk.hand_in("Ring 01632 960 999")


def test_what_was_told_in_private_is_asked_about_in_public_only(desk):
    said = f"I can be reached at 12 Mill Road, m{desk.conversation}"
    put(desk, kind="private", text=said)
    assert desk.hand_in("You are at 12 Mill Road?", Kind.PRIVATE, confirmed=[Given.ADDRESS])
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        old = c.db.scalars(select(Message)).one()
        facts = {name: getattr(old, name) for name in ("account_id", "conversation_id", "contact_id", "direction")}
        times = dict.fromkeys(("sent", "fetched", "stored", "sorted"), desk.clock())
        c.db.add(
            Message(
                workspace_id=desk.workspace, audit_id=c.audit_id, network_id="m-public", version_id="1", kind="public",
                text="Hello?", **facts, **times,
            )
        )  # fmt: skip
        c.state("test", "message")
    with pytest.raises(NeedsConfirming) as asked:
        desk.hand_in("You are at 12 Mill Road?", Kind.PUBLIC)
    assert asked.value.doubts == (Given.TOLD,)


def test_a_window_that_has_closed_takes_no_reply(desk):
    put(desk, channel="facebook", kind="private")
    desk.clock.pass_by(days=6, hours=23)
    assert desk.hand_in(kind=Kind.PRIVATE)
    desk.clock.pass_by(hours=1)
    with pytest.raises(WindowClosed) as refused:
        desk.hand_in("Too late", Kind.PRIVATE)
    assert refused.value.since <= desk.clock()


def test_where_a_window_has_to_be_opened_nobody_writes_first(desk):
    put(desk, channel="facebook")
    with pytest.raises(BadValue):
        desk.hand_in(kind=Kind.PRIVATE)


def test_an_approval_that_comes_after_the_window_sends_nothing(desk):
    put(desk, channel="facebook", kind="private")
    key = desk.hand_in(kind=Kind.PRIVATE, needs_approval=True)
    desk.clock.pass_by(days=7)
    with pytest.raises(WindowClosed):
        approve(desk.database, desk.colleague("bob"), key, desk.clock())
    assert desk.reply(key).state == "draft"


def test_another_account_is_asked_about_and_belongs_to_the_network_and_the_workspace(desk):
    add_conversation(desk.database, desk.workspace)
    first, second = desk.all(select(Account).order_by(Account.id))
    with pytest.raises(NeedsConfirming) as asked:
        desk.hand_in(account_id=second.id)
    assert asked.value.doubts == (OTHER_ACCOUNT,)
    key = desk.hand_in(account_id=second.id, confirmed=[OTHER_ACCOUNT])
    assert desk.reply(key).account_id == second.id
    assert desk.reply(desk.hand_in("The same", account_id=first.id)).account_id == first.id
    south = add_workspace(desk.database, "south")
    add_conversation(desk.database, south)
    elsewhere = desk.one(select(Account).where(Account.workspace_id == south))
    with pytest.raises(NotFound):
        desk.hand_in(account_id=elsewhere.id, confirmed=[OTHER_ACCOUNT])


def test_a_reply_as_another_account_is_sent_as_that_one_and_stands_with_it(desk):
    add_conversation(desk.database, desk.workspace)
    second = desk.all(select(Account).order_by(Account.id))[1]
    desk.hand_in(account_id=second.id, confirmed=[OTHER_ACCOUNT])
    desk.clock.pass_by(seconds=10)
    assert desk.send() == "sent"
    assert desk.ledger.asked[0].id == second.id
    (message,) = desk.messages()
    home = desk.one(select(Conversation).where(Conversation.id == message.conversation_id))
    assert (message.account_id, home.account_id) == (second.id, second.id)
    assert home.id != desk.conversation


def test_a_deleted_message_opens_no_window(desk):
    put(desk, channel="facebook", kind="private", deleted=desk.clock() - timedelta(minutes=1))
    with pytest.raises(BadValue):
        desk.hand_in(kind=Kind.PRIVATE)
