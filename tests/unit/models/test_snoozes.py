"""Until when: every choice on the workspace's clock, through the change of the clocks too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.problems import BadValue
from models.snoozes import LENGTHS, OWN, PRESETS, until

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = datetime(2026, 7, 15, 14, 30, tzinfo=UTC)


def asked(choice, day="", clock="", now=WEDNESDAY):
    return until(choice, day, clock, now, LONDON)


@pytest.mark.parametrize("key", LENGTHS)
def test_a_length_counts_from_now(key):
    assert asked(key) == WEDNESDAY + timedelta(minutes=int(key))


def test_mornings_are_those_of_the_workspace():
    assert asked("tomorrow") == datetime(2026, 7, 16, 7, tzinfo=UTC)
    assert asked("monday") == datetime(2026, 7, 20, 7, tzinfo=UTC)
    assert asked("monday", now=datetime(2026, 7, 20, 5, tzinfo=UTC)) == datetime(2026, 7, 27, 7, tzinfo=UTC)
    assert asked("tomorrow", now=datetime(2026, 10, 24, 12, tzinfo=UTC)) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_every_choice_on_offer_means_an_instant():
    assert all(asked(key) > WEDNESDAY for key, _ in PRESETS)


def test_a_time_of_ones_own_is_local():
    assert asked(OWN, "2026-07-16", "09:15") == datetime(2026, 7, 16, 8, 15, tzinfo=UTC)
    assert asked(OWN, "2026-12-01", "09:15") == datetime(2026, 12, 1, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "day", "clock"),
    [
        (OWN, "", ""),
        (OWN, None, None),
        (OWN, "2026-07-16", "25:00"),
        (OWN, "16/07/2026", "09:00"),
        ("", "", ""),
        ("x", "", ""),
    ],
)
def test_what_makes_no_sense_is_refused(choice, day, clock):
    with pytest.raises(BadValue):
        asked(choice, day, clock)
