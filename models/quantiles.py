"""Percentiles that count the unanswered, and an interval for a share. Definitions: METRICS.md, "Statistics".

The estimator is the product-limit (Kaplan-Meier) quantile: a turn not yet answered counts as waiting longer than it has
waited so far. Leaving out slow replies therefore never improves a percentile. An earlier reply never worsens one either,
unless it overtakes an unanswered wait: that turn then has fewer longer waits to be shared among.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite, prod, sqrt


@dataclass(frozen=True, slots=True)
class Quantile:
    """A percentile in the unit of the waits it came from. Where it was not ``reached``, read "> value"."""

    value: float
    reached: bool


def product_limit(answered: Sequence[float], unanswered: Sequence[float], q: float) -> Quantile | None:
    """Return the smallest wait t with S(t) <= 1 - q, or None where there is no data: see ``product_limits``."""
    return product_limits(answered, unanswered, (q,))[0]


def product_limits(
    answered: Sequence[float], unanswered: Sequence[float], qs: Sequence[float]
) -> list[Quantile | None]:
    """Return the product-limit quantile for each of ``qs`` (0 to 1), in their order, in one pass over sorted waits.

    ``answered`` are waits that ended in a reply, ``unanswered`` the waits so far of the others; a wait that reaches t
    unanswered counts as at risk at t. With nothing unanswered this is numpy's ``inverted_cdf``. Where S stays above
    1 - q the largest wait observed is given as not reached. ``q`` is read as the decimal it prints as, and S is
    compared exactly: no rank is lost to rounding. Raises ValueError for a q outside 0 to 1 and for waits that are not
    finite.
    """
    replied, waiting = sorted(answered), sorted(unanswered)
    if not all(map(isfinite, replied)) or not all(map(isfinite, waiting)):
        raise ValueError("a wait is a finite number")
    if not all(0 <= q <= 1 for q in qs):
        raise ValueError("a quantile lies between 0 and 1")
    if not replied and not waiting:
        return [None] * len(qs)
    found = [Quantile(float(max(replied[-1:] + waiting[-1:])), reached=False)] * len(qs)
    bounds = [1 - Fraction(str(q)) for q in qs]
    near = [float(bound) for bound in bounds]
    pending = sorted(range(len(qs)), key=bounds.__getitem__)
    survival = _Survival()
    for run, at_risk in _runs(replied, waiting):
        survival.begin(at_risk)
        survival.left(at_risk - len(run))
        while pending and survival.at_most(near[pending[-1]], bounds[pending[-1]]):
            q = pending.pop()
            found[q] = Quantile(float(survival.first(run, at_risk, near[q], bounds[q])), reached=True)
            survival.left(at_risk - len(run))
        if not pending:
            break
    return list(found)


def _runs(replied: list[float], waiting: list[float]) -> Iterator[tuple[list[float], int]]:
    """Give each run of replies in which no unanswered wait lies, and how many were at risk just before it."""
    first = 0
    for number, wait in enumerate(waiting):
        after = bisect_right(replied, wait, first)
        if after > first:
            yield replied[first:after], len(replied) - first + len(waiting) - number
            first = after
    if first < len(replied):
        yield replied[first:], len(replied) - first


@dataclass(slots=True)
class _Survival:
    """S(t), the share still waiting: a product of fractions, kept as a float and, cancelled, as whole numbers.

    A numerator that equals the next denominator cancels, so that without unanswered waits one fraction remains.
    """

    tops: list[int] = field(default_factory=lambda: [1])
    bottoms: list[int] = field(default_factory=lambda: [1])
    earlier: float = 1.0

    def begin(self, at_risk: int) -> None:
        """Go on to a factor that begins at 1: so many of so many are still waiting."""
        if self.tops[-1] != at_risk:
            self.earlier *= self.tops[-1] / self.bottoms[-1]
            self.tops.append(at_risk)
            self.bottoms.append(at_risk)

    def left(self, number: int) -> None:
        """Let so many be left of those of the present factor."""
        self.tops[-1] = number

    def first(self, run: list[float], at_risk: int, near: float, bound: Fraction) -> float:
        """Return the first wait of a run at which S <= bound, which holds at its end: S falls with every reply."""
        low, high = 0, len(run) - 1
        while low < high:
            middle = (low + high) // 2
            after = bisect_right(run, run[middle], middle)
            self.left(at_risk - after)
            if self.at_most(near, bound):
                high = middle
            else:
                low = after
        return run[low]

    def at_most(self, near: float, bound: Fraction) -> bool:
        """Say whether S <= bound, exactly; ``near`` is the bound as a float, whole numbers decide where that cannot."""
        share = self.earlier * (self.tops[-1] / self.bottoms[-1])
        # Each factor costs at most two roundings of 2**-53; twice that, so that the band is surely wide enough.
        slack = share * (len(self.tops) + 2) * 2.0**-51
        if abs(share - near) > slack:
            return share < near
        return _product(self.tops) * bound.denominator <= _product(self.bottoms) * bound.numerator


def _product(numbers: list[int]) -> int:
    """Multiply many whole numbers by halves, so that the long multiplications are few."""
    if len(numbers) <= 32:
        return prod(numbers)
    middle = len(numbers) // 2
    return _product(numbers[:middle]) * _product(numbers[middle:])


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share, low and high within 0 to 1 (z = 1.96: 95%).

    None where n is 0: unknown is not zero. Raises ValueError unless 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return None
    share, square = successes / n, z * z
    middle = share + square / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    low = 0.0 if successes == 0 else max(0.0, (middle - reach) / scale)
    high = 1.0 if successes == n else min(1.0, (middle + reach) / scale)
    return low, high
