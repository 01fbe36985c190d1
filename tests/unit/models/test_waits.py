"""How long somebody waited and when an answer falls due: METRICS.md's truth table, row by row, and its invariants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendars import Calendar, CalendarVersion, DatedException, NeverOpens, Window
from models.waits import Clock, Target, answered_out_of_hours, due, due_after_pause, public_wait, staffed_wait
from tests.unit.models.calendar_oracle import ASKED, BASES, calendars

LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def weekly(*windows: Window, nation: str | None = "England") -> Calendar:
    return Calendar((CalendarVersion(1, None, "Europe/London", windows, nation=nation),))


def office(opens: int, closes: int) -> Calendar:
    return weekly(*(Window(day, time(opens), time(closes)) for day in range(5)))


EIGHT_TO_SIX = office(8, 18)
NINE_TO_SIX = office(9, 18)
NINE_TO_FIVE = office(9, 17)
ALWAYS = Calendar()


def at(text: str) -> datetime:
    """London wall time; after "/" the fold of a doubled hour."""
    wall, _, fold = text.partition("/")
    return datetime.fromisoformat(wall).replace(tzinfo=LONDON, fold=int(fold or 0))


def hours(text: str) -> timedelta:
    whole, minutes = text.split(":")
    return timedelta(hours=int(whole), minutes=int(minutes))


# The truth table


@pytest.mark.parametrize(
    ("calendar", "received", "replied", "public", "staffed", "flag"),
    [
        pytest.param(
            EIGHT_TO_SIX, "2026-06-01T19:00", "2026-06-02T09:00", "14:00", "1:00", False, id="Mon evening, Tue"
        ),
        pytest.param(EIGHT_TO_SIX, "2026-06-01T19:00", "2026-06-02T07:00", "12:00", "0:00", True, id="before opening"),
        pytest.param(NINE_TO_SIX, "2026-06-02T06:00", "2026-06-02T08:45", "2:45", "0:00", True, id="08:45, open 09:00"),
        pytest.param(EIGHT_TO_SIX, "2026-05-04T10:00", "2026-05-05T09:00", "23:00", "1:00", False, id="bank holiday"),
        pytest.param(ALWAYS, "2026-06-06T03:00", "2026-06-07T04:30", "25:30", "25:30", False, id="no calendar"),
    ],
)
def test_the_truth_table_of_waits(calendar, received, replied, public, staffed, flag):
    assert public_wait(at(received), at(replied)) == hours(public)
    assert staffed_wait(calendar, at(received), at(replied)) == hours(staffed)
    assert answered_out_of_hours(calendar, at(received), at(replied)) is flag


def test_the_truth_table_of_due_times():
    assert due(NINE_TO_FIVE, at("2026-06-05T16:30"), Target(3600, Clock.STAFFED)) == at("2026-06-08T09:30")


@pytest.mark.parametrize(
    ("window", "begin", "end", "length"),
    [
        pytest.param((5, time(22), time(6)), "2026-03-28T22:00", "2026-03-29T06:00", "7:00", id="spring night"),
        pytest.param((5, time(22), time(6)), "2026-10-24T22:00", "2026-10-25T06:00", "9:00", id="autumn night"),
        pytest.param((6, time(22), time(6)), "2026-05-03T22:00", "2026-05-04T06:00", "8:00", id="into a bank holiday"),
        pytest.param((6, time(0), time(1, 30)), "2026-10-25T00:00", "2026-10-25T01:30/1", "2:30", id="doubled closing"),
        pytest.param((6, time(1, 30), time(4)), "2026-03-29T01:00", "2026-03-29T04:00", "2:00", id="missing opening"),
    ],
)
def test_the_truth_table_of_whole_windows(window, begin, end, length):
    calendar = weekly(Window(*window))
    opens, closes = at(begin).astimezone(UTC), at(end).astimezone(UTC)
    assert calendar.open_windows(opens - DAY, closes + DAY) == [(opens, closes)]
    assert public_wait(at(begin), at(end)) == hours(length)
    assert staffed_wait(calendar, at(begin), at(end)) == hours(length)
    assert staffed_wait(calendar, opens - DAY, closes + DAY) == hours(length)


# Out of hours


def test_a_reply_after_hours_to_a_message_that_waited_through_open_hours_carries_no_flag():
    assert not answered_out_of_hours(EIGHT_TO_SIX, at("2026-06-01T17:59"), at("2026-06-01T19:00"))
    assert not answered_out_of_hours(EIGHT_TO_SIX, at("2026-06-01T19:00"), at("2026-06-02T19:00"))


def test_a_reply_at_the_opening_instant_was_answered_in_hours():
    assert not answered_out_of_hours(EIGHT_TO_SIX, at("2026-06-01T19:00"), at("2026-06-02T08:00"))
    assert answered_out_of_hours(EIGHT_TO_SIX, at("2026-06-01T18:00"), at("2026-06-01T18:01"))


def test_an_instant_reply_in_hours_carries_no_flag_and_out_of_hours_it_does():
    assert not answered_out_of_hours(EIGHT_TO_SIX, at("2026-06-01T12:00"), at("2026-06-01T12:00"))
    assert answered_out_of_hours(EIGHT_TO_SIX, at("2026-06-01T20:00"), at("2026-06-01T20:00"))


def test_the_public_wait_counts_real_hours_through_a_clock_change():
    assert public_wait(at("2026-03-29T00:30"), at("2026-03-29T02:30")) == HOUR
    assert public_wait(at("2026-10-25T01:50"), at("2026-10-25T01:10/1")) == 20 * MINUTE


# Due, and pauses


def test_a_public_target_falls_due_whatever_the_hour():
    assert due(NINE_TO_FIVE, at("2026-06-06T03:00"), Target(300, Clock.PUBLIC)) == at("2026-06-06T03:05")
    assert due(NINE_TO_FIVE, at("2026-03-29T00:30"), Target(3600, Clock.PUBLIC)) == at("2026-03-29T02:30")


def test_a_target_on_the_staffed_clock_needs_a_calendar_that_opens():
    with pytest.raises(NeverOpens):
        due(weekly(), at("2026-06-06T03:00"), Target(300, Clock.STAFFED))


def test_without_a_calendar_a_staffed_target_falls_due_by_the_wall_clock():
    assert due(ALWAYS, at("2026-06-06T03:00"), Target(14400, Clock.STAFFED)) == at("2026-06-06T07:00")


def test_a_pause_moves_the_due_time_by_its_staffed_time():
    target = Target(4 * 3600, Clock.STAFFED)
    promised = due(NINE_TO_FIVE, at("2026-06-01T10:00"), target)
    assert promised == at("2026-06-01T14:00")
    paused, resumed = at("2026-06-01T11:00"), at("2026-06-02T10:00")
    assert due_after_pause(NINE_TO_FIVE, promised, target, paused, resumed) == at("2026-06-02T13:00")
    night, morning = at("2026-06-01T17:00"), at("2026-06-02T09:00")
    assert due_after_pause(NINE_TO_FIVE, promised, target, night, morning) == promised


def test_a_public_target_never_pauses():
    target = Target(1800, Clock.PUBLIC)
    promised = at("2026-06-01T10:30")
    assert due_after_pause(NINE_TO_FIVE, promised, target, at("2026-06-01T10:10"), at("2026-06-01T12:00")) == promised


def test_what_was_late_when_it_was_paused_is_as_late_when_it_resumes():
    target = Target(3600, Clock.STAFFED)
    paused, resumed = at("2026-06-01T11:00"), at("2026-06-01T15:00")
    moved = due_after_pause(NINE_TO_FIVE, at("2026-06-01T10:30"), target, paused, resumed)
    assert resumed - moved == 30 * MINUTE


# What is refused


def test_naive_times_are_refused():
    aware = at("2026-06-01T11:00")
    naive = aware.replace(tzinfo=None)
    for first, second in ((naive, aware), (aware, naive)):
        with pytest.raises(ValueError, match="no zone"):
            public_wait(first, second)
        with pytest.raises(ValueError, match="no zone"):
            staffed_wait(EIGHT_TO_SIX, first, second)
        with pytest.raises(ValueError, match="no zone"):
            answered_out_of_hours(ALWAYS, first, second)
    for clock in Clock:
        with pytest.raises(ValueError, match="no zone"):
            due(EIGHT_TO_SIX, naive, Target(60, clock))
        with pytest.raises(ValueError, match="no zone"):
            due_after_pause(EIGHT_TO_SIX, naive, Target(60, clock), aware, aware)


def test_a_reply_before_the_message_is_refused():
    first, second = at("2026-06-01T11:00"), at("2026-06-01T10:00")
    for ask in (lambda: public_wait(first, second), lambda: staffed_wait(ALWAYS, first, second)):
        with pytest.raises(ValueError, match="before"):
            ask()
    with pytest.raises(ValueError, match="comes before"):
        due_after_pause(ALWAYS, first, Target(60, Clock.PUBLIC), first, second)


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_target_of_no_time_is_refused(seconds):
    with pytest.raises(ValueError, match="cannot be kept"):
        Target(seconds, Clock.PUBLIC)


# Invariants


@st.composite
def calendar_and_instants(draw: st.DrawFn, count: int):
    """A random calendar near a clock change or a bank holiday, and instants to the microsecond, in order."""
    base = draw(st.sampled_from(BASES))
    offsets = st.one_of(st.integers(0, ASKED * 96).map(lambda n: n * 15 * MINUTE), st.timedeltas(0 * DAY, ASKED * DAY))
    instants = sorted(base + draw(offsets) for _ in range(count))
    return draw(calendars(base)), instants


@settings(max_examples=20, deadline=None)
@given(calendar_and_instants(3))
def test_staffed_is_within_public_additive_over_a_split_and_never_better_for_a_later_reply(case):
    calendar, (started, split, replied) = case
    whole = staffed_wait(calendar, started, replied)
    assert timedelta() <= whole <= public_wait(started, replied)
    assert whole == staffed_wait(calendar, started, split) + staffed_wait(calendar, split, replied)
    assert staffed_wait(calendar, started, split) <= whole
    assert public_wait(started, split) <= public_wait(started, replied)
    if answered_out_of_hours(calendar, started, replied):
        assert whole == timedelta()


@settings(max_examples=15, deadline=None)
@given(calendar_and_instants(1), st.integers(1, 2 * 86400))
def test_due_inverts_the_staffed_wait(case, seconds):
    calendar, (started,) = case
    target = Target(seconds, Clock.STAFFED)
    try:
        promised = due(calendar, started, target)
    except NeverOpens:
        assert staffed_wait(calendar, started, started + 400 * DAY) < target.amount
        return
    tick = timedelta(microseconds=1)
    assert staffed_wait(calendar, started, promised) == target.amount
    assert staffed_wait(calendar, started, promised - tick) == target.amount - tick


@settings(max_examples=12, deadline=None)
@given(calendar_and_instants(3), st.integers(1, 86400))
def test_a_pause_adds_its_staffed_time_to_the_target(case, seconds):
    calendar, (started, paused, resumed) = case
    target = Target(seconds, Clock.STAFFED)
    longer = target.amount + staffed_wait(calendar, paused, resumed)
    try:
        expected = calendar.add_open(started, longer)
    except NeverOpens:
        return
    assert due_after_pause(calendar, due(calendar, started, target), target, paused, resumed) == expected


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
@pytest.mark.parametrize(
    "calendar",
    [
        ALWAYS,
        weekly(*(Window(day, time(0), time(0)) for day in range(7)), nation=None),
        weekly(Window(5, time(22), time(6)), Window(6, time(20), time(3)), Window(0, time(9), time(12))),
        Calendar(
            (
                CalendarVersion(
                    number=1,
                    begins=None,
                    zone="Europe/London",
                    windows=(),
                    exceptions=(DatedException(date(2026, 10, 25), ((time(1), time(1, 30)),), "clock change"),),
                ),
            )
        ),
    ],
    ids=["none", "always", "nights", "exception"],
)
def test_the_hours_of_a_day_sum_to_the_day_on_23_and_25_hour_days_too(day, length, calendar):
    begin = at(f"{day}T00:00").astimezone(UTC)
    end = (at(f"{day}T00:00") + DAY).astimezone(UTC)
    assert public_wait(begin, end) == length * HOUR
    buckets = [staffed_wait(calendar, begin + n * HOUR, begin + (n + 1) * HOUR) for n in range(length)]
    assert sum(buckets, timedelta()) == staffed_wait(calendar, begin, end)
