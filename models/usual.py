"""What is usual for an hour of the week: the median of past weeks and the range that chance keeps within."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

SCALE = 1.4826
"""What the median absolute deviation is multiplied by to stand for a standard deviation of normal data."""
WIDE = 2
"""Robust deviations to either side: one hour in twenty lies beyond."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Messages of an hour: the median, and from where to where is usual. ``low`` is never below 0."""

    median: float
    low: float
    high: float


def usual(counts: Sequence[int]) -> Usual:
    """The usual range by the counts of the same hour in past weeks.

    The spread is the median absolute deviation (P. Rousseeuw, C. Croux, Alternatives to the median absolute deviation,
    1993), and at least what chance brings to a count. Raises ``statistics.StatisticsError`` without counts.
    """
    middle = float(median(counts))
    spread = max(SCALE * median(abs(count - middle) for count in counts), sqrt(max(middle, 1.0)))
    return Usual(middle, max(middle - WIDE * spread, 0.0), middle + WIDE * spread)
