"""What may be done with a conversation from where it stands: every state, grade and move, and what is refused by name."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from models.conversation import Conversation
from models.moves import LONGEST_SNOOZE, State
from models.problems import (
    AlreadyClosed,
    BadValue,
    NotSetAside,
    Problem,
    ReasonNeeded,
    SpokeAgain,
    TooUrgent,
    Unassessed,
)

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
RANKS = (1, 2, 3)


def conversation(state=State.OPEN, rank=3, unassessed=True, since=NOW, holder=7):
    return Conversation(
        workspace_id=1, audit_id=1, account_id=1, contact_id=1, grade_id=rank, state=str(state), rank=rank, since=since,
        unassessed=unassessed, holder_id=holder, held_since=NOW if holder else None, last_at=NOW,
    )  # fmt: skip


MOVES = {
    "close": lambda one, reason="why": one.close(reason),
    "snooze": lambda one: one.snooze(LATER, NOW, 1),
    "set aside": lambda one: one.set_aside("Highways"),
}
"""Every move that puts a conversation away."""


def outcome(move, one):
    """The problem that refuses a move, None where it is made."""
    try:
        MOVES[move](one)
    except Problem as problem:
        return type(problem)
    return None


def expected(state, rank, unassessed):
    """By the words of the rule."""
    if state is State.CLOSED:
        return AlreadyClosed
    if rank == 1 and unassessed:
        return Unassessed
    return None


@pytest.mark.parametrize("move", MOVES)
def test_nothing_of_the_top_grade_is_put_away_while_its_last_message_is_unassessed(move):
    for state, rank, unassessed in product(State, RANKS, (True, False)):
        one = conversation(state, rank, unassessed)
        before = (one.state, one.holder_id, one.snoozed_until, one.partner)
        found = outcome(move, one)
        assert found is expected(state, rank, unassessed), (state, rank, unassessed)
        if found is not None:
            assert (one.state, one.holder_id, one.snoozed_until, one.partner) == before


def test_a_person_grades_down_only_with_everything_heard():
    for state, rank, unassessed, heard_all in product(State, RANKS, (True, False), (True, False)):
        one = conversation(state, rank, unassessed)
        wanted = AlreadyClosed if state is State.CLOSED else None if heard_all else SpokeAgain
        if wanted is None:
            one.assess(heard_all)
            continue
        with pytest.raises(wanted):
            one.assess(heard_all)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("reason", ["", "  ", "Ambulance is with them"])
def test_the_two_most_urgent_grades_are_closed_only_with_a_reason(rank, reason):
    one = conversation(rank=rank, unassessed=False)
    if rank < 3 and not reason.strip():
        with pytest.raises(ReasonNeeded):
            one.close(reason)
        assert one.state == State.OPEN
    else:
        one.close(reason)
        assert (one.state, one.holder_id, one.held_since) == (State.CLOSED, None, None)


@pytest.mark.parametrize("limit", RANKS)
def test_what_is_more_urgent_than_the_workspace_allows_is_not_snoozed(limit):
    for rank in RANKS:
        one = conversation(rank=rank, unassessed=False)
        if rank < limit:
            with pytest.raises(TooUrgent):
                one.snooze(LATER, NOW, limit)
            assert one.snoozed_until is None
        else:
            one.snooze(LATER, NOW, limit)
            assert (one.state, one.snoozed_until, one.holder_id) == (State.SNOOZED, LATER, 7)


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(seconds=1), NOW + LONGEST_SNOOZE + timedelta(seconds=1)])
def test_a_snooze_ends_within_thirty_days_and_not_in_the_past(until):
    with pytest.raises(BadValue):
        conversation().snooze(until, NOW, 2)


def test_the_longest_snooze_is_thirty_days():
    conversation().snooze(NOW + LONGEST_SNOOZE, NOW, 2)


def test_a_partner_has_a_name():
    with pytest.raises(BadValue):
        conversation().set_aside("  ")
    one = conversation()
    one.set_aside(" Highways ")
    assert (one.state, one.partner) == (State.PARTNER, "Highways")


@pytest.mark.parametrize(
    ("state", "since", "after"),
    [
        (State.SNOOZED, NOW, State.OPEN),
        (State.SNOOZED, None, State.WAITING),
        (State.PARTNER, NOW, State.OPEN),
        (State.PARTNER, None, State.WAITING),
    ],
)
def test_what_was_set_aside_comes_back_to_where_it_belongs(state, since, after):
    one = conversation(state, since=since)
    one.snoozed_until, one.partner = LATER, "Highways"
    one.resume()
    assert (one.state, one.snoozed_until, one.partner) == (after, None, "")


@pytest.mark.parametrize("state", [State.OPEN, State.WAITING, State.CLOSED])
def test_what_was_not_set_aside_does_not_come_back(state):
    with pytest.raises(NotSetAside):
        conversation(state).resume()
