"""A reply makes its legal moves and no others, and what is known of it decides what may happen next."""

from datetime import UTC, datetime, timedelta

import pytest

from models.outbox import AFTER, BEFORE, LEASE, PATIENCE, UNDO, Outgoing, OutgoingState, Sighting, StaleAttempt, judge
from models.posts import Kind
from models.problems import BadValue, OwnReply, WrongState

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
S = OutgoingState


def reply(state=S.DRAFT, **facts):
    """A reply as it stands in a state, with one attempt where it has had one."""
    made = Outgoing(
        workspace_id=1, conversation_id=2, account_id=3, author_id=7, text="On our way", kind="public",
        parent_id="555", written=NOW, audit_id=1,
    )  # fmt: skip
    made.state = state
    if state not in (S.DRAFT, S.APPROVED, S.QUEUED, S.RETURNED):
        made.attempt_id, made.attempts, made.attempted, made.lease_until = "a1", 1, NOW, NOW + LEASE
    if state == S.QUEUED:
        made.not_before = NOW
    for name, value in facts.items():
        setattr(made, name, value)
    return made


MOVES = {
    "approve": (lambda one: one.approve(8, NOW), {S.DRAFT: S.APPROVED}),
    "queue": (lambda one: one.queue(NOW), {S.DRAFT: S.QUEUED}),
    "withdraw": (lambda one: one.withdraw(), dict.fromkeys((S.DRAFT, S.APPROVED, S.QUEUED), S.WITHDRAWN)),
    "begin": (lambda one: one.begin("a2", NOW), {S.QUEUED: S.SENDING}),
    "accepted": (
        lambda one: one.accepted("a1", "900", NOW, NOW),
        dict.fromkeys((S.SENDING, S.SENT, S.REJECTED, S.UNKNOWN, S.ASKING, S.WITHDRAWN), S.SENT),
    ),
    "rejected": (
        lambda one: one.rejected("a1", "no", NOW), dict.fromkeys((S.SENDING, S.UNKNOWN, S.ASKING), S.REJECTED)
    ),
    "put back": (
        lambda one: one.put_back("a1", "later", NOW, NOW), dict.fromkeys((S.SENDING, S.UNKNOWN, S.ASKING), S.QUEUED)
    ),
    "doubted": (lambda one: one.doubted("a1", "lost", NOW), dict.fromkeys((S.SENDING, S.UNKNOWN), S.UNKNOWN)),
    "expire": (lambda one: one.expire(NOW + LEASE), {S.SENDING: S.UNKNOWN}),
    "found": (lambda one: one.found("900", NOW), dict.fromkeys((S.UNKNOWN, S.ASKING), S.SENT)),
    "send anyway": (lambda one: one.send_anyway(NOW), {S.ASKING: S.QUEUED}),
    "ask": (lambda one: one.ask("look"), {S.UNKNOWN: S.ASKING}),
    "was sent": (lambda one: one.stood(NOW), {S.ASKING: S.SENT}),
    "give up": (lambda one: one.give_up(), dict.fromkeys((S.ASKING, S.REJECTED, S.RETURNED), S.WITHDRAWN)),
    "send back": (lambda one: one.refuse(8, "the name is wrong"), {S.DRAFT: S.RETURNED}),
}  # fmt: skip


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("name", MOVES)
def test_each_move_is_legal_from_its_states_and_refused_by_name_from_all_others(name, state):
    move, legal = MOVES[name]
    one = reply(state)
    if state in legal:
        move(one)
        assert one.state == legal[state]
        return
    with pytest.raises((WrongState, StaleAttempt)):
        move(one)
    assert one.state == state


def test_a_refusal_says_what_was_asked_and_where_the_reply_stands():
    with pytest.raises(WrongState) as refused:
        reply(S.SENDING).withdraw()
    assert (refused.value.state, refused.value.move) == ("sending", "withdraw")


def test_nobody_approves_their_own_reply():
    with pytest.raises(OwnReply):
        reply().approve(7, NOW)


def test_a_draft_that_needs_approval_is_not_queued_without_it():
    one = reply(needs_approval=True)
    with pytest.raises(WrongState):
        one.queue(NOW)
    one.approve(8, NOW)
    one.queue(NOW + SECOND)
    assert (one.approver_id, one.approved, one.queued) == (8, NOW, NOW + SECOND)


def test_a_queued_reply_is_not_sent_before_the_time_to_undo_is_over():
    one = reply()
    one.queue(NOW)
    with pytest.raises(WrongState):
        one.begin("a1", NOW + UNDO - SECOND)
    one.begin("a1", NOW + UNDO)
    assert (one.attempts, one.attempted, one.lease_until) == (1, NOW + UNDO, NOW + UNDO + LEASE)
    with pytest.raises(WrongState):
        reply(S.QUEUED, not_before=None).begin("a1", NOW)


def test_a_lease_that_still_runs_does_not_expire():
    with pytest.raises(WrongState):
        reply(S.SENDING).expire(NOW + LEASE - SECOND)
    assert not reply(S.SENDING, lease_until=None).silent(NOW)


@pytest.mark.parametrize("move", ["rejected", "put back", "doubted"])
def test_what_an_earlier_attempt_says_changes_nothing(move):
    one = reply(S.SENDING, attempt_id="a2")
    with pytest.raises(StaleAttempt):
        MOVES[move][0](one)
    assert one.state == S.SENDING


def test_an_acceptance_counts_for_a_queued_reply_but_not_beside_another_attempt_in_the_air():
    one = reply(S.QUEUED, attempts=1)
    one.accepted("a1", "900", NOW, NOW)
    assert (one.state, one.network_id, one.not_before) == (S.SENT, "900", None)
    with pytest.raises(StaleAttempt):
        reply(S.SENDING, attempt_id="a2").accepted("a1", "900", NOW, NOW)


def test_only_an_attempt_that_its_sender_ended_is_sent_again_without_a_person():
    with pytest.raises(WrongState):
        reply(S.UNKNOWN).send_again(NOW)
    one = reply(S.UNKNOWN, ended=NOW)
    one.send_again(NOW)
    assert (one.state, one.not_before) == (S.QUEUED, NOW)


@pytest.mark.parametrize("state", [one for one in S if one != S.UNKNOWN])
def test_sending_again_is_for_the_unknown_only(state):
    with pytest.raises(WrongState):
        reply(state, ended=NOW).send_again(NOW)


@pytest.mark.parametrize(
    ("facts", "alike"),
    [({}, True), ({"text": "@ann On our  way"}, True), ({"text": "Ring 101"}, False), ({"conversation_id": 9}, False),
     ({"kind": "private"}, False)],
)  # fmt: skip
def test_two_replies_are_alike_where_the_ledger_could_not_tell_them_apart(facts, alike):
    assert reply().like(reply(**facts)) is alike


def seen(**facts):
    known = {"network_id": "900", "sent": NOW, "text": "@ann On our way", "kind": Kind.PUBLIC}
    return Sighting(**{**known, "parent_id": "555", "to_contact": True, **facts})


def verdict(one, *sightings, read_since=None, now=NOW, may_resend=False):
    return judge(one, sightings, read_since, now, may_resend)


@pytest.mark.parametrize("state", [S.UNKNOWN, S.ASKING])
@pytest.mark.parametrize(
    "facts",
    [{}, {"sent": NOW - BEFORE}, {"sent": NOW + AFTER}, {"parent_id": None}, {"to_contact": False}],
)
def test_a_reply_is_found_by_account_parent_or_contact_words_and_time(state, facts):
    found = seen(**facts)
    assert verdict(reply(state), found) == ("found", found)


@pytest.mark.parametrize(
    "facts",
    [
        {"sent": NOW - BEFORE - SECOND},
        {"sent": NOW + AFTER + SECOND},
        {"text": "Ring 101"},
        {"kind": Kind.PRIVATE},
        {"parent_id": "556"},
        {"parent_id": "556", "to_contact": False},
        {"parent_id": None, "to_contact": False},
    ],
)
def test_what_differs_is_not_the_reply(facts):
    assert verdict(reply(S.UNKNOWN), seen(**facts)) == ("wait", None)


def test_of_two_that_fit_the_first_one_is_it():
    first, second = seen(network_id="902", sent=NOW - SECOND), seen(network_id="901")
    assert verdict(reply(S.UNKNOWN), second, first) == ("found", first)


def test_a_reply_without_an_attempt_and_one_that_is_settled_wait_for_nothing():
    assert verdict(reply(S.UNKNOWN, attempted=None), seen()) == ("wait", None)
    assert verdict(reply(S.SENT), seen()) == ("wait", None)


def test_two_whole_readings_without_it_need_a_person():
    ended = reply(S.UNKNOWN, ended=NOW + SECOND)
    assert verdict(ended, read_since=NOW + SECOND)[0] == "wait"
    assert verdict(ended, read_since=NOW + 2 * SECOND)[0] == "ask a person"
    assert verdict(reply(S.ASKING, ended=NOW), read_since=NOW + AFTER)[0] == "wait"


def test_a_sender_that_fell_silent_is_waited_for_until_its_lease_and_never_sent_again():
    silent, late = reply(S.UNKNOWN), NOW + AFTER + LEASE + SECOND
    assert verdict(silent, read_since=NOW + LEASE)[0] == "wait"
    assert verdict(silent, read_since=late, now=late, may_resend=True)[0] == "ask a person"
    assert verdict(reply(S.UNKNOWN, lease_until=None), read_since=NOW + SECOND)[0] == "ask a person"


def test_the_policy_may_send_again_once_it_could_have_shown_itself():
    ended = reply(S.UNKNOWN, ended=NOW)
    assert verdict(ended, read_since=NOW + AFTER, may_resend=True)[0] == "wait"
    assert verdict(ended, read_since=NOW + AFTER + SECOND, may_resend=True)[0] == "send again"


@pytest.mark.parametrize("facts", [{"text": "Ring 101"}, {"sent": NOW - timedelta(hours=1)}])
def test_anything_that_could_be_it_needs_a_person_whatever_the_policy(facts):
    ended, late = reply(S.UNKNOWN, ended=NOW), NOW + AFTER + SECOND
    assert verdict(ended, seen(**facts), read_since=late, may_resend=True)[0] == "ask a person"


@pytest.mark.parametrize("may_resend", [False, True])
def test_where_our_timeline_cannot_be_read_a_person_is_asked_in_the_end(may_resend):
    ended = reply(S.UNKNOWN, ended=NOW)
    assert verdict(ended, now=NOW + PATIENCE, may_resend=may_resend)[0] == "wait"
    assert verdict(ended, now=NOW + PATIENCE + SECOND, may_resend=may_resend)[0] == "ask a person"


def test_nobody_sends_their_own_reply_back_and_nobody_without_a_reason():
    one = reply()
    with pytest.raises(OwnReply):
        one.refuse(7, "no")
    with pytest.raises(BadValue):
        one.refuse(8, "  ")
    one.refuse(8, " the name is wrong ")
    assert (one.state, one.approver_id, one.reason) == (S.RETURNED, 8, "the name is wrong")


def test_one_of_many_waits_its_turn_beyond_the_time_in_which_it_can_be_taken_back():
    one = reply()
    one.queue(NOW, timedelta(seconds=4))
    assert one.not_before == NOW + UNDO + timedelta(seconds=4)


def test_what_a_person_saw_counts_as_sent_when_its_attempt_began():
    one = reply(S.ASKING)
    one.stood(NOW + SECOND)
    assert (one.sent, one.network_id) == (NOW, "told-a1")
    one = reply(S.ASKING, attempted=None)
    one.stood(NOW + SECOND)
    assert one.sent == NOW + SECOND
