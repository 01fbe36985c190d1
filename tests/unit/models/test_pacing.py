from datetime import UTC, datetime, timedelta

import pytest

from models.pacing import (
    BACKLOG,
    LONGEST_PAUSE,
    after_failure,
    after_refusal,
    after_success,
    month_of,
    next_month,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_next_poll_comes_an_interval_after_the_last_one_began():
    assert after_success(NOON, NOON + timedelta(seconds=9), MINUTE) == NOON + MINUTE


def test_a_poll_longer_than_its_interval_is_followed_by_a_breath():
    late = NOON + timedelta(seconds=90)
    assert after_success(NOON, late, MINUTE) == late + timedelta(seconds=1)


def test_a_backlog_goes_on_soon():
    assert after_success(NOON, NOON, MINUTE, more=True) == NOON + BACKLOG


def test_the_network_is_not_asked_before_it_welcomes_us():
    welcome = NOON + timedelta(minutes=7)
    assert after_success(NOON, NOON, MINUTE, more=True, welcome=welcome) == welcome
    assert after_success(NOON, NOON, MINUTE, welcome=NOON) == NOON + MINUTE


def test_each_failure_doubles_the_pause_up_to_a_quarter_of_an_hour():
    pauses = [after_failure(NOON, MINUTE, failures, 0.0) - NOON for failures in (1, 2, 3, 4, 5, 6, 500)]
    assert pauses == [MINUTE * n for n in (1, 2, 4, 8, 15, 15, 15)]


def test_jitter_takes_off_up_to_a_quarter():
    assert after_failure(NOON, MINUTE, 3, 1.0) - NOON == MINUTE * 3
    assert after_failure(NOON, MINUTE, 3, 0.5) - NOON == MINUTE * 3.5


def test_a_longer_interval_of_its_own_is_kept():
    assert after_failure(NOON, timedelta(hours=1), 9, 0.0) - NOON == timedelta(hours=1)
    assert after_refusal(NOON, timedelta(hours=1)) - NOON == timedelta(hours=1)


def test_a_refused_account_is_asked_every_quarter_of_an_hour():
    assert after_refusal(NOON, MINUTE) - NOON == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("at", "first"), [((2026, 11, 30), (2026, 12, 1)), ((2026, 12, 31), (2027, 1, 1)), ((2027, 1, 31), (2027, 2, 1))]
)
def test_a_month_ends_where_the_next_begins(at, first):
    assert next_month(datetime(*at, 23, 59, tzinfo=UTC)) == datetime(*first, tzinfo=UTC)
    assert month_of(next_month(datetime(*at, tzinfo=UTC))) == f"{first[0]}-{first[1]:02d}"
