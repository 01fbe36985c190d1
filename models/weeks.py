"""Weekly hours as a person types them: "09:00-17:00, 18:30-20:00" for each weekday, nothing where it is closed."""

from collections.abc import Iterable, Sequence
from datetime import time

from models.calendars import Span, Window
from models.problems import BadValue

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALL_DAY = "all day"


def spans_from(text: str, field: str) -> tuple[Span, ...]:
    """The windows of one day. Raises ``BadValue`` that names the field for what is no time and for windows that overlap."""
    wanted = text.strip().casefold().replace("–", "-")
    if not wanted or wanted == "closed":
        return ()
    if wanted == ALL_DAY:
        return ((time(), time()),)
    spans = tuple(_span(part, field) for part in wanted.split(","))
    ends = [_minutes(closes) or 24 * 60 for _, closes in spans]
    begins = [_minutes(opens) for opens, _ in spans]
    for before, after in zip(range(len(spans) - 1), range(1, len(spans)), strict=True):
        if ends[before] > begins[after] or ends[before] <= begins[before]:
            raise BadValue(field, "give hours in order that do not overlap, such as 09:00-12:00, 13:00-17:00")
    return spans


def week_from(texts: Sequence[str]) -> tuple[Window, ...]:
    """The windows of a week from seven texts, Monday first."""
    return tuple(
        Window(weekday, opens, closes)
        for weekday, text in enumerate(texts)
        for opens, closes in spans_from(text, WEEKDAYS[weekday])
    )


def spans_text(spans: Iterable[Span]) -> str:
    """The windows of one day as they are typed."""
    return ", ".join(
        ALL_DAY if opens == closes == time() else f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans
    )


def week_texts(windows: Iterable[Window]) -> tuple[str, ...]:
    """Seven texts, Monday first."""
    held = sorted(windows, key=lambda one: (one.weekday, one.opens))
    return tuple(spans_text((one.opens, one.closes) for one in held if one.weekday == weekday) for weekday in range(7))


def _span(text: str, field: str) -> Span:
    opens, dash, closes = text.strip().partition("-")
    if not dash:
        raise BadValue(field, "give hours such as 09:00-17:00, all day, or nothing where it is closed")
    return _time(opens, field), _time(closes, field)


def _time(text: str, field: str) -> time:
    hour, _, minute = text.strip().partition(":")
    if not (
        hour.isascii()
        and hour.isdigit()
        and len(hour) <= 2
        and (minute or "00").isascii()
        and (minute or "0").isdigit()
    ):
        raise BadValue(field, f"“{text.strip()[:20]}” is no time of day: write it as 09:00")
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (24, 0):
        return time()
    if hours > 23 or minutes > 59:
        raise BadValue(field, f"“{text.strip()[:20]}” is no time of day: write it as 09:00")
    return time(hours, minutes)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
