"""For how long a conversation may be snoozed: the choices, and the instants they mean on the workspace's clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.problems import BadValue

OWN = "own"
LENGTHS = {
    "15": timedelta(minutes=15),
    "30": timedelta(minutes=30),
    "60": timedelta(hours=1),
    "120": timedelta(hours=2),
    "240": timedelta(hours=4),
}
MORNING = time(8)
PRESETS = (
    ("30", "30 minutes"),
    ("15", "15 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
    ("tomorrow", "tomorrow, 08:00"),
    ("monday", "Monday, 08:00"),
)
"""Key and words, the usual one first."""


def until(choice: str, day: str, clock: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a choice, or of a day and a time of one's own (as HTML writes them). Raises ``BadValue``."""
    if choice in LENGTHS:
        return now + LENGTHS[choice]
    today = now.astimezone(zone).date()
    if choice == "tomorrow":
        return _at(today + timedelta(days=1), MORNING, zone)
    if choice == "monday":
        return _at(today + timedelta(days=7 - today.weekday()), MORNING, zone)
    if choice != OWN:
        raise BadValue("snooze", "choose until when")
    try:
        return _at(date.fromisoformat(day), time.fromisoformat(clock), zone)
    except (TypeError, ValueError):
        raise BadValue("snooze", "give a day and a time") from None


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time of day there; one that the clock change leaves out is the instant of the change."""
    return datetime.combine(day, clock.replace(tzinfo=None), zone).astimezone(UTC)
