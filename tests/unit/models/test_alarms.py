"""Whom an alarm calls, when it climbs, and what is quiet: plain arithmetic."""

from datetime import UTC, datetime, time, timedelta

import pytest

from models.alarms import Alarm, AlarmCause, AlarmKind, AlarmWays, Cause, Deadline, Person, given, is_for, is_quiet
from models.alarms import next_climb as climbs_at
from models.problems import BadValue

NOW = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
WAYS = {"workspace_id": 1, "audit_id": 1}
ANN = Person(1, frozenset({7}), claims=True, moves_work=False)
SAM = Person(2, frozenset(), claims=True, moves_work=True)
DAN = Person(3, frozenset({9}), claims=False, moves_work=False)


def minutes(number):
    return timedelta(minutes=number)


def alarm(**facts):
    values = {"kind": "breached", "raised": NOW, "climbs": NOW + minutes(5), **facts}
    return Alarm(workspace_id=1, audit_id=1, **values)


def test_the_ladder_goes_from_the_team_to_supervisors_to_the_duty_officer():
    called = [[is_for(step, 7, 9, person) for person in (ANN, SAM, DAN)] for step in range(3)]
    assert called == [[True, False, False], [True, True, False], [True, True, True]]


def test_without_a_team_everybody_who_claims_is_called_first():
    assert [is_for(0, None, 9, person) for person in (ANN, SAM, DAN)] == [True, True, False]


def test_an_alarm_climbs_at_its_instants_until_it_is_acknowledged():
    ways = AlarmWays(**WAYS, duty_team_id=9)
    found = alarm()
    assert found.climb(ways) == "supervisor"
    assert found.climbs == NOW + minutes(15), "from when the step was due, however late the chore comes"
    assert found.acknowledge(1, NOW + minutes(6))
    assert found.climbs is None
    assert not found.acknowledge(2, NOW + minutes(7)), "the first one has it"
    assert found.acknowledged_by == 1
    with pytest.raises(ValueError, match="nobody waits"):
        found.climb(ways)


def test_without_duty_officers_the_ladder_ends_at_the_supervisors():
    assert climbs_at(0, NOW, AlarmWays(**WAYS)) == NOW + minutes(5)
    assert climbs_at(1, NOW, AlarmWays(**WAYS)) is None
    assert climbs_at(2, NOW, AlarmWays(**WAYS, duty_team_id=9)) is None


def test_what_is_over_needs_nobody():
    found = alarm()
    found.clear(NOW + minutes(1))
    found.clear(NOW + minutes(2))
    assert (found.cleared, found.climbs, found.open) == (NOW + minutes(1), None, False)
    assert not found.acknowledge(1, NOW)


def test_a_cause_of_the_top_grade_stands_alone():
    assert Cause(AlarmKind.RISK, "m", NOW, rank=1).alone
    assert not any(Cause(AlarmKind.RISK, "m", NOW, rank=rank).alone for rank in (None, 2))


def test_lag_counts_from_when_it_could_be_known():
    facts = {"alarm_id": 1, "kind": "breached", "key": "k", **WAYS}
    late = AlarmCause(fell=NOW, known=NOW + minutes(3), raised=NOW + minutes(4), **facts)
    assert late.lag == minutes(1)
    assert AlarmCause(fell=NOW + minutes(9), known=NOW, raised=NOW, **facts).lag == minutes(0)


def test_where_both_instants_have_passed_only_the_breach_is_told():
    row = Deadline(workspace_id=1, turn_id=1, conversation_id=1, account_id=1, rank=3, soon=NOW, due=NOW, known=NOW)
    row.due = NOW + minutes(10)
    assert [row.told_of(NOW + minutes(n)) for n in (-1, 0, 9, 10)] == [None, "due soon", "due soon", "breached"]


@pytest.mark.parametrize(
    ("begins", "ends", "at", "quiet"),
    [
        (22 * 60, 6 * 60, time(23), True),
        (22 * 60, 6 * 60, time(5, 59), True),
        (22 * 60, 6 * 60, time(6), False),
        (9 * 60, 17 * 60, time(9), True),
        (9 * 60, 17 * 60, time(17), False),
        (None, None, time(3), False),
    ],
)
def test_quiet_hours_may_cross_midnight(begins, ends, at, quiet):
    assert is_quiet(AlarmWays(**WAYS, quiet_from=begins, quiet_until=ends), at) is quiet


@pytest.mark.parametrize(
    "facts",
    [
        {"soon_share": 0.01},
        {"supervisor_seconds": 5},
        {"duty_seconds": 90_000},
        {"budget": 0},
        {"fresh_seconds": 400},
        {"unwatched_seconds": -1},
        {"quiet_from": 60},
        {"quiet_from": 60, "quiet_until": 1440},
    ],
)
def test_ways_that_make_no_sense_are_refused(facts):
    AlarmWays(**WAYS).check()
    with pytest.raises(BadValue):
        AlarmWays(**WAYS, **facts).check()


def test_what_each_operator_was_given():
    assert given([(0, None), (1, 7), (2, None)], 9, [ANN, SAM, DAN]) == {1: 3, 2: 3, 3: 1}
