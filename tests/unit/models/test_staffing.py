"""How many people an hour needs, and what a shift would cover."""

from datetime import timedelta

import pytest

from models.staffing import LENGTHS, best, covered, needed, needed_by_hour, uncovered, waits, within

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("people", "load", "chance"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (8, 5.0, 0.1673), (14, 10.0, 0.1741), (3, 3.0, 1.0)]
)
def test_the_chance_to_wait_is_that_of_the_tables(people, load, chance):
    assert waits(people, load) == pytest.approx(chance, abs=1e-4)


def test_a_hundred_an_hour_of_three_minutes_need_eight_people_for_eighty_per_cent_within_twenty_seconds():
    three, twenty = 3 * MINUTE, timedelta(seconds=20)
    assert within(8, 100, three, twenty) == pytest.approx(0.8801, abs=1e-4)
    assert within(7, 100, three, twenty) < 0.8
    assert needed(100, three, twenty, 0.8) == 8


def test_a_queue_that_only_grows_meets_no_target_and_nothing_needs_nobody():
    assert (within(3, 60, 3 * MINUTE, MINUTE), within(0, 0, MINUTE, MINUTE)) == (0.0, 1.0)
    assert (needed(0, MINUTE, MINUTE, 0.9), needed(0.1, MINUTE, MINUTE, 0.9)) == (0, 1)
    assert needed(1e9, MINUTE, MINUTE, 0.9) >= 500


def test_more_messages_never_need_fewer_people():
    found = [needed(n, 11 * MINUTE, 5 * MINUTE, 0.9) for n in range(60)]
    assert found == sorted(found)
    assert needed_by_hour([[None, 0, 20.0]], 11 * MINUTE, 5 * MINUTE, 0.9) == ((None, 0, found[20]),)


WEEK = [[float(hour) for hour in range(24)] for _ in range(7)]
OFFICE = [[float(day < 5 and 9 <= hour < 17) for hour in range(24)] for day in range(7)]


def test_what_comes_while_nobody_is_there():
    left = uncovered(WEEK, OFFICE)
    assert (left[0][8], left[0][9], left[0][17], left[6][12]) == (8, 0, 17, 12)
    assert uncovered([[None, 4.0, 4.0]], [[0.0, 0.25, None]]) == ((None, 3.0, None),)


def test_a_shift_meets_what_comes_in_its_hours_past_midnight_and_past_sunday():
    left = uncovered(WEEK, OFFICE)
    assert covered(left, "weekdays", 17, 4) == 5 * (17 + 18 + 19 + 20)
    assert covered(left, "weekend", 22, 4) == 2 * (22 + 23 + 0 + 1)
    assert covered(left, "all", 12, 4) == 2 * (12 + 13 + 14 + 15)
    assert best(left, "weekdays", 4) == 20
    assert max(covered(left, "all", 0, hours) for hours in LENGTHS) < sum(map(sum, left))


def test_the_best_beginning_beats_every_other():
    left = uncovered(WEEK, OFFICE)
    for hours in LENGTHS:
        found = covered(left, "all", best(left, "all", hours), hours)
        assert found == max(covered(left, "all", begins, hours) for begins in range(24))
