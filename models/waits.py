"""How long somebody waited, on which clock, and when an answer falls due. Definitions: METRICS.md.

Every time is an aware instant; a naive one is refused (ValueError), and so is an end before its beginning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.calendars import Calendar, as_utc


class Clock(StrEnum):
    """What a target is measured on: the wall clock, or open windows only."""

    PUBLIC = "public"
    STAFFED = "staffed"


@dataclass(frozen=True, slots=True)
class Target:
    """The promised time: whole seconds, more than none (ValueError otherwise), on one clock."""

    seconds: int
    clock: Clock

    def __post_init__(self) -> None:
        """Refuse a promise that is broken before it is made."""
        if self.seconds <= 0:
            raise ValueError(f"a target of {self.seconds} seconds cannot be kept")

    @property
    def amount(self) -> timedelta:
        """The promised time as a duration."""
        return timedelta(seconds=self.seconds)


def public_wait(started: datetime, replied: datetime) -> timedelta:
    """Return the wait by the wall clock: never hidden behind office hours, never paused."""
    started, replied = as_utc(started), as_utc(replied)
    if replied < started:
        raise ValueError(f"replied {replied.isoformat()} before started {started.isoformat()}")
    return replied - started


def staffed_wait(calendar: Calendar, started: datetime, replied: datetime) -> timedelta:
    """Return the part of the wait inside open windows. Without a calendar it is the public wait, never 0."""
    return calendar.open_between(started, replied)


def answered_out_of_hours(calendar: Calendar, started: datetime, replied: datetime) -> bool:
    """Say whether the whole wait, with the reply, lay outside open windows.

    This is the flag that stands beside a staffed wait of 0:00, so that nobody reads it as an instant answer. A reply
    sent after hours to a message that had waited through open windows has a staffed wait to show and carries no flag.
    """
    return not calendar.open_between(started, replied) and not calendar.is_open(replied)


def due(calendar: Calendar, started: datetime, target: Target) -> datetime:
    """Return the instant at which the target is used up: the earliest t with wait(started, t) >= target.

    Raises ``NeverOpens`` where the calendar does not open for that long.
    """
    if target.clock is Clock.PUBLIC:
        return as_utc(started) + target.amount
    return calendar.add_open(started, target.amount)


def due_after_pause(
    calendar: Calendar, due_at: datetime, target: Target, paused: datetime, resumed: datetime
) -> datetime:
    """Return the due time after a pause: moved on by the paused staffed time (METRICS.md, "Pausing").

    ``due_at`` is the due time before the pause. The public clock never pauses: its due time stays. What was late when
    it was paused is as late when it resumes. Raises ``NeverOpens`` as ``due`` does.
    """
    moved = calendar.open_between(paused, resumed)
    if target.clock is Clock.PUBLIC:
        return as_utc(due_at)
    return calendar.add_open(due_at, moved)
