"""People and replies: hand in, approve, take back, decide; each is one transaction with one event and no text in clear."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.audit import change
from data.desk import claim, release
from data.outbox import APART, approve, give_up, queue_replies, queue_reply, refuse, send_again, withdraw
from data.reconciling import it_was_sent, reconcile
from models.audit import COMMAND, AuditEvent
from models.conversation import Message, Turn
from models.outbox import PATIENCE, UNDO, Outgoing
from models.posts import Kind
from models.problems import AlreadyClaimed, BadValue, NotFound, NotHolder, NotPermitted, OwnReply, WrongState
from tests.outbox import ANSWER, Desk
from tests.rows import add_conversation, add_workspace, open_database, scope_of


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


def send_back(database, scope, key, at):
    refuse(database, scope, key, "the name is wrong", at)


def turn(desk):
    return desk.one(select(Turn).where(Turn.conversation_id == desk.conversation))


def test_a_reply_waits_ten_seconds_in_which_it_can_be_taken_back(desk):
    key = desk.hand_in()
    reply = desk.reply(key)
    assert (reply.state, reply.not_before - desk.clock()) == ("queued", UNDO)
    assert (reply.parent_id, reply.author_id) == (f"m{desk.conversation}", desk.ann.user_id)
    assert turn(desk).queued == desk.clock()
    withdraw(desk.database, desk.ann, key, desk.clock())
    assert desk.reply(key).state == "withdrawn"
    assert turn(desk).queued is None
    desk.clock.pass_by(seconds=60)
    assert desk.send() is None
    assert desk.ledger.taken == []


def test_what_stands_in_the_events_is_a_digest(desk):
    desk.hand_in()
    event = desk.all(select(AuditEvent).where(AuditEvent.object == "outgoing"))[-1]
    assert (event.action, event.after["state"], event.user_id) == ("reply.queue", "queued", desk.ann.user_id)
    assert ANSWER not in json.dumps([event.before, event.after])


def test_every_move_is_one_event(desk):
    count = select(func.count()).select_from(AuditEvent).where(AuditEvent.object == "outgoing")
    key = desk.hand_in(needs_approval=True)
    approve(desk.database, desk.colleague("bob"), key, desk.clock())
    withdraw(desk.database, desk.ann, key, desk.clock())
    assert desk.one(count) == 3


def test_only_the_holder_sends(desk):
    with pytest.raises(NotHolder):
        queue_reply(desk.database, desk.colleague("bob"), desk.conversation, "Hello", Kind.PUBLIC, desk.clock())
    release(desk.database, desk.ann, desk.conversation, desk.clock())
    with pytest.raises(NotHolder):
        desk.hand_in()


@pytest.mark.parametrize("text", ["", " \n ", "a" * 281, "洪" * 141])
def test_an_empty_reply_or_one_too_long_for_its_network_is_refused(desk, text):
    with pytest.raises(BadValue):
        desk.hand_in(text)
    assert desk.all(select(Outgoing)) == []


def test_a_private_reply_goes_to_the_person_and_may_be_longer(desk):
    assert desk.reply(desk.hand_in("a" * 281, Kind.PRIVATE)).parent_id is None


def test_a_reply_may_name_which_message_it_answers(desk):
    assert desk.reply(desk.hand_in(parent_id=f"m{desk.conversation}")).parent_id == f"m{desk.conversation}"
    with pytest.raises(BadValue):
        desk.hand_in(parent_id="elsewhere")


def test_a_public_reply_needs_a_public_message(desk):
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        c.db.scalars(select(Message)).one().kind = "private"
        c.state("test", "message")
    with pytest.raises(BadValue):
        desk.hand_in()


def test_a_second_person_approves_and_the_turn_keeps_both_times(desk):
    key = desk.hand_in(needs_approval=True)
    handed_in = desk.clock()
    assert desk.reply(key).state == "draft"
    with pytest.raises(OwnReply):
        approve(desk.database, desk.ann, key, desk.clock())
    desk.clock.pass_by(minutes=2)
    bob = desk.colleague("bob")
    approve(desk.database, bob, key, desk.clock())
    reply = desk.reply(key)
    assert (reply.state, reply.approver_id, reply.not_before) == ("queued", bob.user_id, desk.clock() + UNDO)
    assert (turn(desk).queued, turn(desk).approved) == (handed_in, desk.clock())
    with pytest.raises(WrongState):
        approve(desk.database, bob, key, desk.clock())


def test_a_draft_is_not_sent(desk):
    desk.hand_in(needs_approval=True)
    desk.clock.pass_by(minutes=2)
    assert desk.send() is None


def test_the_turn_shows_the_earliest_reply_that_is_still_under_way(desk):
    first = desk.hand_in("One")
    begun = desk.clock()
    desk.clock.pass_by(seconds=1)
    desk.hand_in("Two")
    assert turn(desk).queued == begun
    withdraw(desk.database, desk.ann, first, desk.clock())
    assert turn(desk).queued == desk.clock()


def test_a_colleague_takes_back_only_who_moves_work(desk):
    key = desk.hand_in()
    with pytest.raises(NotPermitted):
        withdraw(desk.database, desk.colleague("bob"), key, desk.clock())
    withdraw(desk.database, desk.colleague("sue", "Supervisor"), key, desk.clock())
    assert desk.reply(key).state == "withdrawn"


def test_it_is_too_late_once_it_is_sent(desk):
    key, outcome = desk.hand_in_and_send()
    assert outcome == "sent"
    with pytest.raises(WrongState):
        withdraw(desk.database, desk.ann, key, desk.clock())


def test_a_reply_to_an_answered_turn_moves_no_times(desk):
    desk.hand_in_and_send()
    before = turn(desk).queued
    desk.clock.pass_by(minutes=1)
    desk.hand_in("And take care")
    assert turn(desk).queued == before


@pytest.fixture
def asking(desk):
    key, _ = desk.hand_in_and_send(RuntimeError("the line broke"))
    desk.clock.pass_by(minutes=PATIENCE / timedelta(minutes=1) + 1)
    reconcile(desk.database, desk.clock())
    assert desk.reply(key).state == "needs a person"
    return key


def test_a_person_who_looked_may_send_it_again(desk, asking):
    send_again(desk.database, desk.ann, asking, desk.clock())
    assert desk.send() is None
    desk.clock.pass_by(seconds=10)
    assert desk.send() == "sent"
    assert desk.reply(asking).attempts == 2


def test_a_person_may_give_it_up(desk, asking):
    give_up(desk.database, desk.ann, asking, desk.clock())
    assert desk.reply(asking).state == "withdrawn"
    assert turn(desk).queued is None
    with pytest.raises(WrongState):
        send_again(desk.database, desk.ann, asking, desk.clock())


@pytest.mark.parametrize("act", [approve, withdraw, send_again, give_up, it_was_sent, send_back])
def test_a_reply_of_another_workspace_is_not_found(desk, act):
    south = add_workspace(desk.database, "south")
    with pytest.raises(NotFound):
        act(desk.database, scope_of(south, desk.ann.user_id), desk.hand_in(), desk.clock())


def test_a_conversation_of_another_workspace_is_not_found(desk):
    south = scope_of(add_workspace(desk.database, "south"), desk.ann.user_id)
    with pytest.raises(NotFound):
        queue_reply(desk.database, south, desk.conversation, "Hello", Kind.PUBLIC, desk.clock())


@pytest.mark.parametrize("act", [approve, withdraw, send_again, give_up, it_was_sent, send_back])
@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_it_needs_the_right_to_reply(desk, act, role):
    with pytest.raises(NotPermitted):
        act(desk.database, desk.colleague("eve", role), desk.hand_in(), desk.clock())


def test_a_command_is_nobody_who_could_reply(desk):
    with pytest.raises(NotFound):
        withdraw(desk.database, scope_of(desk.workspace, None), desk.hand_in(), desk.clock())


def test_a_second_person_sends_it_back_and_another_takes_its_place(desk):
    key = desk.hand_in(needs_approval=True)
    bob = desk.colleague("bob")
    send_back(desk.database, bob, key, desk.clock())
    reply = desk.reply(key)
    assert (reply.state, reply.reason, reply.approver_id) == ("sent back", "the name is wrong", bob.user_id)
    assert turn(desk).queued is None
    event = desk.all(select(AuditEvent).where(AuditEvent.action == "reply.send back"))[-1]
    assert event.reason == "the name is wrong"
    other = desk.hand_in("We are on our way, Jo", replaces=key)
    assert (desk.reply(key).state, desk.reply(other).state) == ("withdrawn", "queued")
    with pytest.raises(WrongState):
        desk.hand_in("Once more", replaces=key)


def test_what_may_stand_on_the_network_is_replaced_by_nothing(desk, asking):
    with pytest.raises(WrongState):
        desk.hand_in("Another", replaces=asking)


def test_a_reply_replaces_none_of_another_conversation(desk):
    key = desk.hand_in(needs_approval=True)
    other = add_conversation(desk.database, desk.workspace)
    claim(desk.database, desk.ann, other, desk.clock())
    with pytest.raises(NotFound):
        queue_reply(desk.database, desk.ann, other, "Hello", Kind.PUBLIC, desk.clock(), replaces=key)


def test_a_person_who_saw_it_there_says_so_and_the_turn_is_answered(desk, asking):
    it_was_sent(desk.database, desk.ann, asking, desk.clock())
    reply = desk.reply(asking)
    assert (reply.state, reply.sent) == ("sent", reply.attempted)
    assert turn(desk).replied == reply.attempted
    assert [one.user_id for one in desk.messages()] == [desk.ann.user_id]


def test_one_reply_to_many_goes_out_one_after_the_other_and_passes_over_what_others_hold(desk):
    lead = desk.colleague("sam", "Supervisor")
    bob = desk.colleague("bob")
    free, held, mine = (add_conversation(desk.database, desk.workspace) for _ in range(3))
    claim(desk.database, bob, held, desk.clock())
    claim(desk.database, lead, mine, desk.clock())
    done = queue_replies(desk.database, lead, [free, held, 999_999, mine, free], ANSWER, desk.clock())
    assert [one.conversation_id for one in done] == [free, held, 999_999, mine]
    assert isinstance(done[1].problem, AlreadyClaimed)
    assert done[1].problem.name == "Bob"
    assert isinstance(done[2].problem, NotFound)
    waits = [desk.reply(done[number].reply_id).not_before - desk.clock() for number in (0, 3)]
    assert waits == [UNDO, UNDO + APART]
    events = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "reply.queue")
    assert desk.one(events) == 2


def test_only_who_runs_incidents_answers_many(desk):
    with pytest.raises(NotPermitted):
        queue_replies(desk.database, desk.ann, [desk.conversation], ANSWER, desk.clock())


def test_many_are_answered_in_the_way_that_was_asked_for(desk):
    lead = desk.colleague("sam", "Supervisor")
    free = add_conversation(desk.database, desk.workspace)
    (done,) = queue_replies(desk.database, lead, [free], ANSWER, desk.clock(), kind=Kind.PRIVATE)
    assert desk.reply(done.reply_id).kind == "private"
