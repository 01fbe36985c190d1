"""When a surge is one, since when, and when the queue would breach."""

from datetime import UTC, datetime, timedelta
from math import exp, factorial

import pytest

from models.surges import Desk, Expected, breach, burst, expected, most

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUIET = Expected(6.0, 1.0)
TARGET = timedelta(minutes=30)


def minutes(*ago):
    return sorted(NOW - one * MINUTE for one in ago)


def quiet(_at):
    return QUIET


def test_a_handful_within_five_minutes_of_a_quiet_hour_is_a_surge():
    found = burst(minutes(60, 0.5, 1, 1.2, 2, 2.5, 3, 4, 4.5), NOW, quiet)
    assert (found.count, found.window, found.expected) == (8, 5 * MINUTE, 0.5)
    assert found.since == NOW - 4.5 * MINUTE


def test_what_the_hour_usually_brings_is_none():
    assert burst(minutes(*range(0, 120, 9)), NOW, quiet) is None
    busy = minutes(*(number / 4 for number in range(480)))
    assert burst(busy, NOW, lambda _at: Expected(240.0, 1.5)) is None


def test_it_goes_on_through_a_lull_and_then_is_over():
    at = minutes(*(9 + number / 10 for number in range(20)))
    assert burst(at, NOW, quiet).since == NOW - timedelta(minutes=10.9)
    assert burst(at, NOW + 8 * MINUTE, quiet).since == NOW - timedelta(minutes=10.9)
    assert burst(at, NOW + 20 * MINUTE, quiet) is None


def test_where_too_few_weeks_are_known_nothing_is_judged():
    assert burst(minutes(*(number / 20 for number in range(100))), NOW, lambda _at: None) is None


def test_it_swells_slowly_and_is_found_by_the_longer_window():
    at = minutes(*(number * 1.4 for number in range(11)))
    assert burst(at, NOW, quiet).window == 15 * MINUTE


def test_a_surge_of_the_past_does_not_hide_the_next():
    calm, stormy = expected([5, 6, 4, 5, 7, 5, 6, 4]), expected([5, 6, 4, 5, 7, 5, 6, 300])
    assert stormy.mean < calm.mean + 2
    assert most(round(stormy.mean / 12, 4), round(stormy.dispersion, 2)) <= 12


def test_a_wider_spread_asks_for_more():
    assert most(0.01, 1.0) == 5
    assert most(2.0, 1.0) < most(2.0, 3.0) < most(20.0, 3.0)
    assert most(0.5, 1.0) == 7


def test_chance_reaches_the_limit_as_seldom_as_said():
    limit = most(4.0, 1.0)
    tail = 1 - sum(exp(-4) * 4**count / factorial(count) for count in range(limit))
    assert tail < 2e-6 <= tail + exp(-4) * 4 ** (limit - 1) / factorial(limit - 1)


@pytest.mark.parametrize(
    ("waiting", "people", "an_hour", "at"),
    [
        (0, 2, 48, timedelta(minutes=60)),
        (12, 2, 48, timedelta(minutes=30)),
        (6, 2, 48, timedelta(minutes=45)),
        (40, 2, 48, timedelta(minutes=30)),
        (0, 2, 24, None),
        (13, 2, 24, timedelta(minutes=30)),
        (0, 0, 6, timedelta(minutes=30)),
    ],
)
def test_at_this_rate_the_queue_breaches(waiting, people, an_hour, at):
    """Two people who take five minutes answer 24 an hour: half an hour's wait is 12 ahead of the last."""
    found = breach(Desk(waiting, people, timedelta(minutes=5), TARGET), an_hour, NOW)
    assert found == (None if at is None else NOW + at)
