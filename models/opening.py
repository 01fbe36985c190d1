"""Opening hours in words, for the public: "Monday to Friday 09:00 to 17:00, Saturday 10:00 to 14:00"."""

from collections.abc import Mapping
from datetime import time

from models.calendars import CalendarVersion, Span

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def opening_words(version: CalendarVersion | None) -> str:
    """The ordinary week of a calendar; empty where nothing is known of it."""
    if version is None or not version.windows:
        return ""
    week: dict[int, tuple[Span, ...]] = {}
    for window in sorted(version.windows, key=lambda one: (one.weekday, one.opens)):
        week[window.weekday] = (*week.get(window.weekday, ()), (window.opens, window.closes))
    if len(week) == len(DAYS) and all(spans == ((time(), time()),) for spans in week.values()):
        return "at all hours"
    return ", ".join(f"{_days(first, last)} {_hours(week[first])}" for first, last in _stretches(week))


def _stretches(week: Mapping[int, tuple[Span, ...]]) -> list[tuple[int, int]]:
    """Days in a row with the same hours, as first and last."""
    found: list[tuple[int, int]] = []
    for day, spans in week.items():
        if found and found[-1][1] == day - 1 and week[found[-1][0]] == spans:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _days(first: int, last: int) -> str:
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]} {'and' if last == first + 1 else 'to'} {DAYS[last]}"


def _hours(spans: tuple[Span, ...]) -> str:
    return " and ".join(
        "all day" if opens == closes else f"{opens:%H:%M} to {'midnight' if closes == time() else f'{closes:%H:%M}'}"
        for opens, closes in spans
    )
