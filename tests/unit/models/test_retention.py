"""When the time of a conversation is over, what a hold keeps, and what a rule may say."""

from datetime import UTC, datetime

import pytest

from models.erased import SMALL, called, may_scour
from models.problems import BadValue
from models.retention import Held, HeldThings, checked_rule, cutoff, reason_of


@pytest.mark.parametrize(
    ("length", "unit", "at", "since"),
    [
        (1, "months", datetime(2027, 3, 31, 9, tzinfo=UTC), datetime(2027, 2, 28, 9, tzinfo=UTC)),
        (1, "months", datetime(2028, 3, 31, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
        (12, "months", datetime(2027, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)),
        (13, "months", datetime(2027, 1, 5, tzinfo=UTC), datetime(2025, 12, 5, tzinfo=UTC)),
        (30, "days", datetime(2027, 3, 31, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_period_ends_on_the_same_day_or_the_last_of_a_short_month(length, unit, at, since):
    assert cutoff(length, unit, at) == since


def test_a_hold_on_either_keeps_a_conversation():
    held = HeldThings({7: "case 3"}, {1: "inquiry"})
    assert (held.why(1, 8), held.why(2, 7), held.why(2, 8)) == ("inquiry", "case 3", "")
    held.refuse([2], [8])
    for conversations, contacts in (([1], []), ([2], [7])):
        with pytest.raises(Held):
            held.refuse(conversations, contacts)


def test_a_rule_says_what_it_fits_and_how_long():
    given = {"name": " Spam ", "outcome": "spam", "topic": "", "length": 30, "unit": "days"}
    assert checked_rule(given) == given | {"name": "Spam", "topic": None, "kind": None}
    bad = (
        {"length": 0},
        {"length": "3"},
        {"length": True},
        {"unit": "years"},
        {"kind": "loud"},
        {"topic": 4},
        {"x": 1},
    )
    for wrong in (*bad, {"name": "a\0b"}, {"name": "everything else"}, {"name": "x" * 101}):
        with pytest.raises(BadValue):
            checked_rule(given | wrong)


def test_a_reason_is_given_and_short():
    assert reason_of(" case  3 ") == "case 3"
    for wrong in ("", " ", "x" * 201):
        with pytest.raises(BadValue):
            reason_of(wrong)


def test_a_large_database_is_cleaned_at_night_and_a_small_one_at_once():
    noon, night = datetime(2027, 1, 5, 12, tzinfo=UTC), datetime(2027, 1, 5, 3, tzinfo=UTC)
    assert (may_scour(SMALL, noon), may_scour(SMALL + 1, noon), may_scour(SMALL + 1, night)) == (True, False, True)


def test_whoever_has_no_handle_is_called_by_name_or_number():
    assert (called(3, "@a", "A"), called(3, " ", "A"), called(3, "", "")) == ("@a", "A", "3")
