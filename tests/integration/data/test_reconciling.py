"""A reply of unknown fate is found on our own timeline, or a person decides; it is never simply sent again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from data import reconciling
from data.channels.contract import OutcomeUnknown
from data.reconciling import reconcile
from data.sending import claim_next
from models.audit import AuditEvent
from models.conversation import Turn
from models.outbox import AFTER, LEASE, OwnRead
from models.posts import Kind
from tests.outbox import ANSWER, Desk
from tests.rows import open_database


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


@pytest.fixture
def unknown(desk):
    key, _ = desk.hand_in_and_send(OutcomeUnknown("no answer"))
    return key


def look(desk, **facts):
    return dict(reconcile(desk.database, desk.clock(), **facts))


def read_our_posts(desk, *posts, minutes=1.0):
    desk.clock.pass_by(minutes=minutes)
    return desk.polled(*posts)


def test_a_reply_that_the_pollers_found_is_sent_and_answers_its_turn(desk, unknown):
    desk.clock.pass_by(seconds=3)
    post = desk.ours("9001")
    read_our_posts(desk, post)
    turn = desk.one(select(Turn).where(Turn.conversation_id == desk.conversation))
    assert (turn.elsewhere, turn.replied_by) == (True, None)
    assert look(desk) == {"found": 1}
    reply, message = desk.reply(unknown), desk.messages()[0]
    assert (reply.state, reply.network_id, reply.sent) == ("sent", "9001", post.sent)
    turn = desk.one(select(Turn).where(Turn.conversation_id == desk.conversation))
    assert (message.user_id, turn.replied_by, turn.elsewhere) == (desk.ann.user_id, desk.ann.user_id, False)
    assert desk.all(select(AuditEvent.action).where(AuditEvent.object == "outgoing"))[-1] == "reply.found"
    assert look(desk) == {}


def test_an_edited_post_is_found_and_keeps_its_version(desk, unknown):
    post = desk.ours("9001")
    read_our_posts(desk, replace(post, version_id="9002", edited=desk.clock()))
    assert look(desk) == {"found": 1}
    assert [(one.network_id, one.version_id) for one in desk.messages()] == [("9001", "9002")]


def test_a_killed_senders_reply_is_unknown_after_its_lease_and_found_later(desk):
    key = desk.hand_in()
    desk.clock.pass_by(seconds=10)
    claim_next(desk.database, desk.clock())
    assert look(desk) == {}
    post = desk.ours("9001")
    desk.clock.pass_by(seconds=LEASE.total_seconds())
    assert look(desk) == {"expired": 1}
    assert desk.reply(key).state == "unknown"
    read_our_posts(desk, post)
    assert look(desk) == {"found": 1}


def test_two_whole_readings_without_it_need_a_person_and_it_may_still_turn_up(desk, unknown):
    post = desk.ours("9001")
    read_our_posts(desk)
    assert look(desk) == {"wait": 1}
    read_our_posts(desk)
    assert look(desk) == {"ask a person": 1}
    assert desk.reply(unknown).state == "needs a person"
    assert "look on the network" in desk.reply(unknown).reason
    read_our_posts(desk, post)
    assert look(desk) == {"found": 1}


def test_polls_that_did_not_read_our_own_posts_to_their_end_prove_nothing(desk, unknown):
    for _ in range(5):
        desk.clock.pass_by(minutes=1)
        desk.polled(read=(Kind.PRIVATE,))
    assert look(desk) == {"wait": 1}


def test_the_same_reading_told_twice_is_one(desk):
    for _ in range(2):
        desk.polled()
    assert desk.one(select(OwnRead)).previous is None


def test_the_policy_may_send_again_what_its_sender_ended_and_nobody_found(desk, unknown):
    read_our_posts(desk)
    read_our_posts(desk)
    assert look(desk, may_resend=lambda _: True) == {"wait": 1}
    read_our_posts(desk, minutes=AFTER / timedelta(minutes=1))
    read_our_posts(desk)
    assert look(desk, may_resend=lambda workspace: workspace == desk.workspace) == {"send again": 1}
    assert desk.send() == "sent"
    assert desk.reply(unknown).attempts == 2


def test_the_policy_never_sends_again_what_a_silent_sender_may_still_send(desk):
    desk.hand_in()
    desk.clock.pass_by(seconds=10)
    claim_next(desk.database, desk.clock())
    desk.clock.pass_by(seconds=LEASE.total_seconds())
    assert look(desk) == {"expired": 1}
    read_our_posts(desk, minutes=20)
    read_our_posts(desk)
    assert look(desk, may_resend=lambda _: True) == {"ask a person": 1}


@pytest.mark.parametrize("policy", [False, True])
def test_a_post_with_other_words_is_not_it_and_still_forbids_sending_again(desk, unknown, policy):
    read_our_posts(desk, desk.ours("9001", text="Ring 101"), minutes=11)
    read_our_posts(desk)
    assert look(desk, may_resend=lambda _: policy) == {"ask a person": 1}


def test_a_post_that_another_reply_is_known_as_is_not_found_twice(desk):
    desk.hand_in_and_send()
    key, _ = desk.hand_in_and_send(OutcomeUnknown("no answer"))
    read_our_posts(desk, desk.ours("9001"))
    assert look(desk) == {"wait": 1}
    assert desk.reply(key).network_id is None


def test_a_post_stored_before_the_attempt_is_not_it(desk):
    desk.polled(desk.ours("8000", text=ANSWER))
    desk.hand_in_and_send(OutcomeUnknown("no answer"))
    assert look(desk) == {"wait": 1}


def test_a_reply_that_needed_a_person_for_a_day_is_looked_for_no_more(desk, unknown):
    read_our_posts(desk)
    read_our_posts(desk)
    assert look(desk) == {"ask a person": 1}
    assert look(desk) == {"wait": 1}
    desk.clock.pass_by(hours=25)
    assert look(desk) == {}


def test_what_changed_between_looking_and_deciding_is_judged_again(desk, unknown, monkeypatch):
    read_our_posts(desk)
    read_our_posts(desk)
    judged, answers = reconciling._judged, []

    def settled_meanwhile(db, reply, now, may_resend):
        if not answers:
            answers.append(judged(db, reply, now, may_resend))
            assert reconcile(desk.database, now) == {"ask a person": 1}
            return answers[0]
        return judged(db, reply, now, may_resend)

    monkeypatch.setattr(reconciling, "_judged", settled_meanwhile)
    assert look(desk) == {"wait": 1}
    assert desk.reply(unknown).state == "needs a person"
