from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reporting import DAYS_SHOWN, LONGEST, PRESETS, ReportFilters, buckets, preset, report_filters_from

TODAY = date(2026, 11, 25)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def of(**fields):
    return report_filters_from(fields, TODAY)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("7d", date(2026, 11, 19), TODAY),
        ("28d", date(2026, 10, 29), TODAY),
        ("90d", date(2026, 8, 28), TODAY),
        ("month", date(2026, 11, 1), TODAY),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("year", date(2025, 11, 26), TODAY),
    ],
)
def test_presets_end_today_or_with_last_month(period, first, last):
    found = of(period=period)
    assert (found.period, found.first, found.last) == (period, first, last)


def test_without_a_period_the_last_28_days_are_shown():
    assert of() == of(period="28d") == of(period="nonsense") == of(period="custom", **{"from": "2026-11-01"})


def test_a_leap_day_has_a_year_before_it():
    assert preset("year", date(2028, 2, 29)) == (date(2027, 3, 1), date(2028, 2, 29))


def test_chosen_dates_are_put_in_order_and_end_today_at_the_latest():
    assert of(period="custom", **{"from": "2026-12-24", "to": "2026-11-03"}) == ReportFilters(
        "custom", date(2026, 11, 3), TODAY
    )
    assert of(period="custom", **{"from": "2027-01-01", "to": "2027-02-01"}) == ReportFilters("custom", TODAY, TODAY)


def test_no_period_is_longer_than_ten_years():
    found = of(period="custom", **{"from": "2001-01-01", "to": "2026-11-25"})
    assert (found.days, found.last) == (LONGEST, TODAY)


@pytest.mark.parametrize("odd", ["9999-12-31", "0001-01-01", "2026-02-30", "yesterday", "", None, 7, ["x"]])
def test_a_date_that_makes_no_sense_means_the_default(odd):
    assert of(period="custom", **{"from": odd, "to": "2026-11-25"}) == of()


def test_the_period_before_is_as_long_and_ends_the_day_before():
    found = of(period="7d")
    assert found.before == (date(2026, 11, 12), date(2026, 11, 18))


def test_account_and_channel_are_kept():
    found = of(channel="x", account="12")
    assert (found.channel, found.account) == ("x", 12)


@given(first=days, length=st.integers(0, 800))
def test_buckets_cover_every_day_once(first, length):
    filters = ReportFilters("custom", first, first + timedelta(days=length))
    found = list(buckets(filters))
    covered = [a + timedelta(days=n) for a, b in found for n in range((b - a).days + 1)]
    assert covered == [first + timedelta(days=n) for n in range(length + 1)]
    assert filters.by_month == (length + 1 > DAYS_SHOWN)
    assert filters.by_month or all(a == b for a, b in found)


@given(today=days, period=st.sampled_from([key for key, _ in PRESETS if key != "custom"]))
def test_every_preset_is_in_order_and_has_come(today, period):
    first, last = preset(period, today)
    assert first <= last <= today
