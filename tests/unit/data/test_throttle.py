"""Guessing is slowed down, and nobody can lock everybody else out."""

from datetime import UTC, datetime, timedelta

import pytest

from data import throttle as throttles
from data.throttle import BY_ADDRESS, BY_NAME, BY_PAIR, WINDOW, Throttle
from models.problems import TooManyTries

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def guess(throttle, times, name="ann", address="192.0.2.1"):
    for number in range(times):
        throttle.begin(name.format(number), address.format(number), True, NOW)


def test_a_few_slips_are_nobodys_business():
    throttle = Throttle()
    guess(throttle, BY_PAIR - 1)
    throttle.begin("ann", "192.0.2.1", False, NOW)


def test_a_name_from_one_address_has_to_wait():
    throttle = Throttle()
    guess(throttle, BY_PAIR)
    with pytest.raises(TooManyTries) as refused:
        throttle.begin("ann", "192.0.2.1", True, NOW + SECOND)
    assert refused.value.wait == WINDOW - SECOND
    throttle.begin("ann", "192.0.2.1", True, NOW + WINDOW)


def test_others_behind_the_same_address_are_not_locked_out():
    throttle = Throttle()
    guess(throttle, BY_PAIR)
    throttle.begin("bob", "192.0.2.1", False, NOW)


def test_the_person_guessed_at_still_signs_in_from_elsewhere():
    throttle = Throttle()
    guess(throttle, BY_PAIR)
    throttle.begin("ann", "198.51.100.7", False, NOW)


def test_many_names_from_one_address_have_to_wait():
    throttle = Throttle()
    guess(throttle, BY_ADDRESS, name="user{}")
    with pytest.raises(TooManyTries):
        throttle.begin("bob", "192.0.2.1", True, NOW)


def test_tries_that_nobody_has_answered_yet_count_too():
    throttle = Throttle()
    guess(throttle, BY_PAIR)
    with pytest.raises(TooManyTries):
        throttle.begin("ann", "192.0.2.1", True, NOW)


def test_a_try_that_nobody_looked_at_counts_nowhere():
    throttle = Throttle()
    for _ in range(2 * BY_ADDRESS):
        throttle.begin("ann", "192.0.2.1", False, NOW)
        throttle.unseen("ann", "192.0.2.1")


def test_signing_in_again_and_again_is_no_guessing():
    throttle = Throttle()
    for _ in range(2 * BY_ADDRESS):
        throttle.begin("ann", "192.0.2.1", False, NOW)
        throttle.right("ann", "192.0.2.1")


def test_every_address_of_one_household_is_one():
    throttle = Throttle()
    guess(throttle, BY_PAIR, address="2001:db8:1:2::{:x}")
    with pytest.raises(TooManyTries):
        throttle.begin("ann", "2001:db8:1:2:ffff::1", True, NOW)
    throttle.begin("ann", "2001:db8:1:3::1", True, NOW)


def test_an_address_is_one_whichever_way_it_is_written():
    throttle = Throttle()
    guess(throttle, BY_PAIR, address="::ffff:192.0.2.1")
    with pytest.raises(TooManyTries):
        throttle.begin("ann", "192.0.2.1", True, NOW)


def test_a_clock_that_is_set_back_locks_nobody_out_for_longer():
    throttle = Throttle()
    guess(throttle, BY_PAIR)
    throttle.begin("ann", "192.0.2.1", True, NOW - 4 * WINDOW)


def test_a_name_guessed_from_everywhere_is_closed_to_strangers_only():
    throttle = Throttle()
    guess(throttle, BY_NAME, address="192.0.2.{}")
    with pytest.raises(TooManyTries):
        throttle.begin("ann", "198.51.100.7", False, NOW)
    throttle.begin("ann", "198.51.100.7", True, NOW)


def test_signing_in_forgets_the_slips_before_it():
    throttle = Throttle()
    guess(throttle, BY_PAIR)
    throttle.right("ann", "192.0.2.1")
    throttle.begin("ann", "192.0.2.1", True, NOW)


def test_a_flood_of_names_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(throttles, "MOST_KEYS", 50)
    throttle = Throttle()
    guess(throttle, 500, name="user{}", address="192.0.2.{}")
    assert len(throttle._tries) == 50
