"""Opening hours as the public reads them."""

from datetime import time

import pytest

from models.calendars import CalendarVersion, Window
from models.opening import opening_words

NINE, FIVE, TEN, TWO, MIDNIGHT = time(9), time(17), time(10), time(14), time()


def words(*windows):
    return opening_words(CalendarVersion(1, None, "Europe/London", windows))


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        ([Window(day, NINE, FIVE) for day in range(5)], "Monday to Friday 09:00 to 17:00"),
        (
            [*(Window(day, NINE, FIVE) for day in range(5)), Window(5, TEN, TWO)],
            "Monday to Friday 09:00 to 17:00, Saturday 10:00 to 14:00",
        ),
        ([Window(5, TEN, TWO), Window(6, TEN, TWO)], "Saturday and Sunday 10:00 to 14:00"),
        ([Window(0, TWO, MIDNIGHT), Window(0, NINE, TEN)], "Monday 09:00 to 10:00 and 14:00 to midnight"),
        ([Window(day, MIDNIGHT, MIDNIGHT) for day in range(7)], "at all hours"),
        ([Window(2, MIDNIGHT, MIDNIGHT)], "Wednesday all day"),
        ([Window(0, NINE, FIVE), Window(2, NINE, FIVE)], "Monday 09:00 to 17:00, Wednesday 09:00 to 17:00"),
        ([], ""),
    ],
)
def test_days_with_the_same_hours_are_said_together(windows, said):
    assert words(*windows) == said


def test_without_a_calendar_nothing_is_known():
    assert opening_words(None) == ""
