"""When a workspace is open: METRICS.md, "Calendars". The slow second opinion is in calendar_oracle.py."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendars import (
    Calendar,
    CalendarVersion,
    DatedException,
    NeverOpens,
    Window,
    bank_holidays,
)
from models.problems import Problem
from tests.unit.models.calendar_oracle import ASKED_MINUTES, MINUTE, bases, calendars, open_minutes

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
OFFICE = tuple(Window(day, time(8), time(18)) for day in range(5))


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendar(windows=OFFICE, **facts) -> Calendar:
    return Calendar(
        (CalendarVersion(1, facts.pop("begins", None), facts.pop("zone", "Europe/London"), windows, **facts),)
    )


def hours_of(day: str, **facts) -> list[tuple[str, str]]:
    """The open windows of one London day in London time."""
    begin = london(day)
    windows = calendar(**facts).open_windows(begin, begin + timedelta(days=1))
    return [tuple(f"{at.astimezone(LONDON):%H:%M}" for at in window) for window in windows]


# The rules, one by one


def test_a_day_may_have_several_windows():
    windows = (Window(0, time(8), time(12)), Window(0, time(13), time(17)))
    assert hours_of("2026-06-01", windows=windows) == [("08:00", "12:00"), ("13:00", "17:00")]


def test_windows_that_overlap_or_touch_count_once():
    windows = (Window(0, time(8), time(12)), Window(0, time(10), time(13)), Window(0, time(13), time(14)))
    assert hours_of("2026-06-01", windows=windows) == [("08:00", "14:00")]


def test_a_window_over_midnight_belongs_to_the_date_on_which_it_opens():
    late = calendar((Window(6, time(22), time(6)),), nation="England")
    begin, end = london("2026-05-03T12:00"), london("2026-05-04T12:00")
    assert late.open_windows(begin, end) == [(london("2026-05-03T22:00"), london("2026-05-04T06:00"))]
    closed_on_sunday = calendar(
        (Window(6, time(22), time(6)),), exceptions=(DatedException(date(2026, 5, 3), (), "x"),)
    )
    assert closed_on_sunday.open_windows(begin, end) == []


def test_equal_times_are_twenty_four_hours():
    day = calendar((Window(2, time(9), time(9)),))
    assert day.open_windows(utc("2026-06-01"), utc("2026-06-08")) == [
        (london("2026-06-03T09:00"), london("2026-06-04T09:00"))
    ]


def test_an_opening_instant_is_open_and_a_closing_instant_is_not():
    assert calendar().is_open(london("2026-06-01T08:00"))
    assert calendar().is_open(london("2026-06-01T17:59:59.999999"))
    assert not calendar().is_open(london("2026-06-01T18:00"))
    assert not calendar().is_open(london("2026-06-01T07:59:59.999999"))


def test_a_bank_holiday_beats_the_week():
    assert hours_of("2026-05-04", nation="England") == []
    assert hours_of("2026-05-04") == [("08:00", "18:00")]


def test_a_bank_holiday_may_have_hours_of_its_own():
    assert hours_of("2026-05-04", nation="Wales", holiday_windows=((time(10), time(12)),)) == [("10:00", "12:00")]
    assert hours_of("2026-05-05", nation="Wales", holiday_windows=((time(10), time(12)),)) == [("08:00", "18:00")]


def test_a_service_that_works_on_bank_holidays_keeps_its_week():
    assert hours_of("2026-05-04", nation="England", closed_on_holidays=False) == [("08:00", "18:00")]


def test_an_exception_beats_the_bank_holiday_and_the_week():
    open_day = DatedException(date(2026, 5, 4), ((time(9), time(10)),), "open day")
    shut = DatedException(date(2026, 5, 5), (), "training")
    assert hours_of("2026-05-04", nation="England", exceptions=(open_day, shut)) == [("09:00", "10:00")]
    assert hours_of("2026-05-05", nation="England", exceptions=(open_day, shut)) == []


@pytest.mark.parametrize(
    ("opens", "closes", "begin", "end", "hours"),
    [
        (time(1, 15), time(1, 45), "2026-03-29T00:00", "2026-03-30T00:00", 0),
        (time(0, 30), time(1, 15), "2026-03-29T00:00", "2026-03-30T00:00", 0.5),
        (time(1, 15), time(1, 45), "2026-10-25T00:00", "2026-10-26T00:00", 1.5),
        (time(0), time(0), "2026-03-29T00:00", "2026-03-30T00:00", 23),
        (time(0), time(0), "2026-10-25T00:00", "2026-10-26T00:00", 25),
    ],
)
def test_clock_changes_missing_times_are_the_change_and_doubled_ones_the_widest(opens, closes, begin, end, hours):
    assert calendar((Window(6, opens, closes),)).open_between(london(begin), london(end)) == hours * HOUR


def test_a_missing_time_is_the_exact_instant_of_the_change_whatever_the_zone_or_the_seconds():
    odd = calendar((Window(6, time(2, 10, 30, 500), time(5)),), zone="Australia/Lord_Howe")
    assert odd.open_windows(utc("2026-10-03T12:00"), utc("2026-10-04T00:00")) == [
        (utc("2026-10-03T15:30"), utc("2026-10-03T18:00"))
    ]


def test_without_a_calendar_it_is_always_open_and_neither_in_nor_out_of_hours():
    begin, end = utc("2026-06-06T00:00"), utc("2026-07-20T00:00")
    none = Calendar()
    assert none.in_force(begin) is None
    assert none.is_open(begin)
    assert none.hours_status(begin) == "none"
    assert none.open_between(begin, end) == end - begin
    assert none.open_windows(begin, end) == [(begin, end)]
    assert none.add_open(begin, timedelta(days=1000)) == begin + timedelta(days=1000)


def test_before_its_first_version_there_is_no_calendar():
    first = utc("2026-06-01T10:00")
    young = calendar((), begins=first)
    assert young.hours_status(first - MINUTE) == "none"
    assert young.hours_status(first) == "out"
    assert young.open_between(first - HOUR, first + HOUR) == HOUR


def test_each_instant_is_judged_by_the_version_in_force_at_that_instant():
    changed = Calendar(
        (
            CalendarVersion(2, utc("2026-06-03T10:00"), "Europe/London", (Window(2, time(9), time(20)),)),
            CalendarVersion(1, None, "Europe/London", OFFICE),
        )
    )
    begin, end = utc("2026-06-03T00:00"), utc("2026-06-05T00:00")
    assert [version.number for version in changed.versions] == [1, 2]
    assert changed.in_force(utc("2026-06-03T09:59")).number == 1
    assert changed.in_force(utc("2026-06-03T10:00")).number == 2
    assert changed.open_windows(begin, end) == [(london("2026-06-03T08:00"), london("2026-06-03T20:00"))]


def test_of_two_versions_that_begin_together_the_higher_number_holds():
    twice = Calendar(
        (CalendarVersion(8, None, "Europe/London", ()), CalendarVersion(7, None, "Europe/London", OFFICE)),
    )
    assert twice.in_force(utc("2026-06-01T12:00")).number == 8
    assert twice.hours_status(utc("2026-06-01T12:00")) == "out"


def test_hours_status_says_in_or_out():
    assert calendar().hours_status(london("2026-06-01T12:00")) == "in"
    assert calendar().hours_status(london("2026-06-06T12:00")) == "out"


def test_open_time_is_added_from_inside_a_window_and_from_outside_it():
    assert calendar().add_open(london("2026-06-01T10:00"), HOUR) == london("2026-06-01T11:00")
    assert calendar().add_open(london("2026-05-30T10:00"), HOUR) == london("2026-06-01T09:00")
    assert calendar().add_open(london("2026-06-01T08:00"), 10 * HOUR) == london("2026-06-01T18:00")
    assert calendar().add_open(london("2026-05-30T10:00"), 0 * HOUR) == london("2026-05-30T10:00")


def test_a_calendar_that_does_not_open_for_long_enough_says_so():
    begin = utc("2026-06-01T00:00")
    with pytest.raises(NeverOpens) as caught:
        calendar(()).add_open(begin, HOUR)
    assert isinstance(caught.value, Problem)
    assert (caught.value.begin, caught.value.amount) == (begin, HOUR)
    assert "1:00:00" in str(caught.value)


def test_the_search_for_open_time_ends_400_days_beyond_the_time_asked_for():
    opens = utc("2026-06-01T00:00") + timedelta(days=400)
    once = calendar((), zone="UTC", exceptions=(DatedException(opens.date(), ((time(0), time(12)),), "late"),))
    assert once.add_open(opens - timedelta(days=400), HOUR) == opens + HOUR
    with pytest.raises(NeverOpens):
        once.add_open(opens - timedelta(days=400, seconds=1), HOUR)


def test_the_ends_of_time_are_answered_too():
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    office = calendar(nation="England")
    assert office.hours_status(first) == office.hours_status(last) == "out"
    assert Calendar().is_open(first)
    with pytest.raises(NeverOpens):
        office.add_open(last - timedelta(days=1), HOUR)


# What is refused


def test_naive_times_are_refused():
    naive = utc("2026-06-01").replace(tzinfo=None)
    for ask in (calendar().is_open, calendar().hours_status, calendar().in_force):
        with pytest.raises(ValueError, match="no zone"):
            ask(naive)
    with pytest.raises(ValueError, match="no zone"):
        calendar().open_between(utc("2026-06-01T00:00"), naive)
    with pytest.raises(ValueError, match="no zone"):
        calendar().add_open(naive, HOUR)
    with pytest.raises(ValueError, match="no zone"):
        calendar(begins=naive)


def test_an_end_before_its_beginning_and_a_negative_amount_are_refused():
    with pytest.raises(ValueError, match="comes before"):
        calendar().open_between(utc("2026-06-02T00:00"), utc("2026-06-01T00:00"))
    with pytest.raises(ValueError, match="cannot be added"):
        calendar().add_open(utc("2026-06-02T00:00"), -HOUR)


def test_the_order_of_two_times_is_that_of_their_instants_not_of_their_wall_times():
    first, second = london("2026-10-25T01:50"), london("2026-10-25T01:10").replace(fold=1)
    assert Calendar().open_between(first, second) == 20 * MINUTE


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"zone": "Europe/Londn"}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"nation": "Cornwall"}, "not one of England"),
        ({"holiday_windows": ((time(9), time(10)),)}, "need a nation"),
        (
            {"nation": "England", "closed_on_holidays": False, "holiday_windows": ((time(9), time(10)),)},
            "need a nation",
        ),
        ({"nation": "England", "holiday_windows": ((time(9, tzinfo=UTC), time(10)),)}, "local wall time"),
        ({"exceptions": (DatedException(date(2026, 1, 2), (), "a"), DatedException(date(2026, 1, 2), (), "b"))}, "two"),
    ],
)
def test_a_version_that_could_be_read_in_two_ways_is_refused(facts, reason):
    with pytest.raises(ValueError, match=reason):
        calendar(**facts)


def test_a_window_needs_a_weekday_and_wall_times():
    with pytest.raises(ValueError, match="Monday is 0"):
        Window(7, time(8), time(9))
    with pytest.raises(ValueError, match="local wall time"):
        Window(0, time(8), time(9, tzinfo=UTC))
    with pytest.raises(ValueError, match="local wall time"):
        DatedException(date(2026, 1, 2), ((time(8, tzinfo=UTC), time(9)),), "x")


# Bank holidays


def test_a_holiday_on_a_weekend_is_kept_on_its_substitute_day_only():
    assert bank_holidays("England", date(2026, 12, 24), date(2026, 12, 31)) == {
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 28): "Boxing Day (substitute day)",
    }


def test_nations_keep_days_of_their_own():
    august = date(2026, 8, 1), date(2026, 8, 31)
    assert list(bank_holidays("Scotland", *august)) == [date(2026, 8, 3)]
    assert list(bank_holidays("Wales", *august)) == [date(2026, 8, 31)]
    assert date(2026, 7, 13) in bank_holidays("Northern Ireland", date(2026, 7, 1), date(2026, 7, 31))


def test_bank_holidays_run_over_the_turn_of_the_year_with_both_ends_included():
    assert list(bank_holidays("England", date(2025, 12, 26), date(2026, 1, 1))) == [
        date(2025, 12, 26),
        date(2026, 1, 1),
    ]


def test_another_nation_is_refused():
    with pytest.raises(ValueError, match="not one of England"):
        bank_holidays("France", date(2026, 1, 1), date(2026, 1, 2))


# The second opinion, and what must hold for every calendar


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_open_time_equals_a_count_of_minutes(data):
    base = data.draw(bases)
    asked = data.draw(calendars(base))
    oracle = open_minutes(asked, base)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, ASKED_MINUTES)] * 2)))
    begin, end = base + first * MINUTE, base + last * MINUTE
    counted = sum(abs(minute) for minute in oracle[first:last])
    assert asked.open_between(begin, end) == counted * MINUTE
    windows = asked.open_windows(begin, end)
    covered = {int((opens - base) / MINUTE) + n for opens, closes in windows for n in range((closes - opens) // MINUTE)}
    assert covered == {minute for minute in range(first, last) if oracle[minute]}
    assert all(one[1] < other[0] for one, other in zip(windows, windows[1:], strict=False))


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_every_minute_is_in_or_out_of_hours_as_counted(data):
    base = data.draw(bases)
    asked = data.draw(calendars(base))
    words = {1: "in", 0: "out", -1: "none"}
    for minute, answer in enumerate(open_minutes(asked, base)):
        if minute % 7 == 0 or minute % 60 in (0, 30):
            at = base + minute * MINUTE
            assert (asked.hours_status(at), asked.is_open(at)) == (words[answer], answer != 0)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_added_open_time_ends_at_the_minute_that_counting_ends_at(data):
    base = data.draw(bases)
    asked = data.draw(calendars(base))
    first = data.draw(st.integers(0, ASKED_MINUTES - 1))
    open_ones = [minute for minute, answer in enumerate(open_minutes(asked, base)) if answer and minute >= first]
    if open_ones:
        place = data.draw(st.integers(0, len(open_ones) - 1))
        assert asked.add_open(base + first * MINUTE, (place + 1) * MINUTE) == base + (open_ones[place] + 1) * MINUTE


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_version_is_read_back_from_json_as_it_was(data):
    written = data.draw(calendars(data.draw(bases))).versions
    assert tuple(CalendarVersion.from_json(json.loads(json.dumps(one.to_json()))) for one in written) == written


def test_a_version_read_from_json_is_checked_as_any_other():
    stored = CalendarVersion(1, None, "Europe/London", OFFICE).to_json()
    with pytest.raises(ValueError, match="no time zone"):
        CalendarVersion.from_json(stored | {"zone": "Mars/Base"})
    with pytest.raises(KeyError):
        CalendarVersion.from_json({"number": 1})


def test_threads_that_share_a_calendar_get_the_same_answers():
    shared = calendar(nation="England")
    begins = [utc("2020-01-01T00:00") + timedelta(days=9 * n) for n in range(60)]
    alone = [calendar(nation="England").open_between(begin, begin + timedelta(days=40)) for begin in begins]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda begin: shared.open_between(begin, begin + timedelta(days=40)), begins))
    assert together == alone


def test_a_sum_over_years_is_the_sum_of_its_months():
    office = calendar(nation="Scotland")
    edges = [datetime(year, month, 1, tzinfo=UTC) for year in range(2019, 2022) for month in range(1, 13)]
    months = sum((office.open_between(*pair) for pair in zip(edges, edges[1:], strict=False)), timedelta())
    assert months == office.open_between(edges[0], edges[-1]) > timedelta(days=250)
