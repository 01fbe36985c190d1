"""Whom to call, and until when: fair, nobody twice, and nobody whose accreditation ran out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.asking import Candidate, calls_until, first_fitting

NOW = datetime(2026, 6, 25, 22, 0, tzinfo=UTC)
TODAY = date(2026, 6, 25)
ANN = Candidate(1, NOW - timedelta(hours=2), None, held=1)
LONDON = ZoneInfo("Europe/London")


def test_who_holds_fewest_is_called_and_then_who_is_longest_on_duty():
    bob = replace(ANN, user_id=2, held=0)
    early = replace(ANN, user_id=3, held=0, since=NOW - timedelta(hours=5))
    assert first_fitting([ANN, bob], (), TODAY) == bob
    assert first_fitting([ANN, bob, early], (), TODAY) == early
    assert first_fitting([ANN, bob, early], {3, 2}, TODAY) == ANN
    assert first_fitting([ANN], {1}, TODAY) is None


def test_an_accreditation_that_ran_out_is_never_called():
    last_day = replace(ANN, until=TODAY)
    assert first_fitting([last_day], (), TODAY) == last_day
    assert first_fitting([last_day], (), TODAY + timedelta(days=1)) is None


def test_a_call_lasts_five_minutes_and_never_past_the_accreditation():
    assert calls_until(NOW, None, LONDON) == NOW + timedelta(minutes=5)
    assert calls_until(NOW, TODAY, LONDON) == NOW + timedelta(minutes=5)
    late = NOW + timedelta(minutes=58)
    assert calls_until(late, TODAY, LONDON) == NOW + timedelta(hours=1), "midnight in London's summer is 23:00 UTC"
