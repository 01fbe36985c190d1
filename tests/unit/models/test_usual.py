"""What is usual for an hour of the week."""

import pytest

from models.usual import usual


def test_one_odd_week_does_not_widen_what_is_usual():
    calm = usual([10, 11, 9, 10, 12, 10, 9, 10])
    odd = usual([10, 11, 9, 10, 12, 10, 9, 400])
    assert calm == odd
    assert (calm.median, round(calm.low, 1), round(calm.high, 1)) == (10, 3.7, 16.3)


def test_a_spread_wider_than_chance_is_kept():
    assert usual([10, 20, 30, 40, 50]).high == pytest.approx(30 + 2 * 14.826)


def test_nothing_is_less_than_nothing():
    assert usual([0, 0, 0, 1]).low == 0
    assert usual([0] * 8).high == 2
