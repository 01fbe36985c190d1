"""Sending: one sender, one call with no transaction open, and only "not taken" lets a reply go out again by itself."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import sending
from data.channels import UnknownConnector
from data.channels.contract import (
    NetworkFault,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
    WrongSetting,
)
from data.channels.x_session import AnswerLost
from data.outbox import give_up
from data.reconciling import reconcile
from data.sending import claim_next, send_one
from models.audit import AuditEvent
from models.conversation import Conversation, Turn
from models.outbox import LEASE, UNDO, Outgoing
from models.posts import Kind, Receipt
from models.problems import CredentialsLocked
from models.workspace import Account
from tests.outbox import ANSWER, Desk
from tests.rows import add_conversation, open_database


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


def test_a_sent_reply_answers_its_turn_as_a_polled_one_would(desk):
    key, outcome = desk.hand_in_and_send()
    assert outcome == "sent"
    reply, turn = desk.reply(key), desk.one(select(Turn).where(Turn.conversation_id == desk.conversation))
    assert (reply.state, reply.network_id, reply.sent) == ("sent", "9001", desk.clock())
    assert (turn.replied, turn.replied_by, turn.elsewhere) == (desk.clock(), desk.ann.user_id, False)
    assert turn.queued == desk.clock() - UNDO
    home = desk.one(select(Conversation).where(Conversation.id == desk.conversation))
    assert (home.state, home.since, home.last_reply) == ("waiting for the contact", None, desk.clock())


def test_the_poller_finds_the_same_post_later_as_a_duplicate(desk):
    desk.hand_in_and_send()
    before = [(one.id, one.text, one.audit_id) for one in desk.messages()]
    counts = desk.polled(desk.ours())
    assert counts.named() == {"duplicate": 1}
    assert [(one.id, one.text, one.audit_id) for one in desk.messages()] == before
    assert before[0][1] == ANSWER


def test_a_post_that_the_poller_saw_first_is_credited_to_its_author(desk):
    key = desk.hand_in()
    desk.clock.pass_by(seconds=10)

    def polled_first(_reply):
        desk.polled(desk.ours("9001"))
        return Receipt("9001", desk.clock())

    assert desk.send(polled_first) == "sent"
    message = desk.messages()[0]
    turn = desk.one(select(Turn).where(Turn.conversation_id == desk.conversation))
    assert (message.user_id, turn.replied_by, turn.elsewhere) == (desk.ann.user_id, desk.ann.user_id, False)
    assert desk.reply(key).state == "sent"


def test_the_reply_and_its_message_are_stored_in_one_event(desk):
    desk.hand_in_and_send()
    event = desk.all(select(AuditEvent).where(AuditEvent.action == "reply.sent"))[0]
    assert desk.messages()[0].audit_id == event.id == desk.one(select(Outgoing)).audit_id
    assert event.after["state"] == "sent"
    assert event.after["counts"] == {"stored": 1}


def test_nothing_is_open_while_the_network_answers(desk):
    def another_writes(_reply):
        add_conversation(desk.database, desk.workspace)

    assert desk.hand_in_and_send(another_writes)[1] == "sent"


def test_what_is_sent_names_the_person_the_parent_and_an_attempt_of_its_own(desk):
    desk.hand_in_and_send()
    reply = desk.ledger.taken[0]
    assert (reply.text, reply.kind, reply.parent_id) == (ANSWER, Kind.PUBLIC, f"m{desk.conversation}")
    assert reply.contact.handle.startswith("@neighbour")
    assert reply.attempt_id == desk.one(select(Outgoing)).attempt_id
    assert desk.ledger.asked[0].connector == "replay"


@pytest.mark.parametrize("failure", [Refused("keys refused"), NotAllowed("too rude")])
def test_a_no_is_a_no_with_its_reason(desk, failure):
    key, outcome = desk.hand_in_and_send(failure)
    assert (outcome, desk.reply(key).state, desk.reply(key).reason) == ("rejected", "rejected", str(failure))
    assert desk.one(select(Turn).where(Turn.conversation_id == desk.conversation)).queued is None
    desk.clock.pass_by(hours=9)
    assert desk.send() is None


@pytest.mark.parametrize(
    "failure", [WrongSetting("base_url", "is no address"), UnknownConnector("pigeon"), CredentialsLocked()]
)
def test_an_account_that_cannot_be_connected_rejects(desk, failure):
    def connect(_account):
        raise failure

    key = desk.hand_in()
    desk.clock.pass_by(seconds=10)
    assert send_one(desk.database, connect, desk.clock, lambda: 0.0) == "rejected"
    assert desk.reply(key).reason


def test_a_rate_limit_is_waited_for(desk):
    welcome = desk.clock() + timedelta(minutes=7)
    key, outcome = desk.hand_in_and_send(RateLimited("patience", welcome))
    assert (outcome, desk.reply(key).state, desk.reply(key).not_before) == ("put back", "queued", welcome)
    assert desk.send() is None
    desk.clock.pass_by(minutes=7)
    assert desk.send() == "sent"
    assert [one.attempts for one in desk.all(select(Outgoing))] == [2]


@pytest.mark.parametrize("failure", [RateLimited("patience"), Unreachable("no connection")])
def test_what_certainly_was_not_sent_goes_out_again_after_ever_longer_pauses(desk, failure):
    key, _ = desk.hand_in_and_send(failure)
    pauses = []
    for _ in range(3):
        pauses.append(desk.reply(key).not_before - desk.clock())
        desk.clock.now = desk.reply(key).not_before
        assert desk.send(failure) == "put back"
    assert pauses == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]


@pytest.mark.parametrize(
    "failure",
    [
        OutcomeUnknown("no answer"),
        NetworkFault("503"),
        AnswerLost("no answer in time"),
        RuntimeError("a fault of ours"),
    ],
)
def test_everything_else_is_unknown_and_never_sent_again_by_itself(desk, failure):
    key, outcome = desk.hand_in_and_send(failure)
    assert (outcome, desk.reply(key).state, desk.reply(key).ended) == ("unknown", "unknown", desk.clock())
    for _ in range(20):
        desk.clock.pass_by(minutes=10)
        desk.polled()
        reconcile(desk.database, desk.clock())
        assert desk.send() is None
    assert desk.reply(key).state == "needs a person"


def test_only_one_of_many_senders_gets_a_reply(desk, rounds):
    for number in range(rounds(50)):
        desk.hand_in(f"Answer {number}")
        desk.clock.pass_by(seconds=10)
        start, got = threading.Barrier(4), []

        def run(start=start, got=got):
            start.wait()
            got.append(claim_next(desk.database, desk.clock()))

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([one for one in got if one]) == 1


def test_replies_go_out_in_the_order_of_their_times_however_many_wait(desk, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    for number in range(5):
        desk.hand_in(f"Answer {number}")
    desk.clock.pass_by(seconds=10)
    for _ in range(5):
        assert desk.send() == "sent"
    assert desk.send() is None
    assert [one.text for one in desk.ledger.taken] == [f"Answer {number}" for number in range(5)]


def test_the_same_words_wait_while_one_of_them_is_in_doubt(desk, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    first, _ = desk.hand_in_and_send(OutcomeUnknown("no answer"))
    desk.hand_in()
    desk.hand_in("Something else")
    desk.clock.pass_by(seconds=10)
    assert desk.send() == "sent"
    assert desk.ledger.taken[-1].text == "Something else"
    assert desk.send() is None
    desk.clock.pass_by(hours=1)
    reconcile(desk.database, desk.clock())
    give_up(desk.database, desk.ann, first, desk.clock())
    assert desk.send() == "sent"
    assert desk.ledger.taken[-1].text == ANSWER


def test_a_paused_account_sends_nothing(desk):
    from data.audit import change
    from models.audit import COMMAND

    desk.hand_in()
    desk.clock.pass_by(seconds=10)
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        c.db.get_one(Account, desk.account.id).paused = True
        c.state("pause", "account")
    assert desk.send() is None


def test_a_sender_that_was_held_up_before_the_call_does_not_make_it(desk):
    desk.hand_in()
    desk.clock.pass_by(seconds=10)

    def connect(_account):
        desk.clock.pass_by(seconds=LEASE.total_seconds())
        return desk.ledger

    assert send_one(desk.database, connect, desk.clock, lambda: 0.0) == "put back"
    assert desk.ledger.taken == []


def late(desk, outcome):
    """A network that answers when the lease is long over and others have taken the sender for dead."""

    def answer(_reply):
        desk.clock.pass_by(seconds=LEASE.total_seconds())
        reconcile(desk.database, desk.clock())
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return answer


def test_an_answer_after_the_lease_still_counts(desk):
    key, outcome = desk.hand_in_and_send(late(desk, None))
    assert (outcome, desk.reply(key).state) == ("sent", "sent")


def test_a_no_after_the_lease_still_counts(desk):
    key, outcome = desk.hand_in_and_send(late(desk, NotAllowed("too rude")))
    assert (outcome, desk.reply(key).state) == ("rejected", "rejected")


def test_the_outcome_of_an_attempt_that_was_left_behind_changes_nothing(desk):
    def given_up_meanwhile(_reply):
        desk.clock.pass_by(hours=1)
        reconcile(desk.database, desk.clock())
        reconcile(desk.database, desk.clock())
        give_up(desk.database, desk.ann, desk.one(select(Outgoing.id)), desk.clock())
        raise NotAllowed("too rude")

    key, outcome = desk.hand_in_and_send(given_up_meanwhile)
    assert (outcome, desk.reply(key).state) == ("stale", "withdrawn")


def test_a_receipt_that_names_another_replys_post_needs_a_person(desk):
    desk.hand_in_and_send()
    key = desk.hand_in("Something else")
    desk.clock.pass_by(seconds=10)
    assert desk.send(lambda _reply: Receipt("9001", desk.clock())) == "sent"
    assert desk.reply(key).state == "needs a person"
    assert len(desk.messages()) == 1


def test_every_attempt_and_its_outcome_are_events(desk):
    desk.hand_in_and_send(OutcomeUnknown("no answer"))
    count = select(func.count()).select_from(AuditEvent).where(AuditEvent.object == "outgoing")
    assert desk.one(count) == 3


def test_a_reply_taken_back_between_looking_and_taking_is_not_taken(desk, monkeypatch):
    from data.outbox import withdraw

    key = desk.hand_in()
    desk.clock.pass_by(seconds=10)
    ready = sending._ready

    def withdrawn_meanwhile(database, now):
        found = list(ready(database, now))
        withdraw(database, desk.ann, key, now)
        return found

    monkeypatch.setattr(sending, "_ready", withdrawn_meanwhile)
    assert claim_next(desk.database, desk.clock()) is None
    assert desk.reply(key).state == "withdrawn"
