"""Claims and hand-overs as they may move, whatever stores them."""

from datetime import UTC, datetime, timedelta

import pytest

from models.claims import (
    LONGEST_NOTE,
    HandOver,
    NotForYou,
    OfferOver,
    OfferState,
    check_words,
    half,
    idle_time,
    idle_words,
    look_at,
)
from models.problems import BadValue
from models.waits import Clock, Target

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ANN, BOB, CAS, TEAM = 1, 2, 3, 9


def offer(taker=BOB, team=None):
    return HandOver(
        workspace_id=1, audit_id=1, conversation_id=7, giver_id=ANN, taker_id=taker, team_id=team,
        note="I go home now", offered=NOW, lapses=NOW + timedelta(minutes=5),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rank", "target"),
    [
        (1, Target(300, Clock.PUBLIC)),
        (2, Target(900, Clock.PUBLIC)),
        (3, Target(3600, Clock.STAFFED)),
        (9, Target(3600, Clock.STAFFED)),
    ],
)
def test_a_claim_lapses_after_5_15_or_60_idle_minutes_by_grade(rank, target):
    assert idle_time(rank) == target


def test_a_workspace_may_set_its_own_idle_times():
    assert idle_time(1, 120) == Target(120, Clock.PUBLIC)
    assert idle_time(3, 1800, "public") == Target(1800, Clock.PUBLIC)


def test_half_an_idle_time_is_on_the_same_clock_and_never_nothing():
    assert half(Target(300, Clock.PUBLIC)) == Target(150, Clock.PUBLIC)
    assert half(Target(1, Clock.STAFFED)) == Target(1, Clock.STAFFED)


def test_the_record_says_an_idle_time_in_words():
    assert idle_words(Target(300, Clock.PUBLIC)) == "5 min"
    assert idle_words(Target(3600, Clock.STAFFED)) == "60 staffed min"
    assert idle_words(Target(90, Clock.PUBLIC)) == "90 s"


def test_a_claim_is_looked_at_when_its_session_could_be_over():
    assert look_at(NOW, None) == NOW
    assert look_at(NOW, NOW - timedelta(minutes=1)) == NOW - timedelta(minutes=1)


def test_whom_it_is_offered_to_accepts():
    given = offer()
    given.answer(OfferState.ACCEPTED, BOB, frozenset(), NOW)
    assert (given.state, given.ended, given.ended_by) == ("accepted", NOW, BOB)


@pytest.mark.parametrize("who", [ANN, CAS])
def test_nobody_else_answers_a_hand_over(who):
    with pytest.raises(NotForYou):
        offer().answer(OfferState.ACCEPTED, who, frozenset({TEAM}), NOW)


def test_a_member_of_the_team_accepts_but_not_its_giver():
    to_team = offer(taker=None, team=TEAM)
    assert not to_team.is_for(ANN, frozenset({TEAM}))
    assert not to_team.is_for(BOB, frozenset({TEAM + 1}))
    to_team.answer(OfferState.DECLINED, BOB, frozenset({TEAM}), NOW)
    assert to_team.state == "declined"


def test_a_hand_over_is_answered_once():
    given = offer()
    given.answer(OfferState.DECLINED, BOB, frozenset(), NOW)
    with pytest.raises(OfferOver) as over:
        given.answer(OfferState.ACCEPTED, BOB, frozenset(), NOW)
    assert over.value.state == "declined"


def test_its_giver_takes_it_back_and_so_may_whoever_moves_work():
    for who, moves_work in ((ANN, False), (CAS, True)):
        given = offer()
        given.withdraw(who, moves_work, NOW)
        assert given.state == "withdrawn"
    with pytest.raises(NotForYou):
        offer().withdraw(BOB, False, NOW)
    with pytest.raises(OfferOver):
        given.withdraw(ANN, False, NOW)


def test_a_note_says_something_and_not_too_much():
    assert check_words("note", "  going home \0 ") == "going home"
    assert check_words("reason", " ", needed=False) == ""
    with pytest.raises(BadValue):
        check_words("note", " \0 ")
    with pytest.raises(BadValue):
        check_words("note", "x" * (LONGEST_NOTE + 1))
