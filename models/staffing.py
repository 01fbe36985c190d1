"""How many people an hour needs, and what a shift would cover.

The desk is a queue in order whose people each take one conversation at a time: Erlang's formula for waiting (A. K. Erlang,
Solution of some problems in the theory of probabilities, 1917; N. Gans, G. Koole, A. Mandelbaum, Telephone call centers:
tutorial, review, and research prospects, 2003, 4.2).
"""

from collections.abc import Sequence
from datetime import timedelta
from math import exp

HOUR = timedelta(hours=1)
MOST = 500
"""More people are never worked out."""
WHOLE_WEEK, WEEKDAYS, WEEKEND = "all", "weekdays", "weekend"
DAYS: dict[str, tuple[int, ...]] = {WHOLE_WEEK: tuple(range(7)), WEEKDAYS: tuple(range(5)), WEEKEND: (5, 6)}
"""On which days a shift begins, Monday 0."""
LENGTHS = (4, 6, 8, 10, 12)
"""Hours of a shift."""

Week = Sequence[Sequence[float | None]]


def waits(people: int, load: float) -> float:
    """The chance that somebody has to wait at all: 1 with fewer people than ``load``, the hours of work that come an hour."""
    if people <= load:
        return 1.0
    blocked = 1.0
    for number in range(1, people + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / people * (1 - blocked))


def within(people: int, an_hour: float, handling: timedelta, target: timedelta) -> float:
    """The share of those who come that is taken up within ``target``; 0 where the queue only grows."""
    load = an_hour * (handling / HOUR)
    if people <= load:
        return 0.0 if load else 1.0
    return 1 - waits(people, load) * exp(-(people - load) * (target / handling))


def needed(an_hour: float, handling: timedelta, target: timedelta, aim: float) -> int:
    """The fewest people with whom the share ``aim`` is taken up within ``target``; nobody where nothing comes."""
    if an_hour <= 0:
        return 0
    people = max(int(an_hour * (handling / HOUR)), 1)
    while people < MOST and within(people, an_hour, handling, target) < aim:
        people += 1
    return people


def needed_by_hour(
    week: Week, handling: timedelta, target: timedelta, aim: float
) -> tuple[tuple[int | None, ...], ...]:
    """People for each hour of the week; None where it is not known what comes."""
    return tuple(tuple(None if n is None else needed(n, handling, target, aim) for n in row) for row in week)


def uncovered(week: Week, open_share: Week) -> tuple[tuple[float | None, ...], ...]:
    """Messages an hour that come while nobody is there, by hour of the week; None where that is not known."""
    return tuple(
        tuple(
            None if came is None or opened is None else came * (1 - opened) for came, opened in zip(*rows, strict=True)
        )
        for rows in zip(week, open_share, strict=True)
    )


def covered(left: Week, days: str, begins: int, hours: int) -> float:
    """Messages a week that a further shift would meet, of those in ``left``; it may run past midnight, and past Sunday."""
    places = {divmod((day * 24 + begins + number) % 168, 24) for day in DAYS[days] for number in range(hours)}
    return sum(left[day][hour] or 0.0 for day, hour in places)


def best(left: Week, days: str, hours: int) -> int:
    """The hour at which such a shift would begin to meet most; the earliest of several."""
    return max(range(24), key=lambda begins: (round(covered(left, days, begins, hours), 6), -begins))
