"""Weekly hours as a person types them."""

from datetime import time

import pytest

from models.problems import BadValue
from models.weeks import spans_from, spans_text, week_from, week_texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("closed", ""),
        ("All day", "all day"),
        ("9-17", "09:00-17:00"),
        ("09:00–17:30", "09:00-17:30"),
        ("09:00-12:00, 13:00-17:00", "09:00-12:00, 13:00-17:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("13:00-24:00", "13:00-00:00"),
        ("00:00-24:00", "all day"),
    ],
)
def test_a_day_is_read_as_it_is_meant(typed, kept):
    assert spans_text(spans_from(typed, "Monday")) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "9 to 5",
        "25:00-26:00",
        "09:00",
        "9:60-10:00",
        "-",
        "a-b",
        "09:00-13:00, 12:00-17:00",
        "22:00-06:00, 08:00-09:00",
    ],
)
def test_what_is_no_time_of_day_is_refused_with_the_day(typed):
    with pytest.raises(BadValue) as refused:
        spans_from(typed, "Tuesday")
    assert refused.value.field == "Tuesday"


def test_a_week_is_seven_texts_both_ways():
    texts = ("09:00-17:00",) * 5 + ("", "10:00-12:00, 14:00-16:00")
    windows = week_from(texts)
    assert len(windows) == 7
    assert windows[0].opens == time(9)
    assert week_texts(reversed(windows)) == texts
