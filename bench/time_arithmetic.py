"""How long the questions that intake asks per message take: ``python -m bench.time_arithmetic``.

Microseconds a call, the median and p95 of batches, warmed, on a calendar of two versions with bank holidays and exceptions, at
random instants of two years. Intake's aim is 15 microseconds for each of the first three.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import median, quantiles
from time import perf_counter

from bench.report import report
from models.calendars import Calendar, CalendarVersion, DatedException, Window
from models.quantiles import product_limits

BATCHES, CALLS = 100, 500
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
WEEK = tuple(Window(day, time(7), time(22)) for day in range(5)) + (Window(5, time(22), time(6)),)
EXCEPTIONS = tuple(DatedException(date(2025, month, 10), ((time(9), time(12)),), "short day") for month in range(1, 13))


def calendar() -> Calendar:
    """Two versions: the second begins in the middle of the two years."""
    begins = datetime(2026, 1, 7, 12, tzinfo=UTC)
    return Calendar(
        (
            CalendarVersion(1, None, "Europe/London", WEEK, "England", exceptions=EXCEPTIONS),
            CalendarVersion(2, begins, "Europe/London", WEEK[:5], "Scotland"),
        )
    )


def per_call(ask: Callable[[datetime], object]) -> tuple[float, float]:
    """Median and p95 over batches, in microseconds a call."""
    random = Random(7)
    instants = [FIRST + timedelta(seconds=random.randrange(2 * 365 * 86400)) for _ in range(CALLS)]
    batches = []
    for _ in range(BATCHES + 1):
        begin = perf_counter()
        for instant in instants:
            ask(instant)
        batches.append((perf_counter() - begin) / CALLS * 1e6)
    warmed = batches[1:]
    return median(warmed), quantiles(warmed, n=20)[-1]


def once(ask: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Median and largest of a few single calls, in microseconds."""
    taken = []
    for _ in range(times):
        begin = perf_counter()
        ask()
        taken.append((perf_counter() - begin) * 1e6)
    return median(taken), max(taken)


def figures() -> list[tuple[str, float, float]]:
    """Name, median and p95 (for single calls: the largest), in microseconds."""
    asked, day, hour = calendar(), timedelta(days=1), timedelta(hours=1)
    random = Random(8)
    answered = [random.expovariate(1 / 600) for _ in range(90_000)]
    unanswered = [random.expovariate(1 / 3000) for _ in range(10_000)]
    cold = Calendar((CalendarVersion(1, None, "Europe/Belfast", WEEK, "Northern Ireland"),))
    return [
        ("hours_status", *per_call(asked.hours_status)),
        ("open_between, 26 hours", *per_call(lambda at: asked.open_between(at, at + 26 * hour))),
        ("add_open, 4 hours", *per_call(lambda at: asked.add_open(at, 4 * hour))),
        ("is_open", *per_call(asked.is_open)),
        ("open_between, 365 days", *per_call(lambda at: asked.open_between(at, at + 365 * day))),
        ("a year asked of a cold calendar", *once(lambda: cold.open_between(FIRST, FIRST + 365 * day), 1)),
        ("product_limits of 100,000 turns", *once(lambda: product_limits(answered, unanswered, (0.5, 0.9, 0.95)))),
    ]


def main() -> None:
    """All of it."""
    for name, middle, high in figures():
        report(f"time arithmetic, {name}, p50", middle, "us")
        report(f"time arithmetic, {name}, p95", high, "us")


if __name__ == "__main__":
    main()
