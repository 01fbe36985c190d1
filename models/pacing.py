"""When an account is asked next: its interval while all is well, ever longer pauses while it is not."""

from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(minutes=15)
"""Between two tries of an account that fails; one whose own interval is longer keeps that."""
SHORTEST = timedelta(seconds=1)
BACKLOG = timedelta(seconds=2)
"""Until the next poll where the network had more than one poll takes."""


def after_success(
    began: datetime, now: datetime, interval: timedelta, more: bool = False, welcome: datetime | None = None
) -> datetime:
    """An interval after the poll began; soon where there is ``more``; never before the network says we are ``welcome``."""
    wanted = now + min(BACKLOG, interval) if more else max(began + interval, now + SHORTEST)
    return max(wanted, welcome) if welcome is not None else wanted


def after_failure(now: datetime, interval: timedelta, failures: int, chance: float) -> datetime:
    """Twice as long after every failure in a row (``failures``, 1 for the first), up to ``LONGEST_PAUSE``.

    ``chance`` (from 0 to 1) takes off up to a quarter, so that accounts that failed together do not return together.
    """
    longest = max(LONGEST_PAUSE, interval)
    doubled = interval * (1 << min(max(failures - 1, 0), 16))
    return now + min(doubled, longest) * (1 - chance / 4)


def after_refusal(now: datetime, interval: timedelta) -> datetime:
    """Asking again will not help before a person acts, so ask seldom."""
    return now + max(LONGEST_PAUSE, interval)


def month_of(at: datetime) -> str:
    """The calendar month (UTC) in which reads are counted, such as ``2026-11``."""
    return at.strftime("%Y-%m")


def next_month(at: datetime) -> datetime:
    """The first instant of the next calendar month (UTC)."""
    first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
