"""What an account's connector is said to do, for every course its polls can take."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from data.health import account_state
from models.snapshots import AccountState as S

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Account:
    created: datetime = NOW - 30 * 24 * HOUR
    paused: bool = False
    interval_seconds: int = 60


@dataclass(frozen=True)
class Poll:
    last_attempt: datetime | None = NOW - 20 * SECOND
    last_success: datetime | None = NOW - 20 * SECOND
    last_new: datetime | None = NOW - MINUTE
    next_attempt: datetime | None = NOW + 40 * SECOND
    failures: int = 0
    failing_since: datetime | None = None
    refused: bool = False


ACCOUNT = Account()
WELL = Poll()
FAILING = Poll(last_success=NOW - 5 * MINUTE, failures=2, failing_since=NOW - 4 * MINUTE)


def state(poll, account=ACCOUNT, now=NOW):
    return account_state(poll, account, now)


def test_live_when_the_last_poll_succeeded():
    assert state(WELL) == (S.LIVE, None)


def test_one_failure_changes_nothing():
    once = replace(WELL, failures=1, failing_since=NOW - SECOND)
    assert state(once) == (S.LIVE, None)
    assert state(replace(once, last_new=NOW - 7 * HOUR))[0] is S.QUIET


def test_two_failures_in_a_row_are_failing_since_the_first_of_them():
    assert state(FAILING) == (S.FAILING, NOW - 4 * MINUTE)


@pytest.mark.parametrize(("ago", "found"), [(6 * HOUR - SECOND, S.LIVE), (6 * HOUR, S.QUIET), (90 * HOUR, S.QUIET)])
def test_quiet_when_nothing_new_came_for_six_hours(ago, found):
    assert state(replace(WELL, last_new=NOW - ago))[0] is found


def test_quiet_began_six_hours_after_the_last_new_post():
    assert state(replace(WELL, last_new=NOW - 8 * HOUR)) == (S.QUIET, NOW - 2 * HOUR)


def test_an_account_that_never_had_a_post_is_quiet_six_hours_after_it_was_made():
    never = replace(WELL, last_new=None)
    assert state(never, Account(created=NOW - 5 * HOUR)) == (S.LIVE, None)
    assert state(never, Account(created=NOW - 9 * HOUR)) == (S.QUIET, NOW - 3 * HOUR)


def test_refused_credentials_come_before_everything_but_a_pause():
    refused = replace(FAILING, refused=True)
    assert state(refused) == (S.AUTH, NOW - 4 * MINUTE)
    assert state(replace(refused, last_attempt=NOW - 9 * HOUR, next_attempt=None))[0] is S.AUTH
    assert state(refused, Account(paused=True)) == (S.PAUSED, None)


@pytest.mark.parametrize("poll", [None, WELL, FAILING, replace(WELL, last_attempt=NOW - 9 * HOUR)])
def test_paused_is_paused_whatever_the_polls_did(poll):
    assert state(poll, Account(paused=True)) == (S.PAUSED, None)


@pytest.mark.parametrize("interval", [10, 60, 900])
@pytest.mark.parametrize(("over", "found"), [(-SECOND, S.LIVE), (timedelta(0), S.DEAD), (SECOND, S.DEAD)])
def test_dead_when_nobody_asked_for_three_intervals(interval, over, found):
    last = NOW - 3 * timedelta(seconds=interval) - over
    poll = replace(WELL, last_attempt=last, last_success=last, next_attempt=last + timedelta(seconds=interval))
    assert state(poll, Account(interval_seconds=interval)) == (found, last if found is S.DEAD else None)


def test_an_attempt_put_off_is_waited_for():
    put_off = replace(FAILING, last_attempt=NOW - 10 * MINUTE, next_attempt=NOW - 30 * SECOND)
    assert state(put_off)[0] is S.FAILING
    assert state(put_off, now=NOW + 30 * SECOND) == (S.DEAD, NOW - 10 * MINUTE)


def test_an_attempt_put_off_for_more_than_an_hour_is_no_excuse():
    spent = replace(WELL, last_attempt=NOW - HOUR, last_success=NOW - HOUR, next_attempt=NOW + 200 * HOUR)
    assert state(spent, now=NOW - SECOND)[0] is S.LIVE
    assert state(spent) == (S.DEAD, NOW - HOUR)


@pytest.mark.parametrize("poll", [None, Poll(None, None, None, None)])
def test_new_until_it_is_polled_and_dead_when_it_never_is(poll):
    assert state(poll, Account(created=NOW - 179 * SECOND)) == (S.NEW, NOW - 179 * SECOND)
    assert state(poll, Account(created=NOW - 180 * SECOND)) == (S.DEAD, NOW - 180 * SECOND)


def test_new_while_the_only_poll_has_failed_once():
    once = Poll(last_success=None, last_new=None, failures=1, failing_since=NOW - 20 * SECOND)
    assert state(once, Account(created=NOW - HOUR)) == (S.NEW, NOW - HOUR)
    assert state(replace(once, failures=2))[0] is S.FAILING


def oracle(poll, account):
    """The sentences of the specification, one by one."""
    interval = timedelta(seconds=account.interval_seconds)
    asked = poll.last_attempt if poll else None
    waited_for = poll.next_attempt if poll and asked else None
    if account.paused:
        return S.PAUSED
    if poll and poll.refused:
        return S.AUTH
    silent = NOW - (asked or account.created) >= 3 * interval
    excused = waited_for and waited_for + interval > NOW and asked + HOUR > NOW
    if silent and not excused:
        return S.DEAD
    if poll and poll.failures >= 2:
        return S.FAILING
    if not (poll and poll.last_success):
        return S.NEW
    return S.QUIET if NOW - (poll.last_new or account.created) >= 6 * HOUR else S.LIVE


TIMES = (None, NOW, NOW - 2 * MINUTE, NOW - 3 * MINUTE, NOW - 59 * MINUTE, NOW - 6 * HOUR)


def test_every_combination_is_judged_as_the_specification_says():
    seen = set()
    polls = [
        Poll(last_attempt, last_success, last_new, next_attempt, failures, NOW - MINUTE if failures else None, refused)
        for last_attempt, last_success, last_new in product(TIMES, repeat=3)
        for next_attempt in (None, NOW - 61 * SECOND, NOW - MINUTE, NOW + MINUTE, NOW + 99 * HOUR)
        for failures in (0, 1, 2, 9)
        for refused in (False, True)
    ]
    accounts = [Account(NOW - age, paused) for age in (MINUTE, 3 * MINUTE, 7 * HOUR) for paused in (False, True)]
    for poll, account in product([None, *polls], accounts):
        found = state(poll, account)[0]
        assert found is oracle(poll, account), (poll, account)
        seen.add(found)
    assert seen == set(S)
