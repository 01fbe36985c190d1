"""A surge: more messages than this hour of the week brings, marked within minutes, and when the queue would breach then.

What is expected is the same local hour, and the hours beside it, of past weeks: their mean with outliers pulled in, so that
the surges of the past do not hide the next one. What a window holds is then judged by the upper tail of a negative binomial
with that mean and the spread that was seen; with no more spread than chance brings it is a Poisson's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import exp, log, sqrt
from statistics import fmean, median

from models.usual import SCALE

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WINDOWS = (timedelta(minutes=5), timedelta(minutes=15))
"""How long the windows are that end at each minute: the short one finds what breaks out, the long one what swells."""
RARE = 2e-6
"""How seldom a window may be so full by chance. A week has 10,080 minutes and two windows, most of which overlap."""
FEWEST = 5
"""Fewer messages are never a surge, however quiet the hour."""
LULL = timedelta(minutes=10)
"""A surge goes on through a pause that is no longer."""
LOOK_BACK = timedelta(hours=3)
"""How far back its beginning is looked for."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Messages that an hour brings: the mean, and variance / mean (1 or more)."""

    mean: float
    dispersion: float


@dataclass(frozen=True, slots=True)
class Burst:
    """A surge that goes on: since when, and how many came in the ``window`` that ends now, where so many were ``expected``."""

    since: datetime
    count: int
    window: timedelta
    expected: float


def expected(counts: Sequence[int]) -> Expected:
    """What an hour brings by the counts of hours like it. What lies beyond three robust deviations counts at their edge."""
    middle = median(counts)
    spread = SCALE * median(abs(count - middle) for count in counts)
    edge = middle + 3 * max(spread, sqrt(max(middle, 1)))
    kept = [min(count, edge) for count in counts]
    mean = max(fmean(kept), 0.5 / len(kept))
    variance = fmean((count - mean) ** 2 for count in kept)
    return Expected(mean, max(variance / mean, 1.0))


@lru_cache(maxsize=4096)
def most(mean: float, dispersion: float) -> int:
    """The smallest count of a window that chance reaches more seldom than ``RARE``; never under ``FEWEST``."""
    term = _none(mean, dispersion)
    below, count = 0.0, 0
    while 1 - below >= RARE or count < FEWEST:
        below += term
        count += 1
        term *= _next(mean, dispersion, count)
        if term < 1e-300 and count > mean:
            break
    return max(count, FEWEST)


def _none(mean: float, dispersion: float) -> float:
    """The chance of no message at all."""
    if dispersion <= 1 + 1e-9:
        return exp(-mean)
    return exp(-mean / (dispersion - 1) * log(dispersion))


def _next(mean: float, dispersion: float, count: int) -> float:
    """By what the chance of ``count - 1`` messages is multiplied to give that of ``count``."""
    return (mean / dispersion + (count - 1) * (1 - 1 / dispersion)) / count


def burst(times: Sequence[datetime], now: datetime, known: Callable[[datetime], Expected | None]) -> Burst | None:
    """The surge that goes on at ``now``, None where there is none.

    ``times`` are when messages were sent in the last ``LOOK_BACK``, in order. ``known`` says what the hour of an instant
    brings, None where too few weeks are known: then nothing is judged.
    """
    fullest = max((_judged(times, now, window, known) for window in WINDOWS), key=_excess, default=None)
    since, quiet, at, found = now, timedelta(), now, False
    while quiet <= LULL and at > now - LOOK_BACK:
        if any(_is_full(_judged(times, at, window, known)) for window in WINDOWS):
            found, since, quiet = True, _first(times, at), timedelta()
        at -= MINUTE
        quiet += MINUTE
    if not found or fullest is None:
        return None
    return Burst(since, fullest.count, fullest.window, fullest.expected)


@dataclass(frozen=True, slots=True)
class _Window:
    window: timedelta
    count: int
    expected: float
    limit: int


def _judged(
    times: Sequence[datetime], at: datetime, window: timedelta, known: Callable[[datetime], Expected | None]
) -> _Window | None:
    found = known(at)
    if found is None:
        return None
    mean = round(found.mean * (window / HOUR), 4)
    count = bisect_right(times, at) - bisect_right(times, at - window)
    return _Window(window, count, mean, most(mean, round(found.dispersion, 2)))


def _is_full(found: _Window | None) -> bool:
    return found is not None and found.count >= found.limit


def _excess(found: _Window | None) -> float:
    return -1.0 if found is None else found.count / found.limit


def _first(times: Sequence[datetime], at: datetime) -> datetime:
    """When the messages began that fill the shorter window ending then."""
    place = bisect_left(times, at - WINDOWS[0])
    return times[place] if place < len(times) and times[place] <= at else at


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works against it: ``people`` on the desk now, each of whom takes ``handling`` for a conversation."""

    waiting: int
    people: int
    handling: timedelta
    target: timedelta


def breach(desk: Desk, an_hour: float, now: datetime) -> datetime | None:
    """When somebody's wait passes the target first if ``an_hour`` messages go on to come; None where the desk keeps up.

    A fluid model of a queue served in order (G. F. Newell, Applications of Queueing Theory, 1982, ch. 2): whoever comes when
    B wait and the desk answers m an hour waits B / m. With nobody on the desk the next to come is the first to wait too long.
    """
    served = desk.people * (HOUR / desk.handling)
    if not served:
        return now + desk.target
    growth = an_hour - served
    ahead = served * (desk.target / HOUR) - desk.waiting
    if growth <= 0:
        return None if ahead >= 0 else now + desk.target
    return now + desk.target + HOUR * (max(ahead, 0) / growth)
